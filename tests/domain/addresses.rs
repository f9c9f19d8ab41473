//! Addresses and ids: parsed, never compared by look; http and https; ids that are empty, left as a placeholder,
//! or another site's.

use super::cases::{Case, case, run};
use super::pages::{LIBRARY, LOADER, code, connected, page, script, snippet};

fn row(name: &str, html: impl Into<Vec<u8>>) -> Case {
    case("emc-snippet", name, html)
}

/// The snippet with one address changed wherever it stands.
fn with(from: &str, to: &str) -> String {
    connected("").replace(from, to)
}

#[test]
fn hosts_and_paths() {
    const HOST: &str = "https://f-emc.ngsp.gov.vn/";
    run(
        "addresses of the library and the collector",
        &[
            row("a look-alike host", with(HOST, "https://f-emc.ngsp.gov.vn.example.org/"))
                .fails("wrong-host")
                .reached("live")
                .line(21),
            row("the host as a user name", with(HOST, "https://f-emc.ngsp.gov.vn@example.org/")).fails("wrong-host"),
            row("the host in a path", with(HOST, "https://example.org/f-emc.ngsp.gov.vn/")).fails("wrong-host"),
            row("the host in a query", with(HOST, "https://example.org/?https://f-emc.ngsp.gov.vn/"))
                .fails("wrong-host"),
            row("another sub-domain", with(HOST, "https://emc.ngsp.gov.vn/")).fails("wrong-host"),
            row("a letter more", with(HOST, "https://ff-emc.ngsp.gov.vn/")).fails("wrong-host"),
            row("a Cyrillic letter", with(HOST, "https://f-emc.ngsp.g\u{43e}v.vn/")).fails("wrong-host"),
            row("a relative address", with(HOST, "/")).fails_any(),
            row(
                "a copy of the library on the own host",
                with("src = 'https://f-emc.ngsp.gov.vn/embed/", "src = '/js/"),
            )
            .fails_any(),
            row("another path of the library", with("/embed/gov-tracking.min.js", "/embed/gov-tracking.js"))
                .fails("wrong-path"),
            row("another path of the collector", with("gov.vn/tracking", "gov.vn/track")).fails("wrong-path").line(17),
            row("a path in capitals", with("/embed/", "/Embed/")).fails("wrong-path"),
            row(
                "the collector on another host",
                with("https://f-emc.ngsp.gov.vn/tracking", "https://matomo.tinh-a.gov.vn/tracking"),
            )
            .fails("wrong-host"),
            row("another port", with(HOST, "https://f-emc.ngsp.gov.vn:8443/")).fails("wrong-host"),
            row("the default port written out", with(HOST, "https://f-emc.ngsp.gov.vn:443/")),
            row("a host in capitals", with(HOST, "https://F-EMC.NGSP.GOV.VN/")),
            row("a version in the library's query", with("gov-tracking.min.js", "gov-tracking.min.js?v=20240701")),
            row("dots in the path", with("/embed/gov", "/x/../embed/gov")),
            row("without a scheme on an https page", with("https:", "")).with("--url https://a.gov.vn/"),
            row("without a scheme on an http page", with("https:", ""))
                .with("--url http://a.gov.vn/")
                .note("http-address"),
            row(
                "no collector",
                with("    _govaq.push(['setTrackerUrl', 'https://f-emc.ngsp.gov.vn/tracking']);\n", ""),
            )
            .fails("collector-missing"),
            row("a collector that is no address", with("'https://f-emc.ngsp.gov.vn/tracking'", "''")).fails_any(),
        ],
    );
}

#[test]
fn http_and_https() {
    let http = connected("").replace("https://f-emc", "http://f-emc");
    run("http addresses", &[
        row("http on an https page", http.clone()).with("--url https://a.gov.vn/").fails("mixed-content"),
        row("http on an http page", http.clone()).with("--url http://a.gov.vn/").note("http-address"),
        row("https on an http page", connected("")).with("--url http://a.gov.vn/").no_note("http-address"),
        row("a folder without an address is judged as https", http.clone()).fails("mixed-content").note("address-assumed"),
        row("an address that is known needs no such note", connected("")).with("--url https://a.gov.vn/").no_note("address-assumed"),
        row("only the library by http", connected("").replace("src = 'https:", "src = 'http:")).with("--url https://a.gov.vn/").fails("mixed-content"),
        row("only the collector by http", connected("").replace("'https://f-emc.ngsp.gov.vn/tracking'", "'http://f-emc.ngsp.gov.vn/tracking'"))
            .with("--url https://a.gov.vn/").fails("mixed-content"),
        row("http chosen by the page's protocol", script(
            "var _govaq=[];var u=(('https:'==document.location.protocol)?'https://':'http://')+'f-emc.ngsp.gov.vn/';\
             _govaq.push(['trackPageView'],['setTrackerUrl',u+'tracking'],['setSiteId','1']);var g=document.createElement('script');\
             g.src=u+'embed/gov-tracking.min.js';document.body.appendChild(g);")).with("--url https://a.gov.vn/"),
        row("a sub page's layout with http, while the home layout is right", connected(""))
            .file("tin/1.html", http.clone()).with("--url https://a.gov.vn/"),
        row("the same when all pages are asked for", connected(""))
            .file("tin/1.html", http).with("--url https://a.gov.vn/ --pages all").fails("mixed-content"),
    ]);
}

