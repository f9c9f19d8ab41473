//! Flags of `check`: what they mean, what they refuse, and what they suggest.

use super::command::{call, good, page, run, snippet};

const SITES: &str = "apiVersion: rasoat/v1\nsites:\n  - id: tinh-a\n    role: portal\n    url: https://tinh-a.gov.vn/\n    source: dist\n    \
    aliases: [https://cu.tinh-a.gov.vn/]\n    emc_site_id: \"205\"\n  - id: sogd\n    role: component\n    parent: tinh-a\n    \
    url: https://sogd.tinh-a.gov.vn/\n    source: so\n";

#[test]
fn refused() {
    let base =
        |name: &str, args: &str| call(name, args).file("dist/index.html", good()).file("b/index.html", good()).exit(2);
    run(
        "usage mistakes",
        &[
            base("two targets and a role", "check dist b --role portal").err("--role"),
            base("two targets and a parent", "check dist b --parent https://a.gov.vn/"),
            base("two targets and a component", "check dist b --component https://a.gov.vn/"),
            base("two targets and an id", "check dist b --emc-site-id 1"),
            base("two targets and a url", "check dist b --url https://a.gov.vn/"),
            base("a role without a target", "check --role portal").file("sites.yml", SITES),
            base("two reports without a path", "check dist --report json --report sarif").err("PATH"),
            base("the same path twice", "check dist --report json=r --report sarif=r"),
            base("a report of no known format", "check dist --report junti").err("junit"),
            base("a report with an empty path", "check dist --report json="),
            base("an unknown rule in --only", "check dist --only emc-snipet").err("emc-snippet"),
            base("an unknown rule in --skip", "check dist --skip portal-lnik").err("portal-link"),
            base("an unknown site", "check --site tinh-b").file("sites.yml", SITES).err("tinh-a"),
            base("--site with a target", "check dist --site tinh-a").file("sites.yml", SITES),
            base("--shard with a target", "check dist --shard 1/2"),
            base("a shard of nought", "check --shard 0/2").file("sites.yml", SITES),
            base("a shard beyond the last", "check --shard 3/2").file("sites.yml", SITES),
            base("a shard that is no number", "check --shard x").file("sites.yml", SITES),
            base("auto without the pipeline's numbers", "check --shard auto")
                .file("sites.yml", SITES)
                .err("CI_NODE_INDEX"),
            base("auto/N without the index", "check --shard auto/2")
                .file("sites.yml", SITES)
                .err("JOB_COMPLETION_INDEX"),
            base("auto with half of the numbers", "check --shard auto")
                .env("CI_NODE_INDEX", "1")
                .file("sites.yml", SITES)
                .err("CI_NODE_TOTAL"),
            base("a target with another scheme", "check ftp://a.gov.vn/"),
            base("a host without scheme", "check tinh-a.gov.vn").err("https://tinh-a.gov.vn/"),
            base("a role that is none", "check dist --role cong").err("portal"),
            base("a parent that is no address", "check dist --parent tinh-a"),
            base("an address that is none", "check dist --url tinh-a.gov.vn"),
            base("a glob that is none", "check dist --pages [a"),
            base("a duration that is none", "check dist --timeout soon"),
            base("a size that is none", "check dist --max-size big"),
            base("a sites file that does not exist", "check --sites other.yml").err("other.yml"),
            base("an unknown parameter", "check dist --param linked_shares=50").err("linked_share"),
            base("a parameter without a value", "check dist --param linked_share"),
            base("a parameter of the wrong kind", "check dist --param linked_share=half"),
            base("a parameter outside its pattern", "check dist --param linked_share=0"),
            base("--fail-on something else", "check dist --fail-on errors"),
            base("quiet and verbose", "check dist -q -v"),
            base("--resolve without an address", "check dist --resolve a.gov.vn"),
            base("a certificate file that does not exist", "check dist --cacert no.pem"),
            base("a header without a colon", "check dist --header X-A"),
        ],
    );
}

