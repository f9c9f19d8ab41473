//! Exit codes: each with a call that ends with it, and which wins when several would do.

use super::command::{call, good, page, run, snippet};

const OWN: &str = "apiVersion: rasoat/v1\nkind: Policy\nid: own\nversion: \"1\"\ntitle: {vi: Riêng, en: Own}\nrules:\n  \
    - id: h1\n    title: {vi: Tiêu đề, en: Heading}\n    severity: SEVERITY\n    applies_to: [portal, component]\n    pages: home\n    \
    check: {element: {selector: h1}}\n  - id: speed\n    title: {vi: Tốc độ, en: Speed}\n    severity: error\n    applies_to: [portal, component]\n    \
    pages: home\n    check: {wcag: {}}\n";

fn own(severity: &str) -> String {
    OWN.replace("SEVERITY", severity)
}

#[test]
fn every_exit_code() {
    let connected = page(&snippet("205"));
    let gtm = page("<script src=\"https://www.googletagmanager.com/gtm.js?id=GTM-1\"></script>");
    run("exit codes", &[
        call("0: all that was measured passes", "check dist").file("dist/index.html", good()).exit(0),
        call("0: the label needs a browser and nobody asked for one", "check dist").file("dist/index.html", connected.clone()).exit(0)
            .out("passed-unmeasured"),
        call("1: a failure", "check dist").file("dist/index.html", page("")).exit(1),
        call("2: no target and no sites file", "check").exit(2),
        call("2: a target that does not exist", "check nowhere").exit(2).err("nowhere"),
        call("2: an unknown flag", "check --frobnicate").exit(2),
        call("2: an unknown command", "chekc").exit(2).err("check"),
        call("2: a policy that does not exist", "check dist -p tt22-2032").file("dist/index.html", good()).exit(2).err("tt22-2023"),
        call("2: a policy with a mistake", "check dist -p p.yml").file("dist/index.html", good()).file("p.yml", own("error").replace("severity", "severty")).exit(2).err("p.yml"),
        call("2: a sites file with a mistake", "check").file("sites.yml", "apiVersion: rasoat/v1\nsites:\n  - id: a\n    role: portl\n    url: https://a.gov.vn/\n").exit(2).err("portal"),
        call("3: a tag manager hides the answer", "check dist").file("dist/index.html", gtm.clone()).exit(3),
        call("3: an empty home page", "check dist").file("dist/index.html", "").exit(3),
        call("3: a label that was not measured, under --strict", "check dist --strict").file("dist/index.html", connected.clone()).exit(3),
        call("3: a browser that is required and missing", "check dist --browser require").file("dist/index.html", connected.clone()).exit(3),
        call("4: a folder without HTML", "check dist").file("dist/readme.txt", "x").exit(4),
        call("4: an empty folder", "check dist").file("dist/", "").exit(4),
        call("4: nothing to ask", "check dist --only portal-link").file("dist/index.html", good()).exit(4),
        call("4: only a retired site", "check").file("sites.yml", "apiVersion: rasoat/v1\nsites:\n  - id: a\n    role: portal\n    url: https://a.gov.vn/\n    retired_on: 2020-01-01\n").exit(4),
        call("4: a role without rules", "check dist --role service").file("dist/index.html", good()).exit(4),
        call("4: every rule left out", "check dist --only emc-label --skip emc-label").file("dist/index.html", good()).exit(4),
        call("5: a report below a file", "check dist --report json=dist/index.html/r.json").file("dist/index.html", good()).exit(5),
        call("5: a report into a folder that does not exist", "check dist --report json=new/folder/r.json").file("dist/index.html", good()).exit(5).err("new/folder"),
        call("5: a report where a folder is", "check dist --report json=dist").file("dist/index.html", good()).exit(5),
    ]);
}

