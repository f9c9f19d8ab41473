//! Recordings that are whole, cut off, changed, hostile or another run's.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use tempfile::TempDir;
use url::Url;

use super::*;
use crate::acquire::fetch::{Exchange, Key, Response};
use crate::site::{Role, Site};
use crate::snapshot::{Gap, Timings};

/// More than any body here.
const ROOM: u64 = 1 << 20;

fn site(id: &str) -> Site {
    Site {
        id: id.to_owned(),
        name: None,
        role: Some(Role::Portal),
        url: Url::parse(&format!("https://{id}.example/")).ok(),
        source: None,
        source_name: None,
        aliases: Vec::new(),
        emc_site_id: None,
        unit: None,
        parent: None,
        retired_on: None,
        retired: false,
        components: Vec::new(),
        declared: None,
    }
}

fn header(sites: &[&str]) -> Header {
    Header {
        format: FORMAT.to_owned(),
        tool: "0".to_owned(),
        run_id: "run".to_owned(),
        taken_at: jiff::Timestamp::UNIX_EPOCH,
        timed: true,
        pipeline: None,
        browser_missing: false,
        accepted: BTreeMap::new(),
        identity: Identity {
            policies: vec![PolicyId { id: "p".into(), version: "1".into(), digest: "sha256:0".into() }],
            only: Vec::new(),
            skip: Vec::new(),
            pages: None,
            max_pages: None,
            deployed: false,
            shard: None,
            ad_hoc: false,
            only_sites: Vec::new(),
            judged: sites.iter().map(|s| (*s).to_owned()).collect(),
            sites: sites.iter().map(|s| site(s)).collect(),
        },
    }
}

fn key(site: &str) -> Key {
    serde_json::from_value(serde_json::json!({ "url": format!("https://{site}.example/") })).unwrap()
}

/// A visit of a site whose home page holds these bytes.
fn visit(recording: &Recording, site: &str, body: &[u8]) -> Taken {
    let key = key(site);
    let headers = vec![("content-type".to_owned(), "text/html".to_owned())];
    let (http_version, location) = ("1.1".to_owned(), None);
    let response = Response { status: 200, http_version, headers, location, cut: false, body: Vec::new().into() };
    let timings = Timings { dns_ms: None, connect_ms: Some(1), first_byte_ms: 2, total_ms: 3 };
    let exchange =
        Exchange { url: key.url.clone(), answer: Ok(response), attempts: 1, address: None, timings, tls: None };
    let kept = Kept { key, round: 0, exchange, tls: None, body: recording.keep(body) };
    let web = Web { exchanges: vec![kept], ..Web::default() };
    Taken { durations: BTreeMap::from([("p/r".to_owned(), 7)]), facts: Facts::Web(web), browser: None }
}

/// A recording of finished sites, closed.
fn recorded(sites: &[&str]) -> TempDir {
    let folder = TempDir::new().unwrap();
    let recording = Recording::record(folder.path(), header(&["a", "b", "c"]), ROOM).unwrap();
    for site in sites {
        recording.finish(site, &visit(&recording, site, format!("<p>{site}").as_bytes()));
    }
    assert!(recording.failure().is_none());
    folder
}

fn refusal(opened: Result<Recording, Error>) -> String {
    match opened {
        Ok(_) => "nothing was wrong".to_owned(),
        Err(error) => {
            assert_eq!(error.exit(), crate::error::ExitCode::Usage, "{error}");
            assert_ne!(error.text().vi, error.text().en);
            error.to_string()
        }
    }
}

fn replay(folder: &TempDir) -> Result<Recording, Error> {
    Recording::replay(folder.path(), ROOM)
}

/// The file of the body of a site's home page.
fn body_of(folder: &TempDir, site: &str) -> PathBuf {
    folder.path().join(Blobs::name(&Sha::of(format!("<p>{site}").as_bytes())))
}

