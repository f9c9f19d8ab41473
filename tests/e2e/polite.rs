//! Manners: few requests at a time at one address, pauses, an honest name, nothing asked twice, and an end when
//! the user or the clock says so.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

use super::program::{begin, check, run, verdict};
use super::server::{Act, Answer, FIRST, FOREVER, Host, SECOND, Server, home, label, snippet};

fn page() -> String {
    home("Cổng", "<link rel=stylesheet href=/a.css>", &format!("{}{}", label(), snippet("1")), 0)
}

fn host(slow: Duration) -> Host {
    let files = [("/", Answer::html(page())), ("/a.css", Answer::file("text/css", "p{color:red}"))];
    Host::paths(files.map(|(path, answer)| (path, answer.after(slow))))
}

/// A server with so many sites, and their sites file.
fn many(n: usize, slow: Duration) -> (Server, String) {
    let server = Server::start();
    let mut sites = "apiVersion: rasoat/v1\nsites:\n".to_owned();
    for k in 0..n {
        let name = format!("s{k:02}.test");
        server.host(&name, host(slow));
        let _ = writeln!(sites, "  - {{id: s{k:02}, role: portal, url: \"{}\"}}", server.https(&name));
    }
    (server, sites)
}

fn all_pass(verdicts: &BTreeMap<String, String>) {
    assert!(verdicts.values().all(|v| v == "pass -"), "{verdicts:?}");
}

#[test]
fn forty_sites_at_one_address_get_four_requests_at_a_time() {
    let (server, sites) = many(40, Duration::from_millis(60));
    let flags = "check -q --only emc-snippet --only emc-label --jobs 40";
    for (more, most) in [("", 4), ("--per-host 2", 2), ("--per-host 9", 9)] {
        server.forget();
        let ended = run(&server, &format!("{flags} {more}"), &[("sites.yml", sites.clone())]);
        all_pass(&ended.verdicts());
        let busiest = server.busiest(FIRST);
        assert!(busiest <= most, "{busiest} at a time with {flags} {more}");
        assert!(busiest >= most.min(3), "only {busiest} at a time with {flags} {more}");
    }
}

#[test]
fn each_address_has_its_own_turn() {
    let server = Server::start();
    let mut sites = "apiVersion: rasoat/v1\nsites:\n".to_owned();
    for k in 0..24 {
        let name = format!("s{k:02}.test");
        server.host_at(&name, if k % 2 == 0 { FIRST } else { SECOND }, host(Duration::from_millis(80)));
        let _ = writeln!(sites, "  - {{id: s{k:02}, role: portal, url: \"{}\"}}", server.https(&name));
    }
    let ended = run(&server, "check -q --only emc-snippet --jobs 24 --per-host 2", &[("sites.yml", sites)]);
    all_pass(&ended.verdicts());
    assert_eq!((server.busiest(FIRST), server.busiest(SECOND)), (2, 2));
}

#[test]
fn the_number_of_sites_at_a_time_is_kept() {
    let (server, sites) = many(12, Duration::from_millis(60));
    let ended = run(&server, "check -q --only emc-snippet --jobs 2 --per-host 12", &[("sites.yml", sites)]);
    all_pass(&ended.verdicts());
    assert!(server.busiest(FIRST) <= 2, "{}", server.busiest(FIRST));
}

#[test]
fn a_pause_between_requests_is_kept() {
    let (server, sites) = many(6, Duration::ZERO);
    let ended = run(&server, "check -q --only emc-snippet --delay 250ms", &[("sites.yml", sites)]);
    all_pass(&ended.verdicts());
    let times: Vec<Instant> = server.log().iter().map(|a| a.at).collect();
    assert!(times.len() >= 6, "{}", times.len());
    // A connection takes its time, so that two requests may arrive a little closer than they began.
    let close: Vec<Duration> =
        times.windows(2).map(|w| w[1] - w[0]).filter(|d| *d < Duration::from_millis(80)).collect();
    assert!(close.is_empty(), "requests to one address follow too fast: {close:?}");
    let all = times[times.len() - 1] - times[0];
    let pauses = u32::try_from(times.len() - 1).unwrap();
    assert!(all > Duration::from_millis(250) * pauses - Duration::from_millis(250), "{pauses} pauses in {all:?}");
}

#[test]
fn the_program_says_who_it_is() {
    let server = Server::start();
    server.host("a.test", host(Duration::ZERO));
    check(&server, &server.https("a.test"), "");
    check(&server, &server.https("a.test"), "--user-agent Soat/1␣(+mailto:soat@tinh.test)");
    let agents: BTreeSet<String> =
        server.log().iter().filter_map(|a| a.header("user-agent").map(str::to_owned)).collect();
    let (own, given): (Vec<&String>, Vec<&String>) = agents.iter().partition(|a| !a.starts_with("Soat"));
    assert_eq!(given, ["Soat/1 (+mailto:soat@tinh.test)"]);
    let [own] = own[..] else { panic!("{agents:?}") };
    assert!(own.starts_with(concat!("rasoat/", env!("CARGO_PKG_VERSION"))) && own.contains('+'), "{own}");
    for imitation in ["Mozilla", "Chrome", "Safari"] {
        assert!(!own.contains(imitation), "{own}");
    }
}

#[test]
fn nothing_is_asked_twice() {
    visit_two_sites_of_one_host("home");
}

