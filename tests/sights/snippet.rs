//! A snippet whose library was asked for: what the queue held decides, what the tracker's own server does is never
//! the site's fault, and the stand-in shows nothing above `configured`.

use rasoat::finding::Basis;
use rasoat::policy::{Check, Reach, TrackerRef};
use rasoat::snapshot::{Blocked, FaultKind, Gap, Sent};
use serde_json::{Value, json};

use super::row::{COLLECTOR, HOME, LIBRARY, Row, asked, fault, label, page, queue, row, run, snippet, tracker};

fn configured(name: &'static str, body: &str, wanted: &'static str) -> Row {
    row(name, tracker(Reach::Configured), body, wanted)
}

fn sent(values: &[&str], referer: Option<&str>) -> Sent {
    Sent {
        method: "POST".to_owned(),
        url: COLLECTOR.to_owned(),
        values: values.iter().map(|v| (*v).to_owned()).collect(),
        referer: referer.map(str::to_owned),
        at_ms: 400,
    }
}

fn without(name: &str) -> Vec<Vec<Value>> {
    queue("205").into_iter().filter(|command| command[0] != name).collect()
}

#[test]
fn what_the_queue_held() {
    let set = |id: Value| queue(id);
    run(vec![
        configured("canonical, simulated", &snippet("205"), "pass")
            .reached(Some(Reach::Configured))
            .basis(Basis::StandIn)
            .says("được mô phỏng", "was simulated")
            .not_noted("static-differs")
            .at("index.html", 6)
            .shows(LIBRARY),
        configured("canonical, live", &snippet("205"), "pass")
            .live()
            .basis(Basis::Browser)
            .reached(Some(Reach::Loaded)),
        configured("an id as a number", &snippet("205"), "pass").queue(set(json!(205))).declared("205"),
        configured("an id as a whole float", &snippet("205"), "pass").queue(set(json!(205.0))).declared("205"),
        configured("an empty id", &snippet(""), "fail site-id-empty")
            .queue(set(json!("")))
            .reached(Some(Reach::Addressed))
            .at("index.html", 10),
        configured("an id that is null", &snippet("205"), "fail site-id-empty")
            .queue(set(Value::Null))
            .noted("static-differs"),
        configured("an id that is a list", &snippet("205"), "fail site-id-empty").queue(set(json!([]))),
        configured("an id that is true", &snippet("205"), "fail site-id-placeholder").queue(set(json!(true))),
        configured("a placeholder", &snippet("205"), "fail site-id-placeholder").queue(set(json!("{{id}}"))),
        configured("undefined as text", &snippet("205"), "fail site-id-placeholder").queue(set(json!("undefined"))),
        configured("letters", &snippet("205"), "fail site-id-invalid").queue(set(json!("abc"))),
        configured("another id than declared", &snippet("205"), "fail site-id-mismatch").declared("206"),
        configured("two ids, the declared one among them", &snippet("205"), "pass")
            .declared("205")
            .queue([queue("205"), vec![vec![json!("setSiteId"), json!("33")]]].concat())
            .noted("several-site-ids"),
        configured("no id", &snippet("205"), "fail site-id-missing").queue(without("setSiteId")),
        configured("no page view", &snippet("205"), "fail no-page-view").queue(without("trackPageView")),
        configured("no collector", &snippet("205"), "fail collector-missing").queue(without("setTrackerUrl")),
        configured("a look-alike collector", &snippet("205"), "fail wrong-host").run(|run| {
            run.queue.as_mut().unwrap()[2][1] = json!("https://f-emc.ngsp.gov.vn.example.org/tracking");
        }),
        configured("another path", &snippet("205"), "fail wrong-path")
            .run(|run| run.queue.as_mut().unwrap()[2][1] = json!("https://f-emc.ngsp.gov.vn/x")),
        configured("an http collector", &snippet("205"), "fail mixed-content")
            .run(|run| run.queue.as_mut().unwrap()[2][1] = json!("http://f-emc.ngsp.gov.vn/tracking")),
        configured("an http library on an http page", &snippet("205"), "pass")
            .url("http://tinh-a.gov.vn/")
            .run(|run| run.library.as_mut().unwrap().url = LIBRARY.replacen("https", "http", 1))
            .noted("http-address"),
        configured("an id that came too late", &snippet("205"), "fail site-id-missing")
            .queue(without("setSiteId"))
            .run(|run| run.later = vec![vec![json!("setSiteId"), json!("205")]])
            .noted("commands-late"),
        configured("more commands later", &snippet("205"), "pass")
            .run(|run| run.later = vec![vec![json!("trackEvent"), json!("a")]])
            .noted("commands-late"),
        configured(
            "an empty queue that was overwritten",
            "<script>var _govaq=_govaq||[];_govaq.push(['setSiteId','1']);_govaq=[];</script>",
            "fail queue-overwritten",
        )
        .queue(Vec::new()),
        configured("no queue at all", "<p>x</p>", "fail collector-missing").run(|run| run.queue = None),
        configured("put in by a tag manager", "<p>x</p>", "pass").noted("static-differs").at("index.html", 0),
        configured("hostile values", &snippet("205"), "fail site-id-placeholder").queue(vec![
            vec![],
            vec![json!({"a": 1})],
            queue("1")[0].clone(),
            queue("1")[2].clone(),
            vec![json!("setSiteId"), json!("\u{202e}5\u{1b}[2J".repeat(500))],
        ]),
        configured("the policy keeps data from the collector", "", "fail csp-blocks")
            .html(page(
                "<meta http-equiv=content-security-policy content=\"connect-src 'self'; img-src 'self'\">",
                &snippet("205"),
            ))
            .reached(Some(Reach::Addressed)),
        configured("the browser stopped the request to the collector", &snippet("205"), "fail csp-blocks")
            .live()
            .fault(fault(FaultKind::Csp, "connect-src 'self'", Some(COLLECTOR), None)),
        configured("stopped once, sent in the other way", &snippet("205"), "pass")
            .live()
            .fault(fault(FaultKind::Csp, "connect-src 'self'", Some(COLLECTOR), None))
            .run(|run| run.sent = vec![sent(&["205", HOME], None)])
            .reached(Some(Reach::Sent)),
    ]);
}

