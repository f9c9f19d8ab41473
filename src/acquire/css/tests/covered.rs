//! What is placed over a link in the same box.

use super::{Case, word};

/// A link, and something after it.
const AFTER: &str = "<div class=w><a id=t href=/x>Cổng</a><span class=c></span></div>";
const BEFORE: &str = "<div class=w><span class=c></span><a id=t href=/x>Cổng</a></div>";
const DEEP: &str = "<div class=w><ul><li><b><a id=t href=/x>Cổng</a></b></li></ul><p><span class=c></span></p></div>";
/// What the tables' styles share.
const BOX: &str = ".w{position:relative;width:600px;height:40px}.c{position:absolute;background:#fff}";

fn all(table: &[(&str, &str)], expected: &str) {
    for (css, body) in table {
        assert_eq!(word(&Case::of(&format!("{BOX}{css}"), body).at()), expected, "{css} {body}");
    }
}

#[test]
fn what_fills_the_same_box_is_a_doubt() {
    all(
        &[
            (".c{left:0;top:0;width:600px;height:40px}", AFTER),
            (".c{left:0;top:0;width:600px;height:40px}", BEFORE),
            (".c{left:0;top:0;width:600px;height:40px}", DEEP),
            (".c{inset:0}", AFTER),
            (".c{inset:-5px;background-color:rgba(255,255,255,.95)}", AFTER),
            (".c{top:0;left:0;width:100%;height:100%}", AFTER),
            (".c{bottom:0;right:0;width:110%;height:100%;z-index:3}", AFTER),
            (".c{inset:0;z-index:auto}", AFTER),
            (".w{position:sticky;top:0}.c{inset:0}", AFTER),
            ("#t{position:relative}.c{inset:0}", AFTER),
            ("#t{position:relative;z-index:2}.c{inset:0;z-index:3}", BEFORE),
            (".c{inset:0 0 auto;height:3em}", AFTER),
        ],
        "unsure Covered",
    );
}

#[test]
fn what_lies_behind_or_beside_is_none() {
    all(
        &[
            ("", AFTER),
            (".c{left:0;top:0;width:100px;height:40px}", AFTER),
            (".c{left:0;top:0;width:600px;height:10px}", AFTER),
            (".c{left:0;top:50px;width:600px;height:40px}", AFTER),
            (".c{inset:0;z-index:-1}", AFTER),
            (".c{inset:0;background:none}", AFTER),
            (".c{inset:0;background:rgba(0,0,0,.4)}", AFTER),
            (".c{inset:0;background:url(vien.png)}", AFTER),
            (".c{inset:0;opacity:0}", AFTER),
            (".c{inset:0;opacity:.3}", AFTER),
            (".c{inset:0;display:none}", AFTER),
            (".c{inset:0;visibility:hidden}", AFTER),
            ("#t{position:relative}.c{inset:0}", BEFORE),
            ("#t{position:relative;z-index:1}.c{inset:0}", AFTER),
            ("li{position:relative;z-index:1}.c{inset:0}", DEEP),
            // Its box is another.
            ("p{position:relative}.c{inset:0}", DEEP),
            // The whole page under a cover: what loads takes it away.
            (".w{position:static}.c{inset:0}", AFTER),
            (".w{position:static}.c{position:fixed;inset:0}", AFTER),
            ("body{position:relative}.w{position:static}.c{inset:0}", AFTER),
            // No size is declared, so none is compared.
            (".w{height:auto}.c{left:0;top:0;width:600px;height:40px}", AFTER),
            (".c{inset:0;z-index:1.5;z-index:-2}", AFTER),
        ],
        "yes",
    );
}

#[test]
fn as_many_as_are_looked_at() {
    // What a link holds itself is no cover of it, unless it holds more than are told apart.
    let own =
        |n: usize| format!("<div class=w><i class=c></i><a id=t href=/x>Cổng{}</a></div>", "<i class=c></i>".repeat(n));
    let holds = |n: usize| own(n).replacen("<i class=c></i><a", "<a", 1);
    all(&[(".c{inset:0}", &own(19)), (".c{inset:0}", &own(20)), (".c{inset:0}", &own(200))], "unsure Covered");
    all(&[(".c{inset:0}", &holds(20))], "yes");
    all(&[(".c{inset:0}", &holds(21))], "unsure Covered");
    // However much else there is.
    let among = format!("<div class=w><a id=t href=/x>Cổng</a>{}<i class=c></i></div>", "<b></b>".repeat(5_000));
    all(&[(".c{inset:0}", &among)], "unsure Covered");
}

#[test]
fn boxes_in_boxes() {
    let nested = |inner: &str| format!("<div class=w><div class=v>{inner}</div><i class=c></i></div>");
    let link = "<a id=t href=/x>Cổng</a>";
    let styled = |css: &str| format!(".v{{position:relative;width:10px}}.c{{inset:0}}{css}");
    // The outer box's cover lies over the inner box, unless that one is higher.
    all(&[(&styled(""), &nested(link))], "unsure Covered");
    all(
        &[(&styled(".v{z-index:1}"), &nested(link)), (&styled(".v{z-index:1}#t{position:relative}"), &nested(link))],
        "yes",
    );
    all(&[(&styled(".v{z-index:1}.c{z-index:1}"), &nested(link))], "unsure Covered");
    // What covers a box covers the boxes in it, however many.
    let deep = format!("{}{link}{}", "<div class=v>".repeat(300), "</div>".repeat(300));
    all(&[(&styled(""), &nested(&deep))], "unsure Covered");
    all(&[(&styled(".w>.v{z-index:1}"), &nested(&deep))], "yes");
    // One cover is not over another that is above it; the one above is over all.
    let two = "<div class=w><a id=t href=/x>Cổng</a><i class='c d'><b>x</b></i><i class=c></i></div>";
    all(&[(".c{inset:0}.d{z-index:2}", two)], "unsure Covered");
    let inside = "<div class=w><i class='c d'><a id=t href=/x>Cổng</a></i><i class=c></i></div>";
    all(&[(".c{inset:0}.d{z-index:2}", inside)], "yes");
    all(&[(".c{inset:0}", inside)], "unsure Covered");
}
