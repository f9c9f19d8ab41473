//! The report as GitHub's API takes it: a check run with annotations worst first, and a comment that is found
//! again by its hidden marker. Texts only, escaped like every other format's; sending them is not done here.

use std::collections::BTreeSet;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::anchor::{Anchor, Anchors};
use super::outlet::{Github, Outlet};
use super::scored::{self, Unkept};
use super::words::Lang;
use super::{FailOn, Outcome, Report, github, markdown, plain};
use crate::finding::Finding;
use crate::score::Score;

/// Most annotations of one check run: six requests. Nobody reads more in a list of changes.
pub const MOST_ANNOTATIONS: usize = 300;
/// Most bytes of a summary or comment.
pub const MOST_TEXT: usize = 65_535;
/// Longest title of an annotation, in characters.
const TITLE: usize = 250;

/// A check run as it is to be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckRun {
    /// Its name; a shard has its own.
    pub name: String,
    /// `success`, `neutral`, `failure` or `action_required`.
    pub conclusion: &'static str,
    /// One line: the run in words, and counts.
    pub title: String,
    /// Markdown, at most [`MOST_TEXT`] bytes.
    pub summary: String,
    /// Worst first, at most [`MOST_ANNOTATIONS`].
    pub annotations: Vec<Annotation>,
}

/// One annotation, with the names of GitHub's API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Annotation {
    /// File, relative to the root of the sources.
    pub path: String,
    /// First line, from 1.
    pub start_line: u32,
    /// Last line.
    pub end_line: u32,
    /// First column; only when it is all on one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_column: Option<u32>,
    /// Last column; only when it is all on one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_column: Option<u32>,
    /// `failure`, `warning` or `notice`.
    pub annotation_level: &'static str,
    /// Site, rule and the rule's title.
    pub title: String,
    /// Reason, law and remedy.
    pub message: String,
}

/// A comment that is found again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// The line that tells it from every other comment.
    pub marker: String,
    /// The whole comment, the marker first; at most [`MOST_TEXT`] bytes.
    pub body: String,
}

/// How a run ends as a check run.
///
/// Never greener than the exit code: `neutral` satisfies a required check, so only a run that ends with 0 gets
/// it. What could not be measured is not the site's failure, but somebody has to look: `action_required`. A run that
/// nothing shall fail ends with 0, and is not called a success for that.
fn conclusion(outcome: Outcome, fail_on: FailOn) -> &'static str {
    match outcome {
        Outcome::Passed => "success",
        Outcome::Failed | Outcome::Inconclusive if fail_on == FailOn::Never => "neutral",
        Outcome::PassedUnmeasured => "neutral",
        Outcome::Failed => "failure",
        Outcome::Inconclusive | Outcome::Nothing => "action_required",
    }
}

