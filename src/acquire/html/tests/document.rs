//! Exact places on a messy page, and pages beyond all measure.

use scraper::{Html, Selector};

use super::page;
use crate::acquire::html::{Document, MAX_ATTRIBUTES, MAX_DEPTH, MAX_NODES, walk};

const MESSY: &str = "<!DOCTYPE html>\r\n<html lang=vi><head>\r\n<title>Cổng <a href='/no'> TTĐT</title>\r\n\
<script>\r\nif (a < b) document.write('<a href=/no>x</a>');</script >\r\n<!-- <a href=/no></a> -->\r\n\
<noscript><a href=/no>n</a></noscript></head><body>\r\n<p>Đơn vị: <a\r\n  href='https://a.gov.vn/?x=1&amp;y=\">\"'\r\n  title=\"a > b\"\r\n>A</a>\
<p>&aacute;&notin;&ampx <<a href=/b>B</a></>\
<a href=/c>C</a><table><tr><a href=/d>D</a><td>x</table><textarea>\n<a href=/no></textarea>\
<svg><![CDATA[<a href=/no>]]><![CDATA[]]><a xlink:href=/e>E</a><script>1 &lt; 2</script></svg>\
<template><script>t</script></template><script src=x.js></script></body></html>";

fn spans(doc: &Document, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).unwrap();
    doc.html
        .select(&selector)
        .map(|e| doc.span(e.id()).map_or_else(|| "-".to_owned(), |s| doc.source.slice(s).to_owned()))
        .collect()
}

fn text_of(doc: &Document, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).unwrap();
    doc.html
        .select(&selector)
        .map(|e| doc.text_span(e.id()).map_or_else(|| "-".to_owned(), |s| doc.source.slice(s).to_owned()))
        .collect()
}

#[test]
fn start_tags_of_a_messy_page() {
    let doc = page(MESSY);
    assert_eq!(
        spans(&doc, "a"),
        [
            "<a\r\n  href='https://a.gov.vn/?x=1&amp;y=\">\"'\r\n  title=\"a > b\"\r\n>",
            "<a href=/b>",
            "<a href=/c>",
            "<a href=/d>",
            "<a xlink:href=/e>"
        ]
    );
    assert_eq!(spans(&doc, "tbody"), ["-"]);
    assert_eq!(spans(&doc, "html"), ["<html lang=vi>"]);
    assert!(doc.structural());
    assert_eq!(doc.cut(), None);
}

#[test]
fn odd_trees_are_scrapers_too() {
    for text in ["<pre></>\nx", "<textarea>&\nx", "<listing>\r\n", "<pre>\n\nx", "<image><isindex>", "<a><p><a>"] {
        assert_eq!(page(text).html.tree, Html::parse_document(text).tree, "{text}");
    }
}

#[test]
fn raw_texts_of_a_messy_page() {
    let doc = page(MESSY);
    assert_eq!(text_of(&doc, "script"), ["\r\nif (a < b) document.write('<a href=/no>x</a>');", "1 &lt; 2", "t", ""]);
    assert_eq!(text_of(&doc, "title"), ["Cổng <a href='/no'> TTĐT"]);
    assert_eq!(text_of(&doc, "textarea"), ["\n<a href=/no>"]);
    assert_eq!(text_of(&doc, "noscript"), ["<a href=/no>n</a>"]);
    assert_eq!(text_of(&doc, "p"), ["-", "-"]);
    let slices = |spans: &[crate::snapshot::Span]| -> Vec<String> {
        spans.iter().map(|s| doc.source.slice(*s).to_owned()).collect()
    };
    assert_eq!(slices(doc.comments()), ["<!-- <a href=/no></a> -->"]);
    assert_eq!(slices(doc.template_contents()), ["<script>t</script>"]);
}

#[test]
fn unclosed_raw_text_ends_with_the_page() {
    assert_eq!(text_of(&page("<script>a();</scrip"), "script"), ["a();</scrip"]);
    assert_eq!(text_of(&page("<body><plaintext>a</plaintext>"), "plaintext"), ["a</plaintext>"]);
}

#[test]
fn shadow_roots_are_no_stock() {
    let doc = page("<div><template shadowrootmode=open><p id=p></template><template><p id=q></template></div>");
    assert_eq!(doc.template_contents().len(), 1);
    let inert: Vec<_> =
        walk::elements(&doc).filter_map(|(e, inert)| e.value().id().map(|id| (id.to_owned(), inert))).collect();
    assert_eq!(inert, [("p".to_owned(), false), ("q".to_owned(), true)]);
}

#[test]
fn a_copied_link_has_the_tag_it_was_copied_from() {
    let doc = page("<a href=/x>1<p>2</a>");
    assert_eq!(spans(&doc, "a"), ["<a href=/x>", "<a href=/x>"]);
}

