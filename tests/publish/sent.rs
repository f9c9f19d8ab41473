//! What reaches GitHub: the check run in batches, one comment however often it is written, the SARIF file.

use serde_json::{Value, json};

use super::api::Api;
use super::job::{HEAD, MERGED, event, publish, repository, stored, with_failures};

#[test]
fn a_check_publishes_all_three_and_ends_as_it_would() {
    let (folder, api) = (repository(), Api::start());
    let args = "check dist --url https://xa-a.gov.vn/ --role portal --browser never";
    let ended = publish(&folder, &api, args, &[]);
    assert_eq!(ended.exit, Some(1), "{}", ended.err);
    assert!(ended.out.contains("emc-snippet"));
    assert!(ended.err.contains("published on GitHub: check run: https://github.example/"), "{}", ended.err);
    let state = api.state();
    let run = &state.check_runs[0];
    assert_eq!(run["name"], "rasoat");
    assert_eq!(run["head_sha"], HEAD);
    assert_eq!((&run["status"], &run["conclusion"]), (&json!("completed"), &json!("failure")));
    assert_eq!(run["details_url"], "https://github.example/xa-a/cong/actions/runs/42");
    let summary = run["output"]["summary"].as_str().unwrap();
    assert!(summary.contains("emc-snippet"), "{summary}");
    let first = &state.annotations[0][0];
    assert_eq!((&first["path"], &first["annotation_level"]), (&json!("dist/index.html"), &json!("failure")));
    assert!(first["message"].as_str().unwrap().contains("How to fix:"), "{first}");
    let upload = &state.uploads[0];
    assert_eq!((&upload["commit_sha"], &upload["ref"]), (&json!(MERGED), &json!("refs/pull/5/merge")));
    assert_eq!(upload["sarif"]["runs"][0]["tool"]["driver"]["name"], "rasoat");
    assert_eq!(state.comments.len(), 1);
    let body = state.comments[0]["body"].as_str().unwrap();
    assert!(body.starts_with("<!-- rasoat ") && body.contains("actions/runs/42"), "{body}");
}

#[test]
fn annotations_go_fifty_a_request_and_what_is_left_out_is_counted() {
    let (folder, api) = (repository(), Api::start());
    with_failures(&folder, 119, |_| "hỏng".to_owned());
    stored(&folder, &api);
    let sizes: Vec<usize> = api.state().annotations.iter().map(Vec::len).collect();
    assert_eq!(sizes[..2], [50, 50]);
    assert_eq!(api.state().check_runs.len(), 1);
    let all = sizes.iter().sum::<usize>();
    assert!((120..150).contains(&all), "{sizes:?}");
    let levels: Vec<Value> = api.state().annotations.concat().iter().map(|a| a["annotation_level"].clone()).collect();
    assert!(levels.is_sorted_by_key(|l| *l != "failure"), "{levels:?}");

    let (folder, api) = (repository(), Api::start());
    with_failures(&folder, 400, |_| "hỏng".to_owned());
    stored(&folder, &api);
    let state = api.state();
    assert_eq!(state.annotations.concat().len(), 300);
    let summary = state.check_runs[0]["output"]["summary"].as_str().unwrap();
    assert!(summary.contains("the worst 300 are annotated on files, 10"), "{}", &summary[summary.len() - 200..]);
}

#[test]
fn hostile_text_fits_calls_nobody_and_forges_no_marker() {
    let (folder, api) = (repository(), Api::start());
    let hostile = format!("@bộ #1 <!-- rasoat x --> {}", "@@##".repeat(100));
    with_failures(&folder, 300, |_| hostile.clone());
    let ended = stored(&folder, &api);
    assert!(!ended.err.contains("warning"), "{}", ended.err);
    let state = api.state();
    let body = state.comments[0]["body"].as_str().unwrap();
    assert!(body.len() <= 65_535 && body.len() > 30_000, "{}", body.len());
    assert!(!body.contains("\\@") && !body.contains("@bộ") && body.contains("＠bộ"));
    assert_eq!(body.matches("<!--").count(), 1);
}

