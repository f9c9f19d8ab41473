//! A snippet whose library did not run, or not by itself: each thing a site can do to stop it has a code of its own,
//! and what the browser could not get hold of leaves the question open.

use rasoat::finding::Basis;
use rasoat::policy::Reach;
use rasoat::snapshot::{After, Blocked, FaultKind, Gap, Rendered};
use serde_json::json;

use super::row::{COLLECTOR, HOME, LIBRARY, Row, fault, label, page, place, queue, row, run, snippet, tracker};

fn configured(name: &'static str, body: &str, wanted: &'static str) -> Row {
    row(name, tracker(Reach::Configured), body, wanted)
}

/// Nothing was asked for.
fn silent(name: &'static str, body: &str, wanted: &'static str) -> Row {
    configured(name, body, wanted).silent()
}

fn blocked(name: &'static str, by: Blocked, wanted: &'static str) -> Row {
    configured(name, &snippet("205"), wanted).run(|run| {
        run.ran = false;
        run.library.as_mut().unwrap().status = None;
        run.library.as_mut().unwrap().blocked = Some(by);
    })
}

fn script(kind: FaultKind, url: &str) -> impl FnOnce(&mut Rendered) {
    let fault = fault(kind, "x", Some(url), None);
    |rendered| rendered.faults.push(fault)
}

#[test]
fn stopped_by_the_browser() {
    let csp = "Refused to load: script-src 'self'";
    run(vec![
        blocked("the policy stops the library", Blocked::Csp, "fail csp-blocks")
            .fault(fault(FaultKind::Csp, csp, Some(LIBRARY), None))
            .reached(Some(Reach::Addressed))
            .noted("static-differs")
            .says("trình duyệt đã chặn", "the browser blocked it")
            .at("index.html", 12),
        blocked("the same, live", Blocked::Csp, "fail csp-blocks").live().basis(Basis::Browser),
        blocked("the same with an empty id", Blocked::Csp, "fail csp-blocks").queue(queue("")).noted("site-id-empty"),
        blocked("mixed content", Blocked::MixedContent, "fail mixed-content")
            .run(|run| run.library.as_mut().unwrap().url = LIBRARY.replacen("https", "http", 1)),
        blocked("integrity, simulated", Blocked::Integrity, "open no-data integrity"),
        blocked("integrity, live", Blocked::Integrity, "fail integrity-blocks").live(),
        blocked("anything else", Blocked::Other, "open no-data library-blocked"),
        silent("the policy stops the inline script", &snippet("205"), "fail csp-blocks")
            .fault(fault(FaultKind::Csp, csp, None, Some(place(HOME, 4, 1))))
            .reached(Some(Reach::Text)),
        silent("the same without a place", &snippet("205"), "fail csp-blocks").fault(fault(
            FaultKind::Csp,
            csp,
            None,
            None,
        )),
        silent(
            "it stops another inline script",
            &format!("<script>var a;</script>\n{}", snippet("205")),
            "fail snippet-missing",
        )
        .fault(fault(FaultKind::Csp, csp, None, Some(place(HOME, 4, 9))))
        .noted("static-differs"),
        silent("it stops a file that holds the snippet", "<script src=/js/emc.js></script>", "fail csp-blocks")
            .file("js/emc.js", snippet("205").trim_start_matches("<script>").trim_end_matches("</script>"))
            .fault(fault(FaultKind::Csp, csp, Some("https://tinh-a.gov.vn/js/emc.js"), None))
            .at("js/emc.js", 3),
        silent("it stops a file of no concern", "<script src=/js/a.js></script>", "fail snippet-missing")
            .file("js/a.js", "var a = 1;")
            .fault(fault(FaultKind::Csp, csp, Some("https://tinh-a.gov.vn/js/a.js"), None)),
        silent("it stops the library that a script inserts", &snippet("205"), "fail csp-blocks")
            .queue(queue("205"))
            .fault(fault(FaultKind::Csp, csp, Some(LIBRARY), None)),
        silent("http on an https page, never sent", &snippet("205"), "fail mixed-content")
            .queue(queue("205"))
            .fault(fault(
                FaultKind::MixedContent,
                "x",
                Some(&LIBRARY.replacen("https", "http", 1)),
                Some(place(HOME, 11, 1)),
            ))
            .at("index.html", 11),
        blocked("the label of a stopped snippet", Blocked::Csp, "fail not-connected").check(label()),
    ]);
}

