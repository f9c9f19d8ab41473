//! Where settings come from: flag, then environment, then file, then default, the same for every key; which file
//! is read; what goes wrong is told by the name of the variable.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod support;

use std::path::Path;

use rasoat::config::{KEYS, Key, Kind};
use serde_json::{Value, json};
use support::{rasoat, write};

/// Three values of a key as a flag or variable says them.
fn samples(key: &Key) -> [&'static str; 3] {
    match (key.path, key.kind) {
        ("policies", _) => ["qd473-2024", "transport-baseline", "experience-2025"],
        ("reports", _) => ["json", "junit", "sarif"],
        ("resolve", _) => ["a.test:443:127.0.0.1", "b.test:443:127.0.0.1", "c.test:443:127.0.0.1"],
        ("params", _) => ["domain=a\\.vn", "domain=b\\.vn", "domain=c\\.vn"],
        ("letter_fields", _) => ["so=1", "so=2", "so=3"],
        ("cacert", _) => ["one.pem", "two.pem", "three.pem"],
        (_, Kind::Points) => ["7", "8.5", "9.25"],
        (_, Kind::PointsOf) => ["a=7", "a=8.5", "a=9.25"],
        (_, Kind::Switch) => ["false", "false", "true"],
        (_, Kind::Count { .. }) => ["7", "8", "9"],
        (_, Kind::Duration) => ["7s", "8s", "9s"],
        (_, Kind::Size) => ["7MiB", "8MiB", "9MiB"],
        (_, Kind::Word([first, second, rest @ ..])) => [first, second, rest.last().unwrap_or(first)],
        (_, Kind::Text | Kind::Program | Kind::List | Kind::Params | Kind::Word(_)) => ["one", "two", "three"],
    }
}

/// What a file says for one key.
fn file(key: &Key, text: &str) -> String {
    let mut value = key.parse(text).unwrap();
    for step in key.path.rsplit('.') {
        value = json!({ step: value });
    }
    value["apiVersion"] = "rasoat/v1".into();
    value.to_string()
}

fn show(folder: &Path, variables: &[(&str, &str)], args: &[&str]) -> Value {
    let mut command = rasoat(folder);
    command.env_remove("RASOAT_BROWSER_PATH").envs(variables.iter().copied());
    let output = command.args(["config", "show", "--json"]).args(args).output().unwrap();
    assert!(output.status.success(), "{variables:?} {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn row<'a>(shown: &'a Value, key: &str) -> &'a Value {
    shown["settings"].as_array().unwrap().iter().find(|row| row["key"] == key).unwrap()
}

#[test]
fn a_flag_goes_before_the_environment_before_the_file_before_the_default() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["one.pem", "two.pem", "three.pem"] {
        std::fs::write(folder.path().join(name), "").unwrap();
    }
    for key in KEYS {
        let [in_file, in_environment, typed] = samples(key);
        let path = key.path;
        let _ = std::fs::remove_file(folder.path().join("rasoat.yml"));
        let unset = show(folder.path(), &[], &[]);
        assert_eq!(row(&unset, path)["origin"], json!({ "kind": "default" }), "{path}");
        let says_something = !row(&unset, path)["value"].is_null() || row(&unset, path)["meaning"]["vi"].is_string();
        assert!(says_something, "{path}");

        std::fs::write(folder.path().join("rasoat.yml"), file(key, in_file)).unwrap();
        let preset = show(folder.path(), &[], &[]);
        let origin = &row(&preset, path)["origin"];
        assert_eq!((&origin["kind"], &origin["path"]), (&json!("file"), &json!("rasoat.yml")), "{path}");
        let shown_as = |text: &str| key.parse(text).unwrap();
        assert_eq!(row(&preset, path)["value"], shown_as(in_file), "{path}");

        let variable = key.variable();
        let set = show(folder.path(), &[(&variable, in_environment)], &[]);
        assert_eq!(row(&set, path)["origin"], json!({ "kind": "environment", "variable": variable }), "{path}");
        assert_eq!(row(&set, path)["value"], shown_as(in_environment), "{path}");

        let flag = match path {
            "policies" => "--policy".to_owned(),
            "params" => "--param".to_owned(),
            "letter_fields" => "--letter-field".to_owned(),
            "reports" => "--report".to_owned(),
            "min_groups" => "--min-group".to_owned(),
            _ => format!("--{}", key.name().replace('_', "-")),
        };
        let args = if key.kind == Kind::Switch { vec![flag.as_str()] } else { vec![flag.as_str(), typed] };
        let told = show(folder.path(), &[(&variable, in_environment)], &args);
        assert_eq!(row(&told, path)["origin"], json!({ "kind": "flag", "flag": flag }), "{path}");
        assert_eq!(row(&told, path)["value"], shown_as(typed), "{path}");
    }
}

