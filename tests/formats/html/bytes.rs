//! What the file holds: how large it is, what it lets run, and that nothing a page said is markup.

use std::collections::BTreeMap;

use base64::Engine;
use rasoat::finding::{Verdict, is_unseen};
use rasoat::policy::Severity;
use rasoat::report::{Beside, Report, to_html};
use sha2::{Digest, Sha256};

use super::samples::{PNG, everything, fleet, screenshot};
use crate::sample;

fn html(report: &Report) -> String {
    to_html(report, &Beside::default()).unwrap()
}

fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    text.split_once(from).unwrap().1.split_once(to).unwrap().0
}

/// The data that the page's script reads.
fn data(html: &str) -> serde_json::Value {
    serde_json::from_str(between(html, "id=\"data\">", "</script>")).unwrap()
}

#[test]
fn only_the_shipped_style_and_script_may_run() {
    let (report, beside) = everything();
    let html = to_html(&report, &beside).unwrap();
    let csp = between(&html, "http-equiv=\"Content-Security-Policy\" content=\"", "\"").replace("&#39;", "'");
    let hash = |text: &str| base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text));
    let (style, script) = (between(&html, "<style>", "</style>"), between(&html, "<script>", "</script>"));
    assert!(csp.starts_with("default-src 'none'; "), "{csp}");
    assert!(csp.contains(&format!("style-src 'sha256-{}';", hash(style))), "{csp}");
    assert!(csp.contains(&format!("script-src 'sha256-{}';", hash(script))), "{csp}");
    assert!(csp.contains("img-src data:;"), "{csp}");
    for no in ["unsafe", "http:", "https:", "*"] {
        assert!(!csp.contains(no), "{csp}");
    }
}

/// Every start tag of the page outside of style, script and data.
fn tags(html: &str) -> Vec<String> {
    let document = scraper::Html::parse_document(html);
    let elements = document.root_element().descendent_elements();
    elements
        .map(|e| {
            format!(
                "{} {}",
                e.value().name(),
                e.value().attrs().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join(" ")
            )
        })
        .collect()
}

#[test]
fn hostile_text_makes_no_tag_and_no_attribute() {
    let (report, beside) = everything();
    let html = to_html(&report, &beside).unwrap();
    let document = scraper::Html::parse_document(&html);
    let select = |s: &str| document.select(&scraper::Selector::parse(s).unwrap()).count();
    assert_eq!(select("script"), 2, "the data and the script");
    assert_eq!(select("style"), 1);
    for none in ["iframe", "object", "embed", "base", "img", "form[action]", "meta[http-equiv=refresh]", "[style]"] {
        assert_eq!(select(none), 0, "{none}");
    }
    for element in document.root_element().descendent_elements() {
        for (name, value) in element.value().attrs() {
            assert!(!name.starts_with("on"), "{name}={value}");
            if matches!(name, "href" | "src" | "xlink:href") {
                assert!(value.starts_with('#') || value == "data:,", "{name}={value}");
            }
        }
    }
    assert!(!html.contains("<script>alert"), "as markup");
    assert!(data(&html)["texts"].to_string().contains("<script>alert(1)</script>"), "as text");
}

#[test]
fn no_character_of_it_acts_on_its_reader() {
    let (report, beside) = everything();
    let html = to_html(&report, &beside).unwrap();
    assert_eq!(html.chars().find(|c| *c != '\n' && is_unseen(*c)), None);
    let texts = data(&html).to_string();
    assert_eq!(texts.chars().find(|c| is_unseen(*c)), None);
    assert!(html.ends_with("</html>\n"));
}

#[test]
fn a_fleet_of_three_thousand_stays_below_five_megabytes() {
    let report = fleet(3_000);
    assert_eq!(report.findings.len(), 21_000);
    let html = html(&report);
    assert!(html.len() < 5_000_000, "{} bytes", html.len());
    let data = data(&html);
    assert_eq!(data["sites"].as_array().unwrap().len(), 3_000);
    // Nothing is lost on the way: every finding has its letter.
    let letters: String = data["sites"].as_array().unwrap().iter().map(|s| s["v"].as_str().unwrap()).collect();
    for (letter, verdict) in
        [('p', Verdict::Pass), ('f', Verdict::Fail), ('i', Verdict::Inconclusive), ('n', Verdict::NotApplicable)]
    {
        let there = report.findings.iter().filter(|f| f.verdict == verdict).count();
        assert_eq!(letters.chars().filter(|c| *c == letter).count(), there, "{letter}");
    }
}

