//! A history as commands see it: its runs newest first, each opened one at a time; what cannot be used is named on the
//! error stream and left where it is.

use std::io::Write;
use std::path::Path;

use crate::deliver::history::{self, Entry, Limits, Listed, Name};
use crate::error::Error;
use crate::finding::safe;
use crate::history::{LeftOut, Outline};
use crate::lang::Lang;
use crate::policy::Text;

/// Most files that are named one by one.
const MOST_NAMED: usize = 10;

/// A history that was listed.
pub(super) struct Folder {
    /// Newest first.
    pub(super) runs: Vec<Entry>,
    lang: Lang,
    quiet: bool,
    skipped: usize,
}

impl Folder {
    /// Lists a history, and names what is none of it.
    pub(super) fn open(path: &Path, lang: Lang, quiet: bool) -> Result<Self, Error> {
        let Listed { mut runs, others } = history::list(path, Limits::default())?;
        runs.reverse();
        let mut folder = Self { runs, lang, quiet, skipped: 0 };
        for name in others {
            let why = Text::new("không phải lần chạy do rasoat lưu", "it is no run that rasoat keeps");
            folder.skip(&name, &why);
        }
        Ok(folder)
    }

    /// The outline of a run; `None` when it cannot be used, which is said.
    pub(super) fn outline(&mut self, entry: &Entry) -> Option<Outline> {
        match outline(entry) {
            Ok(outline) => Some(outline),
            Err(why) => {
                self.skip(&entry.name.to_string(), &why);
                None
            }
        }
    }

    fn skip(&mut self, name: &str, why: &Text) {
        self.skipped += 1;
        if self.skipped <= MOST_NAMED && !self.quiet {
            let (name, why) = (safe(name, 120), self.lang.pick(why));
            warn(&self.lang.of(format!("bỏ qua {name}: {why}."), format!("{name} is left aside: {why}.")), self.lang);
        }
    }

    /// How many files were left aside; told once more when not all of them were named.
    pub(super) fn close(&self) -> usize {
        let unnamed = self.skipped.saturating_sub(MOST_NAMED);
        if unnamed > 0 && !self.quiet {
            let text = self.lang.of(
                format!("bỏ qua {unnamed} tệp khác trong thư mục lịch sử."),
                format!("{unnamed} more files of the history are left aside."),
            );
            warn(&text, self.lang);
        }
        self.skipped
    }
}

/// The outline of a run, whose name is that of its report.
pub(super) fn outline(entry: &Entry) -> Result<Outline, Text> {
    let json = history::read(&entry.path, Limits::default()).map_err(|damage| damage.text())?;
    let outline = Outline::read(&json).map_err(|why| why.text())?;
    let named = Name::of(&outline.taken_at, &outline.run_id, outline.shard).map(|n| n.again(entry.name.version));
    if named.as_ref() == Some(&entry.name) {
        return Ok(outline);
    }
    Err(Text::new("tên tệp không khớp với báo cáo bên trong", "its name is not that of the report in it"))
}

/// Why runs are no part of a trend, in one sentence; `None` when all are.
pub(super) fn left_out<'a>(counts: impl IntoIterator<Item = (&'a LeftOut, &'a u64)>, lang: Lang) -> Option<String> {
    let why = |why: &LeftOut| match why {
        LeftOut::Shard => lang.of(
            "phần của một lần chạy (hãy lưu báo cáo đã gộp: rasoat merge --history)",
            "shards (keep the merged report: rasoat merge --history)",
        ),
        LeftOut::SomeSites => lang.of("chỉ rà soát một số trang", "of some sites only"),
        LeftOut::SomeRules => lang.of("chỉ xét một số tiêu chí", "by some rules only"),
        LeftOut::BrokenOff => lang.of("bị dừng giữa chừng", "broken off"),
        LeftOut::OtherPolicies => lang.of("dùng bộ tiêu chí khác", "by other policies"),
        LeftOut::OtherSites => lang.of("của những trang khác", "of other sites"),
        LeftOut::JudgedAgain => lang.of("đã được xét lại", "judged again later"),
    };
    let parts: Vec<String> = counts.into_iter().map(|(reason, n)| format!("{n} {}", why(reason))).collect();
    (!parts.is_empty()).then(|| {
        let parts = parts.join(", ");
        lang.of(format!("Không tính vào xu hướng: {parts}."), format!("Not in the trend: {parts}."))
    })
}

pub(super) fn warn(text: &str, lang: Lang) {
    // Nobody is left to tell when stderr is closed.
    let _ = writeln!(std::io::stderr(), "{}: {text}", lang.of("cảnh báo", "warning"));
}
