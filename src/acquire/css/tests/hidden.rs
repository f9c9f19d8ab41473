//! Each way of hiding, written in a style sheet, in a `style` attribute, or by what an element is.

use super::{Case, hidden_by, spot_text, word};
use crate::snapshot::Technique as T;

const LINK: &str = "<div class=w><a id=t href=/x>Cổng</a></div>";
/// Hides `.w` while its icon stays.
const ICON: &str = "<a id=t href=/x><i class=fa></i><span class=w>Cổng</span></a>";

#[test]
fn techniques_in_sheets() {
    let table: &[(&str, T)] = &[
        (".w{display:none}", T::DisplayNone),
        ("#t{display:none!important}", T::DisplayNone),
        ("#t{DISPLAY:NONE}", T::DisplayNone),
        (".w{visibility:hidden}", T::Visibility),
        ("#t{visibility:collapse}", T::Visibility),
        (".w{opacity:0}", T::Transparent),
        (".w{opacity:.005}", T::Transparent),
        (".w{opacity:0%}", T::Transparent),
        (".w{filter:opacity(0)}", T::Transparent),
        (".w{-webkit-filter:blur(1px) opacity(0%)}", T::Transparent),
        (".w{content-visibility:hidden}", T::ContentVisibility),
        (".w{position:absolute;clip:rect(0 0 0 0)}", T::Clipped),
        (".w{position:absolute;clip:rect(1px,1px,1px,1px)}", T::Clipped),
        (".w{position:fixed;clip:rect(0px, 0px, 0px, 0px)}", T::Clipped),
        (".w{clip-path:inset(50%)}", T::Clipped),
        (".w{clip-path:inset(100%)}", T::Clipped),
        (".w{clip-path:inset(0 100% 0 0)}", T::Clipped),
        (".w{clip-path:circle(0)}", T::Clipped),
        (".w{clip-path:circle(0% at 50% 50%)}", T::Clipped),
        (".w{clip-path:polygon(0 0, 0 0, 0 0)}", T::Clipped),
        (".w{clip-path:polygon(0 0,100% 100%,50% 50%)}", T::Clipped),
        (".w{position:absolute;left:-9999px}", T::OffScreen),
        (".w{position:absolute;left:-999em}", T::OffScreen),
        (".w{position:absolute;left:calc(-1 * 2000px)}", T::OffScreen),
        (".w{position:fixed;top:-5000px}", T::OffScreen),
        (".w{position:absolute;right:-9999px}", T::OffScreen),
        (".w{position:relative;left:-2000px}", T::OffScreen),
        (".w{position:absolute;inset:-9999px auto auto 0}", T::OffScreen),
        (".w{position:fixed;left:-100%}", T::OffScreen),
        (".w{position:fixed;left:100%}", T::OffScreen),
        (".w{position:fixed;left:100vw}", T::OffScreen),
        (".w{position:fixed;top:100%}", T::OffScreen),
        (".w{transform:translateX(-2000px)}", T::OffScreen),
        (".w{-webkit-transform:translate3d(-100vw,0,0)}", T::OffScreen),
        (".w{translate:-3000px 0}", T::OffScreen),
        (".w{position:fixed;left:0;transform:translateX(-100%)}", T::OffScreen),
        (".w{position:absolute;margin-left:-9999px}", T::OffScreen),
        (".w{transform:scale(0)}", T::ZeroSize),
        (".w{transform:scaleY(0)}", T::ZeroSize),
        (".w{scale:0}", T::ZeroSize),
        (".w{transform:matrix(0,0,0,0,0,0)}", T::ZeroSize),
        (".w{transform:rotate3d(1,0,0,90deg)}", T::ZeroSize),
        (".w{transform:rotate3d(1,1,0,-.25turn)}", T::ZeroSize),
        (".w{transform:matrix3d(0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1)}", T::ZeroSize),
        (".w{rotate:x 90deg}", T::ZeroSize),
        (".w{rotate:100grad Y}", T::ZeroSize),
        (".w{rotate:1 0 0 90deg}", T::ZeroSize),
        (".w{clip-path:polygon(evenodd,0 0,0 0,0 0)}", T::Clipped),
        (".w{height:0;overflow:hidden}", T::ZeroSize),
        (".w{max-height:0;overflow:hidden}", T::ZeroSize),
        (".w{width:1px;height:1px;overflow:hidden}", T::ZeroSize),
        (".w{width:0;overflow:clip}", T::ZeroSize),
        (".w{max-width:0;overflow-x:hidden}", T::ZeroSize),
        (".w{font-size:0}", T::ZeroSize),
        (".w{font:0/0 a}", T::ZeroSize),
        ("#t{color:transparent}", T::SameColour),
        ("#t{color:rgba(0,0,0,0)}", T::SameColour),
        ("body{background:#fff}#t{color:white}", T::SameColour),
        (".w{background-color:rgb(0 0 0)}#t{color:#000}", T::SameColour),
        (".w{background:hsl(0,100%,50%)}#t{color:red}", T::SameColour),
        (".w{all:unset;display:none}", T::DisplayNone),
        (".w{--d:none;display:var(--d)}", T::DisplayNone),
        (":root{--d:none}.w{display:var(--d,block)}", T::DisplayNone),
        (".w{display:var(--nowhere,none)}", T::DisplayNone),
        (".w{display:none;dipslay:block;display:blok}", T::DisplayNone),
        (".w{display:none;*display:block;_display:block}", T::DisplayNone),
    ];
    for (css, technique) in table {
        let seen = Case::of(css, LINK).at();
        assert_eq!(hidden_by(&seen), Some(*technique), "{css}: {}", word(&seen));
        assert!(!spot_text(&seen).is_empty(), "{css} is shown where it is written");
    }
}

