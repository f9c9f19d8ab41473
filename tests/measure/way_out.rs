//! A plain proxy that answers every request itself, and a browser whose only way out it is.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rasoat::acquire::browser::BrowserOptions;
use rasoat::acquire::browser::launch::Chromium;
use rasoat::acquire::browser::pipe::Event;
use rasoat::acquire::browser::tab::Tab;
use tokio::sync::mpsc::Receiver;

/// What is answered to a path.
#[derive(Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) kind: &'static str,
    pub(crate) body: Vec<u8>,
    pub(crate) after: Duration,
    pub(crate) location: Option<String>,
}

impl Reply {
    pub(crate) fn html(body: &str) -> Self {
        let body = body.as_bytes().to_vec();
        Self { status: 200, kind: "text/html; charset=utf-8", body, after: Duration::ZERO, location: None }
    }
    pub(crate) fn svg(width: u32, height: u32) -> Self {
        // Large pictures of few bytes are left out of what counts as contentful.
        let noise: String = (0..400).map(|n| format!("<circle cx='{n}' cy='{n}' r='{}'/>", n % 7)).collect();
        let body = format!("<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}'>{noise}</svg>");
        Self { kind: "image/svg+xml", body: body.into_bytes(), ..Self::html("") }
    }
    pub(crate) fn after(self, after: Duration) -> Self {
        Self { after, ..self }
    }
    pub(crate) fn to(self, location: &str) -> Self {
        Self { status: 302, location: Some(location.to_owned()), ..self }
    }
    pub(crate) fn status(self, status: u16) -> Self {
        Self { status, ..self }
    }
}

type Answers = Arc<dyn Fn(&str) -> Reply + Send + Sync>;

/// Answers every request until the program ends.
pub(crate) fn serve(answers: impl Fn(&str) -> Reply + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let answers: Answers = Arc::new(answers);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answers = answers.clone();
            std::thread::spawn(move || answer(stream, &answers));
        }
    });
    address
}

fn answer(mut stream: TcpStream, answers: &Answers) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    let request = lines.next()?.ok()?;
    while lines.next()?.ok().is_some_and(|line| !line.is_empty()) {}
    let target = request.split(' ').nth(1)?;
    let path = url::Url::parse(target).map_or_else(|_| target.to_owned(), |url| url.path().to_owned());
    let reply = answers(&path);
    std::thread::sleep(reply.after);
    let location = reply.location.map(|to| format!("Location: {to}\r\n")).unwrap_or_default();
    let head = format!(
        "HTTP/1.1 {} X\r\nContent-Type: {}\r\nContent-Length: {}\r\n{location}Connection: close\r\n\r\n",
        reply.status,
        reply.kind,
        reply.body.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(&reply.body).ok()
}

/// The browser's program; tests without one have nothing to show.
pub(crate) fn program() -> PathBuf {
    let named = std::env::var_os("CHROME_PATH").map(PathBuf::from);
    let usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].map(PathBuf::from);
    named.into_iter().chain(usual).find(|file| file.is_file()).expect("Chromium (apt-get install chromium)")
}

fn options() -> BrowserOptions {
    BrowserOptions::of(program(), false)
}

/// Held while a page is measured.
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    static ALONE: LazyLock<Mutex<()>> = LazyLock::new(Mutex::default);
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Does something with an empty tab whose requests are answered by `answers`; a fresh browser each time.
pub(crate) fn with_tab<T>(
    answers: impl Fn(&str) -> Reply + Send + Sync + 'static,
    work: impl AsyncFnOnce(&Tab, &mut Receiver<Event>) -> T,
) -> T {
    let _alone = alone();
    let address = serve(answers);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(async {
        let chromium = Chromium::launch(&options(), "none").await.unwrap();
        let (tab, mut events) = Tab::open(&chromium, address).await.unwrap();
        let done = work(&tab, &mut events).await;
        tab.close().await;
        chromium.end().await;
        done
    })
}
