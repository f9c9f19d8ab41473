//! A table beside what a scan saw: the program checks folders and its report is laid beside the table.

use super::{folder, notes, ranking, run};

/// A page that carries the tag with an id.
fn tagged(id: &str) -> String {
    format!(
        "<!doctype html><html><head><title>x</title><script>var _govaq=window._govaq||[];_govaq.push(['trackPageView']);\
         _govaq.push(['enableLinkTracking']);(function(){{_govaq.push(['setTrackerUrl','https://f-emc.ngsp.gov.vn/tracking']);\
         _govaq.push(['setSiteId','{id}']);var d=document,g=d.createElement('script'),s=d.getElementsByTagName('script')[0];\
         g.type='text/javascript';g.async=true;g.defer=true;g.src='https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js';\
         s.parentNode.insertBefore(g,s);}})();</script></head><body><p>Trang chủ</p></body></html>"
    )
}

const SITES: &str = "apiVersion: rasoat/v1
sites:
  - {id: co-ma, name: Cổng A, role: portal, url: https://a.gov.vn/, source: a}
  - {id: khong-ma, name: Cổng B, role: portal, url: https://b.gov.vn/, source: b}
  - {id: khong-thay, name: Cổng C, role: portal, url: https://c.gov.vn/, source: c}
  - {id: dung-chung, name: Cổng D, role: portal, url: https://d.gov.vn/, source: d}
  - {id: ngoai-bang, name: Cổng E, role: portal, url: https://e.gov.vn/, source: e}
  - {id: thanh-phan, name: Trang F, role: component, parent: co-ma, url: https://f.gov.vn/, source: f}
  - {id: nghi, name: Cổng G, role: portal, url: https://g.gov.vn/, source: e, retired_on: 2025-01-01}
";

const TABLE: &str = "Đơn vị,Địa chỉ,Mã EMC,Lượt truy cập
Cổng A,https://a.gov.vn/,11,-
Cổng B,https://b.gov.vn/,12,500
Cổng C,https://c.gov.vn/,13,400
Cổng D,https://d.gov.vn/,14,300
Cổng lạ,https://la.gov.vn/,99,200
";

/// A folder with the table and the report of a scan of these sites.
fn scanned(table: &str) -> tempfile::TempDir {
    let bare = "<!doctype html><html><head><title>x</title></head><body><p>Trang chủ</p></body></html>";
    let page = |text: String| text.into_bytes();
    let files = folder(&[
        ("sites.yml", SITES.as_bytes()),
        ("table.csv", table.as_bytes()),
        ("a/index.html", &page(tagged("11"))),
        ("b/index.html", bare.as_bytes()),
        // An application shell: nobody can say without a browser.
        ("c/index.html", b"<!doctype html><html><head><title>x</title></head><body><div id=\"root\"></div><script src=\"https://cdn.example/app.js\"></script></body></html>"),
        ("d/index.html", &page(tagged("11"))),
        ("e/index.html", &page(tagged("15"))),
        ("f/index.html", &page(tagged("16"))),
    ]);
    let check = super::support::rasoat(files.path()).args(["check", "-q", "--report", "json=r.json"]).output().unwrap();
    assert!(files.path().join("r.json").exists(), "{}", String::from_utf8_lossy(&check.stderr));
    files
}

#[test]
fn tags_and_figures_are_laid_beside_each_other() {
    let files = scanned(TABLE);
    let table = ranking(files.path(), &["table.csv", "--with", "r.json"]);
    let only = |code: &str| -> String {
        let all = notes(&table, code);
        assert_eq!(all.len(), 1, "{code}: {all:?}\n{}", table["notes"]);
        all[0].clone()
    };
    assert!(only("tag-without-visits").starts_with("Cổng A (row 2, site co-ma)"));
    assert!(only("visits-without-tag").starts_with("Cổng B (row 3, site khong-ma)"));
    // What could not be seen is not called missing.
    assert!(only("tag-not-measured").starts_with("Cổng C (row 4, site khong-thay)"));
    assert!(only("id-shared").contains("the EMC id 11 is seen on several sites: co-ma; dung-chung"));
    assert!(only("id-differs").contains("EMC id 14, the site dung-chung uses 11"));
    assert!(only("not-in-report").contains("Cổng lạ"));
    let lacking = only("not-in-table");
    // A retired portal is not missed.
    assert!(lacking.contains("ngoai-bang") && !lacking.contains("nghi"), "{lacking}");
    // A table of portals does not lack every component.
    assert!(only("role-not-in-table").contains("component sites"));
    assert_eq!(table["blocks"][0]["rows"][0]["site"], "khong-ma");
    assert_eq!(table["reconciled_with"], "r.json");
}

#[test]
fn ids_of_other_sites_and_twins_are_told_and_not_guessed() {
    let files = scanned("Đơn vị,Địa chỉ,Mã EMC,Lượt truy cập\nCổng B,https://b.gov.vn/,15,500\n");
    let table = ranking(files.path(), &["table.csv", "--with", "r.json"]);
    let [told] = notes(&table, "id-of-another-site").try_into().unwrap();
    assert!(told.contains("ngoai-bang") && told.contains("khong-ma"), "{told}");
    assert!(table["blocks"][0]["rows"][0].get("site").is_none());
    // One id, two sites, nothing else to go by.
    let files = scanned("Mã EMC,Lượt truy cập\n11,500\n");
    let table = ranking(files.path(), &["table.csv", "--with", "r.json"]);
    assert_eq!(notes(&table, "site-ambiguous").len(), 1, "{table}");
}

/// A tag whose id is empty is there, and does not work; a page without any has none.
#[test]
fn a_tag_that_fails_is_not_called_missing() {
    let files = scanned(TABLE);
    std::fs::write(files.path().join("b/index.html"), tagged("")).unwrap();
    super::support::rasoat(files.path()).args(["check", "-q", "--report", "json=r.json"]).output().unwrap();
    let table = ranking(files.path(), &["table.csv", "--with", "r.json"]);
    assert!(notes(&table, "visits-without-tag").is_empty(), "{}", table["notes"]);
    assert!(notes(&table, "visits-with-failing-tag")[0].contains("(without an id) fails"), "{}", table["notes"]);
    // Pasted into a comment it is none.
    std::fs::write(files.path().join("b/index.html"), format!("<!doctype html><body><!-- {} -->", tagged("12")))
        .unwrap();
    super::support::rasoat(files.path()).args(["check", "-q", "--report", "json=r.json"]).output().unwrap();
    assert_eq!(notes(&ranking(files.path(), &["table.csv", "--with", "r.json"]), "visits-without-tag").len(), 1);
}

#[test]
fn the_findings_of_the_report_do_not_change_the_code_and_it_is_drawn_too() {
    let files = scanned(TABLE);
    let (code, stdout, stderr) = run(files.path(), &["table.csv", "--with", "r.json", "--report", "junit=r.xml"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.contains("Ranking by visits: table.csv · reconciled with r.json"), "{stdout}");
    assert!(std::fs::read_to_string(files.path().join("r.xml")).unwrap().contains("<testsuite"));
}
