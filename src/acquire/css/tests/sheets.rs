//! Which sheets apply, what they import, and the grammar around rules.

use super::{Case, spot_text, word};
use crate::acquire::css::Scripts;
use crate::snapshot::{Gap, UnreadKind};

const HIDE: &str = "#t{display:none}";

fn with(head: &str, files: &[(&str, &str)]) -> Case {
    let text = format!("<!DOCTYPE html><head>{head}</head><body><p><b id=t>x</b></p>");
    Case::with(&text, files, &Scripts::default())
}

#[test]
fn sheets_that_apply() {
    let files = [("a.css", HIDE), ("css/b.css", "@import 'c.css';"), ("css/c.css", HIDE)];
    let table = [
        ("<link rel=stylesheet href=a.css>", true),
        ("<link rel='preload stylesheet' href=a.css as=style>", true),
        ("<link REL=StyleSheet type=TEXT/CSS href=/a.css media=screen>", true),
        ("<link rel=stylesheet href=a.css media=print onload=\"this.media='all'\">", true),
        ("<link rel=preload as=style href=a.css onload=\"this.rel='stylesheet'\">", true),
        ("<link rel=stylesheet href=css/b.css>", true),
        ("<link rel=stylesheet href=a.css title=main>", true),
        ("<style media='screen, print'>#t{display:none}</style>", true),
        ("<style type=''>#t{display:none}</style>", true),
        ("<style><!-- #t{display:none} --></style>", true),
        ("<link rel=stylesheet href=a.css media=print>", false),
        ("<link rel=stylesheet href=a.css media='(max-width:800px)'>", false),
        ("<link rel='alternate stylesheet' href=a.css title=x>", false),
        ("<link rel=stylesheet href=a.css title=one><link rel=stylesheet href=a.css title=two>", true),
        ("<style title=one></style><link rel=stylesheet href=a.css title=two>", false),
        ("<link rel=stylesheet href=a.css disabled>", false),
        ("<link rel=stylesheet type=text/less href=a.css>", false),
        ("<link rel=preload as=style href=a.css>", false),
        ("<noscript><link rel=stylesheet href=a.css></noscript>", false),
        ("<template><style>#t{display:none}</style></template>", false),
        ("<style type=text/template>#t{display:none}</style>", false),
        ("<style media=print>#t{display:none}</style>", false),
        ("<!-- <style>#t{display:none}</style> -->", false),
    ];
    for (head, hides) in table {
        assert_eq!(word(&with(head, &files).at()) != "yes", hides, "{head}");
    }
    assert_eq!(
        word(&Case::of("", "<svg><style>#t{display:none}</style></svg><b id=t>x</b>").at()),
        "hidden DisplayNone"
    );
}

#[test]
fn imports() {
    type Files = &'static [(&'static str, &'static str)];
    let table: &[(&str, Files, bool)] = &[
        ("@import url(a.css);", &[("a.css", HIDE)], true),
        ("@charset 'utf-8';@layer x;@import \"a.css\" screen;", &[("a.css", HIDE)], true),
        ("@import 'a.css' print;", &[("a.css", HIDE)], false),
        ("@import 'a.css' supports(display:grid);", &[("a.css", HIDE)], true),
        ("@import 'a.css' supports(not (display:grid));", &[("a.css", HIDE)], false),
        ("p{}@import 'a.css';", &[("a.css", HIDE)], false),
        ("@import 'a.css' layer(base);#t{display:inline}", &[("a.css", HIDE)], false),
        ("@import 'a.css' layer;b{display:inline}", &[("a.css", HIDE)], false),
        ("@import 'a.css';", &[("a.css", "@import 'b.css';"), ("b.css", "@import 'a.css';#t{display:none}")], true),
        ("@import 'd/a.css';", &[("d/a.css", "@import '../b.css';"), ("b.css", HIDE)], true),
    ];
    for (css, files, hides) in table {
        let seen = with(&format!("<style>{css}</style>"), files).at();
        assert_eq!(word(&seen) != "yes", *hides, "{css}: {}", word(&seen));
        if *hides {
            assert_eq!(spot_text(&seen), "display:none", "{css}");
        }
    }
}

#[test]
fn unread_files_are_named_once() {
    let case = with(
        "<link rel=stylesheet href=https://cdn.example/x.css><link rel=stylesheet href=gone.css>\
         <link rel=stylesheet href=gone.css><style>@import 'https://cdn.example/y.css';</style>",
        &[],
    );
    let unread: Vec<_> = case.styles.unread().iter().map(|u| (u.address.as_str(), u.same_site, u.gap)).collect();
    assert_eq!(
        unread,
        [
            ("https://cdn.example/x.css", false, None),
            ("https://x.gov.vn/gone.css", true, Some(Gap::NotFound)),
            ("https://cdn.example/y.css", false, None)
        ]
    );
    assert!(case.styles.unread().iter().all(|u| u.kind == UnreadKind::Style));
}

