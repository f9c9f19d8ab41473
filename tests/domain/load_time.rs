//! How long a home page takes on a phone, judged from figures alone: runs under, over and on both sides of each
//! limit, single runs, missing figures. Nothing is measured here.

use rasoat::acquire::Needs;
use rasoat::acquire::folder::Folder;
use rasoat::acquire::page::{Kind, of_folder};
use rasoat::check::{BrowserUse, Grounds, Judged, Opinion, Subject, judge};
use rasoat::finding::{Basis, Evidence};
use rasoat::policy::{Check, LoadTimeCheck, Setting, load};
use rasoat::site::{Estate, Role, Site};
use rasoat::snapshot::{BrowserFacts, Gap, LighthouseGap, LoadRun, PageLoad, Profile, Visit};

/// What a browser saw, with only these parts.
pub(crate) fn facts() -> BrowserFacts {
    BrowserFacts {
        product: "Chrome/148.0.0.0".to_owned(),
        sandboxed: true,
        trouble: None,
        rendered: None,
        load: None,
        accessibility: None,
    }
}

/// Judges one check on a page with the facts of a browser.
pub(crate) fn judged(html: &str, check: &Check, browser: BrowserUse<'_>, unseen: Option<Gap>) -> Judged {
    let policy = load("experience-2025", &std::collections::BTreeMap::new()).unwrap().policy;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("index.html"), html).unwrap();
    let site = Site {
        role: Some(Role::Portal),
        source: Some(folder.path().to_owned()),
        source_name: Some("dist".to_owned()),
        ..Site::named("a".to_owned())
    };
    let page = match unseen {
        Some(gap) => Err(gap),
        None => of_folder(&Folder::open(&site, 1 << 20).unwrap(), "index.html", &Needs::default(), Kind::Home),
    };
    let estate = Estate::new(vec![site]);
    let subject = Subject {
        site: &estate.sites()[0],
        estate: &estate,
        policy: &policy,
        page: page.as_ref().map_err(|gap| *gap),
        recorded: None,
        browser,
        basis: Basis::Static,
        visit: &Visit::default(),
        now: "2026-01-31T00:00:00Z".parse().unwrap(),
    };
    judge(check, &subject)
}

/// The answer in a few words: `pass`, `fail CODE`, `open GAP CODE`.
pub(crate) fn answer(judged: &Judged) -> String {
    match judged {
        Ok(d) => match d.opinion {
            Opinion::Pass => "pass".to_owned(),
            Opinion::Fail => format!("fail {}", d.grounds.code.unwrap_or("–")),
            Opinion::NotApplicable => format!("none {}", d.grounds.code.unwrap_or("–")),
        },
        Err(u) => format!("open {} {}", u.gap.name(), u.grounds.code.unwrap_or("–")),
    }
}

pub(crate) fn grounds(judged: &Judged) -> &Grounds {
    match judged {
        Ok(decided) => &decided.grounds,
        Err(unseen) => &unseen.grounds,
    }
}

/// The check of the shipped policy.
fn shipped() -> LoadTimeCheck {
    let policy = load("experience-2025", &std::collections::BTreeMap::new()).unwrap().policy;
    match policy.rules.into_iter().find(|r| r.id == "load-time").unwrap().check {
        Check::LoadTime(check) => check,
        other => panic!("{other:?}"),
    }
}

/// The profile of a phone on a slow line.
const PHONE: Profile = Profile {
    width: 412,
    height: 823,
    scale: 1.75,
    cpu_slowdown: 4.0,
    latency_ms: 562.5,
    download_kbps: 1474.56,
    upload_kbps: 675.0,
};

/// Three runs well under every limit.
fn fast() -> PageLoad {
    PageLoad {
        profile: PHONE,
        runs: [(1200.0, 1800.0, 90.0), (1300.0, 1900.0, 120.0), (1250.0, 1850.0, 0.0)].map(run).to_vec(),
        speed_index_ms: vec![2000.0, 2100.0, 2050.0],
        lighthouse: Some("12.8.2 (devtools)".to_owned()),
        lighthouse_gap: None,
    }
}

fn run((fcp, lcp, task): (f64, f64, f64)) -> LoadRun {
    LoadRun {
        fcp_ms: Some(fcp),
        lcp_ms: Some(lcp),
        longest_task_ms: Some(task),
        tbt_ms: Some(task / 2.0),
        cls: Some(0.01),
    }
}

