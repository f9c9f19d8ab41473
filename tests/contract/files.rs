//! Files people write: the sites file, the configuration, the lock; their mistakes are shown with place and nearest
//! name.

use super::command::{call, good, page, run, snippet};

fn sites(entry: &str) -> String {
    format!(
        "apiVersion: rasoat/v1\nsites:\n  - id: tinh-a\n    role: portal\n    url: https://tinh-a.gov.vn/\n    source: dist\n{entry}"
    )
}

#[test]
fn mistakes_in_the_sites_file() {
    let wrong = |name: &str, text: String| {
        call(name, "check --lang en").file("sites.yml", text).file("dist/index.html", good()).exit(2).err("sites.yml")
    };
    run("sites files that are refused", &[
        wrong("an unknown key", sites("    rol: portal\n")).err("role").err("7"),
        wrong("a key twice", sites("    role: portal\n")),
        wrong("an id twice", sites("  - id: tinh-a\n    role: portal\n    url: https://b.gov.vn/\n")).err("tinh-a"),
        wrong("a component without a parent", sites("  - id: so\n    role: component\n    url: https://so.gov.vn/\n")).err("parent").err("tinh-a"),
        wrong("a parent that is nobody", sites("  - id: so\n    role: component\n    parent: tinh-b\n    url: https://so.gov.vn/\n")).err("tinh-a"),
        wrong("a parent that is no portal", sites("  - id: so\n    role: component\n    parent: tinh-a\n    url: https://so.gov.vn/\n  - id: xa\n    role: component\n    parent: so\n    url: https://xa.gov.vn/\n")),
        wrong("parents in a circle", "apiVersion: rasoat/v1\nsites:\n  - {id: a, role: portal, parent: b, url: 'https://a.gov.vn/'}\n  - {id: b, role: portal, parent: a, url: 'https://b.gov.vn/'}\n".to_owned()),
        wrong("no address", sites("  - id: so\n    role: portal\n")).err("url"),
        wrong("an address without scheme", sites("  - id: so\n    role: portal\n    url: so.gov.vn\n")),
        wrong("an address with a password", sites("  - id: so\n    role: portal\n    url: https://u:secret@so.gov.vn/\n")),
        wrong("one address twice", sites("  - id: so\n    role: portal\n    url: http://www.tinh-a.gov.vn\n")),
        wrong("a date that is none", sites("    retired_on: 2025-02-30\n")),
        wrong("an id as a number", sites("    emc_site_id: [205]\n")),
        wrong("another version", sites("").replace("rasoat/v1", "rasoat/v2")),
        wrong("no version", sites("").replace("apiVersion: rasoat/v1\n", "")),
        wrong("no site", "apiVersion: rasoat/v1\nsites: []\n".to_owned()),
        wrong("an empty file", String::new()),
        wrong("not YAML", "apiVersion: [\n".to_owned()),
        wrong("an id with spaces", sites("  - id: so gd\n    role: portal\n    url: https://so.gov.vn/\n")),
    ]);
}

#[test]
fn what_the_sites_file_says() {
    let ok = |name: &str, text: String| {
        call(name, "check --only emc-snippet")
            .file("sites.yml", text)
            .file("dist/index.html", good())
            .file("so/index.html", good())
    };
    run("sites files that are read", &[
        ok("one portal", sites("")),
        ok("a portal with a parent", sites("  - id: b\n    role: portal\n    parent: tinh-a\n    url: https://b.gov.vn/\n    source: so\n")),
        ok("a parent by address", sites("  - id: b\n    role: component\n    parent: https://tinh-c.gov.vn/\n    url: https://b.gov.vn/\n    source: so\n")),
        ok("two entries with one id are a finding, not a mistake", sites("    emc_site_id: \"205\"\n  - id: b\n    role: portal\n    url: https://b.gov.vn/\n    source: so\n    emc_site_id: \"205\"\n")),
        ok("an id as a number in YAML", sites("    emc_site_id: 205\n")),
        ok("a source that does not exist is a gap", sites("  - id: b\n    role: portal\n    url: https://b.gov.vn/\n    source: nowhere\n")).exit(3),
        ok("retired today", sites("  - id: b\n    role: portal\n    url: https://b.gov.vn/\n    source: nowhere\n    retired_on: 2026-01-01\n")),
        ok("retires tomorrow", sites("  - id: b\n    role: portal\n    url: https://b.gov.vn/\n    source: nowhere\n    retired_on: 2026-01-02\n")).exit(3),
        call("source is relative to the file", "check --sites conf/s.yml --only emc-snippet").file("conf/s.yml", sites("")).file("conf/dist/index.html", good()),
        call("a declared id that another page shows", "check --only emc-snippet --lang en").file("sites.yml", sites("    emc_site_id: \"33\"\n"))
            .file("dist/index.html", good()).exit(1).out("33"),
        call("the lock beside the sites file", "check --sites conf/s.yml --only emc-site-id-drift --fail-on warning").file("conf/s.yml", sites(""))
            .file("conf/dist/index.html", good()).file("conf/rasoat.lock", "apiVersion: rasoat/v1\nsites:\n  tinh-a:\n    emc_site_id: \"33\"\n    accepted_on: 2025-01-01\n").exit(1),
        call("a lock with a mistake", "check").file("sites.yml", sites("")).file("dist/index.html", good())
            .file("rasoat.lock", "apiVersion: rasoat/v1\nsites:\n  tinh-a:\n    emc_site: \"33\"\n").exit(2).err("rasoat.lock"),
    ]);
}

#[test]
fn the_configuration() {
    let config = |name: &str, args: &str, text: &str| {
        call(name, args)
            .file("rasoat.yml", format!("apiVersion: rasoat/v1\n{text}"))
            .file("dist/index.html", good())
            .file("red/index.html", page(""))
            .file("label/index.html", page(&snippet("205")))
    };
    run(
        "rasoat.yml",
        &[
            config("strict", "check label", "strict: true\n").exit(3),
            config("fail_on", "check red", "fail_on: never\n").exit(0),
            config("the flag before the file", "check red --fail-on error", "fail_on: never\n").exit(1),
            config("the language", "check red", "lang: vi\n").exit(1).out("Điều 4"),
            config("reports", "check dist -q", "reports: [json]\n").out("rasoat/report/v1"),
            config("the sites file", "check --only emc-snippet", "sites: conf/s.yml\n")
                .file("conf/s.yml", sites("").replace("dist", "../dist")),
            config(
                "a parameter",
                "check dist --url https://a.vn/ --fail-on warning --only domain-name",
                "params: {domain: 'a\\.vn'}\n",
            ),
            config("pages", "check dist --only emc-snippet", "pages: all\n").file("dist/b.html", page("")).exit(1),
            config("an unknown key", "check dist", "fail-on: never\n").exit(2).err("fail_on"),
            config("a mistake is shown in its own file", "check dist", "strict: maybe\n").exit(2).err("rasoat.yml"),
            config("an unknown policy", "check dist", "policies: [tt22]\n").exit(2),
            config("limits with units", "check dist", "limits: {timeout: 5s, max_size: 1MiB}\n"),
            config("a limit without sense", "check dist", "limits: {timeout: soon}\n").exit(2),
            config(
                "a size limit binds folders too",
                "check dist --only emc-snippet --lang en",
                "limits: {max_size: 100B}\n",
            )
            .exit(3)
            .out("larger than the limit"),
        ],
    );
}
