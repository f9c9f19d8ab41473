//! Smaller lines of the contract: policies together, digests, examples, calendars, folders with odd contents, redirects
//! in number, entries found by an alias.

use serde_json::Value;

use super::command::{call, good, page, run, snippet};
use super::server::{Answer, Server, answer, html, redirect};

const OWN: &str = "apiVersion: rasoat/v1\nkind: Policy\nid: own\nversion: \"1\"\ntitle: {vi: Riêng, en: Own}\nparams:\n  most: {type: integer, title: {vi: Tỷ lệ, en: Share}, default: 50}\nrules:\n  \
    - id: h1\n    title: {vi: Tiêu đề, en: Heading}\n    severity: error\n    applies_to: [portal, component]\n    pages: home\n    \
    check: {links_to: {urls: ['https://a.gov.vn/', 'https://b.gov.vn/'], share: \"${most}\"}}\n";

fn plain() -> String {
    let (head, rest) = OWN.split_once("params:\n").unwrap();
    let (_, rules) = rest.split_once('\n').unwrap();
    let (rules, _) = rules.split_once("links_to").unwrap();
    format!("{head}{rules}element: {{selector: h1}}}}\n")
}

#[test]
fn policies_together() {
    let report = |args: &str, text: &str| call("", args).file("own.yml", text).file("dist/index.html", good()).report();
    let two = report("check dist -p tt22-2023 -p own.yml --report json -q", &plain());
    let ids: Vec<&str> = two["policies"].as_array().unwrap().iter().map(|p| p["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["tt22-2023", "own"]);
    assert_eq!(two["findings"].as_array().unwrap().iter().filter(|f| f["policy"] == "own").count(), 1);
    let digest = |text: &str| report("check dist -p own.yml --report json -q", text)["policies"][0]["digest"].clone();
    let first = digest(&plain());
    assert_eq!(first, digest(&format!("# a comment\n{}", plain())), "comments are no part of the policy");
    assert_eq!(
        first,
        digest(&plain().replace("id: own\nversion: \"1\"", "version: \"1\"\nid: own")),
        "the order of keys is none either"
    );
    assert_ne!(first, digest(&plain().replace("severity: error", "severity: warning")));
    assert_ne!(first, digest(&plain().replace("selector: h1", "selector: h2")));
    let shipped = |args: &str| call("", args).file("dist/index.html", good()).report()["policies"][0]["digest"].clone();
    assert_ne!(
        shipped("check dist --report json -q"),
        shipped("check dist --param linked_share=50 --report json -q"),
        "parameters are resolved first"
    );
    assert_eq!(shipped("check dist --report json -q"), shipped("check dist --param linked_share=100 --report json -q"));
}

#[test]
fn extending_and_examples() {
    let extend = |rules: &str| {
        format!(
            "apiVersion: rasoat/v1\nkind: Policy\nid: own\nversion: \"1\"\nextends: [builtin:tt22-2023]\ntitle: {{vi: Riêng, en: Own}}\nrules:\n{rules}"
        )
    };
    let tests = |tests: &str| format!("{}    tests: {tests}\n", plain());
    let fail = "fail: [{html: '<!doctype html><p>x</p>', code: element-missing}]";
    let gap = "inconclusive: [{html: '', gap: empty}]";
    let good_tests = tests(&format!("{{pass: [{{html: '<!doctype html><h1>x</h1>'}}], {fail}, {gap}}}"));
    run(
        "extends, examples, names",
        &[
            call("a rule taken out", "check dist -p own.yml --only emc-label")
                .file("own.yml", extend("  - {id: emc-label, off: true}\n"))
                .file("dist/index.html", good())
                .exit(2)
                .err("emc-label"),
            call("taking out what is not there", "check dist -p own.yml")
                .file("own.yml", extend("  - {id: emc-lable, off: true}\n"))
                .file("dist/index.html", good())
                .exit(2)
                .err("emc-label"),
            call("extending nobody", "check dist -p own.yml")
                .file(
                    "own.yml",
                    extend("  - {id: emc-label, off: true}\n").replace("builtin:tt22-2023", "builtin:tt23"),
                )
                .file("dist/index.html", good())
                .exit(2)
                .err("tt22-2023"),
            call("extending itself", "check dist -p own.yml")
                .file("own.yml", plain().replace("title:", "extends: [./own.yml]\ntitle:"))
                .file("dist/index.html", good())
                .exit(2)
                .err("own.yml"),
            call("examples that hold", "test own.yml --lang en").file("own.yml", good_tests.clone()).out("3"),
            call("an example that does not hold", "test own.yml --lang en")
                .file("own.yml", good_tests.replace("<h1>x</h1>", "<h2>x</h2>"))
                .exit(1)
                .out("own.yml")
                .out("h1"),
            call("an example with another code", "test own.yml --lang en")
                .file("own.yml", good_tests.replace("element-missing", "element-gone"))
                .exit(1),
            call("explain one rule of a file", "explain h1 --policy own.yml --lang vi")
                .file("own.yml", plain())
                .out("Tiêu đề"),
            call("rules of a file", "rules own.yml --lang vi").file("own.yml", plain()).out("h1"),
            call("an unknown rule", "explain h2 --policy own.yml").file("own.yml", plain()).exit(2).err("h1"),
            call("a parameter's default", "check dist -p own.yml")
                .file("own.yml", OWN)
                .file("dist/index.html", page("<a href=https://a.gov.vn>A</a>")),
            call("a parameter given", "check dist -p own.yml --param most=51")
                .file("own.yml", OWN)
                .file("dist/index.html", page("<a href=https://a.gov.vn>A</a>"))
                .exit(1),
        ],
    );
}

#[test]
fn the_day_is_vietnams() {
    let sites = "apiVersion: rasoat/v1\nsites:\n  - id: a\n    role: portal\n    url: https://a.gov.vn/\n    source: dist\n    retired_on: 2026-01-01\n";
    // 31 December, 16:59:59 and 17:00:00 UTC: midnight in Hà Nội lies between them.
    let exit = |second: &str| {
        call("", "check -q")
            .env("SOURCE_DATE_EPOCH", second)
            .file("sites.yml", sites)
            .file("dist/index.html", page(""))
            .output()
            .1
            .status
            .code()
    };
    assert_eq!(exit("1767200399"), Some(1), "still judged");
    assert_eq!(exit("1767200400"), Some(4), "retired");
}

#[test]
fn odd_folders() {
    let ok = |name: &str, args: &str| call(name, args).file("dist/index.html", good());
    run(
        "what may lie in a folder",
        &[
            ok("ignore files do not hide pages", "check dist --pages all --only emc-snippet")
                .file("dist/.gitignore", "*")
                .file("dist/a.html", page(""))
                .exit(1),
            ok("hidden folders are not the site", "check dist --pages all --only emc-snippet")
                .file("dist/.git/x.html", page("")),
            ok("other files are no pages", "check dist --pages all --only emc-snippet")
                .file("dist/a.txt", "x")
                .file("dist/b.js", "x(")
                .file("dist/c.pdf", "%PDF"),
            ok("capitals in the name", "check dist --pages all --only emc-snippet")
                .file("dist/A.HTML", page(""))
                .exit(1),
            ok("a page that is JSON", "check dist --pages all --only emc-snippet")
                .file("dist/a.html", "{\"a\": 1}")
                .exit(3),
            ok("an inner error page is a page", "check dist --pages all --only emc-snippet")
                .file("dist/404.html", page(&snippet("205")).replace("Cổng thông tin điện tử tỉnh A", "404 Not Found")),
            ok("a folder with a name in Vietnamese", "check Cổng␣tỉnh --only emc-snippet")
                .file("Cổng tỉnh/index.html", good()),
            ok("the working folder", "check . --only emc-snippet").file("index.html", good()),
            ok("one file", "check dist/index.html --only emc-snippet"),
            ok("one file that is not the index", "check dist/trangchu.html --only emc-snippet")
                .file("dist/trangchu.html", page(""))
                .exit(1),
        ],
    );
}

#[cfg(unix)]
#[test]
fn links_between_folders() {
    use std::os::unix::fs::symlink;
    let scratch = tempfile::TempDir::new().unwrap();
    let at = |path: &str| scratch.path().join(path);
    let files = [
        ("dist/index.html", page("<script src=/out.js></script>")),
        ("secret.js", String::from("var secret=1;")),
        ("dist/a/b.html", good()),
    ];
    crate::support::write(scratch.path(), &files.map(|(name, text)| (name.to_owned(), text.into_bytes())));
    symlink(at("dist"), at("dist/a/again")).unwrap();
    symlink(at("secret.js"), at("dist/out.js")).unwrap();
    symlink(at("nowhere.html"), at("dist/gone.html")).unwrap();
    let output = crate::support::rasoat(scratch.path())
        .args(["check", "dist", "--pages", "all", "--report", "json", "-q"])
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let snippet = &report["findings"][0];
    assert_eq!(
        (&snippet["verdict"], &snippet["gap"]),
        (&"inconclusive".into(), &"unreadable".into()),
        "a link out of the folder is not followed: {snippet}"
    );
    let covered = &report["sites"][0]["pages_covered"];
    assert_eq!(
        (&covered["judged"], &covered["unread"]),
        (&2.into(), &0.into()),
        "a folder in itself is walked once: {covered}"
    );
}

#[test]
fn redirects_in_number_and_old_servers() {
    let unicode = "HTTP/1.1 301 Moved\r\nConnection: close\r\nContent-Length: 0\r\nLocation: /trang-chủ\r\n\r\n"
        .as_bytes()
        .to_vec();
    let old = Answer::Bytes(format!("HTTP/1.0 200 OK\r\nServer: Microsoft-IIS/6.0\r\n\r\n{}", good()).into_bytes());
    let server = Server::serve(&[
        ("/", html(&good())),
        ("/1", redirect("2")),
        ("/2", redirect("/3")),
        ("/3", redirect("{}/")),
        ("/a", redirect("/b")),
        ("/b", redirect("/a")),
        ("/unicode", Answer::Bytes(unicode)),
        ("/trang-ch%E1%BB%A7", html(&good())),
        ("/old", old),
        ("/308", answer(308, "Location: /\r\n", "")),
        ("/empty-location", answer(302, "Location: \r\n", "")),
        ("/bad-location", answer(302, "Location: http://[\r\n", "")),
        (
            "/refresh-loop",
            html("<html><head><meta http-equiv=refresh content='0;url=/refresh-back'></head><body></body></html>"),
        ),
        (
            "/refresh-back",
            html("<html><head><meta http-equiv=refresh content='0;url=/refresh-loop'></head><body></body></html>"),
        ),
        ("/script", html("<html><body><script>location.href='/'</script></body></html>")),
    ]);
    let found = |path: &str, flags: &str| {
        let report = call("", &format!("check {}{path} --report json -q --retries 0 {flags}", server.address)).report();
        let finding = report["findings"][0].clone();
        format!("{} {}", finding["verdict"].as_str().unwrap(), finding["gap"].as_str().unwrap_or("-"))
    };
    for path in ["/1", "/unicode", "/old", "/308", "/script"] {
        assert_eq!(found(path, ""), "pass -", "{path}");
    }
    assert_eq!(found("/1", "--max-redirects 3"), "pass -");
    assert_eq!(found("/1", "--max-redirects 2"), "inconclusive redirect-loop");
    assert_eq!(found("/a", ""), "inconclusive redirect-loop");
    assert_eq!(found("/refresh-loop", ""), "inconclusive redirect-loop");
    assert_eq!(found("/bad-location", ""), "inconclusive http-error");
    assert!(found("/empty-location", "").starts_with("inconclusive"));
}

#[test]
fn entries_by_address_and_alias() {
    let server = Server::serve(&[("/", html(&good())), ("/cu/", html(&page("")))]);
    let sites = format!(
        "apiVersion: rasoat/v1\nsites:\n  - id: a\n    role: portal\n    url: {u}/\n    source: dist\n    aliases: [{u}/cu/]\n    emc_site_id: \"205\"\n",
        u = server.address
    );
    for target in ["", "/", "/cu/", "/cu"] {
        let report = call("", &format!("check {}{target} --report json -q --retries 0", server.address))
            .file("sites.yml", sites.clone())
            .report();
        assert_eq!(report["sites"][0]["id"], "a", "{target}");
        assert_eq!(report["findings"][0]["basis"], "http");
    }
    let other = call("", &format!("check {}/khac --report json -q --retries 0", server.address))
        .file("sites.yml", sites)
        .report();
    assert_ne!(other["sites"][0]["id"], "a");
}