#[test]
fn nothing_is_asked_twice_in_a_crawl() {
    visit_two_sites_of_one_host("all");
}

fn visit_two_sites_of_one_host(pages: &str) {
    let server = Server::start();
    let shared = home(
        "Cổng",
        "<link rel=stylesheet href=/a.css><script src=/a.js></script>",
        &format!("{}{}", label(), snippet("1")),
        0,
    );
    server.host(
        "h.test",
        Host::paths([
            ("/mot/", Answer::html(shared.clone())),
            ("/hai/", Answer::html(shared)),
            ("/a.css", Answer::file("text/css", "@import '/b.css';p{color:red}").after(Duration::from_millis(80))),
            ("/b.css", Answer::file("text/css", "h1{color:red}")),
            ("/a.js", Answer::file("text/javascript", "var a=1").after(Duration::from_millis(80))),
        ]),
    );
    let entry = |id: &str| format!("  - {{id: {id}, role: portal, url: \"{}{id}/\"}}\n", server.https("h.test"));
    let sites = format!("apiVersion: rasoat/v1\nsites:\n{}{}", entry("mot"), entry("hai"));
    let ended =
        run(&server, &format!("check -q --only emc-snippet --only emc-label --pages {pages}"), &[("sites.yml", sites)]);
    all_pass(&ended.verdicts());
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for asked in server.log() {
        *count.entry(asked.path).or_default() += 1;
    }
    assert!(count.len() >= 5, "{count:?}");
    assert!(count.values().all(|n| *n == 1), "{count:?}");
}

#[test]
fn redirects_and_links_do_not_ask_twice_either() {
    let server = Server::start();
    let so = server.https("so.test");
    server.host("cong.test", Host::page(home("Cổng", "", &format!("<a href=\"{so}\">Sở</a>{}", snippet("1")), 0)));
    let cong = server.https("cong.test");
    server.host(
        "so.test",
        Host::new(move |a| match &*a.path {
            "/" => Answer::redirect("/trang-chu"),
            _ => Answer::html(home("Sở", "", &format!("<a href=\"{cong}\">Cổng</a>{}", snippet("2")), 0)),
        }),
    );
    let sites = format!(
        "apiVersion: rasoat/v1\nsites:\n  - {{id: cong, role: portal, url: \"{}\"}}\n  - {{id: so, role: component, parent: cong, url: \"{}\"}}\n",
        server.https("cong.test"),
        server.https("so.test")
    );
    run(&server, "check -q", &[("sites.yml", sites)]);
    let asked: Vec<String> = server.log().into_iter().map(|a| format!("{}{}", a.host, a.path)).collect();
    assert_eq!(asked.len(), 3, "{asked:?}");
}

#[test]
fn interrupted_it_writes_what_is_done() {
    let (server, mut sites) = many(4, Duration::ZERO);
    for k in 0..4 {
        let name = format!("stuck{k}.test");
        server.host(&name, Host::home(Answer::acts(vec![Act::Wait(FOREVER)])));
        let _ = writeln!(sites, "  - {{id: stuck{k}, role: portal, url: \"{}\"}}", server.https(&name));
    }
    let running = begin(
        &server,
        "check --only emc-snippet --report junit=out.xml --timeout 100s --jobs 8 --per-host 8",
        &[("sites.yml", sites)],
    );
    let begun = Instant::now();
    while server.log().iter().filter(|a| a.host.starts_with("stuck")).count() < 4 || server.log().len() < 8 {
        assert!(begun.elapsed() < Duration::from_secs(20), "the sites were not asked: {:?}", server.log());
        std::thread::sleep(Duration::from_millis(20));
    }
    // What was answered is read and judged.
    std::thread::sleep(Duration::from_millis(800));
    let asked = Instant::now();
    assert!(Command::new("kill").args(["-INT", &running.id().to_string()]).status().unwrap().success());
    let ended = running.end();
    assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
    assert_eq!(ended.exit, Some(3), "{}", ended.err);
    for k in 0..4 {
        assert_eq!(verdict(&ended.finding(&format!("s{k:02}"), "emc-snippet")), "pass -");
        assert_eq!(verdict(&ended.finding(&format!("stuck{k}"), "emc-snippet")), "inconclusive cancelled");
    }
    let junit = std::fs::read_to_string(ended.folder.path().join("out.xml")).unwrap();
    assert!(junit.contains("stuck3") && junit.contains("s00"), "the other reports are whole too");
}

#[test]
fn a_deadline_ends_the_run() {
    let (server, mut sites) = many(3, Duration::ZERO);
    server.host("stuck.test", Host::home(Answer::acts(vec![Act::Wait(FOREVER)])));
    let _ = writeln!(sites, "  - {{id: stuck, role: portal, url: \"{}\"}}", server.https("stuck.test"));
    let ended = run(&server, "check -q --only emc-snippet --timeout 60s --deadline 2s", &[("sites.yml", sites)]);
    assert!(ended.took < Duration::from_secs(6), "{:?}", ended.took);
    assert_eq!(ended.exit, Some(3));
    let said = verdict(&ended.finding("stuck", "emc-snippet"));
    assert!(["inconclusive cancelled", "inconclusive timeout"].contains(&&*said), "{said}");
    assert_eq!(verdict(&ended.finding("s00", "emc-snippet")), "pass -");
}
