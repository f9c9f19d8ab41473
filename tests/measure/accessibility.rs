//! Faults that were planted are found, with their places; what cannot be decided is not called right.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rasoat::acquire::browser::axe;
use rasoat::acquire::browser::pipe::Event;
use rasoat::acquire::browser::tab::Tab;
use rasoat::snapshot::{AccessRule, Accessibility, Gap, Origin, Source};
use serde_json::json;
use tokio::sync::mpsc::Receiver;

use super::way_out::{Reply, with_tab};

/// axe-core as npm installed it.
fn script() -> String {
    let file = axe::find(None).expect("axe-core (npm ci)");
    std::fs::read_to_string(file).unwrap()
}

async fn show(tab: &Tab, events: &mut Receiver<Event>) -> u64 {
    tab.session.call("Page.navigate", json!({ "url": "http://trang.example/" })).await.unwrap();
    let loaded = async { while events.recv().await.unwrap().method != "Page.loadEventFired" {} };
    tokio::time::timeout(Duration::from_secs(20), loaded).await.unwrap();
    tab.session.own_world().await.unwrap()
}

fn check(html: &'static str) -> Result<Accessibility, Gap> {
    let script = script();
    let source = Arc::new(Source::new(Origin::default(), html.to_owned()));
    with_tab(
        move |path| if path == "/" { Reply::html(html) } else { Reply::svg(10, 10) },
        async |tab, events| {
            let world = show(tab, events).await;
            axe::check(tab, world, &script, &["wcag2a".to_owned()], Some(&source)).await
        },
    )
}

fn ids(rules: &[AccessRule]) -> Vec<&str> {
    rules.iter().map(|rule| rule.id.as_str()).collect()
}

const FAULTY: &str = "<!doctype html>
<html>
<head><title>Trang</title></head>
<body>
<main>
<h1>Trang</h1>
<img src=\"/a.svg\">
<form><input type=\"text\" name=\"q\"></form>
<video src=\"/a.mp4\" controls></video>
</main>
<script>
  // What a page does to its own world does not reach the checker.
  window.axe = { run: async () => ({ violations: [], incomplete: [], passes: [], inapplicable: [] }) };
  Array.prototype.slice = () => [];
  const later = document.createElement('img');
  later.src = '/b.svg';
  document.querySelector('main').append(later);
</script>
<iframe title=\"Bản đồ\" src=\"/frame\" width=\"200\" height=\"100\"></iframe>
</body>
</html>
";

#[test]
fn planted_faults_are_found_where_they_stand() {
    let found = check(FAULTY).unwrap();
    let mut broken = ids(&found.violations);
    broken.sort_unstable();
    assert_eq!(broken, ["html-has-lang", "image-alt", "label"], "{found:?}");
    assert!(ids(&found.incomplete).contains(&"video-caption"), "{:?}", ids(&found.incomplete));
    assert!(found.passes > 5 && found.inapplicable > 5, "{found:?}");
    assert_eq!(found.frames, 1);
    assert!(found.checker.starts_with("axe-core 4."), "{}", found.checker);
    let images = found.violations.iter().find(|rule| rule.id == "image-alt").unwrap();
    assert!(images.tags.iter().any(|tag| tag == "wcag111"), "{images:?}");
    assert_eq!((images.total, images.impact.as_deref()), (2, Some("critical")));
    let places: Vec<Option<&str>> =
        images.nodes.iter().map(|node| node.span.map(|[start, end]| &FAULTY[start as usize..end as usize])).collect();
    // The second was put there by a script: it stands nowhere in the bytes.
    assert_eq!(places, [Some("<img src=\"/a.svg\">"), None]);
    assert!(images.nodes[1].html.contains("/b.svg") && !images.nodes[1].selector.is_empty());
}

#[test]
fn a_sound_page_breaks_no_rule() {
    let found = check(
        "<!doctype html><html lang=\"vi\"><head><title>Trang</title></head><body><main><h1>Trang</h1>
        <img src=\"/a.svg\" alt=\"Trụ sở\"><a href=\"/tin\">Tin tức</a></main></body></html>",
    )
    .unwrap();
    assert_eq!((ids(&found.violations), ids(&found.incomplete)), (vec![], vec![]));
}

#[test]
fn a_script_that_is_no_checker_leaves_it_open() {
    let answer = |script: &'static str| {
        with_tab(
            |_| Reply::html("<!doctype html><html lang=vi><title>Trang</title><h1>Trang</h1>"),
            async |tab, events| {
                let world = show(tab, events).await;
                axe::check(tab, world, script, &["wcag2a".to_owned()], None).await.map(|_| ())
            },
        )
    };
    assert_eq!(answer("throw new Error('x')"), Err(Gap::NoData));
    assert_eq!(answer("var other = 1"), Err(Gap::NoData));
    assert_eq!(answer("globalThis.axe = { run: async () => ({}) }"), Err(Gap::NoData));
}

#[test]
fn the_installed_script_is_found() {
    let file = axe::find(None).expect("axe-core (npm ci)");
    assert!(file.ends_with(Path::new("node_modules/axe-core/axe.min.js")), "{}", file.display());
}
