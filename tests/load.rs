//! Every mistake in a file that people write is shown with file, line, column, source line and remedy.
//! `UPDATE_GOLDEN=1 cargo test --test load` rewrites the expected outputs beside the fixtures.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use rasoat::lang::Lang;
use rasoat::yaml::Problems;
use rasoat::{policy, site};

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
