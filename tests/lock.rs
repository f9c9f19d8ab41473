//! `rasoat lock` as a vendor uses it: record, check, change, see the change, accept it.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "support/mod.rs"]
mod support;

#[path = "lock/accepted.rs"]
mod accepted;
#[path = "lock/snippets.rs"]
mod snippets;

use tempfile::TempDir;

/// How a run ended.
struct Ended {
    exit: Option<i32>,
    out: String,
    err: String,
}

/// The snippet as the monitoring system gives it out.
const SNIPPET: &str = "<script>
  var _govaq = window._govaq || [];
  _govaq.push(['trackPageView']);
  _govaq.push(['enableLinkTracking']);
  (function () {
    _govaq.push(['setTrackerUrl', 'https://f-emc.ngsp.gov.vn/tracking']);
    _govaq.push(['setSiteId', '205']);
    var d = document, g = d.createElement('script'), s = d.getElementsByTagName('script')[0];
    g.async = true; g.src = 'https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js';
    s.parentNode.insertBefore(g, s);
  })();
</script>";

/// Two sites, `so-x` and `tinh-a`, of which the portal stands last.
fn repository() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let sites = "apiVersion: rasoat/v1\nsites:\n\
        \x20 - {id: tinh-a, role: portal, url: 'https://tinh-a.gov.vn/', source: a}\n\
        \x20 - {id: so-x, role: component, parent: tinh-a, url: 'https://so-x.tinh-a.gov.vn/', source: x}\n";
    write(&folder, "sites.yml", sites);
    page(&folder, "a", SNIPPET);
    page(&folder, "x", &SNIPPET.replace("205", "33"));
    folder
}

fn write(folder: &TempDir, path: &str, text: &str) {
    support::write(folder.path(), &[(path.to_owned(), text.as_bytes().to_vec())]);
}

fn page(folder: &TempDir, site: &str, snippet: &str) {
    let html =
        format!("<!doctype html>\n<html lang=vi><head><title>Trang</title>\n{snippet}</head><body></body></html>\n");
    write(folder, &format!("{site}/index.html"), &html);
}

fn run(folder: &TempDir, args: &str) -> Ended {
    on(folder, args, "1767225600")
}

/// Runs `rasoat ARGUMENTS` on another day.
fn on(folder: &TempDir, args: &str, clock: &str) -> Ended {
    let mut command = support::rasoat(folder.path());
    let output = command.args(args.split(' ')).env("SOURCE_DATE_EPOCH", clock).output().unwrap();
    let [out, err] = [output.stdout, output.stderr].map(|b| String::from_utf8(b).unwrap());
    Ended { exit: output.status.code(), out, err }
}

/// The lock's text.
fn lock(folder: &TempDir) -> String {
    std::fs::read_to_string(folder.path().join("rasoat.lock")).unwrap()
}

/// The lock's value of a key of a site.
fn value(folder: &TempDir, site: &str, key: &str) -> Option<String> {
    let text = lock(folder);
    let entry = text.split_once(&format!("  {site}:\n"))?.1;
    let mut lines = entry.lines().take_while(|l| l.starts_with("    "));
    lines.find_map(|l| l.trim().strip_prefix(key)?.strip_prefix(": ").map(|v| v.trim_matches('"').to_owned()))
}
