//! What people decided and what scores must reach survive shards: the merged report of a run with statements, waivers,
//! known failures and gates is the report of the whole run, and it ends alike.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{rasoat, write};

const POLICY: &str = "apiVersion: rasoat/v1
kind: Policy
id: mau
version: '1'
title: {vi: Thang điểm mẫu, en: A sample scale}
groups:
  - {id: noi-dung, title: {vi: Nội dung, en: Content}, points: 60}
  - {id: an-toan, title: {vi: An toàn thông tin, en: Information security}, points: 40}
levels: [{id: A, from: 90}, {id: B, from: 60}, {id: C, from: 0}]
rules:
  - {id: tieu-de, title: {vi: Tiêu đề, en: Title}, severity: error, applies_to: [portal, service], group: noi-dung,
     points: 40, check: {element: {selector: h1}}}
  - {id: tim-kiem, title: {vi: Tìm kiếm, en: Search}, severity: warning, applies_to: [portal, service], group: noi-dung,
     points: 12.5, check: {element: {selector: 'input[type=search]'}}}
  - {id: so-do, title: {vi: Sơ đồ, en: Site map}, severity: error, applies_to: [portal], group: noi-dung, points: 7.5,
     check: {element: {selector: 'a[href=\"/so-do\"]'}}}
  - {id: ho-so, title: {vi: Hồ sơ, en: Dossier}, severity: error, applies_to: [portal, service], group: an-toan,
     points: 37.5, partial: true, check: {attestation: {}}}
";

/// Notes that each shard words by what it saw of people's files.
const WORDED_BY_SHARD: [&str; 3] = ["baseline-mended", "waiver-unmatched", "attestation-unmatched"];

struct Made {
    sites: usize,
    flags: String,
}

/// A page that keeps some of the rules.
fn page(random: &mut fastrand::Rng, may_fail: bool) -> String {
    let mut part = |text: &str| if may_fail && random.u8(0..10) < 4 { String::new() } else { text.to_owned() };
    let body =
        [part("<h1>Dịch vụ công</h1>"), part("<input type=search>"), part("<a href='/so-do'>Sơ đồ</a>")].concat();
    format!(
        "<!doctype html><html lang=vi><head><title>Dịch vụ công</title></head><body><p>Xin chào</p>{body}</body></html>"
    )
}

