//! Random tag soup: the tree is scraper's, and every recorded place holds the tag it is said to hold.
//! `PROPTEST_CASES` sets how many soups are tried.

use html5ever::ns;
use proptest::prelude::{Just, ProptestConfig, Strategy, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};
use scraper::Html;

use url::Url;

use super::page;
use crate::acquire::{Fetched, Needs, html};
use crate::snapshot::{Seen, Span};

const TAGS: &[&str] = &[
    "a",
    "b",
    "i",
    "p",
    "div",
    "span",
    "script",
    "style",
    "title",
    "textarea",
    "noscript",
    "template",
    "table",
    "tr",
    "td",
    "th",
    "tbody",
    "caption",
    "colgroup",
    "col",
    "select",
    "option",
    "optgroup",
    "svg",
    "math",
    "mi",
    "mtext",
    "annotation-xml",
    "foreignObject",
    "desc",
    "form",
    "input",
    "button",
    "img",
    "image",
    "br",
    "hr",
    "html",
    "head",
    "body",
    "frameset",
    "iframe",
    "noembed",
    "noframes",
    "xmp",
    "plaintext",
    "nobr",
    "font",
    "u",
    "em",
    "strong",
    "li",
    "ul",
    "dl",
    "dd",
    "h1",
    "h2",
    "pre",
    "listing",
    "object",
    "marquee",
    "applet",
    "ruby",
    "rp",
    "rt",
    "base",
    "meta",
    "link",
    "main",
    "x-y",
    "A",
    "DiV",
    "SCRIPT",
    "linearGradient",
    "clipPath",
];

fn tag() -> impl Strategy<Value = &'static str> {
    prop::sample::select(TAGS)
}

fn attribute() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(" href=/x".to_owned()),
        Just(" href='https://a.vn/?x=1&amp;y=2'".to_owned()),
        Just(" a=\">\"".to_owned()),
        Just(" a='</script>'".to_owned()),
        Just(" a=b a=c".to_owned()),
        Just("\r\n  data-x\r\n=\r\n\"y\r\nz\"".to_owned()),
        Just(" =".to_owned()),
        Just(" x=&notit;&#x41;&#0;&lt".to_owned()),
        Just(" \"".to_owned()),
        Just(" a=<".to_owned()),
        Just(" /".to_owned()),
        Just("/".to_owned()),
        Just(" type=hidden".to_owned()),
        Just(" encoding=text/html".to_owned()),
        Just(" charset=utf-8".to_owned()),
        Just(" shadowrootmode=open".to_owned()),
        Just(" ế='ừ\u{fffd}'".to_owned()),
    ]
}

fn piece() -> impl Strategy<Value = String> {
    let open = (tag(), prop::collection::vec(attribute(), 0..4))
        .prop_map(|(tag, attributes)| format!("<{tag}{}>", attributes.concat()));
    let close = (tag(), prop_oneof![Just(""), Just(" "), Just(" x=y"), Just("\r\n"), Just("/")])
        .prop_map(|(tag, rest)| format!("</{tag}{rest}>"));
    let odd = prop::sample::select(vec![
        "<",
        "<<",
        "</",
        "</>",
        "<!",
        "<?",
        "<?xml version='1.0'?>",
        "<!-",
        "<!-->",
        "<!--->",
        "<!--a-->",
        "<!-- <a> --!>",
        "-->",
        "<![CDATA[",
        "<![CDATA[]]>",
        "<![CDATA[x<a>]]>",
        "]]",
        "]]>",
        "<!DOCTYPE html>",
        "<!doctype",
        "&",
        "&amp;",
        "&am",
        "&notin;",
        "&#",
        "&#x",
        "&#xD;",
        "&#13;",
        "\r\n",
        "\r",
        "\n",
        "\t",
        " ",
        "\0",
        "<a\0b>",
        "ế",
        "e\u{301}",
        "😀",
        "\u{feff}",
        "<scr",
        "</scr",
        "<!--<script>",
        "</script",
        "'",
        "\"",
        ">",
        "=",
        "x",
        "1 < 2",
        "a<b",
        "\u{a0}",
    ]);
    prop_oneof![4 => open, 3 => close, 3 => odd.prop_map(str::to_owned)]
}

fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_tree_is_scrapers_and_the_places_are_exact(text in soup()) {
        let plain = Html::parse_document(&text);
        let doc = page(&text);
        prop_assert_eq!(&doc.html.tree, &plain.tree);
        prop_assert_eq!(doc.html.quirks_mode, plain.quirks_mode);
        prop_assert_eq!(doc.cut(), None);
        for (id, span) in doc.tags() {
            let element = doc.html.tree.get(id).and_then(|n| n.value().as_element()).unwrap();
            let written = doc.source.slice(span);
            let name = if element.name() == "img" && written.to_lowercase().starts_with("<image") { "image" } else { element.name() };
            let begin = format!("<{name}").to_lowercase();
            let written = written.replace('\0', "\u{fffd}").to_lowercase();
            prop_assert!(written.starts_with(&begin), "{begin:?} at {written:?}");
            let next = written[begin.len()..].chars().next();
            prop_assert!(next.is_some_and(|c| c.is_ascii_whitespace() || c == '/' || c == '>'), "{written:?}");
            prop_assert!(written.ends_with('>'), "{written:?}");
        }
        for (id, span) in doc.raw_texts() {
            let tag = doc.span(id).unwrap();
            prop_assert_eq!(tag.end, span.start);
            let after = &doc.source.text[span.end as usize..];
            let element = doc.html.tree.get(id).and_then(|n| n.value().as_element()).unwrap();
            let end = format!("</{}", element.name()).to_lowercase();
            let broken_off = doc.is_unclosed(id) && (after.is_empty() || after.starts_with('<'));
            prop_assert!(broken_off || after.to_lowercase().starts_with(&end), "{end:?} at {after:?}");
            if ["script", "style", "noscript", "iframe", "xmp", "noembed", "noframes"].contains(&element.name()) && element.name.ns == ns!(html) {
                let written = doc.source.slice(span).replace("\r\n", "\n").replace('\r', "\n").replace('\0', "\u{fffd}");
                let text: String = doc.html.tree.get(id).unwrap().children().filter_map(|n| n.value().as_text().map(|t| t.text.to_string())).collect();
                prop_assert_eq!(written, text);
            }
        }
        for span in doc.comments() {
            let written = doc.source.slice(*span);
            prop_assert!(["<!", "<?", "</"].iter().any(|s| written.starts_with(s)), "{written:?}");
        }
        // Elements that were written have a place, but for html, head and body, which may be merged.
        for node in doc.html.tree.root().descendants() {
            if let Some(element) = node.value().as_element() {
                let implied = ["html", "head", "body", "tbody", "tr", "colgroup", "p", "br"];
                let formatting = ["a", "b", "i", "nobr", "font", "u", "em", "strong"];
                prop_assert!(
                    doc.span(node.id()).is_some() || implied.contains(&element.name()) || formatting.contains(&element.name()),
                    "{:?} has no place", element.name()
                );
            }
        }
    }
}

/// Handlers, hosts and metas among the soup.
pub(super) fn rich_soup() -> impl Strategy<Value = String> {
    let extra = prop::sample::select(vec![
        "<a href=\"javascript:window.open('https://b.vn/')\">",
        "<a href=javascript:ế%e1%bb onclick=\"location='\\u12\">",
        "<a onclick=\"open(`//ế${\">",
        "<div onclick=\"f(')\\x4'+(\">",
        "<select id=ế onchange=x><option value=https://b.vn>",
        "<option>//b.vn",
        "<script>$('#ế').change(location)</script>",
        "<script src=data:;base64,%>",
        "<script type=x-text/javascript src=/a>",
        "<map name=m><area href=/x></map><img usemap=#m>",
        "<base href=ế:>",
        "<meta http-equiv=refresh content='1;url=\"ế'>",
        "<meta http-equiv=content-security-policy content=x>",
        "_q1",
        "ế_q1",
        "https://f.stat.vn/ế",
    ]);
    let either = prop_oneof![3 => piece(), 2 => extra.prop_map(str::to_owned)];
    prop::collection::vec(either, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_reader_takes_any_soup(text in rich_soup()) {
        let doc = page(&text);
        let address = Url::parse("https://a.gov.vn/x").unwrap();
        let base = html::base(&doc, &address);
        let slice = |span: Span| doc.source.text.get(span.start as usize..span.end as usize);
        for script in html::scripts(&doc, &base, &Needs::default(), &|_| Fetched::OtherHost) {
            prop_assert!(slice(script.tag).is_some() && slice(script.text).is_some());
            prop_assert!(script.text.start >= script.tag.end);
        }
        for link in html::links(&doc, &base, usize::MAX, &|_| Seen::Yes) {
            prop_assert!(slice(link.span).is_some_and(|tag| tag.starts_with('<')), "{link:?}");
            prop_assert!(link.text.chars().count() <= 120);
        }
        for mention in html::mentions(&doc, &super::mentions::tracker()) {
            prop_assert!(matches!(slice(mention.spot.span), Some("_q1" | "f.stat.vn")));
        }
        let text = html::visible_text(&doc);
        let _ = html::error_page(&html::title(&doc).unwrap_or_default(), &text, &doc.source.text, 0);
        let _ = html::csp_metas(&doc);
        let _ = html::refresh(&doc);
        let _ = html::elements(&doc, &["a b".to_owned(), "p:has(a)".to_owned()]);
        prop_assert_eq!(html::tidy(&text), text);
    }

    #[test]
    fn any_bytes_are_text_or_a_gap(bytes in prop::collection::vec(prop::num::u8::ANY, 0..400), head in piece()) {
        let page = [head.as_bytes(), &bytes].concat();
        for bytes in [&bytes, &page] {
            if let Ok(decoded) = html::decode(bytes, None) {
                prop_assert!(!decoded.text.trim().is_empty());
                let folded = html::fold(&decoded.text);
                prop_assert_eq!(html::fold(&folded), folded);
            }
        }
    }
}
