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
            waiting.grounds.notes.push(note(
                "measured-part",
                NoteLevel::Info,
                grounds.reason.clone(),
                grounds.places.clone(),
            ));
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

    fn stated() -> Judged {
        Err(Gap::NotAttested.into())
    }
    fn gap(j: Judged) -> Option<(Gap, Option<&'static str>)> {
        j.err().map(|unseen| (unseen.gap, unseen.grounds.code))
    }

    #[test]
    fn a_statement_is_asked_for_only_when_all_else_is_answered() {
        let undecided = || Err(Unseen::new(Gap::NoData, UNDECIDED, Text::new("xem", "look")));
        let not_requested = || Err(Gap::NotRequested.into());
        let wanted = Some((Gap::NotAttested, None));
        for (name, measured, left) in [
            ("clean", pass(), wanted),
            ("not applicable", na(), wanted),
            ("left to people", undecided(), wanted),
            ("not asked for", not_requested(), Some((Gap::NotRequested, Some(MEASURED_FIRST)))),
            ("without a checker", Err(Gap::NoAxe.into()), Some((Gap::NoAxe, None))),
            ("no data", Err(Gap::NoData.into()), Some((Gap::NoData, None))),
            ("another page", Err(Gap::RedirectOffSite.into()), Some((Gap::RedirectOffSite, None))),
            ("broken", fail(), None),
        ] {
            let answer = gap(all_of([measured.clone(), stated()].into_iter()));
            assert_eq!(answer, left, "{name}");
            assert_eq!(gap(all_of([stated(), measured].into_iter())), left, "{name}, the other way round");
        }
        assert_eq!(word(all_of([stated(), fail()].into_iter())), "fail");
        // Where one of two is enough, a statement that it is not kept decides nothing over what was not seen.
        assert_eq!(gap(any_of([stated(), open()].into_iter())), Some((Gap::Timeout, None)));
        assert_eq!(gap(any_of([stated(), fail()].into_iter())), wanted);
        assert_eq!(gap(none_of([stated(), open()].into_iter())), Some((Gap::Timeout, None)));
        // Without a part for people nothing changes.
        assert_eq!(gap(all_of([not_requested(), open()].into_iter())), Some((Gap::NotRequested, None)));
        assert_eq!(gap(all_of([undecided(), pass()].into_iter())), Some((Gap::NoData, Some(UNDECIDED))));
    }

    #[test]
    fn what_was_measured_stands_beside_what_is_asked_of_people() {
        let clean = Ok(Decided::pass(Text::new("sạch", "clean")));
        let Err(unseen) = all_of([stated(), clean].into_iter()) else { panic!("nobody has stated anything") };
        let told: Vec<&str> = unseen.grounds.notes.iter().map(|note| note.message.en.as_str()).collect();
        assert_eq!(told, ["clean"]);
    }

    #[test]
    fn a_share_of_one_part_is_none_of_the_whole() {
        let share = || {
            let mut part = Decided::fail("x", Text::default());
            part.grounds.earned = Some(crate::finding::Share { met: 3, open: 0, of: 5 });
            Ok(part)
        };
        let earned = |j: Judged| j.ok().and_then(|decided| decided.grounds.earned);
        assert_eq!(earned(all_of([share(), fail()].into_iter())), None);
        assert_eq!(earned(any_of([share(), fail()].into_iter())), None);
        assert!(earned(all_of(std::iter::once(share()))).is_some());
    }
}
