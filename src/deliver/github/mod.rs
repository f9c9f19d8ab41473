//! A report's check run, comment and SARIF file, sent to GitHub. Each is tried for itself within one total time;
//! what fails is told and changes nothing: neither a finding nor how the run ends.

mod client;
mod context;
mod trouble;

use std::io::Write;
use std::time::Duration;

use base64::Engine;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::error::Error;
use crate::finding::safe;
use crate::policy::Text;
use crate::report::{Annotation, CheckRun, Comment};
use client::{Client, Method};
pub use context::{Context, MOST_EVENT};
pub use trouble::Trouble;

/// Annotations that one request takes.
const BATCH: usize = 50;
/// Most bytes of a packed SARIF file.
const MOST_SARIF: usize = 10_000_000;
/// Comments of one page of the list.
const PAGE: usize = 100;
/// Most pages that are looked through for the earlier comment.
const MOST_PAGES: usize = 50;

/// Time that publishing may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// All of it.
    pub total: Duration,
    /// One attempt of one request.
    pub attempt: Duration,
}

impl Limits {
    /// A total time, and what one attempt may take of it.
    #[must_use]
    pub fn of(total: Duration) -> Self {
        Self { total, attempt: total.min(Duration::from_secs(20)) }
    }
}

/// What is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The check run.
    CheckRun,
    /// The comment on the pull request.
    Comment,
    /// The SARIF file.
    Sarif,
}

impl Part {
    /// Its name for people.
    #[must_use]
    pub fn name(self) -> Text {
        match self {
            Self::CheckRun => Text::new("check run", "check run"),
            Self::Comment => Text::new("bình luận trong pull request", "pull request comment"),
            Self::Sarif => Text::new("SARIF cho code scanning", "SARIF for code scanning"),
        }
    }

    /// What a job has to permit.
    fn permission(self) -> &'static str {
        match self {
            Self::CheckRun => "checks: write",
            Self::Comment => "pull-requests: write",
            Self::Sarif => "security-events: write",
        }
    }

    /// What else may be the cause.
    fn vi(self) -> &'static str {
        match self {
            Self::Sarif => " và bật code scanning cho kho",
            Self::CheckRun | Self::Comment => "",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Sarif => " and turn code scanning on for the repository",
            Self::CheckRun | Self::Comment => "",
        }
    }
}

/// How one part ended: the address where it is seen, when the API names one.
pub type Published = (Part, Result<Option<String>, Trouble>);

/// Sends a check run, a comment when there is a pull request, and a SARIF file.
///
/// # Errors
/// [`Error::Internal`] when not even a client can be made.
pub fn publish(
    context: &Context,
    check_run: &CheckRun,
    comment: &Comment,
    sarif: &str,
    limits: Limits,
) -> Result<Vec<Published>, Error> {
    let failed = |e: std::io::Error| Error::Internal(e.to_string());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
    runtime.block_on(async {
        let client = Client::new(context, limits)?;
        // At the same time, so that a server that hangs on one takes nothing from the others.
        let (checked, commented, scanned) = tokio::join!(
            send_check_run(&client, context, check_run),
            async {
                match context.pull_request {
                    Some(number) => Some(send_comment(&client, context, comment, number).await),
                    None => None,
                }
            },
            send_sarif(&client, context, sarif),
        );
        let commented = commented.map(|ended| (Part::Comment, ended));
        Ok([(Part::CheckRun, checked)].into_iter().chain(commented).chain([(Part::Sarif, scanned)]).collect())
    })
}

async fn send_check_run(client: &Client, context: &Context, run: &CheckRun) -> Result<Option<String>, Trouble> {
    let head = context.head.as_ref().ok_or(Trouble::NoCommit)?;
    let output =
        |annotations: &[Annotation]| json!({ "title": run.title, "summary": run.summary, "annotations": annotations });
    let mut batches = run.annotations.chunks(BATCH);
    let mut first = json!({
        "name": run.name,
        "head_sha": head,
        "status": "completed",
        "conclusion": run.conclusion,
        "output": output(batches.next().unwrap_or_default()),
    });
    if let Some(url) = &context.details {
        first["details_url"] = json!(url);
    }
    let path = context.path("check-runs");
    let made = client.patiently(async || client.ask(Method::Post, &path, Some(&first)).await).await?;
    let id = made["id"].as_u64().ok_or_else(|| Trouble::Unreadable("id".to_owned()))?;
    let path = context.path(&format!("check-runs/{id}"));
    for batch in batches {
        let more = json!({ "output": output(batch) });
        client.patiently(async || client.ask(Method::Patch, &path, Some(&more)).await).await?;
    }
    Ok(address(&made))
}

