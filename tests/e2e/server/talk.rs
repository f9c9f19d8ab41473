//! The wire: accepts connections, reads requests, does what the host says. Plain sockets, so that every way of
//! breaking HTTP and TLS can be written.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::rustls::server::Acceptor;
use tokio_rustls::server::TlsStream;

use super::{Act, Answer, Asked, FIRST, FOREVER, Fault, Handshake, Host, SECOND, Shared};

/// Most bytes of a request that a client may send.
const HEAD: usize = 64 << 10;

/// Listens at both addresses on one free port.
pub(super) fn listen(runtime: &Runtime, shared: &Arc<Shared>, tls: bool) -> u16 {
    let _inside = runtime.enter();
    let (first, second) = (0..50)
        .find_map(|_| {
            let first = bind(SocketAddr::new(FIRST, 0))?;
            let second = bind(SocketAddr::new(SECOND, first.local_addr().ok()?.port()))?;
            Some((first, second))
        })
        .unwrap();
    let port = first.local_addr().unwrap().port();
    for listener in [first, second] {
        let shared = Arc::clone(shared);
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = Arc::clone(&shared);
                tokio::spawn(async move {
                    let _ = stream.set_nodelay(true);
                    // A client that leaves early is what many tests are about.
                    let _ = if tls { greet(shared, stream).await } else { talk(&shared, Wire::Plain(stream)).await };
                });
            }
        });
    }
    port
}

fn bind(address: SocketAddr) -> Option<TcpListener> {
    let socket = TcpSocket::new_v4().ok()?;
    socket.bind(address).ok()?;
    socket.listen(4096).ok()
}

/// A listener that lets nobody in, with its queue filled.
pub(super) fn full_queue(runtime: &Runtime, address: SocketAddr) -> Vec<TcpStream> {
    runtime.block_on(async {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(address).unwrap();
        let listener = socket.listen(1).unwrap();
        let mut crowd = Vec::new();
        while let Ok(Ok(stream)) = tokio::time::timeout(Duration::from_millis(200), TcpStream::connect(address)).await {
            crowd.push(stream);
        }
        tokio::spawn(async move {
            tokio::time::sleep(FOREVER * 10).await;
            drop(listener);
        });
        crowd
    })
}

enum Wire {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Wire {
    fn tcp(&self) -> &TcpStream {
        match self {
            Self::Plain(tcp) => tcp,
            Self::Tls(tls) => tls.get_ref().0,
        }
    }

    async fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(tcp) => tcp.read(into).await,
            Self::Tls(tls) => tls.read(into).await,
        }
    }

    async fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(tcp) => tcp.write_all(bytes).await,
            Self::Tls(tls) => {
                tls.write_all(bytes).await?;
                tls.flush().await
            }
        }
    }

    async fn end(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(tcp) => tcp.shutdown().await,
            Self::Tls(tls) => tls.shutdown().await,
        }
    }

    fn reset(self) {
        let _ = self.tcp().set_zero_linger();
    }

    /// Waits until the time is over or the client leaves.
    async fn wait(&mut self, time: Duration) -> io::Result<()> {
        let mut byte = [0; 1];
        match tokio::time::timeout(time, self.tcp().peek(&mut byte)).await {
            Ok(Ok(0)) | Ok(Err(_)) => Err(io::ErrorKind::ConnectionAborted.into()),
            // More of the client's bytes lie there: only the clock can tell.
            Ok(Ok(_)) => {
                tokio::time::sleep(time).await;
                Ok(())
            }
            Err(_) => Ok(()),
        }
    }
}

/// A TLS connection until requests may come.
async fn greet(shared: Arc<Shared>, stream: TcpStream) -> io::Result<()> {
    let start = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
    let name = start.client_hello().server_name().unwrap_or("127.0.0.1").to_owned();
    *shared.greeted.lock().unwrap().entry(name.clone()).or_default() += 1;
    let (cert, handshake) = {
        let mut hosts = shared.hosts.lock().unwrap();
        let Some(host) = hosts.get_mut(&name) else { return Ok(()) };
        let handshake = match host.faults.front() {
            Some(Fault::Handshake(_)) => match host.faults.pop_front() {
                Some(Fault::Handshake(handshake)) => handshake,
                _ => Handshake::Normal,
            },
            _ => host.handshake.clone(),
        };
        (host.cert, handshake)
    };
    match handshake {
        Handshake::Normal => {
            let tls = start.into_stream(shared.authority.config(&name, cert)).await?;
            talk(&shared, Wire::Tls(Box::new(tls))).await
        }
        Handshake::Hang => Wire::Plain(start.io).wait(FOREVER).await,
        Handshake::Close => Wire::Plain(start.io).end().await,
        Handshake::Reset => {
            Wire::Plain(start.io).reset();
            Ok(())
        }
        Handshake::Bytes(bytes) => {
            let mut wire = Wire::Plain(start.io);
            wire.send(&bytes).await?;
            wire.end().await?;
            // Closing with unread bytes would be a reset.
            let mut rest = [0; 1024];
            while wire.read(&mut rest).await? > 0 {}
            Ok(())
        }
    }
}

