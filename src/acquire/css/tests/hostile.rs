//! Style sheets made to hurt: they must end soon, without panic and without eating the stack.

use std::time::{Duration, Instant};

use super::{Case, word};

fn ends(css: &str, body: &str) -> String {
    let start = Instant::now();
    let seen = word(&Case::of(css, body).at());
    assert!(start.elapsed() < Duration::from_secs(20), "took {:?}", start.elapsed());
    seen
}

const BODY: &str = "<p class=a><b id=t>x</b></p>";

#[test]
fn deep_and_long() {
    let n = 100_000;
    for opening in
        ["{", "a{", "(", "[", "a:not(", "@media (", "@media screen{", "a{b:", ":is(", "a{--x:{", "/*", "\"", "\\"]
    {
        ends(&opening.repeat(n), BODY);
    }
    let n = 20_000;
    assert_eq!(ends(&format!("{}#t{{display:none}}", "}".repeat(n)), BODY), "yes");
    let deep = format!("{}display:none{}", "&{".repeat(200), "}".repeat(200));
    ends(&format!("#t{{{deep}}}"), BODY);
    ends(&format!("#t{{{}}}", "display:none;".repeat(n)), BODY);
    ends(&"b{}".repeat(250_000), BODY);
    ends(&format!("{}{{display:none}}", ".a,".repeat(n)), BODY);
    ends(&format!("{}b{{display:none}}", ".a ".repeat(n)), BODY);
    ends(&format!("#t{{opacity:calc({}1{})}}", "(".repeat(n), ")".repeat(n)), BODY);
    ends(&format!("#t{{display:{}none}}", "var(--x,".repeat(n)), BODY);
    let names: String = (0..n).map(|i| format!("a{i},")).collect();
    ends(&format!("@layer {names}z;{}", "@layer{p{color:red}}".repeat(n)), BODY);
    ends(&(0..n).map(|i| format!("@import url(https://cdn.example/{i}.css);")).collect::<String>(), BODY);
    ends(&(0..n).map(|i| format!("@media (unheard-of:{i}){{b{{display:none}}}}")).collect::<String>(), BODY);
    ends(&(0..n).map(|i| format!("b{{--a{i}:x}}")).collect::<String>(), BODY);
}

#[test]
fn a_link_in_every_one_of_many_nested_folds() {
    let body = "<details><summary>s</summary><a href=#t>y</a>".repeat(1_400) + "<b id=t>x</b>";
    for (css, best) in [("", "details"), ("summary{display:none}", "details"), ("b{display:none}", "details")] {
        let start = Instant::now();
        let case = Case::of(css, &body);
        let links = scraper::Selector::parse("a").unwrap();
        let seen: Vec<String> = case.doc.html.select(&links).map(|a| word(&case.styles.seen(&case.doc, a))).collect();
        assert_eq!((seen.len(), seen.iter().all(|s| s == best)), (1_400, true), "{css}");
        // Each link once looked at every fold around it, and at all that each of them holds.
        assert!(start.elapsed() < Duration::from_secs(20), "{css}: took {:?}", start.elapsed());
    }
    let shut = Case::of("summary{display:none}", &body.replace("href=#t", "href=/"));
    assert_eq!(word(&shut.seen("a")), "hidden DisplayNone");
}

#[test]
fn many_links_under_many_boxes() {
    let css = "i,.w{position:absolute;inset:0;background:#fff}i{z-index:-1}";
    let links = "<a href=/x>y</a>".repeat(2_000);
    for around in ["<div><i></i>", "<div class=w><i></i>", "<div><i></i><i></i>"] {
        let start = Instant::now();
        let case = Case::of(css, &format!("<div class=w>{}{links}<b id=t>x</b>", around.repeat(1_000)));
        let found = scraper::Selector::parse("a").unwrap();
        let seen = case.doc.html.select(&found).filter(|a| word(&case.styles.seen(&case.doc, *a)) == "yes").count();
        assert_eq!(seen, 2_000, "{around}");
        // Each link once looked at every box around it, and at every element beside each of those.
        assert!(start.elapsed() < Duration::from_secs(20), "{around}: took {:?}", start.elapsed());
    }
}

#[test]
fn many_boxes_to_tick() {
    let css = "#c~.m{display:none}#c:checked~.m{display:block}";
    let boxes = "<input type=checkbox hidden>".repeat(30_000);
    for (opener, expected) in [
        ("<input type=checkbox id=c>", "menu DisplayNone"),
        ("<input type=checkbox id=c hidden>", "hidden DisplayNone"),
    ] {
        assert_eq!(ends(css, &format!("{boxes}{opener}<div class=m><a id=t href=/>x</a></div>")), expected);
    }
}

#[test]
fn costly_selectors() {
    let many = "<i class=a></i>".repeat(300);
    let body = format!("<div>{many}<b id=t class=a>x</b></div>");
    ends(&"b:has(~ i ~ i ~ i){display:none}".repeat(20), &body);
    ends(&".a~.a~.a~.a~.a~.q~.a{display:none}".repeat(200), &body);
    ends(&"b:nth-child(2n+1 of .a:not(:nth-last-child(3 of i))){display:none}".repeat(50), &body);
    let doubled = format!("{}display:none{}", "& & {".repeat(60), "}".repeat(60));
    ends(&format!("b{{{doubled}}}"), BODY);
    let listed = format!("{}display:none{}", "&,&{".repeat(60), "}".repeat(60));
    ends(&format!("b{{{listed}}}"), BODY);
    let has = ":has(*)".repeat(500);
    ends(&format!("*{has}{{display:none}}"), &body);
}

