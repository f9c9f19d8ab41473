//! A loopback server for `benches/fleet.sh` and `benches/browser.sh`: many sites with a TLS certificate each shares, or
//! the files of one folder over plain HTTP. Writes what a run needs (root certificate, sites file) into a folder, prints
//! one line when it serves, and counts what it was asked for when its standard input ends.
//!
//! ```text
//! fleet FOLDER fleet SITES BYTES      https://sK.fleet.test:PORT/, K from 1; site 1 is the portal
//! fleet FOLDER visited SITES BYTES    the same with a tracker on tracker.fleet.test: policy.yml names it, folders.yml
//!                                     lists the same sites as folders; counts what its collector was asked for
//! fleet FOLDER folder ROOT            http://127.0.0.1:PORT/ serves ROOT
//! ```

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench stops at the first surprise")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

const SNIPPET: &str = "<script>var _govaq=window._govaq||[];_govaq.push(['trackPageView']);(function(){_govaq.push(['setTrackerUrl',\
'https://f-emc.ngsp.gov.vn/tracking']);_govaq.push(['setSiteId','@']);var d=document,g=d.createElement('script'),\
s=d.getElementsByTagName('script')[0];g.async=true;g.src='https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js';\
s.parentNode.insertBefore(g,s)})()</script>";

/// Where the snippet and the shipped policy find the tracker.
const EMC: &str = "https://f-emc.ngsp.gov.vn";

/// A library that does what the real one does: counts the visit and adds its label.
const LIBRARY: &str = r#"(function () {
  var queue = window._govaq || [], state = {};
  queue.forEach(function (c) { state[c[0]] = c[1] === undefined ? true : c[1]; });
  if (state.trackPageView && state.setTrackerUrl)
    navigator.sendBeacon(state.setTrackerUrl, 'idsite=' + state.setSiteId + '&url=' + encodeURIComponent(location.href));
  var wrap = document.createElement('div');
  wrap.className = 'yhy-append-wrap';
  wrap.innerHTML = '<div id="yhy-append" class="yhy-append"><a id="btnEMC" class="yhy-append-btn" href="javascript:void(0)" style="display:flex"><span class="yhy-append-txt">Đã kết nối EMC</span></a></div>';
  document.body.appendChild(wrap);
})();"#;

static ASKED: AtomicU64 = AtomicU64::new(0);
static COLLECTED: AtomicU64 = AtomicU64::new(0);

/// What is served.
enum Served {
    Fleet { sites: usize, bytes: usize, port: u16, tracker: Option<String> },
    Folder(PathBuf),
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = PathBuf::from(&arguments[0]);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (served, tls) = match arguments[1].as_str() {
            kind @ ("fleet" | "visited") => {
                let (sites, bytes) = (arguments[2].parse().unwrap(), arguments[3].parse().unwrap());
                let tracker = (kind == "visited").then(|| format!("https://tracker.fleet.test:{port}"));
                if let Some(tracker) = &tracker {
                    visited(&folder, sites, bytes, port, tracker);
                }
                (Served::Fleet { sites, bytes, port, tracker }, Some(fleet(&folder, sites, port)))
            }
            _ => (Served::Folder(PathBuf::from(&arguments[2])), None),
        };
        println!("{port}");
        tokio::spawn(accept(listener, Arc::new(served), tls));
        tokio::task::spawn_blocking(|| std::io::Read::read_to_end(&mut std::io::stdin(), &mut Vec::new()))
            .await
            .unwrap()
            .unwrap();
        println!("{} {}", ASKED.load(Ordering::Relaxed), COLLECTED.load(Ordering::Relaxed));
        std::process::exit(0);
    });
}

/// Writes root certificate and sites file; all hosts share one certificate.
fn fleet(folder: &Path, sites: usize, port: u16) -> TlsAcceptor {
    let mut root = CertificateParams::new(Vec::new()).unwrap();
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root = CertifiedIssuer::self_signed(root, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec!["*.fleet.test".to_owned()]).unwrap().signed_by(&key, &root).unwrap();
    std::fs::write(folder.join("root.pem"), root.pem()).unwrap();
    let mut list = "apiVersion: rasoat/v1\nsites:\n".to_owned();
    for k in 1..=sites {
        let role = if k == 1 { "portal" } else { "component\n    parent: s1" };
        list.push_str(&format!(
            "  - id: s{k}\n    role: {role}\n    url: https://s{k}.fleet.test:{port}/\n    emc_site_id: \"{k}\"\n"
        ));
    }
    std::fs::write(folder.join("sites.yml"), list).unwrap();
    let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![leaf.der().clone()], key).unwrap();
    TlsAcceptor::from(Arc::new(config))
}

