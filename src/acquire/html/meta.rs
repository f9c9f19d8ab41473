//! What a page says about itself: base address, title, security policies, refresh, its text.
//! Reads each the way the HTML standard does.

use std::sync::Arc;

use html5ever::ns;
use scraper::ElementRef;
use url::Url;

use super::Document;
use super::content::content;
use super::walk::telling_here;
use crate::snapshot::{Csp, Refresh, Span, Spot};

/// Characters of a page's text that are kept: enough to recognise an error page.
const TEXT: usize = 4_000;
/// Characters of a title that are kept.
const TITLE: usize = 500;

/// What relative addresses are resolved against: the first `<base href>`, else the page's address.
#[must_use]
pub fn base(doc: &Document, address: &Url) -> Url {
    let href = telling_here(doc).filter(|e| is_html(e, "base")).find_map(|e| e.attr("href"));
    let named = href.and_then(|href| address.join(href).ok());
    named.filter(|url| !matches!(url.scheme(), "data" | "javascript")).unwrap_or_else(|| address.clone())
}

/// The text of the first `<title>`, tidy.
#[must_use]
pub fn title(doc: &Document) -> Option<String> {
    telling_here(doc).find(|e| is_html(e, "title")).map(|e| content(*e, TITLE, false))
}

/// The address that the page gives as its own: `<link rel=canonical>`, else `<meta property=og:url>`. Absolute http
/// or https only, without user name, query and fragment.
#[must_use]
pub fn own_address(doc: &Document) -> Option<Url> {
    let is_canonical = |e: &ElementRef<'_>| {
        is_html(e, "link")
            && e.attr("rel").is_some_and(|r| r.split_ascii_whitespace().any(|r| r.eq_ignore_ascii_case("canonical")))
    };
    let named = telling_here(doc).filter(is_canonical).find_map(|e| absolute(e.attr("href")?));
    let is_og = |e: &ElementRef<'_>| is_html(e, "meta") && e.attr("property") == Some("og:url");
    named.or_else(|| telling_here(doc).filter(is_og).find_map(|e| absolute(e.attr("content")?)))
}

fn absolute(text: &str) -> Option<Url> {
    let mut url = Url::parse(text.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    // Fails only for addresses that cannot hold either.
    let _ = (url.set_username(""), url.set_password(None));
    url.set_query(None);
    url.set_fragment(None);
    Some(url)
}

/// The text of the page as a person reads it, tidy, cut at 4,000 characters.
#[must_use]
pub fn visible_text(doc: &Document) -> String {
    first_words(doc, TEXT)
}

/// The same, cut after `most` characters.
#[must_use]
pub fn first_words(doc: &Document, most: usize) -> String {
    content(doc.html.tree.root(), most, false)
}

/// Whether the text is only a part of a page: no doctype, html, head or body tag.
#[must_use]
pub fn is_fragment(doc: &Document) -> bool {
    !doc.structural()
}

/// Content security policies of `<meta>` elements in the head; each binds what follows it.
#[must_use]
pub fn csp_metas(doc: &Document) -> Vec<Csp> {
    let metas = telling_here(doc).filter(|e| is_pragma(e, "content-security-policy"));
    let in_head =
        metas.filter(|e| e.parent().and_then(ElementRef::wrap).is_some_and(|parent| is_html(&parent, "head")));
    in_head
        .filter_map(|e| {
            let text = e.attr("content").map(str::trim).filter(|text| !text.is_empty())?;
            let span = doc.span(e.id())?;
            let spot = Spot { source: Arc::clone(&doc.source), span };
            Some(Csp { text: text.to_owned(), spot: Some(spot), binds_from: span.end })
        })
        .collect()
}

/// Where a `<meta http-equiv=refresh>` sends the visitor; `None` when the page only loads itself again.
#[must_use]
pub fn refresh(doc: &Document) -> Option<Refresh> {
    let metas = telling_here(doc).filter(|e| is_pragma(e, "refresh"));
    let (delay, to, span) = metas
        .filter_map(|e| {
            let (delay, to) = parse_refresh(e.attr("content")?)?;
            Some((delay, to, doc.span(e.id()).unwrap_or(Span::new(0, 0))))
        })
        // Only the first that can be read counts, even when it names no address.
        .next()?;
    to.filter(|to| !to.trim().is_empty()).map(|to| Refresh { to, delay, by_script: false, span })
}

/// Where a `Refresh` header sends the visitor.
#[must_use]
pub fn sent_refresh(header: &str) -> Option<Refresh> {
    let (delay, to) = parse_refresh(header)?;
    let to = to.filter(|to| !to.trim().is_empty())?;
    Some(Refresh { to, delay, by_script: false, span: Span::new(0, 0) })
}

fn is_html(element: &ElementRef<'_>, name: &str) -> bool {
    element.value().name.ns == ns!(html) && element.value().name() == name
}

fn is_pragma(element: &ElementRef<'_>, name: &str) -> bool {
    is_html(element, "meta") && element.attr("http-equiv").is_some_and(|value| value.eq_ignore_ascii_case(name))
}

/// Seconds and address of a refresh, after the standard's shared declarative refresh steps.
fn parse_refresh(content: &str) -> Option<(u32, Option<String>)> {
    let content = content.trim_ascii_start();
    let digits = content.len() - content.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, rest) = content.split_at(digits);
    if number.is_empty() && !rest.starts_with('.') {
        return None;
    }
    let delay = if number.is_empty() { 0 } else { number.parse().unwrap_or(u32::MAX) };
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let Some(first) = rest.chars().next() else { return Some((delay, None)) };
    if !matches!(first, ';' | ',') && !first.is_ascii_whitespace() {
        return None;
    }
    let rest = rest.trim_ascii_start();
    let rest = rest.strip_prefix([';', ',']).unwrap_or(rest).trim_ascii_start();
    if rest.is_empty() {
        return Some((delay, None));
    }
    Some((delay, Some(refresh_address(rest).to_owned())))
}

fn refresh_address(text: &str) -> &str {
    let mut rest = text;
    for (letter, capital) in [('u', 'U'), ('r', 'R'), ('l', 'L')] {
        match rest.strip_prefix([letter, capital]) {
            Some(after) => rest = after,
            // Without `u` there may be quotes; after it the whole text is the address.
            None if letter == 'u' => return unquoted(text),
            None => return text,
        }
    }
    match rest.trim_ascii_start().strip_prefix('=') {
        Some(after) => unquoted(after.trim_ascii_start()),
        None => text,
    }
}

fn unquoted(text: &str) -> &str {
    for quote in ['\'', '"'] {
        if let Some(inner) = text.strip_prefix(quote) {
            return inner.split(quote).next().unwrap_or(inner);
        }
    }
    text
}