#[test]
fn what_the_trackers_server_does_is_not_the_sites() {
    let trouble = |name, status, gap| {
        configured(name, &snippet("205"), "pass").live().reached(Some(Reach::Configured)).run(|run| {
            run.library = asked(status).into();
            run.library.as_mut().unwrap().gap = gap;
            run.ran = false;
        })
    };
    run(vec![
        trouble("404", Some(404), None).says("không phải lỗi của trang", "not the site's doing"),
        trouble("500", Some(500), None),
        trouble("slow", None, Some(Gap::Timeout)),
        trouble("no answer yet", None, None),
        trouble("no address", None, Some(Gap::Dns)),
        trouble("came and threw", Some(200), None),
        trouble("a rule that wants it loaded", Some(404), None)
            .check(tracker(Reach::Loaded))
            .wants("open not-found library-unavailable"),
        trouble("a rule that wants it sent", None, Some(Gap::Timeout))
            .check(tracker(Reach::Sent))
            .wants("open timeout library-unavailable"),
        trouble("came and threw, wanted loaded", Some(200), None)
            .check(tracker(Reach::Loaded))
            .wants("open no-data library-unavailable"),
        trouble("the label then", Some(404), None).check(label()).wants("open not-found library-unavailable"),
        trouble("the label of one that threw", Some(200), None)
            .check(label())
            .wants("open no-data library-unavailable"),
        trouble("the label of a slow one", None, Some(Gap::Timeout))
            .check(label())
            .wants("open timeout library-unavailable"),
    ]);
    run(vec![configured("404 and an empty id", &snippet(""), "fail site-id-empty").live().queue(queue("")).run(
        |run| {
            run.library = asked(Some(404)).into();
            run.ran = false;
        },
    )]);
}