/// Writes the same sites as folders, and a policy whose tracker is served here.
fn visited(folder: &Path, sites: usize, bytes: usize, port: u16, tracker: &str) {
    let policy = std::fs::read_to_string("policies/tt22-2023.yml").unwrap();
    std::fs::write(folder.join("policy.yml"), policy.replace(EMC, tracker)).unwrap();
    let mut list = "apiVersion: rasoat/v1\nsites:\n".to_owned();
    for k in 1..=sites {
        let role = if k == 1 { "portal" } else { "component\n    parent: s1" };
        list.push_str(&format!(
            "  - id: s{k}\n    role: {role}\n    url: https://s{k}.fleet.test/\n    source: s{k}\n    emc_site_id: \"{k}\"\n"
        ));
        std::fs::create_dir_all(folder.join(format!("s{k}"))).unwrap();
        let page = page(&format!("s{k}.fleet.test"), sites, bytes, port).replace(EMC, tracker);
        let page = page.replace(&format!(".fleet.test:{port}/\">Trang"), ".fleet.test/\">Trang");
        std::fs::write(folder.join(format!("s{k}/index.html")), page).unwrap();
    }
    std::fs::write(folder.join("folders.yml"), list).unwrap();
}

async fn accept(listener: TcpListener, served: Arc<Served>, tls: Option<TlsAcceptor>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let _ = stream.set_nodelay(true);
        let (served, tls) = (served.clone(), tls.clone());
        tokio::spawn(async move {
            match tls {
                Some(tls) => {
                    if let Ok(stream) = tls.accept(stream).await {
                        talk(stream, &served).await;
                    }
                }
                None => talk(stream, &served).await,
            }
        });
    }
}

async fn talk(mut stream: impl AsyncRead + AsyncWrite + Unpin, served: &Served) {
    let (mut read, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let end = loop {
            if let Some(at) = read.windows(4).position(|w| w == b"\r\n\r\n") {
                break at + 4;
            }
            match stream.read(&mut buffer).await {
                Ok(n) if n > 0 => read.extend_from_slice(&buffer[..n]),
                _ => return,
            }
        };
        let request = String::from_utf8_lossy(&read[..end]).into_owned();
        read.drain(..end);
        ASKED.fetch_add(1, Ordering::Relaxed);
        let path = request.split(' ').nth(1).unwrap_or("/").to_owned();
        let host = request.lines().find_map(|l| l.to_ascii_lowercase().strip_prefix("host: ").map(str::to_owned));
        let answer = answer(served, &path, host.as_deref().unwrap_or_default());
        if stream.write_all(&answer).await.is_err() {
            return;
        }
    }
}

fn answer(served: &Served, path: &str, host: &str) -> Vec<u8> {
    let found = match served {
        Served::Fleet { tracker: Some(_), .. } if host.starts_with("tracker.") => {
            let library = path.starts_with("/embed/");
            COLLECTED.fetch_add(u64::from(!library), Ordering::Relaxed);
            library.then(|| LIBRARY.as_bytes().to_vec())
        }
        Served::Fleet { sites, bytes, port, tracker } => (path == "/").then(|| {
            let page = page(host, *sites, *bytes, *port);
            tracker.as_ref().map_or(page.clone(), |at| page.replace(EMC, at)).into_bytes()
        }),
        Served::Folder(root) => {
            let path = path.split(['?', '#']).next().unwrap_or_default().trim_start_matches('/');
            std::fs::read(root.join(if path.is_empty() { "index.html" } else { path })).ok()
        }
    };
    let kind = match path.rsplit('.').next() {
        Some("css") => "text/css",
        Some("js") => "text/javascript",
        _ => "text/html; charset=utf-8",
    };
    let (status, body) = found.map_or(("404 Not Found", Vec::new()), |body| ("200 OK", body));
    let head = format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n", body.len());
    [head.into_bytes(), body].concat()
}

/// The home page of a site: the portal links to every component, a component to its portal.
fn page(host: &str, sites: usize, bytes: usize, port: u16) -> String {
    let number = host.trim_start_matches('s').split('.').next().unwrap_or_default();
    let mut page = format!(
        "<!doctype html><html lang=vi><head><meta charset=utf-8><title>Trang {number}</title>{}</head><body>",
        SNIPPET.replace('@', number)
    );
    let links = if number == "1" { 2..=sites } else { 1..=1 };
    for k in links {
        page.push_str(&format!("<a href=\"https://s{k}.fleet.test:{port}/\">Trang {k}</a>\n"));
    }
    let mut k = 0;
    while page.len() < bytes {
        k += 1;
        page.push_str(&format!("<p class=\"tin tin-{k}\">Tin số {k}: <a href=\"/tin/{k}.html\">ủy ban nhân dân triển khai nhiệm vụ trọng tâm</a></p>\n"));
    }
    page.push_str("</body></html>");
    page
}
