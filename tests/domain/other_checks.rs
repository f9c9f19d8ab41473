//! The other kinds of check: elements, domains, ids over the estate, ids against the record, combinators.
//! Policies of the rows extend the shipped one or stand alone.

use super::cases::{Case, case, run};
use super::pages::{connected, page, script, snippet};

/// A page judged by one rule whose check is written as YAML.
fn rule(name: &str, check: &str, html: impl Into<Vec<u8>>) -> Case {
    let policy = format!(
        "apiVersion: rasoat/v1\nkind: Policy\nid: own\nversion: \"1\"\nextends: [builtin:tt22-2023]\ntitle: {{vi: Riêng, en: Own}}\nrules:\n  \
         - id: r\n    title: {{vi: R, en: R}}\n    severity: error\n    applies_to: [portal, component]\n    pages: home\n    check: {check}\n"
    );
    case("r", name, html).beside("own.yml", policy).with("-p own.yml --only r")
}

#[test]
fn elements() {
    let all = |name: &str, check: &str, html: &str| rule(name, check, html).with("--pages all");
    run(
        "elements",
        &[
            rule("one of them", "{element: {selector: 'h1'}}", page("")).exit(0),
            rule("none of them", "{element: {selector: 'h2'}}", page("")).fails("element-missing").exit(1),
            rule("fewer than wanted", "{element: {selector: 'header a', min: 9}}", page("")).fails("element-missing"),
            rule("more than allowed", "{element: {selector: h1, min: 1, max: 1}}", page("<h1>Hai</h1>"))
                .fails("element-too-many"),
            rule("none allowed, none there", "{element: {selector: marquee, min: 0, max: 0}}", page("")),
            rule(
                "none allowed, one there",
                "{element: {selector: marquee, min: 0, max: 0}}",
                page("<marquee>Chào mừng</marquee>"),
            )
            .fails("element-too-many")
            .line(11),
            rule("by attribute", "{element: {selector: 'html[lang]'}}", page("")),
            rule("by text", "{element: {selector: a, text: 'Trang chủ'}}", page("")),
            rule("a text that is only part", "{element: {selector: a, text: 'Trang'}}", page(""))
                .fails("element-missing"),
            rule("in a comment", "{element: {selector: video}}", page("<!-- <video></video> -->"))
                .fails("element-missing"),
            rule("in a template", "{element: {selector: video}}", page("<template><video></video></template>"))
                .fails("element-missing"),
            rule("in noscript", "{element: {selector: video}}", page("<noscript><video></video></noscript>"))
                .fails("element-missing"),
            rule("in a script's string", "{element: {selector: video}}", script("var v='<video></video>';"))
                .fails("element-missing"),
            rule(
                "the title element",
                "{element: {selector: 'head > title', text: 'Cổng thông tin điện tử tỉnh A'}}",
                page(""),
            ),
            rule("an empty file", "{element: {selector: h1}}", "").open("empty"),
            all("on every page", "{element: {selector: h1}}", &page(""))
                .file("a.html", "<html><body><h1>a</h1></body></html>"),
            all("missing on one page", "{element: {selector: h1}}", &page(""))
                .file("a.html", "<html><body>a</body></html>")
                .fails("element-missing"),
            all("a part of a page is not judged", "{element: {selector: h1}}", &page(""))
                .file("parts/menu.html", "<ul><li>x</li></ul>"),
            all("one page cannot be read", "{element: {selector: h1}}", &page("")).file("a.html", "").open("empty"),
            all("a failure weighs more than a page that was not read", "{element: {selector: h1}}", &page(""))
                .file("a.html", "")
                .file("b.html", "<html><body>b</body></html>")
                .fails("element-missing"),
            rule("a glob takes some pages", "{element: {selector: h1}}", page(""))
                .file("tin/a.html", "<html><body>a</body></html>")
                .file("b.html", "")
                .with("--pages tin/**")
                .fails("element-missing"),
            rule("a glob takes others out", "{element: {selector: h1}}", page(""))
                .file("tin/a.html", "<html><body>a</body></html>")
                .with("--pages all --pages !tin/**"),
            all("the limit changes no verdict", "{element: {selector: h1}}", &page(""))
                .file("a.html", "<html><body>a</body></html>")
                .with("--max-pages 1"),
        ],
    );
}

