//! The short form of `benches/browser.sh`: a dozen ordinary pages at four tabs take neither long nor much memory, and
//! leave nothing behind. The bounds are wide: other tests are at work meanwhile.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::lane::{browsers_of, profiles_of};
use super::{TRACKER, finding, hits, page, policy, snippet, told, tracker};
use crate::e2e::program::{begin, run};
use crate::e2e::server::{Host, Server};

/// Sites that are shown.
const PAGES: usize = 12;
/// For all of them, the browser's start included; alone on two cores it is under ten seconds.
const LONGEST: Duration = Duration::from_secs(90);
/// The program with its whole browser, MiB.
const MOST_MEMORY: u64 = 900;

/// A process and all that descend from it.
fn tree(root: u32) -> BTreeSet<u32> {
    let entries = std::fs::read_dir("/proc").unwrap().flatten();
    let numbers = entries.filter_map(|e| e.file_name().to_str()?.parse::<u32>().ok());
    let parents: BTreeMap<u32, u32> = numbers
        .filter_map(|id| {
            let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
            Some((id, stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()?))
        })
        .collect();
    let mut found = BTreeSet::from([root]);
    loop {
        let more: Vec<u32> =
            parents.iter().filter(|(id, of)| found.contains(of) && !found.contains(id)).map(|(id, _)| *id).collect();
        if more.is_empty() {
            return found;
        }
        found.extend(more);
    }
}

/// A process's share of memory, KiB: what several map is shared out among them.
fn share(id: u32) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{id}/smaps_rollup")).ok()?;
    text.lines().find_map(|l| l.strip_prefix("Pss:"))?.trim().strip_suffix("kB")?.trim().parse().ok()
}

#[test]
fn a_dozen_pages_at_four_tabs_take_neither_long_nor_much_memory() {
    let server = Server::start();
    server.host(TRACKER, tracker());
    let text: String =
        (0..700).map(|n| format!("<p class=\"tin\">Tin số {n}: ủy ban nhân dân triển khai nhiệm vụ.</p>\n")).collect();
    let sites: String = (0..PAGES)
        .map(|n| {
            let name = format!("s{n}.test");
            server.host(&name, Host::page(page("", &format!("{text}{}", snippet(&server, &format!("{n}1"))))));
            format!("  - {{id: s{n}, role: portal, url: '{}'}}\n", server.https(&name))
        })
        .collect();
    let files = [policy(&server), ("sites.yml", format!("apiVersion: rasoat/v1\nsites:\n{sites}"))];
    let running = begin(&server, "check -q -p p.yml --only emc-label --browser-path chromium --tabs 4", &files);
    let (id, over) = (running.id(), Arc::new(AtomicBool::new(false)));
    let until = over.clone();
    let sampler = std::thread::spawn(move || {
        let mut most = (0, 0);
        while !until.load(Ordering::Relaxed) {
            let all = tree(id);
            most = most.max((all.iter().filter_map(|id| share(*id)).sum::<u64>() / 1024, all.len()));
            std::thread::sleep(Duration::from_millis(150));
        }
        most
    });
    let ended = running.end();
    over.store(true, Ordering::Relaxed);
    let (memory, processes) = sampler.join().unwrap();
    let report = ended.report();
    let seen: Vec<&str> = report["findings"].as_array().unwrap().iter().map(|f| f["basis"].as_str().unwrap()).collect();
    assert_eq!(seen, ["browser"; PAGES], "{}", report["findings"]);
    assert_eq!(ended.exit, Some(0));
    assert_eq!(hits(&server), 0);
    assert!(processes > 4, "{processes} processes: the browser was not measured");
    assert!(memory < MOST_MEMORY, "{memory} MiB at most");
    assert!(ended.took < LONGEST, "{:?}", ended.took);
    assert_eq!((browsers_of(id), profiles_of(id)), (vec![], 0));
}

#[test]
fn the_example_that_only_a_browser_can_decide_passes_with_one() {
    let server = Server::start();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/so-noi-vu");
    let flags =
        "--role component --parent https://tinh-a.gov.vn/ --url https://sonoivu.tinh-a.gov.vn/ --emc-site-id 208";
    let without = run(&server, &format!("check {folder} -q {flags} --browser never"), &[]).report();
    assert_eq!(told(&without, "emc-label"), "inconclusive - not-requested static configured");
    let ended = run(&server, &format!("check {folder} -q {flags} --browser-path chromium"), &[]);
    let report = ended.report();
    assert_eq!(told(&report, "emc-label"), "pass - - stand-in configured", "{}", finding(&report, "emc-label"));
    assert_eq!(ended.exit, Some(0));
    assert!(server.log().is_empty(), "the stand-in asks nobody");
}
