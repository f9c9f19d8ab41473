//! The labels that a browser showed, for a site whose snippet works: one that a person sees at a desk passes; what
//! hides one is named with its place; what the tracker's own server did not bring stays open.

use super::{Claims, hidden_already, place_of, shown, technique};
use crate::check::{Decided, Judged, Unseen, note, place, tracker};
use crate::finding::{Evidence, NoteLevel, Place, safe};
use crate::policy::Text;
use crate::snapshot::{
    Concealment, FaultKind, Gap, InjectedLabel, LabelFacts, LabelSight, LabelSights, LibraryFrom, Page, PageFault,
    Rendered, TrackerRun,
};

/// The labels of one tracker, and what the bytes know of them.
#[derive(Debug)]
pub(super) struct Sights<'a> {
    seen: &'a LabelSights,
    run: &'a TrackerRun,
    from: LibraryFrom,
    page: &'a Page,
    facts: &'a LabelFacts,
    faults: &'a [PageFault],
}

/// A person at a desk can see it, be it after closing what lies over it.
fn is_seen(label: &&LabelSight) -> bool {
    label.desktop.hidden.is_none()
}

/// What hides it on a phone.
fn on_phone(label: &LabelSight) -> Option<&Concealment> {
    label.phone.as_ref()?.hidden.as_ref()
}

impl<'a> Sights<'a> {
    pub(super) fn of(name: &str, rendered: &'a Rendered, page: &'a Page, facts: &'a LabelFacts) -> Result<Self, Gap> {
        let seen = rendered.labels.get(name).ok_or(Gap::NoData)?;
        let run = rendered.trackers.get(name).ok_or(Gap::NoData)?;
        Ok(Self { seen, run, from: rendered.library, page, facts, faults: &rendered.faults })
    }

    /// Labels of the page's own that a person sees.
    pub(super) fn claims(&self) -> Claims {
        let claims: Vec<&LabelSight> = self.seen.own.iter().filter(is_seen).collect();
        (self.own_places(&claims), shown(claims.iter().map(|l| &*l.text)))
    }

    pub(super) fn judge(&self) -> Judged {
        let own: Vec<&LabelSight> = self.seen.own.iter().filter(is_seen).collect();
        if !own.is_empty() {
            return Ok(self.own(&own));
        }
        let injected: Vec<&LabelSight> = self.seen.injected.iter().filter(is_seen).collect();
        if !injected.is_empty() {
            return Ok(self.injected(&injected));
        }
        if self.seen.cut {
            return Err(Unseen::new(
                Gap::NoData,
                "labels-cut",
                self.said(
                    "Trang quá lớn hoặc quá chậm nên trình duyệt chưa xem hết các nhãn trong thời hạn.",
                    "The page is too large or too slow: the browser could not look at all labels in time.",
                ),
            ));
        }
        let hidden = || self.seen.injected.iter().filter_map(|label| Some((label, label.desktop.hidden.as_ref()?)));
        let simulated = self.from == LibraryFrom::StandIn;
        if let Some((label, by)) = hidden().find(|(_, by)| simulated && !by.anywhere) {
            let mut unseen = Unseen::new(
                Gap::NoData,
                "placement-unknown",
                self.said(
                    "Nhãn bị ẩn ở vị trí mô phỏng, nhưng có thể thấy được nếu thư viện thật đặt nhãn ở chỗ khác.",
                    "The label is hidden where the stand-in puts it, but may be seen where the real library puts it.",
                ),
            );
            unseen.grounds.places = self.hidden_at(by);
            unseen.grounds.evidence = evidence(label, by);
            return Err(unseen);
        }
        if let Some((label, by)) = hidden().next() {
            return Ok(self.hidden(label, by));
        }
        if self.seen.removed {
            let mut decided = Decided::fail(
                "label-removed",
                self.said(
                    "Thư viện giám sát đã thêm nhãn vào trang nhưng script của trang gỡ nhãn đi.",
                    "The library put the label on the page, and a script of the page took it away.",
                ),
            );
            decided.grounds.places = self.scripted();
            return Ok(decided);
        }
        Err(self.none())
    }