#[test]
fn put_off() {
    let after =
        |name, after: After, wanted| configured(name, &snippet("205"), wanted).run(|run| run.after = Some(after));
    run(vec![
        after("a delay", After::Delay(8_000), "fail delayed").says("8000 ms", "8000 ms").reached(Some(Reach::Text)),
        after("an interaction", After::Interaction, "fail after-interaction").noted("static-differs"),
        after("consent only", After::Consent("Đồng ý\u{202e}".to_owned()), "fail after-consent")
            .says("“Đồng ý\u{fffd}”", "“Đồng ý\u{fffd}”")
            .basis(Basis::StandIn),
        after("consent, live", After::Consent("OK".to_owned()), "fail after-consent").live().basis(Basis::Browser),
        after("consent, and the id is empty", After::Consent("OK".to_owned()), "fail after-consent")
            .queue(queue(""))
            .noted("site-id-empty"),
        after("consent, and the library is not there", After::Consent("OK".to_owned()), "fail after-consent")
            .live()
            .run(|run| {
                run.ran = false;
                run.library.as_mut().unwrap().status = Some(404);
            }),
        after("the label then", After::Consent("OK".to_owned()), "fail not-connected").check(label()),
        silent("in a frame only", "<iframe src=/a.html></iframe>", "fail only-in-frame")
            .run(|run| run.only_in_frame = true),
    ]);
}