#[test]
fn which_code_wins() {
    let gtm = page("<script src=\"https://www.googletagmanager.com/gtm.js?id=GTM-1\"></script>");
    let two = "apiVersion: rasoat/v1\nsites:\n  - id: a\n    role: portal\n    url: https://a.gov.vn/\n    source: a\n  - id: b\n    role: portal\n    url: https://b.gov.vn/\n    source: b\n";
    let sites = |name: &str, a: &str, b: &str| {
        call(name, "check").file("sites.yml", two).file("a/index.html", a).file("b/index.html", b)
    };
    run(
        "precedence 2, 5, 1, 4, 3",
        &[
            call("2 before 5", "check dist --only emc-lable --report json=dist/index.html/r.json")
                .file("dist/index.html", page(""))
                .exit(2)
                .err("emc-label"),
            call("5 before 1", "check dist --report json=dist/index.html/r.json")
                .file("dist/index.html", page(""))
                .exit(5),
            call(
                "5 although the failure is not looked for",
                "check dist --fail-on never --report json=dist/index.html/r.json",
            )
            .file("dist/index.html", page(""))
            .exit(5),
            sites("1 before 3", &gtm, &page("")).exit(1),
            sites("3 before 0", &gtm, &good()).exit(3),
            sites("1 before 4", &page(""), "").exit(1),
            call("1 before 4: one folder without HTML", "check")
                .file("sites.yml", two)
                .file("a/index.html", page(""))
                .file("b/x.txt", "")
                .exit(1),
            call("3, not 4: one folder without HTML beside a green one", "check")
                .file("sites.yml", two)
                .file("a/index.html", good())
                .file("b/x.txt", "")
                .exit(3),
            call("4: both folders without HTML", "check")
                .file("sites.yml", two)
                .file("a/x.txt", "")
                .file("b/x.txt", "")
                .exit(4),
            call("4 even under --strict", "check dist --strict").file("dist/x.txt", "").exit(4),
            call("4 under --fail-on never", "check dist --fail-on never").file("dist/x.txt", "").exit(4),
            call("--fail-on never leaves no 1", "check dist --fail-on never").file("dist/index.html", page("")).exit(0),
            call("--fail-on never leaves no 3", "check dist --fail-on never")
                .file("dist/index.html", gtm.clone())
                .exit(0),
            call("--fail-on never leaves no 3 under --strict", "check dist --fail-on never --strict")
                .file("dist/index.html", gtm)
                .exit(0),
            call("a warning does not fail by default", "check dist -p p.yml --only h1")
                .file("p.yml", own("warning"))
                .file("dist/index.html", "<html><body>x</body></html>")
                .exit(0),
            call("a warning fails when asked to", "check dist -p p.yml --only h1 --fail-on warning")
                .file("p.yml", own("warning"))
                .file("dist/index.html", "<html><body>x</body></html>")
                .exit(1),
            call("a note does not fail under warning", "check dist -p p.yml --only h1 --fail-on warning")
                .file("p.yml", own("note"))
                .file("dist/index.html", "<html><body>x</body></html>")
                .exit(0),
            call("a note fails under note", "check dist -p p.yml --only h1 --fail-on note")
                .file("p.yml", own("note"))
                .file("dist/index.html", "<html><body>x</body></html>")
                .exit(1),
            call("a warning left open raises nothing", "check dist -p p.yml --only h1")
                .file("p.yml", own("warning"))
                .file("dist/index.html", "")
                .exit(0),
            call(
                "a warning left open raises 3 under --fail-on warning",
                "check dist -p p.yml --only h1 --fail-on warning",
            )
            .file("p.yml", own("warning"))
            .file("dist/index.html", "")
            .exit(3),
            call("a warning left open raises 3 under --strict", "check dist -p p.yml --only h1 --strict")
                .file("p.yml", own("warning"))
                .file("dist/index.html", "")
                .exit(3),
            call("only what needs a browser: not requested, no 3", "check dist -p p.yml --only speed")
                .file("p.yml", own("error"))
                .file("dist/index.html", good())
                .exit(0)
                .out("passed-unmeasured"),
            call("the format never decides", "check dist -q --report sarif=r.sarif --report junit=r.xml --report csv")
                .file("dist/index.html", page(""))
                .exit(1),
        ],
    );
}

#[test]
fn reports_are_written_before_a_red_end() {
    let (scratch, output) =
        call("red", "check dist -q --report json=out.json --report junit=out.xml --report sarif=out.sarif")
            .file("dist/index.html", page(""))
            .output();
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty(), "-q is silent");
    for name in ["out.json", "out.xml", "out.sarif"] {
        assert!(scratch.path().join(name).metadata().unwrap().len() > 100, "{name}");
    }
    let left: Vec<_> = std::fs::read_dir(scratch.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left.len(), 4, "no half-written file is left: {left:?}");
}
