//! A folder that answers for its address as a plain web server would.

use super::*;

fn rig(files: &[(&str, &str)], rules: Rules) -> (tempfile::TempDir, Rig) {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let mut site = Site::at("a".to_owned(), Url::parse("https://a.test/").unwrap());
    site.aliases = vec![Url::parse("https://cu.test/").unwrap()];
    site.source = Some(dir.path().to_owned());
    let client = Arc::new(Client::new(NetOptions::default(), &[&site]).unwrap());
    let visitor = Arc::new(Visitor::new(&client, &site).unwrap());
    let folder = Arc::new(Folder::open(&site, 1 << 16).unwrap());
    (dir, Rig::new(Answers::Folder(folder, visitor), rules))
}

const FILES: &[(&str, &str)] = &[
    ("index.html", "<h1>nhà"),
    ("a.js", "1"),
    ("b/index.html", "<h1>b"),
    ("empty.html", ""),
    ("_headers", "/*\n  X-Own: một\n/b/\n  Content-Type: text/plain\n  Content-Length: 1\n"),
];

#[tokio::test]
async fn files_come_from_the_disk_for_every_address_of_the_site() {
    for http2 in [false, true] {
        let (_dir, rig) = rig(FILES, Rules { http2, ..Rules::default() });
        for origin in ["https://a.test", "https://www.a.test", "http://a.test", "https://cu.test"] {
            for (path, status, kind, text) in [
                ("/", 200, "text/html", "<h1>nhà"),
                ("/a.js?v=1", 200, "text/javascript", "1"),
                ("/b", 301, "", ""),
                ("/b/", 200, "text/plain", "<h1>b"),
            ] {
                let got = rig.get(&format!("{origin}{path}"), "empty").await.unwrap();
                assert_eq!((got.status, got.header("content-type"), got.text.as_str()), (status, kind, text));
            }
        }
        let missing = rig.get("https://a.test/x.js", "script").await.unwrap();
        assert_eq!((missing.status, missing.header("content-type")), (404, "text/html"));
        assert_eq!(
            rig.get("https://a.test/b?x=1", "document").await.unwrap().header("location"),
            "https://a.test/b/?x=1"
        );
        assert_eq!(rig.intercept.traffic().document, None);
        assert_eq!(rig.get("https://a.test/", "document").await.unwrap().status, 200);
        let traffic = rig.intercept.traffic();
        assert_eq!(traffic.document, Some(Ok(200)));
        assert_eq!(traffic.failed_scripts, [("https://a.test/x.js".to_owned(), Ok(404))]);
        let answer = rig.ask("GET", "https://a.test/", "document").send().await.unwrap();
        assert_eq!(answer.version() == reqwest::Version::HTTP_2, http2);
        assert_eq!(answer.headers()["x-own"].as_bytes(), "một".as_bytes());
    }
}

#[tokio::test]
async fn a_folder_only_gives_and_its_gaps_are_told() {
    let (dir, rig) = rig(FILES, Rules::default());
    assert_eq!(Got::of(rig.ask("POST", "https://a.test/", "empty")).await.unwrap().status, 405);
    std::fs::write(dir.path().join("big.js"), vec![b' '; (1 << 16) + 1]).unwrap();
    assert!(rig.get("https://a.test/big.js", "script").await.is_none());
    assert_eq!(rig.intercept.traffic().failed_scripts, [("https://a.test/big.js".to_owned(), Err(Gap::TooLarge))]);
    rig.get("https://a.test/empty.html", "document").await.unwrap();
    assert_eq!(rig.intercept.traffic().document, Some(Err(Gap::Empty)));
    let (_dir, rig) = self::rig(FILES, Rules::default());
    rig.get("https://a.test/khong.html", "document").await.unwrap();
    assert_eq!(rig.intercept.traffic().document, Some(Err(Gap::NotFound)));
}

#[tokio::test]
async fn a_bare_page_has_its_pictures_and_no_fonts_or_films() {
    let files = &[("a.png", "p"), ("a.woff2", "f"), ("a.mp4", "v"), ("a.vtt", "t")];
    for (bare, status) in [(false, 200), (true, 204)] {
        let (_dir, rig) = rig(files, Rules { bare, ..Rules::default() });
        assert_eq!(rig.get("https://a.test/a.png", "image").await.unwrap().status, 200);
        for (file, dest) in [("a.woff2", "font"), ("a.mp4", "video"), ("a.vtt", "track")] {
            assert_eq!(rig.get(&format!("https://a.test/{file}"), dest).await.unwrap().status, status);
        }
        assert_eq!(Got::of(rig.client.get("http://a.test/a.woff2")).await.unwrap().status, status);
    }
}
