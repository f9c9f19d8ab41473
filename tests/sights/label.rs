//! The label as a person meets it: at a desk it must be seen, on a phone it should be, and what is simulated is said
//! to be so in both languages.

use rasoat::finding::Basis;
use rasoat::policy::Reach;
use rasoat::snapshot::{Concealment, FaultKind, LabelSight, Sight, Technique};

use super::row::{HOME, LIBRARY, Row, fault, label, page, place, queue, row, run, snippet};

fn on_page(name: &'static str, wanted: &'static str) -> Row {
    row(name, label(), &snippet("205"), wanted)
}

fn sight(desktop: Option<Concealment>, phone: Option<Concealment>) -> LabelSight {
    LabelSight {
        text: "Đã kết nối EMC".to_owned(),
        element: "div.yhy-append-wrap > div#yhy-append > a#btnEMC".to_owned(),
        desktop: Sight { area: [0, 0, 90, 30], hidden: desktop, dismissed: None },
        phone: Some(Sight { area: [0, 0, 90, 30], hidden: phone, dismissed: None }),
        screenshot: None,
    }
}

fn by(technique: Technique) -> Option<Concealment> {
    Some(Concealment {
        technique,
        element: "div.yhy-append-wrap".to_owned(),
        declaration: None,
        place: None,
        inline: false,
        anywhere: true,
    })
}

fn hidden(name: &'static str, wanted: &'static str, change: impl FnOnce(&mut Concealment)) -> Row {
    let mut concealment = by(Technique::DisplayNone).unwrap();
    change(&mut concealment);
    on_page(name, wanted).labels(|l| l.injected.push(sight(Some(concealment), None)))
}

#[test]
fn seen() {
    run(vec![
        on_page("the library's, simulated", "pass")
            .labels(|l| l.injected.push(sight(None, None)))
            .basis(Basis::StandIn)
            .reached(Some(Reach::Configured))
            .says("mô phỏng", "simulated")
            .shows("Đã kết nối EMC"),
        on_page("the library's, live", "pass")
            .live()
            .labels(|l| l.injected.push(sight(None, None)))
            .basis(Basis::Browser),
        on_page("one of two is seen", "pass")
            .labels(|l| l.injected = vec![sight(by(Technique::DisplayNone), None), sight(None, None)]),
        on_page("with a picture", "pass")
            .labels(|l| {
                let mut label = sight(None, None);
                label.screenshot = Some("a/label.png".to_owned());
                l.injected.push(label);
            })
            .shows("{\"kind\":\"screenshot\",\"path\":\"a/label.png\"}"),
        on_page("hidden on a phone only", "pass")
            .labels(|l| l.injected.push(sight(None, by(Technique::DisplayNone))))
            .noted("label-hidden-on-phone")
            .says("390 × 844", "390 × 844"),
        on_page("not looked at on a phone", "pass")
            .labels(|l| {
                let mut label = sight(None, None);
                label.phone = None;
                l.injected.push(label);
            })
            .not_noted("label-hidden-on-phone"),
        on_page("below a banner that one click closes", "pass")
            .labels(|l| {
                let mut label = sight(None, None);
                label.desktop.dismissed = Some("Tôi đã hiểu".to_owned());
                l.injected.push(label);
            })
            .noted("label-behind-banner")
            .says("Tôi đã hiểu", "Tôi đã hiểu"),
        row("its own", label(), &format!("<footer>\n<span>Đã kết nối EMC</span></footer>{}", snippet("205")), "pass")
            .labels(|l| l.own.push(sight(None, None)))
            .at("index.html", 5),
        row("its own, and the library's is hidden", label(), &snippet("205"), "pass")
            .labels(|l| {
                l.own.push(sight(None, None));
                l.injected.push(sight(by(Technique::DisplayNone), None));
            })
            .noted("injected-label-hidden"),
        on_page("its own is hidden, the library's is seen", "pass").labels(|l| {
            l.own.push(sight(by(Technique::OffScreen), None));
            l.injected.push(sight(None, None));
        }),
        on_page("its own, put there by a script", "pass")
            .live()
            .labels(|l| l.own.push(sight(None, None)))
            .at("index.html", 0),
    ]);
}

#[test]
fn every_technique_hides() {
    let all = [
        Technique::DisplayNone,
        Technique::Visibility,
        Technique::Transparent,
        Technique::HiddenAttribute,
        Technique::Clipped,
        Technique::OffScreen,
        Technique::ZeroSize,
        Technique::ContentVisibility,
        Technique::SameColour,
        Technique::ClosedDetails,
        Technique::Covered,
    ];
    run(all
        .into_iter()
        .map(|technique| {
            on_page("hidden", "fail label-hidden")
                .labels(|l| l.injected.push(sight(by(technique), None)))
                .shows("technique")
                .says("mô phỏng", "simulated")
        })
        .collect());
}

