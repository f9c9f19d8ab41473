//! What a box of a declared size cuts off.

use super::{Case, word};

/// A link below two paragraphs, beside two links, on the third slide.
const BELOW: &str = "<div class=b><p>Tin tức</p><p>Văn bản</p><a id=t href=/x>Cổng</a></div>";
const FIRST: &str = "<div class=b><a id=t href=/x>Cổng</a><p>Tin tức</p><p>Văn bản</p></div>";
const BAR: &str =
    "<ul class=b><li><a href=/1>Tin tức</a></li><li><a href=/2>Văn bản</a></li><li><a id=t href=/x>Cổng</a></li></ul>";
const SLIDES: &str =
    "<div class=b><div class=r><div>1</div><div>2</div><div><a id=t href=/x>Cổng</a></div></div></div>";

fn all(table: &[(&str, &str)], expected: &str) {
    for (css, body) in table {
        assert_eq!(word(&Case::of(css, body).at()), expected, "{css} {body}");
    }
}

#[test]
fn what_stands_below_the_edge_of_a_box_is_in_doubt() {
    all(
        &[
            (".b{height:40px;overflow:hidden}", BELOW),
            (".b{height:40px;overflow:clip}", BELOW),
            (".b{height:2em;overflow-y:hidden}", BELOW),
            (".b{max-height:40px;overflow:hidden}", BELOW),
            (".b{height:500px;max-height:40px;overflow:hidden}", BELOW),
            ("html,body{height:100%}.b{height:5%;overflow:hidden}", BELOW),
            (".b{height:6vh;overflow:hidden}", BELOW),
            // Its own distance carries it out.
            (".b{height:40px;overflow:hidden}#t{display:block;margin-top:60px}", FIRST),
            (".b{height:40px;overflow:hidden;padding-top:60px;box-sizing:border-box}", FIRST),
            (".b{height:40px;overflow:hidden}#t{position:relative;top:50px}", FIRST),
            (".b{height:40px;overflow:hidden;position:relative}#t{position:absolute;top:50px}", FIRST),
            (".b{height:40px;overflow:hidden}#t{display:block;transform:translateY(80px)}", FIRST),
            // Parts of a list stand below each other unless a sheet says more.
            (".b{height:30px;overflow:hidden}", BAR),
            (".b{height:30px;overflow:hidden;display:flex;flex-direction:column}", BAR),
            (".b{height:30px;overflow:hidden;display:flex;flex-flow:column nowrap}", BAR),
            (".b{height:30px;overflow:hidden;width:60px}.b li{float:left}", BAR),
            // Lines of a text.
            (
                ".b{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:1;overflow:hidden}",
                "<div class=b>Một<br>Hai<br>Ba<br><a id=t href=/x>Cổng</a></div>",
            ),
            (
                ".b{height:20px;width:200px;overflow:hidden}",
                "<p class=b>Trang này thuộc hệ thống các trang thông tin điện tử của tỉnh, do Sở quản lý <a id=t href=/x>Cổng</a></p>",
            ),
            (".b{height:100px;overflow:hidden}", "<div class=b><img src=a.png><a id=t href=/x>Cổng</a></div>"),
            (
                ".b{height:100px;overflow:hidden}",
                "<div class=b><img src=a.png height=200><br><a id=t href=/x>Cổng</a></div>",
            ),
            // What lies in the padding shows, and what stands below it does not.
            (".b{height:0;padding-top:30px;overflow:hidden}", FIRST),
            // A page that is not scrolled.
            ("body{overflow:hidden}.c{height:2000px}", "<div class=c></div><a id=t href=/x>Cổng</a>"),
            // What scrolls may stand beyond the edge itself.
            (
                ".b{height:40px;overflow:hidden}.s{height:30px;overflow:auto}",
                "<div class=b><p>Tin tức</p><p>Văn bản</p><div class=s><p>a</p><a id=t href=/x>Cổng</a></div></div>",
            ),
        ],
        "unsure Clipped",
    );
}

