//! The lane itself: nothing leaks, nothing is left behind, a browser that breaks costs its own page alone, a recording
//! is judged again without one.

use std::process::Command;
use std::time::Duration;

use super::{TRACKER, check, finding, hits, page, policy, snippet, told, tracker};
use crate::e2e::program::begin;
use crate::e2e::server::{Answer, Host, Server};

#[test]
fn the_collector_is_reached_only_when_the_user_says_so_and_the_stand_in_asks_nobody() {
    let server = Server::start();
    server.host(TRACKER, tracker());
    server.host("a.test", Host::page(page("", &snippet(&server, "205"))));
    let at = server.https("a.test");
    let report = check(&server, &format!("{at} --role component -q --emc stand-in"), &[]).report();
    assert_eq!(told(&report, "emc-snippet"), "pass - - stand-in configured");
    assert_eq!(told(&report, "emc-label"), "pass - - stand-in configured");
    let said = finding(&report, "emc-label")["message"].to_string();
    assert!(said.contains("mô phỏng") && said.contains("simulated"), "{said}");
    assert_eq!(server.asked(TRACKER).len(), 0, "the stand-in asks nobody");
    let report = check(&server, &format!("{at} --role component -q"), &[]).report();
    assert_eq!(told(&report, "emc-label"), "pass - - browser sent");
    assert_eq!(hits(&server), 0);
    let report = check(&server, &format!("{at} --role component -q --emc-send"), &[]).report();
    assert_eq!(told(&report, "emc-snippet"), "pass - - browser sent");
    assert!(hits(&server) >= 2, "a beacon and a picture");
}

#[test]
fn workers_frames_and_beacons_cannot_get_past_the_way_out() {
    let server = Server::start();
    server.host(TRACKER, tracker());
    let at = server.https(TRACKER);
    let worker = format!("fetch('{at}tracking?w=1').catch(function(){{}});");
    let frame = format!(
        "<script>fetch('{at}tracking?f=1',{{mode:'no-cors'}});navigator.sendBeacon('{at}tracking','b');</script>"
    );
    server.host("frame.test", Host::page(frame));
    let home = page(
        "",
        &format!(
            "{}<iframe src=\"{}\"></iframe><script>new Worker('/w.js');new SharedWorker('/w.js');\
             navigator.serviceWorker.register('/w.js');fetch('{at}tracking',{{method:'POST',body:'x',keepalive:true}});\
             fetch('{at}any/other?idsite=205');window.open('{at}tracking?popup');\
             addEventListener('pagehide',function(){{navigator.sendBeacon('{at}tracking','bye')}});</script>\
             <link rel=prefetch href=\"{at}tracking?p=1\"><link rel=preconnect href=\"{at}\">",
            snippet(&server, "205"),
            server.https("frame.test")
        ),
    );
    let files = [("/".to_owned(), Answer::html(home)), ("/w.js".to_owned(), Answer::file("text/javascript", worker))];
    server.host("a.test", Host::paths(files));
    let report = check(&server, &format!("{} --role component -q", server.https("a.test")), &[]).report();
    assert_eq!(hits(&server), 0, "{:?}", server.asked(TRACKER).iter().map(|a| &a.path).collect::<Vec<_>>());
    assert_eq!(told(&report, "emc-snippet"), "pass - - browser sent");
}

#[test]
fn a_private_host_is_not_reached_from_a_page() {
    let server = Server::start();
    server.host(TRACKER, tracker());
    let canary = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    canary.set_nonblocking(true).unwrap();
    let port = canary.local_addr().unwrap().port();
    let tries: String = ["127.0.0.1", "localhost", "[::1]", "0x7f.1", "127.1", "[::ffff:127.0.0.1]"]
        .iter()
        .map(|host| format!("<img src=\"http://{host}:{port}/\"><script>fetch('http://{host}:{port}/x').catch(function(){{}});try{{new WebSocket('ws://{host}:{port}/')}}catch(e){{}}</script>"))
        .collect();
    server.host("a.test", Host::page(page("", &format!("{}{tries}", snippet(&server, "205")))));
    let report = check(&server, &format!("{} --role component -q", server.https("a.test")), &[]).report();
    assert_eq!(told(&report, "emc-label"), "pass - - browser sent");
    assert!(canary.accept().is_err(), "a page reached this machine");
}

#[test]
fn a_recording_is_judged_again_without_a_browser() {
    let server = Server::start();
    server.host(TRACKER, tracker());
    server.host("a.test", Host::page(page("", &snippet(&server, "205"))));
    let ended = check(&server, &format!("{} --role component -q --record rec", server.https("a.test")), &[]);
    assert_eq!(told(&ended.report(), "emc-label"), "pass - - browser sent");
    assert_eq!(ended.replayed("-p p.yml"), None);
}

