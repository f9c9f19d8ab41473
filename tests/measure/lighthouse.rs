//! Runs of Lighthouse never reach a collector, whatever a page does to reach it.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rasoat::acquire::lighthouse::{self, LighthouseRun};
use rasoat::snapshot::LighthouseGap;
use url::Url;

use super::way_out::{Reply, alone, program, serve};

/// Every way a page has to send something somewhere.
const TALKATIVE: &str = "<!doctype html><html lang=vi><title>Trang</title><body><h1>Trang</h1>
<img src='//COLLECTOR/img'><iframe src='//COLLECTOR/frame'></iframe>
<script src='//COLLECTOR/library.js'></script><link rel=preconnect href='//COLLECTOR'>
<script>
  navigator.sendBeacon('//COLLECTOR/beacon');
  fetch('/moved', { mode: 'no-cors' });
  const code = `fetch('http://COLLECTOR/worker', { mode: 'no-cors' })`;
  new Worker(URL.createObjectURL(new Blob([code])));
  new Image().src = 'http://COLLECTOR/image';
  new WebSocket('ws://COLLECTOR/socket');
</script>";

/// A site that answers as 127.0.0.1 and a collector that answers as localhost, both counted.
struct Town {
    address: Url,
    collector: Url,
    visits: Arc<AtomicU32>,
    hits: Arc<AtomicU32>,
}

impl Town {
    fn new() -> Self {
        let (visits, hits) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
        let counted = hits.clone();
        let collector = serve(move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
            Reply::svg(1, 1)
        });
        let collector = format!("localhost:{}", collector.port());
        let (page, counted) = (TALKATIVE.replace("COLLECTOR", &collector), visits.clone());
        let moved = format!("http://{collector}/moved");
        let site = serve(move |path| {
            counted.fetch_add(1, Ordering::Relaxed);
            if path == "/moved" { Reply::html("").to(&moved) } else { Reply::html(&page) }
        });
        let url = |text: String| Url::parse(&text).unwrap();
        Self {
            address: url(format!("http://{site}/")),
            collector: url(format!("http://{collector}/tracking")),
            visits,
            hits,
        }
    }

    fn run(&self, tool: PathBuf, collectors: Vec<Url>) -> Result<f64, LighthouseGap> {
        let asked = LighthouseRun {
            tool,
            browser: program(),
            sandbox: false,
            address: self.address.clone(),
            collectors,
            way_out: None,
            time_limit: Duration::from_secs(100),
        };
        lighthouse::run(&asked).map(|report| report.speed_index_ms)
    }

    fn counted(&self) -> (bool, u32) {
        (self.visits.load(Ordering::Relaxed) > 0, self.hits.load(Ordering::Relaxed))
    }
}

/// A tool that only shows the page in the browser it is given, with the flags it is given.
const SHOWS: &str = r#"#!/bin/sh
url=$1
for a; do case $a in --chrome-flags=*) flags=${a#*=};; esac; done
eval "\"$CHROME_PATH\" $flags --user-data-dir=\"$TMPDIR/profile\" --virtual-time-budget=3000 --dump-dom $url" >/dev/null 2>&1
"#;

#[test]
fn the_collector_s_name_does_not_resolve_in_the_browser_of_a_run() {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    let tool = folder.path().join("lighthouse");
    std::fs::write(&tool, SHOWS).unwrap();
    std::fs::set_permissions(&tool, std::fs::Permissions::from_mode(0o755)).unwrap();
    // Without the fence it is reached: the page does try.
    let open = Town::new();
    assert_eq!(open.run(tool.clone(), Vec::new()), Err(LighthouseGap::Failed));
    let (visited, hits) = open.counted();
    assert!(visited && hits > 3, "{hits}");
    let fenced = Town::new();
    assert_eq!(fenced.run(tool, vec![fenced.collector.clone()]), Err(LighthouseGap::Failed));
    assert_eq!(fenced.counted(), (true, 0));
}

#[test]
fn a_run_of_the_installed_lighthouse_gives_its_figure_and_adds_no_visit() {
    let here = std::env::current_dir().unwrap();
    let Some(tool) = lighthouse::find(std::env::var_os("PATH").as_deref(), &here) else {
        println!("skipped: Lighthouse is not installed");
        return;
    };
    let _alone = alone();
    let town = Town::new();
    let index = town.run(tool, vec![town.collector.clone()]).unwrap();
    assert!((100.0..60_000.0).contains(&index), "{index}");
    assert_eq!(town.counted(), (true, 0));
}
