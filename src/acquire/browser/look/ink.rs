//! Whether a label makes a difference on the screen: pictures of its place with and without its ink, compared.
//! Asked where styles and boxes leave a doubt; never says why.

use serde::Deserialize;
use serde_json::{Value, json};

use super::ask::Asked;
use crate::acquire::browser::pipe::Broken;

/// A label shows when its ink makes a difference in at least this share of its width.
const SHOWN: f64 = 0.5;
/// It does not when the ink makes one in less than this share.
const GONE: f64 = 0.25;

#[derive(Deserialize)]
struct Share {
    strong: f64,
    faint: f64,
}

/// `None` when pictures do not tell.
pub(super) async fn shows(page: &Asked<'_>, index: usize) -> Result<Option<bool>, Broken> {
    let place: Value = page.ask(&format!("rasoat.stage({index})")).await?;
    if place.is_null() {
        page.run("rasoat.unstage()").await?;
        return Ok(None);
    }
    let pictures = pictures(page, &place).await;
    page.run("rasoat.unstage()").await?;
    let Ok([before, without, after]) = pictures else { return Ok(None) };
    let compared = page.ask(&format!("rasoat.share('{before}', '{without}', '{after}')")).await;
    let share: Option<Share> = compared.unwrap_or(None);
    Ok(share.and_then(|share| match share {
        Share { strong, .. } if strong >= SHOWN => Some(true),
        Share { faint, .. } if faint < GONE => Some(false),
        _ => None,
    }))
}

async fn pictures(page: &Asked<'_>, place: &Value) -> Result<[String; 3], Broken> {
    let before = picture(page, place).await?;
    page.run("rasoat.blot()").await?;
    let without = picture(page, place).await?;
    page.run("rasoat.unblot()").await?;
    Ok([before, without, picture(page, place).await?])
}

async fn picture(page: &Asked<'_>, place: &Value) -> Result<String, Broken> {
    let params = json!({ "format": "png", "clip": place, "captureBeyondViewport": false, "optimizeForSpeed": true });
    let taken = page.session.call_within("Page.captureScreenshot", params, page.left()).await?;
    let data = taken["data"].as_str().unwrap_or_default();
    // It becomes part of a script.
    if data.is_empty() || !data.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=')) {
        return Err(Broken::Refused("no picture".to_owned()));
    }
    Ok(data.to_owned())
}