#[test]
fn what_was_seen_is_given_back() {
    let folder = recorded(&["a", "b"]);
    let recording = std::sync::Arc::new(replay(&folder).unwrap());
    assert_eq!((recording.sites(), recording.is_torn(), recording.only_replays()), (2, false, true));
    let taken = recording.taken("a").unwrap();
    assert_eq!(taken.durations["p/r"], 7);
    let recalled = Recalled::new(&recording, Some(taken.facts));
    let exchange = recalled.exchange(&key("a"), 0, true);
    assert_eq!(&*exchange.answer.unwrap().body, b"<p>a");
    assert_eq!(exchange.timings.total_ms, 3);
    let unknown = recalled.exchange(&key("b"), 0, true);
    assert_eq!(unknown.answer.unwrap_err(), Gap::NoData.into(), "of another site nothing is known");
    assert!(recording.recalls("c") && recording.taken("c").is_none(), "nor is anything asked for");
    assert!(recording.failure().is_none());
}

#[test]
fn each_round_is_told_again_as_it_was() {
    let folder = recorded(&["a"]);
    let recording = std::sync::Arc::new(replay(&folder).unwrap());
    let Facts::Web(mut web) = recording.taken("a").unwrap().facts else { panic!("a visit") };
    let told = |round: u32, status: u16, cut: bool| {
        let mut kept = web.exchanges[0].clone();
        kept.round = round;
        if let Ok(response) = &mut kept.exchange.answer {
            (response.status, response.cut) = (status, cut);
        }
        kept
    };
    web.exchanges = vec![told(1, 503, false), told(3, 200, true), told(3, 201, false)];
    let recalled = Recalled::new(&recording, Some(Facts::Web(web)));
    let status = |round, page| recalled.exchange(&key("a"), round, page).answer.unwrap().status;
    let seen: Vec<u16> =
        [(0, true), (1, true), (2, false), (3, true), (3, false), (9, true)].map(|(r, p)| status(r, p)).into();
    assert_eq!(seen, [503, 503, 503, 200, 201, 200], "a page that was left unread may be read as a file");
}

#[test]
fn a_run_goes_on_where_it_was_cut_off() {
    let folder = recorded(&["a", "b"]);
    let manifest = folder.path().join(manifest::NAME);
    let whole = fs::read(&manifest).unwrap();
    fs::write(&manifest, &whole[..whole.len() - 20]).unwrap();
    let part = folder.path().join("blobs").join("ab");
    fs::create_dir_all(&part).unwrap();
    fs::write(part.join("1.0.part"), "half").unwrap();
    assert!(replay(&folder).unwrap().is_torn());
    let mut later = header(&["a", "b", "c"]);
    later.taken_at = jiff::Timestamp::MAX;
    let recording = Recording::record(folder.path(), later, ROOM).unwrap();
    assert!(recording.is_torn() && recording.recalls("a") && !recording.recalls("b") && !recording.recalls("c"));
    assert_eq!(recording.header().taken_at, jiff::Timestamp::UNIX_EPOCH, "the run began when it began");
    assert!(!part.join("1.0.part").exists());
    recording.finish("b", &visit(&recording, "b", b"<p>b"));
    drop(recording);
    assert_eq!(fs::read(&manifest).unwrap(), whole, "the line is written anew");
}

#[test]
fn a_run_that_never_began_begins() {
    let folder = recorded(&[]);
    let manifest = folder.path().join(manifest::NAME);
    let whole = fs::read(&manifest).unwrap();
    fs::write(&manifest, &whole[..whole.len() / 2]).unwrap();
    assert!(refusal(replay(&folder)).contains("never began"));
    let recording = Recording::record(folder.path(), header(&["z"]), ROOM).unwrap();
    assert!(!recording.is_torn());
    assert_eq!(recording.header().identity.judged, ["z"]);
}

#[test]
fn every_changed_byte_is_named() {
    let folder = recorded(&["a"]);
    let files = [
        (folder.path().join(manifest::NAME), "manifest.jsonl:"),
        (body_of(&folder, "a"), "(site a, https://a.example/) was changed"),
    ];
    for (file, said) in files {
        let whole = fs::read(&file).unwrap();
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << (at % 8);
            fs::write(&file, &bytes).unwrap();
            let why = refusal(replay(&folder));
            assert!(why.contains(said), "byte {at} of {}: {why}", file.display());
        }
        fs::write(&file, &whole).unwrap();
    }
    replay(&folder).unwrap();
    fs::remove_file(body_of(&folder, "a")).unwrap();
    assert!(refusal(replay(&folder)).contains("(site a, https://a.example/) is missing"));
}

