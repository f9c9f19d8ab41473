//! Does what a person does on a page, to learn what a missing snippet waits for: moves, scrolls, presses a key, agrees
//! to what a banner asks, lets time pass. What comes of it is noted elsewhere.

use std::time::Duration;

use serde_json::json;

use super::pipe::{Broken, Session};

/// Things in banners and dialogs that are agreed to, one after another.
pub(super) const MOST_AGREED: usize = 6;
/// Time that is let pass in the page, in milliseconds of its own clock.
const PASSED: u32 = 60_000;
/// How long that may really take.
const PASSING: Duration = Duration::from_secs(4);

/// Moves the pointer, scrolls, presses a key that changes nothing, touches.
pub(super) async fn interact(session: &Session) -> Result<(), Broken> {
    for (x, y) in [(200, 200), (420, 360), (640, 300)] {
        session.call("Input.dispatchMouseEvent", json!({ "type": "mouseMoved", "x": x, "y": y })).await?;
    }
    let wheel = json!({ "type": "mouseWheel", "x": 640, "y": 300, "deltaX": 0, "deltaY": 600 });
    session.call("Input.dispatchMouseEvent", wheel).await?;
    for kind in ["keyDown", "keyUp"] {
        let key = json!({ "type": kind, "key": "Shift", "code": "ShiftLeft", "windowsVirtualKeyCode": 16 });
        session.call("Input.dispatchKeyEvent", key).await?;
    }
    let touched = "for(const t of['touchstart','touchmove','touchend'])\
        window.dispatchEvent(new Event(t,{bubbles:true}));\
        window.scrollTo(0,document.documentElement.scrollHeight);window.scrollTo(0,0);0";
    session.evaluate(touched).await.map(|_| ())
}

/// Clicks the n-th thing, from 0, that a banner or dialog over the page offers; its text, or `None` when there is none.
pub(super) async fn agree(session: &Session, world: u64, n: usize) -> Result<Option<String>, Broken> {
    let script = format!("({})({n})", include_str!("page/agree.js"));
    let clicked = session.evaluate_in(&script, Some(world)).await?;
    Ok(clicked.as_str().map(|text| text.chars().take(120).collect()))
}

/// Lets the page's own clock run on, so that what waits for a time need not be waited for.
pub(super) async fn pass_time(session: &Session) -> Result<(), Broken> {
    let params = json!({ "policy": "pauseIfNetworkFetchesPending", "budget": PASSED });
    session.call("Emulation.setVirtualTimePolicy", params).await?;
    tokio::time::sleep(PASSING / 4).await;
    let now = json!({ "policy": "advance" });
    session.call("Emulation.setVirtualTimePolicy", now).await?;
    tokio::time::sleep(PASSING / 8).await;
    Ok(())
}
