//! The program as people run it: flags, rasoat.yml, files that are not there, git.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::support::{rasoat, write};

const SITES: &str = "apiVersion: rasoat/v1
sites:
  - {id: tinh-a, role: portal, url: 'https://tinh-a.gov.vn/', source: dist}
  - {id: so-a, role: component, parent: tinh-a, url: 'https://so-a.gov.vn/', source: so}
";
const WAIVER: &str =
    "  - {rule: emc-snippet, site: '*', reason: chờ cấp mã số, approved_by: Trần B, expires: 2026-06-30}\n";
const ONLY: [&str; 5] = ["check", "--only", "emc-snippet", "--site", "tinh-a"];

fn waivers(entries: &str) -> String {
    format!("apiVersion: rasoat/v1\nwaivers:\n{entries}")
}

fn town(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    let page = "<!doctype html><html><head><title>A</title></head><body><p>A</p></body></html>";
    let mut all = vec![("sites.yml", SITES), ("dist/index.html", page), ("so/index.html", page)];
    all.extend(files);
    let all: Vec<(String, Vec<u8>)> = all.iter().map(|(n, t)| ((*n).to_owned(), t.as_bytes().to_vec())).collect();
    write(folder.path(), &all);
    folder
}

fn run(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = rasoat(folder).args(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

fn git(folder: &Path, args: &[&str]) {
    let settings = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
    let ended = Command::new("git").current_dir(folder).args(settings).args(args).output().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
}

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    ONLY.iter().copied().chain(more.iter().copied()).collect()
}

#[test]
fn files_are_taken_only_when_somebody_names_them() {
    let there = town(&[("waivers.yml", &waivers(WAIVER)), ("rasoat-baseline.yml", "nonsense")]);
    assert_eq!(run(there.path(), &ONLY).0, 1, "a waivers file that merely lies there waives nothing");
    // A finding that is waived leaves nothing evaluated.
    assert_eq!(run(there.path(), &with(&["--waivers", "waivers.yml"])).0, 4);
    let named = town(&[
        ("conf/waivers.yml", &waivers(WAIVER)),
        ("rasoat.yml", "apiVersion: rasoat/v1\nwaivers: conf/waivers.yml\n"),
    ]);
    assert_eq!(run(named.path(), &ONLY).0, 4);
    let (code, _, err) = run(named.path(), &with(&["--waivers", "other.yml"]));
    assert_eq!((code, err.contains("other.yml")), (2, true), "the flag goes before the file");
}

#[test]
fn a_day_ends_at_midnight_in_vietnam() {
    let folder = town(&[("w.yml", &waivers(WAIVER))]);
    for (at, code) in [("1782838799", 4), ("1782838800", 1)] {
        let mut command = rasoat(folder.path());
        command.env("SOURCE_DATE_EPOCH", at);
        let ended = command.args(with(&["--waivers", "w.yml"])).output().unwrap();
        assert_eq!(ended.status.code(), Some(code), "2026-06-30T17:00:00Z is the first instant of 1 July there");
    }
}

#[test]
fn mistakes_stop_the_run_before_it_begins() {
    let unknown = waivers(&WAIVER.replace("emc-snippet", "emc-snipet"));
    let stated = "apiVersion: rasoat/v1\nattestations:\n  - {rule: emc-label, site: tinh-a, status: pass, by: A, on: 2026-01-02, valid_until: 2026-06-30}\n";
    let folder = town(&[("w.yml", &unknown), ("a.yml", stated), ("ok.yml", &waivers(WAIVER))]);
    for (flags, said) in [
        (vec!["--waivers", "w.yml"], "emc-snippet"),
        (vec!["--waivers", "none.yml"], "none.yml"),
        (vec!["--attestations", "a.yml"], "a.yml:3:"),
        (vec!["--baseline", "ok.yml"], "ok.yml"),
        (vec!["--new-only"], "--baseline"),
        (vec!["--waivers", "ok.yml", "--base=-x"], "--base"),
        (vec!["--waivers", "ok.yml", "--base", "HEAD:x"], "--base"),
    ] {
        let (code, _, err) = run(folder.path(), &with(&flags));
        assert_eq!((code, err.contains(said)), (2, true), "{flags:?}: {err}");
    }
}

#[test]
fn a_statement_is_stated_with_its_evidence() {
    let policy = "apiVersion: rasoat/v1\nkind: Policy\nid: p\nversion: '1'\ntitle: {vi: P, en: P}\nrules:\n  - id: paper\n    title: {vi: Hồ sơ, en: Papers}\n    severity: error\n    applies_to: [portal]\n    check: {attestation: {}}\n";
    let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let text = |hash: &str, until: &str| {
        format!(
            "apiVersion: rasoat/v1\nattestations:\n  - rule: paper\n    site: tinh-a\n    status: pass\n    by: Lê C\n    on: 2025-06-01\n    valid_until: {until}\n    evidence: {{file: bien-ban.txt, sha256: {hash}}}\n"
        )
    };
    let folder = town(&[
        ("p.yml", policy),
        ("bien-ban.txt", "abc"),
        ("a.yml", &text(hash, "2026-01-01")),
        ("past.yml", &text(hash, "2025-12-31")),
        ("changed.yml", &text(&hash.replace('b', "c"), "2026-01-01")),
    ]);
    let check = |file: &str| {
        run(
            folder.path(),
            &["check", "-p", "p.yml", "--site", "tinh-a", "--report", "json", "-q", "--attestations", file],
        )
    };
    let (code, out, _) = check("a.yml");
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &report["findings"][0]["basis"]), (0, &serde_json::json!("attested")));
    let said = report["findings"][0]["evidence"][0]["text"].as_str().unwrap();
    assert_eq!(said, format!("Lê C, 2025-06-01, bien-ban.txt, sha256:{hash}"));
    let (code, out, _) = check("past.yml");
    assert_eq!((code, out.contains("\"attestation-expired\"")), (3, true));
    assert_eq!(check("changed.yml").0, 2);
}

