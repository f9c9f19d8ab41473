//! What is said of mandatory rules: those that an overlay weakens by people's leave, and those that this run did not
//! judge because somebody narrowed it. Never changes a verdict.

use crate::finding::{Note, NoteLevel, Place, safe};
use crate::policy::{LoadedPolicy, Text, Weakening};
use crate::run::Run;

/// The notes of a run, in the order of its policies.
pub(super) fn notes(run: &Run) -> Vec<Note> {
    let weakened = run.policies.iter().flat_map(|loaded| &loaded.weakened).filter_map(weakened);
    weakened.chain(run.policies.iter().filter_map(|loaded| left_out(run, loaded))).collect()
}

fn weakened(weakening: &Weakening) -> Option<Note> {
    let leave = weakening.leave.as_ref()?;
    let (rule, key, by, day) = (safe(&weakening.rule, 100), &weakening.key, &leave.approved_by, leave.until);
    let (waiver, overlay) = (leave.at.line_name(), weakening.at.line_name());
    let places = [&leave.at, &weakening.at].map(|at| Place::within(at.document.source(), at.span()));
    Some(Note {
        code: "mandatory-weakened".to_owned(),
        level: NoteLevel::Warning,
        message: Text::new(
            format!(
                "Tiêu chí bắt buộc {rule} được làm nhẹ đi bằng {key} ({overlay}) theo mục tạm chấp nhận {waiver}, {by} duyệt, đến hết ngày {}.",
                day.vi()
            ),
            format!(
                "The mandatory rule {rule} is weakened by {key} ({overlay}) under the waiver {waiver}, approved by {by}, until {day}."
            ),
        ),
        places: places.into(),
    })
}

fn left_out(run: &Run, loaded: &LoadedPolicy) -> Option<Note> {
    let mandatory = loaded.policy.rules.iter().filter(|rule| rule.mandatory);
    let judged: Vec<&str> = run.rules(loaded).map(|rule| rule.id.as_str()).collect();
    let names: Vec<String> =
        mandatory.filter(|rule| !judged.contains(&rule.id.as_str())).map(|rule| safe(&rule.id, 100)).collect();
    let (n, list) = (names.len(), names.join(", "));
    (n > 0).then(|| Note {
        code: "mandatory-not-judged".to_owned(),
        level: NoteLevel::Warning,
        message: Text::new(
            format!("Tiêu chí bắt buộc không được xét trong lần chạy này vì --only hoặc --skip ({n}): {list}."),
            format!("Mandatory rules that this run did not judge, because of --only or --skip ({n}): {list}."),
        ),
        places: Vec::new(),
    })
}
