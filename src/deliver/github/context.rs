//! Where a pipeline's results belong, read from the runner's variables and its event file: repository, commit,
//! reference, pull request. Only reads what it is given; what is missing is named, with how to give it.

use std::fmt;

use serde::Deserialize;

use crate::finding::safe;
use crate::policy::Text;

/// Most bytes of an event file: what the runner itself may be sent.
pub const MOST_EVENT: u64 = 25 << 20;
/// The API of GitHub itself.
const API: &str = "https://api.github.com";
/// GitHub itself.
const SERVER: &str = "https://github.com";

/// A token that never shows itself.
#[derive(Clone)]
pub(super) struct Token(String);

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Token {
    /// The token itself, for the request's header only.
    pub(super) fn secret(&self) -> &str {
        &self.0
    }

    /// A text in which the token is starred out.
    pub(super) fn hidden(&self, text: &str) -> String {
        text.replace(&self.0, "***")
    }
}

/// Where results belong.
#[derive(Debug, Clone)]
pub struct Context {
    pub(super) api: String,
    pub(super) owner: String,
    pub(super) repository: String,
    pub(super) token: Token,
    /// The commit that a check run stands at: of a pull request its own last one.
    pub(super) head: Option<String>,
    /// Commit and reference of what was analysed.
    pub(super) analysed: Option<(String, String)>,
    pub(super) pull_request: Option<u64>,
    /// The changes come from a fork, whose token may only read.
    pub(super) from_fork: bool,
    /// The job's page.
    pub details: Option<String>,
    /// Workflow and job: which of several jobs this is.
    pub origin: String,
    /// What was not as it should be, for people.
    pub doubts: Vec<Text>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Event {
    pull_request: Option<Pull>,
    workflow_run: Option<Earlier>,
}

#[derive(Debug, Deserialize)]
struct Pull {
    number: u64,
    head: Head,
}

#[derive(Debug, Deserialize)]
struct Head {
    sha: String,
    /// Gone when the fork was deleted.
    repo: Option<Repository>,
}

#[derive(Debug, Deserialize)]
struct Repository {
    full_name: String,
}

/// The run that a `workflow_run` follows.
#[derive(Debug, Deserialize)]
struct Earlier {
    head_sha: String,
    head_branch: Option<String>,
    head_repository: Option<Repository>,
    #[serde(default)]
    pull_requests: Vec<Numbered>,
}

#[derive(Debug, Deserialize)]
struct Numbered {
    number: u64,
}

impl Context {
    /// Reads the runner's variables; `event` reads its event file.
    ///
    /// # Errors
    /// What is missing or cannot be used, and how to give it.
    pub fn read(
        variable: &dyn Fn(&str) -> Option<String>,
        event: &dyn Fn(&str) -> std::io::Result<Vec<u8>>,
    ) -> Result<Self, Text> {
        let given = |name: &str| variable(name).map(|v| v.trim().to_owned()).filter(|v| !v.is_empty());
        let missing: Vec<&str> =
            ["GITHUB_TOKEN", "GITHUB_REPOSITORY"].into_iter().filter(|n| given(n).is_none()).collect();
        let (Some(token), Some(repository)) = (given("GITHUB_TOKEN"), given("GITHUB_REPOSITORY")) else {
            return Err(absent(&missing));
        };
        // Anything else would be no header, and a part of it could be shown by whoever says so.
        if !token.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(unusable("GITHUB_TOKEN", None));
        }
        let (owner, name) = repository
            .split_once('/')
            .filter(|(owner, name)| is_name(owner) && is_name(name))
            .ok_or_else(|| unusable("GITHUB_REPOSITORY", Some(&repository)))?;
        let api = given("GITHUB_API_URL").unwrap_or_else(|| API.to_owned());
        let api = url::Url::parse(&api)
            .ok()
            .filter(keeps_secrets)
            .ok_or_else(|| unusable("GITHUB_API_URL", Some(&crate::finding::without_credentials(&api))))?;
        let mut context = Self {
            api: api.as_str().trim_end_matches('/').to_owned(),
            owner: owner.to_owned(),
            repository: name.to_owned(),
            token: Token(token),
            head: given("GITHUB_SHA").filter(|sha| is_commit(sha)),
            analysed: None,
            pull_request: None,
            from_fork: false,
            details: details(&given, &repository),
            origin: ["GITHUB_WORKFLOW", "GITHUB_JOB"].map(|n| given(n).unwrap_or_default()).join("\0"),
            doubts: Vec::new(),
        };
        let reference = given("GITHUB_REF").filter(|r| r.starts_with("refs/"));
        context.pull_request = reference.as_deref().and_then(number);
        context.analysed = context.head.clone().zip(reference);
        let event = match given("GITHUB_EVENT_PATH") {
            None => Event::default(),
            Some(path) => read_event(&path, event).unwrap_or_else(|doubt| {
                context.doubts.push(doubt);
                Event::default()
            }),
        };
        // There the variables name the base, which nobody analysed.
        let of_base = given("GITHUB_EVENT_NAME").as_deref() == Some("pull_request_target");
        context.follow(event, of_base);
        Ok(context)
    }

