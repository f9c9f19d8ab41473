//! One page in a context of its own: fresh cookies and storage, its own way out, dialogs answered, everything that
//! could leave the page refused. Opens and closes; what is done on the page is others' business.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::json;
use tokio::sync::mpsc::Receiver;

use super::launch::Chromium;
use super::pipe::{Broken, Event, Pipe, Session};

/// How long an ordinary command may take.
pub const COMMAND: Duration = Duration::from_secs(15);

/// A screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screen {
    /// CSS pixels.
    pub width: u32,
    /// CSS pixels.
    pub height: u32,
    /// A phone: touch, viewport meta, phone's name.
    pub mobile: bool,
}

/// The screen that decides.
pub const DESKTOP: Screen = Screen { width: 1366, height: 768, mobile: false };
/// The screen that notes speak of.
pub const PHONE: Screen = Screen { width: 390, height: 844, mobile: true };

/// One page in a context of its own.
#[derive(Debug)]
pub struct Tab {
    /// The line to the page.
    pub session: Session,
    pipe: Pipe,
    context: String,
    target: String,
}

impl Tab {
    /// Opens an empty page whose every request goes to `way_out`.
    ///
    /// # Errors
    /// Why it could not be had.
    pub async fn open(chromium: &Chromium, way_out: SocketAddr) -> Result<(Self, Receiver<Event>), Broken> {
        let pipe = chromium.pipe.clone();
        let params = json!({
            "disposeOnDetach": true, "proxyServer": way_out.to_string(), "proxyBypassList": "<-loopback>",
        });
        let made = pipe.call("Target.createBrowserContext", params, COMMAND).await?;
        let context = made["browserContextId"].as_str().unwrap_or_default().to_owned();
        let params = json!({ "url": "about:blank", "browserContextId": context });
        let opened = async {
            let deny = json!({ "behavior": "deny", "browserContextId": context });
            // What does not build on each other is sent at once: a busy machine takes its time for each answer.
            let (made, _) = tokio::try_join!(
                pipe.call("Target.createTarget", params, COMMAND),
                pipe.call("Browser.setDownloadBehavior", deny, COMMAND),
            )?;
            let target = made["targetId"].as_str().unwrap_or_default().to_owned();
            let (session, events) = pipe.attach(&target, COMMAND).await?;
            tokio::try_join!(
                session.call("Page.enable", json!({})),
                session.call("Runtime.enable", json!({})),
                session.call("Network.enable", json!({})),
                session.call("Log.enable", json!({})),
                session.call("Audits.enable", json!({})),
                session.call("Network.setBypassServiceWorker", json!({ "bypass": true })),
                session.call("Page.setLifecycleEventsEnabled", json!({ "enabled": true })),
            )?;
            Ok((session, events, target))
        };
        match opened.await {
            Ok((session, events, target)) => Ok((Self { session, pipe, context, target }, events)),
            Err(broken) => {
                let params = json!({ "browserContextId": context });
                let _ = pipe.call("Target.disposeBrowserContext", params, COMMAND).await;
                Err(broken)
            }
        }
    }

    /// A second line to the page: what is turned on there tells nothing on the first. For [`Tab::hang_up`].
    ///
    /// # Errors
    /// Why it could not be had.
    pub async fn second_line(&self) -> Result<(Session, Receiver<Event>), Broken> {
        self.pipe.attach(&self.target, COMMAND).await
    }

    /// Closes a second line.
    pub async fn hang_up(&self, line: Session) {
        self.pipe.forget(line.id());
        let _ = self.pipe.call("Target.detachFromTarget", json!({ "sessionId": line.id() }), COMMAND).await;
    }

    /// Shows the page on a screen.
    ///
    /// # Errors
    /// Why it could not be done.
    pub async fn show_on(&self, screen: Screen) -> Result<(), Broken> {
        let params = json!({
            "width": screen.width, "height": screen.height, "mobile": screen.mobile,
            "deviceScaleFactor": if screen.mobile { 2 } else { 1 },
            "screenWidth": screen.width, "screenHeight": screen.height,
        });
        let touch = json!({ "enabled": screen.mobile });
        tokio::try_join!(
            self.session.call("Emulation.setDeviceMetricsOverride", params),
            self.session.call("Emulation.setTouchEmulationEnabled", touch),
        )
        .map(|_| ())
    }

    /// Closes the page and forgets everything it stored.
    pub async fn close(self) {
        let params = json!({ "browserContextId": self.context });
        let _ = self.pipe.call("Target.disposeBrowserContext", params, COMMAND).await;
    }
}

impl Drop for Tab {
    fn drop(&mut self) {
        self.pipe.forget(self.session.id());
        // A visit that was given up leaves no page behind; of one that was closed there is nothing left.
        self.pipe.tell("Target.disposeBrowserContext", &json!({ "browserContextId": self.context }));
    }
}
