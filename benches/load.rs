//! Page load as rasoat measures it beside Lighthouse: serves ten pages, loads each so many times with both, and
//! prints the medians. `benches/load.sh` installs Lighthouse and calls it.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "what cannot begin has no result, and the result is printed"
)]

#[path = "load/pages.rs"]
mod pages;

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;

use rasoat::acquire::browser::BrowserOptions;
use rasoat::acquire::browser::launch::Chromium;
use rasoat::acquire::browser::load::{LOAD_TIME_LIMIT, PHONE, measure};
use rasoat::acquire::browser::tab::Tab;
use rasoat::acquire::lighthouse::{self, LighthouseRun, TIME_LIMIT};
use url::Url;

/// FCP, LCP, TBT, CLS, Speed Index of one load.
type Figures = [Option<f64>; 5];

fn main() {
    let mut args = std::env::args_os().skip(1);
    let tool = PathBuf::from(args.next().expect("the program of Lighthouse"));
    let runs: usize = args.next().and_then(|n| n.to_str()?.parse().ok()).unwrap_or(3);
    let address = serve();
    println!("http://{address}/, {runs} runs each; milliseconds, rasoat | Lighthouse");
    println!("{:<10} {:>15} {:>15} {:>15} {:>15} {:>7}", "page", "FCP", "LCP", "TBT", "CLS", "SI");
    for page in pages::NAMES {
        let url = Url::parse(&format!("http://{address}/{page}")).expect("an address");
        let own: Vec<Figures> = (0..runs).map(|_| ours(&url, address)).collect();
        let other: Vec<Figures> = (0..runs).map(|_| theirs(&url, &tool)).collect();
        let pair = |n: usize, digits: usize| {
            let one = |all: &[Figures]| {
                median(all.iter().filter_map(|f| f[n]).collect()).map_or("—".to_owned(), |v| format!("{v:.digits$}"))
            };
            format!("{:>6} | {:>6}", one(&own), one(&other))
        };
        let index = median(other.iter().filter_map(|f| f[4]).collect()).unwrap_or(f64::NAN);
        println!("{page:<10} {:>15} {:>15} {:>15} {:>15} {index:>7.0}", pair(0, 0), pair(1, 0), pair(2, 0), pair(3, 3));
    }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

fn program() -> PathBuf {
    let usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].map(PathBuf::from);
    usual.into_iter().find(|file| file.is_file()).expect("Chromium")
}

/// A browser of its own for each load, as Lighthouse has.
fn ours(url: &Url, way_out: SocketAddr) -> Figures {
    let options = BrowserOptions::of(program(), false);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("threads");
    runtime.block_on(async {
        let chromium = Chromium::launch(&options, "none").await.expect("a browser");
        let (tab, mut events) = Tab::open(&chromium, way_out).await.expect("a page");
        let run = measure(&tab, &mut events, url, &PHONE, LOAD_TIME_LIMIT).await;
        tab.close().await;
        chromium.end().await;
        run.map_or([None; 5], |run| [run.fcp_ms, run.lcp_ms, run.tbt_ms, run.cls, None])
    })
}

fn theirs(url: &Url, tool: &std::path::Path) -> Figures {
    let asked = LighthouseRun {
        tool: tool.to_owned(),
        browser: program(),
        sandbox: false,
        address: url.clone(),
        collectors: Vec::new(),
        way_out: None,
        time_limit: TIME_LIMIT,
    };
    lighthouse::run(&asked).map_or([None; 5], |r| [r.fcp_ms, r.lcp_ms, r.tbt_ms, r.cls, Some(r.speed_index_ms)])
}

/// Serves the pages, to browsers that come directly and to those that come as to a proxy.
fn serve() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("a port");
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(stream));
        }
    });
    address
}

fn answer(mut stream: TcpStream) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    let request = lines.next()?.ok()?;
    while lines.next()?.ok().is_some_and(|line| !line.is_empty()) {}
    let target = request.split(' ').nth(1)?;
    let path = Url::parse(target).map_or_else(|_| target.to_owned(), |url| url.path().to_owned());
    let (kind, body, after) = pages::page(path.trim_start_matches('/'));
    std::thread::sleep(after);
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(&body).ok()
}
