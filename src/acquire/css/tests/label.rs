//! Own labels and the label that the library adds.

use super::{Case, word};
use crate::acquire::css::{Scripts, labels};
use crate::policy::{Calls, LabelMarkup, Tracker};
use crate::snapshot::{InjectedLabel, LabelFacts};

const STAND_IN: &str = r#"<div class="yhy-append-wrap" style="display:block"><div id="yhy-append" class="yhy-append"><a id="btnEMC" class="yhy-append-btn yhy-btn-emc" href="javascript:void(0)" style="display:flex" title="TRUNG TÂM GIÁM SÁT QUỐC GIA VỀ CHÍNH PHỦ SỐ"><span class="yhy-append-icon"><img alt="EMC"></span><span class="yhy-append-txt">Đã kết nối EMC</span></a></div></div>"#;

fn tracker() -> Tracker {
    let empty = String::new;
    Tracker {
        queue: empty(),
        calls: Calls { page_view: empty(), site_id: empty(), collector: empty() },
        library: empty(),
        collector: empty(),
        site_id: empty(),
        label: Some(LabelMarkup {
            selectors: vec![".yhy-append-wrap".into(), "#btnEMC".into()],
            texts: vec!["Đã kết nối EMC".into(), "Đã kết nối hệ thống EMC".into()],
            stand_in: Some(STAND_IN.into()),
        }),
        snippet: None,
    }
}

fn facts(case: &Case) -> LabelFacts {
    labels(&case.doc, &case.styles, &tracker())
}

fn own(css: &str, body: &str) -> Vec<(String, String)> {
    facts(&Case::of(css, body)).own.into_iter().map(|l| (l.text, word(&l.seen))).collect()
}

#[test]
fn own_labels() {
    let yes = [
        "<div><template shadowrootmode=open><p>Đã kết nối EMC</p></template></div>",
        "<footer><p>Đã kết nối EMC</p></footer>",
        "<p>ĐÃ KẾT NỐI EMC</p>",
        "<p>Đã\n  kết&nbsp;nối\tEMC</p>",
        "<p>Đã <b>kết nối</b> EMC</p>",
        "<p>Đa\u{303} kê\u{301}t nô\u{301}i EMC</p>",
        "<p>Trang này đã kết nối hệ thống EMC (từ 2024)</p>",
        "<div>Đã<br>kết nối EMC</div>",
        "<div><div>Đã kết</div><div>nối EMC</div></div>",
        "<img alt='Đã kết nối EMC' src=x>",
        "<img title='đã kết nối EMC' src=x>",
        "<input type=image alt='Đã kết nối EMC'>",
        "<svg aria-label='Đã kết nối EMC'><path d='M0 0h9v9z'/></svg>",
        "<svg style='background:url(emc.png)'><title>Đã kết nối EMC</title></svg>",
        "<p style='height:20px;overflow:hidden'>Đã kết nối EMC</p>",
        "<p style='white-space:nowrap;overflow:hidden;letter-spacing:2px;line-height:1.2'>Đã kết nối EMC</p>",
        "<svg><text>Đã kết nối EMC</text></svg>",
        "<p>Đã kết n\u{ad}ối EMC</p>",
        "<a>Đã kết nối EMC<span hidden>, mở cửa sổ mới</span></a>",
    ];
    for body in yes {
        let found = own("", body);
        assert_eq!(found.len(), 1, "{body}: {found:?}");
        assert_eq!(found[0].1, "yes", "{body}");
    }
    let no = [
        "<select><option>Chọn<option>Đã kết nối EMC</select>",
        "<select><option selected>Đã kết nối EMC</select>",
        "<template><p>Đã kết nối EMC</p></template>",
        "<p>Da ket noi EMC</p>",
        "<p>Đã kết nối E M C</p>",
        "<!-- Đã kết nối EMC -->",
        "<template><p>Đã kết nối EMC</p></template>",
        "<noscript><p>Đã kết nối EMC</p></noscript>",
        "<script>var x = 'Đã kết nối EMC'</script>",
        "<a title='Đã kết nối EMC' href=/>x</a>",
        "<p data-x='Đã kết nối EMC'>x</p>",
        "<textarea>Đã kết nối EMC</textarea>",
        "<p>Ngày 12 tháng 3, Sở đã tổ chức hội nghị tập huấn về việc các đơn vị trực thuộc đã kết nối EMC.</p>",
        "<div class=yhy-append-wrap><div id=yhy-append></div></div>",
        "<input value='Đã kết nối EMC'>",
    ];
    for body in no {
        assert!(own("", body).is_empty(), "{body}");
    }
}

