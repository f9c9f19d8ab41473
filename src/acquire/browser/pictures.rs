//! Pictures of a page and of its labels, as files in a folder that the user named. What cannot be drawn or written is
//! left out: a picture is evidence beside the facts and decides nothing.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use base64::Engine;
use serde_json::{Value, json};

use super::BrowserOptions;
use super::tab::{DESKTOP, PHONE, Tab};
use crate::part;
use crate::site::Site;
use crate::snapshot::LabelSights;

/// Around a label, in CSS pixels.
const MARGIN: i32 = 24;
/// Longest side of a picture, in CSS pixels.
const MOST: i32 = 2_000;

/// Pictures of both screens.
pub(super) async fn screens(options: &BrowserOptions, site: &Site, tab: &Tab) -> Vec<String> {
    let Some(folder) = &options.screenshots else { return Vec::new() };
    let mut all = Vec::new();
    for (screen, name) in [(PHONE, "phone"), (DESKTOP, "desktop")] {
        if tab.show_on(screen).await.is_ok() {
            all.extend(shot(folder, site, name, tab, json!({ "format": "png" })).await);
        }
    }
    all.reverse();
    all
}

/// A picture of each label, cut out of the page.
pub(super) async fn labels(
    options: &BrowserOptions,
    site: &Site,
    tab: &Tab,
    labels: &mut BTreeMap<String, LabelSights>,
    all: &mut Vec<String>,
) {
    let Some(folder) = &options.screenshots else { return };
    for (tracker, sights) in labels {
        let seen = sights.own.iter_mut().chain(&mut sights.injected).take(10);
        for (n, label) in seen.enumerate() {
            let [x, y, width, height] = label.desktop.area;
            if width <= 0 || height <= 0 || x + width < 0 || y + height < 0 {
                continue;
            }
            let clip = json!({
                "x": (x - MARGIN).max(0), "y": (y - MARGIN).max(0), "scale": 1,
                "width": (width + 2 * MARGIN).min(MOST), "height": (height + 2 * MARGIN).min(MOST),
            });
            let params = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
            label.screenshot = shot(folder, site, &format!("label-{tracker}-{}", n + 1), tab, params).await;
            all.extend(label.screenshot.clone());
        }
    }
}

async fn shot(folder: &Path, site: &Site, name: &str, tab: &Tab, params: Value) -> Option<String> {
    let answer = tab.session.call("Page.captureScreenshot", params).await.ok()?;
    let bytes = base64::engine::general_purpose::STANDARD.decode(answer["data"].as_str()?).ok()?;
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '_' };
    let id: String = site.id.chars().map(plain).take(100).collect();
    let file = format!("{}-{name}.png", id.trim_start_matches('.'));
    let (to, name) = (folder.join(&file), file.clone());
    let written = tokio::task::spawn_blocking(move || {
        let parent = to.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(parent)?;
        // Readers see the old one or the whole new one; what a killed run left of it goes.
        let beginning = format!(".{name}.");
        part::sweep(parent, &beginning);
        let mut part = part::begin(parent, &beginning)?;
        part.write_all(&bytes)?;
        part.persist(&to).map(drop).map_err(|error| error.error)
    });
    written.await.ok()?.ok()?;
    Some(file)
}
