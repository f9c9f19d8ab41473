//! What a good file becomes: policies merged and filled in, sites with the places of their keys.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be written must stop the test")]

use std::collections::BTreeMap;
use std::path::Path;

use rasoat::policy::{self, Check, LoadedPolicy, Setting, Severity};
use rasoat::site::{self, Parent, Region, Shard};
use rasoat::yaml::Problems;
use rasoat::{config, governance};

fn params(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
}

fn load(reference: &str, pairs: &[(&str, &str)]) -> Result<LoadedPolicy, Problems> {
    policy::load(reference, &params(pairs))
}

/// A policy file in a folder of its own.
fn write(text: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.yml");
    std::fs::write(&path, text).unwrap();
    let path = path.to_str().unwrap().to_owned();
    (folder, path)
}

const HEAD: &str = "apiVersion: rasoat/v1\nkind: Policy\nid: own\nversion: \"1\"\ntitle: {vi: T, en: T}\n";

#[test]
fn every_built_in_policy_loads() {
    for name in policy::builtin_names() {
        let loaded = load(name, &[]).unwrap_or_else(|p| panic!("{p}"));
        assert_eq!(loaded.policy.id, name);
        assert!(loaded.digest.starts_with("sha256:") && loaded.digest.len() == 71);
        assert_eq!(load(&format!("builtin:{name}"), &[]).unwrap().digest, loaded.digest);
    }
}

#[test]
fn a_second_tracker_needs_no_rust() {
    let loaded = load("tests/load/ok/matomo.yml", &[]).unwrap();
    let Check::Tracker(check) = &loaded.policy.rules[0].check else { panic!() };
    assert_eq!(check.name.as_deref(), Some("matomo"), "the only tracker is filled in");
    let Check::UniqueId(check) = &loaded.policy.rules[1].check else { panic!() };
    assert_eq!(check.tracker.as_deref(), Some("matomo"));
    let cases = &loaded.examples[0].cases;
    assert_eq!(cases.iter().map(|c| c.set).collect::<Vec<_>>(), ["pass", "fail", "inconclusive"]);
    assert_eq!(cases[1].example.code.as_deref(), Some("snippet-absent"));
    assert_eq!(cases[0].at.region().unwrap().line, 24);
    assert_eq!(loaded.places["links"].region().unwrap().line, 35);
}

#[test]
fn parameters_are_filled_in_and_change_the_digest() {
    let share = |loaded: &LoadedPolicy| match &loaded.policy.rules[2].check {
        Check::LinksTo(check) => check.share.clone(),
        _ => panic!(),
    };
    let (a, b) = (load("tests/load/ok/matomo.yml", &[]), load("tests/load/ok/matomo.yml", &[("min_share", "50")]));
    let (a, b) = (a.unwrap(), b.unwrap());
    assert_eq!((share(&a), share(&b)), (Setting::Value(80), Setting::Value(50)));
    assert_ne!(a.digest, b.digest);
    let wrong = |name, value| load("tests/load/ok/matomo.yml", &[(name, value)]).unwrap_err();
    assert_eq!(wrong("min-share", "50").0[0].code, "unknown-param");
    assert!(wrong("min-share", "50").0[0].help.as_ref().unwrap().en.contains("`min_share`"));
    assert_eq!(wrong("min_share", "half").0[0].code, "bad-param");
    assert_eq!(wrong("min_share", "101").0[0].code, "out-of-range");
}

#[test]
fn a_sensitive_value_is_in_no_message() {
    let (_folder, path) = write(&format!(
        "{HEAD}params: {{key: {{type: string, required: true, pattern: '[a-z]+', sensitive: true}}}}\nrules:\n  - {{id: a, title: {{vi: A, en: A}}, severity: note, applies_to: [portal], check: {{links_to: {{sites: parent, share: '${{key}}'}}}}}}\n"
    ));
    for value in ["SECRET9", "secretnine"] {
        let problems = load(&path, &[("key", value)]).unwrap_err();
        let shown = problems.render(rasoat::lang::Lang::Vi, false) + &format!("{problems} ");
        assert!(!shown.contains(value), "{shown}");
    }
    assert_eq!(load(&path, &[]).unwrap_err().0[0].code, "missing-param");
}