#[test]
fn languages_and_colours() {
    let red = |name: &str, args: &str| call(name, args).file("dist/index.html", page("")).exit(1);
    run(
        "languages, colours, streams",
        &[
            red("English", "check dist --lang en").out("Embed").never("Điều 4 Thông tư"),
            red("Vietnamese", "check dist --lang vi").out("khoản 6 Điều 4 Thông tư số 22/2023/TT-BTTTT"),
            red("Vietnamese by the environment", "check dist").env("LANG", "vi_VN.UTF-8").out("khoản 6 Điều 4"),
            red("LC_ALL before LANG", "check dist")
                .env("LANG", "vi_VN.UTF-8")
                .env("LC_ALL", "C")
                .never("khoản 6 Điều 4 Thông tư"),
            red("the flag before the environment", "check dist --lang en")
                .env("LANG", "vi_VN.UTF-8")
                .never("khoản 6 Điều 4 Thông tư"),
            red("no colours into a file", "check dist").never("\u{1b}["),
            red("colours when they are forced", "check dist --color always").out("\u{1b}["),
            red("CLICOLOR_FORCE", "check dist").env("CLICOLOR_FORCE", "1").out("\u{1b}["),
            red("NO_COLOR before CLICOLOR_FORCE", "check dist")
                .env("CLICOLOR_FORCE", "1")
                .env("NO_COLOR", "1")
                .never("\u{1b}["),
            red("an empty NO_COLOR is none", "check dist")
                .env("CLICOLOR_FORCE", "1")
                .env("NO_COLOR", "")
                .out("\u{1b}["),
            red("the flag before NO_COLOR", "check dist --color always").env("NO_COLOR", "1").out("\u{1b}["),
            red("the flag before CLICOLOR_FORCE", "check dist --color never")
                .env("CLICOLOR_FORCE", "1")
                .never("\u{1b}["),
            red("one report without a path takes standard output", "check dist --report json")
                .out("\"schema\": \"rasoat/report/v1\"")
                .err("emc-snippet"),
            red("two reports, one with a path", "check dist --report json --report sarif=r.sarif")
                .out("rasoat/report/v1"),
            red("- is standard output", "check dist --report json=-").out("rasoat/report/v1"),
            red("quiet", "check dist -q").never("emc"),
            call("a usage mistake in Vietnamese", "check nowhere --lang vi").exit(2).err("không có thư mục hoặc tệp"),
            call("a usage mistake in English", "check nowhere --lang en").exit(2).err("there is no folder or file"),
        ],
    );
}

/// Verdict, code and role of a rule on a site.
fn found(report: &serde_json::Value, rule: &str, site: &str) -> String {
    let all = report["findings"].as_array().unwrap();
    let found: Vec<_> = all.iter().filter(|f| f["rule"] == rule && f["site"] == site).collect();
    match found[..] {
        [f] => format!("{} {}", f["verdict"].as_str().unwrap(), f["code"].as_str().unwrap_or("-")),
        _ => format!("{} findings", found.len()),
    }
}

#[test]
fn roles_and_reasons() {
    let report = |args: &str| call("", args).file("dist/index.html", good()).report();
    let none = report("check dist --report json -q");
    assert_eq!(found(&none, "emc-snippet", "dist"), "pass -");
    assert_eq!(found(&none, "component-links", "dist"), "not-applicable role-unknown");
    assert_eq!(found(&none, "portal-link", "dist"), "not-applicable role-unknown");
    let hint = none["findings"].as_array().unwrap().iter().find(|f| f["rule"] == "portal-link").unwrap();
    assert!(hint["message"]["en"].as_str().unwrap().contains("--role"), "{hint}");
    assert!(hint["message"]["vi"].as_str().unwrap().contains("--role"), "{hint}");
    let portal = report("check dist --role portal --report json -q");
    assert_eq!(found(&portal, "component-links", "dist"), "not-applicable no-components");
    assert_eq!(found(&portal, "portal-link", "dist"), "0 findings");
    let component = report("check dist --role component --report json -q");
    assert_eq!(found(&component, "portal-link", "dist"), "not-applicable no-parent");
    assert_eq!(found(&component, "component-links", "dist"), "0 findings");
    let service = report("check dist --role service --report json -q");
    assert!(service["findings"].as_array().unwrap().is_empty());
    assert_eq!(none["sites"][0]["url"], serde_json::Value::Null);
    assert_eq!(none["sites"][0]["source"], "dist");
    let with_url = report("check dist --url https://a.gov.vn/ --report json -q");
    assert_eq!(with_url["sites"][0]["url"], "https://a.gov.vn/");
}

#[test]
fn a_target_that_is_an_entry_takes_it() {
    let report = |args: &str| {
        call("", args).file("sites.yml", SITES).file("dist/index.html", good()).file("so/index.html", good()).report()
    };
    for target in ["dist", "./dist", "dist/"] {
        let report = report(&format!("check {target} --report json -q"));
        assert_eq!(report["sites"][0]["id"], "tinh-a", "{target}");
        assert_eq!(report["sites"].as_array().unwrap().len(), 1);
        assert_eq!(found(&report, "component-links", "tinh-a"), "fail missing-link");
    }
    let overridden = report("check dist --emc-site-id 9 --report json -q");
    assert_eq!(found(&overridden, "emc-snippet", "tinh-a"), "fail site-id-mismatch");
    let of_so = report("check so --report json -q");
    assert_eq!(found(&of_so, "portal-link", "sogd"), "fail missing-link");
    let other =
        call("", "check other --report json -q").file("sites.yml", SITES).file("other/index.html", good()).report();
    assert_eq!(other["sites"][0]["id"], "other");
    let both = report("check dist so --report json -q");
    assert_eq!(both["sites"].as_array().unwrap().len(), 2);
    let twice = report("check dist dist --report json -q");
    assert_eq!(twice["sites"].as_array().unwrap().len(), 1);
}

