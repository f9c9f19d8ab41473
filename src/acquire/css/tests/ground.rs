//! Text and what lies behind it; values that an animation may change.

use super::{Case, word};

const PART: &str = "<div class=w><a id=t href=/x>Cổng</a></div>";

#[test]
fn what_an_animation_may_change() {
    let table = [
        (".w{visibility:hidden;animation:f .1s 1s forwards}", "unsure Visibility"),
        (".w{font-size:0;animation:f .1s forwards}", "unsure ZeroSize"),
        (".w{text-indent:-9999px;animation:f 1s}", "unsure OffScreen"),
        ("#t{color:transparent;animation:f 1s}", "unsure SameColour"),
        ("body{background:#fff}#t{color:#fff;animation:f 1s}", "unsure SameColour"),
        ("body{background:#fff}.w{animation:f 1s}#t{color:#fff}", "unsure SameColour"),
        ("body{background:#fff;animation:f 1s}#t{color:#fff}", "unsure SameColour"),
        // Another element's animation changes nothing here.
        ("body{animation:f 1s}.w{visibility:hidden}", "hidden Visibility"),
        ("html{animation:f 1s}body{background:#fff}#t{color:#fff}", "hidden SameColour"),
        (".w{font-size:0;animation:none}", "hidden ZeroSize"),
    ];
    for (css, expected) in table {
        assert_eq!(word(&Case::of(css, PART).at()), expected, "{css}");
    }
}

#[test]
fn text_that_stands_on_something_else() {
    let banner = "<img class=i src=x><div class=w><a id=t href=/x>Cổng</a></div>";
    let white = |css: &str| format!("body{{background:#fff}}#t{{color:#fff}}{css}");
    let table = [
        (".w{margin-top:-60px}", "unsure SameColour"),
        (".w{margin:-4em 0 0}", "unsure SameColour"),
        (".i{margin-bottom:-60px}", "unsure SameColour"),
        (".i{margin:0 0 -60px}", "unsure SameColour"),
        (".w{margin-left:-600px}", "unsure SameColour"),
        ("body{display:grid}body>*{grid-area:1/1}", "unsure SameColour"),
        ("#t{mix-blend-mode:difference}", "unsure SameColour"),
        ("#t{filter:invert(1)}", "unsure SameColour"),
        (".w::before{content:'';position:absolute;inset:0;background:#a00}", "unsure SameColour"),
        (".i{position:fixed;inset:0;z-index:-1}", "unsure SameColour"),
        ("#t{-webkit-text-stroke:1px #c00}", "unsure SameColour"),
        // What does not lie over anything.
        ("", "hidden SameColour"),
        (".w{margin:0 -15px 0 -15px}", "hidden SameColour"),
        (".w{margin-top:-1px}", "hidden SameColour"),
        (".w{margin-top:60px;margin-bottom:-60px}", "hidden SameColour"),
        ("body{display:grid}", "hidden SameColour"),
        ("body>*{grid-area:1/1}", "hidden SameColour"),
        ("#t{mix-blend-mode:normal;filter:none;-webkit-text-stroke:0 #c00}", "hidden SameColour"),
        (".w::before{content:'';display:table}", "hidden SameColour"),
        (".i{z-index:-1}", "hidden SameColour"),
        (".i{position:fixed;z-index:-1;display:none}", "hidden SameColour"),
        (".w{background:#fff}.i{position:fixed;inset:0;z-index:-1}", "hidden SameColour"),
    ];
    for (css, expected) in table {
        assert_eq!(word(&Case::of(&white(css), banner).at()), expected, "{css}");
    }
    let layer = "<div id=bg></div><a id=t href=/x>Cổng</a>";
    let css = white("#bg{position:fixed;inset:0;z-index:-1;background:#a00}");
    assert_eq!(word(&Case::of(&css, layer).at()), "unsure SameColour");
}

#[test]
fn white_on_a_page_that_says_nothing() {
    let table = [
        (".w,.w a{color:#fff}", "unsure SameColour"),
        (".w,.w a{color:#eee}", "yes"),
        (".w{position:relative}.w a{color:#fff}", "yes"),
        ("body{background:url(x.png)}.w a{color:#fff}", "yes"),
        ("@import url(https://cdn.example/x.css);.w a{color:#fff}", "yes"),
    ];
    for (css, expected) in table {
        assert_eq!(word(&Case::of(css, PART).at()), expected, "{css}");
    }
}

#[test]
fn letters_cut_out_of_a_background() {
    let label = "<p class=g><b id=t>Đã kết nối EMC</b></p>";
    let table = [
        (".g{background:linear-gradient(red,blue);-webkit-background-clip:text;color:transparent}", "yes"),
        (".g{background:red;background-clip:text}b{-webkit-text-fill-color:transparent}", "yes"),
        (".g{-webkit-background-clip:text;color:transparent}", "hidden SameColour"),
        (".g{background:red;color:transparent}", "hidden SameColour"),
        (".g{color:transparent;-webkit-text-stroke:1px #c00}", "unsure SameColour"),
        (".g{color:transparent;-webkit-text-stroke-width:0}", "hidden SameColour"),
    ];
    for (css, expected) in table {
        assert_eq!(word(&Case::of(css, label).at()), expected, "{css}");
    }
}

#[test]
fn polygons_that_cross_themselves() {
    let table = [
        ("0 0,100% 100%,100% 0,0 100%", "yes"),
        ("0 0,100% 0,0 100%,100% 100%", "yes"),
        ("50% 0,20% 100%,80% 100%", "yes"),
        ("0 0,100% 100%,50% 50%", "hidden Clipped"),
        ("0 0,100% 0,100% 100%,100% 0", "hidden Clipped"),
        ("0 0,10px 10px,0 0", "hidden Clipped"),
        ("0 0", "hidden Clipped"),
    ];
    for (points, expected) in table {
        let css = format!(".w{{clip-path:polygon({points})}}");
        assert_eq!(word(&Case::of(&css, PART).at()), expected, "{css}");
    }
}

#[test]
fn hardly_to_be_seen() {
    let table = [
        (".w{font-size:1px}", "unsure ZeroSize"),
        (".w{font-size:2px}", "yes"),
        (".w{font-size:.5px}", "hidden ZeroSize"),
        (".w{font-size:var(--nowhere)}", "unsure ZeroSize"),
        (".w{opacity:.02}", "unsure Transparent"),
        (".w{opacity:.06}", "yes"),
        (".w{opacity:.005}", "hidden Transparent"),
    ];
    for (css, expected) in table {
        assert_eq!(word(&Case::of(css, PART).at()), expected, "{css}");
    }
}
