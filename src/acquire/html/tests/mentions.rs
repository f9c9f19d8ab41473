//! Where a page names the tracker outside its scripts, and what `element` checks find.

use super::page;
use crate::acquire::html::{elements, mentions};
use crate::policy::{Calls, Tracker};
use crate::snapshot::Idle;

pub(super) fn tracker() -> Tracker {
    Tracker {
        queue: "_q1".into(),
        calls: Calls { page_view: "view".into(), site_id: "id".into(), collector: "to".into() },
        library: "https://f.stat.vn/embed/x.js".into(),
        collector: "https://f.stat.vn/in".into(),
        site_id: "^[0-9]+$".into(),
        label: None,
        snippet: None,
    }
}

fn found(text: &str) -> Vec<(Idle, String)> {
    let found = mentions(&page(text), &tracker());
    found.into_iter().map(|m| (m.idle, m.spot.source.slice(m.spot.span).to_owned())).collect()
}

#[test]
fn a_script_that_was_taken_away_with_its_body_is_still_no_markup() {
    assert_eq!(
        found("<div><script a=_q1>_q1</script></div><frameset><frame src=_q1>"),
        [(Idle::Markup, "_q1".to_owned())]
    );
}

#[test]
fn a_host_in_capitals_is_the_same_host() {
    let hosts = |text: &str| found(text).into_iter().map(|(_, host)| host).collect::<Vec<_>>();
    assert_eq!(
        hosts("<p title='//F.Stat.VN/x f.stat.vn.evil f.stat.vnx xf.stat.vn F.STAT.VN'>"),
        ["F.Stat.VN", "F.STAT.VN"]
    );
}

#[test]
fn each_place_has_its_reason() {
    let queue = |idle| (idle, "_q1".to_owned());
    let text = "<!-- <script>_q1.push()</script> --><script>_q1</script><script src=https://f.stat.vn/embed/x.js></script>\
        <noscript><img src=//F.stat.vn/in></noscript><template><p title=_q1>_q1</p><script>_q1</script></template>\
        <p data-x='_q1'>_q1<svg><script>_q1<!-- _q1 --></script></svg><link href=//f.stat.vn><style>/* _q1 */</style>\
        <div><template shadowrootmode=open>_q1</template></div><textarea>_q1</textarea>";
    let expected = [
        queue(Idle::HtmlComment),
        (Idle::Noscript, "F.stat.vn".to_owned()),
        queue(Idle::Template),
        queue(Idle::Template),
        queue(Idle::Markup),
        queue(Idle::Markup),
        (Idle::Markup, "f.stat.vn".to_owned()),
        queue(Idle::Markup),
        queue(Idle::Markup),
        queue(Idle::Markup),
    ];
    assert_eq!(found(text), expected);
}

#[test]
fn parts_of_longer_names_are_no_mention() {
    for text in [
        "x_q1",
        "_q12",
        "_q1_",
        "$_q1",
        "URL_q1Law",
        "_q1-au",
        "a-_q1",
        "_q1ế",
        "_Q1",
        "f.stat.vn.example.org",
        "x.f.stat.vn",
        "f.stat.vnn",
        "f-f.stat.vn",
        "f.stat.vn-a",
    ] {
        assert_eq!(found(&format!("<p>{text}</p>")), [], "{text}");
    }
    for text in ["window._q1.push", "'_q1'", "(_q1)", "https://f.stat.vn:443/", "f.stat.vn.", "f.stat.vn/in"] {
        assert_eq!(found(&format!("<p>{text}</p>")).len(), 1, "{text}");
    }
}

#[test]
fn elements_by_selector() {
    let doc =
        page("<p class=x>Một &nbsp; hai</p><template><p class=x>t</p></template><table><tr><td class=x><img alt=A>");
    let found = elements(&doc, &[".x".into(), "tbody".into(), "!!".into(), ".none".into()]);
    let texts = |name: &str| -> Vec<&str> { found[name].iter().map(|m| m.text.as_str()).collect() };
    assert_eq!(texts(".x"), ["Một hai", "A"]);
    assert!(found["tbody"][0].span.is_none());
    assert!(found["!!"].is_empty() && found[".none"].is_empty());
    assert_eq!(doc.source.slice(found[".x"][0].span.unwrap()), "<p class=x>");
}