#[test]
fn thrown_or_left_out() {
    let threw =
        |line| fault(FaultKind::Exception, "ReferenceError: $ is not defined", None, Some(place(HOME, line, 1)));
    let broken = snippet("205").replace("var d", "$('#a').x();\nvar d");
    let no_loader = "<script>\nvar _govaq=[['trackPageView'],['setTrackerUrl','https://f-emc.ngsp.gov.vn/tracking'],['setSiteId','205']];\n</script>";
    let not_inserted = "<script>\nvar _govaq=[['trackPageView'],['setTrackerUrl','https://f-emc.ngsp.gov.vn/tracking'],['setSiteId','205']];var g=document.createElement('script');g.src='https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js';\n</script>";
    run(vec![
        silent("the snippet's own script threw", &broken, "fail script-threw")
            .queue(queue("205"))
            .fault(threw(10))
            .says("$ is not defined", "$ is not defined")
            .at("index.html", 10),
        silent("before its first command", &snippet("205"), "fail script-threw").fault(threw(5)),
        silent("another script threw", &format!("<script>$()</script>\n{no_loader}"), "fail library-missing")
            .queue(queue("205"))
            .fault(threw(4)),
        silent(
            "commands without a loader, and a bundle threw",
            "<script src=https://cdn.example.org/a.js></script>",
            "fail script-threw",
        )
        .queue(queue("205"))
        .fault(fault(FaultKind::Exception, "TypeError", None, Some(place("https://cdn.example.org/a.js", 1, 900))))
        .says("https://cdn.example.org/a.js:1", "https://cdn.example.org/a.js:1"),
        silent("commands without a loader", no_loader, "fail library-missing")
            .queue(queue("205"))
            .reached(Some(Reach::Live)),
        silent("a loader that is never inserted", not_inserted, "fail loader-not-inserted")
            .queue(queue("205"))
            .at("index.html", 5),
        silent(
            "a loader of another host",
            &snippet("205").replace("f-emc.ngsp.gov.vn/embed", "f-emc.ngsp.gov.vn.example.org/embed"),
            "fail wrong-host",
        )
        .queue(queue("205")),
        silent(
            "an http loader",
            &snippet("205").replace("https://f-emc.ngsp.gov.vn/embed", "http://f-emc.ngsp.gov.vn/embed"),
            "fail mixed-content",
        )
        .queue(queue("205")),
        silent(
            "only calls of its own",
            "<script>window._govaq&&_govaq.push(['trackDVC',1])</script>",
            "fail not-embedded",
        ),
        silent("in a comment", &format!("<!-- {} -->", snippet("205")), "fail in-comment").reached(Some(Reach::Text)),
        silent(
            "in a script that does not parse",
            &snippet("205").replace("var d", "var ‘d"),
            "fail script-syntax-error",
        ),
        silent("nothing", "<p>x</p>", "fail snippet-missing").reached(None).basis(Basis::StandIn),
        silent("the bytes have it and it never runs", &snippet("205"), "fail snippet-missing")
            .noted("static-differs")
            .says("Chỉ đọc mã nguồn", "The page's bytes alone")
            .says("trình duyệt, trang không tạo", "In a browser the page neither makes")
            .at("index.html", 6),
        silent("an own file is gone", "<script src=/js/emc.js></script>", "fail script-missing")
            .rendered(script(FaultKind::ScriptStatus(404), "https://tinh-a.gov.vn/js/emc.js"))
            .says("https://tinh-a.gov.vn/js/emc.js", "https://tinh-a.gov.vn/js/emc.js")
            .at("index.html", 4),
        silent(
            "an own file, the server is busy",
            "<script src=/js/emc.js></script>",
            "open server-error script-unread",
        )
        .rendered(script(FaultKind::ScriptStatus(503), "https://tinh-a.gov.vn/js/emc.js")),
        silent("another host's file is gone", "<p>x</p>", "fail snippet-missing")
            .rendered(script(FaultKind::ScriptStatus(404), "https://cdn.example.org/a.js")),
        silent("a file that could not be had", "<p>x</p>", "open dns script-unread")
            .rendered(script(FaultKind::ScriptGap(Gap::Dns), "https://cdn.example.org/a.js")),
        silent("what the snippet misses could not be had", &snippet("205"), "open dns script-unread")
            .fault(fault(FaultKind::Exception, "ReferenceError: $ is not defined", None, Some(place(HOME, 6, 1))))
            .rendered(script(FaultKind::ScriptGap(Gap::Dns), "https://cdn.example.org/jquery.js")),
        silent("the same, and there are commands", no_loader, "fail library-missing")
            .queue(queue("205"))
            .rendered(script(FaultKind::ScriptGap(Gap::Dns), "https://cdn.example.org/a.js")),
        silent("the same, and the snippet stands", &snippet("205"), "pass")
            .run(|run| *run = row("", label(), "", "").seen.unwrap().trackers.remove("emc").unwrap())
            .rendered(script(FaultKind::ScriptGap(Gap::Dns), "https://cdn.example.org/a.js")),
        silent("it never finished loading", "<p>x</p>", "open timeout load-unfinished")
            .rendered(|r| r.loaded_ms = None),
        silent("asked for and never run", &snippet("205"), "open no-data library-not-run")
            .queue(queue("205"))
            .run(|run| run.library = Some(super::row::asked(Some(200)))),
        silent("the label of nothing", "<p>x</p>", "fail not-connected").check(label()),
        silent("the label of what could not be had", "<p>x</p>", "open dns script-unread")
            .check(label())
            .rendered(script(FaultKind::ScriptGap(Gap::Dns), "https://cdn.example.org/a.js")),
        configured("a tag manager's, with another host's fault", "<p>x</p>", "pass")
            .html(page("", "<p>x</p>"))
            .run(|run| run.queue.as_mut().unwrap().push(vec![json!("setTrackerUrl"), json!(COLLECTOR)])),
    ]);
}
