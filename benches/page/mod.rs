//! One portal page in a folder of its own, with the policy that the benches draw facts for.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use rasoat::acquire::Needs;
use rasoat::acquire::folder::Folder;
use rasoat::policy::{self, Check, Policy};
use rasoat::site::{self, Estate};

/// The snippet as the ministry gives it.
pub(crate) const SNIPPET: &str = "var _govaq = window._govaq || [];
_govaq.push(['trackPageView']);
_govaq.push(['enableLinkTracking']);
(function () {
  _govaq.push(['setTrackerUrl', 'https://f-emc.ngsp.gov.vn/tracking']);
  _govaq.push(['setSiteId', '205']);
  var d = document, g = d.createElement('script'), s = d.getElementsByTagName('script')[0];
  g.type = 'text/javascript'; g.async = true; g.defer = true;
  g.src = 'https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js';
  s.parentNode.insertBefore(g, s);
})();";

/// Everything a page is read with.
pub(crate) struct Setting {
    pub(crate) needs: Needs,
    pub(crate) folder: Folder,
    _kept: tempfile::TempDir,
}

/// A folder with one page of 60 kB and about two hundred links, and a style sheet of so many rules.
pub(crate) fn setting(css_rules: usize) -> Setting {
    let kept = tempfile::tempdir().expect("a folder");
    std::fs::write(kept.path().join("index.html"), page()).expect("a page");
    std::fs::write(kept.path().join("site.css"), sheet(css_rules)).expect("a style sheet");
    let policy = policy();
    let selectors = policy.rules.iter().flat_map(|r| r.check.walk()).filter_map(|c| match c {
        Check::Element(element) => Some(element.selector.clone()),
        _ => None,
    });
    let selectors = selectors.collect();
    let needs =
        Needs { trackers: policy.trackers, deferred_types: policy.deferred_types, selectors, ..Needs::default() };
    let folder = Folder::open(&estate(kept.path()).sites()[0], 8 << 20).expect("the folder");
    Setting { needs, folder, _kept: kept }
}

pub(crate) fn policy() -> Policy {
    policy::load("benches/policy.yml", &BTreeMap::new()).expect("the bench policy").policy
}

/// A portal with five component sites.
pub(crate) fn estate(folder: &Path) -> Estate {
    let mut sites = String::from("apiVersion: rasoat/v1\nsites:\n");
    let _ = writeln!(sites, "  - {{id: mau, role: portal, url: https://mau.gov.vn/, source: {:?}}}", folder);
    for n in 0..5 {
        let _ = writeln!(sites, "  - {{id: so-{n}, role: component, url: https://so-{n}.mau.gov.vn/, parent: mau}}");
    }
    site::read("sites.yml", sites.as_bytes(), Path::new("/")).expect("a sites file").estate
}

fn page() -> String {
    let text = "Ủy ban nhân dân tỉnh công khai thủ tục hành chính và kết quả giải quyết hồ sơ của người dân";
    let mut page = String::from(
        "<!doctype html>\n<html lang=\"vi\"><head><meta charset=\"utf-8\"><title>Cổng thông tin điện tử</title>\n\
         <link rel=\"stylesheet\" href=\"/site.css\"></head><body><nav class=\"menu\"><ul>\n",
    );
    for n in 0..200 {
        let host = if n % 20 == 0 { format!("https://so-{}.mau.gov.vn", n / 20 % 5) } else { String::new() };
        let _ = writeln!(
            page,
            "<li class=\"item item-{n}\"><a title=\"Tin số {n}\" href=\"{host}/tin/{n}.html\">Tin số {n}</a></li>"
        );
    }
    page.push_str("</ul></nav><main><article><h1>Trang chủ</h1>\n");
    while page.len() < 59_000 {
        let _ = writeln!(page, "<p class=\"text\"><span>{text}</span>, <em>{text}</em>.</p>");
    }
    let _ = writeln!(page, "</article></main><script>{SNIPPET}</script></body></html>");
    page
}

fn sheet(rules: usize) -> String {
    (0..rules)
        .map(|n| match n % 4 {
            0 => format!(".menu .item-{n} > a:hover {{ color: #00{} }}\n", n % 10),
            1 => format!("#top li:nth-child({n}) a[title] {{ display: block }}\n"),
            2 => format!("@media (max-width: {}px) {{ .item-{n} {{ display: none }} }}\n", 400 + n % 900),
            _ => format!("ul li.item-{n} {{ padding: {}px; visibility: visible }}\n", n % 30),
        })
        .collect()
}