#[test]
fn domains() {
    let at = |url: &str| case("domain-name", url, page("")).with("--url").with(url);
    run(
        "domains",
        &[
            at("https://tinh-a.gov.vn/"),
            at("https://www.sogd.tinh-a.gov.vn/"),
            at("https://TINH-A.GOV.VN:8443/x"),
            at("https://chinhphu.vn/"),
            at("https://www.chinhphu.vn/"),
            at("https://baochinhphu.vn/").fails("domain-pattern"),
            at("https://tinh-a.vn/").fails("domain-pattern").with("--only domain-name").exit(0),
            at("https://tinh-a.gov.vn.example.org/").fails("domain-pattern"),
            at("https://tinh-agov.vn/").fails("domain-pattern"),
            at("https://gov.vn.com/").fails("domain-pattern"),
            at("https://10.0.0.1/").fails("domain-pattern"),
            at("https://tinh-a.gov.vn@example.org/").fails("domain-pattern"),
            case("domain-name", "a warning fails when asked to", page(""))
                .with("--url https://tinh-a.vn/ --fail-on warning --only domain-name")
                .fails("domain-pattern")
                .exit(1),
            case("domain-name", "a pattern of the unit's own", page(""))
                .with("--url https://tinh-a.vn/ --param domain=tinh-[a-z]\\.vn"),
            case("domain-name", "no address", page("")).not_applicable("no-address"),
            case("domain-name", "a home page that cannot be read does not matter", "")
                .with("--url https://tinh-a.gov.vn/"),
        ],
    );
}

/// Two portals and a retired one, with ids as declared.
fn estate(name: &str, a: &str, b: &str, declared: (&str, &str)) -> Case {
    let id = |id: &str| if id.is_empty() { String::new() } else { format!("    emc_site_id: \"{id}\"\n") };
    let sites = format!(
        "apiVersion: rasoat/v1\nsites:\n  - id: a\n    role: portal\n    url: https://a.gov.vn/\n    source: dist\n{}  \
         - id: b\n    role: portal\n    url: https://b.gov.vn/\n    source: b\n{}",
        id(declared.0),
        id(declared.1)
    );
    case("emc-site-id-unique", name, a).beside("b/index.html", b).beside("sites.yml", sites).at("a")
}

#[test]
fn ids_over_the_estate() {
    let (one, other, none) = (connected(""), page(&snippet("33")), page(""));
    run("one site, one id", &[
        estate("two ids", &one, &other, ("", "")),
        estate("one id twice", &one, &one, ("", "")).fails("site-id-shared"),
        estate("one id twice, seen from the other", &one, &one, ("", "")).at("b").fails("site-id-shared"),
        estate("seen against declared", &one, &none, ("", "205")).fails("site-id-shared"),
        estate("declared twice, nothing seen", &none, &none, ("7", "7")).fails("site-id-shared"),
        estate("what is seen counts before what is declared", &one, &other, ("7", "7")),
        estate("neither seen nor declared", &none, &one, ("", "")).not_applicable("no-site-id"),
        estate("could not be seen", "", &one, ("", "")).open("empty"),
        estate("could not be seen, but is declared", "", &one, ("205", "")).fails("site-id-shared"),
        estate("decided when shards are merged", &one, &one, ("", "")).with("--shard 1/2").open("not-requested"),
        estate("narrowed to one site, the other declares the same", &one, &none, ("", "205")).with("--site a").fails("site-id-shared"),
        case("emc-site-id-unique", "a retired site uses no id", one.clone()).beside("sites.yml",
            "apiVersion: rasoat/v1\nsites:\n  - id: a\n    role: portal\n    url: https://a.gov.vn/\n    source: dist\n  \
             - id: old\n    role: portal\n    url: https://old.gov.vn/\n    emc_site_id: \"205\"\n    retired_on: 2025-01-01\n").at("a"),
        case("emc-site-id-unique", "a retired site is asked nothing", one.clone()).beside("sites.yml",
            "apiVersion: rasoat/v1\nsites:\n  - id: old\n    role: portal\n    url: https://old.gov.vn/\n    source: dist\n    retired_on: 2025-01-01\n").at("old").not_applicable("retired").exit(4),
        case("emc-site-id-unique", "an id in a comment is not used", format!("{}<!-- {} -->", page(""), snippet("205"))).not_applicable("no-site-id"),
        case("emc-site-id-unique", "one target alone", one.clone()),
        case("emc-site-id-unique", "a service is not asked", one).with("--role service").none(),
    ]);
}

