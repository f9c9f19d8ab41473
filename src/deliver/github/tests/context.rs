//! The variables of each kind of event, and what they mean.

use std::io;

use super::*;

const ONE: &str = "1111111111111111111111111111111111111111";
const TWO: &str = "2222222222222222222222222222222222222222";

fn read(variables: &[(&str, &str)], event: &str) -> Result<Context, Text> {
    let base =
        [("GITHUB_TOKEN", "t0ken"), ("GITHUB_REPOSITORY", "a/b"), ("GITHUB_EVENT_PATH", "e"), ("GITHUB_SHA", ONE)];
    let given = |name: &str| {
        let mine = variables.iter().chain(&base).find(|(n, _)| *n == name);
        mine.map(|(_, v)| (*v).to_owned())
    };
    Context::read(&given, &|_| if event.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(event.into()) })
}

#[test]
fn defaults_are_those_of_github() {
    let context = read(&[("GITHUB_REF", "refs/heads/main"), ("GITHUB_RUN_ID", "7")], "{}").unwrap();
    assert_eq!(context.api, "https://api.github.com");
    assert_eq!(context.details.as_deref(), Some("https://github.com/a/b/actions/runs/7"));
    assert_eq!(context.analysed, Some((ONE.to_owned(), "refs/heads/main".to_owned())));
    assert_eq!((context.pull_request, context.from_fork, context.doubts.len()), (None, false, 0));
    assert!(!format!("{context:?}").contains("t0ken"));
}

#[test]
fn a_pull_request_is_known_without_its_event_too() {
    let context = read(&[("GITHUB_REF", "refs/pull/12/merge")], "").unwrap();
    assert_eq!((context.pull_request, context.head.as_deref()), (Some(12), Some(ONE)));
    assert_eq!(context.doubts.len(), 1);
}

#[test]
fn a_fork_is_another_repository_or_one_that_is_gone() {
    for (repo, fork) in [(r#"{"full_name":"A/B"}"#, false), (r#"{"full_name":"c/b"}"#, true), ("null", true)] {
        let event = format!(r#"{{"pull_request":{{"number":3,"head":{{"sha":"{TWO}","repo":{repo}}}}}}}"#);
        let context = read(&[("GITHUB_REF", "refs/pull/3/merge")], &event).unwrap();
        assert_eq!((context.from_fork, context.head.as_deref()), (fork, Some(TWO)), "{repo}");
        assert_eq!(context.analysed.unwrap().0, ONE);
    }
}

#[test]
fn a_followed_run_of_a_fork_has_no_reference_here() {
    let event = |repo: &str| {
        format!(
            r#"{{"workflow_run":{{"head_sha":"{TWO}","head_branch":"x","head_repository":{{"full_name":"{repo}"}}}}}}"#
        )
    };
    let reference = |repo: &str| read(&[("GITHUB_REF", "refs/heads/main")], &event(repo)).unwrap().analysed;
    assert_eq!(reference("c/b"), None);
    assert_eq!(reference("a/b"), Some((TWO.to_owned(), "refs/heads/x".to_owned())));
}

#[test]
fn the_token_stays_on_tls_or_on_this_machine() {
    for (url, ok) in [
        ("https://ghes.example/api/v3/", true),
        ("http://127.0.0.1:8080/api/v3", true),
        ("http://[::1]:1/", true),
        ("http://localhost/", true),
        ("http://ghes.example/api/v3", false),
        ("http://127.0.0.1.example/", false),
        ("ftp://127.0.0.1/", false),
        ("https://ghes.example/?x", false),
        ("ghes.example", false),
    ] {
        assert_eq!(read(&[("GITHUB_API_URL", url)], "{}").is_ok(), ok, "{url}");
    }
    let refused = read(&[("GITHUB_API_URL", "http://me:secret@ghes.example/")], "{}").unwrap_err();
    assert!(!refused.en.contains("secret"));
}
