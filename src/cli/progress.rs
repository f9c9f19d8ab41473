//! The progress bar of a long run: counts, sites that could not be read, remaining time. Only on a terminal, only on
//! standard error, and gone before the results are printed.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::lang::Lang;
use crate::run::Progress;

/// Runs that end sooner need no bar.
const SOON: Duration = Duration::from_secs(1);
/// How often it is drawn.
const TICK: Duration = Duration::from_millis(120);

/// A bar that follows a run until it is dropped.
pub(super) struct Bar {
    ended: Arc<AtomicBool>,
    drawing: Option<JoinHandle<()>>,
}

impl Bar {
    /// Draws the progress of a run, unless nobody would see it.
    pub(super) fn follow(progress: &Arc<Progress>, lang: Lang, quiet: bool) -> Self {
        let ended = Arc::new(AtomicBool::new(false));
        if quiet || !std::io::stderr().is_terminal() {
            return Self { ended, drawing: None };
        }
        let (progress, end) = (progress.clone(), ended.clone());
        let drawing = std::thread::spawn(move || draw(&progress, &end, lang));
        Self { ended, drawing: Some(drawing) }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        if let Some(drawing) = self.drawing.take() {
            // A bar that broke is no reason to lose the results.
            let _ = drawing.join();
        }
    }
}

fn draw(progress: &Progress, ended: &AtomicBool, lang: Lang) {
    let begun = std::time::Instant::now();
    let mut bar: Option<ProgressBar> = None;
    while !ended.load(Ordering::Relaxed) {
        std::thread::sleep(TICK);
        let sites = progress.sites.load(Ordering::Relaxed);
        if begun.elapsed() < SOON || sites < 2 {
            continue;
        }
        let unread = progress.unread.load(Ordering::Relaxed);
        let bar = bar.get_or_insert_with(|| ProgressBar::new(sites as u64).with_style(style(lang)));
        // A search finds more as it goes.
        bar.set_length(sites as u64);
        bar.set_message(match unread {
            0 => String::new(),
            n => format!(" · {n} {}", lang.of("chưa đọc được", "could not be read")),
        });
        bar.set_position(progress.done.load(Ordering::Relaxed) as u64);
    }
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
}

fn style(lang: Lang) -> ProgressStyle {
    let left = lang.of("còn khoảng", "left: about");
    let sites = lang.of("trang", "sites");
    let template = format!("{{bar:30}} {{pos}}/{{len}} {sites}{{msg}} · {left} {{eta}}");
    ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