#[test]
fn what_was_asked_of_points_and_does_not_hold_is_told_at_the_top() {
    let mut report = sample::report();
    report.gates.min_score = Some(rasoat::policy::Points(9_050));
    rasoat::tally::count(&mut report);
    let page = html(&report);
    let banner = between(&page, "<div class=\"banner", "</div>");
    assert!(banner.contains("Ngưỡng điểm chưa giữ được") && banner.contains("điểm ít nhất 90,5"), "{banner}");
    assert!(banner.contains("href=\"#site-tinh-a\""), "{banner}");
    // Nobody has points: still told.
    report.gates.min_score = None;
    report.gates.min_groups.insert("khong-co".to_owned(), rasoat::policy::Points(1));
    rasoat::tally::count(&mut report);
    assert!(between(&html(&report), "<div class=\"banner", "</div>").contains("không trang nào có điểm"));
    report.gates = rasoat::score::Gates::default();
    rasoat::tally::count(&mut report);
    assert!(!html(&report).contains("Ngưỡng điểm chưa giữ được"));
}

#[test]
fn a_pass_that_stands_beside_failures_says_why() {
    let mut report = sample::report();
    let why = "theo ngưỡng của lần chạy";
    assert!(!html(&report).contains(why), "it fails");
    // Nothing of it reaches the run's threshold.
    report.findings.iter_mut().for_each(|finding| finding.severity = Severity::Warning);
    report.gates = rasoat::score::Gates::default();
    rasoat::tally::count(&mut report);
    assert_eq!(report.outcome, rasoat::report::Outcome::Passed);
    assert!(html(&report).contains(why));
    report.findings.retain(|f| f.verdict == Verdict::Pass);
    rasoat::tally::count(&mut report);
    assert!(!html(&report).contains(why), "nothing fails");
}

#[test]
fn passes_by_a_persons_word_are_counted_apart() {
    let mut report = sample::report();
    let said = "không do công cụ đo: ";
    assert!(!html(&report).contains(said));
    for finding in report.findings.iter_mut().filter(|f| f.verdict == Verdict::Pass).take(2) {
        finding.basis = rasoat::finding::Basis::Attested;
    }
    let page = html(&report);
    assert!(between(&page, said, "</p>").contains('2'));
    assert!(between(&page, "id=\"rules\"", "</section>").contains("Trong số đạt, theo xác nhận: "));
}

#[test]
fn no_site_has_an_open_level_where_there_are_no_levels() {
    let mut report = sample::report();
    assert!(data(&html(&report))["sites"].to_string().contains("\"o\""));
    report.policies[0].scale.as_mut().unwrap().levels.clear();
    rasoat::tally::count(&mut report);
    assert!(!report.scores.is_empty());
    assert!(!data(&html(&report))["sites"].to_string().contains("\"o\""));
}

#[test]
fn a_text_is_written_once() {
    let mut report = sample::many(200);
    for finding in report.findings.iter_mut().filter(|f| f.verdict == Verdict::Fail) {
        finding.message = rasoat::policy::Text::new("Câu dài chỉ viết một lần.", "A long sentence, once.");
    }
    assert_eq!(html(&report).matches("Câu dài chỉ viết một lần.").count(), 1);
}

#[test]
fn pictures_are_those_of_failed_labels_and_the_rest_is_counted() {
    let mut report = fleet(300);
    let mut pictures = BTreeMap::new();
    for (n, finding) in report.findings.iter_mut().enumerate() {
        let path = format!("{n}.png");
        finding.evidence = vec![screenshot(&path)];
        pictures.insert(path, PNG.to_vec());
    }
    let failed_labels = report.findings.iter().filter(|f| f.verdict == Verdict::Fail && f.rule != "tieu-chi-0").count();
    let beside = Beside { pictures, ..Beside::default() };
    let data = data(&to_html(&report, &beside).unwrap());
    assert_eq!(data["pictures"].as_array().unwrap().len(), 100);
    assert_eq!(data["left"], failed_labels - 100);
}

#[test]
fn a_picture_that_is_none_or_too_large_is_left_out_and_counted() {
    let (report, mut beside) = everything();
    let mut large = PNG.to_vec();
    large.resize(200_000, 0);
    for bytes in [b"<svg onload=alert(1)>".to_vec(), Vec::new(), large] {
        beside.pictures.insert("tinh-a-label.png".to_owned(), bytes);
        let data = data(&to_html(&report, &beside).unwrap());
        assert_eq!((data["pictures"].as_array().unwrap().len(), &data["left"]), (0, &1.into()));
    }
    beside.pictures.clear();
    let data = data(&to_html(&report, &beside).unwrap());
    assert_eq!(data["left"], 0, "of pictures that were not laid beside it nobody speaks");
}

