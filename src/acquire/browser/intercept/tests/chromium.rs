//! With a real browser: everything a page can ask with comes this way.

use std::time::{Duration, Instant};

use serde_json::json;

use super::*;
use crate::acquire::browser::BrowserOptions;
use crate::acquire::browser::find::{self, Found};
use crate::acquire::browser::launch::Chromium;
use crate::acquire::browser::tab::Tab;

fn options() -> BrowserOptions {
    let Found::Program(program) = find::find(None) else { panic!("these tests need a Chromium") };
    BrowserOptions::of(program, !find::is_superuser())
}

async fn until(intercept: &Intercept, what: impl Fn(&Traffic) -> bool) -> Traffic {
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        let traffic = intercept.traffic();
        if what(&traffic) || Instant::now() > end {
            return traffic;
        }
        let _ = tokio::time::timeout(Duration::from_millis(200), intercept.changed()).await;
    }
}

/// A page that tells the collector from everywhere it can, and asks a server it may not ask.
fn page(canary: u16) -> String {
    format!(
        r#"<!doctype html><meta charset=utf-8><title>nhà</title>
<script src="https://dem.test/embed/thu.js"></script>
<script>
navigator.sendBeacon('https://dem.test/thu?by=beacon', 'id=7');
new Image().src = 'https://dem.test/thu?by=image';
fetch('https://dem.test/thu?by=fetch', {{method: 'POST', body: '{{"id":7}}', headers: {{'content-type': 'application/json'}}}});
new Worker('worker.js');
new SharedWorker('shared.js');
navigator.serviceWorker.register('service.js');
try {{ new WebSocket('wss://dem.test/thu?by=socket'); new WebSocket('ws://127.0.0.1:{canary}/'); }} catch (e) {{}}
try {{ new WebTransport('https://127.0.0.1:{canary}/').ready.catch(() => 0); }} catch (e) {{}}
try {{
  const urls = ['stun:127.0.0.1:{canary}', 'turn:127.0.0.1:{canary}?transport=udp', 'turn:127.0.0.1:{canary}?transport=tcp'];
  const rtc = new RTCPeerConnection({{iceServers: [{{urls, username: 'u', credential: 'c'}}], iceCandidatePoolSize: 4}});
  rtc.createDataChannel('x'); rtc.createOffer().then((offer) => rtc.setLocalDescription(offer));
}} catch (e) {{}}
try {{
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  a.createDataChannel('x');
  a.createOffer().then((o) => a.setLocalDescription(o)).then(() => b.setRemoteDescription(a.localDescription))
    .then(() => b.createAnswer()).then((o) => b.setLocalDescription(o)).then(() => a.setRemoteDescription(b.localDescription))
    .then(() => {{
      for (const way of ['udp 2113937151 127.0.0.1 {canary} typ host', 'tcp 1518280447 127.0.0.1 {canary} typ host tcptype passive'])
        a.addIceCandidate({{candidate: `candidate:1 1 ${{way}}`, sdpMid: '0', sdpMLineIndex: 0}});
      window.called = true;
    }});
}} catch (e) {{}}
for (const host of ['127.0.0.1', 'localhost', '[::1]'])
  for (const scheme of ['http', 'https']) {{
    fetch(`${{scheme}}://${{host}}:{canary}/`, {{mode: 'no-cors'}}).catch(() => 0);
    const i = new Image(); i.src = `${{scheme}}://${{host}}:{canary}/i.png`;
  }}
</script>
<iframe src="https://cu.test/frame.html"></iframe>
<iframe src="data:text/html,<img src='https://dem.test/thu?by=data'>"></iframe>
<link rel=prefetch href="http://127.0.0.1:{canary}/p"><link rel=preconnect href="http://127.0.0.1:{canary}">
<link rel=dns-prefetch href="//x.test"><video src="http://127.0.0.1:{canary}/v.mp4" autoplay></video>
<a id=away href="https://elsewhere.test/di">đi</a>"#
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_a_page_does_goes_another_way() {
    let canary = Server::start(|_, _| ok("", "")).await;
    let deaf = tokio::net::UdpSocket::bind(("127.0.0.1", canary.port)).await.unwrap();
    let dir = tempfile::tempdir().unwrap();
    let tell =
        |by: &str| format!("fetch('https://dem.test/thu?by={by}', {{mode: 'no-cors', method: 'POST', body: 'id=7'}})");
    let frame = format!("<script>{}</script>", tell("frame"));
    for (name, text) in [
        ("index.html", page(canary.port)),
        ("worker.js", tell("worker")),
        ("shared.js", tell("shared")),
        ("service.js", tell("service")),
        ("frame.html", frame),
    ] {
        std::fs::write(dir.path().join(name), text).unwrap();
    }
    let mut site = Site::at("a".to_owned(), Url::parse("https://a.test/").unwrap());
    site.aliases = vec![Url::parse("https://cu.test/").unwrap()];
    site.source = Some(dir.path().to_owned());
    let client = Arc::new(Client::new(NetOptions::default(), &[&site]).unwrap());
    let visitor = Arc::new(Visitor::new(&client, &site).unwrap());
    let folder = Arc::new(Folder::open(&site, 1 << 20).unwrap());
    let identity = Arc::new(Identity::new().unwrap());
    let chromium = Chromium::launch(&options(), &identity.spki).await.unwrap();
    for http2 in [false, true] {
        let answers = Answers::Folder(folder.clone(), visitor.clone());
        let rules = Rules { http2, ..rules(rule(Some("document.title = 'stand-in'"))) };
        let intercept = Intercept::begin(&identity, answers, rules).unwrap();
        let (tab, _events) = Tab::open(&chromium, intercept.address).await.unwrap();
        let went = tab.session.call("Page.navigate", json!({ "url": "https://a.test/" })).await.unwrap();
        assert_eq!(went.get("errorText"), None);
        let ways = ["beacon", "image", "fetch", "worker", "shared", "service", "frame", "data"];
        let seen = |traffic: &Traffic, way: &str| traffic.sent.iter().any(|s| s.sent.values.iter().any(|v| v == way));
        let traffic = until(&intercept, |traffic| ways.iter().all(|way| seen(traffic, way))).await;
        for way in ways {
            assert!(seen(&traffic, way), "{way}: {:?}", traffic.sent);
        }
        assert_eq!(traffic.document, Some(Ok(200)));
        let library = &traffic.libraries[0];
        assert_eq!((library.answer, library.referer.as_deref()), (Some(Ok(200)), Some("https://a.test/")));
        assert_eq!(tab.session.evaluate("document.title").await.unwrap(), "stand-in");
        // Half a second after the call was set up it would have been tried.
        let called = "new Promise((done) => { const wait = () => window.called ? setTimeout(done, 500, true) \
                      : setTimeout(wait, 20); wait(); })";
        assert_eq!(tab.session.evaluate(called).await.unwrap(), true, "or nothing was tried");
        assert_eq!(tab.session.evaluate("isSecureContext").await.unwrap(), true);
        intercept.hold_navigations(true);
        tab.session.evaluate("document.getElementById('away').click()").await.unwrap();
        let traffic = until(&intercept, |traffic| !traffic.held.is_empty()).await;
        assert_eq!(traffic.held[0].as_str(), "https://elsewhere.test/di");
        assert_eq!(tab.session.evaluate("location.href").await.unwrap(), "https://a.test/");
        tab.close().await;
    }
    chromium.end().await;
    assert_eq!((canary.connections(), canary.hits()), (0, 0));
    let mut datagram = [0; 64];
    assert!(deaf.try_recv(&mut datagram).is_err(), "no datagram either: {datagram:02x?}");
}