#[test]
fn what_stands_within_it_shows() {
    all(
        &[
            (".b{height:40px;overflow:hidden}", FIRST),
            (".b{height:40px}", BELOW),
            (".b{overflow:hidden}", BELOW),
            (".b{height:40px;overflow:auto}", BELOW),
            (".b{height:40px;overflow-x:hidden}", BELOW),
            (".b{height:400px;overflow:hidden}", BELOW),
            (".b{height:40px;min-height:300px;overflow:hidden}", BELOW),
            (".b{height:50%;overflow:hidden}", BELOW),
            (".b{height:40px;overflow:hidden}p{display:none}", BELOW),
            (".b{height:40px;overflow:hidden}p{position:absolute}", BELOW),
            (".b{height:40px;overflow:hidden}p{float:left;margin:0}", BELOW),
            (".b{height:40px;overflow:hidden}#t{position:fixed;top:200px}", BELOW),
            (".b{height:40px;overflow:hidden}#t{position:absolute;top:200px}", BELOW),
            // Placed against a box around the one that it stands in.
            (
                ".b{height:60px;overflow:hidden;position:relative}.i{margin-top:50px}#t{position:absolute;top:0}",
                "<div class=b><p>Tin</p><div class=i><a id=t href=/x>Cổng</a></div></div>",
            ),
            (".b{height:30px;overflow:hidden}.b li{float:left}", BAR),
            (".b{height:50px;overflow:hidden;display:flex}", BAR),
            (".b{height:50px;overflow:hidden}.b li{display:inline-block}", BAR),
            ("body{overflow-x:hidden}.c{height:2000px}", "<div class=c></div><a id=t href=/x>Cổng</a>"),
            (
                ".b{height:40px;overflow:hidden}.s{height:30px;overflow:auto}",
                "<div class=b><div class=s><p>a</p><p>a</p><a id=t href=/x>Cổng</a></div></div>",
            ),
            (".b{height:0;padding-bottom:56%;overflow:hidden}", FIRST),
            (
                ".b{height:100px;overflow:hidden}img{float:left}",
                "<div class=b><img src=a.png><a id=t href=/x>Cổng</a></div>",
            ),
            // A cell is as high as its content needs.
            (".b{height:10px;overflow:hidden}", "<table><tr><td class=b><p>Tin</p><a id=t href=/x>Cổng</a></table>"),
            (".b{height:10px;overflow:hidden}", "<span class=b><b>Tin</b><br><a id=t href=/x>Cổng</a></span>"),
            (".b{-webkit-line-clamp:1;overflow:hidden}", BELOW),
        ],
        "yes",
    );
}

#[test]
fn a_row_longer_than_its_box_is_in_doubt() {
    let row = ".b{overflow:hidden;width:300px}";
    all(
        &[
            (&format!("{row}.r{{display:flex;width:900px}}.r div{{width:300px}}"), SLIDES),
            (".b{overflow:hidden}.r{display:flex}.r div{flex:0 0 100%}", SLIDES),
            (".b{overflow:hidden}.r{display:flex}.r div{flex-shrink:0;width:100%}", SLIDES),
            (".b{overflow-x:clip}.r{display:flex}.r div{flex:none;width:100%}", SLIDES),
            (".b{overflow:hidden}.r{width:300%}.r div{float:left;width:33.3%}", SLIDES),
        ],
        "unsure Clipped",
    );
    all(
        &[
            (".b{overflow:hidden}.r{display:flex}.r div{flex:0 0 25%}", SLIDES),
            (".b{overflow:hidden}.r{display:flex}.r div{width:100%}", SLIDES),
            (".b{overflow:auto}.r{display:flex}.r div{flex:0 0 100%}", SLIDES),
            (".r{display:flex}.r div{flex:0 0 100%}", SLIDES),
            (&format!("{row}.r{{width:280px}}"), SLIDES),
            // Below each other, not beside.
            (&format!("{row}.r{{width:900px}}"), SLIDES),
            (
                ".b{overflow:hidden}.r{display:flex}.r div{flex:0 0 100%}.r div+div{display:none}.r div:last-child{display:block}.r div:first-child{display:none}",
                SLIDES,
            ),
        ],
        "yes",
    );
}

