//! Waivers: what they cover and for how long, and the ways in which one could seem to hold.

use rasoat::finding::{Finding, Subject, Verdict};
use rasoat::snapshot::Gap;
use url::Url;

use super::bench::{Bench, codes, finding, missing, open, waiver};

fn fails(site: &str, rule: &str) -> Finding {
    finding(site, rule, Verdict::Fail)
}

fn at(page: &str) -> Subject {
    Subject::page(&Url::parse("https://tinh-a.gov.vn/").unwrap().join(page).unwrap())
}

#[test]
fn a_waived_failure_says_who_accepted_it_why_and_until_when() {
    let text = waiver("snippet", "tinh-a", "", "2026-06-30");
    let one = Bench::on("2026-01-02", vec![fails("tinh-a", "snippet")]).waivers(&text).one();
    assert_eq!(one.verdict, Verdict::Waived);
    for part in ["chờ nâng cấp", "Trần B", "2026-06-30", "decisions.yml:3", "It fails."] {
        assert!(one.message.en.contains(part), "{part}: {}", one.message.en);
    }
    let by = one.waiver.unwrap();
    assert_eq!((by.reason.as_str(), by.approved_by.as_str()), ("chờ nâng cấp", "Trần B"));
    assert_eq!((by.expires.to_string().as_str(), by.place.line), ("2026-06-30", Some(3)));
    assert!(one.notes.is_empty() && by.subjects.is_empty());
}

#[test]
fn the_last_day_counts_and_the_next_does_not() {
    for (day, verdict, notes) in [
        ("2026-03-16", Verdict::Waived, vec![]),
        ("2026-03-17", Verdict::Waived, vec!["waiver-ends-soon"]),
        ("2026-03-31", Verdict::Waived, vec!["waiver-ends-soon"]),
        ("2026-04-01", Verdict::Fail, vec!["waiver-expired"]),
    ] {
        let text = waiver("snippet", "tinh-a", "", "2026-03-31");
        let (findings, said) = Bench::on(day, vec![fails("tinh-a", "snippet")]).waivers(&text).laid();
        assert_eq!(
            (findings[0].verdict, codes(&findings[0].notes)),
            (verdict, notes.iter().map(|n| (*n).to_owned()).collect()),
            "{day}"
        );
        assert_eq!(codes(&said), [""; 0], "{day}");
    }
}

#[test]
fn an_ended_waiver_names_its_place_and_who_approved_it() {
    let text = waiver("snippet", "tinh-a", "", "2025-12-31");
    let one = Bench::on("2026-01-01", vec![fails("tinh-a", "snippet")]).waivers(&text).one();
    let said = &one.notes[0].message;
    assert!(said.vi.contains("decisions.yml:3") && said.vi.contains("Trần B") && said.vi.contains("31/12/2025"));
    assert_eq!(one.waiver, None);
}

#[test]
fn a_glob_names_sites_and_case_matters() {
    for (glob, verdict) in [
        ("*", Verdict::Waived),
        ("tinh-?", Verdict::Waived),
        ("{tinh-a,so-y-te}", Verdict::Waived),
        ("so-*", Verdict::Fail),
        ("TINH-A", Verdict::Fail),
        ("tinh", Verdict::Fail),
    ] {
        let text = waiver("snippet", glob, "", "2026-06-30");
        let one = Bench::on("2026-01-02", vec![fails("tinh-a", "snippet")]).waivers(&text).one();
        assert_eq!(one.verdict, verdict, "{glob}");
    }
}

#[test]
fn another_rule_is_not_waived() {
    let text = waiver("label", "tinh-a", "", "2026-06-30");
    let bench = Bench::on("2026-01-02", vec![fails("tinh-a", "snippet"), finding("tinh-a", "label", Verdict::Pass)]);
    let (findings, said) = bench.waivers(&text).laid();
    assert_eq!(findings.iter().map(|f| f.verdict).collect::<Vec<_>>(), [Verdict::Fail, Verdict::Pass]);
    assert_eq!(codes(&said), ["waiver-unmatched"]);
}

#[test]
fn a_rule_of_two_policies_is_waived_in_both() {
    let mut other = fails("tinh-a", "snippet");
    other.policy = "q".to_owned();
    let text = waiver("snippet", "tinh-a", "", "2026-06-30");
    let (findings, _) = Bench::on("2026-01-02", vec![fails("tinh-a", "snippet"), other]).waivers(&text).laid();
    assert!(findings.iter().all(|f| f.verdict == Verdict::Waived));
}