/// Sites in folders, and files of people's decisions about them. Known failures are those of an earlier state.
fn province(folder: &Path, random: &mut fastrand::Rng) -> Made {
    let sites = random.usize(2..9);
    let (mut list, mut files) = ("apiVersion: rasoat/v1\nsites:\n".to_owned(), Vec::new());
    let mut waivers = "apiVersion: rasoat/v1\nwaivers:\n".to_owned();
    let mut said = "apiVersion: rasoat/v1\nattestations:\n".to_owned();
    for n in 0..sites {
        let role = if random.bool() { "portal" } else { "service" };
        let retired = if random.u8(0..8) == 0 { ", retired_on: 2025-07-01" } else { "" };
        let _ = writeln!(list, "  - {{id: s-{n}, role: {role}, url: 'https://s-{n}.gov.vn/', source: s-{n}{retired}}}");
        files.push((format!("s-{n}/index.html"), page(random, true).into_bytes()));
        let waiver = |waivers: &mut String, rule: &str, site: &str, expires: &str| {
            let _ = writeln!(
                waivers,
                "  - {{rule: {rule}, site: '{site}', reason: Đang sửa, approved_by: Trần B, expires: {expires}}}"
            );
        };
        match random.u8(0..4) {
            0 => waiver(&mut waivers, "tieu-de", &format!("s-{n}"), "2026-06-30"),
            1 => waiver(&mut waivers, "so-do", &format!("s-{n}"), "2025-12-01"),
            2 => waiver(&mut waivers, "so-do", &format!("s-{n}"), "2026-01-04"),
            _ => {}
        }
        let points = ["", ", points: 12.25", ", points: 30", ", points: 37.49"][random.usize(0..4)];
        let until = if random.u8(0..5) == 0 { "2025-12-30" } else { "2026-12-31" };
        if random.u8(0..3) > 0 {
            let status = if points.is_empty() && random.bool() { "fail" } else { "pass" };
            let _ = writeln!(
                said,
                "  - {{rule: ho-so, site: s-{n}, status: {status}, by: Lê C, on: 2025-12-01, valid_until: {until}{points}}}"
            );
        }
    }
    let _ = writeln!(
        waivers,
        "  - {{rule: tim-kiem, site: 's-[0-3]', reason: Giao diện mới, approved_by: Trần B, expires: 2026-01-04}}"
    );
    let _ = writeln!(
        waivers,
        "  - {{rule: tieu-de, site: 's-[2-9]', reason: Đã hết hạn, approved_by: Trần B, expires: 2025-12-01}}"
    );
    if !said.contains("rule:") {
        said = said.replace("attestations:\n", "attestations: []\n");
    }
    files.extend(
        [("sites.yml", list), ("waivers.yml", waivers), ("said.yml", said), ("policy.yml", POLICY.to_owned())]
            .map(|(name, text)| (name.to_owned(), text.into_bytes())),
    );
    write(folder, &files);
    assert!(matches!(check(folder, "--report json=earlier.json"), Some(0 | 1 | 3)));
    let known = rasoat(folder).args(["baseline", "write", "earlier.json", "--baseline", "known.yml"]).output().unwrap();
    assert!(known.status.success(), "{}", String::from_utf8_lossy(&known.stderr));
    // Some sites change meanwhile, for better or worse.
    for n in 0..sites {
        if random.u8(0..3) == 0 {
            let may_fail = random.bool();
            fs::write(folder.join(format!("s-{n}/index.html")), page(random, may_fail)).unwrap();
        }
    }
    let mut flags = String::new();
    for (flag, share) in [
        ("--waivers waivers.yml", 8),
        ("--attestations said.yml", 8),
        ("--baseline known.yml", 5),
        ("--new-only", 3),
        ("--min-score 70", 3),
        ("--min-score 12.5", 3),
        ("--min-level B", 3),
        ("--min-group an-toan=12.25", 3),
        ("--strict", 2),
        ("--fail-on warning", 3),
    ] {
        if random.u8(0..10) < share && (flag != "--new-only" || flags.contains("--baseline")) {
            let _ = write!(flags, " {flag}");
        }
    }
    Made { sites, flags }
}

fn check(folder: &Path, args: &str) -> Option<i32> {
    let output =
        rasoat(folder).args("check -p policy.yml -q".split(' ')).args(args.split_whitespace()).output().unwrap();
    let code = output.status.code();
    assert!(!matches!(code, Some(2 | 5 | 70) | None), "{args}: {code:?} {}", String::from_utf8_lossy(&output.stderr));
    code
}

/// A report without the id of its run; what was said of people's files apart.
fn told(folder: &Path, name: &str) -> (Value, Vec<Value>) {
    let mut report: Value = serde_json::from_str(&fs::read_to_string(folder.join(name)).unwrap()).unwrap();
    report["run_id"] = Value::Null;
    let notes = report["estate_notes"].as_array_mut().unwrap();
    let worded = notes.extract_if(.., |n| WORDED_BY_SHARD.iter().any(|code| n["code"] == *code)).collect();
    (report, worded)
}

