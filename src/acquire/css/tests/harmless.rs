//! What looks like hiding and is not.

use super::{Case, word};

const LINK: &str = "<div class=w><a id=t href=/x>Cổng</a></div><p class=other>x</p>";

#[test]
fn harmless_sheets() {
    let table = [
        // Somewhere else, some time else.
        "@media print{.w{display:none}}",
        "@media (max-width:767px){.w{display:none}}",
        "@media screen and (max-width: 1200px){.w{display:none!important}}",
        "@media (width<=1000px){.w{display:none}}",
        "@media not screen{.w{display:none}}",
        "@media (orientation:portrait){.w{display:none}}",
        "@media (prefers-color-scheme:dark){.w{display:none}}",
        "@media (prefers-reduced-motion:reduce){.w{opacity:0}}",
        "@media (hover:none){.w{display:none}}",
        "@media (-ms-high-contrast:none){.w{display:none}}",
        "@media (min-width:1400px){.w{display:none}}",
        "@media (min-resolution:2dppx){.w{display:none}}",
        "@supports not (display:grid){.w{display:none}}",
        "@supports (-ms-ime-align:auto){.w{display:none}}",
        "@keyframes w{from{display:none}}",
        "@starting-style{.w{opacity:0}}",
        "@page{.w{display:none}}",
        // Another element, or none.
        ".sr-only{position:absolute;clip:rect(0,0,0,0)}",
        ".other{display:none}",
        ".w::before{display:none}",
        "#t:after{content:'';display:none}",
        ".w:hover{display:none}",
        "#t:active{opacity:0}",
        "#t:visited{color:transparent}",
        "a:not([href]){display:none}",
        ".w:empty{display:none}",
        ".w:has(img){display:none}",
        ".w:not(:has(a)){display:none}",
        ".w:nth-child(2){display:none}",
        ".w, .x:-moz-unknown{display:none}",
        ".w:unknown-thing{display:none}",
        // Overridden.
        ".w{display:none}.w{display:block}",
        ".w{display:none}div.w{display:flex}",
        "div.w{display:block}.w{display:none}",
        "#t{display:inline}a{display:none}",
        ".w{display:block!important}div.w{display:none}",
        ".w{display:none;display:block}",
        ".w{display:none;display:revert}",
        ".w{display:none;all:initial}",
        "@layer a{.w{display:none}}.w{display:block}",
        "@layer a,b;@layer b{.w{display:block}}@layer a{.w{display:none}}",
        "@layer a{.w{display:block!important}}.w{display:none!important}",
        ":where(#t){display:none}a{display:inline}",
        ".w{visibility:hidden}#t{visibility:visible}",
        // Harmless values.
        ".w{opacity:.9}",
        ".w{opacity:0.2}",
        ".w{position:fixed;right:10px;bottom:10px}",
        ".w{position:fixed;left:0;bottom:0;transform:translateX(-50%)}",
        ".w{position:absolute;left:50%;margin-left:-683px}",
        ".w{margin-left:-15px;margin-top:-40px}",
        ".w{margin:0 -9999px;padding:0 9999px}",
        ".w{margin-bottom:-99999px;padding-bottom:99999px}",
        ".w{left:-9999px}",
        ".w{position:absolute;left:-9999px;right:-9999px;margin:auto}",
        ".w{text-indent:-9999px;background:url(logo.png)}",
        "span{text-indent:-9999px}",
        ".w{clip:rect(0 0 0 0)}",
        ".w{position:absolute;clip:rect(0 500px 40px 0)}",
        ".w{position:absolute;clip:auto}",
        ".w{clip-path:none}",
        ".w{clip-path:circle(50%)}",
        ".w{clip-path:inset(0 0 10% 0)}",
        ".w{clip-path:polygon(0 0,100% 0,100% 100%,0 100%)}",
        ".w{transform:none}",
        ".w{rotate:90deg}",
        ".w{rotate:z 90deg}",
        ".w{rotate:x 180deg}",
        ".w{rotate:x 90deg;rotate:none}",
        ".w{transform:rotate3d(0,0,1,90deg)}",
        ".w{transform:rotate3d(1,0,0,45deg)}",
        ".w{transform:matrix3d(1,0,0,0,0,1,0,0,0,0,1,0,0,0,0,1)}",
        ".w{clip-path:polygon(evenodd,0 0,100% 0,100% 100%,0 100%)}",
        ".w{transform:scale(.5) rotate(45deg)}",
        ".w{transform:translate(-50%,-50%)}",
        ".w{height:0}",
        ".w{width:0;height:0}",
        ".w{height:0;padding-bottom:56%;overflow:hidden;position:relative}",
        ".w{max-height:0;min-height:40px;overflow:hidden}",
        ".w{max-height:500px;overflow:hidden}",
        ".w{height:auto;overflow:hidden}",
        "#t{height:0;width:0;overflow:hidden}",
        "#t{transform:scale(0)}",
        ".w{font-size:0}#t{font-size:13px}",
        "#t{color:#f00}",
        "body{background:#fff}.w{background:url(x.png)}#t{color:#fff}",
        "body{background:#fff}.w{background:linear-gradient(red,blue)}#t{color:#fff}",
        "body{background:#fff}.w{position:absolute}#t{color:#fff}",
        "body{background:#fff}.w{background:#333}#t{color:#fff}",
        "body{background:#fff}.w{position:relative}#t{color:#fff}",
        "#t{font-size:0;background:url(logo.png)}",
        "#t{color:transparent}.w #t::before{content:'Cổng';color:#000}",
        "@media (max-width:calc(10px*2)){.w{display:none}}",
        "@media (-o-min-device-pixel-ratio:3/2){.w{display:none}}",
        "body{background:#fff;color:#fff}#t{color:#000}",
        "body{background:#fff}.w{color:#fff}",
        "#t{color:transparent;background:linear-gradient(red,blue);-webkit-background-clip:text}",
        "#t{color:transparent;text-shadow:0 0 2px #000}",
        "#t{color:transparent;-webkit-text-fill-color:#000}",
        ".w{display:contents;opacity:0}",
        ".w{filter:alpha(opacity=0)}",
        ".w{filter:grayscale(100%)}",
        ".w{display:none\\9}",
        ".w{display:none",
    ];
    for css in table.into_iter().filter(|c| !c.ends_with("none")) {
        let seen = Case::of(css, LINK).at();
        assert_eq!(word(&seen), "yes", "{css}");
    }
    assert_eq!(word(&Case::of(".w{display:none", LINK).at()), "hidden DisplayNone", "a block ends with the text");
}