#[test]
fn an_overlay_changes_key_by_key_removes_and_adds() {
    let base = load("tt22-2023", &[]).unwrap();
    let (_folder, path) = write(&format!(
        "{HEAD}extends: [builtin:tt22-2023]\ntrackers: {{emc: {{site_id: '[0-9]{{3}}'}}}}\nrules:\n  - {{id: emc-label, severity: warning}}\n  - {{id: portal-link, off: true}}\n  - {{id: more, title: {{vi: T, en: T}}, severity: note, applies_to: [portal], check: {{wcag: {{}}}}}}\n"
    ));
    let own = load(&path, &[]).unwrap_or_else(|p| panic!("{p}"));
    let ids: Vec<&str> = own.policy.rules.iter().map(|r| r.id.as_str()).collect();
    let mut expected: Vec<&str> =
        base.policy.rules.iter().map(|r| r.id.as_str()).filter(|id| *id != "portal-link").collect();
    expected.push("more");
    assert_eq!(ids, expected);
    let rule = |loaded: &LoadedPolicy, id: &str| loaded.policy.rules.iter().find(|r| r.id == id).unwrap().clone();
    assert_eq!(rule(&own, "emc-label").severity, Severity::Warning);
    assert_eq!(rule(&own, "emc-label").title, rule(&base, "emc-label").title);
    assert_eq!(own.policy.trackers["emc"].site_id, "[0-9]{3}");
    assert_eq!(own.policy.trackers["emc"].library, base.policy.trackers["emc"].library);
    assert_ne!(own.digest, base.digest);
}

#[test]
fn a_policy_reached_twice_is_laid_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, id: &str, rest: &str| {
        let text = format!("{}{rest}", HEAD.replace("id: own", &format!("id: {id}")));
        std::fs::write(folder.path().join(name), text).unwrap();
    };
    let rule = "  - {id: a, title: {vi: A, en: A}, severity: error, applies_to: [portal], check: {wcag: {}}}\n";
    file("base.yml", "base", &format!("rules:\n{rule}"));
    file("one.yml", "one", "extends: [./base.yml]\nrules: [{id: a, severity: note}]\n");
    file("two.yml", "two", "extends: [./base.yml]\nrules: [{id: a, pages: all}]\n");
    file("own.yml", "own", "extends: [./one.yml, two.yml]\n");
    let own = load(folder.path().join("own.yml").to_str().unwrap(), &[]).unwrap_or_else(|p| panic!("{p}"));
    assert_eq!(own.policy.rules[0].severity, Severity::Note, "two.yml must not bring the base back over one.yml");
    assert_eq!(own.policy.rules[0].pages, policy::Pages::All);
    assert_eq!(own.documents.len(), 4);
}

#[test]
fn levels_come_highest_first_and_comments_do_not_change_the_digest() {
    let text = |note: &str| {
        format!(
            "{HEAD}{note}levels: [{{id: E, from: 0}}, {{id: A, from: 4.5}}, {{id: D, from: 2}}]\nrules:\n  - {{id: a, title: {{vi: A, en: A}}, points: 5, severity: note, applies_to: [portal], check: {{wcag: {{}}}}}}\n"
        )
    };
    let ((_a, a), (_b, b)) = (write(&text("")), write(&text("# ghi chú\n\n").replace('\n', "\r\n")));
    let (a, b) = (load(&a, &[]).unwrap(), load(&b, &[]).unwrap());
    assert_eq!(a.policy.levels.iter().map(|l| l.id.as_str()).collect::<Vec<_>>(), ["A", "D", "E"]);
    assert_eq!(a.digest, b.digest);
}

#[test]
fn several_policies_share_the_parameters() {
    let both = policy::load_all(&["tt22-2023", "tests/load/ok/matomo.yml"], &params(&[("min_share", "7")])).unwrap();
    assert_eq!(both.len(), 2);
    let twice = policy::load_all(&["tt22-2023", "builtin:tt22-2023"], &params(&[])).unwrap_err();
    assert_eq!(twice.0[0].code, "duplicate-policy");
}

