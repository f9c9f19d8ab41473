//! Combinators over answers, with "could not be seen" as a third value that never turns into pass or fail. A part
//! that waits for a person's statement is asked last: a statement decides only when every other part is answered.

use super::{Decided, Judged, Opinion, Unseen, note};
use crate::finding::NoteLevel;
use crate::policy::Text;
use crate::snapshot::Gap;

/// The code of a rule whose measured part was not asked for; no statement takes its place.
pub(super) const MEASURED_FIRST: &str = "measured-first";
/// The code of an answer that a machine has looked for and leaves to people.
pub(super) const UNDECIDED: &str = "undecided";

/// Fails with the first part that fails; otherwise a part that could not be seen leaves it open.
pub(super) fn all_of(parts: impl Iterator<Item = Judged>) -> Judged {
    let (decided, unseen) = split(parts);
    if let Some(fail) = decided.iter().position(|d| d.opinion == Opinion::Fail) {
        return Ok(with_notes_of_all(decided, fail));
    }
    if let Some(unseen) = open(unseen, &decided) {
        return Err(unseen);
    }
    first_pass_or_not_applicable(decided)
}

/// Passes with the first part that passes; otherwise a part that could not be seen leaves it open.
pub(super) fn any_of(parts: impl Iterator<Item = Judged>) -> Judged {
    let (decided, unseen) = split(parts);
    if let Some(pass) = decided.iter().position(|d| d.opinion == Opinion::Pass) {
        return Ok(with_notes_of_all(decided, pass));
    }
    if let Some(unseen) = open(unseen, &decided) {
        return Err(unseen);
    }
    if let Some(fail) = decided.iter().position(|d| d.opinion == Opinion::Fail) {
        return Ok(with_notes_of_all(decided, fail));
    }
    first_pass_or_not_applicable(decided)
}

/// Fails when a part passes; otherwise a part that could not be seen leaves it open.
pub(super) fn none_of(parts: impl Iterator<Item = Judged>) -> Judged {
    let (decided, unseen) = split(parts);
    if let Some(found) = decided.iter().find(|d| d.opinion == Opinion::Pass) {
        let mut fail = Decided::fail(
            "forbidden",
            Text::new("Trang có thành phần mà tiêu chí không cho phép.", "The page has what the rule forbids."),
        );
        fail.grounds.places.clone_from(&found.grounds.places);
        fail.grounds.evidence.clone_from(&found.grounds.evidence);
        fail.grounds.reached = found.grounds.reached;
        return Ok(fail);
    }
    if let Some(unseen) = open(unseen, &decided) {
        return Err(unseen);
    }
    if decided.iter().any(|d| d.opinion == Opinion::Fail) {
        return Ok(Decided::pass(Text::new(
            "Không tìm thấy thành phần bị cấm.",
            "Nothing that the rule forbids was found.",
        )));
    }
    first_pass_or_not_applicable(decided)
}

/// Which of the missing facts leaves the rule open: the first, one that waits for a statement only when nothing else
/// is missing. What a machine found and could not decide is then the person's to look at.
fn open(unseen: Vec<Unseen>, decided: &[Decided]) -> Option<Unseen> {
    let waits = |unseen: &Unseen| unseen.gap == Gap::NotAttested;
    let for_people = |unseen: &Unseen| waits(unseen) || unseen.grounds.code == Some(UNDECIDED);
    if !unseen.iter().any(waits) {
        return unseen.into_iter().next();
    }
    if let Some(missing) = unseen.iter().position(|unseen| !for_people(unseen)) {
        let mut missing = unseen.into_iter().nth(missing)?;
        if missing.gap == Gap::NotRequested {
            missing.grounds.code = Some(MEASURED_FIRST);
            missing.grounds.reason = Text::new(
                "Phần máy đo được của tiêu chí này chưa được đo (cần trình duyệt); xác nhận của người chỉ có giá trị cho phần máy không kết luận được.",
                "The part of this rule that a machine measures was not measured (it needs the browser); a statement counts only for what a machine cannot decide.",
            );
        }
        return Some(missing);
    }
    let mut waiting: Unseen = Gap::NotAttested.into();
    for grounds in decided.iter().map(|part| &part.grounds).chain(unseen.iter().map(|part| &*part.grounds)) {
        waiting.grounds.notes.extend(grounds.notes.iter().cloned());
        if !grounds.reason.vi.is_empty() {
            waiting.grounds.notes.push(note("measured-part", NoteLevel::Info, grounds.reason.clone(), grounds.places.clone()));
        }
        waiting.grounds.evidence.extend(grounds.evidence.iter().cloned());
    }
    Some(waiting)
}

fn split(parts: impl Iterator<Item = Judged>) -> (Vec<Decided>, Vec<Unseen>) {
    let (mut decided, mut unseen) = (Vec::new(), Vec::new());
    for part in parts {
        match part {
            Ok(d) => decided.push(d),
            Err(u) => unseen.push(u),
        }
    }
    (decided, unseen)
}

fn with_notes_of_all(mut decided: Vec<Decided>, chosen: usize) -> Decided {
    let mut answer = decided.swap_remove(chosen);
    if !decided.is_empty() {
        // How much of one part is kept says nothing of the others.
        answer.grounds.earned = None;
    }
    for other in decided {
        answer.grounds.notes.extend(other.grounds.notes);
    }
    answer
}

fn first_pass_or_not_applicable(decided: Vec<Decided>) -> Judged {
    let chosen = decided.iter().position(|d| d.opinion == Opinion::Pass).unwrap_or(0);
    if decided.is_empty() {
        return Ok(Decided::not_applicable(
            "nothing-to-check",
            Text::new("Tiêu chí không có phần nào.", "The rule has no parts."),
        ));
    }
    Ok(with_notes_of_all(decided, chosen))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::Gap;

    fn pass() -> Judged {
        Ok(Decided::pass(Text::default()))
    }
    fn fail() -> Judged {
        Ok(Decided::fail("x", Text::default()))
    }
    fn open() -> Judged {
        Err(Gap::Timeout.into())
    }
    fn na() -> Judged {
        Ok(Decided::not_applicable("y", Text::default()))
    }
    fn word(j: Judged) -> &'static str {
        match j {
            Ok(Decided { opinion: Opinion::Pass, .. }) => "pass",
            Ok(Decided { opinion: Opinion::Fail, .. }) => "fail",
            Ok(Decided { opinion: Opinion::NotApplicable, .. }) => "na",
            Err(_) => "open",
        }
    }

    #[test]
    fn what_could_not_be_seen_never_becomes_pass_or_fail() {
        assert_eq!(word(all_of([pass(), open()].into_iter())), "open");
        assert_eq!(word(all_of([open(), fail()].into_iter())), "fail");
        assert_eq!(word(all_of([pass(), na()].into_iter())), "pass");
        assert_eq!(word(all_of([na(), na()].into_iter())), "na");
        assert_eq!(word(any_of([fail(), open()].into_iter())), "open");
        assert_eq!(word(any_of([open(), pass()].into_iter())), "pass");
        assert_eq!(word(any_of([fail(), na()].into_iter())), "fail");
        assert_eq!(word(none_of([fail(), open()].into_iter())), "open");
        assert_eq!(word(none_of([fail(), fail()].into_iter())), "pass");
        assert_eq!(word(none_of([open(), pass()].into_iter())), "fail");
        assert_eq!(word(none_of([na()].into_iter())), "na");
    }
}
