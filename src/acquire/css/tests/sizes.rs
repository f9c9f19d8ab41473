//! Sizes and numbers: what layout makes of a size of nought, and values that are computed.

use super::{Case, word};

const PART: &str = "<div class=w><a id=t href=/x>Cổng</a></div>";

#[test]
fn no_size_that_layout_overrides() {
    let row = "<div class=r><img src=x><div class=w><a id=t href=/x>Cổng</a></div></div>";
    let table = [
        (".r{display:flex}.w{flex:1;width:0;overflow:hidden}", "unsure ZeroSize"),
        (".r{display:inline-flex}.w{flex:1 1 auto;width:0;overflow:hidden}", "unsure ZeroSize"),
        (".r{display:flex;flex-direction:column}.w{flex-grow:1;height:0;overflow:auto}", "unsure ZeroSize"),
        (".r{display:flex}.w{flex:0 0 60px;height:0;overflow:hidden}", "unsure ZeroSize"),
        (".r{display:-webkit-box}.w{-webkit-box-flex:1;width:0;overflow:hidden}", "unsure ZeroSize"),
        (".r{display:flex}.w{flex-basis:content;width:0;overflow:hidden}", "unsure ZeroSize"),
        // Nothing gives it room, or one way only.
        (".r{display:flex}.w{width:0;overflow:hidden}", "hidden ZeroSize"),
        (".r{display:flex}.w{flex:0 0 0;width:0;overflow:hidden}", "hidden ZeroSize"),
        (".r{display:flex}.w{flex:none;width:0;overflow:hidden}", "hidden ZeroSize"),
        (".r{display:flex}.w{flex:0 1 auto;width:0;overflow:hidden}", "hidden ZeroSize"),
        (".r{display:flex}.w{flex:1;max-width:0;overflow:hidden}", "hidden ZeroSize"),
        (".r{display:flex}.w{flex:1;width:0;height:0;overflow:hidden}", "hidden ZeroSize"),
        (".r{display:flex}.w{flex:1;position:absolute;width:0;overflow:hidden}", "hidden ZeroSize"),
        (".r{display:grid}.w{flex:1;width:0;overflow:hidden}", "hidden ZeroSize"),
        (".w{flex:1;width:0;overflow:hidden}", "hidden ZeroSize"),
        (".r{display:flex}.w{flex:1;flex:none;width:0;overflow:hidden}", "hidden ZeroSize"),
        (".r{display:flex}.w{flex:none;flex:nonsense;width:0;overflow:hidden}", "hidden ZeroSize"),
        // A least size that follows the content.
        (".w{width:0;min-width:min-content;overflow:hidden}", "unsure ZeroSize"),
        (".w{width:0;min-width:auto;overflow:hidden}", "hidden ZeroSize"),
        (".w{width:0;min-width:100%;overflow:hidden}", "yes"),
    ];
    for (css, expected) in table {
        assert_eq!(word(&Case::of(css, row).at()), expected, "{css}");
    }
}

#[test]
fn cells_are_as_large_as_their_content() {
    let cell = "<table><tr><td><a id=t href=/x>Cổng</a><td>x</table>";
    let table = [
        ("td{width:1px;white-space:nowrap;overflow:hidden}", "yes"),
        ("td{width:0;height:0;overflow:hidden}", "yes"),
        ("tr{height:0}tr,td{overflow:hidden}", "yes"),
        ("table{height:1px;overflow:hidden}", "yes"),
        ("tbody{height:0;max-height:0;overflow:hidden}", "yes"),
        ("td{max-width:0;overflow:hidden}", "unsure ZeroSize"),
        ("td{display:block;height:0;overflow:hidden}", "hidden ZeroSize"),
        ("td a{display:block;height:0;overflow:hidden}", "hidden ZeroSize"),
    ];
    for (css, expected) in table {
        assert_eq!(word(&Case::of(css, cell).at()), expected, "{css}");
    }
    assert_eq!(word(&Case::of(".w{display:table;height:0;overflow:hidden}", PART).at()), "yes");
    assert_eq!(word(&Case::of(".w{display:table-cell;width:0;overflow:hidden}", PART).at()), "yes");
}

#[test]
fn units_and_functions_of_today() {
    let list = "<ul><li><a id=t href=/x>Cổng</a></ul>";
    for css in [
        "ul{font-size:0}li{font-size:clamp(14px,1.2vw,18px)}",
        "ul{font-size:0}li{font-size:3cqw}",
        "ul{font-size:0}li{font-size:max(12px,1em)}",
        "ul{font-size:0}li{font-size:env(size,14px)}",
        "li{width:0;width:50cqw;overflow:hidden}",
        "li{width:0;width:40rch;overflow:hidden}",
        "li{height:0;height:50dvb;overflow:hidden}",
        "li{height:0;height:calc(100% - 20px);overflow:hidden}",
        "li{width:0;width:min(100%,1200px);overflow:hidden}",
        "li{width:clamp(0px,50vw,800px);overflow:hidden}",
        "li{opacity:max(0,1)}",
        "li{opacity:calc(1/0)}",
        "li{transform:scale(calc(1/2))}",
    ] {
        let seen = word(&Case::of(css, list).at());
        assert!(seen == "yes" || css.contains("env(") && seen == "unsure ZeroSize", "{css}: {seen}");
    }
    for css in [
        "li{opacity:calc(0)}",
        "li{opacity:min(0,1)}",
        "li{opacity:clamp(0,0,1)}",
        "li{opacity:calc(0% * 2)}",
        "li{opacity:calc(min(1,2) - 1)}",
        "li{filter:opacity(calc(0))}",
        "li{transform:scale(calc(0))}",
        "li{scale:min(0,1)}",
        "li{font-size:min(0px,1px)}",
        "li{font-size:clamp(0px,0vw,0px)}",
        "li{height:min(0px,1px);overflow:hidden}",
        "li{height:min(100%,0px);overflow:hidden}",
        "li{height:max(0px,0em);overflow:hidden}",
        "li{height:0cqw;overflow:hidden}",
        "li{height:calc(0px - 5px);overflow:hidden}",
        "li{height:0;height:-5px;overflow:hidden}",
        "li{height:0;height:5foo;overflow:hidden}",
        "li{position:absolute;left:min(-9999px,0px)}",
    ] {
        let seen = word(&Case::of(css, list).at());
        assert!(seen.starts_with("hidden"), "{css}: {seen}");
    }
}

#[test]
fn functions_that_one_browser_knows() {
    for (condition, expected) in [
        ("background:-webkit-named-image(i)", "unsure DisplayNone"),
        ("font-size:-apple-x", "unsure DisplayNone"),
        ("width:calc(1px + unheard-of(2px))", "unsure DisplayNone"),
        ("background:url(x.png) rgb(0 0 0 / 50%)", "hidden DisplayNone"),
        ("width:calc((1px + 2px)*2)", "hidden DisplayNone"),
    ] {
        let css = format!("@supports ({condition}){{.w{{display:none}}}}");
        assert_eq!(word(&Case::of(&css, PART).at()), expected, "{css}");
    }
}
