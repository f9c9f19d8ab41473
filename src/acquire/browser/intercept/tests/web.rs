//! What the network answers, and what it is not asked for.

use super::*;

async fn rig(answering: impl Fn(&str, usize) -> Vec<u8> + Send + Sync + 'static) -> (Server, Rig) {
    let server = Server::start(answering).await;
    let site = server.at("a.test", "/");
    let visitor = visitor(&site, net(&server, &["a.test", "b.test"]));
    (server, Rig::new(Answers::Web(visitor), Rules::default()))
}

#[tokio::test]
async fn pages_and_files_of_any_host_pass_with_their_headers() {
    let (server, rig) = rig(|head, _| {
        let cookies = "Set-Cookie: a=1; Path=/\r\nSet-Cookie: b=2\r\nAlt-Svc: h3\r\nX-Own: x\r\n";
        ok(cookies, head.lines().next().unwrap())
    })
    .await;
    let request = rig.ask("GET", &server.at("b.test", "/x?y=1"), "empty").header("cookie", "c=3; d=4");
    let got = Got::of(request.header("x-client-data", "k").header("proxy-connection", "keep-alive")).await.unwrap();
    assert_eq!((got.status, got.text.as_str()), (200, "GET /x?y=1 HTTP/1.1"));
    let cookies: Vec<_> = got.headers.get_all("set-cookie").iter().collect();
    assert_eq!(cookies, ["a=1; Path=/", "b=2"], "each on its own line");
    assert_eq!((got.header("x-own"), got.header("alt-svc")), ("x", ""));
    let head = server.heads()[0].to_ascii_lowercase();
    assert!(head.contains("cookie: c=3; d=4\r\n") && head.contains("sec-fetch-dest: empty\r\n"), "{head}");
    assert!(!head.contains("x-client-data") && !head.contains("proxy-connection"), "{head}");
    assert_eq!(head.matches("accept-encoding").count(), 1);
    rig.get(&server.at("b.test", "/again"), "empty").await.unwrap();
    assert!(!server.heads()[1].to_ascii_lowercase().contains("cookie:"), "cookies are the browser's own");
    assert_eq!(rig.intercept.traffic().pending, 0);
    assert_eq!(rig.intercept.traffic().requests, 2);
}

#[tokio::test]
async fn a_redirect_is_handed_through_and_the_first_page_after_it_counts() {
    let (server, rig) =
        rig(|head, _| if head.starts_with("GET / ") { with(302, "Location: /moi\r\n", "") } else { ok("", "<h1>x") })
            .await;
    let got = rig.get(&server.at("a.test", "/"), "document").await.unwrap();
    assert_eq!((got.status, got.header("location"), server.hits()), (302, "/moi", 1));
    assert_eq!(rig.intercept.traffic().document, None);
    rig.get(&server.at("a.test", "/moi"), "document").await.unwrap();
    assert_eq!(rig.intercept.traffic().document, Some(Ok(200)));
}

#[tokio::test]
async fn what_a_page_is_not_is_its_gap() {
    for (status, body, gap) in [
        (403, "no", Gap::Blocked),
        (429, "no", Gap::RateLimited),
        (503, "no", Gap::ServerError),
        (404, "no", Gap::NotFound),
        (200, "", Gap::Empty),
    ] {
        let (server, rig) = rig(move |_, _| with(status, "", body)).await;
        assert_eq!(rig.get(&server.at("a.test", "/"), "document").await.unwrap().status, status);
        assert_eq!(rig.intercept.traffic().document, Some(Err(gap)), "{status}");
    }
}

#[tokio::test]
async fn private_places_are_not_asked() {
    let canary = Server::start(|_, _| ok("", "secret")).await;
    let (_, rig) = rig(|_, _| ok("", "")).await;
    for host in ["127.0.0.1", "localhost", "[::1]", "0.0.0.0"] {
        for dest in ["empty", "script", "document"] {
            assert!(rig.get(&canary.at(host, "/x.js"), dest).await.is_none(), "{host}");
            assert!(rig.get(&canary.at(host, "/x.js").replace("http:", "https:"), dest).await.is_none());
        }
    }
    assert_eq!(canary.hits(), 0);
    let traffic = rig.intercept.traffic();
    assert_eq!(traffic.document, Some(Err(Gap::PrivateAddress)));
    assert!(traffic.failed_scripts.iter().all(|(_, end)| *end == Err(Gap::PrivateAddress)));
    // The client of these tests makes no tunnel to a number of version six.
    assert_eq!(traffic.failed_scripts.len(), 7, "{:?}", traffic.failed_scripts);
}

#[tokio::test]
async fn what_breaks_off_is_asked_for_again_and_what_was_told_is_not() {
    let (server, rig) = rig(|_, before| if before < 2 { Vec::new() } else { ok("", "x") }).await;
    assert_eq!(rig.get(&server.at("a.test", "/"), "document").await.unwrap().text, "x");
    assert_eq!(server.hits(), 3);
    let (server, rig) = self::rig(|_, _| Vec::new()).await;
    assert!(Got::of(rig.ask("POST", &server.at("a.test", "/"), "empty").body("x")).await.is_none());
    assert_eq!(server.hits(), 1);
    assert!(rig.get(&server.at("a.test", "/a.js"), "script").await.is_none());
    let failed = rig.intercept.traffic().failed_scripts;
    assert_eq!(failed, [(server.at("a.test", "/a.js"), Err(Gap::Reset))]);
}

