//! Files that are large, deep, damaged or made to hurt: refused at once, with a reason, never a panic.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be read must stop the test")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use rasoat::lang::Lang;
use rasoat::yaml::{MOST, MOST_SITES, Problems};
use rasoat::{policy, site};

fn sites(text: &[u8]) -> Result<site::LoadedSites, Problems> {
    site::read("sites.yml", text, Path::new(""))
}

fn policy_file(text: &[u8]) -> Result<policy::LoadedPolicy, Problems> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.yml");
    std::fs::write(&path, text).unwrap();
    policy::load(path.to_str().unwrap(), &BTreeMap::new())
}

/// The code of the first problem, and proof that it can be shown.
fn code(problems: &Problems) -> &'static str {
    for lang in [Lang::Vi, Lang::En] {
        let shown = problems.render(lang, false);
        assert!(!shown.chars().any(|c| c.is_control() && c != '\n'), "{shown:?}");
        assert!(!shown.contains('\u{202e}'));
        assert!(shown.len() < 100_000);
    }
    problems.0[0].code
}

fn estate(count: usize) -> String {
    let mut text = "apiVersion: rasoat/v1\nsites:\n".to_owned();
    for n in 0..count {
        let (role, parent) = if n % 100 == 0 {
            ("portal", String::new())
        } else {
            ("component", format!("\n    parent: tinh-{}", n - n % 100))
        };
        writeln!(text, "  - id: tinh-{n}\n    name: Trang thông tin điện tử số {n}\n    role: {role}{parent}\n    url: https://tinh-{n}.example.org/\n    source: dist/{n}\n    emc_site_id: \"{n}\"\n    unit: Ủy ban nhân dân xã {n}").unwrap();
    }
    text
}

#[test]
fn too_large_is_said_with_the_limit() {
    let big = vec![b'#'; 10 << 20];
    assert_eq!(code(&policy_file(&big).unwrap_err()), "too-large");
    assert_eq!(code(&sites(&vec![b'#'; MOST_SITES + 1]).unwrap_err()), "too-large");
    let shown = policy_file(&vec![b'#'; MOST + 1]).unwrap_err().render(Lang::En, false);
    assert!(shown.contains("4 MiB") && shown.contains("help: "), "{shown}");
}

#[test]
fn depth_is_refused_at_once() {
    let start = Instant::now();
    let mut staircase = String::new();
    for n in 0..2_000 {
        writeln!(staircase, "{}a:", " ".repeat(n)).unwrap();
    }
    for text in [
        "[".repeat(100_000),
        "{a: ".repeat(100_000),
        format!("apiVersion: {}", "[".repeat(100_000)),
        "- ".repeat(100_000),
        "? ".repeat(100_000),
        staircase,
    ] {
        let problems = sites(text.as_bytes()).map(|_| ()).unwrap_err();
        assert!(["too-deep", "key", "syntax"].contains(&code(&problems)), "{problems}");
    }
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn damaged_bytes_are_placed() {
    let mut text = estate(3).into_bytes();
    text[40] = 0xff;
    let problems = sites(&text).unwrap_err();
    assert_eq!(code(&problems), "not-utf8");
    assert!(problems.0[0].message.en.contains("byte 41"), "{problems}");
    for bytes in [&b"\x00"[..], b"\xff\xfea\x00", b"\xef\xbb\xbf", b"\n\n# x", b"---\n", b"---\n---\n", b"\x1b[31m: 1"]
    {
        code(&sites(bytes).unwrap_err());
    }
}

#[test]
fn many_faults_are_cut() {
    let text = estate(2_000).replace("https://", "htps://");
    let problems = sites(text.as_bytes()).unwrap_err();
    assert_eq!(problems.0.len(), 2_000);
    assert_eq!(code(&problems), "bad-url");
    assert!(problems.render(Lang::En, false).contains("1970 more"));
}

#[test]
fn a_large_estate_loads_in_time_linear_in_its_size() {
    let time = |count| {
        let text = estate(count);
        let start = Instant::now();
        let loaded = sites(text.as_bytes()).unwrap_or_else(|p| panic!("{p}"));
        assert_eq!(loaded.estate.sites().len(), count);
        let last = loaded.estate.sites()[count - 1].declared.as_ref().unwrap();
        assert_eq!(last.keys["unit"].line as usize, text.lines().count());
        start.elapsed()
    };
    let (small, large) = (time(2_000), time(12_000));
    eprintln!("2,000 sites: {small:?}; 12,000 sites: {large:?}");
    // Six times the work; a quadratic index would take 36 times.
    assert!(large < small * 20 + Duration::from_secs(2), "{small:?} {large:?}");
}

static SEEDS: LazyLock<Vec<String>> = LazyLock::new(seeds);

/// Texts to be damaged.
fn seeds() -> Vec<String> {
    let mut all = vec![estate(3), policy::BUILTIN[0].1.to_owned()];
    for folder in ["ok", "policy", "sites"] {
        for entry in std::fs::read_dir(Path::new("tests/load").join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|e| e == "yml") {
                all.push(String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned());
            }
        }
    }
    all
}

const PIECES: [&str; 30] = [
    "\n",
    " ",
    "  ",
    "- ",
    ": ",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "'",
    "|",
    ">",
    "&a ",
    "*a",
    "!x ",
    "? ",
    "---\n",
    "# ",
    "\t",
    "\r",
    "\u{feff}",
    "\u{202e}",
    "ệ",
    "null",
    "~",
    ".nan",
    "18446744073709551616",
    "${x}",
    "<<: ",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damage_never_panics(
        seed in any::<prop::sample::Index>(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0usize..12, 0usize..PIECES.len()), 1..6),
    ) {
        let mut chars: Vec<char> = seed.get(&SEEDS).chars().collect();
        for (at, remove, piece) in cuts {
            let at = at.index(chars.len() + 1);
            let end = (at + remove).min(chars.len());
            chars.splice(at..end, PIECES[piece].chars());
        }
        let text: String = chars.into_iter().collect();
        if let Err(problems) = sites(text.as_bytes()) {
            code(&problems);
        }
        if let Err(problems) = policy_file(text.as_bytes()) {
            code(&problems);
        }
    }
}

#[test]
fn a_fault_behind_empty_lines_has_a_place() {
    for text in ["%0grop 0su[:expires: \r\r", "a: [\n\n\n\n", "\n\n\n- a\n\n\n\"", "\r\r\r%", "a: {\r\n\r\n\r\n"] {
        let problems = site::read("sites.yml", text.as_bytes(), Path::new("")).map(drop).unwrap_err();
        for lang in [Lang::Vi, Lang::En] {
            assert!(problems.render(lang, false).contains("sites.yml"), "{text:?}");
        }
    }
}
