//! What is looked for in short cuts is what a look at every element finds.

use proptest::prelude::{Just, ProptestConfig, Strategy, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::test_runner::TestCaseError;
use scraper::{ElementRef, Selector};
use url::Url;

use super::page;
use super::soup::rich_soup;
use crate::acquire::html::walk::{acting, handling, is_inert_template, telling};
use crate::acquire::html::{Document, elements, first_words, links, visible_text};
use crate::acquire::page::{FEW_LINKS, FEW_WORDS};
use crate::snapshot::{Link, Seen};

/// Every element below the root with whether a template holds it, without any list.
fn plainly(doc: &Document) -> Vec<(ElementRef<'_>, bool)> {
    let below = doc.html.tree.root().descendants().filter_map(ElementRef::wrap);
    below.map(|e| (e, e.ancestors().any(is_inert_template))).collect()
}

fn of(doc: &Document, most: usize) -> Vec<Link> {
    links(doc, &Url::parse("https://a.gov.vn/x").unwrap(), most, &|_| Seen::Yes)
}

fn hrefs(links: &[Link]) -> Vec<(&str, u32)> {
    links.iter().map(|link| (link.href.as_str(), link.span.start)).collect()
}

/// Pages that seldom make the parser move an element, but hold all that it treats in a way of its own.
fn calm_soup() -> impl Strategy<Value = String> {
    let names = vec![
        "p", "div", "ul", "li", "h1", "form", "button", "select", "option", "svg", "math", "title", "noscript",
        "style", "html", "head", "body", "frameset", "frame", "noframes", "a", "b", "script", "caption", "tbody", "tr",
        "td",
    ];
    let open = prop::sample::select(names.clone()).prop_map(|name| format!("<{name}>"));
    let close = prop::sample::select(names).prop_map(|name| format!("</{name}>"));
    let other = prop::sample::select(vec![
        "x",
        " ",
        "<!-- c -->",
        "<meta charset=utf-8>",
        "<link href=x>",
        "<base href=y>",
        "<img onload=f()>",
        "<html onclick=a>",
        "<body onload=b>",
        "<input onfocus=c>",
        "<script src=s></script>",
        "<title>t</title>",
        "<table><tr><td>",
        "</table>",
        "<br>",
        "</p>",
        "<!doctype html>",
        "<svg><title>u</title><script>v</script></svg>",
    ]);
    let piece = prop_oneof![4 => open, 3 => close, 3 => other.prop_map(str::to_owned)];
    let seldom = prop_oneof![9 => Just(""), 1 => Just("<template><script>w</script></template>")];
    (prop::collection::vec(piece, 0..25), seldom).prop_map(|(pieces, seldom)| pieces.concat() + seldom)
}

/// The lists that are looked through in the place of all elements hold what those hold, in their order.
fn lists_are_plain(doc: &Document) -> Result<(), TestCaseError> {
    let all = plainly(doc);
    let ids = |list: &mut dyn Iterator<Item = ElementRef<'_>>| list.map(|e| e.id()).collect::<Vec<_>>();
    let named = ["script", "meta", "link", "base", "title"];
    let tells = all.iter().filter(|(e, _)| named.contains(&e.value().name()));
    let told: Vec<_> = telling(doc).map(|(e, inert)| (e.id(), inert)).collect();
    prop_assert_eq!(told, tells.map(|(e, inert)| (e.id(), *inert)).collect::<Vec<_>>());
    let acts = || all.iter().filter(|(_, inert)| !inert).map(|(e, _)| *e);
    prop_assert_eq!(ids(&mut acting(doc)), ids(&mut acts()));
    let handles = |e: &ElementRef<'_>| e.value().attrs().any(|(name, _)| name.starts_with("on"));
    prop_assert_eq!(ids(&mut handling(doc)), ids(&mut acts().filter(handles)));
    Ok(())
}

const SELECTORS: [&str; 9] =
    ["a", "a b", "p:has(a)", "*", "p > a, td", "p:nth-child(2n+1)", "li + li", ":not(p)", "[onclick]"];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lists_hold_all_and_nothing_else(text in rich_soup()) {
        lists_are_plain(&page(&text))?;
    }

    #[test]
    fn lists_made_while_the_tree_is_built_hold_all_and_nothing_else(text in calm_soup()) {
        lists_are_plain(&page(&text))?;
    }

    #[test]
    fn selectors_find_what_each_element_says_of_itself(text in rich_soup()) {
        let doc = page(&text);
        let found = elements(&doc, &SELECTORS.map(str::to_owned));
        for written in SELECTORS {
            let selector = Selector::parse(written).unwrap();
            let matching = plainly(&doc).into_iter().filter(|(e, inert)| !inert && selector.matches(e));
            let spans: Vec<_> = matching.map(|(e, _)| doc.span(e.id())).collect();
            prop_assert_eq!(found[written].iter().map(|m| m.span).collect::<Vec<_>>(), spans, "{}", written);
        }
    }

    #[test]
    fn a_few_links_are_the_first_of_all(text in rich_soup(), times in 1_usize..12, most in 1_usize..30) {
        let doc = page(&text.repeat(times));
        let (few, all) = (of(&doc, most), of(&doc, usize::MAX));
        prop_assert_eq!(hrefs(&few), &hrefs(&all)[..few.len()]);
        prop_assert!(few.len() >= most || few.len() == all.len());
    }

    #[test]
    fn the_first_words_are_all_or_more_than_a_page_says_that_is_loading(text in rich_soup(), times in 1_usize..12) {
        let doc = page(&text.repeat(times));
        let (first, all) = (first_words(&doc, FEW_WORDS), visible_text(&doc));
        prop_assert!(first == all || (all.starts_with(&first) && first.chars().count() > 100), "{first:?}");
    }

    #[test]
    fn few_links_tell_a_page_with_next_to_none_from_others(text in rich_soup(), times in 1_usize..4) {
        let doc = page(&text.repeat(times));
        let (few, all) = (of(&doc, FEW_LINKS).len(), of(&doc, usize::MAX).len());
        for limit in 0..=2 {
            prop_assert_eq!(few <= limit, all <= limit);
        }
    }
}

