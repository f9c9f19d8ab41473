//! Content security policies, in headers and in meta elements: what they let through, and what they stop.

use super::cases::{Case, case, run};
use super::pages::{CALLS, LOADER, code, connected, page, page_with, snippet};

/// The canonical page under a policy sent as a header.
fn header(name: &str, policy: &str) -> Case {
    case("emc-snippet", name, connected("")).file("_headers", format!("/*\n  Content-Security-Policy: {policy}\n"))
}

/// A home page whose link to its portal is written like this, under a policy sent as a header.
fn link(name: &str, policy: &str, body: &str) -> Case {
    case("portal-link", name, page(body))
        .with("--role component --parent https://tinh-a.gov.vn/ --url https://sogd.tinh-a.gov.vn/")
        .file("_headers", format!("/*\n  Content-Security-Policy: {policy}\n"))
}

/// The canonical page under a policy in a meta element.
fn meta(name: &str, policy: &str) -> Case {
    let meta = format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">");
    case("emc-snippet", name, page_with(&meta, &snippet("205")))
}

#[test]
fn policies() {
    const EMC: &str = "https://f-emc.ngsp.gov.vn";
    let in_file = page_with(
        "<meta http-equiv=content-security-policy content=\"script-src 'self' https://f-emc.ngsp.gov.vn\">",
        "<script src=/emc.js></script>",
    );
    run("content security policies", &[
        header("everything from the site only", "default-src 'self'").fails("csp-blocks"),
        header("inline allowed, the host not", "script-src 'self' 'unsafe-inline'").fails("csp-blocks"),
        header("the host allowed, inline not", &format!("script-src 'self' {EMC}")).fails("csp-blocks"),
        header("both allowed", &format!("script-src 'self' 'unsafe-inline' {EMC}; img-src *; connect-src *")),
        header("a nonce switches unsafe-inline off", &format!("script-src 'unsafe-inline' 'nonce-abc' {EMC}")).fails("csp-blocks"),
        header("all https", "default-src https: 'unsafe-inline'"),
        header("a wildcard above the host", "default-src *.ngsp.gov.vn 'unsafe-inline'"),
        header("a wildcard does not match its own name", "script-src *.f-emc.ngsp.gov.vn 'unsafe-inline'").fails("csp-blocks"),
        header("a path that fits", &format!("script-src 'unsafe-inline' {EMC}/embed/")),
        header("a path that does not fit", &format!("script-src 'unsafe-inline' {EMC}/tracking/")).fails("csp-blocks"),
        header("the collector is reachable in no way", &format!("script-src 'unsafe-inline' {EMC}; img-src 'self'; connect-src 'self'")).fails("csp-blocks"),
        header("no word of scripts", "frame-ancestors 'none'; upgrade-insecure-requests"),
        header("a policy that is empty", ""),
        header("none", "script-src 'none'").fails("csp-blocks"),
        case("emc-snippet", "a policy that only reports", connected(""))
            .file("_headers", "/*\n  Content-Security-Policy-Report-Only: default-src 'self'\n"),
        case("emc-snippet", "a header for other paths", connected(""))
            .file("_headers", "/admin/*\n  Content-Security-Policy: default-src 'self'\n"),
        case("emc-snippet", "two policies: both bind", connected("")).file("_headers",
            "/*\n  Content-Security-Policy: script-src https: 'unsafe-inline'\n  Content-Security-Policy: script-src 'self'\n").fails("csp-blocks"),
        meta("a meta from the site only", "default-src 'self'").fails("csp-blocks"),
        meta("a meta that allows both", "script-src 'self' 'unsafe-inline' f-emc.ngsp.gov.vn; img-src https:"),
        meta("a meta with a look-alike", "script-src 'unsafe-inline' https://f-emc.ngsp.gov.vn.example.org").fails("csp-blocks"),
        meta("a meta that only reports is nothing", "").no_note("csp-blocks"),
        // CSP level 3, 3.3: a policy in a meta is not applied to what precedes it, and the library's request has begun.
        case("emc-snippet", "a meta behind the snippet", page_with(&format!(
            "{}<meta http-equiv=\"Content-Security-Policy\" content=\"script-src 'self'\">", snippet("205")), "")),
        case("emc-snippet", "a meta behind the snippet that keeps data from the collector", page_with(&format!(
            "{}<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'self'\">", snippet("205")), "")).fails("csp-blocks"),
        case("emc-snippet", "a meta behind a loader that waits", page_with(&format!(
            "<script>window._govaq=[{CALLS},['setSiteId','205']];setTimeout(function(){{{LOADER}}},0)</script>\
             <meta http-equiv=\"Content-Security-Policy\" content=\"script-src 'self' 'unsafe-inline'\">"), "")).fails("csp-blocks"),
        // Trusted Types: what is no value of theirs is refused, unless a default policy of the page lets it through.
        meta("Trusted Types are demanded", "require-trusted-types-for 'script'").open("needs-browser"),
        header("Trusted Types are demanded by the server", "require-trusted-types-for 'script'").open("needs-browser"),
        meta("Trusted Types of nothing", "require-trusted-types-for"),
        case("emc-snippet", "Trusted Types and the library's own tag", page_with(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"require-trusted-types-for 'script'\">",
            &format!("<script>window._govaq=[{CALLS},['setSiteId','205']]</script><script async src={EMC}/embed/gov-tracking.min.js></script>"))),
        case("emc-snippet", "a meta in the body binds nothing", connected("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'self'\">")),
        case("emc-snippet", "a nonce that matches", page_with(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"script-src 'nonce-r4nd0m' 'strict-dynamic'\">",
            &format!("<script nonce=\"r4nd0m\">{}</script>", code("205")))),
        case("emc-snippet", "a nonce that does not match", page_with(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"script-src 'nonce-r4nd0m' 'strict-dynamic'\">",
            &format!("<script nonce=\"other\">{}</script>", code("205")))).fails("csp-blocks"),
        case("emc-snippet", "a file of the site needs no inline", in_file.clone()).file("emc.js", code("205")),
        case("emc-snippet", "a file of the site that the policy forbids", in_file.replace("'self' ", "")).file("emc.js", code("205")).fails("csp-blocks"),
        case("emc-snippet", "commands and loader in two scripts, one without its nonce", page_with(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"script-src 'nonce-a' https://f-emc.ngsp.gov.vn\">",
            &format!("<script nonce=a>window._govaq=[{CALLS},['setSiteId','1']];</script><script>{LOADER}</script>"))).fails("csp-blocks"),
    ]);
}

