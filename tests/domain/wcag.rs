//! What an accessibility checker found, judged from its answer alone: broken rules by principle, undecided ones,
//! none at all, and where in the page they stand.

use rasoat::check::{BrowserUse, Judged};
use rasoat::finding::Evidence;
use rasoat::policy::{AttestationCheck, Check, WcagCheck};
use rasoat::snapshot::{AccessNode, AccessRule, Accessibility, BrowserFacts, Gap};

use super::load_time::{answer, facts, grounds, judged};

const HTML: &str = "<!doctype html>\n<html>\n<body>\n<h1>Trang</h1>\n<img src=\"a.png\">\n</body></html>\n";

fn rule(id: &str, criterion: &str, nodes: u32) -> AccessRule {
    let node = |n| AccessNode { selector: format!("#n{n}"), html: "<img>".to_owned(), span: None };
    AccessRule {
        id: id.to_owned(),
        help: "Help".to_owned(),
        tags: ["cat.x", "wcag2a", criterion].map(str::to_owned).to_vec(),
        impact: Some("critical".to_owned()),
        nodes: (0..nodes.min(50)).map(node).collect(),
        total: nodes,
    }
}

fn found(violations: Vec<AccessRule>, incomplete: Vec<AccessRule>, passes: u32) -> Accessibility {
    let checker = "axe-core 4.14.1".to_owned();
    Accessibility { checker, violations, incomplete, passes, inapplicable: 40, frames: 0 }
}

fn ask_for(tags: &[&str], found: Accessibility) -> Judged {
    let check = Check::Wcag(WcagCheck { tags: tags.iter().map(|t| (*t).to_owned()).collect(), principle: None });
    let facts = BrowserFacts { accessibility: Some(Ok(found)), ..facts() };
    judged(HTML, &check, BrowserUse::Visited(&facts), None)
}

fn ask_of(principle: u8, found: Accessibility) -> Judged {
    let check = Check::Wcag(WcagCheck { tags: vec!["wcag2a".to_owned()], principle: Some(principle) });
    let facts = BrowserFacts { accessibility: Some(Ok(found)), ..facts() };
    judged(HTML, &check, BrowserUse::Visited(&facts), None)
}

fn ask(found: Accessibility) -> Judged {
    ask_for(&["wcag2a"], found)
}

#[test]
fn broken_undecided_and_kept() {
    let one = || vec![rule("image-alt", "wcag111", 1)];
    let other = || vec![rule("video-caption", "wcag122", 2)];
    let double = || AccessRule { tags: vec!["wcag2aa".to_owned(), "wcag143".to_owned()], ..rule("contrast", "x", 3) };
    for (name, found, wanted) in [
        ("nothing broken", found(vec![], vec![], 20), "pass"),
        ("one rule broken", found(one(), vec![], 20), "fail wcag-violations"),
        ("broken and undecided", found(one(), other(), 20), "fail wcag-violations"),
        ("undecided only", found(vec![], other(), 20), "open no-data undecided"),
        ("nothing to look at", found(vec![], vec![], 0), "open no-data nothing-checked"),
        ("undecided, and nothing else looked at", found(vec![], other(), 0), "open no-data undecided"),
        ("broken, and nothing else looked at", found(one(), vec![], 0), "fail wcag-violations"),
        ("broken by another level only", found(vec![double()], vec![], 20), "pass"),
        ("undecided of another level only", found(vec![], vec![double()], 20), "pass"),
    ] {
        let judged = ask(found);
        assert_eq!(answer(&judged), wanted, "{name}");
        assert!(!grounds(&judged).reason.vi.is_empty() && !grounds(&judged).reason.en.is_empty(), "{name}");
    }
    let wider = ask_for(&["wcag2a", "wcag2aa"], found(vec![double()], vec![], 20));
    assert_eq!(answer(&wider), "fail wcag-violations");
}

