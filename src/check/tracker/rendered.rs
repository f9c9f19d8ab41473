//! A page that a browser showed: what its queue held when the library ran, or what the site did that kept the
//! library from running, and the requests that were seen. The bytes only give places, and the code of a fault that
//! they and the browser agree on.

mod cause;
mod event;
mod queue;

use super::configured::{self, Step, climb, collector_blocked, collector_policy};
use super::{Standing, Trouble, note};
use crate::check::Subject;
use crate::check::place::shown_address;
use crate::finding::{Basis, Evidence, NoteLevel};
use crate::policy::{Reach, Text, Tracker};
use crate::snapshot::{FaultKind, Gap, LibraryFrom, LibraryRequest, Page, QueueFacts, Rendered, TrackerRun};
use cause::{Cause, same_file};

/// What is asked of one visit.
#[derive(Debug, Clone, Copy)]
pub(in crate::check) struct Question<'a> {
    pub(super) subject: &'a Subject<'a>,
    /// What the bytes gave.
    pub(super) page: &'a Page,
    pub(super) tracker: &'a Tracker,
    /// The tracker's own part of it.
    pub(super) facts: &'a QueueFacts,
    /// What the browser saw.
    pub(super) rendered: &'a Rendered,
    /// The tracker's own part of that.
    pub(super) run: &'a TrackerRun,
}