#[test]
fn a_row_of_a_grid_without_room() {
    let body = "<div class=g>\
        <div class=i><a id=t href=/x>Cổng</a></div></div>";
    all(
        &[
            (".g{display:grid;grid-template-rows:0fr}.i{overflow:hidden}", body),
            (".g{display:grid;grid-template:0fr/1fr}.i{overflow:hidden;min-height:0}", body),
            (".g{display:grid;grid-template-rows:0fr}.g:hover{grid-template-rows:1fr}.i{overflow:hidden}", body),
        ],
        "unsure ZeroSize",
    );
    all(
        &[
            (".g{display:grid;grid-template-rows:1fr}.i{overflow:hidden}", body),
            (".g{display:grid;grid-template-rows:0fr}", body),
            (".g{display:grid;grid-template-rows:0fr;height:90px}.i{overflow:hidden}", body),
            (".g{grid-template-rows:0fr}.i{overflow:hidden}", body),
            (".g{display:grid;grid-template-rows:0fr}.i{overflow:hidden;padding:9px}", body),
            (".g{display:grid;grid-template-rows:0fr}.i{overflow:hidden;min-height:2em}", body),
            (".g{display:grid;grid-template-rows:0fr}.i{overflow:hidden;position:absolute}", body),
        ],
        "yes",
    );
}

#[test]
fn many_boxes_cost_little() {
    let links: String = (0..3000).map(|n| format!("<p><a href=/{n}>Trang {n}</a></p>")).collect();
    let page = format!("<div class=b>{links}<a id=t href=/x>Cổng</a></div>");
    let deep = format!("{}<a id=t href=/x>Cổng</a>", "<div class=b><p>a</p>".repeat(90));
    let started = std::time::Instant::now();
    all(&[(".b{height:400px;overflow:hidden}", &page), (".b{height:40px;overflow:hidden}", &deep)], "unsure Clipped");
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
    // Every link asks all the boxes around it, and every label all the words beside it.
    let boxes = format!("{}{}", "<div class=b>".repeat(90), "<b><a href=/1>Trang</a></b>".repeat(20_000));
    let case = Case::of(".b{height:100%;max-width:90%;overflow:hidden}", &format!("{boxes}<a id=t href=/x>Cổng</a>"));
    let links = scraper::Selector::parse("a").unwrap();
    let shown = case.doc.html.select(&links).filter(|a| word(&case.styles.seen(&case.doc, *a)) == "yes").count();
    assert_eq!(shown, 20_001);
    assert!(started.elapsed().as_secs() < 40, "{:?}", started.elapsed());
    // What stands deeper than is reckoned.
    let deeper = |n: usize| format!("<div class=b>{}<a id=t href=/x>Cổng</a>", "<div>".repeat(n));
    all(&[(".b{height:40px;overflow:hidden}", &deeper(110))], "unsure Clipped");
    all(&[(".b{height:40px;overflow:hidden}", &deeper(90))], "yes");
}

#[test]
fn an_animation_that_leaves_nothing() {
    let body = "<div class=b><a id=t href=/x>Cổng</a></div>";
    let ends = "@keyframes mo{from{opacity:1}to{opacity:0}}";
    let with = |css: &str, rest: &str| word(&Case::of(&format!("{css}{rest}"), body).at());
    for rest in [
        ".b{animation:mo 1s forwards}",
        "#t{animation-name:mo;animation-duration:1s;animation-fill-mode:both}",
        ".b{-webkit-animation:1s mo both}",
        ".b{animation:khac 1s infinite,mo 1s forwards}",
    ] {
        assert_eq!(with(ends, rest), "unsure Transparent", "{rest}");
    }
    let hide = ".b{animation:mo 1s forwards}";
    for css in [
        "@keyframes mo{0%{color:red}100%{visibility:hidden}}",
        "@keyframes 'mo'{0%,50%,100%{transform:scale(0)}}",
        "@-webkit-keyframes mo{TO{display:none}}",
        "@media screen{@keyframes mo{to{left:-9999px}}}",
    ] {
        assert_eq!(with(css, hide), "unsure Transparent", "{css}");
    }
    assert_eq!(
        with("@keyframes mo{from{opacity:0}to{opacity:0}}", ".b{animation:mo 1s infinite}"),
        "unsure Transparent"
    );
    for (css, rest) in [
        (ends, ""),
        (ends, ".b{animation:khac 1s forwards}"),
        (ends, ".b{animation:none}"),
        // What blinks is seen.
        (ends, ".b{animation:mo 1s steps(5,start) infinite}"),
        ("@keyframes mo{from{opacity:0}to{opacity:1}}", hide),
        ("@keyframes mo{50%{opacity:0}}", hide),
        ("@keyframes mo{to{transform:translateX(-100%)}}", ".b{animation:mo 9s linear infinite}"),
        ("@keyframes mo", hide),
        ("@keyframes mo{to", hide),
    ] {
        assert_eq!(with(css, rest), "yes", "{css} {rest}");
    }
}