#[test]
fn own_labels_that_are_hidden() {
    let table = [
        ("", "<p hidden>Đã kết nối EMC</p>", "hidden HiddenAttribute"),
        (".x{display:none}", "<p>Đã <b class=x>kết nối</b> EMC</p>", "hidden DisplayNone"),
        (".x{display:none}", "<p>Đã kết nối EMC <b class=x>ok</b></p>", "yes"),
        ("p{color:#fff;background:#fff}", "<p>Đã kết nối EMC</p>", "hidden SameColour"),
        ("p{font-size:0}", "<p><img src=x>Đã kết nối EMC</p>", "hidden ZeroSize"),
        (".x{display:none}", "<div class=x><img alt='Đã kết nối EMC'></div>", "hidden DisplayNone"),
        (
            ".m{display:none}.n:hover .m{display:block}",
            "<div class=n><p class=m>Đã kết nối EMC</p></div>",
            "menu DisplayNone",
        ),
        ("", "<details><summary>s</summary>Đã kết nối EMC</details>", "details"),
        ("p{text-indent:-9999px}", "<p>Đã kết nối EMC</p>", "hidden OffScreen"),
        ("p{text-indent:-999em;overflow:hidden}", "<p><b>Đã kết nối EMC</b></p>", "hidden OffScreen"),
        ("div{text-indent:-500px}", "<div><p>Đã kết nối EMC</p></div>", "hidden OffScreen"),
        (".x{display:block;text-indent:-9999px}", "<span class=x>Đã kết nối EMC</span>", "hidden OffScreen"),
        ("p{text-indent:100%;white-space:nowrap;overflow:hidden}", "<p>Đã kết nối EMC</p>", "hidden OffScreen"),
        (
            ".x{position:absolute;left:-300px}",
            "<footer><span class=x>Đã kết nối EMC</span></footer>",
            "hidden OffScreen",
        ),
        (".x{position:fixed;top:-150px}", "<span class=x>Đã kết nối EMC</span>", "hidden OffScreen"),
        (".x{position:absolute;left:-120px}", "<span class=x>Đã kết nối EMC</span>", "unsure OffScreen"),
        // Nothing indents text in a line; a picture stands where the text would.
        ("b{text-indent:-9999px}", "<p><b>Đã kết nối EMC</b></p>", "yes"),
        ("p{text-indent:2em}", "<p>Đã kết nối EMC</p>", "yes"),
        ("p{text-indent:-20px}", "<p>Đã kết nối EMC</p>", "yes"),
        ("p{text-indent:-9999px;background:url(emc.png)}", "<p>Đã kết nối EMC</p>", "yes"),
        ("p{text-indent:-9999px}p::before{content:url(emc.png)}", "<p>Đã kết nối EMC</p>", "yes"),
        ("div{text-indent:-9999px}p{text-indent:0}", "<div><p>Đã kết nối EMC</p></div>", "yes"),
    ];
    for (css, body, expected) in table {
        let found = own(css, body);
        assert_eq!(found.len(), 1, "{body}: {found:?}");
        assert_eq!(found[0].1, expected, "{css} {body}");
    }
}

#[test]
fn pasted_markup_is_one_label() {
    let found = own("", STAND_IN);
    assert_eq!(found, [("đã kết nối emc".to_owned(), "yes".to_owned())]);
    let long = "x ".repeat(60);
    let found = own("", &format!("<div class=yhy-append-wrap>Đã kết nối EMC {long}</div>"));
    assert_eq!(found.len(), 1);
}

fn added(css: &str) -> String {
    added_with(css, None)
}

