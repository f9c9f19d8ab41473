//! What is refused, and that nothing is lost or told in silence.

use std::fs;
use std::path::Path;

use crate::estate::{Estate, page};
use crate::server::{Server, answer, html, redirect};

/// Every file below a folder.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        if entry.file_type().unwrap().is_dir() {
            all.extend(files(&entry.path()));
        } else {
            all.push(entry.path());
        }
    }
    all.sort();
    all
}

#[test]
fn a_changed_byte_is_named() {
    let server = Server::serve(&[("/", html(&page("")))]);
    let estate = Estate::with_sites(
        &[("dist/index.html", &page(""))],
        &[("a", &server.address, None), ("built", "https://built.example/", Some("dist"))],
    );
    estate.check("--record rec");
    for file in files(&estate.path("rec")) {
        let whole = fs::read(&file).unwrap();
        let mut bytes = whole.clone();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&file, &bytes).unwrap();
        for words in ["--replay rec", "--record rec"] {
            let (said, code) = estate.check(words);
            let name = file.file_name().unwrap().to_string_lossy();
            assert_eq!(code, 2, "{name}: {said}");
            let of_site = name == "manifest.jsonl" || said.contains("(site a") || said.contains("(site built");
            assert!(said.contains(&*name) && said.contains("was changed") && of_site, "{name}: {said}");
        }
        fs::write(&file, &whole).unwrap();
    }
    let (said, code) = estate.check("--replay rec");
    assert_eq!(code, 1, "{said}");
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let estate = Estate::with_sites(&[("file", "")], &[("a", "http://127.0.0.1:9/", None)]);
    for (words, code, says) in [
        ("--record rec --replay rec", 2, "--replay"),
        ("--replay rec", 2, "not a recording"),
        ("--record file/rec", 5, "file/rec"),
        ("--record file", 5, "file"),
    ] {
        let (said, ended) = estate.check(words);
        assert_eq!(ended, code, "{words}: {said}");
        assert!(said.contains(says), "{words}: {said}");
    }
}

#[test]
fn a_folder_that_cannot_be_written_to_is_told_before_anybody_is_asked() {
    let server = Server::serve(&[("/", html(&page("")))]);
    let estate = Estate::with_sites(&[("file", "")], &[("a", &server.address, None)]);
    let (said, code) = estate.check("--record file/rec --report json=a.json");
    assert_eq!((code, server.asked().len()), (5, 0), "{said}");
}

#[test]
fn a_recording_that_breaks_off_is_told_after_the_reports() {
    let server = Server::serve(&[("/", html(&page("")))]);
    let estate = Estate::with_sites(&[], &[("a", &server.address, None)]);
    fs::create_dir_all(estate.path("rec/blobs")).unwrap();
    for n in 0..=255 {
        fs::write(estate.path(&format!("rec/blobs/{n:02x}")), "in the way").unwrap();
    }
    let (said, code) = estate.check("--record rec --report json=a.json");
    assert_eq!(code, 5, "{said}");
    assert!(said.contains("rec/blobs/"), "{said}");
    assert_eq!(estate.report("a.json")["summary"]["fail"].as_u64(), Some(3), "{said}");
    assert_eq!(estate.lines("rec/manifest.jsonl"), 1, "no site is called finished");
}

#[test]
fn no_secret_is_in_any_file() {
    let secret = "s3cr3t-0f-the-gate";
    let echo = page(&format!("<p>{secret}</p><a href='/x?t={secret}'>x</a><script src='/a.js?t={secret}'></script>"));
    let headers = format!("Content-Type: text/html\r\nX-Echo: {secret}\r\n");
    let inside = format!("/in?t={secret}");
    let server = Server::serve(&[("/", redirect(&inside)), (&inside, answer(200, &headers, &echo))]);
    let estate = Estate::with_sites(&[], &[("a", &server.address, None)]);
    let mut command = estate.command("--record rec --report json=a.json");
    command.arg("--header").arg(format!("X-Gate: Bearer {secret}"));
    assert_eq!(command.status().unwrap().code(), Some(3), "its script cannot be read");
    assert!(server.asked().iter().any(|head| head.to_lowercase().contains(&format!("x-gate: bearer {secret}"))));
    let mut seen = 0;
    for file in files(&estate.path("rec")) {
        let mut bytes = fs::read(&file).unwrap();
        if file.extension().is_some_and(|e| e == "zst") {
            bytes = zstd::decode_all(bytes.as_slice()).unwrap();
        }
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains(secret), "{}: {text}", file.display());
        seen += text.matches("***").count();
    }
    assert!(seen > 3, "it was taken out, not left out");
    assert!(!estate.read("a.json").contains(secret), "{}", estate.read("a.json"));
    let (said, code) = estate.check("--replay rec --report json=b.json");
    assert_eq!((code, estate.read("b.json") == estate.read("a.json")), (3, true), "{said}");
}

#[test]
fn pages_that_were_not_recorded_are_missed() {
    let good = "<!doctype html><html><head><title>Sở A</title><script>var _govaq=window._govaq||[];\
        _govaq.push(['trackPageView']);_govaq.push(['setTrackerUrl','https://f-emc.ngsp.gov.vn/tracking']);\
        _govaq.push(['setSiteId','7']);(function(){var d=document,g=d.createElement('script'),\
        s=d.getElementsByTagName('script')[0];g.src='https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js';\
        s.parentNode.insertBefore(g,s)})()</script></head><body><p>Sở A</p><a href='/b'>b</a></body></html>";
    let server = Server::serve(&[("/", html(good)), ("/b", html(&page("")))]);
    let estate = Estate::with_sites(&[], &[("a", &server.address, None)]);
    let (said, code) = estate.check("--record rec --only emc-snippet");
    assert_eq!(code, 0, "{said}");
    let (said, code) = estate.check("--replay rec --pages all --only emc-snippet --report json=b.json");
    let finding = &estate.report("b.json")["findings"][0];
    assert_eq!((code, finding["gap"].as_str()), (3, Some("no-data")), "{said}");
}
