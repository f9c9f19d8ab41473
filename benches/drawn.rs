//! What rasoat draws from a page: counts the facts of every page of a folder through the same door as `check`,
//! so that a ratio of times can be read beside the work behind it. `cargo run --release --example drawn FOLDER`.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "what cannot begin has no result, and the result is printed"
)]

use std::collections::BTreeMap;
use std::path::Path;

use rasoat::acquire::folder::Folder;
use rasoat::acquire::{Needs, page};
use rasoat::policy::{self, Check, Pages};
use rasoat::site;

fn main() {
    let folder = std::env::args().nth(1).expect("a folder");
    let policy = policy::load("benches/policy.yml", &BTreeMap::new()).expect("the bench policy").policy;
    let checks = policy.rules.iter().flat_map(|r| r.check.walk());
    let selectors = checks.filter_map(|c| match c {
        Check::Element(element) => Some(element.selector.clone()),
        _ => None,
    });
    let selectors = selectors.collect();
    let needs =
        Needs { trackers: policy.trackers, deferred_types: policy.deferred_types, selectors, ..Needs::default() };
    let sites = format!(
        "apiVersion: rasoat/v1\nsites: [{{id: a, role: portal, url: 'https://a.gov.vn/', source: {folder:?}}}]"
    );
    let sites = site::read("sites.yml", sites.as_bytes(), Path::new(".")).expect("a sites file");
    let folder = Folder::open(&sites.estate.sites()[0], 8 << 20).expect("a folder");
    let files = folder.list(&[Pages::All], usize::MAX).others;
    let mut drawn = BTreeMap::<&str, usize>::new();
    for file in &files {
        let page = page::of_folder(&folder, file, &needs, page::Kind::Inner).expect("a page");
        let queues = || page.queues.values();
        for (name, count) in [
            ("links", page.links.len()),
            ("scripts", page.scripts.len()),
            ("commands", queues().map(|q| q.commands.len()).sum()),
            ("loaders", queues().map(|q| q.loads.len()).sum()),
            ("matched elements", page.elements.values().map(Vec::len).sum()),
            ("characters of text", page.text.chars().count()),
        ] {
            *drawn.entry(name).or_default() += count;
        }
    }
    let pages = files.len().max(1);
    let facts: Vec<String> = drawn.iter().map(|(name, sum)| format!("{} {name}", sum / pages)).collect();
    println!("{}", facts.join(", "));
}
