//! A portal and its component sites as folders, and the reports the program makes of them.

use std::fs;
use std::path::Path;

use rasoat::report::{Report, from_json};

use crate::support::{rasoat, write};

const SNIPPET: &str = "<script>var _govaq=window._govaq||[];_govaq.push(['trackPageView']);(function(){_govaq.push(['setTrackerUrl',\
'https://f-emc.ngsp.gov.vn/tracking']);_govaq.push(['setSiteId','@']);var d=document,g=d.createElement('script'),\
s=d.getElementsByTagName('script')[0];g.async=true;g.src='https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js';\
s.parentNode.insertBefore(g,s)})()</script><footer>Đã kết nối EMC</footer>";

/// What a site's home page is this time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Home {
    /// With the snippet.
    Right,
    /// Without it.
    Bare,
    /// An empty file: nothing to judge.
    Empty,
}

/// A sites file of one portal, `cong`, and so many component sites, all of them right.
pub(crate) fn town(folder: &Path, sites: usize) {
    let mut text = String::from("apiVersion: rasoat/v1\nsites:\n");
    let mut links = String::new();
    for n in 1..=sites {
        links.push_str(&format!("<a href=https://so-{n}.gov.vn/>Sở {n}</a>"));
    }
    for n in 0..=sites {
        let (id, role) = if n == 0 {
            ("cong".to_owned(), "role: portal")
        } else {
            (format!("so-{n}"), "role: component, parent: cong")
        };
        text.push_str(&format!("  - {{id: {id}, {role}, url: 'https://{id}.gov.vn/', source: {id}}}\n"));
        let links = if n == 0 { links.as_str() } else { "<a href=https://cong.gov.vn/>Cổng</a>" };
        fs::create_dir_all(folder.join(&id)).unwrap();
        fs::write(folder.join(&id).join("links.txt"), links).unwrap();
        set(folder, &id, Home::Right);
    }
    fs::write(folder.join("sites.yml"), text).unwrap();
}

/// Changes a site's home page.
pub(crate) fn set(folder: &Path, id: &str, home: Home) {
    let links = fs::read_to_string(folder.join(id).join("links.txt")).unwrap();
    let number = id.bytes().fold(7u32, |n, b| n * 31 % 9_999 + u32::from(b));
    let snippet = if home == Home::Right { SNIPPET.replace('@', &number.to_string()) } else { String::new() };
    let page = format!(
        "<!doctype html><html lang=vi><head><title>{id}</title></head><body><h1>{id}</h1>{links}{snippet}</body></html>"
    );
    let page = if home == Home::Empty { String::new() } else { page };
    write(folder, &[(format!("{id}/index.html"), page.into_bytes())]);
}

pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs the program on a day.
pub(crate) fn run(folder: &Path, day: &str, args: &str) -> Ended {
    let at: jiff::Timestamp = format!("{day}T02:00:00Z").parse().unwrap();
    let output = rasoat(folder)
        .env("SOURCE_DATE_EPOCH", at.as_second().to_string())
        .args(args.split_whitespace())
        .output()
        .unwrap();
    Ended {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A report with a failure and a pass.
pub(crate) fn report() -> Report {
    static JSON: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    let json = JSON.get_or_init(|| {
        let kept = tempfile::TempDir::new().unwrap();
        town(kept.path(), 2);
        set(kept.path(), "so-1", Home::Bare);
        run(kept.path(), "2026-10-01", "check -q --browser never --report json").stdout
    });
    from_json(json).unwrap()
}

/// The names of a folder's files, sorted.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