#[tokio::test]
async fn scripts_that_answer_with_an_error_are_noted() {
    let (server, rig) = rig(|_, _| with(500, "", "x")).await;
    for (url, dest) in [("/a.js", "script"), ("/a.css", "style")] {
        assert_eq!(rig.get(&server.at("a.test", url), dest).await.unwrap().status, 500);
    }
    let plain = rig.client.get(server.at("a.test", "/b.js?v=1")).header("accept", "*/*");
    assert_eq!(Got::of(plain).await.unwrap().status, 500);
    let failed = rig.intercept.traffic().failed_scripts;
    assert_eq!(failed, [(server.at("a.test", "/a.js"), Ok(500)), (server.at("a.test", "/b.js?v=1"), Ok(500))]);
}

#[tokio::test]
async fn held_navigations_stay_and_are_noted() {
    let (server, rig) = rig(|_, _| ok("", "x")).await;
    let to = server.at("b.test", "/di");
    rig.intercept.hold_navigations(true);
    assert_eq!(rig.get(&to, "document").await.unwrap().status, 204);
    let plain = rig.client.get(format!("{to}2")).header("accept", "text/html,*/*");
    assert_eq!(Got::of(plain).await.unwrap().status, 204);
    assert_eq!(rig.get(&to, "iframe").await.unwrap().status, 200);
    rig.intercept.hold_navigations(false);
    assert_eq!(rig.get(&to, "document").await.unwrap().status, 200);
    let held: Vec<String> = rig.intercept.traffic().held.iter().map(Url::to_string).collect();
    assert_eq!((held, server.hits()), (vec![to.clone(), format!("{to}2")], 2));
}

#[tokio::test]
async fn own_headers_go_to_the_site_and_come_back_from_nobody() {
    let server = Server::start(|head, _| ok(&format!("X-Echo: {}\r\n", head.contains("mat-khau")), head)).await;
    let mut options = net(&server, &["a.test", "b.test"]);
    options.headers = vec![("X-Khoa".to_owned(), "mat-khau-1".to_owned())];
    let rig = Rig::new(Answers::Web(visitor(&server.at("a.test", "/"), options)), Rules::default());
    let own = rig.get(&server.at("a.test", "/"), "document").await.unwrap();
    assert_eq!(own.header("x-echo"), "true");
    assert!(!own.text.contains("mat-khau-1"));
    assert_eq!(rig.get(&server.at("b.test", "/"), "iframe").await.unwrap().header("x-echo"), "false");
}

#[tokio::test]
async fn the_browsers_own_requests_sockets_and_streams_are_refused() {
    let (server, rig) = rig(|_, _| ok("", "x")).await;
    let tls = server.at("b.test", "/async").replace("http:", "https:");
    assert!(Got::of(rig.client.get(&tls)).await.is_none());
    assert!(Got::of(rig.client.get(&tls).header("sec-fetch-site", "none")).await.is_none());
    let socket = rig.ask("GET", &server.at("b.test", "/ws"), "websocket").header("upgrade", "websocket");
    assert_eq!(Got::of(socket).await.unwrap().status, 502);
    let stream = rig.ask("GET", &server.at("b.test", "/s"), "empty").header("accept", "text/event-stream");
    assert_eq!(Got::of(stream).await.unwrap().status, 204);
    assert_eq!(server.hits(), 0);
}

#[tokio::test]
async fn a_server_with_tls_is_asked_with_tls() {
    let theirs = Identity::new().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let acceptor = tokio_rustls::TlsAcceptor::from(theirs.config(false));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(&ok("", "kin")).await;
                let _ = stream.shutdown().await;
            });
        }
    });
    let encoded = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &theirs.certificate);
    let pem = format!("-----BEGIN CERTIFICATE-----\n{encoded}\n-----END CERTIFICATE-----\n");
    let url = format!("https://intercept.invalid:{port}/");
    for (cacert, document) in [(Some(pem.into_bytes()), Ok(200)), (None, Err(Gap::TlsUntrusted))] {
        let to = Mapping { host: "intercept.invalid".to_owned(), port, addresses: vec![[127, 0, 0, 1].into()] };
        let options = NetOptions { resolve: vec![to], cacert, retries: 0, ..NetOptions::default() };
        let rig = Rig::new(Answers::Web(visitor(&url, options)), Rules::default());
        let got = rig.get(&url, "document").await;
        assert_eq!(got.map(|got| got.text).as_deref(), document.is_ok().then_some("kin"));
        assert_eq!(rig.intercept.traffic().document, Some(document));
    }
}

#[tokio::test]
async fn closing_the_way_ends_what_is_under_way() {
    let (server, rig) = rig(|_, _| ok("", "x")).await;
    let url = server.at("a.test", "/");
    assert!(rig.get(&url, "document").await.is_some());
    let Rig { intercept, client } = rig;
    let (address, way) = (intercept.address, Arc::downgrade(&intercept.way));
    drop(intercept);
    assert!(client.get(&url).send().await.is_err());
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert!(way.upgrade().is_none(), "no task holds on to it");
    assert!(TcpStream::connect(address).await.is_err());
}