#[test]
fn a_file_that_no_line_speaks_of_is_looked_at_too() {
    let folder = recorded(&["a"]);
    let recording = Recording::record(folder.path(), header(&["a", "b", "c"]), ROOM).unwrap();
    let stray = folder.path().join(Blobs::name(&recording.keep(b"stray").unwrap().sha256));
    drop(recording);
    replay(&folder).unwrap();
    fs::write(&stray, "x").unwrap();
    assert!(refusal(replay(&folder)).contains(&stray.file_name().unwrap().to_string_lossy().into_owned()));
}

#[test]
fn a_bomb_is_not_unpacked() {
    let folder = recorded(&["a"]);
    let bomb = vec![0; 2 << 20];
    let blobs = Blobs::new(folder.path(), MOST_BYTES);
    // Under the name of a small body lies a packed large one.
    let large = folder.path().join(Blobs::name(&blobs.write(&bomb).unwrap().sha256));
    fs::copy(&large, body_of(&folder, "a")).unwrap();
    fs::remove_file(&large).unwrap();
    assert!(fs::metadata(body_of(&folder, "a")).unwrap().len() < 1000);
    assert!(refusal(replay(&folder)).contains("(site a, https://a.example/) was changed"));
    let small = Blob { sha256: Sha::of(b"<p>a"), bytes: 4 };
    assert_eq!(blobs.read(&small, ROOM), Err(Damage::TooLarge(4)));
    let looked = blobs.check(ROOM).unwrap();
    assert_eq!(looked.damaged[&small.sha256], Damage::TooLarge(ROOM));
}

#[test]
fn a_body_larger_than_asked_for_is_refused() {
    let folder = recorded(&["a"]);
    let why = refusal(Recording::replay(folder.path(), 3));
    assert!(why.contains("is larger than 3 bytes (see --max-size)"), "{why}");
}

#[test]
fn links_are_not_followed() {
    let elsewhere = TempDir::new().unwrap();
    let folder = recorded(&["a"]);
    let body = body_of(&folder, "a");
    let moved = elsewhere.path().join("body");
    fs::rename(&body, &moved).unwrap();
    symlink(&moved, &body).unwrap();
    assert!(refusal(replay(&folder)).contains("is a link"));
    fs::remove_file(&body).unwrap();
    fs::rename(&moved, &body).unwrap();

    let inner = body.parent().unwrap();
    let moved = elsewhere.path().join("inner");
    fs::rename(inner, &moved).unwrap();
    symlink(&moved, inner).unwrap();
    assert!(refusal(replay(&folder)).contains("is a link"));
    let blobs = Blobs::new(folder.path(), MOST_BYTES);
    assert!(blobs.write(b"<p>a").is_err(), "nothing is written through a link either");
    fs::remove_file(inner).unwrap();
    fs::rename(&moved, inner).unwrap();
    replay(&folder).unwrap();

    for name in [manifest::NAME, blob::FOLDER] {
        let (own, moved) = (folder.path().join(name), elsewhere.path().join(name));
        fs::rename(&own, &moved).unwrap();
        symlink(&moved, &own).unwrap();
        assert!(refusal(replay(&folder)).contains("is a link"), "{name}");
        assert!(Recording::record(folder.path(), header(&["a", "b", "c"]), ROOM).is_err(), "{name}");
        fs::remove_file(&own).unwrap();
        fs::rename(&moved, &own).unwrap();
    }
}

#[test]
fn another_run_is_refused_with_what_differs() {
    let folder = recorded(&["a"]);
    let other = |change: fn(&mut Identity)| {
        let mut header = header(&["a", "b", "c"]);
        change(&mut header.identity);
        refusal(Recording::record(folder.path(), header, ROOM))
    };
    assert!(other(|i| i.policies[0].digest = "sha256:1".into()).contains("differs: --policy p."));
    assert!(other(|i| i.max_pages = Some(3)).contains("differs: --max-pages."));
    assert!(other(|i| i.shard = Some(crate::site::Shard { index: 1, of: 2 })).contains("differs: --shard."));
    assert!(other(|i| i.sites[1].url = None).contains("differs: site b: url."));
    assert!(other(|i| drop(i.sites.pop())).contains("differs: site c is missing."));
    assert!(other(|i| i.sites.push(site("d"))).contains("differs: site d is new."));
    assert!(other(|i| i.sites[0].role = Some(Role::Service)).contains("differs: site a: role."));
    assert!(other(|i| i.judged.truncate(1)).contains("differs: --site."));
    assert_eq!(other(|_| {}), "nothing was wrong");
}

