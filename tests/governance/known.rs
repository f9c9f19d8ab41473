//! The baseline: what is known stays a failure, what grows is new, and pruning only ever takes away.

use rasoat::finding::{Subject, Verdict};
use rasoat::governance::{Baseline, Partly};
use rasoat::policy::Date;
use rasoat::snapshot::Gap;

use super::bench::{Bench, finding, missing, open, waiver};

const TWO: &str = "  - {site: tinh-a, rule: links, subjects: [{host: a.vn}, {host: b.vn}]}\n";

#[test]
fn a_known_failure_stays_a_failure() {
    let one = Bench::on("2026-01-02", vec![missing("tinh-a", &["a.vn", "b.vn"])]).baseline(TWO).one();
    assert_eq!((one.verdict, one.known), (Verdict::Fail, true));
    let other = Bench::on("2026-01-02", vec![missing("so-y-te", &["a.vn"])]).baseline(TWO).one();
    assert!(!other.known, "another site");
}

#[test]
fn a_failure_that_grew_is_new_and_names_what_is() {
    let one = Bench::on("2026-01-02", vec![missing("tinh-a", &["a.vn", "b.vn", "c.vn"])]).baseline(TWO).one();
    assert!(!one.known);
    assert!(one.message.en.ends_with("Of 3 parts 2 are known; new: c.vn."), "{}", one.message.en);
    let mut cut = missing("tinh-a", &["a.vn"]);
    cut.subjects_left_out = 1;
    assert!(!Bench::on("2026-01-02", vec![cut]).baseline(TWO).one().known, "what is not listed may be new");
}

#[test]
fn what_is_waived_need_not_be_known() {
    let waived = waiver("links", "tinh-a", "subject: {host: c.vn}, ", "2026-06-30");
    let bench = Bench::on("2026-01-02", vec![missing("tinh-a", &["a.vn", "c.vn"])]);
    let one = bench.waivers(&waived).baseline(TWO).one();
    assert_eq!((one.verdict, one.known), (Verdict::Fail, true));
    // And what is waived is not written down: its waiver ends, and a baseline does not.
    let written = Baseline::of(&[one], Date("2026-01-02".parse().unwrap()));
    assert_eq!(written.size(), (1, 1));
}

#[test]
fn what_was_mended_is_told() {
    for (findings, told) in [
        (vec![finding("tinh-a", "links", Verdict::Pass)], true),
        (vec![finding("tinh-a", "links", Verdict::NotApplicable)], true),
        (vec![missing("tinh-a", &["a.vn"])], true),
        (vec![missing("tinh-a", &["a.vn", "b.vn", "c.vn"])], false),
        (vec![open("tinh-a", "links", Gap::Timeout)], false),
        (vec![], false),
    ] {
        let said = Bench::on("2026-01-02", findings).baseline(TWO).said();
        assert_eq!(said == ["baseline-mended"], told, "{said:?}");
    }
    let mut narrowed = Bench::on("2026-01-02", vec![]).baseline(TWO);
    narrowed.rules = vec!["label"];
    assert_eq!(narrowed.said(), [""; 0]);
}

#[test]
fn a_page_that_was_not_read_is_not_mended() {
    const PAGES: &str = "  - {site: tinh-a, rule: snippet, subjects: [{page: /}, {page: /tin}]}\n";
    let home = Partly::from([("tinh-a".to_owned(), Subject::home(None))]);
    for (verdict, partly, mended, left) in [
        (Verdict::Pass, Partly::new(), true, (0, 0)),
        (Verdict::Pass, home.clone(), true, (1, 1)),
        // A rule that asks nothing any more asks it of no page.
        (Verdict::NotApplicable, home.clone(), true, (0, 0)),
        (Verdict::Fail, home.clone(), false, (1, 2)),
        (Verdict::Fail, Partly::new(), true, (1, 1)),
    ] {
        let found = vec![finding("tinh-a", "snippet", verdict)];
        let mut bench = Bench::on("2026-01-02", found.clone()).baseline(PAGES);
        bench.partly.clone_from(&partly);
        let baseline = bench.decisions.baseline.clone().unwrap();
        assert_eq!(baseline.pruned(&found, &partly).size(), left, "{verdict:?}");
        assert_eq!(bench.said() == ["baseline-mended"], mended, "{verdict:?}");
    }
}

fn pruned(findings: &[rasoat::finding::Finding]) -> String {
    let bench = Bench::on("2026-01-02", vec![]).baseline(TWO);
    let text = bench.decisions.baseline.unwrap().pruned(findings, &Partly::new()).to_yaml();
    text.split("failures:").nth(1).unwrap().to_owned()
}

#[test]
fn pruning_never_adds_and_never_takes_what_was_not_measured() {
    let all = pruned(&[]);
    assert!(all.contains("a.vn") && all.contains("b.vn"));
    assert_eq!(pruned(&[open("tinh-a", "links", Gap::Dns)]), all);
    assert_eq!(pruned(&[missing("tinh-a", &["a.vn", "b.vn", "c.vn"])]), all);
    assert_eq!(pruned(&[missing("so-y-te", &["z.vn"])]), all);
    // Still failing in one policy, whatever the other says.
    assert_eq!(pruned(&[finding("tinh-a", "links", Verdict::Pass), missing("tinh-a", &["a.vn", "b.vn"])]), all);
    assert_eq!(pruned(&[finding("tinh-a", "links", Verdict::Pass), open("tinh-a", "links", Gap::Dns)]), all);
    let mut waived = missing("tinh-a", &["a.vn", "b.vn"]);
    waived.verdict = Verdict::Waived;
    assert_eq!(pruned(&[waived]), all);
    let one = pruned(&[missing("tinh-a", &["b.vn", "c.vn"])]);
    assert!(!one.contains("a.vn") && one.contains("b.vn") && !one.contains("c.vn"));
    assert_eq!(pruned(&[finding("tinh-a", "links", Verdict::Pass)]), " []\n");
}

#[test]
fn a_written_baseline_is_read_as_it_was() {
    let mut odd = missing("tinh-a", &["a.vn", "b.vn"]);
    odd.site = "no".to_owned();
    let mut element = finding("tinh-a", "label", Verdict::Fail);
    element.subjects = vec![rasoat::finding::Subject::element("a[title=\"\\\"'{x}: # \u{1}\"]")];
    let written = Baseline::of(&[odd, element], Date("2026-01-02".parse().unwrap()));
    let text = written.to_yaml();
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("b.yml");
    std::fs::write(&path, &text).unwrap();
    let read = rasoat::governance::load_baseline(&path).unwrap_or_else(|p| panic!("{p}\n{text}"));
    assert_eq!(
        (read.recorded_on, read.failures.keys().collect::<Vec<_>>()),
        (written.recorded_on, written.failures.keys().collect())
    );
    assert_eq!(read.to_yaml(), text);
}

#[test]
fn mistakes_in_a_baseline_have_places() {
    for (entries, said) in [
        ("  - {site: a, rule: r}\n  - {site: a, rule: r}\n", "b.yml:5:"),
        ("  - {site: a, rule: r, subjects: [{}]}\n", "b.yml:4:"),
        ("  - {site: a, rule: r, subjects: [{line: 4}]}\n", "b.yml:4:"),
        ("  - {site: a}\n", "b.yml:4:"),
    ] {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("b.yml");
        std::fs::write(&path, format!("apiVersion: rasoat/v1\nrecorded_on: 2026-01-01\nfailures:\n{entries}")).unwrap();
        let problems = rasoat::governance::load_baseline(&path).unwrap_err();
        assert!(problems.to_string().contains(said), "{problems}");
    }
}