#[test]
fn a_page_that_never_ends_its_script_costs_only_itself() {
    let server = Server::start();
    server.host(TRACKER, tracker());
    server.host("good.test", Host::page(page("", &snippet(&server, "205"))));
    server.host(
        "busy.test",
        Host::page(page("", &format!("{}<script>onload=function(){{for(;;);}}</script>", snippet(&server, "206")))),
    );
    server.host(
        "alerts.test",
        Host::page(page(
            "",
            &format!(
                "<script>alert(1);confirm(2);prompt(3);onbeforeunload=function(){{return 'x'}};print()</script>{}",
                snippet(&server, "207")
            ),
        )),
    );
    let sites = format!(
        "apiVersion: rasoat/v1\nsites:\n{}",
        ["good", "busy", "alerts"]
            .map(|id| format!("  - {{id: {id}, role: portal, url: '{}'}}\n", server.https(&format!("{id}.test"))))
            .concat()
    );
    let ended = check(&server, "-q --only emc-label --browser-timeout 20s", &[("sites.yml", sites)]);
    let report = ended.report();
    let of = |id: &str| {
        let findings = report["findings"].as_array().unwrap();
        let finding = findings.iter().find(|f| f["site"] == id).unwrap();
        format!("{} {}", finding["verdict"].as_str().unwrap(), finding["gap"].as_str().unwrap_or("-"))
    };
    assert_eq!([of("good"), of("alerts"), of("busy")], ["pass -", "pass -", "inconclusive browser-failed"]);
    assert!(ended.took < Duration::from_secs(60), "{:?}", ended.took);
}

/// Processes of browsers that a program started, by their profile folder's name.
pub(crate) fn browsers_of(program: u32) -> Vec<u32> {
    let name = format!("rasoat-chromium-{program}-");
    let found = Command::new("pgrep").args(["-f", &name]).output().unwrap();
    String::from_utf8_lossy(&found.stdout).split_whitespace().filter_map(|n| n.parse().ok()).collect()
}

pub(super) fn profiles_of(program: u32) -> usize {
    let name = format!("rasoat-chromium-{program}-");
    let entries = std::fs::read_dir(std::env::temp_dir()).unwrap().flatten();
    entries.filter(|e| e.file_name().to_string_lossy().starts_with(&name)).count()
}

#[test]
fn nothing_is_left_behind_when_the_browser_is_killed_or_the_run_is_stopped() {
    let server = Server::start();
    server.host(TRACKER, tracker());
    let sites: String = (0..6)
        .map(|n| {
            let name = format!("s{n}.test");
            server.host(&name, Host::page(page("", &snippet(&server, &format!("{n}1")))));
            format!("  - {{id: s{n}, role: portal, url: '{}'}}\n", server.https(&name))
        })
        .collect();
    let files = [policy(&server), ("sites.yml", format!("apiVersion: rasoat/v1\nsites:\n{sites}"))];
    for signal in ["browser", "INT"] {
        let running = begin(&server, "check -q -p p.yml --only emc-label --browser-path chromium --tabs 2", &files);
        let id = running.id();
        let until = std::time::Instant::now() + Duration::from_secs(30);
        while browsers_of(id).len() < 4 && std::time::Instant::now() < until {
            std::thread::sleep(Duration::from_millis(20));
        }
        let started = browsers_of(id);
        assert!(!started.is_empty(), "no browser was started");
        let kill = |args: &[&str]| _ = Command::new("kill").args(args).status();
        match signal {
            "INT" => kill(&["-INT", &id.to_string()]),
            // The oldest is the browser itself.
            _ => kill(&["-KILL", &started.iter().min().unwrap().to_string()]),
        }
        let ended = running.end();
        let report = ended.report();
        let verdicts: Vec<&str> =
            report["findings"].as_array().unwrap().iter().map(|f| f["verdict"].as_str().unwrap()).collect();
        if signal == "INT" {
            assert_eq!(ended.exit, Some(3));
        } else {
            assert_eq!(verdicts, ["pass"; 6], "{}", report["findings"]);
        }
        let until = std::time::Instant::now() + Duration::from_secs(5);
        while !browsers_of(id).is_empty() && std::time::Instant::now() < until {
            std::thread::sleep(Duration::from_millis(50));
        }
        assert_eq!((browsers_of(id), profiles_of(id)), (vec![], 0), "{signal}");
    }
}

#[test]
fn a_picture_of_a_label_ends_at_its_longest_side() {
    let server = Server::start();
    server.host(TRACKER, tracker());
    let huge = "<style>.yhy-append-txt{font-size:400px;white-space:nowrap}</style>";
    server.host("a.test", Host::page(page(huge, &snippet(&server, "205"))));
    let args = format!("{} --role component -q --only emc-label --screenshots shots", server.https("a.test"));
    let ended = check(&server, &args, &[]);
    let names = std::fs::read_dir(ended.folder.path().join("shots")).unwrap().flatten().map(|e| e.path());
    let sizes: Vec<[u32; 2]> = names
        .filter(|path| path.to_string_lossy().contains("label"))
        .map(|path| {
            let bytes = std::fs::read(path).unwrap();
            [16, 20].map(|at| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()))
        })
        .collect();
    assert!(sizes.iter().flatten().all(|&side| side <= 2_000), "{sizes:?}");
    assert!(sizes.iter().any(|[width, _]| *width == 2_000), "{sizes:?}");
}
