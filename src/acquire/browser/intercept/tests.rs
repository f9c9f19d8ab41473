//! The way out, asked as a browser asks; behind it a server on loopback that is every host.

mod chromium;
mod folder;
mod limits;
mod tracker;
mod web;

use std::sync::{Arc, Mutex};

use reqwest::header::HeaderMap;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::acquire::fetch::{Client, Mapping, NetOptions};
use crate::site::Site;
use crate::snapshot::Gap;

type Answering = dyn Fn(&str, usize) -> Vec<u8> + Send + Sync;

/// A server that is every host; nothing but what its closure says, each connection closed after one answer.
struct Server {
    port: u16,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// The closure gets head and body, and how many came before; an empty answer closes the connection.
    async fn start(answering: impl Fn(&str, usize) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heads: Arc<Mutex<Vec<String>>> = Arc::default();
        let (kept, answering): (_, Arc<Answering>) = (heads.clone(), Arc::new(answering));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, kept.clone(), answering.clone()));
            }
        });
        Self { port, heads }
    }

    fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }

    fn hits(&self) -> usize {
        self.heads().len()
    }

    fn at(&self, host: &str, path: &str) -> String {
        format!("http://{host}:{}{path}", self.port)
    }
}

async fn serve(mut stream: TcpStream, heads: Arc<Mutex<Vec<String>>>, answering: Arc<Answering>) {
    let mut read = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&read).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length =
                head.lines().find_map(|l| l.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                break;
            }
        }
        match stream.read(&mut chunk).await {
            Ok(n) if n > 0 => read.extend_from_slice(&chunk[..n]),
            _ => return,
        }
    }
    let head = String::from_utf8_lossy(&read).into_owned();
    let before = {
        let mut heads = heads.lock().unwrap();
        heads.push(head.clone());
        heads.len() - 1
    };
    let _ = stream.write_all(&answering(&head, before)).await;
    let _ = stream.shutdown().await;
}

fn ok(headers: &str, body: &str) -> Vec<u8> {
    with(200, headers, body)
}

fn with(status: u16, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n{body}", body.len())
        .into_bytes()
}

/// Network options under which names lead to the server.
fn net(server: &Server, hosts: &[&str]) -> NetOptions {
    let to =
        |host: &&str| Mapping { host: (*host).to_owned(), port: server.port, addresses: vec![[127, 0, 0, 1].into()] };
    NetOptions {
        resolve: hosts.iter().map(to).collect(),
        backoff: std::time::Duration::from_millis(10),
        ..NetOptions::default()
    }
}

fn visitor(site: &str, options: NetOptions) -> Arc<Visitor> {
    let site = Site::at("a".to_owned(), Url::parse(site).unwrap());
    let client = Arc::new(Client::new(options, &[&site]).unwrap());
    Arc::new(Visitor::new(&client, &site).unwrap())
}

/// A way out, and a client that goes it.
struct Rig {
    intercept: Intercept,
    client: reqwest::Client,
}

impl Rig {
    fn new(answers: Answers, rules: Rules) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let identity = Arc::new(Identity::new().unwrap());
        let intercept = Intercept::begin(&identity, answers, rules).unwrap();
        let client = reqwest::Client::builder()
            .proxy(reqwest::Proxy::all(format!("http://{}", intercept.address)).unwrap())
            .tls_danger_accept_invalid_certs(true)
            .redirect(reqwest::redirect::Policy::none())
            .timeout(std::time::Duration::from_secs(20))
            .build()
            .unwrap();
        Self { intercept, client }
    }

    /// A request as a page makes it.
    fn ask(&self, method: &str, url: &str, dest: &str) -> reqwest::RequestBuilder {
        let (mode, site) = if dest == "document" { ("navigate", "none") } else { ("no-cors", "cross-site") };
        self.client
            .request(method.parse().unwrap(), url)
            .header("sec-fetch-dest", dest)
            .header("sec-fetch-mode", mode)
            .header("sec-fetch-site", site)
    }

    async fn get(&self, url: &str, dest: &str) -> Option<Got> {
        Got::of(self.ask("GET", url, dest)).await
    }
}

struct Got {
    status: u16,
    headers: HeaderMap,
    text: String,
}

impl Got {
    async fn of(request: reqwest::RequestBuilder) -> Option<Self> {
        let answer = request.send().await.ok()?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Some(Self { status, headers, text: answer.text().await.ok()? })
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
}

fn rule(stand_in: Option<&str>) -> TrackerRule {
    TrackerRule {
        library: Url::parse("https://dem.test/embed/thu.js").unwrap(),
        collector: Url::parse("https://dem.test/thu").unwrap(),
        stand_in: stand_in.map(str::to_owned),
        before: "/*before*/".to_owned(),
    }
}

fn rules(rule: TrackerRule) -> Rules {
    Rules { trackers: BTreeMap::from([("dem".to_owned(), rule)]), ..Rules::default() }
}
