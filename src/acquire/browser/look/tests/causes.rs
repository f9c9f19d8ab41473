//! What hides a label is named with its declaration and the place where that is written.

use super::bench::{Files, HOME, sought, table};
use crate::acquire::browser::look::Looked;
use crate::snapshot::Concealment;

/// A page: what stands in its head, its body, and the declaration, its place, whether it stands in the element's
/// own style, and whether it hides the label anywhere.
struct Case {
    head: &'static str,
    body: &'static str,
    declaration: Option<&'static str>,
    place: Option<(&'static str, u32, u32)>,
    inline: bool,
    anywhere: bool,
}

const LABEL: &str = "<div class=yhy-append-wrap><div id=yhy-append><a id=btnEMC style='display:flex'><span class=yhy-append-txt>Đã kết nối EMC</span></a></div></div>";
const SHEET: &str =
    "/* nền */\n.x { color: red }\n.yhy-append-wrap, .y {\n  margin: 0;\n  display: none !important;\n}\n";

fn page(case: &Case) -> (Files, u64) {
    let html = format!(
        "<!DOCTYPE html><html><head><meta charset=utf-8>\n{}</head><body>{}</body></html>",
        case.head,
        case.body.replace('@', LABEL)
    );
    (vec![("", html), ("a.css", SHEET.to_owned())], 200)
}

fn judge(case: &Case, looked: &Looked) -> Option<String> {
    let hidden = looked.labels["emc"].injected.first().and_then(|l| l.desktop.hidden.as_ref());
    let Some(Concealment { declaration, place, inline, anywhere, .. }) = hidden else {
        return Some(format!("not hidden: {} {}", case.head, case.body));
    };
    let at = place.as_ref().map(|p| (p.url.strip_prefix(HOME).unwrap_or("?"), p.line, p.column));
    let same = declaration.as_deref() == case.declaration
        && at == case.place
        && *inline == case.inline
        && *anywhere == case.anywhere;
    (!same).then(|| format!("{} {}\n   {hidden:?}", case.head, case.body))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_hides_a_label_is_named() {
    let case = |head, body, declaration, place, inline, anywhere| Case {
        head,
        body,
        declaration: Some(declaration),
        place,
        inline,
        anywhere,
    };
    let cases = vec![
        case("<link rel=stylesheet href=a.css>", "@", "display: none !important", Some(("a.css", 5, 3)), false, true),
        case(
            "<style>#btnEMC{display:none!important}</style>",
            "@",
            "display: none !important",
            Some(("", 2, 16)),
            false,
            true,
        ),
        case(
            "<style>\n  .yhy-append-wrap { visibility: hidden }</style>",
            "@",
            "visibility: hidden",
            Some(("", 3, 22)),
            false,
            true,
        ),
        case(
            "<style>footer>div{opacity:0}</style>",
            "<footer>@</footer>",
            "opacity: 0",
            Some(("", 2, 19)),
            false,
            false,
        ),
        case(
            "<style>footer{display:none}</style>",
            "<footer>@</footer>",
            "display: none",
            Some(("", 2, 15)),
            false,
            false,
        ),
        case(
            "",
            "@<script>document.querySelector('#yhy-append').style.display='none'</script>",
            "display: none",
            None,
            true,
            true,
        ),
        case(
            "",
            "@<script>document.head.append(Object.assign(document.createElement('style'),{textContent:'#yhy-append{display:none}'}))</script>",
            "display: none",
            None,
            false,
            true,
        ),
        case(
            "<style>@media screen{.yhy-append-wrap{clip-path:inset(100%)}}</style>",
            "@",
            "clip-path: inset(100%)",
            Some(("", 2, 39)),
            false,
            true,
        ),
        case(
            "<style>.yhy-append-wrap{position:absolute;left:-9999px}</style>",
            "@",
            "left: -9999px",
            Some(("", 2, 43)),
            false,
            true,
        ),
        case("<style>.yhy-append-wrap a{font-size:0}</style>", "@", "font-size: 0", Some(("", 2, 27)), false, true),
        case(
            "<style>body{background:#fff}#btnEMC{color:#fff}</style>",
            "@",
            "color: #fff",
            Some(("", 2, 37)),
            false,
            false,
        ),
        Case {
            head: "<style>.o{position:fixed;inset:0;background:#fff}</style>",
            body: "@<div class=o></div>",
            declaration: None,
            place: None,
            inline: false,
            anywhere: false,
        },
    ];
    table(cases, sought(&[]), page, judge).await;
}
