//! The program joins the reports it wrote itself, ends as a check would, and refuses what does not belong together.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{rasoat, write};

const SNIPPET: &str = "<script>var _govaq=window._govaq||[];_govaq.push(['trackPageView']);(function(){_govaq.push(['setTrackerUrl',\
'https://f-emc.ngsp.gov.vn/tracking']);_govaq.push(['setSiteId','@']);var d=document,g=d.createElement('script'),\
s=d.getElementsByTagName('script')[0];g.async=true;g.src='https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js';\
s.parentNode.insertBefore(g,s)})()</script><footer>Đã kết nối EMC</footer>";

fn page(id: &str, links: &str) -> String {
    format!(
        "<!doctype html><html lang=vi><head><title>Trang</title></head><body><h1>Trang</h1>{links}{}</body></html>",
        SNIPPET.replace('@', id)
    )
}

/// A portal with two component sites that share an id, and their sites file.
fn estate(folder: &Path) {
    let to = |id: &str| format!("<a href=https://{id}.gov.vn/>{id}</a>");
    let site = |id: &str, more: &str| format!("  - {{id: {id}, {more}, url: 'https://{id}.gov.vn/', source: {id}}}\n");
    let sites = format!(
        "apiVersion: rasoat/v1\nsites:\n{}{}{}",
        site("cong", "role: portal"),
        site("so-a", "role: component, parent: cong"),
        site("so-b", "role: component, parent: cong")
    );
    let files = [
        ("sites.yml", sites),
        ("cong/index.html", page("1", &format!("{}{}", to("so-a"), to("so-b")))),
        ("so-a/index.html", page("7", &to("cong"))),
        ("so-b/index.html", page("7", &to("cong"))),
    ];
    write(folder, &files.map(|(name, text)| (name.to_owned(), text.into_bytes())));
}