/// The fast load with another first paint in each run.
fn fcp<const N: usize>(values: [f64; N]) -> PageLoad {
    PageLoad { runs: values.map(|v| run((v, 3500.0, 100.0))).to_vec(), ..fast() }
}
fn lcp<const N: usize>(values: [f64; N]) -> PageLoad {
    PageLoad { runs: values.map(|v| run((1000.0, v, 100.0))).to_vec(), ..fast() }
}
fn task<const N: usize>(values: [f64; N]) -> PageLoad {
    PageLoad { runs: values.map(|v| run((1000.0, 2000.0, v))).to_vec(), ..fast() }
}
fn speed(values: &[f64]) -> PageLoad {
    PageLoad { speed_index_ms: values.to_vec(), ..fast() }
}

/// The same load with one figure of one run changed.
fn with(mut load: PageLoad, n: usize, change: impl Fn(&mut LoadRun)) -> PageLoad {
    change(&mut load.runs[n]);
    load
}

fn judge_load(check: LoadTimeCheck, load: PageLoad) -> Judged {
    let facts = BrowserFacts { load: Some(Ok(load)), ..facts() };
    judged("<!doctype html><body><h1>Trang</h1></body>", &Check::LoadTime(check), BrowserUse::Visited(&facts), None)
}

#[test]
fn limits_are_strict_and_runs_must_agree() {
    let none = || PageLoad { runs: Vec::new(), ..fast() };
    let no_speed = |load: PageLoad| PageLoad { speed_index_ms: Vec::new(), lighthouse: None, ..load };
    let rows: Vec<(&str, PageLoad, &str)> = vec![
        ("all under", fast(), "pass"),
        ("two runs are enough", fcp([1000.0, 1100.0]), "pass"),
        ("five runs", fcp([1000.0, 1100.0, 900.0, 1300.0, 2000.0]), "pass"),
        ("zeros are figures", task([0.0, 0.0, 0.0]), "pass"),
        ("a hair under", fcp([2999.9, 2999.9, 2999.9]), "pass"),
        ("the first paint is slow in every run", fcp([3100.0, 3200.0, 3900.0]), "fail slow-first-paint"),
        ("the limit itself is over it", fcp([3000.0, 3000.0, 3000.0]), "fail slow-first-paint"),
        ("the limit itself in one run", fcp([2900.0, 3000.0, 2800.0]), "open no-data spread-crosses-limit"),
        ("the spread crosses from below", fcp([2900.0, 2950.0, 3001.0]), "open no-data spread-crosses-limit"),
        ("the spread crosses from above", fcp([3500.0, 3600.0, 2999.0]), "open no-data spread-crosses-limit"),
        ("the largest paint is slow", lcp([4100.0, 4200.0, 4300.0]), "fail slow-largest-paint"),
        ("the largest paint at its limit", lcp([4000.0, 4000.0]), "fail slow-largest-paint"),
        ("the largest paint crosses", lcp([3900.0, 4000.0, 4100.0]), "open no-data spread-crosses-limit"),
        ("tasks are long", task([700.0, 650.0, 900.0]), "fail long-task"),
        ("tasks at their limit", task([600.0, 600.0, 600.0]), "fail long-task"),
        ("tasks a hair under", task([599.0, 599.5, 599.9]), "pass"),
        ("tasks cross", task([500.0, 700.0, 650.0]), "open no-data spread-crosses-limit"),
        ("full display is slow", speed(&[5900.0, 6000.0, 6100.0]), "fail slow-speed-index"),
        ("full display at its limit", speed(&[5800.0, 5800.0]), "fail slow-speed-index"),
        ("full display just under", speed(&[5799.0, 5799.9]), "pass"),
        ("full display crosses", speed(&[5700.0, 5900.0]), "open no-data spread-crosses-limit"),
        ("full display once", speed(&[2000.0]), "open no-data one-run"),
        ("full display once, and over", speed(&[9000.0]), "open no-data one-run"),
        ("no full display", no_speed(fast()), "open no-data no-speed-index"),
        ("no full display, and another limit fails", no_speed(lcp([4100.0, 4200.0])), "fail slow-largest-paint"),
        ("no full display, and a limit crosses", no_speed(fcp([2000.0, 4000.0])), "open no-data spread-crosses-limit"),
        ("one run, under", fcp([1000.0]), "open no-data one-run"),
        ("one run, over", fcp([9000.0]), "open no-data one-run"),
        (
            "one run, and full display over",
            PageLoad { runs: fcp([900.0]).runs, ..speed(&[6000.0, 6100.0]) },
            "fail slow-speed-index",
        ),
        ("no run at all", none(), "open no-data not-measured"),
        (
            "no run, and full display over",
            PageLoad { runs: Vec::new(), ..speed(&[6000.0, 6100.0]) },
            "fail slow-speed-index",
        ),
        ("a first paint is missing", with(fast(), 1, |r| r.fcp_ms = None), "open no-data figure-missing"),
        ("a largest paint is missing", with(fast(), 0, |r| r.lcp_ms = None), "open no-data figure-missing"),
        ("a task is missing", with(fast(), 2, |r| r.longest_task_ms = None), "open no-data figure-missing"),
        (
            "a figure is missing among slow ones",
            with(fcp([4000.0, 5000.0, 1.0]), 2, |r| r.fcp_ms = None),
            "open no-data figure-missing",
        ),
        (
            "a figure is missing, another limit fails",
            with(lcp([4500.0, 4600.0]), 0, |r| r.fcp_ms = None),
            "fail slow-largest-paint",
        ),
        ("not a number", with(fast(), 0, |r| r.fcp_ms = Some(f64::NAN)), "open no-data figure-missing"),
        ("less than nothing", with(fast(), 0, |r| r.lcp_ms = Some(-1.0)), "open no-data figure-missing"),
        ("endless", with(fast(), 0, |r| r.lcp_ms = Some(f64::INFINITY)), "open no-data figure-missing"),
        ("blocking time limits nothing", with(fast(), 0, |r| r.tbt_ms = Some(90_000.0)), "pass"),
        ("shifts limit nothing", with(fast(), 0, |r| r.cls = None), "pass"),
        (
            "two limits fail, the first names the code",
            PageLoad { runs: vec![run((3100.0, 4100.0, 900.0)); 3], ..fast() },
            "fail slow-first-paint",
        ),
        (
            "one fails, another crosses",
            PageLoad { runs: vec![run((2900.0, 4100.0, 0.0)), run((3100.0, 4200.0, 0.0))], ..fast() },
            "fail slow-largest-paint",
        ),
    ];
    let mut wrong = Vec::new();
    for (name, load, wanted) in rows {
        let judged = judge_load(shipped(), load);
        let (is, grounds) = (answer(&judged), grounds(&judged));
        if is != wanted || grounds.reason.vi.is_empty() || grounds.reason.en.is_empty() {
            wrong.push(format!("{name}: {wanted} is wanted, it is {is}: {}", grounds.reason.en));
        }
        assert_eq!(grounds.basis, Some(Basis::Browser), "{name}");
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn only_the_limits_that_are_given_count() {
    let only = |check: LoadTimeCheck, load| answer(&judge_load(check, load));
    let paint = || LoadTimeCheck { fcp_ms: Some(Setting::Value(3000)), ..LoadTimeCheck::default() };
    let slow_elsewhere = PageLoad { speed_index_ms: Vec::new(), ..lcp([9000.0, 9000.0]) };
    assert_eq!(only(paint(), slow_elsewhere), "pass");
    assert_eq!(only(paint(), fcp([3000.0, 3001.0])), "fail slow-first-paint");
    let speed_only = || LoadTimeCheck { speed_index_ms: Some(Setting::Value(5800)), ..LoadTimeCheck::default() };
    assert_eq!(only(speed_only(), PageLoad { runs: Vec::new(), ..speed(&[1.0, 2.0]) }), "pass");
    let unresolved = LoadTimeCheck { fcp_ms: Some(Setting::Param("x".to_owned())), ..LoadTimeCheck::default() };
    assert_eq!(only(unresolved, fast()), "open no-data –");
}

#[test]
fn a_missing_fact_is_its_gap() {
    let check = Check::LoadTime(shipped());
    let html = "<!doctype html><body><h1>Trang</h1></body>";
    let ask = |browser: BrowserUse<'_>, unseen| answer(&judged(html, &check, browser, unseen));
    assert_eq!(ask(BrowserUse::NotRequested, None), "open not-requested –");
    assert_eq!(ask(BrowserUse::Missing, None), "open no-browser –");
    assert_eq!(ask(BrowserUse::Missing, Some(Gap::Blocked)), "open blocked –");
    let visited = |load| BrowserFacts { load, ..facts() };
    for (load, wanted) in [
        (None, "open no-data –"),
        (Some(Err(Gap::BrowserFailed)), "open browser-failed –"),
        (Some(Err(Gap::Timeout)), "open timeout –"),
        (Some(Err(Gap::RateLimited)), "open rate-limited –"),
    ] {
        assert_eq!(ask(BrowserUse::Visited(&visited(load)), None), wanted);
    }
    let measured = visited(Some(Ok(fast())));
    assert_eq!(ask(BrowserUse::Visited(&measured), Some(Gap::NotFound)), "open not-found –");
}

#[test]
fn the_figures_and_how_they_were_measured_stand_in_the_finding() {
    let load = PageLoad { runs: [(3400.0, 4100.0, 80.0), (3100.0, 4700.0, 0.0)].map(run).to_vec(), ..fast() };
    let judged = judge_load(shipped(), load);
    let grounds = grounds(&judged);
    let measures: Vec<String> = grounds
        .evidence
        .iter()
        .map(|e| match e {
            Evidence::Measure { name, value } => format!("{name} {value}"),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        measures,
        [
            "runs 2",
            "fcp-ms 3250 ms (3100–3400)",
            "lcp-ms 4400 ms (4100–4700)",
            "speed-index-ms 2050 ms (2000–2100)",
            "longest-task-ms 40 ms (0–80)",
            "tbt-ms 20 ms (0–40)",
            "cls 0.010 (0.010–0.010)",
            "screen 412×823 ×1.75",
            "cpu-slowdown 4",
            "latency-ms 562.5",
            "download-kbps 1474.56",
            "upload-kbps 675",
            "lighthouse 12.8.2 (devtools)",
            "lighthouse-runs 3",
        ]
    );
    assert_eq!(
        grounds.reason.en,
        "The home page is slow on a phone: FCP 3250 ms (3100–3400), must be under 3000 ms; LCP 4400 ms (4100–4700), must be under 4000 ms."
    );
    assert_eq!(
        grounds.reason.vi,
        "Trang chủ tải chậm trên điện thoại: FCP 3250 ms (3100–3400), cần dưới 3000 ms; LCP 4400 ms (4100–4700), cần dưới 4000 ms."
    );
    assert_eq!(
        grounds.expected.as_deref(),
        Some("FCP < 3000 ms, LCP < 4000 ms, Speed Index < 5800 ms, longest task < 600 ms")
    );
    assert_eq!(grounds.places[0].path.as_deref(), Some("dist/index.html"));
}

#[test]
fn a_pass_names_every_limit() {
    let judged = judge_load(shipped(), fast());
    assert_eq!(
        grounds(&judged).reason.en,
        "On a phone the home page stays under every limit: FCP 1250 ms (1200–1300) < 3000 ms; LCP 1850 ms (1800–1900) < 4000 ms; Speed Index 2050 ms (2000–2100) < 5800 ms; longest task 90 ms (0–120) < 600 ms."
    );
}

#[test]
fn what_is_open_is_said_limit_by_limit() {
    let load = PageLoad { speed_index_ms: Vec::new(), lighthouse: None, ..fcp([2000.0, 4000.0]) };
    let judged = judge_load(shipped(), load);
    assert_eq!(
        grounds(&judged).reason.en,
        "The figures do not decide it: FCP 3000 ms (2000–4000) lies on both sides of the limit of 3000 ms; Speed Index is not known: only Lighthouse measures it (use --lighthouse FILE or --run-lighthouse N)."
    );
}

#[test]
fn why_lighthouse_gave_nothing_is_said() {
    for (gap, wanted) in [
        (LighthouseGap::NotInstalled, "npm install lighthouse"),
        (LighthouseGap::Late, "in time"),
        (LighthouseGap::Failed, "--lighthouse FILE"),
    ] {
        let load = PageLoad { speed_index_ms: Vec::new(), lighthouse: None, lighthouse_gap: Some(gap), ..fast() };
        let judged = judge_load(shipped(), load);
        assert_eq!(answer(&judged), "open no-data no-speed-index");
        assert!(grounds(&judged).reason.en.contains(wanted), "{}", grounds(&judged).reason.en);
    }
}
