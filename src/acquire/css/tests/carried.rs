//! Rows and columns that a transform carries along, and what of them comes to stand on the page.

use super::{Case, word};

const PART: &str = "<div class=w><a id=t href=/x>Cổng</a></div>";

#[test]
fn slides_that_come_into_view() {
    let slides = "<div class=w><div class=s><a href=/a>A</a></div><div class=s><a id=t href=/x>Cổng</a></div>\
                  <div class=s><a href=/b>B</a></div></div>";
    let table = [
        (".w{transform:translate3d(-1250px,0,0);width:5000px}.s{float:left;width:1250px}", "unsure OffScreen"),
        (".w{transform:matrix(1,0,0,1,-1366,0);width:6000px}", "unsure OffScreen"),
        (".w{display:flex;transform:translate3d(-1366px,0,0)}.s{flex:0 0 100%}", "unsure OffScreen"),
        (".w{display:flex;width:100%;transform:translateX(-2732px)}.s{flex:0 0 100%}", "unsure OffScreen"),
        (".w{width:max-content;transform:translateX(-1366px)}.s{float:left}", "unsure OffScreen"),
        (".w{position:absolute;left:-100%;width:300%}.s{float:left}", "unsure OffScreen"),
        (".w{position:absolute;transform:translateX(-1366px)}.s{position:absolute;left:100%}", "unsure OffScreen"),
        (".w{position:absolute;left:-9999px}.s{position:absolute;left:9999px}", "unsure OffScreen"),
        (".w{transform:translateX(-2000px)}.s{transform:translateX(2000px)}", "unsure OffScreen"),
        // Further out than they are long.
        (".w{transform:translate3d(-6250px,0,0);width:5000px}", "hidden OffScreen"),
        (".w{display:flex;transform:translateX(-20000px)}", "hidden OffScreen"),
        (".w{width:100%;transform:translateX(-2000px)}", "hidden OffScreen"),
        (".w{position:absolute;left:-300%;width:300%}", "hidden OffScreen"),
        (".w{position:absolute;left:-100%;width:100%}", "hidden OffScreen"),
        (".w{position:absolute;left:-9999px}.s{position:absolute;left:10px}", "hidden OffScreen"),
        (".w{transform:translateX(-2000px)}.s{margin-left:10px}", "hidden OffScreen"),
    ];
    for (css, expected) in table {
        assert_eq!(word(&Case::of(css, slides).at()), expected, "{css}");
    }
}

#[test]
fn columns_that_run_through() {
    let column = |items: usize| {
        format!("<ul class=w>{}<li><a id=t href=/x>Cổng</a></ul>", "<li style='height:40px'>x".repeat(items))
    };
    let up = ".w{transform:translateY(-1200px)}";
    assert_eq!(word(&Case::of(up, &column(40)).at()), "unsure OffScreen");
    assert_eq!(word(&Case::of(up, &column(2)).at()), "hidden OffScreen");
    let pictures = format!("<div class=w>{}<a id=t href=/x>Cổng</a></div>", "<img src=x>".repeat(2));
    assert_eq!(word(&Case::of(up, &pictures).at()), "unsure OffScreen");
    let tall = ".w{transform:translateY(-1200px);height:3000px}";
    assert_eq!(word(&Case::of(tall, PART).at()), "unsure OffScreen");
    assert_eq!(word(&Case::of(".w{transform:translateY(-90000px)}", &column(2000)).at()), "hidden OffScreen");
}

#[test]
fn a_move_back_from_where_it_stands() {
    let table = [
        (".w{position:fixed;top:100vh;left:0;transform:translateY(-100vh)}", "yes"),
        (".w{position:absolute;left:2000px;transform:translateX(-2000px)}", "yes"),
        (".w{margin-left:1500px;transform:translateX(-1500px)}", "yes"),
        (".w{position:fixed;right:0;transform:translateX(-1200px)}", "yes"),
        (".w{position:fixed;right:0;transform:translateX(-1400px)}", "hidden OffScreen"),
        (".w{position:fixed;top:0;left:0;transform:translateY(-100vh)}", "hidden OffScreen"),
        (".w{left:2000px;transform:translateX(-2000px)}", "hidden OffScreen"),
        (".w{position:absolute;left:-500px;transform:translateX(-600px)}", "hidden OffScreen"),
        (".w{transform:translateX(6000px)}", "hidden OffScreen"),
    ];
    for (css, expected) in table {
        assert_eq!(word(&Case::of(css, PART).at()), expected, "{css}");
    }
}

#[test]
fn as_many_parts_as_are_looked_at() {
    let parts = |n: usize| format!("<div class=w><a id=t href=/x>Cổng</a>{}</div>", "<!--x-->".repeat(n));
    let up = ".w{transform:translateY(-15000px)}";
    assert_eq!(word(&Case::of(up, &parts(900)).at()), "hidden OffScreen");
    assert_eq!(word(&Case::of(up, &parts(1100)).at()), "unsure OffScreen");
    let nested = "<div class=w>".repeat(2000);
    let start = std::time::Instant::now();
    let seen = Case::of(up, &format!("{nested}<a id=t href=/x>{}</a>", "Cổng ".repeat(20_000))).at();
    assert_eq!(word(&seen), "unsure OffScreen");
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}