#[test]
fn harmless_markup() {
    let table = [
        "<a id=t href=/ style='display:inline'>x</a>",
        "<div hidden style='display:block'><a id=t href=/>x</a></div>",
        "<dialog open><a id=t href=/>x</a></dialog>",
        "<details open><summary>s</summary><a id=t href=/>x</a></details>",
        "<details><summary><a id=t href=/>x</a></summary></details>",
        "<a id=t href=/><img src=x alt=''></a>",
        "<a id=t href=/><span hidden>x</span><img src=x></a>",
        "<a id=t href=/ style='font-size:0'><img src=x></a>",
        "<a id=t href=/><span style='display:none'>a</span>b</a>",
        "<svg hidden><a id=t href=/><text>x</text></a></svg>",
        "<img src=x usemap=#m><map name=m><area id=t href=/></map>",
        "<a id=t href=/ style='width:20px;height:20px'></a>",
        "<a id=t href=/ style='background:url(x.png)'></a>",
        "<a id=t href=/><svg><use href=#i /></svg></a>",
        "<select><option id=t value=/>x</select>",
    ];
    for body in table {
        assert_eq!(word(&Case::of("", body).at()), "yes", "{body}");
    }
    let icon = Case::of(".icon::before{content:'\\f015'}", "<a id=t href=/><i class=icon></i></a>");
    assert_eq!(word(&icon.at()), "yes", "an icon font draws");
    let folded = Case::of("", "<details><summary>s</summary><p><a id=t href=/>x</a></p></details>");
    assert_eq!(word(&folded.at()), "details");
}

#[test]
fn quirks_mode_reads_as_browsers_do() {
    let quirky = "<html><style>.W{display:none}.m{position:absolute;left:-9999}</style>";
    assert_eq!(word(&Case::page(&format!("{quirky}<p class=w><b id=t>x</b>")).at()), "hidden DisplayNone");
    assert_eq!(word(&Case::page(&format!("{quirky}<p class=m><b id=t>x</b>")).at()), "hidden OffScreen");
    let strict = format!("<!DOCTYPE html>{quirky}");
    assert_eq!(word(&Case::page(&format!("{strict}<p class=w><b id=t>x</b>")).at()), "yes");
    assert_eq!(word(&Case::page(&format!("{strict}<p class=m><b id=t>x</b>")).at()), "yes");
}
