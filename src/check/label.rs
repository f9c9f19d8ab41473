//! `label`: a visible label says that the site is connected. It is worth nothing without a working snippet,
//! and what the library adds at run time is the browser's to see: from bytes alone the answer is often open.

mod rendered;

use super::{Decided, Judged, Opinion, Subject, Unseen, note, tracker};
use crate::finding::{self, Evidence, Note, NoteLevel, Place, safe};
use crate::policy::{LabelCheck, Text};
use crate::snapshot::{Gap, Hiding, InjectedLabel, LabelFacts, OwnLabel, Page, Seen, Technique};

pub(super) fn judge(check: &LabelCheck, subject: &Subject<'_>) -> Judged {
    let (name, tracker) = subject.tracker(check.tracker.as_deref())?;
    let page = subject.page?;
    let facts = page.labels.get(name).ok_or(Gap::NoData)?;
    let standing = tracker::stand(subject, name, tracker)?;
    let (reached, basis) = (standing.reached, standing.basis);
    let sights = subject.rendered().map(|r| rendered::Sights::of(name, r, page, facts)).transpose()?;
    match tracker::verdict(standing, check.reach, subject) {
        Err(mut unseen) => {
            unseen.grounds.notes.clear();
            unseen.grounds.reason = Text::new(
                format!("Chưa xác định được mã giám sát nên chưa kết luận được nhãn. {}", unseen.grounds.reason.vi),
                format!("The snippet could not be decided, so the label cannot be. {}", unseen.grounds.reason.en),
            );
            return Err(unseen);
        }
        Ok(Decided { opinion: Opinion::Fail, grounds }) => {
            let claims = sights.map_or_else(|| claims(facts, page), |sights| sights.claims());
            let mut decided = unconnected(facts, claims, grounds.places);
            (decided.grounds.reached, decided.grounds.basis) = (reached, basis);
            return Ok(decided);
        }
        Ok(_) => {}
    }
    let mut judged = sights.map_or_else(|| connected(facts, page, subject), |sights| sights.judge());
    let grounds = match &mut judged {
        Ok(decided) => &mut decided.grounds,
        Err(unseen) => &mut unseen.grounds,
    };
    (grounds.reached, grounds.basis) = (reached, basis);
    if grounds.code == Some("label-hidden") {
        // The innermost element is the label itself; around it every rebuild may put more.
        let element = tracker.label.as_ref().and_then(|label| label.selectors.last());
        grounds.subjects = element.map(|selector| finding::Subject::element(selector)).into_iter().collect();
    }
    judged
}

/// Labels of the page's own that a person may see: where they are, and what they say.
type Claims = (Vec<Place>, Vec<Evidence>);

fn claims(facts: &LabelFacts, page: &Page) -> Claims {
    let claims: Vec<&OwnLabel> = facts.own.iter().filter(|l| !matches!(l.seen, Seen::Hidden(_))).collect();
    (places(&claims, page), shown(claims.iter().map(|l| &*l.text)))
}

/// The snippet does not work: a label then says what is not so.
fn unconnected(facts: &LabelFacts, (places, said): Claims, snippet: Vec<Place>) -> Decided {
    if said.is_empty() {
        let mut decided = Decided::fail(
            "not-connected",
            Text::new(
                "Mã giám sát chưa hoạt động nên trang không có nhãn thể hiện việc đã kết nối.",
                "The snippet does not work, so the page has no label that shows the connection.",
            ),
        );
        decided.grounds.places = snippet;
        decided.grounds.notes.extend(hidden_too(facts));
        return decided;
    }
    let mut decided = Decided::fail(
        "label-without-connection",
        Text::new(
            "Trang hiện nhãn đã kết nối trong khi mã giám sát chưa hoạt động.",
            "The page shows a label that it is connected while the snippet does not work.",
        ),
    );
    (decided.grounds.places, decided.grounds.evidence) = (places, said);
    decided
}

/// A rule that hides the label would fail the page again once the snippet is mended, so it is said now.
fn hidden_too(facts: &LabelFacts) -> Option<Note> {
    let InjectedLabel::Hidden(hiding) = &facts.injected else { return None };
    let (vi, en) = technique(hiding.technique);
    Some(note(
        "label-hidden",
        NoteLevel::Warning,
        Text::new(
            format!("Khi mã giám sát hoạt động, nhãn vẫn bị ẩn ({vi})."),
            format!("Once the snippet works, the label is still hidden ({en})."),
        ),
        place_of(hiding).into_iter().collect(),
    ))
}