#[test]
fn a_baseline_is_written_once_used_and_pruned() {
    let folder = town(&[]);
    let path = folder.path();
    let check = |more: &[&str]| {
        let mut all = vec!["check", "--only", "emc-snippet"];
        all.extend(more);
        run(path, &all)
    };
    assert_eq!(check(&["--report", "json=r.json", "-q"]).0, 1);
    assert_eq!(run(path, &["baseline", "write", "r.json"]).0, 0);
    let first = fs::read_to_string(path.join("rasoat-baseline.yml")).unwrap();
    assert!(first.contains("  - site: so-a\n    rule: emc-snippet\n    subjects:\n      - {page: \"/\"}\n"), "{first}");
    assert_eq!(run(path, &["baseline", "write", "r.json"]).0, 2, "not over what somebody reviewed");
    assert_eq!(run(path, &["baseline", "write", "r.json", "--force"]).0, 0);
    assert_eq!(fs::read_to_string(path.join("rasoat-baseline.yml")).unwrap(), first);
    let (code, out, _) = check(&["--baseline", "rasoat-baseline.yml"]);
    assert_eq!((code, out.contains("(known)"), out.contains("2 known failures")), (0, true, true), "{out}");
    let hidden = ["--baseline", "rasoat-baseline.yml", "--new-only", "--report"];
    for (format, named) in [("markdown", false), ("github", false), ("gitlab", false), ("sarif", false), ("json", true)]
    {
        let (code, out, err) = check(&[&hidden[..], &[format]].concat());
        assert_eq!(
            (code, out.contains("Đoạn mã") || out.contains("The EMC monitoring code")),
            (0, named),
            "{format}: {out}"
        );
        let counted = match format {
            "markdown" => "2 failures are known, not listed.",
            "github" => "2 known failures (not listed)",
            "sarif" => "\"knownNotListed\": 2",
            _ => "",
        };
        assert!(out.contains(counted), "{format}: {out}");
        assert!(err.contains("2 failed") && err.contains("2 known failures (not listed)"), "{err}");
    }
    // One site is mended, the other cannot be seen.
    fs::write(path.join("so/index.html"), "").unwrap();
    let code = "<script>var _govaq=[];_govaq.push(['trackPageView']);_govaq.push(['setTrackerUrl','https://f-emc.ngsp.gov.vn/tracking']);_govaq.push(['setSiteId','1']);(function(){var g=document.createElement('script');g.src='https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js';document.head.appendChild(g)})()</script>";
    fs::write(path.join("dist/index.html"), format!("<!doctype html><html><head>{code}</head><body></body></html>"))
        .unwrap();
    let (code, out, _) = check(&["--baseline", "rasoat-baseline.yml", "--report", "json=r2.json"]);
    assert_eq!((code, out.contains("tinh-a: emc-snippet. Run `rasoat baseline prune`")), (3, true), "{out}");
    assert_eq!(run(path, &["baseline", "prune", "r2.json"]).0, 0);
    let left = fs::read_to_string(path.join("rasoat-baseline.yml")).unwrap();
    assert!(left.contains("so-a") && !left.contains("tinh-a"), "{left}");
    let (code, _, err) = run(path, &["baseline", "prune", "r2.json"]);
    assert_eq!((code, err.contains("nothing was mended")), (0, true), "{err}");
    assert_eq!(run(path, &["baseline", "prune", "none.json"]).0, 2);
}

#[test]
fn a_shard_is_no_baseline() {
    let folder = town(&[]);
    let args = ["check", "--shard", "1/2", "-q", "--report", "json=r.json"];
    assert_eq!(run(folder.path(), &args).0, 1);
    let (code, _, err) = run(folder.path(), &["baseline", "write", "r.json"]);
    assert_eq!((code, err.contains("rasoat merge")), (2, true), "{err}");
}