async fn send_comment(
    client: &Client,
    context: &Context,
    comment: &Comment,
    number: u64,
) -> Result<Option<String>, Trouble> {
    let author = author(client).await?;
    let body = json!({ "body": comment.body });
    // Looked for again before every try: one that seemed to fail may have been written.
    let written = client
        .patiently(async || match earlier(client, context, comment, number, author.as_deref()).await? {
            Some(id) => client.ask(Method::Patch, &context.path(&format!("issues/comments/{id}")), Some(&body)).await,
            None => client.ask(Method::Post, &context.path(&format!("issues/{number}/comments")), Some(&body)).await,
        })
        .await?;
    Ok(address(&written))
}

/// Who the token speaks for; `None` for the token of an app, which may not ask that and writes as a bot.
async fn author(client: &Client) -> Result<Option<String>, Trouble> {
    match client.patiently(async || client.ask(Method::Get, "/user", None::<&Value>).await).await {
        Ok(user) => Ok(user["login"].as_str().map(str::to_owned)),
        Err(Trouble::Answer { status: 401 | 403 | 404, .. }) => Ok(None),
        Err(trouble) => Err(trouble),
    }
}

/// The number of the comment that an earlier run wrote. Others may copy a marker, so only own ones count.
async fn earlier(
    client: &Client,
    context: &Context,
    comment: &Comment,
    number: u64,
    author: Option<&str>,
) -> Result<Option<u64>, Trouble> {
    for page in 1..=MOST_PAGES {
        let path = context.path(&format!("issues/{number}/comments?per_page={PAGE}&page={page}"));
        let listed = client.ask(Method::Get, &path, None::<&Value>).await?;
        let comments = listed.as_array().ok_or_else(|| Trouble::Unreadable("comments".to_owned()))?;
        let own = |c: &&Value| match author {
            Some(login) => c["user"]["login"].as_str() == Some(login),
            None => c["user"]["type"].as_str() == Some("Bot"),
        };
        let marked = |c: &&Value| c["body"].as_str().is_some_and(|b| b.lines().next() == Some(&comment.marker));
        if let Some(found) = comments.iter().filter(own).find(marked) {
            return found["id"].as_u64().map(Some).ok_or_else(|| Trouble::Unreadable("id".to_owned()));
        }
        if comments.len() < PAGE {
            return Ok(None);
        }
    }
    Err(Trouble::TooManyComments)
}

async fn send_sarif(client: &Client, context: &Context, sarif: &str) -> Result<Option<String>, Trouble> {
    if context.head.is_none() {
        return Err(Trouble::NoCommit);
    }
    let (commit, reference) = context.analysed.as_ref().ok_or(Trouble::NoReference)?;
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    let packed = packer.write_all(sarif.as_bytes()).and_then(|()| packer.finish());
    let packed = packed.map_err(|e| Trouble::Unreadable(e.to_string()))?;
    if packed.len() > MOST_SARIF {
        return Err(Trouble::TooLarge { bytes: packed.len(), most: MOST_SARIF });
    }
    let body = json!({
        "commit_sha": commit,
        "ref": reference,
        "sarif": base64::engine::general_purpose::STANDARD.encode(packed),
        "tool_name": env!("CARGO_PKG_NAME"),
    });
    let path = context.path("code-scanning/sarifs");
    client.patiently(async || client.ask(Method::Post, &path, Some(&body)).await).await?;
    // What it answers is an address for programs.
    Ok(None)
}

/// Where people see it.
fn address(answer: &Value) -> Option<String> {
    answer["html_url"].as_str().filter(|url| url.starts_with("http")).map(|url| safe(url, 300))
}