#[test]
fn pictures_together_have_a_limit() {
    let mut report = fleet(300);
    let mut bytes = PNG.to_vec();
    bytes.resize(90_000, 0);
    let mut pictures = BTreeMap::new();
    for (n, finding) in report.findings.iter_mut().enumerate().filter(|(_, f)| f.verdict == Verdict::Fail).take(90) {
        finding.evidence = vec![screenshot(&n.to_string())];
        pictures.insert(n.to_string(), bytes.clone());
    }
    let html = to_html(&report, &Beside { pictures, ..Beside::default() }).unwrap();
    let data = data(&html);
    let (shown, left) = (data["pictures"].as_array().unwrap().len(), data["left"].as_u64().unwrap());
    assert!((1..=20).contains(&shown) && left > 0, "{shown} shown, {left} left out");
    assert!(html.len() < 5_000_000, "{}", html.len());
}

#[test]
fn points_stand_only_where_a_policy_has_them() {
    let mut report = sample::report();
    assert!(html(&report).contains("id=\"scores\""));
    report.policies[0].scale = None;
    report.scores.clear();
    let html = html(&report);
    for no in ["id=\"scores\"", "id=\"units\"", "id=\"ranks\"", "id=\"time\""] {
        assert!(!html.contains(no), "{no}");
    }
}

#[test]
fn links_are_told_both_ways() {
    let data = data(&html(&fleet(200)));
    let sites = data["sites"].as_array().unwrap();
    // The portal's first rule is about links and names cong-0000's own number only: of the others it has.
    let state = |n: usize| sites[n]["l"].as_str().map(str::to_owned);
    assert_eq!(state(0), None, "a portal has no portal");
    assert_eq!(state(1).as_deref(), Some("yn"), "fails: no link back");
    assert_eq!(state(3).as_deref(), Some("y?"), "inconclusive");
    assert_eq!(state(5).as_deref(), Some("yy"), "passes");
}

#[test]
fn what_the_portal_lacks_is_lacking_and_what_nobody_saw_is_unknown() {
    let states = |verdict: Verdict| {
        let mut report = sample::report();
        let portal = report.findings.iter_mut().find(|f| f.site == "tinh-a" && f.rule == "links").unwrap();
        portal.verdict = verdict;
        portal.evidence = vec![rasoat::finding::Evidence::MissingLink {
            site: Some("so-nv".to_owned()),
            url: "https://so-nv.example/".to_owned(),
        }];
        let sites = data(&html(&report))["sites"].clone();
        let of = |id: &str| {
            sites.as_array().unwrap().iter().find(|s| s["i"] == id).unwrap()["l"].as_str().unwrap().to_owned()
        };
        (of("so-nv"), of("so-yte"))
    };
    assert_eq!(states(Verdict::Fail), ("ny".to_owned(), "y?".to_owned()));
    // A page of scripts may hold every link that its bytes do not: an open question names no link as missing.
    assert_eq!(states(Verdict::Inconclusive), ("?y".to_owned(), "??".to_owned()));
}

#[test]
fn no_link_is_told_as_seen_that_is_in_doubt_or_that_nobody_asked_for() {
    let mut report = sample::report();
    let portal = report.findings.iter_mut().find(|f| f.site == "tinh-a" && f.rule == "links").unwrap();
    portal.verdict = Verdict::Fail;
    portal.evidence =
        vec![rasoat::finding::Evidence::MissingLink { site: Some("so-nv".to_owned()), url: String::new() }];
    let state = |report: &Report, id: &str| {
        let sites = data(&html(report))["sites"].clone();
        sites.as_array().unwrap().iter().find(|s| s["i"] == id).unwrap()["l"].as_str().unwrap().to_owned()
    };
    assert_eq!((state(&report, "so-nv"), state(&report, "so-yte")), ("ny".to_owned(), "y?".to_owned()));
    let site = report.sites.iter_mut().find(|s| s.id == "so-yte").unwrap();
    site.across = serde_json::from_value(serde_json::json!({ "basis": "declared", "retired": true })).unwrap();
    assert_eq!(state(&report, "so-yte").chars().next(), Some('-'), "closed");
    report.sites.iter_mut().for_each(|s| s.across = None);
    let portal = report.findings.iter_mut().find(|f| f.site == "tinh-a" && f.rule == "links").unwrap();
    portal.earned = Some(rasoat::finding::Share { met: 2, open: 1, of: 4 });
    assert_eq!((state(&report, "so-nv"), state(&report, "so-yte")), ("ny".to_owned(), "??".to_owned()));
}

