//! Ctrl-C becomes a wish to stop: the first ends the work and lets what is done be written, the second ends the program.
//! Watches as long as it lives and leaves no thread behind; never stops the work itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use tokio::sync::oneshot;

/// Whoever waits for Ctrl-C until this is dropped.
pub(super) struct Interrupts {
    over: Option<oneshot::Sender<()>>,
    watching: Option<JoinHandle<()>>,
}

impl Interrupts {
    /// Sets `cancelled` at the first Ctrl-C; ends the program at the second.
    pub(super) fn watch(cancelled: Arc<AtomicBool>) -> Self {
        let (over, mut ended) = oneshot::channel();
        let watching = std::thread::spawn(move || {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
            runtime.block_on(async {
                loop {
                    tokio::select! {
                        _ = &mut ended => return,
                        pressed = tokio::signal::ctrl_c() => {
                            if pressed.is_err() {
                                return;
                            }
                            if cancelled.swap(true, Ordering::Relaxed) {
                                std::process::exit(130);
                            }
                        }
                    }
                }
            });
        });
        Self { over: Some(over), watching: Some(watching) }
    }
}

impl Drop for Interrupts {
    fn drop(&mut self) {
        // It is gone already where no runtime could be made.
        let _ = self.over.take().map(|over| over.send(()));
        let _ = self.watching.take().map(JoinHandle::join);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn threads() -> usize {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find_map(|l| l.strip_prefix("Threads:")).unwrap();
        line.trim().parse().unwrap()
    }

    // Other tests of this program come and go beside it, so that only a large number tells.
    #[test]
    #[cfg(target_os = "linux")]
    fn whoever_watched_is_gone_after_it() {
        let before = threads();
        for _ in 0..200 {
            drop(Interrupts::watch(Arc::default()));
        }
        assert!(threads() < before + 100, "{before} threads before, {} after", threads());
    }
}
