//! Thousands of sites: what is said of them does not depend on the order of the sites file, and is short.

use rasoat::snapshot::Gap;

use super::town::{Town, drawn, url};

const SITES: usize = 3_000;
const LINKS: usize = 40;

/// A province of [`SITES`] sites in some order, each with [`LINKS`] links: to siblings, strangers, the portal, itself.
fn province(order: &[usize]) -> Town {
    let entries: Vec<String> = order
        .iter()
        .map(|n| match n {
            0 => "id: p-0, role: portal, url: 'https://tinh-0.gov.vn/'".to_owned(),
            1 => "id: p-1, role: portal, url: 'https://tinh-1.gov.vn/'".to_owned(),
            n => {
                format!("id: c-{n}, role: component, parent: p-{}, url: 'https://c-{n}.tinh-{}.gov.vn/'", n % 2, n % 2)
            }
        })
        .collect();
    let mut town = Town::of(&entries.iter().map(String::as_str).collect::<Vec<_>>());
    let plain = drawn(&url("https://tinh-0.gov.vn/"), "<a href=/x>x</a>", &town.run.needs());
    for n in order {
        let id = if *n < 2 { format!("p-{n}") } else { format!("c-{n}") };
        if n % 97 == 5 {
            town.pages.insert(id, Err(Gap::Dns));
            continue;
        }
        let mut page = plain.clone();
        page.address = town.site(&id).url.clone().unwrap();
        page.base = page.address.clone();
        let to = |k: usize| match k % 4 {
            0 => format!("https://c-{}.tinh-{}.gov.vn/", (n * 7 + k) % SITES, (n * 7 + k) % 2),
            1 => format!("https://u-{}.tinh-0.gov.vn/", (n * k) % 5_000),
            2 if k == 2 => format!("https://tinh-{}.gov.vn/", (n / 3) % 2),
            _ => "/tin".to_owned(),
        };
        page.links = (0..LINKS).map(|k| rasoat::snapshot::Link { href: to(k), ..plain.links[0].clone() }).collect();
        town.pages.insert(id, Ok(page));
    }
    town
}

#[test]
fn three_thousand_sites_in_any_order() {
    let straight: Vec<usize> = (0..SITES).collect();
    // 1,999 has no factor in common with 3,000: every site once.
    let shuffled: Vec<usize> = (0..SITES).map(|n| (n * 1_999 + 17) % SITES).collect();
    let (a, b) = (province(&straight).report(), province(&shuffled).report());
    assert_eq!(a.estate_notes, b.estate_notes);
    let mut codes: Vec<&str> = a.estate_notes.iter().map(|n| n.code.as_str()).collect();
    codes.dedup();
    assert_eq!(codes, ["orphan", "links-to-other-portal", "link-to-dead-site", "undeclared-hosts"]);
    assert!(a.estate_notes.iter().all(|n| n.places.len() <= 100 && n.message.en.len() < 6_000));
    let verdicts = |report: &rasoat::report::Report| {
        let mut all: Vec<_> =
            report.findings.iter().map(|f| (f.site.clone(), f.rule.clone(), f.verdict, f.code.clone())).collect();
        all.sort();
        all
    };
    assert_eq!(verdicts(&a), verdicts(&b));
}
