//! Questions to the scripts of a look, within the time a look may take. Turns expressions into typed answers;
//! knows nothing of what is asked.

use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use serde_json::json;

use crate::acquire::browser::pipe::{Broken, Session};

/// Beyond the time that was left, an answer may take this long: scripts keep their own time.
const GRACE: Duration = Duration::from_secs(2);

/// A page with the scripts of a look in a world of its own.
pub(super) struct Asked<'a> {
    pub(super) session: &'a Session,
    pub(super) world: u64,
    until: Instant,
}

/// A part of the time.
pub(super) struct Budget(Instant);

impl Budget {
    pub(super) fn is_spent(&self) -> bool {
        Instant::now() >= self.0
    }
}

impl<'a> Asked<'a> {
    pub(super) fn new(session: &'a Session, world: u64, longest: Duration) -> Self {
        Self { session, world, until: Instant::now() + longest }
    }

    pub(super) fn left(&self) -> Duration {
        self.until.saturating_duration_since(Instant::now())
    }

    pub(super) fn budget(&self, most: Duration) -> Budget {
        Budget(Instant::now() + self.left().min(most))
    }

    /// Tells the scripts how long they may go on from now.
    pub(super) async fn allow(&self, most: Duration) -> Result<(), Broken> {
        self.run(&format!("rasoat.allow({})", self.left().min(most).as_millis())).await
    }

    /// Runs a script for what it does.
    pub(super) async fn run(&self, script: &str) -> Result<(), Broken> {
        self.evaluate(&format!("{script}\n;0"), false).await.map(|_: serde_json::Value| ())
    }

    /// What an expression is in the end.
    pub(super) async fn ask<T: DeserializeOwned>(&self, expression: &str) -> Result<T, Broken> {
        self.evaluate(expression, false).await
    }

    /// The same, as if a person had just touched the page: new windows open only then.
    pub(super) async fn ask_with_gesture<T: DeserializeOwned>(&self, expression: &str) -> Result<T, Broken> {
        self.evaluate(expression, true).await
    }

    async fn evaluate<T: DeserializeOwned>(&self, expression: &str, gesture: bool) -> Result<T, Broken> {
        let params = json!({
            "expression": expression, "contextId": self.world, "returnByValue": true, "awaitPromise": true,
            "silent": true, "userGesture": gesture,
        });
        let mut answer = self.session.call_within("Runtime.evaluate", params, self.left() + GRACE).await?;
        if let Some(thrown) = answer.get("exceptionDetails") {
            let said = thrown["exception"]["description"].as_str().or(thrown["text"].as_str()).unwrap_or_default();
            return Err(Broken::Refused(said.chars().take(300).collect()));
        }
        serde_json::from_value(answer["result"]["value"].take()).map_err(|e| Broken::Refused(e.to_string()))
    }
}
