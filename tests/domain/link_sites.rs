//! Which site an address leads to: hosts, ports, IDNA, look-alikes, shared hosts, aliases, `<base>`; and what a
//! portal owes its components.

use super::cases::{Case, case, run};
use super::pages::{page, page_with};
use crate::support::{rasoat, write};

/// A component's home page with one link, its portal at `portal`.
fn to(name: &str, portal: &str, href: &str) -> Case {
    case("portal-link", name, page(&format!("<a href=\"{href}\">Cổng</a>")))
        .with("--role component --parent")
        .with(portal)
        .with("--url https://sogd.tinh-a.gov.vn/")
}

#[test]
fn hosts() {
    const P: &str = "https://tinh-a.gov.vn/";
    run("hosts, ports, paths", &[
        to("the address itself", P, "https://tinh-a.gov.vn/").no_note("deep-link"),
        to("without the slash", P, "https://tinh-a.gov.vn").no_note("deep-link"),
        to("http", P, "http://tinh-a.gov.vn/").no_note("other-port"),
        to("www", P, "https://www.tinh-a.gov.vn/"),
        to("www declared, bare linked", "https://www.tinh-a.gov.vn/", "https://tinh-a.gov.vn/"),
        to("capitals", P, "HTTPS://Tinh-A.GOV.VN/"),
        to("the default port", P, "https://tinh-a.gov.vn:443/").no_note("other-port"),
        to("http's default port", P, "http://tinh-a.gov.vn:80/").no_note("other-port"),
        to("without scheme", P, "//tinh-a.gov.vn/"),
        to("a final dot", P, "https://tinh-a.gov.vn./"),
        to("a deep path", P, "https://tinh-a.gov.vn/Pages/trangchu.aspx").note("deep-link"),
        to("a query", P, "https://tinh-a.gov.vn/?lang=vi"),
        to("a fragment", P, "https://tinh-a.gov.vn/#top"),
        to("another port", P, "https://tinh-a.gov.vn:8443/").note("other-port"),
        to("a user name", P, "https://user:pw@tinh-a.gov.vn/"),
        to("the host as a user name", P, "https://tinh-a.gov.vn@example.org/").fails("missing-link").alike(true),
        to("back slashes", P, "https:\\\\tinh-a.gov.vn\\"),
        to("a sub-domain", P, "https://sotttt.tinh-a.gov.vn/").fails("missing-link").alike(false),
        to("two www", P, "https://www.www.tinh-a.gov.vn/").fails("missing-link").alike(false),
        to("www1", P, "https://www1.tinh-a.gov.vn/").fails("missing-link").alike(false),
        to("a look-alike before", P, "https://x-tinh-a.gov.vn/").fails("missing-link").alike(true),
        to("a look-alike behind", P, "https://tinh-a.gov.vn.example.org/").fails("missing-link").alike(true),
        to("the address in a query", P, "https://example.org/?u=https://tinh-a.gov.vn/").fails("missing-link").alike(false),
        to("the address in a path", P, "https://web.archive.org/web/2024/https://tinh-a.gov.vn/").fails("missing-link").alike(false),
        to("the host as a relative path", P, "tinh-a.gov.vn").fails("missing-link").alike(false),
        to("a host with www only in the path", P, "/www.tinh-a.gov.vn").fails("missing-link"),
        to("ftp", P, "ftp://tinh-a.gov.vn/").fails("missing-link"),
        to("an address that cannot be read", P, "https://tinh-a .gov.vn/").fails("missing-link"),
        to("IDNA: marks declared, punycode linked", "https://đànẵng.vn/", "https://xn--nng-8la0j78a.vn/").fails_or_pass(),
        to("IDNA: the same marks", "https://đànẵng.vn/", "https://ĐÀNẴNG.vn/"),
        to("IDNA: decomposed marks", "https://đànẵng.vn/", "https://đàna\u{306}\u{303}ng.vn/"),
        to("IDNA: without marks is another host", "https://đànẵng.vn/", "https://danang.vn/").fails("missing-link"),
        case("portal-link", "relative to base", page_with("<base href=\"https://tinh-a.gov.vn/\">", "<a href=\"Pages/home.aspx\">Cổng</a>"))
            .with("--role component --parent https://tinh-a.gov.vn/"),
        case("portal-link", "the first base counts", page_with("<base href=\"https://example.org/\"><base href=\"https://tinh-a.gov.vn/\">", "<a href=\"Pages/home.aspx\">Cổng</a>"))
            .with("--role component --parent https://tinh-a.gov.vn/").fails("missing-link"),
        case("portal-link", "six siblings, a look-alike, an e-mail address, and not the portal", page(
            "<a href=https://soyt.hanoi.gov.vn>a</a><a href=https://sotc.hanoi.gov.vn>b</a><a href=https://soct.hanoi.gov.vn>c</a>\
             <a href=https://sonv.hanoi.gov.vn>d</a><a href=https://sotp.hanoi.gov.vn>e</a><a href=https://soxd.hanoi.gov.vn>f</a>\
             <a href=https://sogd-hanoi.gov.vn>g</a><a href=mailto:vanthu@hanoi.gov.vn>h</a>"))
            .with("--role component --parent https://hanoi.gov.vn/").fails("missing-link").alike(true),
        case("portal-link", "no parent is said", page("")).with("--role component").not_applicable("no-parent"),
        case("portal-link", "without a role", page("")).not_applicable("role-unknown"),
    ]);
}