/// Every answer of a page's links, looked at in less than 20 seconds.
fn all(case: &Case) -> Vec<String> {
    let start = Instant::now();
    let links = scraper::Selector::parse("a").unwrap();
    let seen = case.doc.html.select(&links).map(|a| word(&case.styles.seen(&case.doc, a))).collect();
    assert!(start.elapsed() < Duration::from_secs(20), "took {:?}", start.elapsed());
    seen
}

#[test]
fn selectors_in_scripts_cost_so_much_for_a_page() {
    let body = format!("{}{}", "<div>".repeat(40), "<a hidden href=/x>x</a>".repeat(2_000));
    let seen = all(&Case::scripted("", &body, "var q = 'x * * * * * *'"));
    assert!(seen.len() == 2_000 && seen.iter().all(|s| s == "unsure HiddenAttribute"), "{:?}", seen.first());
    // What was asked once is kept: one element that costs much does not take it from all others.
    let parts = format!("<div hidden>{}</div>", "<a href=/x>x</a>".repeat(2_000));
    let seen = all(&Case::scripted("", &parts, "var q = 'x * * * * * *'"));
    assert!(seen.len() == 2_000 && seen.iter().all(|s| s == "hidden HiddenAttribute"), "{:?}", seen.first());
}

#[test]
fn more_selectors_in_scripts_than_are_kept() {
    let selectors = |n: usize| (0..n).map(|i| format!("'.k{i} > b',")).collect::<String>();
    for (n, expected) in [(3_000, "hidden HiddenAttribute"), (3_001, "unsure HiddenAttribute")] {
        let case = Case::scripted("", "<a id=t hidden href=/x>x</a>", &format!("q([{}])", selectors(n)));
        assert_eq!(word(&case.at()), expected, "{n}");
    }
}

#[test]
fn custom_properties_of_many_elements() {
    let root: String = (0..5_000).map(|i| format!("--a{i}:1;")).collect();
    let css = format!(":root{{{root}}}a{{opacity:var(--a7)}}.d{{opacity:var(--x)}}");
    let body = "<a style='--x:0' href=/x>x</a>".repeat(10_000) + "<a class=d style='--x:0' href=/x>x</a>";
    let seen = all(&Case::of(&css, &body));
    assert!(seen.iter().take(10_000).all(|s| s == "yes"));
    assert_eq!(seen.last().map(String::as_str), Some("hidden Transparent"));
    let deep = "<div style='--x:0'>".repeat(3_000) + "<a style='opacity:var(--x)' href=/x>x</a>";
    assert_eq!(all(&Case::of(&css, &deep)), ["hidden Transparent"]);
}

#[test]
fn an_element_of_many_classes() {
    let n = 20_000;
    let css: String = (0..n).map(|i| format!(".c{i}{{top:0}}")).collect();
    let names: String = (0..n).map(|i| format!("c{i} ")).collect();
    let seen = all(&Case::of(&css, &format!("<a href=/x class='{names}'>x</a>").repeat(2)));
    assert!(seen.iter().all(|s| s.starts_with("unsure")), "{seen:?}");
    let few: String = (0..200).map(|i| format!("c{i} ")).collect();
    assert_eq!(all(&Case::of(&css, &format!("<a href=/x class='{few}'>x</a>"))), ["yes"]);
}

#[test]
fn neighbours_of_many_parts() {
    let script = "$('.tg').click(function(){$(this).next().find('b').toggle()}); q('x * * * * *')";
    for part in ["<p>o</p><div hidden><a href=/x>x</a></div>", "<div hidden><a href=/x>x</a>"] {
        let seen = all(&Case::scripted("", &part.repeat(2_000), script));
        assert_eq!(seen.len(), 2_000);
        assert!(seen.iter().all(|s| !s.starts_with("yes")), "{part}");
    }
}

#[test]
fn deep_trees() {
    // The HTML parser itself takes time that grows with the square of the depth.
    let n = 3_000;
    let body = format!("{}<b id=t>x</b>", "<div>".repeat(n));
    assert_eq!(ends("div div div b{display:none}", &body), "hidden DisplayNone");
    ends("div div div div div div i ~ b, div > div + div b{display:none}", &body);
    ends("div{height:0;overflow:hidden;position:absolute;left:-9999px}", &body);
    let nested = format!("{}b{{display:none}}{}", format!("{}{{", "div ".repeat(60)).repeat(60), "}".repeat(60));
    ends(&nested, &body);
}

#[test]
fn every_prefix_of_a_sheet_is_read() {
    let css = "@import url('a');@layer a,b{}@media (min-width:1px) and (x){a:not(.b)>c{top:calc(1px + (2em*3));\
               background:url(x) #fff}}@supports not (a:b){}d::before{content:'\\'é'}[e='f' i]{all:unset}";
    for end in (0..css.len()).filter(|i| css.is_char_boundary(*i)) {
        Case::of(&css[..end], BODY).at();
        Case::of(&css[end..], BODY).at();
    }
}