#[test]
fn links_by_script() {
    let list = "<select onchange=\"location.href=this.value\"><option value=\"https://tinh-a.gov.vn/\">Cổng tỉnh</option></select>";
    let click = "<button onclick=\"location.href='https://tinh-a.gov.vn/'\">Cổng tỉnh</button>";
    let anchor = "<a href=\"https://tinh-a.gov.vn/\">Cổng tỉnh</a>";
    run(
        "links that need code of attributes",
        &[
            link("a list under a policy that stops such code", "script-src 'self'", list).open("needs-browser"),
            link("a click under a policy that stops such code", "script-src 'self'", click).open("needs-browser"),
            link("a nonce does not hold for attributes", "script-src 'unsafe-inline' 'nonce-a'", list)
                .open("needs-browser"),
            link(
                "attributes have a word of their own",
                "script-src 'self' 'unsafe-inline'; script-src-attr 'none'",
                list,
            )
            .open("needs-browser"),
            link(
                "only a digest, which may be that of the code",
                "script-src 'unsafe-hashes' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
                list,
            )
            .open("needs-browser"),
            link("a list under a policy that allows it", "script-src 'self' 'unsafe-inline'", list)
                .note("link-in-select"),
            link("a policy about something else", "img-src 'self'", click).note("link-by-script"),
            link("a link needs no code", "default-src 'none'", anchor),
            link("another link beside", "script-src 'self'", &format!("{list}{anchor}")),
        ],
    );
}
