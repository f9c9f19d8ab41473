//! The links of a home page as they are judged: as a browser showed them, with their places in the page's bytes,
//! else as the bytes have them. Where the two disagree about a wanted site it says why.

use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};

use url::Url;

use super::lead::{Lead, leads};
use super::target::{Declared, Target, Targets};
use super::{Best, Counts, Reached};
use crate::check::csp::CspPolicy;
use crate::check::label::technique;
use crate::check::{Subject, note};
use crate::finding::{Note, NoteLevel, Place};
use crate::policy::Text;
use crate::snapshot::{
    Csp, Hiding, Link, LinkForm, LinkKind, LinkReach, LinkSight, OptionHandler, Page, Rendered, Seen, Span, Technique,
};

/// The links that decide.
pub(super) fn links<'a>(subject: &Subject<'a>, page: &'a Page) -> Cow<'a, [Link]> {
    match subject.rendered() {
        Some(rendered) => Cow::Owned(as_written(rendered, page)),
        None if code_is_blocked(page) => Cow::Owned(page.links.iter().cloned().map(without_code).collect()),
        None => Cow::Borrowed(&page.links),
    }
}

/// Whether the page's policy forbids the code of attributes, as far as one can say without reading each of them: no
/// digest is that of a zero.
fn code_is_blocked(page: &Page) -> bool {
    let blocks = |csp: &Csp| CspPolicy::parse(&csp.text, &page.address).iter().any(|p| !p.allows_handler("\0"));
    page.csp.iter().any(blocks)
}

/// A link that needs such code: a script elsewhere, or a digest in the policy, may make it work all the same.
fn without_code(mut link: Link) -> Link {
    link.form = match link.form {
        LinkForm::Option(OptionHandler::Inline) => LinkForm::Option(OptionHandler::MaybeScript),
        LinkForm::Script => LinkForm::ScriptUnknown,
        form => form,
    };
    link
}

/// What a browser showed, in the form that bytes are read into. A link that the bytes do not hold has an empty span.
fn as_written(rendered: &Rendered, page: &Page) -> Vec<Link> {
    let mut written: HashMap<Url, VecDeque<&Link>> = HashMap::new();
    for link in &page.links {
        if let Ok(address) = page.base.join(&link.href) {
            written.entry(address).or_default().push_back(link);
        }
    }
    let found = rendered.links.iter().map(|sight| {
        let href = sight.leads_to.as_ref().unwrap_or(&sight.href);
        let address = page.base.join(href).ok();
        let link = address.and_then(|address| written.get_mut(&address)?.pop_front());
        Link {
            form: form(sight, link),
            href: href.clone(),
            span: link.map_or(Span::new(0, 0), |link| link.span),
            text: sight.text.clone(),
            seen: seen(sight.reach, link),
        }
    });
    found.collect()
}

fn form(sight: &LinkSight, written: Option<&Link>) -> LinkForm {
    let led = sight.leads_to.is_some();
    match sight.kind {
        LinkKind::Anchor => LinkForm::Anchor,
        LinkKind::Area => LinkForm::Area,
        LinkKind::Svg => LinkForm::Svg,
        LinkKind::Option if led => LinkForm::Option(OptionHandler::Inline),
        // Nobody chose it: it may still lead somewhere.
        LinkKind::Option if sight.reach == LinkReach::Untried => LinkForm::Option(OptionHandler::MaybeScript),
        LinkKind::Option => LinkForm::Option(OptionHandler::None),
        LinkKind::Script if led => LinkForm::Script,
        LinkKind::Script if sight.reach == LinkReach::Untried => LinkForm::ScriptUnknown,
        // Neither lane knows where it leads.
        LinkKind::Script if written.is_some_and(|link| link.form == LinkForm::ScriptUnknown) => LinkForm::ScriptUnknown,
        LinkKind::Script => LinkForm::Option(OptionHandler::None),
    }
}

/// How a person gets to see it. A menu that the bytes show to open is one, even when it did not open for the browser.
fn seen(reach: LinkReach, written: Option<&Link>) -> Seen {
    let by = |technique: Technique| Hiding { technique, spot: None };
    match reach {
        LinkReach::Visible => Seen::Yes,
        LinkReach::Menu => Seen::InMenu(by(Technique::DisplayNone)),
        LinkReach::Details => Seen::InDetails,
        LinkReach::Untried => Seen::Unsure(by(Technique::DisplayNone)),
        LinkReach::Hidden(technique) => match written.map(|link| &link.seen) {
            Some(Seen::InMenu(hiding)) if technique == Technique::DisplayNone || technique == hiding.technique => {
                Seen::InMenu(hiding.clone())
            }
            _ => Seen::Hidden(by(technique)),
        },
    }
}

/// Wanted sites that one lane finds linked and the other does not, each with the reason.
pub(super) fn differences(
    reached: &Reached<'_>,
    shown: &[Lead<'_>],
    (targets, declared): (&Targets, &Declared<'_>),
    page: &Page,
) -> Vec<Note> {
    let read = leads(&page.links, &page.base);
    let by_bytes = Reached::by(&read, targets, declared, page);
    let pairs = targets.list().iter().zip(by_bytes.best.iter().zip(&reached.best));
    pairs.filter_map(|(target, (bytes, browser))| difference(target, *bytes, *browser, (&read, shown), page)).collect()
}

fn difference(
    target: &Target,
    bytes: Option<Best<'_>>,
    browser: Option<Best<'_>>,
    (read, shown): (&[Lead<'_>], &[Lead<'_>]),
    page: &Page,
) -> Option<Note> {
    let counts = |best: Option<Best<'_>>| best.is_some_and(|best| best.counts == Counts::Yes);
    let written = bytes.and_then(|best| read.get(best.lead)).map(|lead| lead.link);
    let met = browser.and_then(|best| shown.get(best.lead)).map(|lead| lead.link);
    let name = target.name();
    let (vi, en) = match (counts(bytes), counts(browser)) {
        (true, false) => match met.map(|link| &link.seen) {
            Some(Seen::Hidden(by)) => {
                let (vi, en) = technique(by.technique);
                (
                    format!(
                        "Theo mã nguồn thì thấy được liên kết đến {name}, nhưng trong trình duyệt nó bị ẩn ({vi})."
                    ),
                    format!("By the bytes the link to {name} is seen, but in a browser it is hidden ({en})."),
                )
            }
            Some(_) => (
                format!(
                    "Theo mã nguồn thì có liên kết đến {name}, nhưng trình duyệt không chắc người dùng đi theo được."
                ),
                format!(
                    "By the bytes there is a link to {name}, but a browser does not show that a person can follow it."
                ),
            ),
            None => (
                format!("Mã nguồn có liên kết đến {name}, nhưng script của trang đã bỏ hoặc đổi nó trong trình duyệt."),
                format!("The bytes have a link to {name}, but a script takes it away or changes it in a browser."),
            ),
        },
        (false, true) => match written {
            Some(_) => (
                format!(
                    "Theo mã nguồn thì chưa chắc người dùng đi theo được liên kết đến {name}; trình duyệt cho thấy là được."
                ),
                format!("By the bytes the link to {name} may not be followed; a browser shows that a person can."),
            ),
            None => (
                format!("Mã nguồn không có liên kết đến {name}; script của trang thêm vào khi chạy."),
                format!("The bytes have no link to {name}; a script adds it at run time."),
            ),
        },
        _ => return None,
    };
    let span = written.or(met).map_or(Span::new(0, 0), |link| link.span);
    Some(note("lanes-differ", NoteLevel::Info, Text::new(vi, en), vec![Place::within(&page.source, span)]))
}