/// A sites file of a portal and its components, with further entries and lines put in.
fn sites(more: &str) -> String {
    format!(
        "apiVersion: rasoat/v1\nsites:\n  - id: tinh-a\n    role: portal\n    url: https://tinh-a.gov.vn/\n    source: dist\n    \
         aliases: [https://cu.tinh-a.gov.vn/]\n  - id: sogd\n    role: component\n    parent: tinh-a\n    url: https://sogd.tinh-a.gov.vn/\n    source: so\n\
         {more}"
    )
}

fn portal(name: &str, body: &str, more: &str) -> Case {
    case("component-links", name, page(body))
        .beside("sites.yml", sites(more))
        .beside("so/index.html", page(""))
        .at("tinh-a")
}

fn component(name: &str, body: &str, more: &str) -> Case {
    case("portal-link", name, page("")).beside("sites.yml", sites(more)).beside("so/index.html", page(body)).at("sogd")
}

#[test]
fn portals_and_their_components() {
    const SOYT: &str =
        "  - id: soyt\n    role: component\n    parent: tinh-a\n    url: https://soyt.tinh-a.gov.vn/\n    source: so\n";
    const GONE: &str = "  - id: soyt\n    role: component\n    parent: tinh-a\n    url: https://soyt.tinh-a.gov.vn/\n    retired_on: 2025-07-01\n";
    const LATER: &str = "  - id: soyt\n    role: component\n    parent: tinh-a\n    url: https://soyt.tinh-a.gov.vn/\n    source: so\n    retired_on: 2026-07-01\n";
    const SHARED: &str =
        "  - id: xa-b\n    role: component\n    parent: tinh-a\n    url: https://tinh-a.gov.vn/xa-b/\n    source: so\n";
    const ALIAS: &str = "  - id: soyt\n    role: component\n    parent: tinh-a\n    url: https://soyt.tinh-a.gov.vn/\n    aliases: [https://syt.tinh-a.gov.vn/]\n    source: so\n";
    const OTHERS: &str = "  - id: tinh-b\n    role: portal\n    url: https://tinh-b.gov.vn/\n    source: so\n  - id: sogd-b\n    role: component\n    parent: tinh-b\n    url: https://sogd.tinh-b.gov.vn/\n    source: so\n";
    let sogd = "<a href=\"https://sogd.tinh-a.gov.vn/\">Sở GDĐT</a>";
    let both = "<a href=https://sogd.tinh-a.gov.vn>a</a><a href=https://soyt.tinh-a.gov.vn>b</a>";
    run("component links over a sites file", &[
        portal("its one component", sogd, ""),
        portal("one of two", sogd, SOYT).fails("missing-link"),
        portal("both", both, SOYT),
        portal("a retired component is owed no link", sogd, GONE),
        portal("a component that retires later is", sogd, LATER).fails("missing-link"),
        portal("another portal's component is owed none", sogd, OTHERS),
        portal("a share that the policy sets", sogd, SOYT).with("--param linked_share=50"),
        portal("a share that is not reached", "", SOYT).with("--param linked_share=50").fails("missing-link"),
        portal("a component's alias", "<a href=https://sogd.tinh-a.gov.vn>a</a><a href=https://syt.tinh-a.gov.vn/>b</a>", ALIAS),
        portal("a component below the portal's own host", "<a href=https://sogd.tinh-a.gov.vn>a</a><a href=\"/xa-b/\">Xã B</a>", SHARED),
        portal("its own home page is not that component", "<a href=https://sogd.tinh-a.gov.vn>a</a><a href=\"/tin\">Tin</a>", SHARED).fails("missing-link"),
        portal("a path that only begins alike", "<a href=https://sogd.tinh-a.gov.vn>a</a><a href=\"/xa-bc/\">Xã BC</a>", SHARED).fails("missing-link"),
        portal("one hidden", "<div hidden><a href=https://sogd.tinh-a.gov.vn>a</a></div>", "").fails("link-hidden"),
        portal("in a list to choose from", "<select onchange=\"location=this.value\"><option value=\"https://sogd.tinh-a.gov.vn/\">Sở</option></select>", "").note("link-in-select"),
        component("the portal", "<a href=\"https://tinh-a.gov.vn/\">Cổng</a>", ""),
        component("the portal's alias", "<a href=\"https://cu.tinh-a.gov.vn/\">Cổng</a>", ""),
        component("a component below the portal's host is not the portal", "<a href=\"https://tinh-a.gov.vn/xa-b/\">Xã B</a>", SHARED).fails("missing-link"),
        component("another page of the shared host is", "<a href=\"https://tinh-a.gov.vn/gioi-thieu\">Cổng</a>", SHARED),
        component("another portal", "<a href=\"https://tinh-b.gov.vn/\">Cổng</a>", OTHERS).fails("missing-link"),
        case("component-links", "components by flags", page(both)).with("--role portal --component https://sogd.tinh-a.gov.vn/ --component https://soyt.tinh-a.gov.vn/"),
        case("component-links", "one of two by flags", page(sogd)).with("--role portal --component https://sogd.tinh-a.gov.vn/ --component https://soyt.tinh-a.gov.vn/").fails("missing-link"),
        case("component-links", "none declared", page("")).with("--role portal").not_applicable("no-components"),
        case("component-links", "without a role", page("")).not_applicable("role-unknown"),
        case("portal-link", "a parent outside the file", page("<a href=https://tinh-z.gov.vn>Cổng</a>")).beside("sites.yml",
            "apiVersion: rasoat/v1\nsites:\n  - id: so\n    role: component\n    parent: https://www.tinh-z.gov.vn/\n    url: https://so.tinh-z.gov.vn/\n    source: dist\n").at("so"),
    ]);
}

