//! Keeps the house as the crate documentation draws it: which module may know which, what the pure stages may
//! not touch, and that the law's own names stay in the policies. Fails with file and line.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test without its files has failed")]

#[path = "architecture/limits.rs"]
mod limits;
#[path = "architecture/rust.rs"]
mod rust;

use std::collections::BTreeSet;
use std::path::Path;

use rasoat::policy;
use rust::{Source, files, root, shipped, shown};

/// What people write and what was seen: known by every stage, knowing none.
const DATA: &[&str] = &["error", "finding", "lang", "policy", "site", "snapshot", "yaml"];

/// For each module, what it may import beside itself. A module that is not named here may import nothing.
const ARROWS: &[(&str, &[&str])] = &[
    ("policy", DATA),
    ("site", DATA),
    ("snapshot", DATA),
    ("finding", DATA),
    ("yaml", DATA),
    ("lang", &["policy"]),
    ("error", &["policy"]),
    ("part", &[]),
    // A statement answers a gap, so it names it.
    ("governance", &["finding", "policy", "site", "snapshot", "yaml"]),
    // What a configuration file presets are flags, so it names their types.
    ("config", &["lang", "policy", "report", "site", "yaml"]),
    ("schema", &["config", "governance", "policy", "report", "site"]),
    // Old encodings are told apart by how Vietnamese is spelled; pictures are files too, and a run that is killed
    // leaves no halves of them.
    ("acquire", &["error", "lang", "part", "policy", "site", "snapshot"]),
    ("check", &["finding", "policy", "site", "snapshot"]),
    // Whether a rule's points are there to be had depends on the site's role.
    ("score", &["finding", "policy", "site"]),
    // Addresses of a table are compared as those of sites are, its encoding is told as a page's is.
    ("rank", &["finding", "lang", "policy", "site"]),
    // What changed from report to report is laid beside the newest one, in its types.
    ("history", &["finding", "policy", "report", "site", "snapshot"]),
    // Scores are stored in it, rankings are shown beside it.
    ("report", &["finding", "lang", "policy", "rank", "score", "site", "snapshot"]),
    ("tally", &["error", "finding", "observe", "policy", "report", "run", "score", "site", "snapshot"]),
    // What is published is made by `report`; here it is only sent, and what fails is told in two languages.
    ("deliver", &["error", "finding", "part", "policy", "report", "site"]),
    // A run carries what people decided beside what was asked.
    ("run", &["acquire", "check", "governance", "policy", "report", "score", "site"]),
    ("observe", &["acquire", "check", "finding", "policy", "report", "run", "site", "snapshot", "tally"]),
    // Decides again over all sites, with the judges of a run.
    ("merge", &["check", "finding", "observe", "policy", "report", "score", "site", "snapshot", "tally"]),
    ("gather", &["acquire", "error", "finding", "observe", "policy", "run", "site", "snapshot"]),
    ("cli", &["*"]),
    ("lib", &["*"]),
    ("main", &["cli"]),
];

/// Modules that must give the same answer for ever.
const PURE: &[&str] = &["check", "history", "report", "score", "rank"];
/// What they may not touch.
const WORLD: &[&str] = &["reqwest", "tokio", "std::fs", "std::net", "std::env", "SystemTime", "Instant", "rand::"];

/// The longest a file written by hand may be.
const LONGEST: usize = 600;