/// The report as a check run.
#[must_use]
pub fn to_check_run(report: &Report, lang: Lang) -> CheckRun {
    let mut found: Vec<(Github, &Finding)> =
        report.findings.iter().filter_map(|f| Some((Outlet::of(report, f).github?, f))).collect();
    // Stable, so that within a level the order of the report stays, what is known after what is new.
    found.sort_by_key(|(level, finding)| (*level, finding.known));
    let unkept = scored::unkept(report);
    // One that no site answers has no place; the summary names it.
    let gates: Vec<(Github, &Unkept<'_>, &Score)> = unkept
        .iter()
        .filter_map(|one| Some((Outlet::of_gate(one.gate.verdict, report.fail_on).github?, one, one.score?)))
        .collect();
    let left = (gates.len() + found.len()).saturating_sub(MOST_ANNOTATIONS);
    let more = if left > 0 {
        lang.of(
            format!("\n… {MOST_ANNOTATIONS} mục nặng nhất được chú thích trên tệp, còn {left} mục nữa.\n"),
            format!("\n… the worst {MOST_ANNOTATIONS} are annotated on files, {left} more are not.\n"),
        )
    } else {
        String::new()
    };
    let summary = summary(report, lang, MOST_TEXT - more.len()) + &more;
    let anchors = Anchors::of(report);
    // Half of the room at most: what is to be mended stands in the findings.
    let of_gates = gates.into_iter().take(MOST_ANNOTATIONS / 2).map(|(level, one, score)| {
        let told = (github::gate_title(report, one, lang), github::gate_message(report, one, lang));
        (level, annotation(anchors.of_site(&score.site), told, level))
    });
    let of_findings = found.into_iter().map(|(level, finding)| {
        let told = (github::title(report, finding, lang), github::message(report, finding, lang));
        (level, annotation(anchors.first(finding), told, level))
    });
    let mut annotations: Vec<(Github, Annotation)> = of_gates.chain(of_findings).collect();
    // Stable: what sums up the rest comes first within its level.
    annotations.sort_by_key(|(level, _)| *level);
    let annotations = annotations.into_iter().take(MOST_ANNOTATIONS).map(|(_, annotation)| annotation).collect();
    CheckRun {
        name: name(report),
        conclusion: conclusion(report.outcome, report.fail_on),
        title: title(report, lang),
        summary,
        annotations,
    }
}

fn name(report: &Report) -> String {
    let name = plain::line_of(&report.tool.name, 100);
    match report.shard {
        Some(shard) => format!("{name} ({}/{})", shard.index, shard.of),
        None => name,
    }
}

fn title(report: &Report, lang: Lang) -> String {
    format!("{} · {}", plain::outcome(report.outcome, lang), plain::counts(report, lang))
}

fn annotation(anchor: Anchor, (title, message): (String, String), level: Github) -> Annotation {
    let r = anchor.region;
    let columns = (r.line == r.end_line).then_some((r.column, r.end_column));
    Annotation {
        path: anchor.path,
        start_line: r.line,
        end_line: r.end_line,
        start_column: columns.map(|c| c.0),
        end_column: columns.map(|c| c.1),
        annotation_level: match level {
            Github::Error => "failure",
            Github::Warning => "warning",
            Github::Notice => "notice",
        },
        title: plain::line_of(&title, TITLE),
        message,
    }
}

/// The report as a comment on a pull request. `origin` says which job writes it, so that two jobs of one
/// pipeline keep a comment each; `details` is the address of the job.
#[must_use]
pub fn to_comment(report: &Report, lang: Lang, origin: &str, details: Option<&str>) -> Comment {
    let marker = format!("<!-- {} {} -->", plain::line_of(&report.tool.name, 100), key(report, origin));
    let link = details.map(|url| format!("\n[{}]({url})\n", lang.of("Nhật ký của job", "The job's log")));
    let link = link.unwrap_or_default();
    let room = MOST_TEXT - marker.len() - 1 - link.len();
    let body = format!("{marker}\n{}{link}", summary(report, lang, room));
    Comment { marker, body }
}

/// What makes a comment the same one tomorrow: job, policies, shard and where the sites come from; not the
/// policies' versions, nor which sites a file declares.
fn key(report: &Report, origin: &str) -> String {
    let mut hash = Sha256::new();
    let mut part = |text: &str| {
        hash.update(text.as_bytes());
        hash.update([0]);
    };
    part(origin);
    report.policies.iter().for_each(|p| part(&p.id));
    part(&report.shard.map(|s| format!("{}/{}", s.index, s.of)).unwrap_or_default());
    let from: BTreeSet<&str> =
        report.sites.iter().map(|s| s.declared.as_ref().map_or(s.id.as_str(), |d| d.path.as_str())).collect();
    from.into_iter().for_each(part);
    hash.finalize().iter().take(8).map(|b| format!("{b:02x}")).collect()
}

/// The report as Markdown that calls nobody, of at most so many bytes.
fn summary(report: &Report, lang: Lang, most: usize) -> String {
    let whole = silent(&markdown::within(report, lang, most));
    // Look-alikes take three bytes where the escapes took two.
    if whole.len() <= most { whole } else { silent(&markdown::within(report, lang, most / 3 * 2)) }
}

/// GitHub reads `@name` and `#1` after the escapes are gone, so a look-alike takes the place of each.
fn silent(markdown: &str) -> String {
    markdown.replace("\\@", "＠").replace("\\#", "♯")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_run_looks_greener_than_its_exit_code() {
        for (outcome, word) in [
            (Outcome::Passed, "success"),
            (Outcome::PassedUnmeasured, "neutral"),
            (Outcome::Failed, "failure"),
            (Outcome::Inconclusive, "action_required"),
            (Outcome::Nothing, "action_required"),
        ] {
            assert_eq!(conclusion(outcome, FailOn::Error), word);
        }
        for outcome in [Outcome::Failed, Outcome::Inconclusive] {
            assert_eq!(conclusion(outcome, FailOn::Never), "neutral");
        }
    }

    #[test]
    fn nobody_is_called() {
        let text = plain::markdown("@ministry see #1 \\@x");
        assert_eq!(silent(&text), "＠ministry see ♯1 \\\\＠x");
    }
}