    /// The page's own label is seen; what becomes of the library's does not matter then.
    fn own(&self, labels: &[&LabelSight]) -> Decided {
        let mut decided = Decided::pass(Text::new(
            "Trang có nhãn kết nối nhìn thấy được trong trình duyệt và mã giám sát được cấu hình đủ.",
            "A browser shows a label of the page's own, and the snippet is configured.",
        ));
        decided.grounds.places = self.own_places(labels);
        decided.grounds.evidence = shown(labels.iter().map(|l| &*l.text));
        self.add_circumstances(&mut decided, labels);
        let all_hidden = !self.seen.injected.is_empty() && !self.seen.injected.iter().any(|l| is_seen(&l));
        if let Some(by) = self.seen.injected.first().and_then(|l| l.desktop.hidden.as_ref()).filter(|_| all_hidden) {
            decided.grounds.notes.push(hidden_already(self.hidden_at(by)));
        }
        decided
    }

    fn injected(&self, labels: &[&LabelSight]) -> Decided {
        let mut decided = Decided::pass(self.said(
            "Nhãn do thư viện giám sát thêm vào nhìn thấy được trong trình duyệt.",
            "A browser shows the label that the library adds.",
        ));
        decided.grounds.places = vec![Place::whole(&self.page.source.origin)];
        decided.grounds.evidence = shown(labels.iter().map(|l| &*l.text));
        self.add_circumstances(&mut decided, labels);
        decided
    }

    /// The picture, and what a person meets first or on a phone, of the label that is seen best.
    fn add_circumstances(&self, decided: &mut Decided, labels: &[&LabelSight]) {
        let Some(best) = labels.iter().min_by_key(|l| (l.desktop.dismissed.is_some(), on_phone(l).is_some())) else {
            return;
        };
        decided.grounds.evidence.extend(picture(best));
        if let Some(clicked) = &best.desktop.dismissed {
            let clicked = safe(clicked, 80);
            decided.grounds.notes.push(note(
                "label-behind-banner",
                NoteLevel::Info,
                Text::new(
                    format!("Nhãn nằm dưới một lớp phủ đóng được bằng một lần bấm (“{clicked}”), sau đó thấy được."),
                    format!("The label lies below something that one click closes (“{clicked}”), and is seen then."),
                ),
                Vec::new(),
            ));
        }
        if let Some(by) = labels.iter().map(|l| on_phone(l)).reduce(Option::and).flatten() {
            let (vi, en) = technique(by.technique);
            decided.grounds.notes.push(note(
                "label-hidden-on-phone",
                NoteLevel::Warning,
                Text::new(
                    format!("Trên màn hình điện thoại (390 × 844) nhãn bị ẩn ({vi})."),
                    format!("On a phone's screen (390 × 844) the label is hidden ({en})."),
                ),
                self.hidden_at(by),
            ));
        }
    }

    fn hidden(&self, label: &LabelSight, by: &Concealment) -> Decided {
        let (vi, en) = technique(by.technique);
        let mut decided = Decided::fail(
            "label-hidden",
            self.said(
                &format!("Nhãn do thư viện giám sát thêm vào bị ẩn trong trình duyệt ({vi})."),
                &format!("In a browser the label that the library adds is hidden ({en})."),
            ),
        );
        decided.grounds.places = self.hidden_at(by);
        decided.grounds.evidence = evidence(label, by);
        decided.grounds.actual = by.declaration.as_ref().map(|declaration| safe(declaration, 200));
        decided
    }