    /// Lays what the event says over the variables.
    fn follow(&mut self, event: Event, of_base: bool) {
        let here = format!("{}/{}", self.owner, self.repository);
        let elsewhere =
            |repository: Option<Repository>| repository.is_none_or(|r| !r.full_name.eq_ignore_ascii_case(&here));
        if let Some(pull) = event.pull_request.filter(|p| is_commit(&p.head.sha)) {
            if of_base || self.analysed.is_none() {
                self.analysed = Some((pull.head.sha.clone(), format!("refs/pull/{}/head", pull.number)));
            }
            self.pull_request = Some(pull.number);
            self.head = Some(pull.head.sha);
            self.from_fork = elsewhere(pull.head.repo);
        } else if let Some(earlier) = event.workflow_run.filter(|e| is_commit(&e.head_sha)) {
            let fork = elsewhere(earlier.head_repository);
            self.pull_request = earlier.pull_requests.first().map(|p| p.number);
            let reference = match (self.pull_request, earlier.head_branch) {
                (Some(number), _) => Some(format!("refs/pull/{number}/head")),
                // A branch of a fork is none of this repository's.
                (None, Some(branch)) if !fork => Some(format!("refs/heads/{branch}")),
                _ => None,
            };
            self.analysed = reference.map(|reference| (earlier.head_sha.clone(), reference));
            self.head = Some(earlier.head_sha);
        }
    }

    /// Whether the changes come from a fork, whose token may only read.
    #[must_use]
    pub fn is_from_fork(&self) -> bool {
        self.from_fork
    }

    /// `/repos/OWNER/NAME` and what follows.
    pub(super) fn path(&self, rest: &str) -> String {
        format!("/repos/{}/{}/{rest}", self.owner, self.repository)
    }
}

fn read_event(path: &str, event: &dyn Fn(&str) -> std::io::Result<Vec<u8>>) -> Result<Event, Text> {
    let doubt = |why: String| {
        let (path, why) = (safe(path, 200), safe(&why, 200));
        Text::new(
            format!("không đọc được tệp sự kiện GITHUB_EVENT_PATH {path}: {why}; commit của pull request có thể sai."),
            format!(
                "cannot read the event file GITHUB_EVENT_PATH {path}: {why}; the pull request's commit may be wrong."
            ),
        )
    };
    let bytes = event(path).map_err(|e| doubt(e.to_string()))?;
    serde_json::from_slice(&bytes).map_err(|e| doubt(e.to_string()))
}

/// The run's page, from parts that cannot lead elsewhere.
fn details(given: &dyn Fn(&str) -> Option<String>, repository: &str) -> Option<String> {
    let run = given("GITHUB_RUN_ID").filter(|id| id.bytes().all(|b| b.is_ascii_digit()))?;
    let server = given("GITHUB_SERVER_URL").unwrap_or_else(|| SERVER.to_owned());
    let server = url::Url::parse(&server).ok().filter(|u| matches!(u.scheme(), "https" | "http") && u.has_host())?;
    Some(format!("{}/{repository}/actions/runs/{run}", server.as_str().trim_end_matches('/')))
}

/// The token goes there with every request: over TLS, or not off this machine.
fn keeps_secrets(url: &url::Url) -> bool {
    let loopback = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.has_host() && (url.scheme() == "https" || (url.scheme() == "http" && loopback)) && url.query().is_none()
}

/// The number in `refs/pull/NUMBER/merge`.
fn number(reference: &str) -> Option<u64> {
    reference.strip_prefix("refs/pull/")?.split('/').next()?.parse().ok()
}

fn is_name(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
    !text.is_empty() && text.bytes().all(plain) && text.bytes().any(|b| b != b'.')
}

fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

fn absent(names: &[&str]) -> Text {
    let list = names.join(", ");
    Text::new(
        format!(
            "thiếu biến môi trường {list}. Trong GitHub Actions: thêm `env: {{GITHUB_TOKEN: ${{{{ github.token }}}}}}` vào bước; nơi khác: đặt các biến này."
        ),
        format!(
            "the environment has no {list}. In GitHub Actions add `env: {{GITHUB_TOKEN: ${{{{ github.token }}}}}}` to the step; elsewhere set these variables."
        ),
    )
}

fn unusable(name: &str, value: Option<&str>) -> Text {
    let shown = value.map(|v| format!(" “{}”", safe(v, 200))).unwrap_or_default();
    let (vi, en) = match name {
        "GITHUB_TOKEN" => ("có ký tự không thể có trong token", "holds characters that no token has"),
        "GITHUB_API_URL" => (
            "phải là địa chỉ https (token không được gửi qua http)",
            "must be an https address (a token does not travel over http)",
        ),
        _ => ("phải có dạng CHỦ/KHO", "must be OWNER/NAME"),
    };
    Text::new(
        format!("biến môi trường {name}{shown} không dùng được: {vi}."),
        format!("the variable {name}{shown} cannot be used: it {en}."),
    )
}

#[cfg(test)]
#[path = "tests/context.rs"]
mod tests;
