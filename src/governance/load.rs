//! Reads waivers and attestations: rules known, reasons and names given, days in order, evidence files
//! there and unchanged. All faults of a file are returned together.

use std::collections::HashMap;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::file::{Attestation, AttestationsFile, Evidence, Subject, Waiver, WaiversFile};
use crate::policy::{Date, Text, glob, selector, version};
use crate::site::is_sha256;
use crate::yaml::{self, At, Problems, quoted, suggestion};

/// Largest evidence file that is read.
const MOST_EVIDENCE: usize = 256 << 20;

/// A waivers file that was read; the places stand beside the waivers, in the same order.
#[derive(Debug, Clone)]
pub struct Waivers {
    /// The waivers.
    pub waivers: Vec<Waiver>,
    /// Where each is written.
    pub places: Vec<At>,
}

/// An attestations file that was read; the places stand beside the statements, in the same order.
#[derive(Debug, Clone)]
pub struct Attestations {
    /// The statements.
    pub attestations: Vec<Attestation>,
    /// Where each is written.
    pub places: Vec<At>,
}

/// Loads a waivers file. `rules` are the ids of all rules of the run's policies.
///
/// # Errors
/// Everything that is wrong with it, with places.
pub fn load_waivers(path: &Path, rules: &[&str]) -> Result<Waivers, Problems> {
    let name = yaml::display(path);
    let bytes = yaml::read(path, &name, yaml::MOST)?;
    let (file, document) = yaml::parse::<WaiversFile>(&name, &bytes, yaml::MOST)?;
    let mut problems = Problems::default();
    version(&file.api_version, &document, &mut problems);
    let list = document.at("waivers");
    let places: Vec<At> = (0..file.waivers.len()).map(|n| list.item(n)).collect();
    for (waiver, at) in file.waivers.iter().zip(&places) {
        known_rule(&waiver.rule, rules, at, &mut problems);
        if let Err(fault) = glob(&waiver.site) {
            problems.push(fault.problem(&at.key("site")));
        }
        given(&waiver.site, &at.key("site"), &mut problems);
        said(&waiver.reason, &at.key("reason"), &mut problems);
        said(&waiver.approved_by, &at.key("approved_by"), &mut problems);
        match &waiver.subject {
            Some(Subject::Element(text)) => {
                if let Err(fault) = selector(text) {
                    problems.push(fault.problem(&at.key("subject.element")));
                }
            }
            Some(Subject::Page(text)) => given(text, &at.key("subject.page"), &mut problems),
            Some(Subject::Host(text)) => given(text, &at.key("subject.host"), &mut problems),
            None => {}
        }
    }
    problems.or(Waivers { waivers: file.waivers, places })
}

impl Attestations {
    /// Refuses statements of days to come.
    ///
    /// # Errors
    /// Each of them, with its place.
    pub fn by(&self, today: Date) -> Result<(), Problems> {
        let mut problems = Problems::default();
        for (stated, at) in self.attestations.iter().zip(&self.places).filter(|(s, _)| s.on > today) {
            let text = Text::new(
                format!("ngày xác nhận {} chưa đến: hôm nay là {}", stated.on.vi(), today.vi()),
                format!("it is stated on {}, which has not come: today is {today}", stated.on),
            );
            problems.push(at.key("on").problem("bad-dates", text));
        }
        problems.or(())
    }
}