#[test]
fn hidden_where() {
    let styled =
        |css: &str| page("<link rel=stylesheet href=/css/a.css>", &format!("<style>{css}</style>{}", snippet("205")));
    run(vec![
        hidden("in a file", "fail label-hidden", |c| {
            c.declaration = Some("display: none !important".to_owned());
            c.place = Some(place("https://tinh-a.gov.vn/css/a.css", 2, 1));
        })
        .html(styled(""))
        .file("css/a.css", "body { margin: 0 }\n.yhy-append-wrap { display: none !important }\n")
        .at("css/a.css", 2)
        .shows("display: none !important")
        .shows("div.yhy-append-wrap"),
        hidden("in a file asked for with a version", "fail label-hidden", |c| {
            c.place = Some(place("https://tinh-a.gov.vn/css/a.css?v=2", 1, 1));
        })
        .html(page("<link rel=stylesheet href=/css/a.css?v=2>", &snippet("205")))
        .file("css/a.css", ".yhy-append-wrap { display: none }")
        .at("css/a.css", 1),
        hidden("in the page", "fail label-hidden", |c| c.place = Some(place(HOME, 4, 8)))
            .html(styled(".yhy-append-wrap{display:none!important}"))
            .at("index.html", 4),
        hidden("in a file nobody read", "fail label-hidden", |c| {
            c.place = Some(place("https://u:p@cdn.example.org/a.css", 7, 3))
        })
        .at("https://cdn.example.org/a.css", 7),
        hidden("beyond the end of a file", "fail label-hidden", |c| c.place = Some(place(HOME, 900, 3))).at(HOME, 900),
        hidden("in its own style, by a script", "fail label-hidden", |c| c.inline = true)
            .html(page(
                "",
                &format!(
                    "{}\n<script>document.querySelector('#yhy-append').style.display='none'</script>",
                    snippet("205")
                ),
            ))
            .at("index.html", 16),
        hidden("in its own style, by nobody knows whom", "fail label-hidden", |c| c.inline = true).at("index.html", 0),
        hidden("where the stand-in puts it", "open no-data placement-unknown", |c| {
            c.technique = Technique::Covered;
            c.anywhere = false;
        })
        .says("mô phỏng", "simulated"),
        hidden("where the library puts it", "fail label-hidden", |c| c.anywhere = false).live(),
        hidden("hidden, and there was no time for all labels", "open no-data labels-cut", |_| ())
            .labels(|l| l.cut = true),
        on_page("taken away, and there was no time to look", "open no-data labels-cut").labels(|l| {
            (l.removed, l.cut) = (true, true);
        }),
        on_page("seen, although there was no time for all", "pass").labels(|l| {
            l.injected.push(sight(None, None));
            l.cut = true;
        }),
        on_page("taken away", "fail label-removed")
            .labels(|l| l.removed = true)
            .html(page(
                "",
                &format!("{}\n<script>document.querySelector('#yhy-append').remove()</script>", snippet("205")),
            ))
            .at("index.html", 16),
        on_page("hidden, and only its own hidden too", "fail label-hidden").live().labels(|l| {
            l.own.push(sight(by(Technique::ZeroSize), None));
            l.injected.push(sight(by(Technique::SameColour), None));
        }),
    ]);
}

#[test]
fn none_came() {
    run(vec![
        on_page("the real library added none", "open no-data label-not-added").live().basis(Basis::Browser),
        on_page("the real library began and threw", "open no-data library-unavailable").live().fault(fault(
            FaultKind::Exception,
            "Error: x",
            None,
            Some(place(LIBRARY, 1, 1)),
        )),
        on_page("another script threw", "open no-data label-not-added").live().fault(fault(
            FaultKind::Exception,
            "Error: x",
            None,
            Some(place(HOME, 4, 1)),
        )),
        on_page("the simulated library's never got in", "open no-data label-not-added").says("mô phỏng", "simulated"),
    ]);
}

#[test]
fn worth_nothing_without_a_snippet() {
    run(vec![
        on_page("the snippet has no id", "fail not-connected").queue(queue("")),
        on_page("and the page claims it", "fail label-without-connection")
            .queue(queue(""))
            .labels(|l| l.own.push(sight(None, None)))
            .basis(Basis::StandIn),
        on_page("it claims it where nobody sees it", "fail not-connected")
            .queue(queue(""))
            .labels(|l| l.own.push(sight(by(Technique::DisplayNone), None))),
        row("the bytes claim it, a script takes it away", label(), "<p>Đã kết nối EMC</p>", "fail not-connected")
            .silent(),
        row("a claim that a script adds", label(), "<p>x</p>", "fail label-without-connection")
            .silent()
            .labels(|l| l.own.push(sight(None, None))),
    ]);
}