#[test]
fn statements_waivers_known_failures_and_gates_survive() {
    let mut seen = std::collections::BTreeMap::<String, usize>::new();
    let mut count = |what: String| *seen.entry(what).or_default() += 1;
    for seed in 0..14 {
        let kept = tempfile::TempDir::new().unwrap();
        let (folder, mut random) = (kept.path(), fastrand::Rng::with_seed(seed));
        let Made { sites, flags } = province(folder, &mut random);
        let whole = check(folder, &format!("{flags} --report json=whole.json"));
        let of = random.usize(1..sites + 2);
        let mut parts: Vec<String> = (1..=of).map(|n| format!("part-{n}.json")).collect();
        for (n, part) in parts.iter().enumerate() {
            check(folder, &format!("{flags} --shard {}/{of} --report json={part}", n + 1));
        }
        random.shuffle(&mut parts);
        let merged =
            rasoat(folder).args(["merge", "-q", "--report", "json=merged.json"]).args(&parts).output().unwrap();
        let at = format!("seed {seed}, {sites} sites, {of} shards,{flags}");
        assert_eq!(merged.status.code(), whole, "{at}: {}", String::from_utf8_lossy(&merged.stderr));
        let ((whole, worded), (merged, by_shard)) = (told(folder, "whole.json"), told(folder, "merged.json"));
        for (key, value) in whole.as_object().unwrap() {
            assert_eq!(merged[key], *value, "{at}: {key}");
        }
        assert_eq!(merged, whole, "{at}");
        // Mended failures are told by each shard that saw some, and nothing is told that the whole run does not.
        for note in &by_shard {
            assert!(worded.iter().any(|n| n["code"] == note["code"]), "{at}: {note}");
        }
        let mended = |notes: &[Value]| notes.iter().any(|n| n["code"] == "baseline-mended");
        assert_eq!(mended(&by_shard), mended(&worded), "{at}");
        for finding in whole["findings"].as_array().unwrap() {
            count(finding["verdict"].as_str().unwrap().to_owned());
            count(format!("known {}", finding["known"]));
            count(format!("code {}", finding["code"].as_str().unwrap_or_default()));
            for note in finding["notes"].as_array().unwrap() {
                count(format!("note {}", note["code"].as_str().unwrap()));
            }
        }
        count(format!("outcome {}", whole["outcome"].as_str().unwrap()));
        count(format!("gates {}", whole["scores"].to_string().contains("\"missed\"")));
        worded.iter().for_each(|n| count(format!("note {}", n["code"].as_str().unwrap())));
    }
    println!("{seen:#?}");
    for wanted in [
        "pass",
        "fail",
        "waived",
        "inconclusive",
        "not-applicable",
        "known true",
        "code attested-part",
        "note waiver-expired",
        "note waiver-ends-soon",
        "note baseline-mended",
    ] {
        assert!(seen.contains_key(wanted), "{wanted} is not tried: {seen:?}");
    }
}

#[test]
fn shards_that_were_not_asked_the_same_are_refused() {
    let kept = tempfile::TempDir::new().unwrap();
    let folder = kept.path();
    province(folder, &mut fastrand::Rng::with_seed(1));
    check(folder, "--shard 1/2 --min-score 50 --min-group an-toan=1 --report json=1.json");
    check(folder, "--shard 2/2 --min-score 50 --min-group an-toan=1 --report json=2.json");
    let asked = |more: &str, name: &str| check(folder, &format!("--shard 2/2 {more} --report json={name}.json"));
    asked("--min-score 50", "group");
    asked("--min-score 50.5 --min-group an-toan=1", "score");
    asked("--min-score 50 --min-group an-toan=1 --min-level C", "level");
    asked("--min-score 50 --min-group an-toan=1 --only tieu-de --only ho-so", "only");
    // Another scale is another policy, though its id and version are the same.
    fs::write(folder.join("other.yml"), POLICY.replace("points: 37.5", "points: 30")).unwrap();
    let other = "check -p other.yml -q --shard 2/2 --min-score 50 --min-group an-toan=1 --report json=scale.json";
    rasoat(folder).args(other.split(' ')).output().unwrap();
    let mut edited: Value = serde_json::from_str(&fs::read_to_string(folder.join("2.json")).unwrap()).unwrap();
    let scale = &mut edited["policies"][0]["scale"];
    assert!(scale.is_object());
    scale["levels"] = Value::Array(Vec::new());
    fs::write(folder.join("points.json"), edited.to_string()).unwrap();
    fs::copy(folder.join("2.json"), folder.join("copy.json")).unwrap();
    for (args, wanted) in [
        ("1.json group.json", "what scores must reach differs"),
        ("1.json score.json", "--min-score 50.5"),
        ("1.json level.json", "--min-level C"),
        ("1.json only.json", "judged by different rules"),
        ("1.json scale.json", "the policies differ"),
        ("1.json points.json", "points.json"),
        ("1.json 2.json copy.json", "shard 2/2 is there twice: copy.json and 2.json"),
        ("copy.json 2.json", "shard 2/2 is there twice"),
    ] {
        let output = rasoat(folder)
            .args(["merge", "--lang", "en", "-q", "--report", "json=no.json"])
            .args(args.split(' '))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{args}: {said}");
        assert!(said.contains(wanted), "{args}: {said}");
        assert!(!folder.join("no.json").exists(), "{args}");
    }
    // What scores must reach may be said anew, for all alike.
    let output = rasoat(folder)
        .args("merge -q 1.json group.json --min-score 0 --report json=yes.json".split(' '))
        .output()
        .unwrap();
    assert!(matches!(output.status.code(), Some(0 | 1 | 3)), "{}", String::from_utf8_lossy(&output.stderr));
}