#[test]
fn the_comment_is_written_once_and_found_on_a_later_page() {
    for login in [None, Some("ci-nguoi-dung")] {
        let (folder, api) = (repository(), Api::start());
        {
            let mut state = api.state();
            state.login = login;
            let other = |n: u64| json!({"id": n, "user": {"login": "ai-do", "type": "User"}, "body": "x"});
            state.comments = (0..250).map(other).collect();
        }
        stored(&folder, &api);
        assert_eq!(api.state().comments.len(), 251);
        let report = folder.path().join("report.json");
        let text = std::fs::read_to_string(&report).unwrap();
        std::fs::write(&report, text.replace(r#""en": ""#, r#""en": "hỏng mới: "#)).unwrap();
        stored(&folder, &api);
        let state = api.state();
        assert_eq!(state.comments.len(), 251, "{:?}", state.requests);
        assert!(state.comments[250]["body"].as_str().unwrap().contains("hỏng mới"));
    }
}

#[test]
fn a_copied_marker_of_somebody_else_is_left_alone() {
    let (folder, api) = (repository(), Api::start());
    stored(&folder, &api);
    let mut copied = api.state().comments[0].clone();
    copied["user"] = json!({"login": "ai-do", "type": "User"});
    api.state().comments = vec![copied.clone()];
    stored(&folder, &api);
    let state = api.state();
    assert_eq!((state.comments.len(), &state.comments[0]), (2, &copied));
}

#[test]
fn joined_reports_are_published_as_one() {
    let (folder, api) = (repository(), Api::start());
    let ended = publish(&folder, &api, "merge report.json -q", &[]);
    assert_eq!((ended.exit, ended.err.as_str()), (Some(1), ""));
    assert_eq!(api.state().check_runs.len(), 1);
}

#[test]
fn two_jobs_keep_a_comment_each() {
    let (folder, api) = (repository(), Api::start());
    for job in ["mot", "hai", "mot"] {
        publish(&folder, &api, "report report.json", &[("GITHUB_JOB", job)]);
    }
    assert_eq!(api.state().comments.len(), 2);
}

#[test]
fn a_push_has_no_comment_and_its_own_commit() {
    let (folder, api) = (repository(), Api::start());
    let push = [("GITHUB_REF", "refs/heads/main"), ("GITHUB_EVENT_NAME", "push"), ("GITHUB_EVENT_PATH", "")];
    let ended = publish(&folder, &api, "report report.json -q", &push);
    assert_eq!((ended.exit, ended.err.as_str()), (Some(1), ""));
    let state = api.state();
    assert_eq!(state.check_runs[0]["head_sha"], MERGED);
    assert_eq!(state.uploads[0]["ref"], "refs/heads/main");
    assert!(state.comments.is_empty());
}

#[test]
fn a_workflow_that_follows_publishes_for_the_pull_request() {
    let (folder, api) = (repository(), Api::start());
    let earlier = json!({"workflow_run": {"head_sha": HEAD, "head_branch": "sua", "pull_requests": [{"number": 5}],
        "head_repository": {"full_name": "xa-a/cong"}}});
    std::fs::write(folder.path().join("event.json"), earlier.to_string()).unwrap();
    let variables = [("GITHUB_REF", "refs/heads/main"), ("GITHUB_EVENT_NAME", "workflow_run")];
    publish(&folder, &api, "report report.json", &variables);
    let state = api.state();
    assert_eq!(state.check_runs[0]["head_sha"], HEAD);
    assert_eq!(state.uploads[0]["ref"], "refs/pull/5/head");
    assert_eq!(state.comments.len(), 1);
}

#[test]
fn a_pull_request_target_speaks_of_the_changes_not_of_the_base() {
    let (folder, api) = (repository(), Api::start());
    std::fs::write(folder.path().join("event.json"), event("nguoi-khac/cong")).unwrap();
    let variables = [("GITHUB_REF", "refs/heads/main"), ("GITHUB_EVENT_NAME", "pull_request_target")];
    publish(&folder, &api, "report report.json", &variables);
    let state = api.state();
    assert_eq!((&state.uploads[0]["commit_sha"], &state.uploads[0]["ref"]), (&json!(HEAD), &json!("refs/pull/5/head")));
}