#[test]
fn a_thousand_matches_are_the_first_thousand_of_the_page() {
    // A table's stray paragraphs are made after its cells and stand before it.
    let text = format!("<table><tr><td id=c>x</td></tr>{}</table>", "<p>a</p>".repeat(1_100));
    let doc = page(&text);
    let found = &elements(&doc, &["p, td".to_owned()])["p, td"];
    assert_eq!(found.len(), 1_000);
    assert!(found.iter().all(|m| m.text == "a"), "the cell comes after the paragraphs");
}

#[test]
fn only_pages_that_are_built_in_order_are_listed_while_they_are_built() {
    let plain = |text: &str| !page(text).noted.shuffled;
    assert!(plain(
        "<!doctype html><head><title>a</title></head><body onload=x><p>b<p>c<ul><li>d<table><tr><td>e</table>"
    ));
    assert!(plain("<a href=x>a<a href=y>b</a><form><div></form></div>"), "what is closed late moves nothing");
    assert!(!plain("<table><p>a</p></table>"), "put before the table");
    assert!(!plain("<b><p>a</b>b</p>"), "moved out of the formatting");
    assert!(!plain("<template><p>a</p></template>"), "a stock of nodes");
    assert!(!plain("<div><script>a</script></div><frameset>"), "a body that is taken away");
}

#[test]
fn handlers_that_come_to_an_element_later_are_listed_once() {
    let doc = page("<html onclick=a><body onload=b><p onclick=c></p><body onload=d onblur=e><html onblur=f>");
    let names: Vec<&str> = handling(&doc).map(|e| e.value().name()).collect();
    assert_eq!(names, ["html", "body", "p"]);
}
