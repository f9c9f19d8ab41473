//! Reads waivers and attestations: rules known, reasons and names given, days in order, evidence files
//! there and unchanged. All faults of a file are returned together.

use std::collections::HashMap;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::file::{Attestation, AttestationsFile, Evidence, Statement, Subject, Waiver, WaiversFile};
use crate::finding::Share;
use crate::policy::{Date, Points, Rule, Text, glob, selector, version};
use crate::site::is_sha256;
use crate::yaml::{self, At, Problem, Problems, quoted, suggestion};

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
    /// How much of its rule's points each gives, in hundredths; `None` for one that names no points.
    pub earned: Vec<Option<Share>>,
}

/// The rules whose points may be given in part, each with all of its points.
pub type Rated<'a> = HashMap<&'a str, Points>;

/// Which of some rules are rated so: those that count in the score and have `points` and `partial`.
pub fn rated<'a>(rules: impl Iterator<Item = &'a Rule>) -> Rated<'a> {
    rules.filter(|rule| rule.scored && rule.partial).filter_map(|rule| Some((&*rule.id, rule.points?))).collect()
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
/// all rules of the run's policies, `rated` those among them that take points.
///
/// # Errors
/// Everything that is wrong with it, with places.
pub fn load_attestations(path: &Path, rules: &[&str], rated: &Rated<'_>) -> Result<Attestations, Problems> {
    let name = yaml::display(path);
    let bytes = yaml::read(path, &name, yaml::MOST)?;
    let (file, document) = yaml::parse::<AttestationsFile>(&name, &bytes, yaml::MOST)?;
    let mut problems = Problems::default();
    version(&file.api_version, &document, &mut problems);
    let list = document.at("attestations");
    let places: Vec<At> = (0..file.attestations.len()).map(|n| list.item(n)).collect();
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut earned = Vec::new();
    for (stated, at) in file.attestations.iter().zip(&places) {
        let share = stated.points.map(|points| share(stated, points, rated, at)).transpose();
        earned.push(share.unwrap_or_else(|problem| {
            problems.push(*problem);
            None
        }));
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
    problems.or(Attestations { attestations: file.attestations, places, earned })
}

/// How much of a rule's points a statement gives. The word and the points may not contradict each other: what is
/// kept has some, what is not kept lacks some.
fn share(stated: &Attestation, points: Points, rated: &Rated<'_>, at: &At) -> Result<Share, Box<Problem>> {
    let here = at.key("points");
    let bad = |text, help| Err(Box::new(here.problem("bad-points", text).help(help)));
    let name = quoted(&stated.rule);
    let Some(&full) = rated.get(stated.rule.as_str()) else {
        return bad(
            Text::new(
                format!("tiêu chí {name} không nhận điểm từng phần"),
                format!("the rule {name} takes no part of its points"),
            ),
            Text::new(
                "Bỏ `points`; chỉ tiêu chí có `points` và `partial: true` trong bộ tiêu chí mới nhận.",
                "Leave `points` out; only a rule with `points` and `partial: true` in its policy takes it.",
            ),
        );
    };
    let (given, all) = (both(points), both(full));
    if points > full {
        return bad(
            Text::new(
                format!("{} điểm là quá số điểm của tiêu chí {name}: {}", given.vi, all.vi),
                format!("{} points are more than the rule {name} has: {}", given.en, all.en),
            ),
            Text::new(
                format!("Ghi số điểm từ 0 đến {}.", all.vi),
                format!("Give a number of points from 0 to {}.", all.en),
            ),
        );
    }
    match stated.status {
        Statement::Fail if points == full => bad(
            Text::new(
                format!("`status: fail` mà đủ điểm ({})", all.vi),
                format!("`status: fail` with all of the points ({})", all.en),
            ),
            Text::new("Ghi `status: pass`, hoặc sửa số điểm.", "Write `status: pass`, or correct the points."),
        ),
        Statement::Pass if points.0 == 0 && full.0 > 0 => bad(
            Text::new("`status: pass` mà không có điểm nào", "`status: pass` with no points"),
            Text::new("Ghi `status: fail`, hoặc sửa số điểm.", "Write `status: fail`, or correct the points."),
        ),
        Statement::Pass | Statement::Fail => Ok(Share { met: points.0, open: 0, of: full.0 }),
    }
}

/// Points as each language writes them.
pub(super) fn both(points: Points) -> Text {
    let en = points.to_string();
    Text::new(en.replace('.', ","), en)
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
