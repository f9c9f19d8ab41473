//! Whether there is a body while a script runs, after the tree construction of the HTML standard (13.2.6.4.1 to .7).

use std::sync::Arc;

use super::page::needs;
use super::{Page, loads, names};
use crate::acquire::Fetched;
use crate::acquire::html::{Document, scripts};
use crate::snapshot::{Origin, Source};

const U: &str = "https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js";

fn bodies(page: &str) -> Vec<bool> {
    let doc = Document::parse(Arc::new(Source::new(Origin::default(), page.to_owned())));
    let base = url::Url::parse("https://tinh-a.gov.vn/").unwrap();
    scripts(&doc, &base, &needs(), &|_| Fetched::OtherHost).iter().map(|s| s.has_body).collect()
}

#[test]
fn what_stands_before_a_script_tells_whether_there_is_a_body() {
    const S: &str = "<script>1</script>";
    let (yes, no) = (true, false);
    let table: &[(&str, &[bool])] = &[
        ("<!doctype html><html><head>@S<title>a <b></title>@S</head><body>@S", &[no, no, yes]),
        // A head that is not written begins with what it may hold, and is not over before something else comes.
        ("<!doctype html><html lang=vi><meta charset=utf-8><title>a</title>@S<body>@S", &[no, yes]),
        ("@S", &[no]),
        ("<!doctype html><head></head>@S<body>@S", &[no, yes]),
        ("<head></head><link href=x> <!-- x --> @S<meta name=x>@S", &[no, no]),
        ("<head></head><noscript></noscript>@S", &[yes]),
        // A character, and be it one that nobody sees, closes the head and opens the body.
        ("<head><meta charset=utf-8>\u{feff}@S</head><body>@S", &[yes, yes]),
        ("<head>&nbsp;@S", &[yes]),
        ("<head>xin chào @S", &[yes]),
        ("<head> \n\t@S", &[no]),
        ("<html>x<head>@S", &[yes]),
        ("<head><p>@S", &[yes]),
        ("<header>@S", &[yes]),
        ("<head></p>@S</div>@S", &[no, no]),
        ("<head></br>@S", &[yes]),
        // What is text, or lies in store, opens nothing.
        ("<head><meta content='a > b <p>'>@S", &[no]),
        ("<head><!-- <p> -->@S", &[no]),
        ("<head><!-- a --!><body><!-- y -->@S", &[yes]),
        ("<head><noscript><img></noscript>@S", &[no]),
        ("<head><template><p>x</p></template>@S", &[no]),
        ("<head><style>a > b {}</style>@S", &[no]),
        ("<head><frameset>@S", &[]),
    ];
    for (page, want) in table {
        assert_eq!(bodies(&page.replace("@S", S)), *want, "{page}");
    }
}

#[test]
fn a_byte_order_mark_within_a_page_is_a_character() {
    assert_eq!(bodies("<head><script>1</script>\u{feff}<script>2</script>"), [false, true]);
    assert_eq!(bodies("<head><script>1</SCRIPT\n>\u{feff}<script>2</script>"), [false, true]);
    assert_eq!(bodies("\u{feff}<head><script>1</script><script>2</script>"), [false, false]);
    assert_eq!(bodies("<head><script>'>\u{feff}'</script><script>2</script>"), [false, false]);
    assert_eq!(bodies("<head><!-- >\u{feff} --><meta content='>\u{feff}'><script>2</script>"), [false]);
}

fn page(before: &str, script: &str, after: &str) -> Vec<String> {
    let script = script.replace("@L", &format!("var s=document.createElement('script');s.src='{U}'"));
    let all = loads(&Page::of(&format!("{before}<script>{script}</script>{after}")).facts());
    all.into_iter().map(|load| load.replace(U, "@U")).collect()
}

#[test]
fn what_asks_for_a_body_that_is_not_there_fails() {
    let into = "@L;document.body.appendChild(s)";
    for before in ["<!doctype html><html><head>", "<!doctype html><title>a</title>", "<head></head>"] {
        assert_eq!(page(before, into, "<body>"), ["@U !"], "{before}");
    }
    for before in ["<head>\u{feff}", "<head>&nbsp;", "<head>x", "<head><!-- a --!><p><!-- -->", "<head></head><p>"] {
        assert_eq!(page(before, into, "<body>"), ["@U"], "{before}");
        assert_eq!(page(before, "document.body.className='js';@L;document.head.append(s)", ""), ["@U"], "{before}");
    }
    assert_eq!(page("<head><script>var a</script>\u{feff}", into, "<body>"), ["@U"]);
}

#[test]
fn a_body_that_a_script_writes() {
    let after = |markup: &str| {
        let before = format!("<!doctype html><head><script>document.write({markup})</script>");
        page(&before, "@L;document.body.appendChild(s)", "<body>")
    };
    for nothing in [
        "'<script src=\"/a.js\"><\\/script>'",
        "'<link rel=stylesheet href=x> <!-- x --><style>a>b{}</style>'",
        "'<meta name=a content=\"<p>\"><title>x<p></title>'",
        "''",
    ] {
        assert_eq!(after(nothing), ["@U !"], "{nothing}");
    }
    for something in ["'<p>x</p>'", "'x'", "'<body>'", "navigator.x", "'<!-- '", "'<style>'", "'<script src=a></s'"] {
        assert_ne!(after(something), ["@U !"], "{something}");
    }
    let by_name = "document.write('<p>');@L;document.getElementsByTagName('body')[0].appendChild(s)";
    assert_eq!(page("<head>", by_name, ""), ["@U ~Condition"]);
    let same = "document.write('<p>x</p>');@L;document.body.appendChild(s)";
    assert_eq!(page("<head>", same, "<body>"), ["@U ~Condition"]);
    assert!(names(&Page::of("<head><script>document.body.x=1;window._govaq=[['a']]</script>").facts()).is_empty());
}