fn fail_on(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

fn forbidden_arrows(source: &Source) -> Vec<String> {
    let from = source.module();
    let allowed = ARROWS.iter().find(|(module, _)| *module == from).map_or(&[][..], |(_, allowed)| allowed);
    let arrows = source.arrows().into_iter();
    let known = |to: &str| ARROWS.iter().any(|(module, _)| *module == to);
    arrows
        .filter(|(to, _)| known(to) && to != from && !allowed.contains(&"*") && !allowed.contains(&to.as_str()))
        .map(|(to, at)| format!("{}:{}: `{from}` may not know `{to}`", source.path, source.line(at)))
        .collect()
}

fn touches_the_world(source: &Source) -> Vec<String> {
    let uses = WORLD.iter().flat_map(|name| source.bare.match_indices(name));
    uses.filter(|(at, name)| is_whole(&source.bare, *at, name))
        .map(|(at, name)| format!("{}:{}: `{}` may not use {name}", source.path, source.line(at), source.module()))
        .collect()
}

/// Whether a name stands alone and is no part of a longer one.
fn is_whole(text: &str, at: usize, name: &str) -> bool {
    let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let (first, last) = (name.chars().next(), name.chars().next_back());
    let longer_before = part(first) && part(text[..at].chars().next_back());
    let longer_after = part(last) && part(text[at + name.len()..].chars().next());
    !longer_before && !longer_after
}

#[test]
fn modules_know_only_what_they_may() {
    fail_on(&shipped().iter().flat_map(forbidden_arrows).collect::<Vec<_>>());
}

#[test]
fn every_module_has_its_arrows() {
    let modules: BTreeSet<String> = shipped().iter().map(|s| s.module().to_owned()).collect();
    let unnamed = modules.iter().filter(|m| !ARROWS.iter().any(|(name, _)| name == m));
    fail_on(&unnamed.map(|m| format!("say in ARROWS what the module `{m}` may know")).collect::<Vec<_>>());
}

#[test]
fn judges_and_reports_are_pure() {
    let pure: Vec<Source> = shipped().into_iter().filter(|s| PURE.contains(&s.module())).collect();
    assert!(pure.len() > 10, "the pure modules were not found");
    fail_on(&pure.iter().flat_map(touches_the_world).collect::<Vec<_>>());
}

#[test]
fn a_forbidden_arrow_is_seen() {
    let source = |path: &str, text: &str| Source::new(path.to_owned(), text);
    let judge = source("src/check/x.rs", "//! crate::acquire\nuse crate::{policy::Rule, acquire::{page, Needs}};\n");
    assert_eq!(forbidden_arrows(&judge), ["src/check/x.rs:2: `check` may not know `acquire`"]);
    let deep = source("src/check/tracker/x.rs", "use super::super::super::cli;\nuse super::super::note;\n");
    assert_eq!(forbidden_arrows(&deep), ["src/check/tracker/x.rs:1: `check` may not know `cli`"]);
    let report = source("src/report/mod.rs", "fn f() { let x = crate::tally::exit(); }\n");
    assert_eq!(forbidden_arrows(&report).len(), 1);
    let tested =
        source("src/report/csv.rs", "#[cfg(test)]\nmod tests { use crate::tally; }\nuse crate::policy::Text;\n");
    assert_eq!(forbidden_arrows(&tested), [""; 0]);
}

#[test]
fn the_world_is_seen() {
    let clock = "use std::time::{Duration, Instant};\n// std::fs\nlet a = \"tokio\"; let InstantX = 1;\n";
    let judge = Source::new("src/check/x.rs".to_owned(), clock);
    assert_eq!(touches_the_world(&judge), ["src/check/x.rs:1: `check` may not use Instant"]);
}

/// The names of the law and of the systems it speaks of, as the shipped policies write them.
fn names_of_the_law() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for name in policy::builtin_names() {
        let loaded = policy::load(name, &std::collections::BTreeMap::new()).expect("a shipped policy");
        let policy = loaded.policy;
        for tracker in policy.trackers.values() {
            names.insert(tracker.queue.clone());
            names
                .extend([&tracker.calls.page_view, &tracker.calls.site_id, &tracker.calls.collector].map(Clone::clone));
            names.extend([&tracker.library, &tracker.collector].into_iter().filter_map(|url| host(url)));
            if let Some(label) = &tracker.label {
                names.extend(label.selectors.iter().map(|s| s.trim_matches(['.', '#', ' ']).to_owned()));
                names.extend(label.texts.iter().cloned());
            }
        }
        names.extend(policy.tag_managers);
        names.extend(policy.legal_basis.into_iter().map(|b| b.document));
        names.extend(policy.rules.iter().filter_map(|r| r.cite.as_ref()).map(|c| c.document.clone()));
        names.extend(policy.rules.into_iter().map(|r| r.id));
    }
    names
}