fn added_with(css: &str, script: Option<&str>) -> String {
    let body = "<header>h</header><main>m</main>";
    let case = match script {
        Some(script) => Case::scripted(css, body, script),
        None => Case::of(css, body),
    };
    match facts(&case).injected {
        InjectedLabel::Shown => "shown".into(),
        InjectedLabel::Hidden(h) => {
            assert!(h.spot.is_some(), "{css} is shown where it is written");
            format!("hidden {:?}", h.technique)
        }
        InjectedLabel::Conditional(h) => format!("conditional {:?}", h.technique),
    }
}

#[test]
fn added_label() {
    let table = [
        ("", "shown"),
        (".yhy-append-wrap{display:none!important}", "hidden DisplayNone"),
        ("header,nav,footer,.yhy-append-wrap{display:none!important}", "hidden DisplayNone"),
        (".yhy-append-wrap{display:none}", "shown"),
        ("#btnEMC{display:none}", "shown"),
        ("#btnEMC{display:none!important}", "hidden DisplayNone"),
        ("#yhy-append{display:none}", "hidden DisplayNone"),
        (".yhy-append-txt{visibility:hidden}", "hidden Visibility"),
        (".yhy-append-icon{display:none}", "shown"),
        ("#yhy-append{opacity:0}", "hidden Transparent"),
        ("#yhy-append{position:absolute;left:-9999px}", "hidden OffScreen"),
        ("#yhy-append{height:0;overflow:hidden}", "hidden ZeroSize"),
        ("#yhy-append{position:fixed;left:-300px;width:200px;overflow:hidden}", "hidden OffScreen"),
        (".yhy-append-wrap{position:absolute;left:-400px}", "conditional OffScreen"),
        // Where the library puts it is not known.
        ("body>:last-child{visibility:hidden}", "conditional Visibility"),
        ("body>:nth-child(3){display:none!important}", "conditional DisplayNone"),
        ("main~div{display:none!important}", "conditional DisplayNone"),
        ("main+div{display:none!important}", "conditional DisplayNone"),
        ("body>.yhy-append-wrap{display:none!important}", "conditional DisplayNone"),
        ("body .yhy-append-wrap{display:none!important}", "hidden DisplayNone"),
        (".yhy-append-wrap>#yhy-append{display:none!important}", "hidden DisplayNone"),
        (".yhy-append-wrap>:first-child{display:none!important}", "hidden DisplayNone"),
        ("#yhy-append:only-child{display:none!important}", "hidden DisplayNone"),
        ("body:has(main) .yhy-append-wrap{display:none!important}", "hidden DisplayNone"),
        ("body>*:not(header):not(main){display:none!important}", "hidden DisplayNone"),
        ("[class*=yhy-]{display:none!important}", "hidden DisplayNone"),
        ("@media print{.yhy-append-wrap{display:none!important}}", "shown"),
        ("@media (max-width:700px){.yhy-append-wrap{display:none!important}}", "shown"),
        ("@media (min-width:700px){.yhy-append-wrap{display:none!important}}", "hidden DisplayNone"),
        ("@media (unheard-of){.yhy-append-wrap{display:none!important}}", "conditional DisplayNone"),
        ("@container (width>1px){#yhy-append{display:none}}", "conditional DisplayNone"),
        (".yhy-append-wrap{position:fixed;right:0;bottom:0;z-index:9}", "shown"),
        (".yhy-append-wrap{display:inline-block!important}", "shown"),
        (".no-emc .yhy-append-wrap{display:none!important}", "shown"),
        ("#yhy-append{display:none}#yhy-append:hover{display:block}", "hidden DisplayNone"),
        (
            ".yhy-append-wrap{display:none!important}.home .yhy-append-wrap{display:block!important}",
            "hidden DisplayNone",
        ),
    ];
    for (css, expected) in table {
        assert_eq!(added(css), expected, "{css}");
    }
}

#[test]
fn added_label_and_scripts() {
    assert_eq!(added_with("body{opacity:0}", Some("x()")), "conditional Transparent");
    assert_eq!(added_with("body{opacity:0}", None), "hidden Transparent");
    assert_eq!(
        added_with("body:not(.loaded) #yhy-append{display:none}", Some("b.className='loaded'")),
        "conditional DisplayNone"
    );
    assert_eq!(added_with("#yhy-append{display:none}", Some("$('#yhy-append').show()")), "conditional DisplayNone");
    assert_eq!(added_with("#yhy-append{display:none}", Some("$('#other').show()")), "hidden DisplayNone");
}

