//! `--publish github` against an API on loopback that keeps what it gets and fails as GitHub fails. Whatever
//! happens there, the run ends as it would have, and the token is nowhere to be seen.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[cfg(feature = "github")]
#[path = "publish/api.rs"]
mod api;
#[cfg(feature = "github")]
#[path = "publish/faults.rs"]
mod faults;
#[cfg(feature = "github")]
#[path = "publish/job.rs"]
mod job;
#[cfg(feature = "github")]
#[path = "publish/sent.rs"]
mod sent;
#[path = "support/mod.rs"]
mod support;

#[cfg(not(feature = "github"))]
#[test]
fn a_build_without_the_feature_says_so_before_the_work() {
    let folder = tempfile::tempdir().unwrap();
    support::write(folder.path(), &[("dist/index.html".to_owned(), b"<!doctype html><p>x".to_vec())]);
    let output = support::rasoat(folder.path()).args(["check", "dist", "--publish", "github"]).output().unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    assert!(String::from_utf8_lossy(&output.stderr).contains("this build has no feature github"));
}