fn host(url: &str) -> Option<String> {
    url::Url::parse(url).ok()?.host_str().map(str::to_owned)
}

#[test]
fn the_law_stands_in_the_policies_only() {
    let names = names_of_the_law();
    assert!(names.len() > 15, "the policies' own names were not found: {names:?}");
    let mut faults = Vec::new();
    for source in shipped() {
        // Names are plain ASCII or Vietnamese: in lower case they keep their length or are not in Rust at all.
        let code = source.code.to_lowercase();
        for name in &names {
            if code.contains(&name.to_lowercase()) {
                faults.push(format!("{}: “{name}” belongs to a policy", source.path));
            }
        }
    }
    fail_on(&faults);
}

#[test]
fn files_have_a_comfortable_size() {
    let mut faults = Vec::new();
    for folder in [
        ".ci",
        "benches",
        "examples",
        "fuzz/fuzz_targets",
        "fuzz/src",
        "policies",
        "scripts",
        "src",
        "templates",
        "tests",
    ] {
        for path in files(folder, &["rs", "yml", "yaml", "sh", "py", "toml", "html", "css", "js", ""]) {
            if path.components().any(|c| c.as_os_str() == "golden") {
                continue;
            }
            let text = std::fs::read(&path).unwrap_or_default();
            let lines = text.iter().filter(|b| **b == b'\n').count();
            if lines > LONGEST {
                faults.push(format!("{}: {lines} lines, at most {LONGEST}", shown(&path)));
            }
        }
    }
    fail_on(&faults);
}

#[test]
fn nothing_is_left_for_later_and_no_lint_is_allowed() {
    // Put together here so that this file may hold them.
    let words = [["TO", "DO"].concat(), ["FIX", "ME"].concat()];
    let attributes = [["#[al", "low("].concat(), ["#![al", "low("].concat()];
    let mut faults = Vec::new();
    for folder in [".ci", "benches", "fuzz/fuzz_targets", "fuzz/src", "policies", "scripts", "src", "tests"] {
        for path in files(folder, &["rs", "sh", "py", "yml", "yaml", "toml", ""]) {
            let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap_or_default()).into_owned();
            for (number, line) in text.lines().enumerate() {
                let found = words.iter().find(|w| line.match_indices(w.as_str()).any(|(at, _)| is_whole(line, at, w)));
                if let Some(word) = found.or_else(|| attributes.iter().find(|a| line.contains(a.as_str()))) {
                    faults.push(format!("{}:{}: {word}", shown(&path), number + 1));
                }
            }
        }
    }
    fail_on(&faults);
}

#[test]
fn every_module_says_what_it_is_for() {
    let starts = |path: &Path| std::fs::read_to_string(path).is_ok_and(|text| text.starts_with("//! "));
    let silent = files("src", &["rs"]).into_iter().filter(|path| !starts(path));
    let silent: Vec<String> = silent.map(|path| format!("{}: begins without `//! …`", shown(&path))).collect();
    fail_on(&silent);
    assert!(root().join("src/lib.rs").exists());
}

/// Everything people read is composed (NFC): what is decomposed looks alike, is found by no search and compares unequal.
#[test]
fn vietnamese_is_written_composed() {
    use unicode_normalization::is_nfc;
    let mut read = 0;
    let mut faults = Vec::new();
    let mut folders: Vec<std::path::PathBuf> =
        ["src", "policies", "docs", "templates", "examples", "schema", "scripts"].map(|name| root().join(name)).into();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if let Ok(text) = std::fs::read_to_string(&entry) {
                read += 1;
                let lines = text.lines().enumerate().filter(|(_, line)| !is_nfc(line));
                faults.extend(lines.map(|(n, _)| format!("{}:{}: not in NFC", entry.display(), n + 1)));
            }
        }
    }
    assert!(read > 300, "only {read} files were read");
    fail_on(&faults);
}