#[test]
fn a_failure_is_waived_only_when_all_of_it_is() {
    let hosts = ["a.vn", "b.vn", "c.vn"];
    let host = |host: &str| waiver("links", "tinh-a", &format!("subject: {{host: {host}}}, "), "2026-06-30");
    let part = host("a.vn") + &host("www.B.vn");
    let one = Bench::on("2026-01-02", vec![missing("tinh-a", &hosts)]).waivers(&part).one();
    assert_eq!(one.verdict, Verdict::Fail);
    assert!(one.message.en.ends_with("not for c.vn."), "{}", one.message.en);
    assert!(one.message.en.contains("2 of 3 parts"), "{}", one.message.en);
    assert_eq!(one.waiver.unwrap().subjects.len(), 2);
    let whole = part + &host("https://c.vn/x/..");
    let one = Bench::on("2026-01-02", vec![missing("tinh-a", &hosts)]).waivers(&whole).one();
    assert_eq!(
        (one.verdict, codes(&one.notes)),
        (Verdict::Waived, vec!["waived-by".to_owned(), "waived-by".to_owned()])
    );
}

#[test]
fn one_part_whose_waiver_has_ended_brings_the_failure_back() {
    let text = waiver("links", "tinh-a", "subject: {host: a.vn}, ", "2026-06-30")
        + &waiver("links", "tinh-a", "subject: {host: b.vn}, ", "2025-12-31");
    let one = Bench::on("2026-01-02", vec![missing("tinh-a", &["a.vn", "b.vn"])]).waivers(&text).one();
    assert_eq!((one.verdict, codes(&one.notes)), (Verdict::Fail, vec!["waiver-expired".to_owned()]));
}

#[test]
fn parts_that_are_not_listed_need_a_waiver_of_the_whole() {
    let mut many = missing("tinh-a", &["a.vn"]);
    many.subjects_left_out = 1;
    let part = waiver("links", "tinh-a", "subject: {host: a.vn}, ", "2026-06-30");
    assert_eq!(Bench::on("2026-01-02", vec![many.clone()]).waivers(&part).one().verdict, Verdict::Fail);
    let whole = waiver("links", "tinh-a", "", "2026-06-30");
    assert_eq!(Bench::on("2026-01-02", vec![many]).waivers(&whole).one().verdict, Verdict::Waived);
}

#[test]
fn subjects_are_compared_as_people_write_them() {
    let page = |path: &str| Finding { subjects: vec![at(path)], ..fails("tinh-a", "snippet") };
    let part = Finding { subjects: vec![Subject::element("#btnEMC").on(&at("/"))], ..fails("tinh-a", "snippet") };
    let near = missing("tinh-a", &["a.vn/so-y-te"]);
    for (of, rule, subject, verdict) in [
        (&page("/tin/1.html"), "snippet", "page: /tin/1.html", Verdict::Waived),
        (&page("/tin/1.html"), "snippet", "page: tin/1.html", Verdict::Waived),
        (&page("/tin/1.html"), "snippet", "page: dist/portal/tin/1.html", Verdict::Waived),
        (&page("/tin/1.html"), "snippet", "page: 'http://www.tinh-a.gov.vn/tin/1.html?v=2'", Verdict::Waived),
        (&page("/tin/1.html"), "snippet", "page: 'https://khac.gov.vn/tin/1.html'", Verdict::Fail),
        (&page("/tin/1.html"), "snippet", "page: /tin/1", Verdict::Fail),
        (&page("/tin/1.html"), "snippet", "page: /Tin/1.html", Verdict::Fail),
        (&page("/"), "snippet", "page: /index.html", Verdict::Waived),
        (&page("/giới-thiệu"), "snippet", "page: /giới-thiệu/", Verdict::Waived),
        (&part, "snippet", "element: '#btnEMC'", Verdict::Waived),
        (&part, "snippet", "element: '#btnBTTTT'", Verdict::Fail),
        (&part, "snippet", "page: /", Verdict::Waived),
        (&near, "links", "host: a.vn", Verdict::Waived),
        (&near, "links", "host: a.vn/so-y-te/", Verdict::Waived),
        (&near, "links", "host: a.vn/so-y", Verdict::Fail),
        (&near, "links", "host: vn", Verdict::Fail),
        (&near, "links", "host: a.v", Verdict::Fail),
        (&near, "links", "page: /", Verdict::Fail),
    ] {
        let text = waiver(rule, "tinh-a", &format!("subject: {{{subject}}}, "), "2026-06-30");
        let one = Bench::on("2026-01-02", vec![of.clone()]).waivers(&text).one();
        assert_eq!(one.verdict, verdict, "{subject}");
    }
}

#[test]
fn of_two_waivers_the_one_that_ends_last_holds() {
    let text = waiver("snippet", "tinh-a", "", "2025-12-31")
        + &waiver("snippet", "*", "", "2026-12-31")
        + &waiver("snippet", "tinh-a", "", "2026-01-05");
    let (findings, said) = Bench::on("2026-01-02", vec![fails("tinh-a", "snippet")]).waivers(&text).laid();
    assert_eq!(findings[0].waiver.as_ref().unwrap().expires.to_string(), "2026-12-31");
    assert!(findings[0].notes.is_empty() && said.is_empty());
}