/// So little is left to see that it depends on the eye, or on where things come to lie.
#[test]
fn as_good_as_hidden() {
    let cut = "body{overflow-x:hidden}";
    let table = [
        ("body{background:#fff}#t{color:#fffffe}".to_owned(), "unsure SameColour"),
        ("#t{color:#fafafa}".to_owned(), "unsure SameColour"),
        ("#t{color:rgba(0,0,0,.02)}".to_owned(), "unsure SameColour"),
        ("body{background:#000}#t{color:#050505}".to_owned(), "unsure SameColour"),
        ("#t{color:rgba(0,0,0,.5)}".to_owned(), "yes"),
        ("#t{color:#ddd}".to_owned(), "yes"),
        (".w{zoom:.01}".to_owned(), "unsure ZeroSize"),
        (".w{zoom:5%}".to_owned(), "unsure ZeroSize"),
        (".w{zoom:.5}".to_owned(), "yes"),
        (".w{zoom:.01;zoom:normal}".to_owned(), "yes"),
        (".w{zoom:.01;zoom:-1}".to_owned(), "unsure ZeroSize"),
        (".w{height:2px;overflow:hidden}".to_owned(), "unsure ZeroSize"),
        (".w{height:0;overflow:hidden;padding-top:1.5px}".to_owned(), "unsure ZeroSize"),
        (".w{height:0;overflow:hidden;min-height:3px}".to_owned(), "unsure ZeroSize"),
        (".w{height:0;overflow:hidden;padding-top:30px}".to_owned(), "unsure Clipped"),
        (".w{height:12px;overflow:hidden}".to_owned(), "yes"),
        (".w{offset-path:path('M-5000 0')}".to_owned(), "unsure OffScreen"),
        (".w{offset-path:none}".to_owned(), "yes"),
        (".w{height:2px}".to_owned(), "yes"),
        (format!("{cut}.w{{position:absolute;left:3000px}}"), "unsure OffScreen"),
        (format!("{cut}.w{{margin-left:200em}}"), "unsure OffScreen"),
        ("html{overflow:clip}.w{position:relative;left:3000px}".to_owned(), "unsure OffScreen"),
        (".w{position:absolute;left:3000px}".to_owned(), "yes"),
        (format!("{cut}.w{{left:3000px}}"), "yes"),
        (format!("{cut}.w{{position:absolute;left:300px}}"), "yes"),
        (format!("{cut}.w{{position:absolute;left:100%}}"), "yes"),
        (".w{position:relative;left:-1366px;width:5000px}".to_owned(), "unsure OffScreen"),
        (".w{position:absolute;left:-1500px;width:3000px}".to_owned(), "unsure OffScreen"),
    ];
    for (css, expected) in table {
        assert_eq!(word(&Case::of(&css, LINK).at()), expected, "{css}");
    }
}