/// Requests and answers until one side has had enough.
async fn talk(shared: &Shared, mut wire: Wire) -> io::Result<()> {
    let at = wire.tcp().local_addr()?.ip();
    let mut read = Vec::new();
    loop {
        let Some(asked) = request(&mut wire, &mut read).await? else { return wire.end().await };
        let answer = {
            let mut hosts = shared.hosts.lock().unwrap();
            let mut log = shared.log.lock().unwrap();
            let before = log.iter().filter(|a| a.host == asked.host).count() as u64;
            log.push(asked.clone());
            choose(hosts.get_mut(&asked.host), &asked, before)
        };
        {
            let mut busy = shared.busy.lock().unwrap();
            let (now, most) = busy.entry(at).or_default();
            *now += 1;
            *most = (*most).max(*now);
        }
        let keep = answer.keep && !asked.header("connection").is_some_and(|c| c.eq_ignore_ascii_case("close"));
        let mut kept = Some(wire);
        perform(&mut kept, answer, Busy { shared, at }).await?;
        let Some(same) = kept else { return Ok(()) };
        wire = same;
        if !keep {
            return wire.end().await;
        }
    }
}

/// The next request, or nothing when the client has left.
async fn request(wire: &mut Wire, read: &mut Vec<u8>) -> io::Result<Option<Asked>> {
    let mut piece = [0; 4096];
    let end = loop {
        if let Some(end) = read.windows(4).position(|w| w == b"\r\n\r\n") {
            break end + 4;
        }
        let n = wire.read(&mut piece).await?;
        if n == 0 || read.len() > HEAD {
            return Ok(None);
        }
        read.extend_from_slice(&piece[..n]);
    };
    let head = String::from_utf8_lossy(&read.drain(..end).collect::<Vec<u8>>()).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut asked = Asked { host: String::new(), path, head, at: Instant::now() };
    let host = asked.header("host").unwrap_or_default();
    asked.host = host.rsplit_once(':').map_or(host, |(name, _)| name).to_owned();
    Ok(Some(asked))
}

fn choose(host: Option<&mut Host>, asked: &Asked, before: u64) -> Answer {
    let Some(host) = host else { return Answer::new(421, "", "no such host") };
    if let Some(Fault::Answer(_)) = host.faults.front()
        && let Some(Fault::Answer(fault)) = host.faults.pop_front()
    {
        return fault;
    }
    if let Some(Fault::Answer(fault)) = host.chance.as_ref().and_then(|chance| chance(before)) {
        return fault;
    }
    (host.answers)(asked)
}

/// A request that is being answered, as long as this lives.
struct Busy<'s> {
    shared: &'s Shared,
    at: IpAddr,
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        if let Some((now, _)) = self.shared.busy.lock().unwrap().get_mut(&self.at) {
            *now = now.saturating_sub(1);
        }
    }
}

/// Does what an answer says. The request counts as answered before the last act: once its bytes are out, the client may
/// ask for the next thing sooner than this machine comes back here, and one request would count as two.
async fn perform(wire: &mut Option<Wire>, answer: Answer, busy: Busy<'_>) -> io::Result<()> {
    let (mut busy, last) = (Some(busy), answer.acts.len().saturating_sub(1));
    for (k, act) in answer.acts.into_iter().enumerate() {
        if k == last {
            drop(busy.take());
        }
        let Some(open) = wire.as_mut() else { return Ok(()) };
        match act {
            Act::Send(bytes) => open.send(&bytes).await?,
            Act::Endless(bytes) => loop {
                open.send(&bytes).await?;
            },
            Act::Drip(bytes, apart) => {
                for byte in bytes {
                    open.send(&[byte]).await?;
                    tokio::time::sleep(apart).await;
                }
            }
            Act::Wait(time) => open.wait(time).await?,
            Act::Reset => wire.take().into_iter().for_each(Wire::reset),
            Act::Cut => drop(wire.take()),
        }
    }
    Ok(())
}
