//! `tracker`: how far up the evidence ladder a page's snippet gets, and what stops it.
//! Everything about the tracker's names and addresses comes from the policy.

mod address;
mod configured;
mod normal;
mod nothing;
mod rendered;

pub(super) use nothing::page_is_shell;
pub(super) use rendered::host_trouble;

use super::{Decided, Grounds, Judged, Subject, Unseen, note};
use crate::finding::{Basis, Evidence, Note, NoteLevel, Place};
use crate::policy::{Reach, Text, Tracker, TrackerCheck};
use crate::snapshot::{Certainty, Doubt, Gap, Page, QueueFacts, Spot};

/// Where a page stands with one tracker.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// The highest rung shown.
    pub reached: Option<Reach>,
    /// What certainly stops it, gravest first.
    pub faults: Vec<Trouble>,
    /// What the bytes cannot tell, gravest first.
    pub doubts: Vec<(Gap, Trouble)>,
    /// Valid ids on the queue.
    pub ids: Vec<String>,
    /// Where each of them is given.
    pub id_places: Vec<Place>,
    /// Said beside it.
    pub notes: Vec<Note>,
    /// The normalised snippet when it stands and all of it is known.
    pub snippet: Option<String>,
    /// The snippet's places when it stands.
    pub places: Vec<Place>,
    /// What keeps a snippet that stands from the rungs that are events.
    pub beyond: Option<Beyond>,
    /// Said of it beside the verdict's own sentence.
    pub remark: Text,
    /// What was seen on the way.
    pub evidence: Vec<Evidence>,
    /// Set when it rests on something else than the page's bytes.
    pub basis: Option<Basis>,
}

/// What keeps a configured snippet from the rungs above.
#[derive(Debug, Clone)]
pub enum Beyond {
    /// The site's own fault.
    Fault(Trouble),
    /// Not to be seen here and now, or not the site's doing.
    Open(Gap, Trouble),
}

/// One thing that stops a snippet, or may.
#[derive(Debug, Clone)]
pub struct Trouble {
    /// Its code.
    pub code: &'static str,
    /// One sentence.
    pub reason: Text,
    /// Where.
    pub places: Vec<Place>,
    /// What should be there.
    pub expected: Option<String>,
    /// What is there.
    pub actual: Option<String>,
}

impl Trouble {
    fn new(code: &'static str, vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code, reason: Text::new(vi, en), places: Vec::new(), expected: None, actual: None }
    }
    fn at(mut self, spots: impl IntoIterator<Item = Spot>) -> Self {
        self.places = spots.into_iter().map(|s| Place::within(&s.source, s.span)).collect();
        self.places.dedup();
        self
    }
    fn wants(mut self, expected: impl Into<String>, actual: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self.actual = Some(crate::finding::safe(&actual.into(), 200));
        self
    }
    fn placed(mut self, places: Vec<Place>) -> Self {
        self.places = places;
        self
    }
    fn grounds(self, reached: Option<Reach>, notes: Vec<Note>) -> Grounds {
        Grounds {
            notes,
            places: self.places,
            expected: self.expected,
            actual: self.actual,
            reached,
            ..Grounds::new(self.code, self.reason)
        }
    }
}

/// Where a page stands with a tracker; `declared` is the id the site should use.
pub fn stand(subject: &Subject<'_>, name: &str, tracker: &Tracker) -> Result<Standing, Gap> {
    let page = subject.page?;
    let facts = page.queues.get(name).ok_or(Gap::NoData)?;
    let mut standing = by_bytes(subject, page, tracker, facts);
    if let Some(rendered) = subject.rendered() {
        let run = rendered.trackers.get(name).ok_or(Gap::NoData)?;
        let question = rendered::Question { subject, page, tracker, facts, rendered, run };
        standing = question.stand(&standing);
    }
    standing.notes.extend(syntax_notes(tracker, page));
    if page.address_assumed {
        let said = Text::new(
            "Chưa biết địa chỉ mà thư mục này sẽ có nên rà soát như trang https; cho biết bằng --url.",
            "The address this folder will have is not known, so it is judged as https; say it with --url.",
        );
        standing.notes.push(note("address-assumed", NoteLevel::Info, said, Vec::new()));
    }
    Ok(standing)
}

/// Where it stands as far as its bytes tell.
fn by_bytes(subject: &Subject<'_>, page: &Page, tracker: &Tracker, facts: &QueueFacts) -> Standing {
    if facts.commands.is_empty() && facts.loads.is_empty() {
        nothing::stand(subject, page, tracker, facts)
    } else {
        configured::stand(subject, page, tracker, facts)
    }
}

/// Scripts that do not parse and have nothing to do with the tracker: worth knowing, no more.
fn syntax_notes(tracker: &Tracker, page: &Page) -> impl Iterator<Item = Note> {
    let names_queue = |fault: &&crate::snapshot::SyntaxFault| {
        fault.spot.source.slice(script_text(page, fault)).contains(&tracker.queue)
    };
    page.syntax_faults.iter().filter(move |f| !names_queue(f)).take(5).map(|fault| {
        let said = Text::new(
            "Trang còn một script khác có lỗi cú pháp nên trình duyệt không chạy script đó.",
            "Another script of the page does not parse, so no browser runs it.",
        );
        note("script-syntax-error", NoteLevel::Info, said, vec![Place::of(&fault.spot.source, fault.spot.span)])
    })
}