#[test]
fn an_image_without_a_picture() {
    for (image, expected) in [
        ("<img>", "hidden ZeroSize"),
        ("<img alt=' ' class=logo>", "hidden ZeroSize"),
        ("<img alt=Cổng>", "yes"),
        ("<img src=a.png>", "yes"),
        ("<img data-src=a.png>", "yes"),
        ("<img srcset='a.png 2x'>", "yes"),
        ("<img :src=logo>", "yes"),
        ("<picture><source srcset=a.webp><img></picture>", "yes"),
        ("<img>Cổng", "yes"),
    ] {
        assert_eq!(word(&Case::of("", &format!("<a id=t href=/>{image}</a>")).at()), expected, "{image}");
    }
    let link = "<a id=t href=/><img class=x></a>";
    for css in [".x{content:url(a.png)}", ".x{background:url(a.png)}", "a::before{content:'Cổng'}"] {
        assert_eq!(word(&Case::of(css, link).at()), "yes", "{css}");
    }
}

#[test]
fn the_declaration_is_named() {
    let seen = Case::of("a{color:red}\n.w , .v { margin:0; Display : none !important ; top:0 }", LINK).at();
    assert_eq!(spot_text(&seen), "Display : none !important");
    let case = Case::page(
        "<!DOCTYPE html>\r\n<style>\r\n/* é */\r\n.w{\r\ndisplay:none}\r\n</style><p class=w><a id=t href=/>x</a>",
    );
    if case.doc.span(case.element("style").id()).is_some() {
        assert_eq!(spot_text(&case.at()), "display:none", "line ends are the page's own");
    }
}

#[test]
fn something_is_drawn_beside_hidden_text() {
    let hide = ".w{position:absolute;clip:rect(0,0,0,0)}";
    assert_eq!(word(&Case::of(hide, ICON).at()), "hidden Clipped");
    assert_eq!(word(&Case::of(&format!("{hide}.fa::before{{content:'x'}}"), ICON).at()), "yes");
    assert_eq!(
        word(&Case::of(&format!("{hide}.fa{{display:none}}.fa::before{{content:'x'}}"), ICON).at()),
        "hidden Clipped"
    );
    let unread = format!("@import url(https://cdn.example/fa.css);{hide}");
    assert_eq!(word(&Case::of(&unread, ICON).at()), "unsure Clipped");
    let colours = "@import url(https://cdn.example/x.css);body{background:#fff}a{color:#fff}";
    assert_eq!(word(&Case::of(colours, LINK).at()), "unsure SameColour");
}

#[test]
fn attributes_and_elements() {
    let table: &[(&str, T)] = &[
        ("<div style='display:none'><a id=t href=/>x</a></div>", T::DisplayNone),
        ("<div style='color:red;;display : none'><a id=t href=/>x</a></div>", T::DisplayNone),
        ("<a id=t href=/ style='visibility:hidden'>x</a>", T::Visibility),
        ("<div hidden><a id=t href=/>x</a></div>", T::HiddenAttribute),
        ("<a hidden id=t href=/>x</a>", T::HiddenAttribute),
        ("<div hidden=until-found><a id=t href=/>x</a></div>", T::ContentVisibility),
        ("<dialog><a id=t href=/>x</a></dialog>", T::HiddenAttribute),
        ("<div popover><a id=t href=/>x</a></div>", T::HiddenAttribute),
        ("<template><a id=t href=/>x</a></template>", T::HiddenAttribute),
        ("<meter value=1><a id=t href=/>x</a></meter>", T::HiddenAttribute),
        ("<canvas><a id=t href=/>x</a></canvas>", T::HiddenAttribute),
        ("<svg><defs><a id=t href=/><text>x</text></a></defs></svg>", T::HiddenAttribute),
        ("<map name=m><area id=t href=/></map>", T::HiddenAttribute),
        ("<svg><g opacity=0><a id=t href=/><text>x</text></a></g></svg>", T::Transparent),
        ("<svg><g display=none><a id=t href=/><text>x</text></a></g></svg>", T::DisplayNone),
        ("<svg><a id=t href=/><text visibility=hidden>x</text></a></svg>", T::Visibility),
        ("<a id=t href=/><span style='display:none'>x</span></a>", T::DisplayNone),
        ("<a id=t href=/><img src=x width=0 height=0></a>", T::ZeroSize),
        ("<a id=t href=/><img src=x width=1 height=1></a>", T::ZeroSize),
        ("<div bgcolor=#ffffff><font color=white><span id=t>x</span></font></div>", T::SameColour),
        ("<a id=t href=/></a>", T::ZeroSize),
        ("<a id=t href=/><i></i> </a>", T::ZeroSize),
    ];
    for (body, technique) in table {
        let seen = Case::of("", body).at();
        assert_eq!(hidden_by(&seen), Some(*technique), "{body}: {}", word(&seen));
    }
}

