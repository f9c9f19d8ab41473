//! Pictures of failed labels as addresses that hold them: so many, so large, and the rest counted. Takes PNG and JPEG
//! only, by their first bytes and not by their names.

use std::collections::HashMap;

use base64::Engine;

use crate::finding::{Evidence, Verdict};
use crate::report::{Beside, Report};

/// The kind of check whose failures are shown.
const KIND: &str = "label";
/// Most pictures.
pub(super) const MOST: usize = 100;
/// Largest picture, in bytes.
const LARGEST: usize = 96 << 10;
/// Bytes of all pictures together.
const ALL: usize = 1536 << 10;

/// Pictures of failed labels.
#[derive(Debug, Default)]
pub(super) struct Pictures<'a> {
    shown: Vec<&'a [u8]>,
    by_finding: HashMap<usize, Vec<usize>>,
    left_out: usize,
}

impl<'a> Pictures<'a> {
    /// Chooses in the report's order.
    pub(super) fn of_report(report: &Report, beside: &'a Beside) -> Self {
        let mut chosen = Self::default();
        let mut room = ALL;
        for (number, finding) in report.findings.iter().enumerate().filter(|(_, f)| f.verdict == Verdict::Fail) {
            if report.rule_of(finding).and_then(|rule| rule.check.as_deref()) != Some(KIND) {
                continue;
            }
            for entry in &finding.evidence {
                let Evidence::Screenshot { path } = entry else { continue };
                let Some(bytes) = beside.pictures.get(path) else { continue };
                let fits = chosen.shown.len() < MOST && bytes.len() <= LARGEST && bytes.len() <= room;
                if !fits || kind(bytes).is_none() {
                    chosen.left_out += 1;
                    continue;
                }
                room -= bytes.len();
                chosen.by_finding.entry(number).or_default().push(chosen.shown.len());
                chosen.shown.push(bytes);
            }
        }
        chosen
    }

    /// The pictures of a finding, by number.
    pub(super) fn of(&self, finding: usize) -> Vec<usize> {
        self.by_finding.get(&finding).cloned().unwrap_or_default()
    }

    /// All of them as `data:` addresses.
    pub(super) fn addresses(&self) -> Vec<String> {
        let address = |bytes: &&[u8]| {
            let kind = kind(bytes)?;
            Some(format!("data:image/{kind};base64,{}", base64::engine::general_purpose::STANDARD.encode(bytes)))
        };
        self.shown.iter().filter_map(address).collect()
    }

    /// How many there were that are not shown.
    pub(super) fn left_out(&self) -> usize {
        self.left_out
    }
}

fn kind(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some("png"),
        [0xff, 0xd8, 0xff, ..] => Some("jpeg"),
        _ => None,
    }
}