#[test]
fn narrowing() {
    let report = |args: &str| {
        call("", args).file("sites.yml", SITES).file("dist/index.html", good()).file("so/index.html", good()).report()
    };
    let rules = |r: &serde_json::Value| -> Vec<String> {
        r["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| format!("{}/{}", f["site"].as_str().unwrap(), f["rule"].as_str().unwrap()))
            .collect()
    };
    assert_eq!(rules(&report("check --site sogd --only emc-snippet --report json -q")), ["sogd/emc-snippet"]);
    assert_eq!(
        rules(&report("check --only emc-snippet --only emc-label --skip emc-label --report json -q")),
        ["tinh-a/emc-snippet", "sogd/emc-snippet"]
    );
    // A component's parent outside what is judged is still its parent.
    assert_eq!(found(&report("check --site sogd --report json -q"), "portal-link", "sogd"), "fail missing-link");
    let second = report("check --shard 2/2 --report json -q");
    assert_eq!(second["shard"], serde_json::json!({"index": 2, "of": 2}));
    assert!(rules(&second).iter().all(|r| r.starts_with("sogd/")), "{:?}", rules(&second));
    assert_eq!(found(&second, "emc-site-id-unique", "sogd"), "inconclusive decided-at-merge");
    let auto = call("", "check --shard auto --report json -q")
        .env("CI_NODE_INDEX", "1")
        .env("CI_NODE_TOTAL", "2")
        .file("sites.yml", SITES)
        .file("dist/index.html", good())
        .file("so/index.html", good())
        .report();
    assert!(rules(&auto).iter().all(|r| r.starts_with("tinh-a/")));
    let kubernetes = call("", "check --shard auto/2 --report json -q")
        .env("JOB_COMPLETION_INDEX", "1")
        .file("sites.yml", SITES)
        .file("dist/index.html", good())
        .file("so/index.html", good())
        .report();
    assert_eq!(kubernetes["shard"]["index"], 2);
    assert_eq!(second["run_id"], auto_run_id(), "the shards of one run share its number");
    let mut portal =
        call("", "check --shard 3/3 --report json -q").file("sites.yml", SITES).file("dist/index.html", good());
    portal = portal.exit(4);
    assert_eq!(portal.output().1.status.code(), Some(4), "a shard without entries evaluates nothing");
}

fn auto_run_id() -> serde_json::Value {
    call("", "check --shard 1/2 --report json -q")
        .file("sites.yml", SITES)
        .file("dist/index.html", good())
        .file("so/index.html", good())
        .report()["run_id"]
        .clone()
}

#[test]
fn pages() {
    let bare = "<html><body>x</body></html>";
    let report = |args: &str| {
        call("", args)
            .file("dist/index.html", good())
            .file("dist/a.html", page(&snippet("205")))
            .file("dist/tin/b.html", page(&snippet("205")))
            .file("dist/part.html", "<ul><li>x</li></ul>")
            .file("dist/x.json", "{}")
            .report()
    };
    let covered = |args: &str| report(args)["sites"][0]["pages_covered"].clone();
    let home = covered("check dist --report json -q");
    assert_eq!((&home["judged"], &home["fragments"]), (&1.into(), &0.into()), "{home}");
    let all = covered("check dist --pages all --report json -q");
    assert_eq!((&all["judged"], &all["fragments"], &all["unread"]), (&3.into(), &1.into(), &0.into()), "{all}");
    assert_eq!(all["fragment_names"], serde_json::json!(["part.html"]));
    let some = covered("check dist --pages tin/** --report json -q");
    assert_eq!(some["judged"], 2, "{some}");
    let limited = covered("check dist --pages all --max-pages 2 --report json -q");
    assert_eq!(
        limited["beyond_limit"].as_u64().unwrap()
            + limited["judged"].as_u64().unwrap()
            + limited["fragments"].as_u64().unwrap(),
        4,
        "{limited}"
    );
    let failing = call("", "check dist --pages all --only emc-snippet --report json -q")
        .file("dist/index.html", good())
        .file("dist/a.html", bare)
        .file("dist/b.html", bare)
        .report();
    let finding = &failing["findings"][0];
    assert_eq!(finding["verdict"], "fail");
    let paths: Vec<_> = finding["places"].as_array().unwrap().iter().map(|p| p["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["dist/a.html", "dist/b.html"]);
}