#[test]
fn hiding_reaches_in_unless_something_escapes() {
    let table: &[(&str, &str, bool)] = &[
        (
            ".o{height:0;overflow:hidden}.i{position:absolute}",
            "<div class=o><div class=i><b id=t>x</b></div></div>",
            true,
        ),
        (
            ".o{height:0;overflow:hidden;position:relative}.i{position:absolute}",
            "<div class=o><div class=i><b id=t>x</b></div></div>",
            false,
        ),
        (
            ".o{height:0;overflow:hidden}.m{position:relative}.i{position:absolute}",
            "<div class=o><div class=m><div class=i><b id=t>x</b></div></div></div>",
            false,
        ),
        (
            ".o{position:absolute;left:-9999px}.i{position:fixed}",
            "<div class=o><div class=i><b id=t>x</b></div></div>",
            true,
        ),
        (".o{opacity:0}.i{position:fixed;opacity:1}", "<div class=o><div class=i><b id=t>x</b></div></div>", false),
        (".o{visibility:hidden}.i{visibility:visible}", "<div class=o><div class=i><b id=t>x</b></div></div>", true),
        (".o{display:none}.i{display:block}", "<div class=o><div class=i><b id=t>x</b></div></div>", false),
        (".o{font-size:0}.i{font-size:14px}", "<div class=o><div class=i><b id=t>x</b></div></div>", true),
        (".o{font-size:0}.i{font-size:1.2em}", "<div class=o><div class=i><b id=t>x</b></div></div>", false),
    ];
    for (css, body, yes) in table {
        let seen = Case::of(css, body).at();
        assert_eq!(word(&seen) == "yes", *yes, "{css}: {}", word(&seen));
    }
}

#[test]
fn a_part_that_a_script_takes_away_is_in_doubt() {
    let body = "<div id=k class=k><p><a id=t href=/x>Cổng</a></p></div>";
    for script in [
        "document.getElementById('k').remove();",
        "$('#t').hide()",
        "document.getElementById('k').style.display = `none`",
        "document.querySelector('.k').remove();",
    ] {
        assert_eq!(word(&super::Case::scripted("", body, script).at()), "unsure DisplayNone", "{script}");
    }
    let menu = "<ul><li id=k>Trang<ul><li><a id=t href=/x>Cổng</a></ul></ul>";
    let hover = "li ul{display:none}li:hover ul{display:block}";
    let at = |script| word(&super::Case::scripted(hover, menu, script).at());
    assert_eq!(at("document.getElementById('k').remove();"), "unsure DisplayNone");
    assert!(at("var k = 1;").starts_with("menu"), "{}", at("var k = 1;"));
    for script in
        ["document.getElementById('khac').remove();", "function dong(){document.getElementById('k').remove()}"]
    {
        assert_eq!(word(&super::Case::scripted("", body, script).at()), "yes", "{script}");
    }
}