#[test]
fn rules_are_told_by_principle() {
    let broken = vec![
        rule("valid-lang", "wcag412", 1),
        rule("html-has-lang", "wcag311", 1),
        rule("bypass", "wcag241", 1),
        rule("image-alt", "wcag111", 5),
        rule("reflow", "wcag1410", 2),
        rule("strange", "wcag2a", 1),
    ];
    let judged = ask(found(broken, vec![rule("video-caption", "wcag122", 1)], 10));
    let reason = &grounds(&judged).reason;
    assert_eq!(
        reason.en,
        "axe-core 4.14.1 found 6 rules broken by 11 elements: Perceivable – image-alt (5), reflow (2); Operable – bypass (1); Understandable – html-has-lang (1); Robust – valid-lang (1); Other – strange (1). Another 1 rules could not be decided automatically."
    );
    for principle in
        ["Có thể nhận biết được – ", "Có thể hoạt động được – ", "Có thể hiểu được – ", "Mạnh mẽ, chắc chắn – "]
    {
        assert!(reason.vi.contains(principle), "{}", reason.vi);
    }
    let elements: Vec<&str> = grounds(&judged)
        .evidence
        .iter()
        .filter_map(|e| match e {
            Evidence::Element { what, .. } => Some(what.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(elements[0], "1.1.1 image-alt (critical)");
    assert_eq!(elements[5], "1.4.10 reflow (critical)");
    assert_eq!(elements.last().copied(), Some("1.2.2 video-caption (critical)"));
}

#[test]
fn a_pass_says_how_little_a_machine_sees() {
    let judged = ask(found(vec![], vec![], 17));
    let reason = &grounds(&judged).reason;
    assert!(reason.en.contains("among the 17 rules") && reason.en.contains("only a part"), "{}", reason.en);
    assert!(reason.vi.contains("17 quy tắc") && reason.vi.contains("một phần"), "{}", reason.vi);
    let open = ask(found(vec![], vec![rule("video-caption", "wcag122", 2)], 17));
    assert!(grounds(&open).reason.en.contains("1 of 18 rules"), "{}", grounds(&open).reason.en);
}

#[test]
fn elements_stand_where_the_page_has_them() {
    let at = u32::try_from(HTML.find("<img").unwrap()).unwrap();
    let mut broken = rule("image-alt", "wcag111", 2);
    broken.nodes[0].span = Some([at, at + 17]);
    let judged = ask(found(vec![broken], vec![], 3));
    let places = &grounds(&judged).places;
    assert_eq!(places.len(), 1);
    assert_eq!((places[0].line, places[0].column), (Some(5), Some(1)));
    assert_eq!(places[0].path.as_deref(), Some("dist/index.html"));
    // A span of another page is no reason to break.
    let mut beyond = rule("image-alt", "wcag111", 1);
    beyond.nodes[0].span = Some([4_000_000_000, 3]);
    assert_eq!(answer(&ask(found(vec![beyond], vec![], 3))), "fail wcag-violations");
    let nowhere = ask(found(vec![rule("image-alt", "wcag111", 2)], vec![], 3));
    assert_eq!(grounds(&nowhere).places[0].line, None);
}

#[test]
fn many_elements_and_hostile_names_are_cut_and_made_safe() {
    let many: Vec<AccessRule> = (0..40).map(|n| rule(&format!("rule-{n}"), "wcag111", 1000)).collect();
    let judged = ask(found(many, vec![], 3));
    assert!(grounds(&judged).evidence.len() <= 110);
    assert!(grounds(&judged).reason.en.contains("… +32"), "{}", grounds(&judged).reason.en);
    let mut evil = rule("a\u{1b}[31m\u{202e}", "wcag111", 1);
    evil.nodes[0].selector = "#\u{1b}]0;x\u{7}".repeat(900);
    let judged = ask(found(vec![evil], vec![], 3));
    let told = format!("{:?}", (&grounds(&judged).reason, &grounds(&judged).evidence));
    assert!(!told.contains("\\u{1b}") && !told.contains("\\u{202e}"), "{told}");
    assert!(told.len() < 3_000);
}

#[test]
fn frames_that_were_not_looked_into_are_told() {
    let judged = ask(Accessibility { frames: 2, ..found(vec![], vec![], 3) });
    assert_eq!(answer(&judged), "pass");
    assert_eq!(grounds(&judged).notes[0].code, "frames-unchecked");
}

#[test]
fn a_missing_fact_is_its_gap() {
    let check = Check::Wcag(WcagCheck { tags: vec!["wcag2a".to_owned()], principle: None });
    let ask = |browser: BrowserUse<'_>, unseen| answer(&judged(HTML, &check, browser, unseen));
    assert_eq!(ask(BrowserUse::NotRequested, None), "open not-requested –");
    assert_eq!(ask(BrowserUse::Missing, None), "open no-browser –");
    assert_eq!(ask(BrowserUse::NotRequested, Some(Gap::Dns)), "open dns –");
    for (accessibility, wanted) in [
        (None, "open no-data –"),
        (Some(Err(Gap::NoAxe)), "open no-axe –"),
        (Some(Err(Gap::BrowserFailed)), "open browser-failed –"),
    ] {
        let facts = BrowserFacts { accessibility, ..facts() };
        assert_eq!(ask(BrowserUse::Visited(&facts), None), wanted);
    }
}

#[test]
fn a_principle_answers_for_its_own_criteria_only() {
    let two = || AccessRule {
        tags: ["cat.x", "wcag2a", "wcag244", "wcag412"].map(str::to_owned).to_vec(),
        ..rule("link-name", "x", 1)
    };
    let other_level = || AccessRule { tags: vec!["wcag2aa".to_owned(), "wcag143".to_owned()], ..rule("c", "x", 1) };
    for (name, broken, wanted) in [
        ("none", vec![], ["pass", "pass", "pass", "pass"]),
        ("1.1.1", vec![rule("image-alt", "wcag111", 1)], ["fail", "pass", "pass", "pass"]),
        ("1.4.10", vec![rule("reflow", "wcag1410", 1)], ["fail", "pass", "pass", "pass"]),
        ("2.4.1", vec![rule("bypass", "wcag241", 1)], ["pass", "fail", "pass", "pass"]),
        ("3.1.1", vec![rule("html-has-lang", "wcag311", 1)], ["pass", "pass", "fail", "pass"]),
        ("4.1.2", vec![rule("label", "wcag412", 1)], ["pass", "pass", "pass", "fail"]),
        ("2.4.4 and 4.1.2", vec![two()], ["pass", "fail", "pass", "fail"]),
        ("all but one", vec![two(), rule("image-alt", "wcag111", 1)], ["fail", "fail", "pass", "fail"]),
        ("another level", vec![other_level()], ["pass", "pass", "pass", "pass"]),
        // A level is no criterion: nobody can say whose it is.
        ("no criterion", vec![rule("strange", "wcag21a", 1)], ["open", "open", "open", "open"]),
        ("a criterion of no principle", vec![rule("strange", "wcag999", 1)], ["open", "open", "open", "open"]),
    ] {
        for (principle, wanted) in (1..).zip(wanted) {
            let judged = ask_of(principle, found(broken.clone(), vec![], 20));
            let told = answer(&judged);
            assert!(told.starts_with(wanted), "{name}, principle {principle}: {told}");
        }
    }
    let named = ask_of(4, found(vec![two()], vec![], 20));
    assert!(grounds(&named).reason.en.contains("Robust – link-name (1)"), "{}", grounds(&named).reason.en);
    let clean = ask_of(3, found(vec![two()], vec![], 20));
    assert!(grounds(&clean).reason.vi.contains("“Có thể hiểu được” (đã xét 21"), "{}", grounds(&clean).reason.vi);
}

#[test]
fn what_a_principle_leaves_undecided_is_its_own() {
    let undecided = || found(vec![], vec![rule("video-caption", "wcag122", 2)], 20);
    assert_eq!(answer(&ask_of(1, undecided())), "open no-data undecided");
    assert_eq!(answer(&ask_of(2, undecided())), "pass");
    assert_eq!(answer(&ask_of(2, found(vec![], vec![], 0))), "open no-data nothing-checked");
}

/// A principle is met when the measured part is clean and people answer for the rest, in whatever order it is written.
#[test]
fn people_answer_for_what_the_checker_leaves() {
    let wcag = || Check::Wcag(WcagCheck { tags: vec!["wcag2a".to_owned()], principle: Some(1) });
    let stated = || Check::Attestation(AttestationCheck::default());
    for check in [Check::AllOf(vec![wcag(), stated()]), Check::AllOf(vec![stated(), wcag()])] {
        let with = |accessibility| {
            let facts = BrowserFacts { accessibility, ..facts() };
            answer(&judged(HTML, &check, BrowserUse::Visited(&facts), None))
        };
        assert_eq!(with(Some(Ok(found(vec![], vec![], 20)))), "open not-attested –");
        let undecided = found(vec![], vec![rule("video-caption", "wcag122", 2)], 20);
        assert_eq!(with(Some(Ok(undecided))), "open not-attested –");
        let broken = found(vec![rule("image-alt", "wcag111", 1)], vec![], 20);
        assert_eq!(with(Some(Ok(broken))), "fail wcag-violations");
        assert_eq!(with(Some(Ok(found(vec![], vec![], 0)))), "open no-data nothing-checked");
        assert_eq!(with(Some(Err(Gap::NoAxe))), "open no-axe –");
        assert_eq!(with(Some(Err(Gap::BrowserFailed))), "open browser-failed –");
        assert_eq!(with(None), "open no-data –");
        let ask = |browser: BrowserUse<'_>, unseen| answer(&judged(HTML, &check, browser, unseen));
        assert_eq!(ask(BrowserUse::NotRequested, None), "open not-requested measured-first");
        assert_eq!(ask(BrowserUse::Missing, None), "open no-browser –");
        assert_eq!(ask(BrowserUse::NotRequested, Some(Gap::Dns)), "open dns –");
    }
}