#[test]
fn a_change_that_waives_its_own_failure_is_seen() {
    let folder = town(&[]);
    let path = folder.path();
    git(path, &["init", "-q", "-b", "main", "."]);
    git(path, &["add", "."]);
    git(path, &["commit", "-q", "-m", "a"]);
    fs::create_dir(path.join("conf")).unwrap();
    fs::write(path.join("conf/w.yml"), waivers(WAIVER)).unwrap();
    let base = with(&["--waivers", "conf/w.yml", "--base", "main", "--report", "markdown"]);
    let (code, out, err) = run(path, &base);
    let named = "This change waives its own failure: emc-snippet on tinh-a";
    assert_eq!(code, 4);
    assert!(out.lines().nth(2).unwrap().contains(named), "{out}");
    let result = err.find("Result: ").unwrap();
    assert!(err[result..].lines().nth(1).unwrap().contains(named), "{err}");
    git(path, &["add", "."]);
    git(path, &["commit", "-q", "-m", "b"]);
    assert!(!run(path, &base).1.contains(named), "it is no longer this change's");
    fs::write(path.join("conf/w.yml"), waivers(&WAIVER.replace("06-30", "07-31"))).unwrap();
    assert!(run(path, &base).1.contains(named), "a longer one is");
    let (code, _, err) = run(path, &with(&["--waivers", "conf/w.yml", "--base", "origin/main"]));
    assert_eq!((code, err.contains("git fetch")), (2, true), "{err}");
}

#[test]
fn without_git_the_run_goes_on_and_says_so() {
    let folder = town(&[("w.yml", &waivers(WAIVER))]);
    let args = with(&["--waivers", "w.yml", "--base", "main"]);
    for (name, value) in [("GIT_CEILING_DIRECTORIES", folder.path().parent().unwrap().to_str().unwrap()), ("PATH", "")]
    {
        let ended = rasoat(folder.path()).env(name, value).args(&args).output().unwrap();
        let (out, err) = (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
        assert_eq!(ended.status.code(), Some(4), "{err}");
        assert!(err.contains("--base: nothing to compare with") && out.contains("[base-unread]"), "{name}: {err}{out}");
    }
}

#[test]
fn a_recording_is_judged_by_the_waivers_of_its_day() {
    let folder = town(&[("w.yml", &waivers(WAIVER))]);
    assert_eq!(run(folder.path(), &with(&["--record", "rec", "-q"])).0, 1);
    let ended = rasoat(folder.path())
        .env("SOURCE_DATE_EPOCH", "1800000000")
        .args(with(&["--replay", "rec", "--waivers", "w.yml"]))
        .output()
        .unwrap();
    let out = String::from_utf8_lossy(&ended.stdout);
    assert_eq!((ended.status.code(), out.contains("Waived until the end of 2026-06-30")), (Some(4), true), "{out}");
}

#[test]
fn joined_shards_still_say_what_the_change_waives() {
    let folder = town(&[]);
    let path = folder.path();
    git(path, &["init", "-q", "-b", "main", "."]);
    git(path, &["add", "."]);
    git(path, &["commit", "-q", "-m", "a"]);
    fs::write(path.join("w.yml"), waivers(WAIVER)).unwrap();
    for n in 1..=2 {
        let (shard, report) = (format!("{n}/2"), format!("json={n}.json"));
        let args = ["check", "-q", "--only", "emc-snippet", "--waivers", "w.yml", "--base", "main"];
        run(path, &[&args[..], &["--shard", &shard, "--report", &report]].concat());
    }
    let (code, out, err) = run(path, &["merge", "1.json", "2.json", "--report", "markdown"]);
    assert_eq!((code, out.matches("This change waives its own failure").count()), (4, 2), "{out}{err}");
    assert!(out.contains("### Waived"), "{out}");
}

#[test]
fn evidence_that_is_too_large_to_be_read_whole_is_refused() {
    let zeros = "0".repeat(64);
    let stated = format!(
        "apiVersion: rasoat/v1\nattestations:\n  - {{rule: emc-snippet, site: tinh-a, status: pass, by: C, on: 2026-01-01, \
         valid_until: 2026-12-31, evidence: {{file: a.bin, sha256: '{zeros}'}}}}\n"
    );
    let folder = town(&[("stated.yml", &stated)]);
    fs::File::create(folder.path().join("a.bin")).unwrap().set_len((256 << 20) + 1).unwrap();
    let (exit, _, said) = run(folder.path(), &with(&["--attestations", "stated.yml", "--lang", "en"]));
    assert_eq!(exit, 2);
    // A hash of its first part would prove nothing.
    assert!(said.contains("the evidence is larger than 256 MiB") && !said.contains("Its SHA-256 is"), "{said}");
}
