//! A thousand rebuilds of a failing town: the names of its failures stay, in the baseline and in code scanning; and
//! other failures never take the same names.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, OnceLock};

use rasoat::acquire::fetch::NetOptions;
use rasoat::finding::Subject;
use rasoat::governance::{Baseline, Decisions, Failure};
use rasoat::policy::{self, Date, LoadedPolicy, Pages};
use rasoat::report::{FailOn, Lang, Report, to_gitlab, to_sarif};
use rasoat::run::{Browsing, Run};
use rasoat::site;

use super::mutant::{Faults, USUAL, built};
use crate::support::write;

const REBUILDS: u64 = 1_000;
/// Of a thousand; more would not be noticed by people who see one a month.
const STABLE: usize = 990;

/// The portal and one component; the others are only linked to.
const JUDGED: [&str; 2] = ["tinh-a", "so-1"];

/// The policy, read once for all builds.
fn policies() -> Vec<LoadedPolicy> {
    static LOADED: OnceLock<Vec<LoadedPolicy>> = OnceLock::new();
    let load = || policy::load_all(&["tt22-2023".to_owned()], &BTreeMap::new()).unwrap_or_else(|p| panic!("{p}"));
    LOADED.get_or_init(load).clone()
}

fn report(folder: &Path) -> Report {
    let estate = site::load(&folder.join("sites.yml")).unwrap_or_else(|p| panic!("{p}")).estate;
    let run = Run {
        policies: policies(),
        judged: JUDGED.map(str::to_owned).to_vec(),
        estate: Arc::new(estate),
        ad_hoc: false,
        shard: None,
        pipeline: None,
        recorded: BTreeMap::new(),
        deployed: false,
        pages: Some(vec![Pages::All]),
        max_pages: None,
        only: BTreeSet::new(),
        skip: BTreeSet::new(),
        browsing: Browsing::None,
        fail_on: FailOn::Error,
        strict: false,
        gates: rasoat::score::Gates::default(),
        jobs: 1,
        net: NetOptions::default(),
        now: jiff::Timestamp::UNIX_EPOCH,
        timed: false,
        cancelled: Arc::default(),
        deadline: None,
        progress: Arc::default(),
        recording: None,
        decisions: Decisions::default(),
    };
    rasoat::check(&Arc::new(run)).unwrap_or_else(|e| panic!("{e}"))
}

/// What a build is known by.
#[derive(Debug, PartialEq, Eq)]
struct Names {
    known: BTreeMap<Failure, BTreeSet<Subject>>,
    sarif: BTreeSet<(String, String)>,
    gitlab: BTreeSet<String>,
}

fn names(report: &Report) -> Names {
    let sarif: serde_json::Value = serde_json::from_str(&to_sarif(report, Lang::En).unwrap()).unwrap();
    let failing = |result: &&serde_json::Value| result["kind"] == "fail";
    let results = sarif["runs"][0]["results"].as_array().unwrap().iter().filter(failing);
    let gitlab: Vec<serde_json::Value> = serde_json::from_str(&to_gitlab(report, Lang::En).unwrap()).unwrap();
    Names {
        known: Baseline::of(&report.findings, Date("2026-01-02".parse().unwrap())).failures,
        sarif: results.map(|r| (r["ruleId"].to_string(), r["partialFingerprints"].to_string())).collect(),
        gitlab: gitlab.iter().map(|v| v["fingerprint"].to_string()).collect(),
    }
}

/// The names of a build, and the lines its failures stand on.
fn of(seed: u64, faults: Faults) -> (Names, Vec<Option<u32>>) {
    let folder = tempfile::TempDir::new().unwrap();
    write(folder.path(), &built(seed, faults));
    let report = report(folder.path());
    let lines = report.findings.iter().flat_map(|f| &f.places).map(|p| p.line).collect();
    (names(&report), lines)
}

#[test]
fn a_rebuild_changes_no_name_of_a_failure() {
    let (first, first_lines) = of(0, USUAL);
    let failing: Vec<String> = first.known.keys().map(|(site, rule)| format!("{site} {rule}")).collect();
    assert_eq!(
        failing,
        [
            "so-1 emc-label",
            "so-1 emc-snippet",
            "so-1 portal-link",
            "tinh-a component-links",
            "tinh-a emc-label",
            "tinh-a emc-snippet"
        ]
    );
    let (mut known, mut alerts, mut moved) = (0, 0, 0);
    for seed in 1..=REBUILDS {
        let (names, lines) = of(seed, USUAL);
        known += usize::from(names.known == first.known);
        alerts += usize::from(names.sarif == first.sarif && names.gitlab == first.gitlab);
        moved += usize::from(lines != first_lines);
    }
    assert!(moved > 900, "the rebuilds are no rebuilds: {moved} moved");
    assert!(known >= STABLE, "{known} of {REBUILDS} kept their names in the baseline");
    assert!(alerts >= STABLE, "{alerts} of {REBUILDS} kept their fingerprints");
}

#[test]
fn other_failures_have_other_names() {
    let all = [
        USUAL,
        Faults { unlinked: &[2], ..USUAL },
        Faults { unlinked: &[3], ..USUAL },
        Faults { unlinked: &[1, 3], ..USUAL },
        Faults { bare_page: "tin/2.html", ..USUAL },
        Faults { bare_page: "tin/10.html", ..USUAL },
        Faults { bare_page: "tin-1.html", ..USUAL },
        Faults { hidden: false, ..USUAL },
    ];
    let names: Vec<Names> = all.iter().map(|faults| of(7, *faults).0).collect();
    for (n, one) in names.iter().enumerate() {
        // Rules, sites and hosts of one town are told apart too.
        let marks: BTreeSet<&String> = one.sarif.iter().map(|(_, mark)| mark).collect();
        assert_eq!((marks.len(), one.gitlab.len() >= marks.len()), (one.known.len(), true));
        for other in &names[..n] {
            assert_ne!(one.known, other.known);
        }
    }
    // Links to another site are another alert; what is mended of an alert about two leaves it the alert it was.
    assert_ne!(names[1].sarif, names[2].sarif);
    assert_eq!(names[0].sarif, names[1].sarif);
    assert_ne!(names[4].sarif, names[5].sarif);
}