#[test]
fn site_ids() {
    let id = |text: &str| {
        script(&format!(
            "var _govaq=[['trackPageView'],['setTrackerUrl','https://f-emc.ngsp.gov.vn/tracking'],['setSiteId',{text}]];{LOADER}"
        ))
    };
    run("ids", &[
        row("empty", connected("").replace("'205'", "''")).fails("site-id-empty").reached("addressed").line(18),
        row("spaces", id("'  '")).fails("site-id-empty"),
        row("not given", connected("").replace(", '205'", "")).fails("site-id-empty"),
        row("null", id("null")).fails("site-id-empty"),
        row("undefined", id("undefined")).fails_any(),
        row("the word undefined", id("'undefined'")).fails("site-id-placeholder"),
        row("SITE_ID", id("'SITE_ID'")).fails("site-id-placeholder"),
        row("a template's braces", id("'{{ emc_site_id }}'")).fails("site-id-placeholder"),
        row("a PHP tag", id("'<?php echo $emc; ?>'")).fails("site-id-placeholder"),
        row("an ASP tag", id("'<%= EmcId %>'")).fails("site-id-placeholder"),
        row("a build variable", id("'${EMC_ID}'")).fails("site-id-placeholder"),
        row("letters", id("'abc'")).fails_any(),
        row("letters and digits", id("'205a'")).fails_any(),
        row("a negative number", id("-1")).fails_any(),
        row("a fraction", id("20.5")).fails_any(),
        row("full-width digits", id("'２０５'")).fails_any(),
        row("Arabic digits", id("'٢٠٥'")).fails_any(),
        row("a list", id("['205']")).fails_any(),
        row("an object", id("{id:205}")).fails_any(),
        row("no id at all", connected("").replace("    _govaq.push(['setSiteId', '205']);\n", "")).fails("site-id-missing"),
        row("a helper with an empty default", script(&format!(
            "function emc(id){{id=id||'';window._govaq=[['trackPageView'],['setTrackerUrl','https://f-emc.ngsp.gov.vn/tracking'],['setSiteId',id]];{LOADER}}}emc();")))
            .fails("site-id-empty"),
        row("a default parameter that is empty", script(&format!(
            "const emc=(id='')=>{{window._govaq=[['trackPageView'],['setTrackerUrl','https://f-emc.ngsp.gov.vn/tracking'],['setSiteId',id]];{LOADER}}};emc();")))
            .fails("site-id-empty"),
        row("a theme with an empty tracking variable", page(&format!(
            "<script>var theme={{tracking_id:\"\"}};</script><script>var _govaq=[['trackPageView'],['setTrackerUrl','https://f-emc.ngsp.gov.vn/tracking'],['setSiteId',theme.tracking_id]];{LOADER}</script>")))
            .fails("site-id-empty"),
        row("another than the declared one", connected("")).with("--emc-site-id 206").fails("site-id-mismatch").line(18),
        row("the declared one", connected("")).with("--emc-site-id 205"),
        row("a prefix of the declared one", connected("")).with("--emc-site-id 2050").fails("site-id-mismatch"),
        row("two ids, none declared", page(&format!("{}{}", snippet("205"), snippet("33")))).note("several-site-ids"),
        row("two ids, one of them declared", page(&format!("{}{}", snippet("205"), snippet("33")))).with("--emc-site-id 205").note("several-site-ids"),
        row("two ids, neither declared", page(&format!("{}{}", snippet("205"), snippet("33")))).with("--emc-site-id 1").fails("site-id-mismatch"),
        row("one id in two layouts", page(&format!("{}{}", snippet("205"), snippet("205")))).no_note("several-site-ids"),
        row("no page view", connected("").replace("  _govaq.push(['trackPageView']);\n", "")).fails("no-page-view"),
        row("a page view in other letters", connected("").replace("trackPageView", "trackPageview")).fails("no-page-view"),
        row("a page view that is commented out", connected("").replace("_govaq.push(['trackPageView'])", "//_govaq.push(['trackPageView'])")).fails("no-page-view"),
        row("commands as strings instead of lists", connected("").replace("['setSiteId', '205']", "'setSiteId', '205'")).fails_any(),
        row("the id in the comment behind an empty one", connected("").replace("'205'", "''/* 205 */")).fails("site-id-empty"),
        row("an id that is commented out before the real one", connected("").replace(
            "    _govaq.push(['setSiteId', '205']);", "    // _govaq.push(['setSiteId', '205']);")).fails("site-id-missing"),
        row("the library's address in a comment", connected("").replace(&format!("g.src = '{LIBRARY}';"), &format!("// g.src = '{LIBRARY}';"))).fails_any(),
        row("text of the snippet after it", connected("").replace("</script>", &format!("\n/*{}*/</script>", code("9").replace("*/", "")))),
    ]);
}