#[test]
fn parameters_and_headers_are_taken_one_by_one() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rasoat.yml"), "apiVersion: rasoat/v1\nparams: {a: x, b: x}\n").unwrap();
    let variables = [("RASOAT_PARAMS", "b=y\nc=y"), ("RASOAT_HEADERS", "A: one\nB: two")];
    let shown = show(folder.path(), &variables, &["--param", "c=z", "--header", "a: three"]);
    // No policy knows these names, so any of them may be a secret.
    assert_eq!(row(&shown, "params")["value"], json!({ "a": "***", "b": "***", "c": "***" }));
    assert_eq!(row(&shown, "headers")["value"], json!(["a: ***", "B: ***"]));
}

#[test]
fn nothing_secret_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let file = "apiVersion: rasoat/v1\nproxy: http://user:s3cret@proxy.test:3128\n";
    std::fs::write(folder.path().join("rasoat.yml"), file).unwrap();
    for (variables, args) in [
        (vec![], vec![]),
        (vec![("RASOAT_PROXY", "user:s3cret@other.test:1")], vec![]),
        (vec![("RASOAT_HEADERS", "Authorization: s3cret")], vec!["--header", "X-Key: s3cret"]),
        (vec![], vec!["--proxy", "http://a:s3cret@third.test:1", "--json"]),
    ] {
        let output = rasoat(folder.path()).envs(variables).args(["config", "show"]).args(args).output().unwrap();
        assert!(output.status.success());
        let both = [output.stdout, output.stderr].concat();
        let both = String::from_utf8_lossy(&both);
        assert!(both.contains("***@") && !both.contains("s3cret") && !both.contains("user:"), "{both}");
    }
}