/// The text of the script that a fault is in: between its tags, or its whole file.
fn script_text(page: &Page, fault: &crate::snapshot::SyntaxFault) -> crate::snapshot::Span {
    let inline = page.scripts.get(fault.script).filter(|s| matches!(s.file, crate::snapshot::ScriptFile::Inline));
    inline.map_or_else(|| crate::snapshot::Span::new(0, fault.spot.source.text.len()), |s| s.text)
}

impl Standing {
    /// Whether the rung is reached for sure.
    #[must_use]
    pub fn reaches(&self, wanted: Reach) -> bool {
        self.reached >= Some(wanted)
    }
}

pub(super) fn judge(check: &TrackerCheck, subject: &Subject<'_>) -> Judged {
    let (name, tracker) = subject.tracker(check.name.as_deref())?;
    let standing = stand(subject, name, tracker)?;
    verdict(standing, check.reach, subject)
}

/// What a standing means for a rule that wants a rung.
pub(super) fn verdict(mut standing: Standing, wanted: Reach, subject: &Subject<'_>) -> Judged {
    let (basis, evidence) = (standing.basis, std::mem::take(&mut standing.evidence));
    let mut judged = weigh(standing, wanted, subject);
    let grounds = match &mut judged {
        Ok(decided) => &mut decided.grounds,
        Err(unseen) => &mut unseen.grounds,
    };
    grounds.basis = basis;
    grounds.evidence.extend(evidence);
    judged
}

fn weigh(standing: Standing, wanted: Reach, subject: &Subject<'_>) -> Judged {
    let reached = standing.reached;
    if standing.reaches(wanted) {
        return Ok(stands(standing));
    }
    // The last two rungs are events; only a browser sees them, and only once everything below holds.
    if standing.reaches(wanted.min(Reach::Configured)) {
        return match standing.beyond {
            Some(Beyond::Fault(fault)) => {
                let grounds = fault.grounds(reached, standing.notes);
                Ok(Decided { opinion: super::Opinion::Fail, grounds })
            }
            Some(Beyond::Open(gap, open)) => {
                Err(Unseen { gap, grounds: Box::new(open.grounds(reached, standing.notes)) })
            }
            None => {
                let mut unseen = Unseen::from(subject.browser_only());
                unseen.grounds.reached = reached;
                Err(unseen)
            }
        };
    }
    let Standing { faults, doubts, mut notes, .. } = standing;
    let mut faults = faults.into_iter();
    if let Some(first) = faults.next() {
        // What else is wrong is said too, so that one edit mends all of it.
        notes.extend(faults.map(|t| note(t.code, NoteLevel::Warning, t.reason, t.places)));
        let opinion = Decided { opinion: super::Opinion::Fail, grounds: first.grounds(reached, notes) };
        return Ok(opinion);
    }
    match doubts.into_iter().next() {
        Some((gap, doubt)) => Err(Unseen { gap, grounds: Box::new(doubt.grounds(reached, notes)) }),
        None => Err(Gap::NoData.into()),
    }
}

fn stands(standing: Standing) -> Decided {
    let (vi, en) =
        ("Mã giám sát được gắn đúng và được cấu hình đủ.", "The monitoring code is embedded and configured.");
    let remark = standing.remark;
    let said = if remark.vi.is_empty() {
        Text::new(vi, en)
    } else {
        Text::new(format!("{vi} {}", remark.vi), format!("{en} {}", remark.en))
    };
    let mut pass = Decided::pass(said);
    pass.grounds.notes = standing.notes;
    pass.grounds.places = standing.places;
    pass.grounds.reached = standing.reached;
    pass.grounds.evidence =
        standing.ids.iter().map(|id| Evidence::Element { what: "site-id".to_owned(), text: id.clone() }).collect();
    pass.grounds.actual = standing.ids.first().cloned();
    pass
}

/// How sure the queue's own end state is: a doubt about it outweighs everything that seems to be missing.
fn queue_doubt(facts: &QueueFacts) -> Option<Trouble> {
    let (doubt, spot) = facts.doubt.clone()?;
    let (vi, en) = match doubt {
        Doubt::Cut => (
            "Hàng đợi của mã giám sát có quá nhiều lệnh nên không đọc được hết.",
            "The tracker's queue holds more commands than are looked at.",
        ),
        _ => (
            "Hàng đợi lệnh của mã giám sát có thể bị thay đổi bởi đoạn mã mà chỉ trình duyệt mới biết kết quả.",
            "The tracker's queue may be changed by code whose outcome only a browser knows.",
        ),
    };
    Some(Trouble::new("queue-in-doubt", vi, en).at([spot]))
}

fn is_sure(certainty: Certainty) -> bool {
    certainty == Certainty::Sure
}

/// Hosts of scripts the page runs but nobody read.
fn unread_scripts(page: &Page) -> Vec<&crate::snapshot::Unread> {
    page.unread.iter().filter(|u| u.kind == crate::snapshot::UnreadKind::Script).collect()
}