    /// Nothing came that could be seen or hidden.
    fn none(&self) -> Unseen {
        let trouble = tracker::host_trouble(self.run, self.from).or_else(|| self.threw().then_some(Gap::NoData));
        match trouble {
            Some(gap) => {
                let name = gap.name();
                Unseen::new(
                    gap,
                    "library-unavailable",
                    Text::new(
                        format!(
                            "Mã giám sát đúng, nhưng máy chủ giám sát không đưa được thư viện chạy được ({name}) nên không có nhãn để xem; đó không phải lỗi của trang."
                        ),
                        format!(
                            "The snippet is right, but the tracker's server gave no library that runs ({name}), so there is no label to look at; that is not the site's doing."
                        ),
                    ),
                )
            }
            None => Unseen::new(
                Gap::NoData,
                "label-not-added",
                self.said(
                    "Thư viện giám sát đã chạy nhưng không thấy thêm nhãn vào trang.",
                    "The library ran, but was not seen to add a label to the page.",
                ),
            ),
        }
    }

    /// The real library began to run, and broke off.
    fn threw(&self) -> bool {
        let library = self.run.library.as_ref().filter(|_| self.from == LibraryFrom::Live).map(|l| l.url.as_str());
        let in_library = |fault: &PageFault| {
            fault.kind == FaultKind::Exception
                && fault.place.as_ref().is_some_and(|at| Some(at.url.as_str()) == library)
        };
        self.faults.iter().any(in_library)
    }

    /// A sentence about the label that the library adds, with what a reader must know of it.
    fn said(&self, vi: &str, en: &str) -> Text {
        match self.from {
            LibraryFrom::Live => Text::new(vi, en),
            LibraryFrom::StandIn => Text::new(
                format!("{vi} Nhãn này được mô phỏng theo mẫu đã biết, không phải do thư viện thật thêm vào."),
                format!("{en} This label was simulated after the known markup; the real library did not add it."),
            ),
        }
    }

    /// Where the page's own labels are written: those that say the same, in order.
    fn own_places(&self, labels: &[&LabelSight]) -> Vec<Place> {
        let written = &self.facts.own;
        let mut used = vec![false; written.len()];
        let at = |label: &&LabelSight| {
            let said = label.text.to_lowercase();
            let n = written.iter().zip(&used).position(|(own, used)| !used && own.text.to_lowercase() == said)?;
            used[n] = true;
            Some(Place::of(&self.page.source, written[n].span))
        };
        let mut places: Vec<Place> = labels.iter().take(10).filter_map(at).collect();
        if places.is_empty() && !labels.is_empty() {
            places.push(Place::whole(&self.page.source.origin));
        }
        places
    }

    /// Where it is written that a label is hidden: the declaration; a script for what stands in its own style; else
    /// what the bytes know.
    fn hidden_at(&self, by: &Concealment) -> Vec<Place> {
        if let Some(at) = &by.place {
            return vec![place::place_of(at, self.page)];
        }
        if by.inline {
            return self.scripted();
        }
        let known = match &self.facts.injected {
            InjectedLabel::Hidden(hiding) | InjectedLabel::Conditional(hiding) => {
                place_of(hiding).filter(|_| hiding.technique == by.technique)
            }
            InjectedLabel::Shown => None,
        };
        vec![known.unwrap_or_else(|| Place::whole(&self.page.source.origin))]
    }

    /// Scripts that name the label's elements.
    fn scripted(&self) -> Vec<Place> {
        let spots = &self.facts.scripted;
        if spots.is_empty() {
            return vec![Place::whole(&self.page.source.origin)];
        }
        spots.iter().take(10).map(|spot| Place::within(&spot.source, spot.span)).collect()
    }
}

fn evidence(label: &LabelSight, by: &Concealment) -> Vec<Evidence> {
    let element = |what: &str, text: String| Evidence::Element { what: what.to_owned(), text };
    let mut all = vec![element("technique", technique(by.technique).1.to_owned())];
    all.push(element("hidden-by", safe(&by.element, 200)));
    all.extend(by.declaration.as_ref().map(|declaration| element("declaration", safe(declaration, 200))));
    all.extend(picture(label));
    all
}

fn picture(label: &LabelSight) -> Option<Evidence> {
    label.screenshot.as_ref().map(|path| Evidence::Screenshot { path: safe(path, 300) })
}
