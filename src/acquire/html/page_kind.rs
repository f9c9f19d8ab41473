//! Recognises pages that are not the site: error pages, default pages of servers, parked domains, maintenance
//! notices, challenges and blocks. Strong evidence is a title that says nothing else on a page with little text
//! and few links; anything less is only a doubt, so that an article about an error is never taken for one.

use super::page_signs::{SIGNS, Sign};
use super::text::fold;
use crate::snapshot::Gap;

/// What a page seems to be instead of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageKind {
    /// Why the site was not seen.
    pub gap: Gap,
    /// Sure enough not to judge the page as the site.
    pub strong: bool,
}

/// Most characters and links of an error page under a site's own name.
const NAMED: (usize, usize) = (400, 3);
/// Most characters of a page whose title alone tells.
const BARE: usize = 120;

/// Bytes of the markup looked through: these pages are small.
const MARKUP: usize = 60_000;

/// What a page seems to be instead of the site; `None` for what looks like a site. `title` and `text` are the
/// page's as [`super::title`] and [`super::visible_text`] give them, `html` its source, `links` how many it has.
#[must_use]
pub fn error_page(title: &str, text: &str, html: &str, links: usize) -> Option<PageKind> {
    let title = fold(title);
    if title.starts_with("index of /") && fold(text).starts_with("index of /") {
        return Some(PageKind { gap: Gap::Placeholder, strong: true });
    }
    // On a page with more links than any sign allows only the title can tell: most pages are such.
    let few = SIGNS.iter().any(|sign| links <= sign.links);
    let text = if few { fold(text) } else { String::new() };
    let markup = if few { markup(html) } else { String::new() };
    let page = Seen { characters: text.chars().count(), title, text, markup, links };
    let mut doubt = None;
    for sign in SIGNS {
        match page.strength(sign) {
            Some(true) => return Some(PageKind { gap: sign.gap, strong: true }),
            Some(false) if doubt.is_none() => doubt = Some(PageKind { gap: sign.gap, strong: false }),
            _ => {}
        }
    }
    doubt
}

/// Whether a page with next to nothing on it only hands out a cookie by script and loads again.
#[must_use]
pub fn is_cookie_gate(text: &str, html: &str, links: usize) -> bool {
    if !is_bare(text, links) {
        return false;
    }
    let markup = markup(html);
    let leads = ["location.reload(", "location.href=", "location.replace(", "location.assign(", "location="];
    markup.contains("document.cookie=") && leads.iter().any(|way| markup.contains(way))
}

/// Whether a page has so little on it that it may only be there to lead on.
#[must_use]
pub fn is_bare(text: &str, links: usize) -> bool {
    links <= 2 && text.chars().count() <= BARE
}

/// The beginning of the markup without white space, in lower case.
fn markup(html: &str) -> String {
    let begin = &html[..html.floor_char_boundary(MARKUP)];
    begin.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect()
}

struct Seen {
    title: String,
    text: String,
    markup: String,
    characters: usize,
    links: usize,
}

/// How a title says what a page is.
#[derive(PartialEq, Eq)]
enum Titled {
    /// It says nothing else.
    Only,
    /// It says a name besides.
    Named,
    No,
}

impl Seen {
    /// Whether the page has the signs: `Some(true)` beyond doubt.
    fn strength(&self, sign: &Sign) -> Option<bool> {
        let short = self.characters <= sign.characters && self.links <= sign.links;
        let says = sign.says.iter().any(|phrase| self.text.contains(phrase));
        let titled = self.titled(sign.titles);
        let marked = sign.marks.iter().any(|mark| self.markup.contains(mark));
        let whole = self.links <= 2
            && sign.texts.contains(&self.text.as_str())
            && (self.title.is_empty() || titled == Titled::Only);
        let named = self.characters <= NAMED.0 && self.links <= NAMED.1;
        let sure = named && sign.sure.iter().any(|phrase| self.text.contains(phrase));
        let strong = whole
            || sure
            || (short && titled == Titled::Only && (says || self.characters <= BARE))
            || (named && titled == Titled::Named && says)
            || (marked && self.links <= 2 && (self.characters <= BARE || (short && says)));
        let weak = titled != Titled::No || (marked && short) || (says && named && self.title.is_empty());
        if strong { Some(true) } else { weak.then_some(false) }
    }

    fn titled(&self, titles: &[&str]) -> Titled {
        let mut parts =
            self.title.replace(" | ", " - ").replace(" – ", " - ").replace(" — ", " - ").replace(" :: ", " - ");
        parts = parts.replace(": ", " - ");
        let known = |part: &str| titles.contains(&part.trim());
        let mut split = parts.split(" - ");
        if titles.contains(&self.title.as_str()) || split.clone().all(known) {
            Titled::Only
        } else if split.clone().last().is_some_and(known) || split.next().is_some_and(known) {
            Titled::Named
        } else {
            Titled::No
        }
    }
}
