//! The program against servers that misbehave: a fault server on loopback with many hosts, and what the report
//! says of each. Nothing leaves this machine.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod e2e {
    pub(crate) mod program;
    pub(crate) mod server;

    #[cfg(feature = "browser")]
    mod browser;
    mod canaries;
    mod crawl;
    mod discover;
    mod estate;
    mod evidence;
    mod faults;
    mod flaky;
    mod init;
    mod office;
    mod polite;
    mod resume;
    #[path = "../support/scrubbed.rs"]
    mod scrubbed;
    mod self_test;
    mod transport;
}