#[test]
fn grammar() {
    let table = [
        // Broken parts are skipped where they stand.
        ("#t{color:;display:none}", true),
        ("#t{color red;display:none}", true),
        ("#t{@unknown x;display:none}", true),
        ("#t{@unknown{color:red}display:none}", true),
        ("}#t{display:none}", false),
        (";#t{display:none}", false),
        ("p{}}#t{display:none}", false),
        ("@unknown{#t{display:none}}", false),
        ("@unknown x;#t{display:none}", true),
        ("#t{content:'}';display:none}", true),
        ("#t{content:\"display:block}\"/*}*/;display:none}", true),
        ("/* #t{display:none} */", false),
        ("#t{background:url(data:image/png;base64,xx);display:none}", true),
        ("#t{dis/**/play:none}", false),
        ("#t{display:/**/none}", true),
        ("#\\74{display:none}", true),
        ("#t{display:none !ie}", false),
        ("#t{display:none ! important}#t{display:block}", true),
        ("#t{display:none important}", false),
        // Nesting.
        ("p{b{display:none}}", true),
        ("p{&>b{display:none}}", true),
        ("p{>b{display:none}}", true),
        ("body{p &{display:none}}", false),
        ("b{p &{display:none}}", true),
        ("p{&.x b{display:none}}", false),
        ("p{color:red;b{display:none}}", true),
        ("p{b:hover{color:red}b{display:none}}", true),
        ("p{@media screen{b{display:none}}}", true),
        ("b{@media screen{display:none}}", true),
        ("b{@media print{display:none}}", false),
        ("b{display:none;@supports (display:grid){display:block}}", false),
        ("b{&{display:none}display:block}", false),
        (".x,p{b{display:none}}p b{display:inline}", true),
        ("#zz,p{b{display:none}}p b{display:inline}", true),
        (":where(p){b{display:none}}p b{display:inline}", false),
        // Media queries.
        ("@media all{#t{display:none}}", true),
        ("@media only screen and (min-width:1024px){#t{display:none}}", true),
        ("@media (400px<=width<=1366px){#t{display:none}}", true),
        ("@media (width>1366px){#t{display:none}}", false),
        ("@media print,screen{#t{display:none}}", true),
        ("@media not print{#t{display:none}}", true),
        ("@media not (max-width:600px){#t{display:none}}", true),
        ("@media (min-width:60em) and (max-width:100rem){#t{display:none}}", true),
        ("@media (min-width:1px) or (monochrome){#t{display:none}}", true),
        ("@media screen\\0{#t{display:none}}", false),
        ("@media (min-width:0\\0){#t{display:none}}", false),
        ("@media ((hover) and (pointer:fine)){#t{display:none}}", true),
        ("@media (min-aspect-ratio:16/9){#t{display:none}}", true),
        ("@media ]bad{#t{display:none}}", false),
        ("@media (-webkit-min-device-pixel-ratio:0){#t{display:none}}", true),
        // Supports.
        ("@supports (display:grid) and (not (display:inline-grid)){#t{display:none}}", false),
        ("@supports (--css:variables){#t{display:none}}", true),
        ("@supports selector(:has(a)){#t{display:none}}", true),
        ("@supports selector(:nonsense(a)){#t{display:none}}", false),
        // Layers.
        ("@layer a{#t{display:none}}b{display:inline}", false),
        ("@layer a,b;@layer b{b{display:none}}@layer a{#t{display:inline}}", true),
        ("@layer a{@layer c{#t{display:none}}b{display:inline}}", false),
        ("@layer a.c{#t{display:none}}@layer a{b{display:inline}}", false),
        ("@layer a{#t{display:none!important}}@layer b{#t{display:inline!important}}", true),
        ("@layer{#t{display:none}}@layer{b{display:inline}}", false),
        ("@layer a{b{display:inline}}#t{display:none;display:revert-layer}", false),
        // Namespaces.
        ("@namespace svg url(http://www.w3.org/2000/svg);svg|b{display:none}", false),
        ("@namespace url(http://www.w3.org/1999/xhtml);b{display:none}", true),
        ("*|b{display:none}", true),
        ("foo|b{display:none}", false),
    ];
    for (css, hides) in table {
        let seen = Case::of(css, "<p><b id=t>x</b></p>").at();
        assert_eq!(word(&seen) != "yes", hides, "{css}: {}", word(&seen));
    }
}