#[test]
fn the_file_is_found_upward_but_not_outside_the_repository() {
    let root = tempfile::tempdir().unwrap();
    let deep = root.path().join("repository/site/dist");
    std::fs::create_dir_all(&deep).unwrap();
    std::fs::create_dir(root.path().join("repository/.git")).unwrap();
    let outside = "apiVersion: rasoat/v1\nfail_on: never\n";
    std::fs::write(root.path().join("rasoat.yml"), outside).unwrap();
    assert_eq!(show(&deep, &[], &[])["file"], Value::Null, "a file outside the repository");
    let inside = "apiVersion: rasoat/v1\nsites: conf/sites.yml\nbrowser_path: bin/chromium\nlighthouse: [a.json]\n";
    std::fs::write(root.path().join("repository/rasoat.yml"), inside).unwrap();
    let shown = show(&deep, &[], &[]);
    assert_eq!(shown["file"], "../../rasoat.yml");
    assert_eq!(row(&shown, "sites")["value"], "../../conf/sites.yml");
    assert_eq!(row(&shown, "browser_path")["value"], "../../bin/chromium");
    assert_eq!(row(&shown, "lighthouse")["value"], json!(["../../a.json"]));
    assert_eq!(row(&shown, "fail_on")["origin"]["kind"], "default");
    // A work tree has a file of that name, not a folder.
    std::fs::create_dir(root.path().join("tree")).unwrap();
    std::fs::write(root.path().join("tree/.git"), "gitdir: elsewhere\n").unwrap();
    assert_eq!(show(&root.path().join("tree"), &[], &[])["file"], Value::Null);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_no_missing_file() {
    let kept = tempfile::TempDir::new().unwrap();
    std::os::unix::fs::symlink("gone.yml", kept.path().join("rasoat.yml")).unwrap();
    let output = rasoat(kept.path()).args(["config", "show"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(String::from_utf8_lossy(&output.stderr).contains("rasoat.yml"));
}

#[test]
fn a_user_agent_is_one_line() {
    let kept = tempfile::TempDir::new().unwrap();
    let output =
        rasoat(kept.path()).args(["config", "show", "--lang", "en"]).args(["--user-agent", "a\nb"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--user-agent: one line"));
}

#[test]
fn a_check_is_preset_by_the_environment() {
    let red = "<!doctype html><html lang=vi><head><title>Cổng thông tin</title></head><body>Xin chào</body></html>";
    let files = [("dist/index.html".to_owned(), red.as_bytes().to_vec())];
    let config = |text: &str| ("rasoat.yml".to_owned(), format!("apiVersion: rasoat/v1\n{text}").into_bytes());
    type Case = (&'static str, &'static [(&'static str, &'static str)], &'static [&'static str], i32, &'static str);
    let cases: &[Case] = &[
        ("", &[], &[], 1, ""),
        ("", &[("RASOAT_FAIL_ON", "never")], &[], 0, ""),
        ("", &[("RASOAT_FAIL_ON", "never")], &["--fail-on", "error"], 1, ""),
        ("fail_on: never\n", &[("RASOAT_FAIL_ON", "error")], &[], 1, ""),
        ("fail_on: never\n", &[("RASOAT_FAIL_ON", "")], &[], 0, ""),
        ("strict: true\n", &[("RASOAT_STRICT", "false"), ("RASOAT_FAIL_ON", "never")], &[], 0, ""),
        ("lang: en\n", &[("RASOAT_LANG", "vi")], &[], 1, "Điều 4"),
        ("reports: [junit]\n", &[("RASOAT_REPORTS", "json")], &["-q"], 1, "rasoat/report/v1"),
        ("", &[("RASOAT_RESULT_FAIL_ON", "never")], &[], 1, ""),
        ("", &[("RASOAT_MAX_SIZE", "20B")], &[], 3, "larger than the limit"),
    ];
    for (text, variables, args, exit, wanted) in cases {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &files);
        if !text.is_empty() {
            write(folder.path(), &[config(text)]);
        }
        let mut command = rasoat(folder.path());
        let output = command.envs(variables.iter().copied()).args(["check", "dist"]).args(*args).output().unwrap();
        let out = String::from_utf8_lossy(&output.stdout);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(*exit), "{text} {variables:?} {args:?}\n{out}{error}");
        assert!(out.contains(wanted), "{text} {variables:?} {args:?}: {wanted}\n{out}");
    }
}

/// The text of a letter's body, without its tags.
#[cfg(feature = "office")]
fn letter(path: &Path) -> String {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    let body = std::io::read_to_string(archive.by_name("word/document.xml").unwrap()).unwrap();
    body.split('<').filter_map(|piece| Some(piece.split_once('>')?.1)).collect()
}

#[cfg(feature = "office")]
#[test]
fn a_letter_is_preset_for_every_command_that_writes_one() {
    let folder = tempfile::tempdir().unwrap();
    let page = "<!doctype html><html lang=vi><head><title>Cổng</title></head><body>Xin chào</body></html>";
    let config = "apiVersion: rasoat/v1\nletter_fields:\n  co_quan_ban_hanh: Sở X\n  ho_ten: Trần B\n";
    write(
        folder.path(),
        &[
            ("dist/index.html".to_owned(), page.into()),
            ("conf/rasoat.yml".to_owned(), config.into()),
            ("conf/.git/".to_owned(), Vec::new()),
        ],
    );
    let here = folder.path().join("conf");
    for args in [
        &["check", "../dist", "--report", "json=r.json", "--report", "docx=a.docx"][..],
        &["report", "r.json", "--report", "docx=b.docx"],
        &["merge", "r.json", "--report", "docx=c.docx"],
    ] {
        let fields = ["--letter-field", "ho_ten=Nguyễn A", "--letter-field", "Kinh_Gui=UBND", "--lang", "vi"];
        let output = rasoat(&here).args(args).args(fields).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {error}");
        let blank = "công văn còn để trống: co_quan_chu_quan, so, ky_hieu, dia_danh, ngay, thang, nam, chuc_vu, noi_nhan; điền tay";
        assert!(error.contains(blank), "{args:?}: {error}");
    }
    for name in ["a.docx", "b.docx", "c.docx"] {
        let said = letter(&here.join(name));
        assert!(said.contains("Sở X trân trọng báo cáo") && said.contains("Kính gửi: UBND"), "{name}: {said}");
        assert!(said.contains("Nguyễn A") && !said.contains("Trần B"), "{name}");
    }
    // The template is found from the file's folder, and nothing is visited when it is no template.
    let config = format!("{config}letter_template: ../dist/index.html\nreports: [docx=d.docx]\n");
    write(&here, &[("rasoat.yml".to_owned(), config.into_bytes())]);
    let output = rasoat(&here).args(["check", "../dist", "--lang", "vi"]).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(error.contains("--letter-template ../dist/index.html: không đọc được như tệp .docx"), "{error}");
    assert!(output.stdout.is_empty() && !here.join("d.docx").exists());
}

#[test]
fn mistakes_in_the_environment_are_told_by_name() {
    let folder = tempfile::tempdir().unwrap();
    for args in [&["check", "https://a.test/"][..], &["discover", "a.test"], &["config", "show"]] {
        let output = rasoat(folder.path()).env("RASOAT_RETRIES", "many").args(args).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {error}");
        assert!(error.contains("RASOAT_RETRIES=`many`: expected a whole number"), "{args:?}: {error}");
    }
    let output = rasoat(folder.path()).env("RASOAT_TIMOUT", "5s").args(["config", "show"]).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && error.contains("Did you mean RASOAT_TIMEOUT?"), "{error}");
}

#[test]
fn every_key_is_documented() {
    for page in [include_str!("../docs/configuration.md"), include_str!("../docs/configuration.vi.md")] {
        let rows = page.lines().filter(|line| line.contains("| `RASOAT_")).count();
        assert_eq!(rows, KEYS.len());
        for key in KEYS {
            let row = format!("| `{}` | `{}` | `--", key.path, key.variable());
            assert!(page.contains(&row), "{row}");
        }
    }
}
