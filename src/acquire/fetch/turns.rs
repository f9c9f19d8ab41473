//! Turns at a server: how many requests one address serves at a time and how far apart they begin, whatever the
//! number of sites behind it. Never asks anything itself.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

/// The turns of a run, by address.
#[derive(Debug)]
pub(super) struct Turns {
    at_a_time: usize,
    apart: Duration,
    servers: Mutex<HashMap<String, Server>>,
}

#[derive(Debug, Clone)]
struct Server {
    places: Arc<Semaphore>,
    /// No request begins before.
    next: Instant,
}

impl Turns {
    pub(super) fn new(at_a_time: usize, apart: Duration) -> Self {
        Self { at_a_time: at_a_time.max(1), apart, servers: Mutex::default() }
    }

    /// Waits for a turn at a server; it lasts until the permit is dropped.
    pub(super) async fn turn(&self, server: &str) -> Option<OwnedSemaphorePermit> {
        let places = self.with(server, |s| s.places.clone())?;
        let permit = places.acquire_owned().await.ok();
        let begin = self.with(server, |s| {
            let begin = s.next.max(Instant::now());
            s.next = begin + self.apart;
            begin
        })?;
        tokio::time::sleep_until(begin).await;
        permit
    }

    /// Leaves a server alone for a while, as it asked.
    pub(super) fn hold(&self, server: &str, wait: Duration) {
        self.with(server, |s| s.next = s.next.max(Instant::now() + wait));
    }

    fn with<T>(&self, server: &str, change: impl FnOnce(&mut Server) -> T) -> Option<T> {
        let mut servers = self.servers.lock().ok()?;
        let server = servers
            .entry(server.to_owned())
            .or_insert_with(|| Server { places: Arc::new(Semaphore::new(self.at_a_time)), next: Instant::now() });
        Some(change(server))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(test: impl Future<Output = ()>) {
        tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(test);
    }

    #[test]
    fn a_server_gets_no_more_than_its_places() {
        run(async {
            let turns = Turns::new(2, Duration::ZERO);
            let held = (turns.turn("a").await, turns.turn("a").await);
            let third = tokio::time::timeout(Duration::from_millis(30), turns.turn("a")).await;
            assert!(third.is_err(), "both places are taken");
            assert!(turns.turn("b").await.is_some(), "another server has its own");
            drop(held);
            assert!(turns.turn("a").await.is_some());
        });
    }

    #[test]
    fn requests_begin_apart_and_not_before_the_server_wants() {
        run(async {
            let turns = Turns::new(4, Duration::from_millis(40));
            let begun = Instant::now();
            for _ in 0..3 {
                drop(turns.turn("a").await);
            }
            assert!(begun.elapsed() >= Duration::from_millis(80));
            turns.hold("a", Duration::from_millis(120));
            let held = Instant::now();
            drop(turns.turn("a").await);
            assert!(held.elapsed() >= Duration::from_millis(110));
        });
    }
}