#[test]
fn parts_of_pages_have_no_structural_tag() {
    assert!(!page("<p>a</p>").structural());
    assert!(!page("<!-- <html> --><script>'<body>'</script>").structural());
    assert!(page("<!doctype html>x").structural());
    assert!(page("x<body>").structural());
}

#[test]
fn depth_costs_no_stack() {
    // A small stack shows a recursion at once.
    let run = || {
        for tag in ["<div>", "<b>", "<a href=x><table><td>", "<svg><g>", "<template>", "<select><option>"] {
            let doc = page(&tag.repeat(100_000 / tag.len() * 5));
            assert!(walk::elements(&doc).count() > 100);
            let any = Selector::parse("html div").unwrap();
            assert!(doc.html.select(&any).count() < 100_001);
        }
    };
    std::thread::Builder::new().stack_size(512 * 1024).spawn(run).unwrap().join().unwrap();
}

#[test]
fn a_page_beyond_all_measure_is_cut() {
    let deep = page(&"<div>".repeat(100_000));
    let cut = deep.cut().unwrap();
    assert!((MAX_DEPTH * 5..(MAX_DEPTH + 600) * 5).contains(&cut), "{cut}");
    let wide = page(&"<br>".repeat(MAX_NODES + 50_000));
    assert!(wide.cut().is_some());
    assert!(wide.html.tree.values().len() < MAX_NODES + 1_000);
    assert_eq!(page(&"<div>".repeat(MAX_DEPTH - 600)).cut(), None);
    let slow = page(&format!("{}{}", "<div>".repeat(2_000), "<p>".repeat(150_000)));
    assert!(slow.cut().is_some_and(|cut| cut > 20_000 * 3));
}

#[test]
fn pieces_change_nothing() {
    let marks = "\u{feff}<p>\u{feff}x</p>\u{feff}\u{feff}<b>\r\n\u{feff}</b><script>\u{feff}</script>\u{feff}y";
    let text = format!(
        "{MESSY}{marks}<!-- ế --><!DOCTYPE html>&notit;&#x1EA5;<![CDATA[x]]></p></div><textarea>\n\r\nế</textarea>"
    );
    let whole = page(&text);
    for piece in 1..90 {
        let doc = Document::parse_by(whole.source.clone(), piece);
        assert_eq!(doc.html.tree, Html::parse_document(&text).tree, "pieces of {piece}");
        assert!(doc.tags().eq(whole.tags()), "pieces of {piece}");
        assert!(doc.raw_texts().eq(whole.raw_texts()), "pieces of {piece}");
        assert_eq!(doc.comments(), whole.comments(), "pieces of {piece}");
        assert_eq!(doc.template_contents(), whole.template_contents(), "pieces of {piece}");
    }
}

#[test]
fn a_tag_of_too_many_attributes_ends_the_page() {
    let tag = |n: usize, one: &dyn Fn(usize) -> String| (0..n).map(one).collect::<String>();
    let names = |n| tag(n, &|k| format!(" a{k}"));
    let quoted = |n| tag(n, &|k| format!(" a{k} = \"x > '\" b{k}='\"'c{k}=/./"));
    assert_eq!(page(&format!("<div{}>x</div>", names(MAX_ATTRIBUTES))).cut(), None);
    assert!(page(&format!("<div{}>x</div>", names(MAX_ATTRIBUTES + 1))).cut().is_some());
    assert!(page(&format!("<div{}>x</div>", quoted(MAX_ATTRIBUTES))).cut().is_some());
    // Every other sign of equality begins a value: `=a0 =a1` is one attribute.
    let equals = |n| format!("<div {}>x</div>", tag(n, &|k| format!("=a{k} ")));
    assert_eq!(page(&equals(2 * MAX_ATTRIBUTES)).cut(), None);
    assert!(page(&equals(2 * (MAX_ATTRIBUTES + 1))).cut().is_some());
    assert!(page(&format!("<div></div{}>x", names(MAX_ATTRIBUTES + 1))).cut().is_some());
    // A giant one is not read to its end: that would take minutes.
    let odd = tag(200_000, &|k| format!(" =a{k}"));
    for giant in [format!("<div{}>", names(1_000_000)), format!("<p>x</p{}>", quoted(200_000)), format!("<p{odd}>")] {
        let cut = page(&giant).cut().unwrap();
        assert!(cut < 200_000, "{cut} of {}", giant.len());
    }
    // What is only long is read.
    let long = [
        format!("<div title='{}'>x</div>", "a b=c ".repeat(50_000)),
        format!("<script>a<b{}</script>", names(50_000)),
        format!("<textarea><div{}</textarea>", names(50_000)),
        format!("<!-- <div{} -->", names(50_000)),
        format!("x < y{}", names(50_000)),
    ];
    for text in long {
        assert_eq!(page(&text).cut(), None, "{}", &text[..20]);
    }
}