#[test]
fn a_doubt_names_the_links_in_doubt_and_each_reason_once() {
    let style = "<style>@container (min-width:1px){.c{display:none}.v{visibility:hidden}}</style>";
    let link = |class: &str, n: u8| format!("<p class={class}><a href=https://c{n}.tinh-a.gov.vn/>{n}</a></p>");
    let said = |share: u8, body: &str| {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &[("dist/index.html".to_owned(), page_with(style, body).into_bytes())]);
        let mut command = rasoat(folder.path());
        command.args(["check", "dist", "--role", "portal", "--only", "component-links", "--report", "json", "-q"]);
        command.args(["--param", &format!("linked_share={share}")]);
        command.args((1..=3).flat_map(|n| ["--component".to_owned(), format!("https://c{n}.tinh-a.gov.vn/")]));
        let report: serde_json::Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
        let finding = report["findings"][0].clone();
        assert_eq!(finding["verdict"], "inconclusive", "{finding}");
        finding["message"]["en"].as_str().unwrap().to_owned()
    };
    // Two of three would be enough: the answer waits for those two alone.
    let both = said(60, &format!("{}{}", link("c", 1), link("v", 2)));
    assert!(both.contains("c1.") && both.contains("c2.") && !both.contains("c3."), "{both}");
    assert!(both.contains("(display: none, visibility: hidden)"), "{both}");
    let same = said(60, &format!("{}{}", link("c", 1), link("c", 2)));
    assert!(same.contains("(display: none)"), "{same}");
}