#[test]
fn what_could_not_be_measured_is_never_waived() {
    let text = waiver("snippet", "tinh-a", "", "2026-06-30");
    let (findings, said) = Bench::on("2026-01-02", vec![open("tinh-a", "snippet", Gap::Timeout)]).waivers(&text).laid();
    assert_eq!(findings[0].verdict, Verdict::Inconclusive);
    assert_eq!(codes(&said), [""; 0], "nobody knows whether it matches");
}

#[test]
fn a_waiver_without_a_failure_is_told() {
    for (glob, rule, findings, told) in [
        ("tinh-a", "snippet", vec![finding("tinh-a", "snippet", Verdict::Pass)], true),
        ("tinh-a", "snippet", vec![finding("tinh-a", "snippet", Verdict::NotApplicable)], true),
        ("so-cu", "snippet", vec![finding("so-cu", "snippet", Verdict::NotApplicable)], true),
        ("khong-co", "snippet", vec![], true),
        ("tinh-a", "paper", vec![], true),
        ("*", "snippet", vec![fails("so-y-te", "snippet"), finding("tinh-a", "snippet", Verdict::Pass)], false),
        (
            "*",
            "snippet",
            vec![finding("tinh-a", "snippet", Verdict::Pass), open("so-y-te", "snippet", Gap::Dns)],
            false,
        ),
    ] {
        let text = waiver(rule, glob, "", "2026-06-30");
        let said = Bench::on("2026-01-02", findings).waivers(&text).said();
        assert_eq!(said == ["waiver-unmatched"], told, "{glob} {rule}: {said:?}");
    }
}

#[test]
fn what_this_run_leaves_out_is_not_told() {
    let text = waiver("snippet", "so-*", "", "2026-06-30") + &waiver("label", "tinh-a", "", "2026-06-30");
    let mut bench = Bench::on("2026-01-02", vec![finding("tinh-a", "snippet", Verdict::Pass)]).waivers(&text);
    bench.judged = vec!["tinh-a"];
    bench.rules = vec!["snippet"];
    assert_eq!(bench.said(), [""; 0]);
}

#[test]
fn a_waiver_of_another_part_says_what_fails() {
    let text = waiver("links", "tinh-a", "subject: {host: z.vn}, ", "2026-06-30");
    let (findings, said) = Bench::on("2026-01-02", vec![missing("tinh-a", &["a.vn"])]).waivers(&text).laid();
    assert_eq!(findings[0].verdict, Verdict::Fail);
    assert!(said[0].message.en.ends_with("what fails is: a.vn."), "{}", said[0].message.en);
}

/// What people wrote is repeated so far, and a mark says that it goes on.
#[test]
fn long_words_of_people_are_cut_with_a_mark() {
    let ends = |text: &str, letter: char| {
        let from = text.find(letter).unwrap();
        text[from..].trim_start_matches(letter).starts_with('…').then(|| text.matches(letter).count())
    };
    for (n, cut) in [(300, None), (301, Some(300)), (5_000, Some(300))] {
        let text = waiver("snippet", "tinh-a", "", "2026-06-30").replace("chờ nâng cấp", &"Q".repeat(n));
        let one = Bench::on("2026-01-02", vec![fails("tinh-a", "snippet")]).waivers(&text).one();
        assert_eq!(ends(&one.message.vi, 'Q'), cut, "{}", one.message.vi);
        assert_eq!(one.waiver.unwrap().reason.len(), n, "the report itself holds it whole");
    }
    for (n, cut) in [(200, None), (201, Some(200)), (5_000, Some(200))] {
        let entry = format!(
            "  - {{rule: paper, site: tinh-a, status: pass, by: {}, on: 2026-01-01, valid_until: 2026-06-30}}\n",
            "Q".repeat(n)
        );
        let asked = open("tinh-a", "paper", Gap::NotAttested);
        let one = Bench::on("2026-01-02", vec![asked]).attestations(&entry).one();
        assert_eq!(ends(&one.message.en, 'Q'), cut, "{}", one.message.en);
    }
    let long = |n: usize| finding("tinh-a", &"q".repeat(n), Verdict::Fail);
    for (n, whole) in [(3_999, true), (4_001, false)] {
        let subject = Subject::page(&Url::parse(&format!("https://tinh-a.gov.vn/{}", "q".repeat(n))).unwrap());
        let failure = Finding { subjects: vec![subject], ..long(5) };
        let written =
            rasoat::governance::Baseline::of(&[failure], rasoat::policy::Date("2026-01-02".parse().unwrap())).to_yaml();
        assert_eq!(written.contains(&"q".repeat(n)), whole, "{n}");
        assert!(written.len() < 5_000);
    }
}