#[test]
fn ids_against_the_record() {
    const SITES: &str =
        "apiVersion: rasoat/v1\nsites:\n  - id: a\n    role: portal\n    url: https://a.gov.vn/\n    source: dist\n";
    let lock = "apiVersion: rasoat/v1\nsites:\n  a:\n    emc_site_id: \"205\"\n    accepted_on: 2025-06-01\n";
    let row = |name: &str, html: &str| {
        case("emc-site-id-drift", name, html).beside("sites.yml", SITES).beside("rasoat.lock", lock).at("a")
    };
    run(
        "ids against rasoat.lock",
        &[
            row("unchanged", &connected("")),
            row("another id", &page(&snippet("33"))).fails("site-id-drift"),
            row("the snippet is gone", &page("")).fails("site-id-gone"),
            row("the id is empty now", &page(&snippet(""))).fails("site-id-gone"),
            row("two ids, one of them recorded", &page(&format!("{}{}", snippet("33"), snippet("205")))),
            row("could not be seen", "").open("empty"),
            row(
                "hidden by a tag manager",
                &page("<script src=\"https://www.googletagmanager.com/gtm.js?id=GTM-1\"></script>"),
            )
            .open("needs-browser"),
            case("emc-site-id-drift", "nothing recorded", connected(""))
                .beside("sites.yml", SITES)
                .at("a")
                .not_applicable("nothing-recorded"),
            case("emc-site-id-drift", "recorded for another site", connected(""))
                .beside("sites.yml", SITES)
                .beside("rasoat.lock", lock.replace("  a:", "  b:"))
                .at("a")
                .not_applicable("nothing-recorded"),
            case("emc-site-id-drift", "a target that is an entry's folder", page(&snippet("33")))
                .beside("sites.yml", SITES)
                .beside("rasoat.lock", lock)
                .fails("site-id-drift"),
        ],
    );
}

#[test]
fn combinators() {
    const YES: &str = "{element: {selector: h1}}";
    const NO: &str = "{element: {selector: video}}";
    const OPEN: &str = "{label: {tracker: emc}}";
    const NA: &str = "{links_to: {sites: children}}";
    let row = |name: &str, check: String| rule(name, &check, connected(""));
    run(
        "all_of, any_of, none_of",
        &[
            row("all: two hold", format!("{{all_of: [{YES}, {YES}]}}")),
            row("all: one does not", format!("{{all_of: [{YES}, {NO}]}}")).fails("element-missing"),
            row("all: one is open", format!("{{all_of: [{YES}, {OPEN}]}}")).open("not-requested"),
            row("all: a failure weighs more than what is open", format!("{{all_of: [{OPEN}, {NO}]}}"))
                .fails("element-missing"),
            row("all: what asks nothing is left out", format!("{{all_of: [{YES}, {NA}]}}")),
            row("all: nothing is asked", format!("{{all_of: [{NA}]}}")).not_applicable("no-components"),
            row("any: one holds", format!("{{any_of: [{NO}, {YES}]}}")),
            row("any: none holds", format!("{{any_of: [{NO}, {NO}]}}")).fails("element-missing"),
            row("any: one is open", format!("{{any_of: [{NO}, {OPEN}]}}")).open("not-requested"),
            row("any: one holds, one is open", format!("{{any_of: [{OPEN}, {YES}]}}")),
            row("none: none holds", format!("{{none_of: [{NO}]}}")),
            row("none: one holds", format!("{{none_of: [{NO}, {YES}]}}")).fails("forbidden"),
            row("none: one is open", format!("{{none_of: [{OPEN}, {NO}]}}")).open("not-requested"),
            row("none: nothing is asked", format!("{{none_of: [{NA}]}}")).not_applicable("no-components"),
            row("nested", format!("{{all_of: [{{any_of: [{NO}, {YES}]}}, {{none_of: [{NO}]}}]}}")),
            rule("all: the page could not be read", &format!("{{all_of: [{YES}, {NO}]}}"), "").open("empty"),
            rule("none: the page could not be read", &format!("{{none_of: [{NO}]}}"), "").open("empty"),
            rule("a rung below: live", "{tracker: {name: emc, reach: live}}", page(&snippet(""))),
            rule("a rung below: addressed", "{tracker: {name: emc, reach: addressed}}", page(&snippet(""))),
            rule(
                "a rung below: text",
                "{tracker: {name: emc, reach: text}}",
                page(&format!("<!-- {} -->", snippet("1"))),
            ),
            rule("a rung above: loaded", "{tracker: {name: emc, reach: loaded}}", connected("")).open("not-requested"),
            rule("a rung above: sent, without a snippet", "{tracker: {name: emc, reach: sent}}", page(""))
                .fails("snippet-missing"),
            rule(
                "links to fixed addresses",
                "{links_to: {urls: ['https://dichvucong.gov.vn/']}}",
                page("<a href=http://www.dichvucong.gov.vn>DVC</a>"),
            ),
            rule(
                "no link to them",
                "{links_to: {urls: ['https://dichvucong.gov.vn/', 'https://chinhphu.vn/']}}",
                page("<a href=http://dichvucong.gov.vn>DVC</a>"),
            )
            .fails("missing-link"),
        ],
    );
}