struct Ended {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

fn run(folder: &Path, args: &str) -> Ended {
    let output = rasoat(folder).args(args.split_whitespace()).output().unwrap();
    Ended {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The estate's shards as files `1.json`, `2.json`, …
fn shards(folder: &Path, of: u32) {
    estate(folder);
    for index in 1..=of {
        run(folder, &format!("check --shard {index}/{of} -q --report json={index}.json"));
    }
}

fn json(folder: &Path, name: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(folder.join(name)).unwrap()).unwrap()
}

#[test]
fn shards_of_the_program_are_the_whole_run() {
    let kept = tempfile::TempDir::new().unwrap();
    let folder = kept.path();
    shards(folder, 2);
    let open = run(folder, "check --shard 1/2 --fail-on warning");
    assert_eq!(open.code, Some(0), "what is decided at the merge is not asked of a shard: {}", open.stdout);
    for level in ["error", "warning"] {
        run(folder, &format!("check --shard 1/2 -q --fail-on {level} --report json=a.json"));
        run(folder, &format!("check --shard 2/2 -q --fail-on {level} --report json=b.json"));
        let whole = run(folder, &format!("check -q --fail-on {level} --report json=whole.json"));
        let merged = run(folder, "merge b.json a.json -q --report json=merged.json --report junit=merged.xml");
        assert_eq!(merged.code, whole.code, "{}", merged.stderr);
        assert_eq!(whole.code, Some(i32::from(level == "warning")), "two sites share an id");
        let (mut whole, mut merged) = (json(folder, "whole.json"), json(folder, "merged.json"));
        (whole["run_id"], merged["run_id"]) = (Value::Null, Value::Null);
        assert_eq!(merged, whole);
    }
    assert!(fs::read_to_string(folder.join("merged.xml")).unwrap().contains("site-id-shared"));
    let human = run(folder, "merge a.json b.json --lang en");
    assert!(human.stdout.contains("The id 7 is also used by: so-b."), "{}", human.stdout);
    // One report is a merge too, and a merged report is a report.
    assert_eq!(run(folder, "merge merged.json -q --fail-on never").code, Some(0));
}

#[test]
fn what_does_not_belong_together_is_refused() {
    let kept = tempfile::TempDir::new().unwrap();
    let folder = kept.path();
    shards(folder, 3);
    run(folder, "check --shard 2/2 -q --report json=half.json");
    run(folder, "check -q --report json=whole.json");
    run(folder, "check --shard 2/3 -q --fail-on note --report json=note.json");
    run(folder, "check --shard 2/3 -q --strict --report json=strict.json");
    run(folder, "check --shard 2/3 -q --skip domain-name --report json=skip.json");
    run(folder, "check --shard 2/3 -q --site so-b --report json=site.json");
    run(folder, "check --shard 2/3 -q -p transport-baseline --report json=policy.json");
    let change = |from: &str, to: &str, change: &dyn Fn(&mut Value)| {
        let mut report = json(folder, from);
        change(&mut report);
        fs::write(folder.join(to), serde_json::to_string(&report).unwrap()).unwrap();
    };
    change("2.json", "run.json", &|r| r["run_id"] = "other".into());
    change("2.json", "v2.json", &|r| r["schema"] = "rasoat/report/v2".into());
    change("2.json", "old.json", &|r| r["sites"][0]["across"] = Value::Null);
    change("2.json", "stranger.json", &|r| r["findings"][0]["site"] = "\u{1b}[31mla".into());
    change("2.json", "zero.json", &|r| r["shard"]["index"] = 0.into());
    change("2.json", "many.json", &|r| r["shard"]["of"] = 4_000_000_000_u32.into());
    change("2.json", "less.json", &|r| drop(r["findings"].as_array_mut().unwrap().remove(0)));
    change("2.json", "mild.json", &|r| r["findings"][0]["verdict"] = "waived".into());
    change("2.json", "ended.json", &|r| r["outcome"] = "failed".into());
    change("2.json", "doubled.json", &|r| {
        let first = r["findings"][0].clone();
        r["findings"][1] = first;
    });
    change("1.json", "second.json", &|r| r["shard"]["index"] = 2.into());
    fs::write(folder.join("cut.json"), &fs::read(folder.join("2.json")).unwrap()[..900]).unwrap();
    fs::write(folder.join("bytes.json"), [0xff, 0xfe, 0x00]).unwrap();
    for (args, wanted) in [
        ("1.json 3.json", "shards missing (1): 2/3. Given: 1.json, 3.json."),
        ("2.json", "shards missing (2): 1/3, 3/3."),
        ("1.json note.json 2.json 3.json --fail-on note", "shard 2/3 is there twice: 2.json and note.json."),
        ("1.json 1.json", "the report 1.json is named twice"),
        ("1.json half.json 3.json", "not of one division:\n  1.json: 1/3\n  half.json: 2/2"),
        ("1.json whole.json 3.json", "1.json is a shard, whole.json is a whole report"),
        ("whole.json 1.json", "1.json is a shard, whole.json is a whole report"),
        ("1.json run.json 3.json", "different runs (run_id)"),
        ("1.json site.json 3.json", "different runs (run_id)"),
        ("1.json note.json 3.json", "--fail-on differs:\n  1.json: error\n  note.json: note\nSay which"),
        ("1.json strict.json 3.json", "--strict differs"),
        ("1.json skip.json 3.json", "judged by different rules"),
        ("1.json policy.json 3.json", "the policies differ:\n  1.json: tt22-2023 "),
        ("1.json v2.json 3.json", "v2.json: a report of version `rasoat/report/v2`"),
        ("1.json old.json 3.json", "old.json: the report lacks what is needed to decide over all sites (site so-a)"),
        ("1.json stranger.json 3.json", "the report stranger.json is damaged"),
        ("1.json less.json 3.json", "the report less.json is damaged: its findings are not those that it counts"),
        ("1.json mild.json 3.json", "the report mild.json is damaged"),
        ("1.json ended.json 3.json", "the report ended.json is damaged"),
        ("1.json doubled.json 3.json", "the report doubled.json is damaged"),
        ("1.json second.json 3.json", "the site cong is in two shards"),
        ("1.json zero.json 3.json", "not of one division"),
        ("many.json", "shards missing (3999999999): 1/4000000000"),
        ("1.json cut.json 3.json", "cannot read the report cut.json: not a report: EOF"),
        ("1.json bytes.json 3.json", "cannot read the report bytes.json"),
        ("1.json nowhere.json 3.json", "cannot read the report nowhere.json"),
        ("1.json 2.json 3.json --report pdf", "there is no format"),
        ("", "REPORT.json"),
    ] {
        let ended = run(folder, &format!("merge --lang en --report csv=out.csv {args}"));
        assert_eq!(ended.code, Some(2), "{args}: {}{}", ended.stdout, ended.stderr);
        assert!(ended.stderr.contains(wanted), "{args}: {}", ended.stderr);
        assert!(ended.stdout.is_empty() && !folder.join("out.csv").exists(), "{args}: nothing is written");
    }
    let said = run(folder, "merge 1.json strict.json 3.json --strict --lang vi");
    assert_eq!(said.code, Some(0), "{}{}", said.stdout, said.stderr);
    let chosen = run(folder, "merge 1.json note.json 3.json --fail-on warning -q");
    assert_eq!(chosen.code, Some(1), "the shared id");
    let vi = run(folder, "merge 1.json 3.json --lang vi");
    assert!(vi.stderr.contains("thiếu 1 phần: 2/3"), "{}", vi.stderr);
    assert_eq!(run(folder, "merge 1.json 2.json 3.json -q --report json=none/x.json").code, Some(5));
}

#[test]
fn more_shards_than_sites() {
    let kept = tempfile::TempDir::new().unwrap();
    let folder = kept.path();
    shards(folder, 5);
    let ended = run(folder, "merge 5.json 4.json 3.json 2.json 1.json -q --report json=merged.json");
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let report = json(folder, "merged.json");
    let ids: Vec<&str> = report["sites"].as_array().unwrap().iter().map(|s| s["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["cong", "so-a", "so-b"]);
}

#[test]
fn each_unit_has_its_section_and_a_department_of_departments_keeps_them() {
    let kept = tempfile::TempDir::new().unwrap();
    let folder = kept.path();
    for (unit, id) in [("y-te", "1"), ("gddt", ""), ("noi-vu", "3")] {
        let site =
            format!("{{id: trang, role: portal, url: 'https://{unit}.gov.vn/', source: '{unit}', unit: 'Sở {unit}'}}");
        let sites = format!("apiVersion: rasoat/v1\nsites:\n  - {site}\n");
        let files =
            [(format!("{unit}.yml"), sites.into_bytes()), (format!("{unit}/index.html"), page(id, "").into_bytes())];
        write(folder, &files);
        run(folder, &format!("check --sites {unit}.yml --only emc-snippet -q --report json={unit}.json"));
    }
    run(folder, "merge y-te.json gddt.json -q --report json=so.json");
    let ended = run(folder, "merge so.json noi-vu.json --report json=tinh.json --lang vi");
    let report = json(folder, "tinh.json");
    let told = |section: &Value| {
        let text = |key: &str| section[key].as_str().unwrap().to_owned();
        (text("name"), text("unit"), section["sites"][0].as_str().unwrap().to_owned(), text("outcome"))
    };
    let wanted = [
        ("so/y-te", "Sở y-te", "so/y-te/trang", "passed"),
        ("so/gddt", "Sở gddt", "so/gddt/trang", "failed"),
        ("noi-vu", "Sở noi-vu", "trang", "passed"),
    ];
    let sections = report["sections"].as_array().unwrap();
    for (section, (name, unit, site, outcome)) in sections.iter().zip(wanted) {
        let (found, ids) = (told(section), &report["sites"]);
        assert_eq!((found.0.as_str(), found.1.as_str(), found.3.as_str()), (name, unit, outcome));
        assert!(ids.as_array().unwrap().iter().any(|s| s["id"] == found.2), "{site}: {} in {ids}", found.2);
    }
    assert_eq!(sections.len(), 3);
    let line = "✗ so/gddt · Sở gddt · 1 trang · 0 đạt, 1 không đạt, 0 chưa đo được · không đạt [failed]";
    assert!(ended.stdout.contains(line), "{}", ended.stdout);
    // A section that says otherwise than its findings is damage.
    let mut edited = report.clone();
    edited["sections"][1]["outcome"] = "passed".into();
    fs::write(folder.join("edited.json"), edited.to_string()).unwrap();
    let refused = run(folder, "report edited.json");
    assert_eq!(refused.code, Some(2), "{}", refused.stdout);
}
