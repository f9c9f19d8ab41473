//! The browser lane end to end: the real program, a real Chromium, a tracker of the tests' own on a server that counts
//! what reaches it.

mod ladder;
mod lane;
pub(crate) use lane::browsers_of;
mod pace;
mod tricks;

use serde_json::Value;

use super::program::{Ended, run};
use super::server::{Answer, Host, Server};

/// The tracker's host.
pub(crate) const TRACKER: &str = "tracker.test";

/// A library that does what the real one does: it takes over the queue, counts the visit by a beacon and a picture,
/// and adds its label.
pub(crate) const LIBRARY: &str = r#"(function () {
  var queue = window._govaq || [], state = {};
  queue.forEach(function (c) { state[c[0]] = c[1] === undefined ? true : c[1]; });
  if (state.trackPageView && state.setTrackerUrl) {
    var said = 'idsite=' + encodeURIComponent(state.setSiteId) + '&url=' + encodeURIComponent(location.href);
    navigator.sendBeacon(state.setTrackerUrl, said);
    new Image().src = state.setTrackerUrl + '?' + said;
  }
  var wrap = document.createElement('div');
  wrap.className = 'yhy-append-wrap';
  wrap.innerHTML = '<div id="yhy-append" class="yhy-append"><a id="btnEMC" class="yhy-append-btn" href="javascript:void(0)" style="display:flex"><span class="yhy-append-txt">Đã kết nối EMC</span></a></div>';
  (document.body || document.documentElement).appendChild(wrap);
})();"#;

/// The tracker's host as it should be.
pub(crate) fn tracker() -> Host {
    tracker_with(Answer::file("text/javascript; charset=utf-8", LIBRARY))
}

/// The tracker's host with another library.
pub(crate) fn tracker_with(library: Answer) -> Host {
    Host::new(
        move |asked| {
            if asked.path.starts_with("/lib.js") { library.clone() } else { Answer::new(200, "", "counted") }
        },
    )
}

/// The shipped criteria with that tracker.
pub(crate) fn policy(server: &Server) -> (&'static str, String) {
    let at = server.https(TRACKER);
    let shipped = std::fs::read_to_string("policies/tt22-2023.yml").unwrap();
    let text = shipped
        .replace("https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js", &format!("{at}lib.js"))
        .replace("https://f-emc.ngsp.gov.vn/tracking", &format!("{at}tracking"))
        .replace("https://f-emc.ngsp.gov.vn", at.trim_end_matches('/'));
    ("p.yml", text)
}

/// The canonical snippet.
pub(crate) fn snippet(server: &Server, id: &str) -> String {
    format!("<script>{}</script>", snippet_text(server, id))
}

/// Its script.
pub(crate) fn snippet_text(server: &Server, id: &str) -> String {
    let at = server.https(TRACKER);
    format!(
        "var _govaq = window._govaq || [];\n_govaq.push(['trackPageView']);\n_govaq.push(['enableLinkTracking']);\n\
         (function () {{\n_govaq.push(['setTrackerUrl', '{at}tracking']);\n_govaq.push(['setSiteId', '{id}']);\n\
         var d = document, g = d.createElement('script'), s = d.getElementsByTagName('script')[0];\n\
         g.type = 'text/javascript'; g.async = true; g.defer = true;\ng.src = '{at}lib.js';\n\
         s.parentNode.insertBefore(g, s);\n}})();\n"
    )
}

/// A home page.
pub(crate) fn page(head: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"vi\"><head><meta charset=\"utf-8\"><title>Sở A</title>{head}</head>\n\
         <body><h1>Sở Giáo dục và Đào tạo</h1><p>Tin tức, văn bản, thủ tục.</p>\n{body}\n</body></html>"
    )
}

/// Checks with a browser.
pub(crate) fn check(server: &Server, args: &str, files: &[(&str, String)]) -> Ended {
    let mut all = vec![policy(server)];
    all.extend(files.iter().map(|(name, text)| (*name, text.clone())));
    run(server, &format!("check {args} -p p.yml --browser-path chromium"), &all)
}

/// The finding of a rule.
pub(crate) fn finding(report: &Value, rule: &str) -> Value {
    let findings = report["findings"].as_array().unwrap();
    findings.iter().find(|f| f["rule"] == rule).unwrap_or_else(|| panic!("no finding of {rule}")).clone()
}

/// What a finding says in short: verdict, code or gap, basis, rung.
pub(crate) fn told(report: &Value, rule: &str) -> String {
    let finding = finding(report, rule);
    let part = |key: &str| finding[key].as_str().unwrap_or("-").to_owned();
    [part("verdict"), part("code"), part("gap"), part("basis"), part("reached")].join(" ")
}

/// Requests that reached the collector.
pub(crate) fn hits(server: &Server) -> usize {
    server.asked(TRACKER).iter().filter(|a| !a.path.starts_with("/lib.js")).count()
}
