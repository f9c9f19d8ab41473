//! The run's result as `NAME=value` lines for pipelines that hand variables from job to job. Only words of our own
//! and numbers: no text of a page can become a variable.

use super::{Report, scored, words};
use crate::finding::Verdict;

/// The report as dotenv lines. `SCORE` is `low-high` where something is open, and empty, like `LEVEL`, unless the
/// report has just one score; `LEVEL` is empty too while it is not decided. `GATES` says what was asked of scores.
#[must_use]
pub fn to_dotenv(report: &Report) -> String {
    let s = report.summary;
    let named = |name: &str, value: &str| format!("RASOAT_RESULT_{name}={value}\n");
    let score = match report.scores.as_slice() {
        [one] => Some(one),
        _ => None,
    };
    let points = score.map(|score| match (score.low, score.high) {
        (low, high) if low == high => low.to_string(),
        (low, high) => format!("{low}-{high}"),
    });
    // A level is named by a policy; what is no plain word stays out of a shell's way.
    let plain = |level: &&String| level.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    let level = score.and_then(|score| score.level.as_ref()).filter(plain);
    let counted = |name: &str, count: u64| named(name, &count.to_string());
    [
        named("VERDICT", words::outcome_name(report.outcome)),
        counted("PASSED", s.pass),
        counted("FAILED", s.fail),
        counted("INCONCLUSIVE", s.inconclusive),
        counted("NOT_APPLICABLE", s.not_applicable),
        counted("WAIVED", s.waived),
        counted("SITES", report.sites.len() as u64),
        named("SCORE", &points.unwrap_or_default()),
        named("LEVEL", level.map_or("", String::as_str)),
        named("GATES", gates(report)),
    ]
    .concat()
}

/// What was asked of scores in one word; empty when nothing was.
fn gates(report: &Report) -> &'static str {
    if report.gates.is_empty() {
        return "";
    }
    // Failures stand first.
    scored::unkept(report)
        .first()
        .map_or(words::verdict_name(Verdict::Pass), |one| words::verdict_name(one.gate.verdict))
}