#[test]
fn positions_in_linked_files() {
    let page = "<!DOCTYPE html><link rel=stylesheet href=a.css><body>x";
    let css = "header,.yhy-append-wrap{color:red;display:none!important}";
    let case = Case::with(page, &[("a.css", css)], &Scripts::default());
    let InjectedLabel::Hidden(hiding) = facts(&case).injected else { panic!("hidden") };
    let spot = hiding.spot.unwrap();
    assert_eq!(spot.source.slice(spot.span), "display:none!important");
    assert_eq!(spot.source.text, css);
}

#[test]
fn labels_of_very_many_parts_end_soon() {
    let words = "lorem ipsum dolor sit amet ".repeat(4);
    let hidden = format!("<p hidden>{words}Đã kết nối EMC</p>");
    let parts = format!("<div class=yhy-append-wrap>{}{hidden}</div>", "<b>x</b>".repeat(10_000));
    let beside = format!("<div class=yhy-append-wrap>{words}Đã kết nối EMC</div>").repeat(3_000);
    let nested = "<div class=yhy-append-wrap><b>x</b>".repeat(700) + &words + "Đã kết nối EMC";
    for (body, count, seen) in [(parts, 1, "hidden HiddenAttribute"), (beside, 3_000, "yes"), (nested, 700, "yes")] {
        let begun = std::time::Instant::now();
        let found = own("", &body);
        assert!(begun.elapsed() < std::time::Duration::from_secs(20), "{body:.60}: {:?}", begun.elapsed());
        assert_eq!((found.len(), found[0].1.as_str()), (count, seen), "{body:.60}");
    }
}

#[test]
fn the_part_that_holds_the_text_is_named() {
    let css = ".a{display:none}.b{visibility:hidden}";
    let body = "<div class=yhy-append-wrap><b>x</b><p class=a>y</p><p class=b>Đã kết nối EMC</p></div>";
    assert_eq!(own(css, body)[0].1, "hidden Visibility");
}

#[test]
fn words_that_may_not_be_read_as_a_whole() {
    for body in [
        "<svg aria-label='Đã kết nối EMC'></svg>",
        "<svg><title>Đã kết nối EMC</title><g></g></svg>",
        "<p style='height:20px;overflow:hidden'>Một<br>hai<br>Đã kết nối EMC</p>",
        "<p style='display:-webkit-box;-webkit-line-clamp:1;overflow:hidden'>Một<br>hai<br>Đã kết nối EMC</p>",
        "<p style='width:90px;white-space:nowrap;overflow:hidden'>Trang thông tin điện tử Đã kết nối EMC</p>",
        "<p style='letter-spacing:-1em'>Đã kết nối EMC</p>",
        "<p style='letter-spacing:200px'>Đã kết nối EMC</p>",
        "<p style='line-height:0'>Đã kết nối EMC</p>",
        "<div style='line-height:2px'><p>Đã kết nối EMC</p></div>",
        "<p style='-webkit-text-security:disc'>Đã kết nối EMC</p>",
        "<iframe srcdoc='<p>Đã kết nối EMC</p>'></iframe>",
    ] {
        let found = own("", body);
        assert_eq!(found.len(), 1, "{body}: {found:?}");
        assert!(found[0].1.starts_with("unsure"), "{body}: {found:?}");
    }
}

#[test]
fn many_labels_in_one_box_end_soon() {
    let started = std::time::Instant::now();
    let labels = "<b>Đã kết nối EMC</b>, ".repeat(20_000);
    let found = own(".w{white-space:nowrap;overflow:hidden}", &format!("<p class=w>{labels}</p>"));
    assert_eq!(found.iter().filter(|(_, seen)| seen == "unsure Clipped").count(), 20_000);
    assert!(started.elapsed().as_secs() < 40, "{:?}", started.elapsed());
}