const SITES: &str = "\u{feff}apiVersion: rasoat/v1\r
sites:\r
  - id: tinh-a # cổng\r
    name: Cổng tỉnh A\r
    role: portal\r
    url: https://tinh-a.example.org/\r
    source: ./dist/portal\r
    emc_site_id: 0205\r
  - {id: so-x, role: component, parent: tinh-a, url: https://so-x.example.org/, retired_on: 2025-07-01}\r
  - {id: so-y, role: component, parent: https://khac.example.org/, url: https://so-y.example.org/, aliases: [http://cu.example.org]}\r
";

#[test]
fn sites_keep_their_places() {
    let loaded = site::read("ops/sites.yml", SITES.as_bytes(), Path::new("ops")).unwrap_or_else(|p| panic!("{p}"));
    let portal = &loaded.estate.sites()[0];
    assert_eq!(portal.emc_site_id.as_deref(), Some("0205"), "leading zeros are part of the id");
    assert_eq!(portal.source_name.as_deref(), Some("ops/dist/portal"));
    let declared = portal.declared.as_ref().unwrap();
    assert_eq!(declared.path, "ops/sites.yml");
    assert_eq!(declared.keys["name"], Region { line: 4, column: 5, end_line: 4, end_column: 22 });
    assert_eq!(declared.keys[""], Region { line: 3, column: 5, end_line: 8, end_column: 22 });
    assert!(!declared.keys.contains_key("unit"));
    let flow = loaded.estate.sites()[1].declared.as_ref().unwrap();
    assert_eq!(flow.keys["parent"], Region { line: 9, column: 33, end_line: 9, end_column: 47 });
    assert_eq!(flow.keys[""].column, 5);
    assert_eq!(loaded.estate.sites()[1].parent, Some(Parent::Declared("tinh-a".to_owned())));
    assert!(matches!(&loaded.estate.sites()[2].parent, Some(Parent::Elsewhere(_))));
}

#[test]
fn numbers_stay_the_text_they_were_written_as() {
    for written in ["0205", "205", "1_000", "0x1F", "3.10", "1e3", "00", "\"205\"", "true"] {
        let text = format!(
            "apiVersion: rasoat/v1\nsites:\n  - {{id: a, role: portal, url: https://a.example.org/, emc_site_id: {written}}}\n"
        );
        let loaded = site::read("s.yml", text.as_bytes(), Path::new("")).unwrap_or_else(|p| panic!("{written}: {p}"));
        assert_eq!(loaded.estate.sites()[0].emc_site_id.as_deref(), Some(written.trim_matches('"')));
    }
}

#[test]
fn shards_are_disjoint_and_complete() {
    let loaded = site::read("s.yml", SITES.as_bytes(), Path::new("")).unwrap();
    let ids = |index, of| loaded.estate.shard(Shard { index, of }).map(|s| s.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(1, 2), ["tinh-a", "so-y"]);
    assert_eq!(ids(2, 2), ["so-x"]);
    assert_eq!(ids(1, 1).len(), 3);
    assert!(ids(4, 5).is_empty());
}

#[test]
fn the_configuration_is_found_upward_and_its_paths_are_resolved() {
    let root = tempfile::tempdir().unwrap();
    let deep = root.path().join("a/b");
    std::fs::create_dir_all(&deep).unwrap();
    std::fs::write(
        root.path().join("rasoat.yml"),
        "apiVersion: rasoat/v1\npolicies: [tt22-2023, policy/own.yml]\nsites: sites.yml\nreports: [human, junit=out/j.xml]\nparams: {min_share: 80, on: true}\nlang: vi\nlimits: {timeout: 30s, max_size: 8MiB}\n",
    )
    .unwrap();
    let found = config::discover(&deep).unwrap();
    let config = config::load(&found).unwrap_or_else(|p| panic!("{p}"));
    let path = |name: &str| root.path().join(name).to_str().unwrap().to_owned();
    assert_eq!(config.file.policies, ["tt22-2023".to_owned(), path("policy/own.yml")]);
    assert_eq!(config.file.sites, Some(path("sites.yml")));
    assert_eq!(config.file.reports, ["human".to_owned(), format!("junit={}", path("out/j.xml"))]);
    assert_eq!((config.file.params["min_share"].as_str(), config.file.params["on"].as_str()), ("80", "true"));
    // The repository's root is a border.
    std::fs::create_dir(root.path().join("a/.git")).unwrap();
    assert_eq!(config::discover(&deep), None);
}

#[test]
fn waivers_attestations_and_the_lock_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let waivers = file(
        "w.yml",
        "apiVersion: rasoat/v1\nwaivers:\n  - {rule: r, site: so-*, subject: {host: a.example.org}, reason: Chờ nâng cấp, approved_by: A, expires: 2026-12-31}\n",
    );
    let read = governance::load_waivers(&waivers, &["r"]).unwrap();
    assert_eq!(read.places[0].region().unwrap().line, 3);
    assert_eq!(read.waivers[0].subject, Some(governance::Subject::Host("a.example.org".to_owned())));
    file("e.txt", "x");
    let sha = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
    let stated = file(
        "a.yml",
        &format!(
            "apiVersion: rasoat/v1\nattestations:\n  - {{rule: r, site: a, status: pass, by: B, on: 2026-01-01, valid_until: 2026-01-01, evidence: {{file: e.txt, sha256: {sha}}}}}\n"
        ),
    );
    assert_eq!(
        governance::load_attestations(&stated, &["r"], &governance::Rated::new()).unwrap().attestations.len(),
        1
    );
    let lock = file("rasoat.lock", "apiVersion: rasoat/v1\nsites:\n  tinh.a: {emc_site_id: 0205}\n");
    assert_eq!(site::load_lock(&lock).unwrap().sites["tinh.a"].emc_site_id, "0205");
}
