//! Every mistake in a file that people write is shown with file, line, column, source line and remedy.
//! `UPDATE_GOLDEN=1 cargo test --test load` rewrites the expected outputs beside the fixtures.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be read must stop the test")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use rasoat::lang::Lang;
use rasoat::yaml::Problems;
use rasoat::{config, governance, policy, site};

fn fixtures(folder: &str) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = std::fs::read_dir(Path::new("tests/load").join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "yml"))
        .collect();
    all.sort();
    assert!(!all.is_empty(), "no fixtures in {folder}");
    all
}

fn shown(problems: &Problems) -> String {
    format!("{}\n{}", problems.render(Lang::Vi, false), problems.render(Lang::En, false))
}

/// Compares every fixture's problems with the golden file beside it.
fn golden(folder: &str, load: impl Fn(&Path) -> Option<Problems>) {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut wrong = String::new();
    for path in fixtures(folder) {
        let Some(problems) = load(&path) else {
            writeln!(wrong, "{}: no problem found", path.display()).unwrap();
            continue;
        };
        assert!(!problems.0.is_empty());
        let seen = shown(&problems);
        let file = path.with_extension("txt");
        if update {
            std::fs::write(&file, &seen).unwrap();
        }
        let expected = std::fs::read_to_string(&file).unwrap_or_default();
        if seen != expected {
            writeln!(wrong, "{}:\n{seen}", file.display()).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn mistakes_in_policies() {
    golden("policy", |path| policy::load(path.to_str().unwrap(), &BTreeMap::new()).err());
}

#[test]
fn mistakes_in_sites_files() {
    golden("sites", |path| site::load(path).err());
}

const RULES: [&str; 2] = ["emc-snippet", "emc-label"];

#[test]
fn mistakes_in_baselines() {
    golden("baseline", |path| governance::load_baseline(path).err());
}

#[test]
fn mistakes_in_waivers() {
    golden("waivers", |path| governance::load_waivers(path, &RULES).err());
}

#[test]
fn mistakes_in_attestations() {
    let rated = governance::Rated::from([("emc-label", policy::Points(1_250))]);
    golden("attestations", |path| governance::load_attestations(path, &RULES, &rated).err());
}

#[test]
fn mistakes_in_the_lock_file() {
    golden("lock", |path| site::load_lock(path).err());
}

#[test]
fn mistakes_in_the_configuration() {
    golden("config", |path| config::load(path).err());
}

#[test]
fn names_that_are_no_policy() {
    for (reference, code, meant) in [
        ("tt22-2032", "unknown-policy", Some("tt22-2023")),
        ("builtin:tt22", "unknown-policy", None),
        ("./khong-co.yml", "not-found", None),
        ("tests/load", "unreadable", None),
    ] {
        let problems = policy::load(reference, &BTreeMap::new()).unwrap_err();
        assert_eq!(problems.0[0].code, code, "{reference}: {problems}");
        if let Some(meant) = meant {
            assert!(shown(&problems).contains(&format!("`{meant}`")), "{problems}");
        }
    }
}

#[test]
fn the_color_is_left_out_when_it_is_not_wanted() {
    let problems = site::load(Path::new("tests/load/sites/unknown-key.yml")).unwrap_err();
    assert!(!problems.render(Lang::En, false).contains('\u{1b}'));
    assert!(problems.render(Lang::En, true).contains('\u{1b}'));
    assert!(problems.to_string().starts_with("tests/load/sites/unknown-key.yml:6:5: "), "{problems}");
}

#[test]
fn policies_extend_each_other_so_often_and_no_further() {
    let folder = tempfile::tempdir().unwrap();
    let head = "apiVersion: rasoat/v1\nkind: Policy\nid: thu\nversion: \"1\"\ntitle: {vi: Thử, en: Trial}\n";
    let base = std::fs::read_to_string("tests/load/ok/base.yml").unwrap();
    std::fs::write(folder.path().join("0.yml"), base).unwrap();
    for n in 1..=16 {
        let text = format!("{head}extends: [./{}.yml]\nrules: []\n", n - 1);
        std::fs::write(folder.path().join(format!("{n}.yml")), text).unwrap();
    }
    let load = |n: usize| policy::load(folder.path().join(format!("{n}.yml")).to_str().unwrap(), &BTreeMap::new());
    assert!(load(15).is_ok(), "{}", shown(&load(15).unwrap_err()));
    let told = shown(&load(16).unwrap_err());
    assert!(told.contains("more than 16 files") && told.contains("quá 16 tệp"), "{told}");
}
