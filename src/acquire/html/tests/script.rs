//! Script elements as browsers treat them.

use std::sync::Arc;

use url::Url;

use super::page;
use crate::acquire::html::scripts;
use crate::acquire::{Fetched, Needs};
use crate::snapshot::{Gap, Inert, Origin, Script, ScriptFile, ScriptKind, Source};

fn read(text: &str) -> Vec<Script> {
    let needs = Needs {
        deferred_types: vec!["litespeed/javascript".into(), "*-text/javascript".into(), "^text/x-later\\d$".into()],
        ..Needs::default()
    };
    let base = Url::parse("https://a.gov.vn/tin/").unwrap();
    scripts(&page(text), &base, &needs, &|url| match url.host_str() {
        Some("a.gov.vn") if url.path().ends_with("gone.js") => Fetched::Missing(Gap::NotFound),
        Some("a.gov.vn") => Fetched::Read(Arc::new(Source::new(Origin::default(), url.path().to_owned()))),
        _ => Fetched::OtherHost,
    })
}

fn kind(attributes: &str) -> ScriptKind {
    read(&format!("<script {attributes}>x</script>")).remove(0).kind
}

#[test]
fn kinds_after_the_standard() {
    let data = |kind: &str| ScriptKind::Data(kind.to_owned());
    for (attributes, expected) in [
        ("", ScriptKind::Classic),
        ("type", ScriptKind::Classic),
        ("type=''", ScriptKind::Classic),
        ("type=' '", data("")),
        ("type='text/javascript'", ScriptKind::Classic),
        ("type=' Text/JavaScript\t'", ScriptKind::Classic),
        ("type='text/javascript; charset=utf-8'", data("text/javascript; charset=utf-8")),
        ("type='text/javascript1.5'", ScriptKind::Classic),
        ("type='text/javascript1.6'", data("text/javascript1.6")),
        ("type='javascript'", data("javascript")),
        ("type='text/plain'", data("text/plain")),
        ("type='application/x-javascript' language=vbscript", ScriptKind::Classic),
        ("language=JavaScript", ScriptKind::Classic),
        ("language='JavaScript1.5'", ScriptKind::Classic),
        ("language=''", ScriptKind::Classic),
        ("language=vbscript", data("text/vbscript")),
        ("language=' javascript'", data("text/ javascript")),
        ("type=MODULE", ScriptKind::Module),
        ("type=module nomodule", ScriptKind::Module),
        ("type=importmap", data("importmap")),
        ("type=speculationrules", data("speculationrules")),
        ("type=application/ld+json", data("application/ld+json")),
        ("nomodule", ScriptKind::NoModule),
        ("for=window event=onload", ScriptKind::Classic),
        ("for=' WINDOW ' event='onLoad()'", ScriptKind::Classic),
        ("for=document event=onload", ScriptKind::ForEvent),
        ("for=window event=click", ScriptKind::ForEvent),
        ("for=x", ScriptKind::Classic),
        ("type=litespeed/javascript", ScriptKind::Deferred("litespeed/javascript".into())),
        ("type=0a1b2c-text/javascript", ScriptKind::Deferred("0a1b2c-text/javascript".into())),
        ("type=-text/javascript", data("-text/javascript")),
        ("type=text/x-later1", ScriptKind::Deferred("text/x-later1".into())),
        ("type=text/x-later", data("text/x-later")),
    ] {
        assert_eq!(kind(attributes), expected, "{attributes}");
    }
}

#[test]
fn sources_and_files() {
    let all = read(
        "<script src=/a.js></script><script src=' b.js\n'></script><script src></script><script src='http://'></script>\
         <script src=gone.js></script><script src=//cdn.example/x.js async></script><script type=text/plain src=/c.js></script>\
         <script src='data:text/javascript;base64,X2dvdmFxPVtdOw=='></script><script src='data:,a%20b%2Bc'></script>\
         <script src=/m.js type=module></script><script defer src=/d.js integrity=sha256-x nonce=n>beside</script>",
    );
    let files: Vec<String> = all
        .iter()
        .map(|s| match &s.file {
            ScriptFile::Inline => "inline".to_owned(),
            ScriptFile::Read(source) => source.text.clone(),
            ScriptFile::Missing(gap) => gap.name(),
            ScriptFile::OtherHost => "other".to_owned(),
        })
        .collect();
    assert_eq!(
        files,
        [
            "/a.js",
            "/tin/b.js",
            "inline",
            "inline",
            "not-found",
            "other",
            "inline",
            "_govaq=[];",
            "a b+c",
            "/m.js",
            "/d.js"
        ]
    );
    assert_eq!(all[2].src.as_deref(), Some(""));
    assert!(all[2].url.is_none() && all[3].url.is_none());
    assert!(all[5].is_async && !all[5].is_defer);
    assert!(all[9].is_defer && all[10].is_defer);
    assert_eq!((all[10].nonce.as_deref(), all[10].integrity.as_deref()), (Some("n"), Some("sha256-x")));
}

#[test]
fn places_where_a_script_does_nothing() {
    let text = "<template><script>1</script><div><template shadowrootmode=open><script>2</script></template></div></template>\
        <div><template shadowrootmode=Open><script>3</script></template></div><noscript><script>no</script></noscript>\
        <svg><script>4</script><script href=/s.js /><script xlink:href=/t.js></script><script> <![CDATA[5<6]]> </script>\
        <foreignObject><script>6</script></foreignObject></svg><math><script>7</script></math>\
        <textarea><script>no</script></textarea><title><script>no</script></title><style><script>no</script></style>\
        <iframe><script>no</script></iframe><noembed><script>no</script></noembed><xmp><script>no</script></xmp>\
        <!-- <script>no</script> --><table><script>8</script></table><select><script>9</script></select>";
    let all = read(text);
    let seen: Vec<(String, Option<Inert>)> =
        all.iter().map(|s| (text[s.text.start as usize..s.text.end as usize].to_owned(), s.inert)).collect();
    let expected = [
        ("1", Some(Inert::Template)),
        ("2", Some(Inert::Template)),
        ("3", None),
        ("4", None),
        ("", None),
        ("", None),
        ("5<6", None),
        ("6", None),
        ("7", Some(Inert::Foreign)),
        ("8", None),
        ("9", None),
    ];
    assert_eq!(seen, expected.map(|(text, inert)| (text.to_owned(), inert)));
    assert_eq!(all[4].url.as_ref().map(Url::as_str), Some("https://a.gov.vn/s.js"));
    assert_eq!(all[5].src.as_deref(), Some("/t.js"));
}

#[test]
fn a_script_that_the_page_ends_in_never_runs() {
    for text in ["<script>a()", "<script>a()</script", "<script>a()</script ", "<script src=/a.js>a()"] {
        let all = read(text);
        assert_eq!(all[0].inert, Some(Inert::Unclosed), "{text}");
    }
    assert_eq!(read("<script>a()</script>")[0].inert, None);
    assert_eq!(read("<svg><script>a()")[0].inert, Some(Inert::Unclosed));
}
