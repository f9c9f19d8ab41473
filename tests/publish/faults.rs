//! Everything that can go wrong while publishing is a warning that says what to do; the exit code stays.

use std::time::{Duration, Instant};

use serde_json::json;

use super::api::{Api, Fault, LARGEST_ANSWER, TOKEN};
use super::job::{event, publish, repository, stored, with_failures};

fn answer(status: u16, body: &str) -> Fault {
    Fault::Answer(status, String::new(), body.to_owned())
}

fn limited(status: u16, headers: &str) -> Fault {
    Fault::Answer(status, headers.to_owned(), r#"{"message":"API rate limit exceeded"}"#.to_owned())
}

#[test]
fn each_fault_of_a_check_run_is_a_warning_and_the_rest_is_published() {
    let now = jiff::Timestamp::now().as_second();
    let reset = format!("x-ratelimit-remaining: 0\r\nx-ratelimit-reset: {}\r\n", now + 3000);
    let denied = r#"{"message":"Resource not accessible by integration"}"#;
    for (fault, times, said) in [
        (answer(403, denied), 9, "permissions: {checks: write}"),
        (answer(401, r#"{"message":"Bad credentials"}"#), 9, "401 (Bad credentials)"),
        (answer(404, r#"{"message":"Not Found"}"#), 9, "check GITHUB_REPOSITORY, GITHUB_API_URL"),
        (answer(422, r#"{"message":"Bad","errors":[{"message":"No commit found"}]}"#), 9, "(Bad; No commit found)"),
        (answer(422, "\u{1b}[31m::error::x"), 9, "(HTTP 422)"),
        (limited(403, &reset), 9, "rate limit is used up; run the job again after "),
        (limited(429, "Retry-After: 900\r\n"), 9, "after 900 seconds"),
        (limited(403, ""), 9, "after 60 seconds"),
        (answer(503, ""), 9, "503 (HTTP 503)"),
        (Fault::Answer(302, "Location: http://127.0.0.1:9/\r\n".to_owned(), String::new()), 9, "redirects elsewhere"),
        (answer(201, "<html>đăng nhập</html>"), 9, "not one of GitHub's API"),
        (answer(201, "{}"), 9, "not one of GitHub's API"),
        (Fault::Raw(b"HTTP/1.1 201 Created\r\nContent-Length: 50\r\n\r\n{"), 9, "cannot be reached"),
        (Fault::Raw(b"\x16\x03\x01"), 9, "cannot be reached"),
    ] {
        let (folder, api) = (repository(), Api::start().fails("POST", "/check-runs", times, fault.clone()));
        let ended = stored(&folder, &api);
        assert_eq!(ended.exit, Some(1), "{fault:?}");
        let warning = ended.err.lines().find(|l| l.starts_with("warning: not published on GitHub (check run): "));
        assert!(warning.is_some_and(|w| w.contains(said)), "{fault:?}: {}", ended.err);
        assert!(!ended.err.contains('\u{1b}'));
        let state = api.state();
        assert_eq!((state.comments.len(), state.uploads.len()), (1, 1), "{fault:?}");
    }
}

#[test]
fn what_passes_is_tried_again() {
    for fault in [answer(502, "<html>"), answer(503, ""), limited(429, "Retry-After: 1\r\n"), Fault::Raw(b"")] {
        let path = "/repos/";
        let api = Api::start().fails("POST", path, 2, fault.clone()).fails("GET", path, 1, fault.clone());
        let ended = stored(&repository(), &api);
        assert!(!ended.err.contains("warning"), "{fault:?}: {}", ended.err);
        let state = api.state();
        assert_eq!((state.check_runs.len(), state.comments.len(), state.uploads.len()), (1, 1, 1));
    }
}

#[test]
fn no_more_than_three_tries() {
    let api = Api::start().fails("POST", "/check-runs", 9, answer(500, ""));
    stored(&repository(), &api);
    assert_eq!(api.asked("POST", "/check-runs"), 3);
    let api = Api::start().fails("POST", "/check-runs", 9, answer(403, ""));
    stored(&repository(), &api);
    assert_eq!(api.asked("POST", "/check-runs"), 1);
}

#[test]
fn a_comment_that_was_written_before_the_answer_broke_is_not_written_twice() {
    let (folder, api) = (repository(), Api::start().fails("POST", "/issues/5/comments", 1, Fault::Lost));
    let ended = stored(&folder, &api);
    assert!(!ended.err.contains("warning"), "{}", ended.err);
    assert_eq!(api.state().comments.len(), 1);
    assert_eq!(api.asked("PATCH", "/issues/comments/"), 1);
}

#[test]
fn a_fork_reads_where_its_result_is() {
    let (folder, api) = (repository(), Api::start());
    std::fs::write(folder.path().join("event.json"), event("nguoi-khac/cong")).unwrap();
    let denied = answer(403, r#"{"message":"Resource not accessible by integration"}"#);
    let api = api.fails("POST", "/repos/", 9, denied);
    let ended = stored(&folder, &api);
    assert_eq!(ended.exit, Some(1));
    assert_eq!(ended.err.matches("pull request from a fork may only read").count(), 3, "{}", ended.err);
    assert!(ended.err.contains("workflow_run"));
}

#[test]
fn an_api_that_hangs_ends_in_time_and_takes_nothing_from_the_rest() {
    let (folder, api) = (repository(), Api::start().fails("POST", "/check-runs", 9, Fault::Hang));
    let begun = Instant::now();
    let ended = publish(&folder, &api, "report report.json --publish-timeout 2s", &[]);
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
    assert_eq!(ended.exit, Some(1));
    assert!(ended.err.contains("(check run): the API did not answer in time"), "{}", ended.err);
    let state = api.state();
    assert_eq!((state.comments.len(), state.uploads.len()), (1, 1));
}

/// What is too large, or too much, is a warning like any other.
#[test]
fn so_much_is_read_and_sent() {
    // An answer without end.
    let (folder, api) = (repository(), Api::start().fails("POST", "/check-runs", 1, Fault::Endless));
    let ended = stored(&folder, &api);
    assert!(ended.err.contains("warning: not published on GitHub (check run): "), "{}", ended.err);
    let state = api.state();
    assert!((LARGEST_ANSWER / 2..2 * LARGEST_ANSWER).contains(&state.sent), "{} bytes", state.sent);
    assert_eq!((state.comments.len(), state.uploads.len()), (1, 1));
    drop(state);
    // More comments than are looked through.
    let (folder, api) = (repository(), Api::start());
    let other = json!({"id": 1, "user": {"login": "ai-do", "type": "User"}, "body": "x"});
    api.state().comments = vec![other; 5_100];
    let ended = stored(&folder, &api);
    assert!(ended.err.contains("too many comments"), "{}", ended.err);
    assert_eq!((api.asked("GET", "/issues/5/comments"), api.state().comments.len()), (50, 5_100));
    // An event file, just within what a runner may be sent and beyond.
    for (megabytes, read) in [(24, true), (26, false)] {
        let (folder, api) = (repository(), Api::start());
        let padded = format!("{}{}", " ".repeat(megabytes << 20), event("xa-a/cong"));
        std::fs::write(folder.path().join("event.json"), padded).unwrap();
        let ended = stored(&folder, &api);
        assert_eq!(ended.err.contains("cannot read the event file"), !read, "{}", ended.err);
    }
}

#[test]
fn sarif_that_github_would_refuse_is_not_sent() {
    let (folder, api) = (repository(), Api::start());
    // Letters that no packing makes fewer.
    let mut seed = 7_u64;
    let mut letter = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from_u32(0x4e00 + u32::try_from((seed >> 40) % 20_000).unwrap()).unwrap()
    };
    with_failures(&folder, 6_000, |_| (0..1_000).map(|_| letter()).collect());
    let ended = stored(&folder, &api);
    assert!(ended.err.contains("bytes when packed and GitHub takes 10000000"), "{}", ended.err);
    let state = api.state();
    assert_eq!((state.uploads.len(), state.comments.len()), (0, 1));
}

#[test]
fn nobody_at_the_address() {
    let (folder, api) = (repository(), Api::start());
    let ended = publish(&folder, &api, "report report.json", &[("GITHUB_API_URL", "http://127.0.0.1:9/")]);
    assert_eq!(ended.exit, Some(1));
    assert_eq!(ended.err.matches("the API cannot be reached").count(), 3, "{}", ended.err);
}

#[test]
fn what_is_missing_is_named() {
    let (folder, api) = (repository(), Api::start());
    for (name, value, said) in [
        (
            "GITHUB_TOKEN",
            "",
            "the environment has no GITHUB_TOKEN. In GitHub Actions add `env: {GITHUB_TOKEN: ${{ github.token }}}`",
        ),
        ("GITHUB_REPOSITORY", "", "the environment has no GITHUB_REPOSITORY"),
        ("GITHUB_REPOSITORY", "../../x", "must be OWNER/NAME"),
        ("GITHUB_REPOSITORY", "a/..", "must be OWNER/NAME"),
        ("GITHUB_TOKEN", "CANARY\nx", "holds characters that no token has"),
        ("GITHUB_API_URL", "http://api.example/", "must be an https address"),
        ("GITHUB_API_URL", "không", "must be an https address"),
        ("GITHUB_EVENT_PATH", "gone.json", "cannot read the event file GITHUB_EVENT_PATH gone.json"),
        ("GITHUB_EVENT_PATH", "dist/index.html", "cannot read the event file GITHUB_EVENT_PATH dist/index.html"),
    ] {
        let ended = publish(&folder, &api, "report report.json", &[(name, value)]);
        assert_eq!(ended.exit, Some(1), "{name}={value}");
        assert!(ended.err.contains("warning: not published on GitHub: "), "{name}: {}", ended.err);
        assert!(ended.err.contains(said), "{name}={value}: {}", ended.err);
    }
    let push = [("GITHUB_SHA", ""), ("GITHUB_REF", ""), ("GITHUB_EVENT_PATH", "")];
    let ended = publish(&folder, &api, "report report.json", &push);
    assert!(ended.err.contains("(check run): GITHUB_SHA is missing"), "{}", ended.err);
    let ended = publish(&folder, &api, "report report.json", &push[1..]);
    assert!(ended.err.contains("(SARIF for code scanning): GITHUB_REF"), "{}", ended.err);
}

#[test]
fn a_server_that_repeats_the_token_shows_it_to_nobody() {
    let repeated = format!(r#"{{"message":"token {TOKEN} is not known","errors":["{TOKEN}"]}}"#);
    for status in [400, 401, 403, 404, 422, 500] {
        let api = Api::start().fails("POST", "/repos/", 99, answer(status, &repeated));
        // `publish` looks for it.
        let ended = stored(&repository(), &api);
        assert!(status == 500 || ended.err.contains("token *** is not known"), "{}", ended.err);
    }
}
