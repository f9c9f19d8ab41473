//! Speaks HTTP with the browser: requests in absolute form, and tunnels that end here, TLS and all. What is answered
//! is decided elsewhere.

use std::fmt;
use std::future::Future;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use url::Url;

use super::answer::Faults;
use super::asked::Asked;
use super::local::{self, Answer};
use super::traffic::Log;
use super::{Answers, Identity, Rules, peer};
use crate::snapshot::Gap;

/// How long a browser may take to begin speaking TLS.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// The connection is closed without an answer: the browser sees a network error.
#[derive(Debug)]
pub(super) struct Cut;

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no answer")
    }
}

impl std::error::Error for Cut {}

/// What all connections of one visit share.
#[derive(Debug)]
pub(super) struct Way {
    identity: Arc<Identity>,
    pub(super) answers: Answers,
    pub(super) rules: Rules,
    pub(super) log: Arc<Log>,
    /// Bytes that the network answered.
    pub(super) answered: AtomicU64,
    pub(super) faults: Faults,
    /// Where libraries said they had moved, with their trackers.
    pub(super) moved: Mutex<Vec<(Url, String)>>,
    holding: AtomicBool,
    closed: watch::Receiver<()>,
}

impl Way {
    pub(super) fn new(identity: Arc<Identity>, answers: Answers, rules: Rules, closed: watch::Receiver<()>) -> Self {
        let (log, answered, holding) = (Arc::default(), AtomicU64::new(0), AtomicBool::new(false));
        Self {
            identity,
            answers,
            rules,
            log,
            answered,
            faults: Faults::default(),
            moved: Mutex::default(),
            holding,
            closed,
        }
    }

    pub(super) fn hold(&self, on: bool) {
        self.holding.store(on, Ordering::Relaxed);
    }

    pub(super) fn is_holding(&self) -> bool {
        self.holding.load(Ordering::Relaxed)
    }

    /// Does something until it is done or the way is closed.
    pub(super) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        Tasks(self.closed.clone()).spawn(work);
    }
}

/// Everything that is done for a visit ends with it.
#[derive(Debug, Clone)]
struct Tasks(watch::Receiver<()>);

impl Tasks {
    fn spawn<T>(&self, work: impl Future<Output = T> + Send + 'static) {
        let mut closed = self.0.clone();
        tokio::spawn(async move {
            tokio::select! {
                // Nothing is ever sent: it changes when the sender is gone.
                _ = closed.changed() => {}
                _ = work => {}
            }
        });
    }
}

impl<F: Future + Send + 'static> hyper::rt::Executor<F> for Tasks {
    fn execute(&self, work: F) {
        self.spawn(work);
    }
}

/// Takes connections until the way is closed.
pub(super) async fn listen(way: Arc<Way>, listener: TcpListener) {
    let Ok(own) = listener.local_addr() else { return };
    loop {
        match listener.accept().await {
            Ok((stream, from)) if !peer::is_another_user(from, own) => {
                let _ = stream.set_nodelay(true);
                way.spawn(outside(way.clone(), stream));
            }
            Ok(_) => {}
            // No more files may be opened for a while.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

/// What the browser says to its proxy.
async fn outside(way: Arc<Way>, stream: TcpStream) {
    let service = service_fn(move |mut request: Request<Incoming>| {
        let way = way.clone();
        async move {
            if request.method() != Method::CONNECT {
                return way.answer(None, request).await;
            }
            let Some(authority) = request.uri().authority().map(ToString::to_string) else {
                return Ok::<Answer, Cut>(local::bare(StatusCode::BAD_REQUEST));
            };
            let upgraded = hyper::upgrade::on(&mut request);
            let inner = way.clone();
            way.spawn(async move {
                if let Ok(tunnel) = upgraded.await {
                    inside(inner, TokioIo::new(tunnel), authority).await;
                }
            });
            Ok(local::bare(StatusCode::OK))
        }
    });
    let served = http1::Builder::new().serve_connection(TokioIo::new(stream), service).with_upgrades();
    // A connection that breaks is the browser's own affair.
    let _ = served.await;
}

/// What it says to a server. What speaks no TLS in a tunnel (a web socket without it) ends here.
async fn inside(way: Arc<Way>, tunnel: TokioIo<hyper::upgrade::Upgraded>, authority: String) {
    let acceptor = TlsAcceptor::from(way.identity.config(way.rules.http2));
    let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE, acceptor.accept(tunnel)).await else { return };
    let http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
    let tasks = Tasks(way.closed.clone());
    let authority: Arc<str> = authority.into();
    let service = service_fn(move |request: Request<Incoming>| {
        let (way, authority) = (way.clone(), authority.clone());
        async move { way.answer(Some(&authority), request).await }
    });
    let stream = TokioIo::new(stream);
    let _ = if http2 {
        http2::Builder::new(tasks).serve_connection(stream, service).await
    } else {
        http1::Builder::new().serve_connection(stream, service).await
    };
}

impl Way {
    async fn answer(&self, authority: Option<&str>, request: Request<Incoming>) -> Result<Answer, Cut> {
        let (parts, body) = request.into_parts();
        let asked = Asked::new(authority, parts.method, &parts.uri, parts.headers).ok_or(Cut)?;
        let Some(_pending) = self.log.begin(self.rules.limits.requests) else {
            // The limit is ours: what it left out may have held what is looked for.
            if asked.is_script() {
                self.log.failed_script(&asked.url, Err(Gap::TooLarge));
            }
            return Err(Cut);
        };
        self.decide(&asked, body).await
    }
}