/// Loads an attestations file and compares its evidence files with their hashes. `rules` are the ids of
/// all rules of the run's policies.
///
/// # Errors
/// Everything that is wrong with it, with places.
pub fn load_attestations(path: &Path, rules: &[&str]) -> Result<Attestations, Problems> {
    let name = yaml::display(path);
    let bytes = yaml::read(path, &name, yaml::MOST)?;
    let (file, document) = yaml::parse::<AttestationsFile>(&name, &bytes, yaml::MOST)?;
    let mut problems = Problems::default();
    version(&file.api_version, &document, &mut problems);
    let list = document.at("attestations");
    let places: Vec<At> = (0..file.attestations.len()).map(|n| list.item(n)).collect();
    let folder = path.parent().unwrap_or(Path::new(""));
    for (stated, at) in file.attestations.iter().zip(&places) {
        known_rule(&stated.rule, rules, at, &mut problems);
        given(&stated.site, &at.key("site"), &mut problems);
        said(&stated.by, &at.key("by"), &mut problems);
        if stated.valid_until < stated.on {
            let text = Text::new("hết hạn trước ngày xác nhận", "it ends before the day it was stated");
            let on = Text::new("ngày xác nhận", "the day it was stated");
            problems.push(at.key("valid_until").problem("bad-dates", text).label(&at.key("on"), on));
        }
        if let Some(evidence) = &stated.evidence {
            unchanged(evidence, folder, &at.key("evidence"), &mut problems);
        }
    }
    said_twice(&file.attestations, &places, &mut problems);
    problems.or(Attestations { attestations: file.attestations, places })
}

/// Of two statements of one day nobody could say which holds.
fn said_twice(stated: &[Attestation], places: &[At], problems: &mut Problems) {
    let mut first: HashMap<(&str, &str, Date), &At> = HashMap::new();
    for (stated, at) in stated.iter().zip(places) {
        if let Some(first) = first.insert((&stated.rule, &stated.site, stated.on), at) {
            let text = Text::new(
                "tiêu chí này của trang này đã có xác nhận cùng ngày",
                "there is another statement about this rule and site of the same day",
            );
            let other = Text::new("xác nhận kia", "the other statement");
            problems.push(at.key("on").problem("duplicate", text).label(&first.key("on"), other));
        }
    }
}

fn known_rule(rule: &str, rules: &[&str], at: &At, problems: &mut Problems) {
    if !rules.contains(&rule) {
        let name = quoted(rule);
        let text = Text::new(format!("không có tiêu chí {name}"), format!("there is no rule {name}"));
        let help = suggestion(rule, rules.iter().copied());
        problems.push(at.key("rule").problem("unknown-rule", text).help(help));
    }
}

fn given(text: &str, at: &At, problems: &mut Problems) {
    if text.trim().is_empty() {
        problems.push(at.problem("empty", Text::new("phải ghi rõ, không được để trống", "it may not be left empty")));
    }
}

/// A reason or a name has a letter or a digit: a dash or an unseen sign is neither.
fn said(text: &str, at: &At, problems: &mut Problems) {
    given(if text.contains(char::is_alphanumeric) { text } else { "" }, at, problems);
}

fn unchanged(evidence: &Evidence, folder: &Path, at: &At, problems: &mut Problems) {
    let hash_at = at.key("sha256");
    if !is_sha256(&evidence.sha256) {
        let text =
            Text::new("không phải mã SHA-256 (64 chữ số thập lục phân)", "not a SHA-256 (64 hexadecimal digits)");
        problems.push(hash_at.problem("bad-hash", text));
        return;
    }
    let path = folder.join(&evidence.file);
    match yaml::read(&path, &yaml::display(&path), MOST_EVIDENCE) {
        Err(problem) => problems.push(problem.label(&at.key("file"), Text::default())),
        Ok(bytes) if bytes.len() > MOST_EVIDENCE => {
            let mib = MOST_EVIDENCE >> 20;
            let text = Text::new(
                format!("tài liệu minh chứng lớn hơn {mib} MiB"),
                format!("the evidence is larger than {mib} MiB"),
            );
            problems.push(at.key("file").problem("too-large", text));
        }
        Ok(bytes) => {
            let hash = Sha256::digest(&bytes).iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
            if !hash.eq_ignore_ascii_case(&evidence.sha256) {
                let text = Text::new(
                    "tài liệu minh chứng đã thay đổi so với lúc xác nhận",
                    "the evidence has changed since it was stated",
                );
                problems.push(
                    hash_at.problem("evidence-changed", text).help(Text::new(
                        format!("Mã SHA-256 hiện nay là {hash}."),
                        format!("Its SHA-256 is now {hash}."),
                    )),
                );
            }
        }
    }
}
