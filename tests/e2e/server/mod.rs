//! One server on loopback that is many hosts: on one port with TLS, told apart by the name in the handshake, and on
//! one without, told apart by the Host header. Each host has its certificate, its answers, its faults and a log.
//!
//! ```text
//! let server = Server::start();
//! server.host("a.test", Host::page("<!doctype html>…").fails(vec![Fault::Handshake(Handshake::Reset)]));
//! run(&server, &format!("check {}", server.https("a.test")));
//! assert_eq!(server.asked("a.test").len(), 1);
//! ```

mod answer;
mod certificates;
mod province;
mod talk;

use std::collections::{HashMap, VecDeque};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

pub(crate) use answer::{Act, Answer, CHUNKED, FOREVER, Fault, Handshake, chunk};
pub(crate) use certificates::{Authority, Cert};
pub(crate) use province::{Kind, Province, home, label, snippet};

/// A request that came.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// The name in the Host header, without port.
    pub(crate) host: String,
    /// Path and query.
    pub(crate) path: String,
    /// Request line and headers as they came.
    pub(crate) head: String,
    /// When its head was whole.
    pub(crate) at: Instant,
}

impl Asked {
    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().skip(1).filter_map(|l| l.split_once(':'));
        lines.map(|(n, v)| (n, v.trim())).find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v)
    }
}

type Answers = dyn Fn(&Asked) -> Answer + Send + Sync;
type Chance = dyn Fn(u64) -> Option<Fault> + Send + Sync;

/// How a host behaves.
#[derive(Clone)]
pub(crate) struct Host {
    cert: Cert,
    handshake: Handshake,
    answers: Arc<Answers>,
    faults: VecDeque<Fault>,
    chance: Option<Arc<Chance>>,
}

impl Host {
    /// Answers as the closure says.
    pub(crate) fn new(answers: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        let (cert, handshake) = (Cert::Good, Handshake::Normal);
        Self { cert, handshake, answers: Arc::new(answers), faults: VecDeque::new(), chance: None }
    }

    /// Answers the given paths, everything else with 404.
    pub(crate) fn paths<S: Into<String>>(paths: impl IntoIterator<Item = (S, Answer)>) -> Self {
        let paths: HashMap<String, Answer> = paths.into_iter().map(|(p, a)| (p.into(), a)).collect();
        Self::new(move |asked| paths.get(&asked.path).cloned().unwrap_or_else(|| Answer::new(404, "", "not found")))
    }

    /// Answers its home page so.
    pub(crate) fn home(answer: Answer) -> Self {
        Self::paths([("/", answer)])
    }

    /// Has a home page and nothing else.
    pub(crate) fn page(html: impl Into<Vec<u8>>) -> Self {
        Self::home(Answer::html(html))
    }

    /// Shows another certificate.
    pub(crate) fn cert(mut self, cert: Cert) -> Self {
        self.cert = cert;
        self
    }

    /// Always goes wrong in the handshake.
    pub(crate) fn handshake(mut self, handshake: Handshake) -> Self {
        self.handshake = handshake;
        self
    }

    /// Goes wrong so often and in that order before it answers.
    pub(crate) fn fails(mut self, faults: impl IntoIterator<Item = Fault>) -> Self {
        self.faults.extend(faults);
        self
    }

    /// Closes each connection a while after its first answer, though the answer promised to keep it.
    pub(crate) fn closes(self, after: Duration) -> Self {
        let answers = Arc::clone(&self.answers);
        let closing = move |asked: &Asked| answers(asked).then_close(after);
        Self { answers: Arc::new(closing), ..self }
    }

    /// Answers a while later.
    pub(crate) fn slow(self, wait: Duration) -> Self {
        let answers = Arc::clone(&self.answers);
        Self { answers: Arc::new(move |asked| answers(asked).after(wait)), ..self }
    }

    /// Goes wrong whenever the closure says so; it is given how many requests came before.
    pub(crate) fn chance(mut self, chance: impl Fn(u64) -> Option<Fault> + Send + Sync + 'static) -> Self {
        self.chance = Some(Arc::new(chance));
        self
    }
}

