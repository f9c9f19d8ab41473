//! A province of 300 sites on a bad day. Transient faults are tried again before anything is said; what is said is
//! never wrong. `RASOAT_E2E_SEEDS=20 cargo test --test e2e flaky -- --nocapture` runs the long form; the short one
//! takes three seeds, and for independent faults a third of the sites.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::program::{Ended, run};
use super::server::{Act, Answer, CHUNKED, FOREVER, Fault, Handshake, Host, Province, Server, chunk};

const SITES: usize = 300;
const TROUBLED: usize = 15;

fn seeds() -> std::ops::Range<u64> {
    0..std::env::var("RASOAT_E2E_SEEDS").ok().and_then(|n| n.parse().ok()).unwrap_or(3)
}

/// Fifteen ways to fail for a while, no two alike.
fn faults() -> Vec<Fault> {
    let page = "<!doctype html><html><head><title>Cổng</title></head><body><p>Một phần của trang";
    let status = |status: u16, headers: &str| Answer::new(status, headers, "xin thử lại");
    let faults = [
        Answer::acts(vec![Act::Reset]),
        Answer::acts(vec![Act::Cut]),
        Answer::then("HTTP/1.1 200 OK\r\nContent-Type", Act::Reset),
        Answer::raw("HTTP/1.1 200 OK\r\nContent-Type"),
        Answer::cut_short(page, 9_000, Act::Reset),
        Answer::cut_short(page, 9_000, Act::Cut),
        Answer::raw([CHUNKED.as_bytes(), &chunk(page.as_bytes())].concat()),
        Answer::acts(vec![Act::Wait(FOREVER)]),
        Answer::cut_short(page, 9_000, Act::Wait(FOREVER)),
        status(429, "Retry-After: 1\r\n"),
        status(500, ""),
        status(502, ""),
        status(503, "Retry-After: 0\r\n"),
        status(504, ""),
    ];
    faults.into_iter().map(Fault::Answer).chain([Fault::Handshake(Handshake::Reset)]).collect()
}

fn check(server: &Server, province: &Province) -> Ended {
    let flags = "check -q --skip domain-name --skip emc-site-id-unique --skip emc-site-id-drift --timeout 3s --jobs 32 --per-host 32 --record rec";
    let ended = run(server, flags, &[("sites.yml", province.sites(server))]);
    let judging = "--skip domain-name --skip emc-site-id-unique --skip emc-site-id-drift";
    assert_eq!(ended.replayed(judging), None, "a replay tells the same");
    ended
}

fn differences(truth: &BTreeMap<String, String>, said: &BTreeMap<String, String>) -> Vec<String> {
    assert_eq!(truth.keys().collect::<Vec<_>>(), said.keys().collect::<Vec<_>>(), "the same questions are asked");
    let pairs = truth.iter().filter(|(key, wanted)| said[*key] != **wanted);
    pairs.map(|(key, wanted)| format!("{key}: {wanted} became {}", said[key])).collect()
}

#[test]
fn without_faults_the_truth_is_told() {
    let (server, province) = (Server::start(), Province::new(99, SITES));
    province.serve(&server, &|_, host| host);
    let ended = check(&server, &province);
    println!("{SITES} sites without faults: {:?}, {} KiB", ended.took, ended.peak);
    assert_eq!(differences(&province.truth(), &ended.verdicts()), [""; 0]);
}

#[test]
fn fifteen_hosts_that_fail_once_or_twice_change_nothing() {
    let (mut flips, mut all) = (0, 0);
    for seed in seeds() {
        let (server, province) = (Server::start(), Province::new(seed, SITES));
        let mut random = fastrand::Rng::with_seed(seed);
        let mut troubled: Vec<&str> = province.alive();
        random.shuffle(&mut troubled);
        troubled.truncate(TROUBLED);
        let faults = faults();
        let twice: Vec<bool> = faults.iter().map(|_| random.bool()).collect();
        province.serve(&server, &|name, host| match troubled.iter().position(|t| *t == name) {
            Some(k) if twice[k] => host.fails([faults[k].clone(), faults[(k + 1) % TROUBLED].clone()]),
            Some(k) => host.fails([faults[k].clone()]),
            None => host,
        });
        let ended = check(&server, &province);
        let differences = differences(&province.truth(), &ended.verdicts());
        println!("seed {seed}: {:?}, {} flips", ended.took, differences.len());
        assert!(ended.took < Duration::from_secs(90), "{:?}", ended.took);
        flips += differences.len();
        all += province.truth().len();
        assert_eq!(differences, [""; 0], "seed {seed}");
    }
    println!("{flips} of {all} verdicts flipped");
}

