//! The hash of the normalised snippet: the same however a snippet is written, another when it does another thing.

use super::{SNIPPET, page, repository, run, value, write};

/// The hash that a page with a snippet gets.
fn hash(snippet: &str) -> String {
    let folder = repository();
    page(&folder, "a", snippet);
    let ended = run(&folder, "lock --site tinh-a --browser never");
    assert_eq!(ended.exit, Some(0), "{snippet}\n{}{}", ended.out, ended.err);
    value(&folder, "tinh-a", "snippet_sha256").unwrap_or_else(|| "none".to_owned())
}

#[test]
fn another_form_is_the_same_snippet() {
    let first = hash(SNIPPET);
    assert_eq!(first.len(), 64);
    let minified = SNIPPET.lines().map(str::trim).collect::<String>();
    let commented = SNIPPET.replace("_govaq.push", "/* đo */ _govaq.push");
    let quotes = SNIPPET.replace('\'', "\"");
    let number = SNIPPET.replace("'205'", "205");
    let renamed =
        SNIPPET.replace("var d = document, g = d.", "var doc = document, g = doc.").replace("s = d.", "s = doc.");
    let relative = SNIPPET.replace("https://f-emc", "//f-emc");
    let inserted = SNIPPET.replace("s.parentNode.insertBefore(g, s)", "document.head.appendChild(g)");
    let literal = "<script>var _govaq = [['trackPageView'], ['enableLinkTracking'], \
        ['setTrackerUrl', 'https://f-emc.ngsp.gov.vn/tracking'], ['setSiteId', '205']];</script>\
        <script async src='https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js'></script>";
    for other in [&minified, &commented, &quotes, &number, &renamed, &relative, &inserted, literal] {
        assert_eq!(hash(other), first, "{other}");
    }
}

#[test]
fn a_file_of_its_own_and_its_name_do_not_matter() {
    let first = hash(SNIPPET);
    for name in ["emc.js", "emc.8f3a1c.js"] {
        let folder = repository();
        let code = SNIPPET.replace("<script>", "").replace("</script>", "");
        write(&folder, &format!("a/{name}"), &code);
        page(&folder, "a", &format!("<script src='{name}'></script>"));
        run(&folder, "lock --site tinh-a --browser never");
        assert_eq!(value(&folder, "tinh-a", "snippet_sha256"), Some(first.clone()));
    }
}

#[test]
fn another_id_or_command_is_another_snippet() {
    let mut seen = vec![hash(SNIPPET)];
    for other in [
        SNIPPET.replace("205", "206"),
        SNIPPET.replace("  _govaq.push(['enableLinkTracking']);\n", ""),
        SNIPPET.replace("enableLinkTracking", "disableCookies"),
        SNIPPET.replace("['trackPageView']", "['trackPageView', 'Trang chủ']"),
        SNIPPET.replace("(function", "_govaq.push(['setDoNotTrack', true]);\n(function"),
    ] {
        let hash = hash(&other);
        assert!(!seen.contains(&hash), "{other}");
        seen.push(hash);
    }
}

#[test]
fn another_collector_is_another_snippet() {
    // A policy with another collector: only there does such a snippet work.
    let with = |host: &str| {
        let folder = repository();
        let policy = std::fs::read_to_string("policies/tt22-2023.yml").unwrap();
        write(
            &folder,
            "own.yml",
            &policy.replace("https://f-emc.ngsp.gov.vn/tracking", &format!("https://{host}/tracking")),
        );
        page(&folder, "a", &SNIPPET.replace("f-emc.ngsp.gov.vn/tracking", &format!("{host}/tracking")));
        let ended = run(&folder, "lock --site tinh-a --browser never --policy own.yml");
        assert_eq!(ended.exit, Some(0), "{}{}", ended.out, ended.err);
        value(&folder, "tinh-a", "snippet_sha256").unwrap()
    };
    assert_eq!(with("f-emc.ngsp.gov.vn"), hash(SNIPPET));
    assert_ne!(with("do.example.vn"), hash(SNIPPET));
}

#[test]
fn what_is_only_known_at_run_time_has_no_hash() {
    let known_id = SNIPPET.replace("['trackPageView']", "['trackPageView', document.title]");
    assert_eq!(hash(&known_id), "none");
}