#[test]
fn loaded_and_sent() {
    let live = |name, reach, wanted| row(name, tracker(reach), &snippet("205"), wanted).live();
    let here = || sent(&["1", "205", HOME], None);
    run(vec![
        live("loaded", Reach::Loaded, "pass").reached(Some(Reach::Loaded)).shows("\"status\":200"),
        live("sent", Reach::Sent, "pass").run(|r| r.sent = vec![here()]).reached(Some(Reach::Sent)).shows(COLLECTOR),
        live("sent, the address as referer", Reach::Sent, "pass").run(|r| r.sent = vec![sent(&["205"], Some(HOME))]),
        live("sent, the address without its slash", Reach::Sent, "pass")
            .run(|r| r.sent = vec![sent(&["205", "https://tinh-a.gov.vn#top"], None)]),
        live("sent with the declared id", Reach::Sent, "pass").declared("205").run(|r| r.sent = vec![here()]),
        live("nothing sent", Reach::Sent, "open no-data nothing-sent").reached(Some(Reach::Loaded)),
        live("sent without the id", Reach::Sent, "open no-data nothing-sent")
            .run(|r| r.sent = vec![sent(&["9", HOME], None)]),
        live("sent for another page", Reach::Sent, "open no-data nothing-sent")
            .run(|r| r.sent = vec![sent(&["205", "https://tinh-a.gov.vn/?p=2"], None)]),
        live("sent with another id of the queue", Reach::Sent, "fail site-id-mismatch")
            .declared("205")
            .queue([queue("205"), vec![vec![json!("setSiteId"), json!("33")]]].concat())
            .run(|r| r.sent = vec![sent(&["33", HOME], None)]),
        live("the id in force is a number", Reach::Sent, "pass").queue(queue(205)).run(|r| r.sent = vec![here()]),
        row("loaded, simulated", tracker(Reach::Loaded), &snippet("205"), "open no-data simulated")
            .reached(Some(Reach::Configured))
            .basis(Basis::StandIn)
            .shows("\"status\":null")
            .says("được mô phỏng", "was simulated"),
        row("sent, simulated, whatever was seen", tracker(Reach::Sent), &snippet("205"), "open no-data simulated")
            .run(|r| r.sent = vec![here()])
            .reached(Some(Reach::Configured)),
        row("a broken snippet, wanted sent", tracker(Reach::Sent), &snippet(""), "fail site-id-empty")
            .queue(queue(""))
            .live(),
    ]);
}

#[test]
fn recorded_ids_are_compared_with_what_ran() {
    let drift = || Check::IdDrift(TrackerRef { tracker: Some("emc".to_owned()) });
    run(vec![
        row("the same", drift(), &snippet("205"), "pass").recorded("205").basis(Basis::StandIn),
        row("another in the browser", drift(), &snippet("205"), "fail site-id-drift")
            .recorded("205")
            .queue(queue("33")),
        row("by a tag manager", drift(), "<p>x</p>", "pass").recorded("205"),
        row("written, and stopped by the policy", drift(), &snippet("205"), "pass")
            .recorded("205")
            .silent()
            .fault(fault(FaultKind::Csp, "script-src 'self'", None, None)),
        row("gone", drift(), "<p>x</p>", "fail site-id-gone").recorded("205").silent(),
    ]);
}

#[test]
fn a_browser_that_could_not_show_the_page_leaves_what_is_open_open() {
    run(vec![
        configured("the bytes stand", &snippet("205"), "pass")
            .unseen(Gap::BrowserFailed)
            .reached(Some(Reach::Configured)),
        configured("the bytes fail", &snippet(""), "fail site-id-empty").unseen(Gap::Timeout),
        configured(
            "the bytes cannot tell",
            "<script async src=\"https://www.googletagmanager.com/gtm.js?id=GTM-1\"></script>",
            "open browser-failed tag-manager",
        )
        .unseen(Gap::BrowserFailed),
        row("wanted loaded", tracker(Reach::Loaded), &snippet("205"), "open timeout –").unseen(Gap::Timeout),
        row("the label", label(), &snippet("205"), "open browser-failed label-at-run-time").unseen(Gap::BrowserFailed),
        configured("blocked otherwise", &snippet("205"), "open no-data library-blocked").live().run(|run| {
            run.ran = false;
            run.library.as_mut().unwrap().blocked = Some(Blocked::Other);
        }),
    ]);
}
