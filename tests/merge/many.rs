//! Thousands of sites in many shards: the merged report is the whole run's, and every format is rendered in a time
//! that grows with the sites and not with their square.

use std::time::{Duration, Instant};

use rasoat::merge::{Ending, Part, join};
use rasoat::report::{Beside, Format, HumanOptions, Report, render, to_json};
use rasoat::snapshot::{Gap, Link};

use super::shards::shards;
use crate::town::{Town, drawn, url};

/// So many sites, each with three links; every hundredth could not be seen.
fn province(sites: usize) -> Town {
    let entry = |k: usize| match k {
        0 => "id: s-0, role: portal, url: 'https://s-0.gov.vn/', emc_site_id: '0'".to_owned(),
        k => format!("id: s-{k}, role: component, parent: s-0, url: 'https://s-{k}.gov.vn/', emc_site_id: '{}'", k / 2),
    };
    let entries: Vec<String> = (0..sites).map(entry).collect();
    let mut town = Town::of(&entries.iter().map(String::as_str).collect::<Vec<_>>());
    let plain = drawn(&url("https://s-0.gov.vn/"), "<a href=/x>x</a>", &town.run.needs());
    for k in 0..sites {
        let id = format!("s-{k}");
        let mut page = plain.clone();
        page.address = town.site(&id).url.clone().unwrap();
        page.base = page.address.clone();
        let to =
            |n: usize| Link { href: format!("https://s-{}.gov.vn/", (k * 7 + n) % sites), ..plain.links[0].clone() };
        page.links = (0..3).map(to).collect();
        town.pages.insert(id, if k % 100 == 99 { Err(Gap::Dns) } else { Ok(page) });
    }
    town
}

/// How long it takes to put shards together and to write every format.
fn merged(shards: Vec<Report>) -> (Report, Duration) {
    let since = Instant::now();
    let named = shards.into_iter().enumerate().map(|(n, report)| Part { name: format!("{n}.json"), report });
    let report = join(named.collect(), Ending::default()).unwrap();
    for format in Format::ALL {
        assert!(!render(&report, format, &HumanOptions::default(), &Beside::default()).unwrap().is_empty());
    }
    (report, since.elapsed())
}

#[test]
fn a_thousand_sites() {
    let whole = province(1_000).report();
    let (mut report, long) = merged(shards(province(1_000), 12));
    let (_, short) = merged(shards(province(100), 12));
    report.run_id.clone_from(&whole.run_id);
    assert!(to_json(&report).unwrap() == to_json(&whole).unwrap(), "the merged report is another one");
    // Ten times the sites may take ten times as long, a square would take a hundred times.
    println!("100 sites: {short:?}, 1,000 sites: {long:?}");
    assert!(long < short * 40, "100 sites take {short:?}, 1,000 take {long:?}");
}