#[test]
fn without_a_script_the_sites_that_fail_are_there() {
    let html = html(&sample::report());
    let list = between(&html, "<noscript>\n<p class=\"hint\">", "</noscript>");
    for (id, said) in [("tinh-a", "✗"), ("so-yte", "?")] {
        let line = list.lines().find(|line| line.contains(&format!("<code>{id}</code>"))).unwrap();
        assert!(line.contains(said), "{line}");
    }
    assert!(!list.contains("<code>so-nv</code>"), "it passes");
}

#[test]
fn known_failures_that_are_not_listed_are_counted_only() {
    let mut report = sample::report();
    report.new_only = true;
    let html = html(&report);
    assert!(!html.contains("Tên miền không thuộc gov.vn."));
    let data = data(&html);
    assert_eq!(data["sites"][0]["v"].as_str().unwrap().matches('k').count(), 1);
}

#[test]
fn an_empty_report_is_a_page() {
    let report = sample::of(Vec::new(), Vec::new(), Vec::new());
    let html = html(&report);
    assert!(tags(&html).len() > 30);
    assert_eq!(data(&html)["sites"], serde_json::json!([]));
}

#[test]
fn what_was_not_measured_is_named_before_the_verdict() {
    let html = html(&sample::report());
    let banner = between(&html, "<div class=\"banner", "</div>");
    let (clause, verdict) = (banner.find("khoản 7 Điều 4").unwrap(), banner.find("Kết quả chung").unwrap());
    assert!(clause < verdict, "{banner}");
}

#[test]
fn tables_name_so_many_rows_and_count_the_rest() {
    let (mut report, mut beside) = everything();
    let (ranking, changes) = (beside.ranking.as_mut().unwrap(), beside.changes.as_mut().unwrap());
    let block = &mut ranking.blocks[0];
    block.rows = vec![block.rows[0].clone(); 1_002];
    changes.findings = vec![changes.findings[0].clone(); 300];
    changes.standing.truncate(1);
    changes.scores = vec![changes.scores[0].clone(); 304];
    changes.sites_gone = (0..35).map(|n| format!("cu-{n}")).collect();
    changes.rules_gone = (0..36).map(|n| ("cu".to_owned(), format!("luat-{n}"))).collect();
    let gate = rasoat::score::Gate {
        kind: rasoat::score::GateKind::Level,
        group: None,
        wanted: "A".to_owned(),
        verdict: Verdict::Fail,
    };
    report.gates = rasoat::score::Gates::default();
    report.scores = vec![rasoat::score::Score { gates: vec![gate], ..report.scores[0].clone() }; 305];
    let page = to_html(&report, &beside).unwrap();
    let document = scraper::Html::parse_document(&page);
    let select = |selector: &str| {
        let selector = scraper::Selector::parse(selector).unwrap();
        document.select(&selector).map(|e| e.text().collect::<String>()).collect::<Vec<_>>()
    };
    let left = |section: &str| {
        let hints = select(&format!("#{section} .hint"));
        let told = hints.iter().filter(|hint| hint.contains("hông nêu trong")).cloned();
        told.map(|hint| hint.chars().filter(char::is_ascii_digit).collect::<String>()).collect::<Vec<_>>()
    };
    assert_eq!((select("#time tbody tr").len() - 12, left("time")), (600, ["1".to_owned(), "4".to_owned()].into()));
    assert_eq!((select("#scores tbody tr").len(), left("scores")), (300, ["5".to_owned()].into()));
    assert_eq!((select("#ranks tbody tr").len(), left("ranks")), (1_000, ["2".to_owned()].into()));
    for (name, told) in [("cu-29; … +5", true), ("cu-30", false), ("cu/luat-29; … +6", true), ("luat-30", false)] {
        assert_eq!(page.contains(name), told, "{name}");
    }
    let banner = between(&page, "<div class=\"banner", "</div>");
    assert_eq!(banner.matches("#site-tinh-a").count(), 100, "{banner}");
    assert!(banner.contains("205"), "{banner}");
}
