//! The contract as tests: exit codes and their precedence, flags, files people write, the stored report, and what
//! a visit over HTTP may and may not say. Talks to loopback only.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod support;

mod contract {
    pub(crate) mod command;
    pub(crate) mod exits;
    pub(crate) mod files;
    pub(crate) mod flags;
    pub(crate) mod http;
    pub(crate) mod more;
    pub(crate) mod report;
    pub(crate) mod server;
    pub(crate) mod transport;
}
