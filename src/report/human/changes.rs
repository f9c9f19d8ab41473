//! What changed since an earlier report, told before the summary: the numbers in one line, then what there is to do
//! first.

use super::Sheet;
use super::style::Ink;
use crate::report::changed::{self, Listed};
use crate::report::{Beside, trend};

/// Most entries of one list.
const MOST: usize = 10;

impl Sheet<'_> {
    /// What is laid beside the report of runs before this one.
    pub(super) fn changes(&mut self, beside: &Beside) {
        let line = beside.trend.as_ref().and_then(|t| trend::trend_line(t, self.lang));
        if beside.changes.is_none() && line.is_none() {
            return;
        }
        self.rest();
        if let Some(changes) = &beside.changes {
            let l = self.lang;
            self.say(0, Some(Ink::Bold), &changed::headline(changes, &self.report.taken_at, l));
            for note in &changes.notes {
                self.say(2, Some(Ink::Dim), &format!("• {}", super::plain::line(l.pick(note))));
            }
            let most = if self.verbose { usize::MAX } else { MOST };
            for Listed { title, entries } in changed::lists(changes, l, self.verbose) {
                self.say(2, None, &title);
                let left = entries.len().saturating_sub(most);
                for entry in entries.iter().take(most) {
                    self.say(4, None, &format!("• {entry}"));
                }
                if left > 0 {
                    let text =
                        l.of(format!("… và {left} nữa (-v: liệt kê hết)"), format!("… and {left} more (-v: all)"));
                    self.say(4, Some(Ink::Dim), &text);
                }
            }
        }
        if let Some(line) = line {
            self.say(0, None, &line);
        }
    }
}