/// A province whose every request fails by such a chance: how many verdicts stay open, of how many, in words too.
fn by_chance(seed: u64, sites: usize, chance: f64) -> (usize, usize, String) {
    let (server, province) = (Server::start(), Province::new(1_000 + seed, sites));
    let failed = Arc::new(AtomicUsize::new(0));
    province.serve(&server, &|name, host| {
        let name = name.bytes().fold(seed, |hash, b| hash.wrapping_mul(31).wrapping_add(u64::from(b)));
        let (mut faults, failed) = (faults(), Arc::clone(&failed));
        // Silence only costs time; one such fault is enough of a share.
        faults.remove(8);
        host.chance(move |before| {
            let mut random = fastrand::Rng::with_seed(name ^ (before << 32));
            let fault = (random.f64() < chance).then(|| random.choice(&faults).cloned()).flatten();
            failed.fetch_add(usize::from(fault.is_some()), Ordering::Relaxed);
            fault
        })
    });
    let ended = check(&server, &province);
    let (truth, said) = (province.truth(), ended.verdicts());
    let differences = differences(&truth, &said);
    let wrong: Vec<&String> = differences.iter().filter(|d| !d.contains("became inconclusive ")).collect();
    assert!(wrong.is_empty(), "seed {seed}: {wrong:?}");
    let story = format!(
        "seed {seed}: {:?}, {} of {} requests failed, {} of {} verdicts inconclusive",
        ended.took,
        failed.load(Ordering::Relaxed),
        server.log().len(),
        differences.len(),
        truth.len()
    );
    (differences.len(), truth.len(), story)
}

#[test]
fn one_request_in_twenty_fails_and_no_verdict_is_wrong() {
    let (mut open, mut all) = (0, 0);
    let sites = if seeds().end > 3 { SITES } else { SITES / 3 };
    for seed in seeds() {
        let (left, of, story) = by_chance(seed, sites, 0.05);
        println!("{story}");
        (open, all) = (open + left, all + of);
    }
    let share = f64::from(u32::try_from(open).unwrap()) / f64::from(u32::try_from(all).unwrap());
    println!("inconclusive: {open} of {all} = {share:.6}; p³ = {:.6} for each request", 0.05_f64.powi(3));
    assert!(share < 0.01, "{share}");
}

#[test]
fn one_request_in_three_fails_and_no_verdict_is_wrong() {
    let (open, all, story) = by_chance(7, 100, 0.33);
    println!("{story}");
    println!("inconclusive: {open} of {all}; p³ = {:.3} for each request", 0.33_f64.powi(3));
    assert!(open > 0, "with so many faults some verdicts stay open");
}

#[test]
fn servers_that_close_after_each_answer_without_saying_so() {
    // The connection looks usable until the next request is on its way.
    let (server, province) = (Server::start(), Province::new(11, 60));
    let mut random = fastrand::Rng::with_seed(11);
    let waits: Vec<u64> = (0..200).map(|_| random.u64(0..25)).collect();
    province.serve(&server, &|name, host| {
        let wait = waits[name.bytes().map(usize::from).sum::<usize>() % waits.len()];
        host.closes(Duration::from_millis(wait))
    });
    let ended = check(&server, &province);
    assert_eq!(differences(&province.truth(), &ended.verdicts()), [""; 0]);
}

#[test]
fn the_same_estate_gives_the_same_findings() {
    let (server, province) = (Server::start(), Province::new(12, 60));
    province.serve(&server, &|_, host| host);
    let findings = || {
        let mut report = check(&server, &province).report();
        report["findings"].take()
    };
    let first = findings();
    province.serve(&server, &|name, host| host.slow(Duration::from_millis(name.len() as u64 * 7 % 40)));
    assert_eq!(first, findings(), "who answers first does not matter");
}

#[test]
fn tries_go_round_by_round() {
    // With one visit at a time, a site in trouble must not hold up the others: its second try comes after
    // everybody's first.
    let server = Server::start();
    let (province, busy) = (Province::new(5, 30), Fault::Answer(Answer::new(503, "", "")));
    let alive = province.alive();
    let first = alive[0].to_owned();
    province.serve(&server, &|name, host: Host| {
        if name == first { host.fails([busy.clone(), busy.clone()]) } else { host }
    });
    let ended =
        run(&server, "check -q --only emc-snippet --jobs 1 --retries 2", &[("sites.yml", province.sites(&server))]);
    assert!(ended.verdicts().values().all(|v| !v.starts_with("inconclusive")), "{:?}", ended.verdicts());
    let log: Vec<String> = server.log().into_iter().filter(|a| a.path == "/").map(|a| a.host).collect();
    let second = log.iter().enumerate().filter(|(_, h)| **h == first).nth(1).unwrap().0;
    let before: std::collections::BTreeSet<&String> = log[..second].iter().collect();
    assert!(before.len() >= alive.len() / 2, "only {} sites were asked before the second try: {log:?}", before.len());
}
