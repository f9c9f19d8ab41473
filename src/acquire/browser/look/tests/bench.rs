//! One browser for a table of pages, each in a tab whose way out is a server of its own.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::Receiver;
use tokio::task::JoinSet;
use url::Url;

use crate::acquire::browser::BrowserOptions;
use crate::acquire::browser::launch::Chromium;
use crate::acquire::browser::look::{LabelSought, Looked, Sought, early, look};
use crate::acquire::browser::pipe::{Broken, Event, WORLD};
use crate::acquire::browser::tab::{DESKTOP, Tab};

/// Where every page of the table stands.
pub(super) const HOME: &str = "http://home.example/";

/// One table at a time: looks keep the time, and the machine is small.
static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// A page: its address below [`HOME`] and its text.
pub(super) type Files = Vec<(&'static str, String)>;

/// The answers of one page's way out, and the navigations it held.
struct Out {
    address: SocketAddr,
    holding: Arc<AtomicBool>,
    held: Arc<Mutex<Vec<Url>>>,
}

async fn way_out(files: Files) -> Out {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (holding, held) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
    let (hold, note, files) = (Arc::clone(&holding), Arc::clone(&held), Arc::new(files));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream, Arc::clone(&files), Arc::clone(&hold), Arc::clone(&note)));
        }
    });
    Out { address, holding, held }
}

async fn answer(mut stream: TcpStream, files: Arc<Files>, holding: Arc<AtomicBool>, held: Arc<Mutex<Vec<Url>>>) {
    let mut asked = Vec::new();
    let mut room = [0; 4096];
    while !asked.windows(4).any(|w| w == b"\r\n\r\n") {
        match stream.read(&mut room).await {
            Ok(read) if read > 0 => asked.extend_from_slice(&room[..read]),
            _ => return,
        }
    }
    let asked = String::from_utf8_lossy(&asked).into_owned();
    let url = asked.split(' ').nth(1).and_then(|url| Url::parse(url).ok());
    let Some(url) = url else { return };
    let navigation = asked.to_ascii_lowercase().contains("upgrade-insecure-requests: 1");
    let file = files.iter().find(|(name, _)| url.as_str() == format!("{HOME}{name}"));
    let text = match file {
        _ if holding.load(Ordering::SeqCst) && navigation => {
            held.lock().unwrap().push(url);
            "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".to_owned()
        }
        Some((name, body)) => {
            let kind = if name.ends_with(".css") { "text/css" } else { "text/html" };
            let length = body.len();
            format!(
                "HTTP/1.1 200 OK\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            )
        }
        None => "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned(),
    };
    let _ = stream.write_all(text.as_bytes()).await;
}

/// What is sought on a page: the label of one tracker and links to some sites.
pub(super) fn sought(sites: &[&str]) -> Sought {
    let label = LabelSought {
        selectors: [".yhy-append-wrap", "#yhy-append", "#btnEMC"].map(str::to_owned).to_vec(),
        texts: ["Đã kết nối EMC", "Đã kết nối với hệ thống EMC"].map(str::to_owned).to_vec(),
    };
    Sought {
        labels: [("emc".to_owned(), label)].into(),
        selectors: Vec::new(),
        sites: sites.iter().map(|&site| (site.to_owned(), true)).collect(),
        links: !sites.is_empty(),
        links_come: Duration::from_millis(1_200),
    }
}

/// One browser.
pub(super) async fn browser() -> Chromium {
    let root = std::fs::metadata("/proc/self").is_ok_and(|m| std::os::unix::fs::MetadataExt::uid(&m) == 0);
    let options = BrowserOptions::of("chromium".into(), !root);
    Chromium::launch(&options, "").await.unwrap_or_else(|why| panic!("a Chromium to test with: {why}"))
}

async fn loaded(events: &mut Receiver<Event>) {
    let load = async {
        while let Some(event) = events.recv().await {
            if event.method == "Page.loadEventFired" {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), load).await.expect("the page loads");
}

/// Shows one page and looks at it once it stood for a while; and how long the look took.
pub(super) async fn looked(
    chromium: &Chromium,
    files: Files,
    wait: u64,
    sought: &Sought,
) -> Result<(Looked, Duration), Broken> {
    let out = way_out(files).await;
    let (tab, mut events) = Tab::open(chromium, out.address).await?;
    tab.show_on(DESKTOP).await?;
    let script = json!({ "source": early(sought), "worldName": WORLD });
    tab.session.call("Page.addScriptToEvaluateOnNewDocument", script).await?;
    tab.session.call("Page.navigate", json!({ "url": HOME })).await?;
    loaded(&mut events).await;
    tokio::time::sleep(Duration::from_millis(wait)).await;
    let world = tab.session.own_world().await?;
    out.holding.store(true, Ordering::SeqCst);
    let held = Arc::clone(&out.held);
    let drained = tokio::spawn(async move { while events.recv().await.is_some() {} });
    let begun = Instant::now();
    let looked = look(&tab, world, sought, &move || held.lock().unwrap().clone()).await;
    let took = begun.elapsed();
    tab.close().await;
    drained.abort();
    looked.map(|looked| (looked, took))
}

/// Looks at many pages, a few at a time, and collects what `judge` complains of.
pub(super) async fn table<C, J>(cases: Vec<C>, sought: Sought, page: fn(&C) -> (Files, u64), judge: J)
where
    C: Send + Sync + 'static,
    J: Fn(&C, &Looked) -> Option<String>,
{
    let _alone = ALONE.lock().await;
    let chromium = Arc::new(browser().await);
    let (cases, sought) = (Arc::new(cases), Arc::new(sought));
    let turns = Arc::new(tokio::sync::Semaphore::new(4));
    let mut running = JoinSet::new();
    for index in 0..cases.len() {
        let (chromium, cases, sought) = (Arc::clone(&chromium), Arc::clone(&cases), Arc::clone(&sought));
        let turns = Arc::clone(&turns);
        running.spawn(async move {
            let _turn = turns.acquire().await;
            let (files, wait) = page(&cases[index]);
            (index, looked(&chromium, files, wait, &sought).await)
        });
    }
    let mut faults = Vec::new();
    while let Some(done) = running.join_next().await {
        let (index, looked) = done.unwrap();
        match looked {
            Ok((looked, _)) => faults.extend(judge(&cases[index], &looked)),
            Err(broken) => faults.push(format!("case {index}: {broken:?}")),
        }
    }
    if let Some(chromium) = Arc::into_inner(chromium) {
        chromium.end().await;
    }
    faults.sort();
    assert!(faults.is_empty(), "{} of {}\n{}", faults.len(), cases.len(), faults.join("\n"));
}