impl Question<'_> {
    /// Where the page stands; `bytes` is where its bytes would have it.
    pub(super) fn stand(&self, bytes: &Standing) -> Standing {
        let seen = queue::facts(self);
        let mut standing = match host_trouble(self.run, self.rendered.library) {
            _ if self.run.after.is_some() => self.stopped(&seen, bytes),
            None if !self.run.ran => self.stopped(&seen, bytes),
            trouble => self.arrived(&seen, trouble),
        };
        standing.basis = Some(self.basis());
        standing.evidence.extend(self.run.library.as_ref().map(|library| request(library, self.rendered.library)));
        standing.notes.extend(self.commands_late());
        standing.notes.extend(self.differs(&standing, bytes));
        standing
    }

    fn basis(&self) -> Basis {
        match self.rendered.library {
            LibraryFrom::StandIn => Basis::StandIn,
            LibraryFrom::Live => Basis::Browser,
        }
    }

    /// Nothing of the site's kept the library from running: the queue decides.
    fn arrived(&self, seen: &QueueFacts, trouble: Option<Gap>) -> Standing {
        let mut standing = climb(self.subject, self.page, self.tracker, seen, self.sending());
        standing.remark = self.remark(trouble);
        if standing.reached == Some(Reach::Configured) {
            event::climb(self, &mut standing, trouble);
        }
        standing
    }

    /// Whether the page's security policy lets data through to the collector: only a request that was seen shows it
    /// in a browser, and the stand-in makes none.
    fn sending(&self) -> Step {
        let blocked = self.rendered.faults.iter().find(|fault| {
            fault.kind == FaultKind::Csp
                && fault.url.as_deref().is_some_and(|url| same_file(url, &self.tracker.collector))
        });
        if let Some(fault) = blocked.filter(|_| self.run.sent.is_empty()) {
            let trouble = collector_blocked().at(self.page.csp.iter().find_map(|csp| csp.spot.clone()));
            return Step::fault(trouble.wants(configured::host_of(&self.tracker.collector), fault.text.clone()));
        }
        if self.run.sent.is_empty() { collector_policy(self.tracker, self.page) } else { Step::default() }
    }

    fn remark(&self, trouble: Option<Gap>) -> Text {
        match (self.rendered.library, trouble) {
            (LibraryFrom::StandIn, _) => Text::new(
                "Mã giám sát chạy trong trình duyệt; thư viện giám sát được mô phỏng.",
                "The snippet ran in a browser; the library was simulated.",
            ),
            (LibraryFrom::Live, None) => {
                Text::new("Thư viện giám sát đã chạy trong trình duyệt.", "The library ran in a browser.")
            }
            (LibraryFrom::Live, Some(gap)) => {
                let gap = gap.name();
                Text::new(
                    format!("Máy chủ giám sát không đưa được thư viện chạy được ({gap}); đó không phải lỗi của trang."),
                    format!("The tracker's server gave no library that runs ({gap}); that is not the site's doing."),
                )
            }
        }
    }

    /// The site kept the library from running, or never asked for it.
    fn stopped(&self, seen: &QueueFacts, bytes: &Standing) -> Standing {
        let empty = seen.commands.is_empty() && seen.loads.is_empty();
        let mut standing = if empty {
            Standing::default()
        } else {
            climb(self.subject, self.page, self.tracker, seen, Step::default())
        };
        let most = if self.run.after.is_some() || self.run.only_in_frame { Reach::Text } else { Reach::Addressed };
        let reached = if empty { bytes.reached.map(|r| r.min(Reach::Text)) } else { standing.reached };
        standing.reached = reached.map(|r| r.min(most));
        if seen.commands.is_empty() {
            // What never ran pushed nothing; the id that is written is still the page's.
            (standing.ids, standing.id_places) = (bytes.ids.clone(), bytes.id_places.clone());
        }
        match cause::of(self, seen, bytes, std::mem::take(&mut standing.faults)) {
            Cause::Certain(troubles) => standing.faults = distinct(troubles),
            Cause::Open(gap, trouble) => standing.doubts = vec![(gap, trouble)],
        }
        standing
    }

    /// Commands that the library did not find when it ran.
    fn commands_late(&self) -> Option<crate::finding::Note> {
        let late = queue::commands(self, &self.run.later);
        if late.is_empty() {
            return None;
        }
        let said = Text::new(
            format!("{} lệnh được đưa vào hàng đợi sau khi thư viện đã chạy; chúng không được tính.", late.len()),
            format!("{} commands came after the library ran; they do not count.", late.len()),
        );
        let mut places: Vec<_> =
            late.iter().take(10).map(|c| crate::finding::Place::within(&c.spot.source, c.spot.span)).collect();
        places.dedup();
        Some(note("commands-late", NoteLevel::Warning, said, places))
    }

    /// The bytes seemed to say something else than the browser showed.
    fn differs(&self, standing: &Standing, bytes: &Standing) -> Option<crate::finding::Note> {
        let stood = |s: &Standing| s.reaches(Reach::Configured);
        let (vi, en) = match (stood(bytes), stood(standing), bytes.faults.first()) {
            (true, false, _) if !standing.faults.is_empty() => (
                "mã giám sát được gắn đúng và được cấu hình đủ.".to_owned(),
                "the monitoring code is embedded and configured.".to_owned(),
            ),
            (false, true, Some(fault)) => (fault.reason.vi.clone(), fault.reason.en.clone()),
            _ => return None,
        };
        let said = Text::new(
            format!("Chỉ đọc mã nguồn thì thấy: {vi} Kết quả được xét theo trình duyệt."),
            format!("The page's bytes alone seem to say: {en} The browser decides."),
        );
        Some(note("static-differs", NoteLevel::Info, said, bytes.places.clone()))
    }
}

/// Each code once, the first of each.
fn distinct(troubles: Vec<Trouble>) -> Vec<Trouble> {
    let mut kept: Vec<Trouble> = Vec::new();
    for trouble in troubles {
        if !kept.iter().any(|k| k.code == trouble.code) {
            kept.push(trouble);
        }
    }
    kept
}

/// The stand-in's answer is ours: as evidence only what a server answered has a status.
fn request(library: &LibraryRequest, from: LibraryFrom) -> Evidence {
    let status = library.status.filter(|_| from == LibraryFrom::Live);
    Evidence::Request { method: "GET".to_owned(), url: shown_address(&library.url), status }
}

/// Why the library did not run although the site did its part: the tracker's own server. `None` when it ran, was
/// never asked for, or the page itself stopped it.
pub(in crate::check) fn host_trouble(run: &TrackerRun, from: LibraryFrom) -> Option<Gap> {
    let asked = run.library.as_ref().filter(|l| !run.ran && l.blocked.is_none() && from == LibraryFrom::Live)?;
    Some(match (asked.gap, asked.status) {
        (Some(gap), _) => gap,
        // It came, and threw or was no script.
        (None, Some(status)) => Gap::of_status(status).unwrap_or(Gap::NoData),
        (None, None) => Gap::Timeout,
    })
}
