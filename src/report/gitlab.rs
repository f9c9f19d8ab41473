//! The report as GitLab Code Quality: an array of violations with relative paths and unique fingerprints.
//! Passes, not-applicable and waived findings have no place in it.

use std::collections::BTreeSet;

use serde::Serialize;

use super::anchor::Anchors;
use super::outlet::{self, Outlet};
use super::words::{self, Lang};
use super::{Report, json::escaped, plain};

/// Longest description, in characters.
const DESCRIPTION: usize = 1_000;

#[derive(Serialize)]
struct Violation {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
}

/// The report as a Code Quality file.
///
/// # Errors
/// Only when it cannot be expressed as JSON, which its types rule out.
pub fn to_gitlab(report: &Report, lang: Lang) -> serde_json::Result<String> {
    let anchors = Anchors::of(report);
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    for finding in &report.findings {
        let Some(severity) = Outlet::of(report, finding).gitlab else { continue };
        let place = anchors.first(finding);
        let mut mark = anchors.fingerprint(finding);
        // Equal ones would collapse into one.
        while !seen.insert(mark.clone()) {
            mark.push('+');
        }
        out.push(Violation {
            description: description(report, finding, lang),
            check_name: plain::line_of(&finding.rule, 100),
            fingerprint: mark,
            severity: match severity {
                outlet::Gitlab::Major => "major",
                outlet::Gitlab::Minor => "minor",
                outlet::Gitlab::Info => "info",
            },
            location: Location { path: place.path, lines: Lines { begin: place.region.line } },
        });
    }
    Ok(escaped(&serde_json::to_string_pretty(&out)?) + "\n")
}

fn description(report: &Report, finding: &crate::finding::Finding, lang: Lang) -> String {
    let (site, known) = (plain::line_of(&finding.site, 200), plain::known(finding, lang));
    let mut text = format!("{site}{known} – {}", plain::reason(finding, lang));
    if let Some(gap) = finding.gap {
        text.push_str(&format!(" {}", words::remedy(gap).pick(lang)));
    }
    if let Some(clause) = plain::clause(report, finding, lang) {
        text.push_str(&format!(" ({clause})"));
    }
    plain::line_of(&text, DESCRIPTION)
}