/// The snippet works: the page's own label, then what becomes of the one the library adds.
fn connected(facts: &LabelFacts, page: &Page, subject: &Subject<'_>) -> Judged {
    let visible: Vec<&OwnLabel> = facts.own.iter().filter(|l| matches!(l.seen, Seen::Yes)).collect();
    if !visible.is_empty() {
        let mut decided = Decided::pass(Text::new(
            "Trang có nhãn kết nối nhìn thấy được và mã giám sát được cấu hình đủ.",
            "The page has a visible label and a configured snippet.",
        ));
        decided.grounds.places = places(&visible, page);
        decided.grounds.evidence = shown(visible.iter().map(|l| &*l.text));
        if let InjectedLabel::Hidden(hiding) = &facts.injected {
            decided.grounds.notes.push(hidden_already(place_of(hiding).into_iter().collect()));
        }
        return Ok(decided);
    }
    let unsure_own = facts.own.iter().find_map(|l| match &l.seen {
        Seen::Unsure(hiding) => Some(hiding),
        _ => None,
    });
    // A label of the page's own that may show would make up for the library's.
    if let InjectedLabel::Hidden(hiding) = &facts.injected
        && unsure_own.is_none()
    {
        let (vi, en) = technique(hiding.technique);
        let mut decided = Decided::fail(
            "label-hidden",
            Text::new(
                format!("Nhãn do thư viện giám sát thêm vào bị ẩn ({vi})."),
                format!("The label the library adds is hidden ({en})."),
            ),
        );
        decided.grounds.places = place_of(hiding).into_iter().collect();
        decided.grounds.evidence.push(Evidence::Element { what: "technique".to_owned(), text: en.to_owned() });
        return Ok(decided);
    }
    let conditional = match &facts.injected {
        InjectedLabel::Conditional(hiding) => Some(hiding),
        _ => None,
    };
    if let Some(hiding) = conditional.or(unsure_own) {
        let (vi, en) = technique(hiding.technique);
        let mut unseen = Unseen::new(
            subject.needs_browser(),
            "label-in-doubt",
            Text::new(
                format!("Nhãn có thể bị ẩn ({vi}) tùy một điều kiện mà rà soát tĩnh không tính được."),
                format!("The label may be hidden ({en}) under a condition that the bytes do not decide."),
            ),
        );
        unseen.grounds.places = place_of(hiding).into_iter().collect();
        return Err(unseen);
    }
    if !facts.scripted.is_empty() {
        let mut unseen = Unseen::new(
            subject.needs_browser(),
            "label-scripted",
            Text::new(
                "Script của trang tác động đến nhãn; nhãn có thể bị ẩn khi trang chạy.",
                "A script of the page touches the label and may hide it at run time.",
            ),
        );
        unseen.grounds.places = facts.scripted.iter().take(10).map(|s| Place::of(&s.source, s.span)).collect();
        return Err(unseen);
    }
    Err(Unseen::new(
        subject.browser_only(),
        "label-at-run-time",
        Text::new(
            "Nhãn do thư viện giám sát thêm vào khi trang chạy; chỉ trình duyệt mới thấy được.",
            "The library adds the label at run time; only a browser can see it.",
        ),
    ))
}

/// The library's label is hidden, which does not matter beside one of the page's own.
fn hidden_already(places: Vec<Place>) -> Note {
    let said = Text::new(
        "Nhãn do thư viện giám sát tự thêm bị ẩn; nhãn riêng của trang được tính.",
        "The label the library adds is hidden; the page's own label counts.",
    );
    note("injected-label-hidden", NoteLevel::Info, said, places)
}

fn places(labels: &[&OwnLabel], page: &Page) -> Vec<Place> {
    labels.iter().take(10).map(|l| Place::of(&page.source, l.span)).collect()
}

/// What labels say, as evidence.
fn shown<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<Evidence> {
    texts.take(10).map(|text| Evidence::Element { what: "label".to_owned(), text: safe(text, 100) }).collect()
}

fn place_of(hiding: &Hiding) -> Option<Place> {
    hiding.spot.as_ref().map(|s| Place::of(&s.source, s.span))
}

/// A way of hiding, in words.
pub(super) fn technique(technique: Technique) -> (&'static str, &'static str) {
    match technique {
        Technique::DisplayNone => ("display: none", "display: none"),
        Technique::Visibility => ("visibility: hidden", "visibility: hidden"),
        Technique::Transparent => ("trong suốt hoàn toàn", "fully transparent"),
        Technique::HiddenAttribute => ("thuộc tính hidden hoặc phần tử không hiển thị", "hidden attribute or element"),
        Technique::Clipped => ("bị cắt hết bằng clip", "clipped away"),
        Technique::OffScreen => ("đặt ra ngoài màn hình", "moved off the screen"),
        Technique::ZeroSize => ("kích thước bằng không", "zero size"),
        Technique::ContentVisibility => ("content-visibility: hidden", "content-visibility: hidden"),
        Technique::SameColour => ("chữ cùng màu với nền", "text in the colour of its background"),
        Technique::ClosedDetails => ("nằm trong mục đang đóng", "inside a closed section"),
        Technique::Covered => ("bị phần tử khác che khuất", "covered by another element"),
    }
}