#[test]
fn as_much_as_is_looked_at() {
    // Pieces of one element: what comes after the last that is looked at may show.
    let pieces = |n: usize| format!("<a id=t href=/x>{}<b>Cổng</b></a>", "<i class=x>x</i>".repeat(n));
    assert_eq!(word(&Case::of(".x{display:none}", &pieces(199)).at()), "yes");
    assert_eq!(word(&Case::of(".x{display:none}", &pieces(200)).at()), "unsure DisplayNone");
    // Conditions: those beyond the eight tried one by one are tried together.
    let conditions = |n: usize| -> String {
        let other = (1..n).map(|k| format!("@media (unheard-of:{k}){{#t{{color:red}}}}"));
        other.chain([format!("@media (unheard-of:{n}){{#t{{display:none}}}}")]).collect()
    };
    for n in [1, 8, 9, 20] {
        let seen = word(&Case::of(&conditions(n), "<a id=t href=/x>Cổng</a>").at());
        assert_eq!(seen, "unsure DisplayNone", "{n} conditions");
    }
    // Boxes that cut: that of the ninth is forgotten, and one is enough.
    for n in [1, 8, 9, 20] {
        let body = format!("{}<a id=t href=/x>Cổng</a>", "<div class=c>".repeat(n));
        assert_eq!(word(&Case::of(".c{height:0;overflow:hidden}", &body).at()), "hidden ZeroSize", "{n} boxes");
    }
    // Selectors in scripts: one that is not kept, or not tried to the end, may show what is hidden.
    let script = |n: usize, last: &str| -> String {
        let other = (1..n).map(|k| format!("'.x{k} > b{k}',"));
        other.chain([format!("{last:?}")]).collect()
    };
    let body = format!("<nav>{}<p><a id=t href=/x>Cổng</a></p></nav>", "<i>x</i>".repeat(300));
    for (n, last, expected) in [
        (3_000, "nav > p", "unsure DisplayNone"),
        (3_000, "nav > b", "hidden DisplayNone"),
        (3_001, "nav > p", "unsure DisplayNone"),
        (1, "u ~ i ~ i ~ i ~ p", "unsure DisplayNone"),
        (1, "u > i ~ p", "hidden DisplayNone"),
    ] {
        let seen = word(&super::Case::scripted("p{display:none}", &body, &script(n, last)).at());
        assert_eq!(seen, expected, "{n} selectors, {last}");
    }
}

#[test]
fn what_a_shadow_tree_leaves_out() {
    let table = [
        ("<div><template shadowrootmode=open><p>x</p></template><a id=t href=/>A</a></div>", "hidden HiddenAttribute"),
        ("<p id=t><template shadowrootmode=closed></template>A</p>", "hidden HiddenAttribute"),
        (
            "<div><template shadowrootmode=open><slot name=s></slot></template><a id=t href=/>A</a></div>",
            "hidden HiddenAttribute",
        ),
        (
            "<div><template shadowrootmode=open><slot></slot></template><a id=t slot=s href=/>A</a></div>",
            "hidden HiddenAttribute",
        ),
        // A slot of an inner tree is for what the inner host holds.
        (
            "<div><template shadowrootmode=open><p><template shadowrootmode=open><slot></slot></template></p></template>\
             <a id=t href=/>A</a></div>",
            "hidden HiddenAttribute",
        ),
        ("<div><template shadowrootmode=open><p><slot></slot></p></template><a id=t href=/>A</a></div>", "yes"),
        ("<div><template shadowrootmode=open><slot name=s></slot></template><a id=t slot=s href=/>A</a></div>", "yes"),
        ("<p id=t><template shadowrootmode=open><slot></slot></template>A</p>", "yes"),
        ("<div><template shadowrootmode=open><p><a id=t href=/>A</a></p></template></div>", "yes"),
        ("<div><template shadowrootmode=open></template></div><a id=t href=/>A</a>", "yes"),
        ("<div><template><slot name=s></slot></template><a id=t href=/>A</a></div>", "yes"),
        ("<div><template shadowrootmode=no><p><a id=t href=/>A</a></p></template></div>", "hidden HiddenAttribute"),
        ("<ul><template shadowrootmode=open><li><a id=t href=/>A</a></li></template></ul>", "hidden HiddenAttribute"),
        ("<div hidden><template shadowrootmode=open><a id=t href=/>A</a></template></div>", "hidden HiddenAttribute"),
    ];
    for (body, expected) in table {
        assert_eq!(word(&Case::of("", body).at()), expected, "{body}");
    }
}

#[test]
fn attributes_of_drawings_alone_hide() {
    for body in
        ["<p display=none opacity=0><a id=t href=/>x</a></p>", "<svg><g opacity=.5><text id=t>x</text></g></svg>"]
    {
        assert_eq!(word(&Case::of("", body).at()), "yes", "{body}");
    }
    let shown = Case::of("g{display:block}", "<svg><g display=none><text id=t>x</text></g></svg>");
    assert_eq!(word(&shown.at()), "yes", "a sheet goes before an attribute");
}
