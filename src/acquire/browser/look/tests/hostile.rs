//! Pages that want to be seen otherwise than they are, or not to be seen to the end.

use std::time::Instant;

use super::bench::{browser, looked, sought};
use crate::acquire::browser::look::LONGEST;

const LABEL: &str = "<div class=yhy-append-wrap><a id=btnEMC>Đã kết nối EMC</a></div>";

#[tokio::test(flavor = "multi_thread")]
async fn hostile_pages_are_looked_at_in_time() {
    let chromium = browser().await;
    let pages = [
        ("links", format!("{}{LABEL}", "<a href='http://so.example/x' hidden>a</a>".repeat(100_000)), Some(true)),
        ("deep", format!("{}{LABEL}", "<div><b>".repeat(2_500)), Some(true)),
        ("text", format!("<p>{}</p>{LABEL}", "Đã kết nối EMC với tất cả các trang ".repeat(10_000)), Some(true)),
        ("labels", format!("<style>.yhy-append-wrap{{opacity:0}}</style>{}", LABEL.repeat(3_000)), Some(false)),
        (
            "menus",
            format!("{LABEL}<p hidden><a href='http://so.example/'>x</a></p>{}", "<button>b</button>".repeat(3_000)),
            Some(true),
        ),
        (
            "tampered",
            format!(
                "<script>Element.prototype.checkVisibility=()=>true;window.getComputedStyle=()=>({{}});\
                 Element.prototype.getBoundingClientRect=()=>{{throw 1}};Object.prototype.then=1;\
                 document.elementsFromPoint=()=>[]</script><style>#btnEMC{{opacity:0}}</style>{LABEL}"
            ),
            Some(false),
        ),
        (
            "clobbered",
            format!(
                "<img name=body><img name=querySelectorAll><img name=scrollingElement><img name=elementsFromPoint>\
                 <form id=f><input name=parentNode><input name=id><input name=nodeType>\
                 <input name=getAnimations>{LABEL}</form>"
            ),
            Some(true),
        ),
        (
            "busy",
            format!("{LABEL}<script>setInterval(()=>{{const t=Date.now();while(Date.now()-t<180);}},200)</script>"),
            None,
        ),
        (
            "shaking",
            format!(
                "{LABEL}<script>setInterval(()=>scrollTo(0,Math.random()*5000),5)</script><p style='height:9000px'>"
            ),
            None,
        ),
    ];
    for (name, body, seen) in pages {
        let html = format!("<!DOCTYPE html><html><head><meta charset=utf-8></head><body>{body}</body></html>");
        let looked = looked(&chromium, vec![("", html)], 100, &sought(&["so.example"])).await;
        let (looked, took) = looked.unwrap_or_else(|broken| panic!("{name}: {broken:?}"));
        // The page's scripts keep the time; the machine may do other things besides.
        assert!(took < LONGEST * 2, "{name} took {took:?}");
        assert!(looked.links.len() <= 5_000, "{name}");
        let labels = &looked.labels["emc"];
        assert!(labels.injected.len() <= 50 && labels.own.len() <= 50, "{name}");
        if let Some(seen) = seen {
            let first = labels.injected.first().map(|l| l.desktop.hidden.is_none());
            assert_eq!(first, Some(seen), "{name}: {labels:?}");
        }
    }
    chromium.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_hangs_is_given_up() {
    let chromium = browser().await;
    let html = "<!DOCTYPE html><body>x<script>setTimeout(()=>{for(;;);},300)</script>".to_owned();
    let begun = Instant::now();
    let looked = looked(&chromium, vec![("", html)], 600, &sought(&["so.example"])).await;
    assert!(looked.is_err());
    assert!(begun.elapsed() < LONGEST * 4);
    chromium.end().await;
}
