//! Specificity and matching of single selectors.

use std::cell::Cell;

use scraper::{ElementRef, Html};

use super::{Matcher, Namespaces, Selector, pack, parse_list};

fn parse(text: &str) -> Option<Vec<Selector>> {
    parse_list(text, None, &Namespaces::new())
}

#[test]
fn specificity() {
    let table = [
        ("*", (0, 0, 0)),
        ("li", (0, 0, 1)),
        ("ul li", (0, 0, 2)),
        ("ul ol+li", (0, 0, 3)),
        ("h1 + *[rel=up]", (0, 1, 1)),
        ("ul ol li.red", (0, 1, 3)),
        ("li.red.level", (0, 2, 1)),
        ("#x34y", (1, 0, 0)),
        ("#s12:not(foo)", (1, 0, 1)),
        (".foo :is(.bar, #baz)", (1, 1, 0)),
        (":is(em, #foo)", (1, 0, 0)),
        (".qux:where(em, #foo#bar#baz)", (0, 1, 0)),
        (":nth-child(even of li, .item)", (0, 2, 0)),
        (":not(em, strong#foo)", (1, 0, 1)),
        (":has(> img, .a .b)", (0, 2, 0)),
        ("a:hover", (0, 1, 1)),
        ("a::before", (0, 0, 2)),
        (":nth-child(2n+1)", (0, 1, 0)),
        (":is()", (0, 0, 0)),
    ];
    for (text, (ids, classes, types)) in table {
        let selector = &parse(text).unwrap()[0];
        assert_eq!(selector.specificity, pack(ids, classes, types), "{text}");
    }
}

#[test]
fn matching() {
    let html = Html::parse_document(
        "<!DOCTYPE html><body><ul id=u class='a b'><li>1<li class=c data-x='One two'>2<li lang=vi-VN>3\
         <p></ul><div><a href=x><span id=s></span></a><input type=CHECKBOX checked></div>",
    );
    let fuel = Cell::new(1_000_000);
    let matcher = Matcher { quirks: false, fuel: &fuel };
    let count = |text: &str| {
        parse(text).map(|list| {
            let all = html.tree.root().descendants().filter_map(ElementRef::wrap);
            all.filter(|el| list.iter().any(|s| matcher.matches(s, *el))).count()
        })
    };
    let table = [
        ("li", Some(3)),
        ("ul > li", Some(3)),
        ("body li", Some(3)),
        ("LI", Some(3)),
        ("#u.a.b", Some(1)),
        ("#U", Some(0)),
        (".A", Some(0)),
        ("li + li", Some(2)),
        ("li ~ li", Some(2)),
        ("li:first-child", Some(1)),
        ("li:last-of-type", Some(1)),
        ("li:nth-child(odd)", Some(2)),
        ("li:nth-child(-n+2)", Some(2)),
        ("li:nth-last-child(1)", Some(1)),
        (":nth-child(1 of .c)", Some(1)),
        ("p:only-child", Some(1)),
        ("li:not(.c)", Some(2)),
        ("li:not(.c, [lang])", Some(1)),
        ("[data-x]", Some(1)),
        ("[data-x='One two']", Some(1)),
        ("[data-x='one two']", Some(0)),
        ("[data-x='one two' i]", Some(1)),
        ("[data-x~=two]", Some(1)),
        ("[data-x^=One]", Some(1)),
        ("[data-x$=two]", Some(1)),
        ("[data-x*='e t']", Some(1)),
        ("[data-x*='']", Some(0)),
        ("[type=checkbox]", Some(1)),
        ("[type=checkbox s]", Some(0)),
        ("[lang|=vi]", Some(1)),
        (":lang(vi)", Some(2)),
        (":checked", Some(1)),
        (":root", Some(1)),
        (":root > body", Some(1)),
        ("a:link", Some(1)),
        ("a:any-link", Some(1)),
        ("a:visited", Some(0)),
        ("a:hover", Some(0)),
        ("span:empty", Some(1)),
        ("p:empty", Some(1)),
        ("ul:has(.c)", Some(1)),
        ("ul:has(> .c + li)", Some(1)),
        ("ul:has(> span)", Some(0)),
        ("ul:has(+ div span)", Some(1)),
        ("ul:has(~ div)", Some(1)),
        ("div:has(a > span)", Some(1)),
        (":is(ul, div) :is(li, a)", Some(4)),
        (":is(li, :unknown)", Some(3)),
        (":where(:unknown)", Some(0)),
        ("li:not(:unknown)", None),
        ("li:unknown", None),
        ("li::unknown", None),
        ("li::-webkit-anything", Some(3)),
        ("li, :unknown", None),
        ("li >", None),
        ("> li", None),
        ("li..c", None),
        ("li#1", None),
        ("", None),
        ("li,", None),
        ("li{}", None),
        ("[a=b=c]", None),
        (":has(:has(a))", None),
        ("&", Some(1)),
        (":enabled", Some(1)),
        ("li:host", Some(0)),
    ];
    for (text, expected) in table {
        assert_eq!(count(text), expected, "{text}");
    }
}
