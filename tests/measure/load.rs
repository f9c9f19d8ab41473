//! Loads whose figures are known in advance.

use std::time::{Duration, Instant};

use rasoat::acquire::browser::load::{PHONE, measure};
use rasoat::snapshot::{Gap, LoadRun, Profile};
use url::Url;

use super::way_out::{Reply, with_tab};

/// The phone's screen, without its slowness: what is measured then is the page's own doing.
const SWIFT: Profile =
    Profile { cpu_slowdown: 1.0, latency_ms: 0.0, download_kbps: 100_000.0, upload_kbps: 100_000.0, ..PHONE };

fn load_with(
    profile: Profile,
    timeout: Duration,
    answers: impl Fn(&str) -> Reply + Send + Sync + 'static,
) -> Result<LoadRun, Gap> {
    let address = Url::parse("http://trang.example/").unwrap();
    with_tab(answers, async |tab, events| measure(tab, events, &address, &profile, timeout).await)
}

fn load(answers: impl Fn(&str) -> Reply + Send + Sync + 'static) -> LoadRun {
    load_with(SWIFT, Duration::from_secs(40), answers).unwrap()
}

fn page(body: &str) -> Reply {
    Reply::html(&format!("<!doctype html><html lang=vi><meta name=viewport content='width=device-width'><body>{body}"))
}

const BUSY: &str = "<script>addEventListener('load', () => setTimeout(() => {
    const begun = performance.now(); while (performance.now() - begun < 300);
}, 200));</script>";

#[test]
fn a_busy_thread_is_the_longest_task() {
    let run = load(|_| page(&format!("<h1>Trang</h1>{BUSY}")));
    let task = run.longest_task_ms.unwrap();
    assert!((280.0..2_000.0).contains(&task), "{run:?}");
    assert!(run.tbt_ms.unwrap() >= task - 60.0, "{run:?}");
    assert!(run.fcp_ms.unwrap() > 0.0 && run.lcp_ms.unwrap() >= run.fcp_ms.unwrap(), "{run:?}");
}

#[test]
fn a_task_longer_than_a_look_is_waited_for() {
    let run = load(|path| match path {
        "/" => page(
            "<h1>Trang</h1><script>fetch('/data').then(() => {
                const begun = performance.now(); while (performance.now() - begun < 3500);
            })</script>",
        ),
        _ => Reply::html("x").after(Duration::from_millis(1_800)),
    });
    assert!(run.longest_task_ms.unwrap() >= 3_400.0 && run.tbt_ms.unwrap() >= 3_300.0, "{run:?}");
}

#[test]
fn a_late_picture_is_the_largest_paint() {
    let run = load(|path| match path {
        "/" => page("<p>Trang</p><img src=/anh.svg width=400 height=600>"),
        _ => Reply::svg(400, 600).after(Duration::from_millis(1_500)),
    });
    assert!(run.lcp_ms.unwrap() >= 1_500.0 && run.fcp_ms.unwrap() < 1_500.0, "{run:?}");
    assert!(run.cls.unwrap() < 0.01, "{run:?}");
}

#[test]
fn what_pushes_the_page_down_shifts_it() {
    let run = load(|_| {
        page(
            "<div id=a></div><p style='height:400px;background:#ccc'>Trang</p><script>
            setTimeout(() => { document.getElementById('a').style.height = '200px'; }, 600)</script>",
        )
    });
    assert!((0.05..0.9).contains(&run.cls.unwrap()), "{run:?}");
}

#[test]
fn a_slow_line_is_felt() {
    let text = "x".repeat(100);
    let answers = move |path: &str| match path {
        // 180 kB take a second of the phone's line.
        "/a.css" => Reply { kind: "text/css", body: vec![b' '; 180_000], ..Reply::html("") },
        _ => page(&format!("<link rel=stylesheet href=/a.css><h1>{text}</h1>")),
    };
    let swift = load(answers.clone()).fcp_ms.unwrap();
    let phone = load_with(PHONE, Duration::from_secs(40), answers).unwrap().fcp_ms.unwrap();
    // Two requests of 562 ms each, and the bytes.
    assert!((2_000.0..6_000.0).contains(&phone) && swift < phone - 1_000.0, "{swift} {phone}");
}

#[test]
fn a_page_cannot_talk_itself_fast() {
    let run = load(|_| {
        page(
            "<script>
            window.PerformanceObserver = class { observe() {} };
            performance.now = () => 1; performance.getEntriesByType = () => [];
            window.rasoatVitals = () => ({ fcp: 1, lcp: 1, cls: 0, tasks: [], now: 9e9, loaded: 1 });
            Array.prototype.map = () => 0;
            </script><h1>Trang</h1><script>
            const begun = Date.now(); while (Date.now() - begun < 300);</script>",
        )
    });
    assert!(run.longest_task_ms.unwrap() >= 280.0 && run.fcp_ms.unwrap() > 1.0, "{run:?}");
}

#[test]
fn a_dialog_does_not_hold_the_load_up() {
    let begun = Instant::now();
    let run = load(|_| page("<h1>Trang</h1><script>alert('Xin chào'); confirm('?')</script><p>Hết</p>"));
    assert!(run.fcp_ms.is_some() && begun.elapsed() < Duration::from_secs(30), "{run:?}");
}

#[test]
fn a_load_that_does_not_end_gives_its_first_paint_only() {
    let run = load_with(SWIFT, Duration::from_secs(4), |path| match path {
        "/" => page("<h1>Trang</h1><img src=/anh.svg>"),
        _ => Reply::svg(10, 10).after(Duration::from_secs(30)),
    });
    let run = run.unwrap();
    assert!(run.fcp_ms.is_some(), "{run:?}");
    assert_eq!((run.lcp_ms, run.longest_task_ms, run.tbt_ms, run.cls), (None, None, None, None));
}

#[test]
fn what_is_no_page_is_a_gap() {
    let load = |reply: Reply, seconds| load_with(SWIFT, Duration::from_secs(seconds), move |_| reply.clone());
    assert_eq!(load(page("<h1>Lỗi</h1>").status(503), 20), Err(Gap::ServerError));
    assert_eq!(load(page("<h1>Chặn</h1>").status(403), 20), Err(Gap::Blocked));
    assert_eq!(load(page("<h1>Chậm</h1>").after(Duration::from_secs(20)), 3), Err(Gap::Timeout));
}
