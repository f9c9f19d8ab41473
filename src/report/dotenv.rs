//! The run's result as `NAME=value` lines for pipelines that hand variables from job to job. Only words of our own
//! and numbers: no text of a page can become a variable.

use super::{Report, words};

/// The report as dotenv lines. `SCORE` and `LEVEL` are empty where the policy has no points.
#[must_use]
pub fn to_dotenv(report: &Report) -> String {
    let s = report.summary;
    let named = |name: &str, value: &str| format!("RASOAT_RESULT_{name}={value}\n");
    let counted = |name: &str, count: u64| named(name, &count.to_string());
    [
        named("VERDICT", words::outcome_name(report.outcome)),
        counted("PASSED", s.pass),
        counted("FAILED", s.fail),
        counted("INCONCLUSIVE", s.inconclusive),
        counted("NOT_APPLICABLE", s.not_applicable),
        counted("WAIVED", s.waived),
        counted("SITES", report.sites.len() as u64),
        named("SCORE", ""),
        named("LEVEL", ""),
    ]
    .concat()
}
