//! Several declared sites on one host: paths and ports decide whose page a link leads to.

use rasoat::finding::Verdict;

use super::town::Town;

const PORTAL: &str = "id: tinh-a, role: portal, url: 'https://tinh-a.gov.vn/'";

fn component(path: &str) -> String {
    format!(
        "id: '{}', role: component, parent: tinh-a, url: 'https://tinh-a.gov.vn{path}'",
        path.trim_matches(['/', ':']).replace('/', ".")
    )
}

fn verdict(paths: &[&str], body: &str) -> Verdict {
    let mut entries = vec![PORTAL.to_owned()];
    entries.extend(paths.iter().map(|path| component(path)));
    let entries: Vec<&str> = entries.iter().map(String::as_str).collect();
    Town::of(&entries).page("tinh-a", body).finding("tinh-a", "component-links").verdict
}

#[test]
fn the_longest_path_decides() {
    use Verdict::{Fail, Pass};
    for (paths, body, wanted) in [
        (&["/xa-b/"][..], "<a href=/xa-b/tin>a</a>", Pass),
        (&["/xa-b/"], "<a href=/xa-bc/>a</a>", Fail),
        (&["/xa-b/"], "<a href=/>a</a>", Fail),
        (&["/xa-b/", "/xa-b/thon-1/"], "<a href=/xa-b/thon-1/>a</a>", Fail),
        (&["/xa-b/", "/xa-b/thon-1/"], "<a href=/xa-b/thon-1/>a</a><a href=/xa-b/thon-2/>b</a>", Pass),
        (&["/xa-b/trang-chu.html"], "<a href=/xa-b/gioi-thieu.html>a</a>", Pass),
        (&[":8443/"], "<a href=/>a</a>", Fail),
        (&[":8443/"], "<a href=https://tinh-a.gov.vn:8443/x>a</a>", Pass),
        (
            &[":8443/", ":8444/"],
            "<a href=https://tinh-a.gov.vn:8443/x>a</a><a href=https://tinh-a.gov.vn:8443/>a</a>",
            Fail,
        ),
    ] {
        assert_eq!(verdict(paths, body), wanted, "{paths:?} {body}");
    }
}

#[test]
fn a_portal_on_another_port_is_told_apart() {
    let town = |body: &str| Town::of(&[PORTAL, &component(":8443/")]).page("tinh-a", "").page("8443", body);
    assert_eq!(town("<a href=https://tinh-a.gov.vn/>a</a>").finding("8443", "portal-link").verdict, Verdict::Pass);
    assert_eq!(town("<a href=https://tinh-a.gov.vn:8443/>a</a>").finding("8443", "portal-link").verdict, Verdict::Fail);
}