/// What the connections of a server share.
struct Shared {
    hosts: Mutex<HashMap<String, Host>>,
    authority: Authority,
    log: Mutex<Vec<Asked>>,
    /// TLS connections by name.
    greeted: Mutex<HashMap<String, usize>>,
    /// Requests being answered at each address now, and the most there ever were.
    busy: Mutex<HashMap<IpAddr, (usize, usize)>>,
}

/// A running server.
pub(crate) struct Server {
    shared: Arc<Shared>,
    places: Mutex<HashMap<String, IpAddr>>,
    tls_port: u16,
    plain_port: u16,
    runtime: Option<tokio::runtime::Runtime>,
    /// Connections that fill a queue nobody serves.
    crowd: Mutex<Vec<tokio::net::TcpStream>>,
}

/// Where hosts live unless told otherwise.
pub(crate) const FIRST: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 1));
/// Another address of the same server.
pub(crate) const SECOND: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));
/// Nobody listens here.
pub(crate) const NOBODY: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 7));
/// Somebody listens here and never lets anyone in.
pub(crate) const FULL: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 9));

impl Server {
    /// Starts with no hosts.
    pub(crate) fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let shared = Arc::new(Shared {
            hosts: Mutex::default(),
            authority: Authority::new(),
            log: Mutex::default(),
            greeted: Mutex::default(),
            busy: Mutex::default(),
        });
        let (tls_port, plain_port) = (talk::listen(&runtime, &shared, true), talk::listen(&runtime, &shared, false));
        let runtime = Some(runtime);
        Self { shared, places: Mutex::default(), tls_port, plain_port, runtime, crowd: Mutex::default() }
    }

    /// Adds a host, or changes it.
    pub(crate) fn host(&self, name: &str, host: Host) {
        self.host_at(name, FIRST, host);
    }

    /// Adds a host that lives at another address of this machine.
    pub(crate) fn host_at(&self, name: &str, address: IpAddr, host: Host) {
        if address == FULL {
            self.fill();
        }
        self.shared.hosts.lock().unwrap().insert(name.to_owned(), host);
        self.places.lock().unwrap().insert(name.to_owned(), address);
    }

    /// A queue of waiting connections that is full, so that the next one hangs.
    fn fill(&self) {
        let mut crowd = self.crowd.lock().unwrap();
        if !crowd.is_empty() {
            return;
        }
        for port in [self.tls_port, self.plain_port] {
            crowd.extend(talk::full_queue(self.runtime.as_ref().unwrap(), SocketAddr::new(FULL, port)));
        }
    }

    /// `https://NAME:PORT/`.
    pub(crate) fn https(&self, name: &str) -> String {
        format!("https://{name}:{}/", self.tls_port)
    }

    /// `http://NAME:PORT/`.
    pub(crate) fn http(&self, name: &str) -> String {
        format!("http://{name}:{}/", self.plain_port)
    }

    /// What `--cacert` reads.
    pub(crate) fn root_pem(&self) -> String {
        self.shared.authority.root_pem()
    }

    /// What `--resolve @FILE` reads: every host and where it lives.
    pub(crate) fn mappings(&self) -> String {
        let places = self.places.lock().unwrap();
        let lines = places
            .iter()
            .flat_map(|(name, at)| [self.tls_port, self.plain_port].map(|port| format!("{name}:{port}:{at}\n")));
        lines.collect()
    }

    /// Every request that came, in order.
    pub(crate) fn log(&self) -> Vec<Asked> {
        self.shared.log.lock().unwrap().clone()
    }

    /// The requests that came for a host.
    pub(crate) fn asked(&self, host: &str) -> Vec<Asked> {
        self.shared.log.lock().unwrap().iter().filter(|a| a.host == host).cloned().collect()
    }

    /// How many TLS connections were begun with a host.
    pub(crate) fn greeted(&self, host: &str) -> usize {
        self.shared.greeted.lock().unwrap().get(host).copied().unwrap_or(0)
    }

    /// The most requests that were being answered at one time at an address.
    pub(crate) fn busiest(&self, address: IpAddr) -> usize {
        self.shared.busy.lock().unwrap().get(&address).map_or(0, |(_, most)| *most)
    }

    /// Forgets requests and connections, not hosts.
    pub(crate) fn forget(&self) {
        self.shared.log.lock().unwrap().clear();
        self.shared.greeted.lock().unwrap().clear();
        self.shared.busy.lock().unwrap().clear();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
