//! Arithmetic across findings: counts, the run in one word, the exit code. Never judges and never formats.

use crate::error::ExitCode;
use crate::finding::{Basis, Finding, Verdict};
use crate::policy::Severity;
use crate::report::{FailOn, Outcome, Report, Summary};
use crate::snapshot::Gap;

/// Counts findings by verdict.
#[must_use]
pub fn summary(findings: &[Finding]) -> Summary {
    let mut summary = Summary::default();
    for finding in findings {
        match finding.verdict {
            Verdict::Pass => summary.pass += 1,
            Verdict::Fail => summary.fail += 1,
            Verdict::Inconclusive => summary.inconclusive += 1,
            Verdict::NotApplicable => summary.not_applicable += 1,
            Verdict::Waived => summary.waived += 1,
        }
    }
    summary
}

/// Whether a finding fails the run.
#[must_use]
pub fn fails(finding: &Finding, fail_on: FailOn) -> bool {
    finding.verdict == Verdict::Fail && !finding.known && fail_on.reached_by(finding.severity)
}

/// Whether a finding leaves the run open.
#[must_use]
pub fn leaves_open(finding: &Finding, fail_on: FailOn, strict: bool) -> bool {
    let Some(gap) = finding.gap else { return false };
    if fail_on == FailOn::Never {
        return false;
    }
    strict || (fail_on.reached_by(finding.severity) && gap != Gap::NotRequested)
}

/// Nothing was evaluated: no finding, only ones that had nothing to ask or were waived, or folders without HTML.
fn nothing(findings: &[Finding]) -> bool {
    let no_html = |f: &Finding| f.code.as_deref() == Some(NO_HTML);
    let any_empty = findings.iter().any(no_html);
    findings.iter().all(|f| {
        matches!(f.verdict, Verdict::NotApplicable | Verdict::Waived)
            // What is merely declared says nothing about a build that holds no page.
            || (any_empty && (no_html(f) || f.basis == Basis::Declared))
    })
}

/// The code of a folder that holds no HTML file.
pub const NO_HTML: &str = "no-html";

/// The run in one word, and how it ends. Precedence: failed, nothing, open, passed.
#[must_use]
pub fn outcome(findings: &[Finding], fail_on: FailOn, strict: bool) -> (Outcome, ExitCode) {
    if findings.iter().any(|f| fails(f, fail_on)) {
        return (Outcome::Failed, ExitCode::Failed);
    }
    if nothing(findings) {
        return (Outcome::Nothing, ExitCode::Nothing);
    }
    if findings.iter().any(|f| leaves_open(f, fail_on, strict)) {
        return (Outcome::Inconclusive, ExitCode::Inconclusive);
    }
    let unmeasured =
        |f: &Finding| f.severity == Severity::Error && f.gap == Some(Gap::NotRequested) && f.verdict == Verdict::Inconclusive;
    if findings.iter().any(unmeasured) {
        return (Outcome::PassedUnmeasured, ExitCode::Passed);
    }
    (Outcome::Passed, ExitCode::Passed)
}

/// How a finished run ends.
#[must_use]
pub fn exit(report: &Report) -> ExitCode {
    outcome(&report.findings, report.fail_on, report.strict).1
}