#[test]
fn two_runs_do_not_write_at_once() {
    let folder = recorded(&[]);
    let first = Recording::record(folder.path(), header(&["a", "b", "c"]), ROOM).unwrap();
    assert!(refusal(Recording::record(folder.path(), header(&["a", "b", "c"]), ROOM)).contains("another run"));
    drop(first);
    Recording::record(folder.path(), header(&["a", "b", "c"]), ROOM).unwrap();
}

#[test]
fn halves_of_a_killed_run_are_in_nobodys_way_and_go() {
    let folder = recorded(&["a"]);
    let blobs = folder.path().join("blobs");
    let own = std::process::id();
    let within = body_of(&folder, "a").parent().unwrap().to_owned();
    let halves =
        [blobs.join(format!("probe.{own}.part")), blobs.join("probe.x.part"), within.join(format!("{own}.0.part"))];
    for half in &halves {
        fs::write(half, "half").unwrap();
    }
    let recording = Recording::record(folder.path(), header(&["a", "b", "c"]), ROOM).unwrap();
    assert_eq!(recording.sites(), 1);
    for half in &halves {
        assert!(!half.exists(), "{half:?}");
    }
}

#[test]
fn a_later_form_is_not_guessed_at() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join(manifest::NAME), manifest::line("{\"format\":\"rasoat/recording/v9\"}")).unwrap();
    assert!(refusal(replay(&folder)).contains("“rasoat/recording/v9”"));
    assert!(refusal(Recording::replay(&folder.path().join("none"), ROOM)).contains("not a recording"));
}

#[test]
fn names_in_a_hostile_manifest_lead_nowhere() {
    let folder = recorded(&[]);
    let manifest = folder.path().join(manifest::NAME);
    let sha = Sha::of(b"");
    for entry in [
        format!("{{\"site\":\"../a\",\"taken\":{{\"sha256\":\"{sha}\",\"bytes\":0}}}}"),
        "{\"site\":\"a\",\"taken\":{\"sha256\":\"../../../../etc/passwd\",\"bytes\":0}}".to_owned(),
    ] {
        let own = fs::read_to_string(&manifest).unwrap();
        fs::write(&manifest, format!("{own}{}", manifest::line(&entry))).unwrap();
        assert!(refusal(replay(&folder)).contains("manifest.jsonl:2 was changed"), "{entry}");
        fs::write(&manifest, own).unwrap();
    }
}

#[test]
fn what_cannot_be_kept_is_told_and_ends_the_recording() {
    let folder = TempDir::new().unwrap();
    let blobs = Blobs::new(folder.path(), 400);
    blobs.prepare().unwrap();
    blobs.write(b"short").unwrap();
    let noise: Vec<u8> = (0..400u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let error = blobs.write(&noise).unwrap_err();
    assert_eq!(error.exit(), crate::error::ExitCode::Unwritten);
    assert!(error.to_string().contains("beyond 400 bytes"), "{error}");

    let recording = Recording::record(folder.path(), header(&["a"]), ROOM).unwrap();
    fs::remove_dir_all(folder.path().join("blobs")).unwrap();
    fs::write(folder.path().join("blobs"), "in the way").unwrap();
    recording.finish("a", &visit(&recording, "a", b"x"));
    recording.finish("b", &visit(&recording, "b", b"x"));
    assert_eq!(recording.failure().unwrap().exit(), crate::error::ExitCode::Unwritten);
    let bytes = fs::read(folder.path().join(manifest::NAME)).unwrap();
    assert_eq!(manifest::lines(&bytes).unwrap().entries.len(), 1, "no site is called finished");

    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let error = Recording::record(&file.join("rec"), header(&["a"]), ROOM).unwrap_err();
    assert_eq!(error.exit(), crate::error::ExitCode::Unwritten);
    assert!(error.to_string().contains("file/rec"), "{error}");
}
