//! What a search says to the person who started it: counts, what the list may lack, what to do next.

use std::path::Path;

use super::Log;
use crate::acquire::discover::{Class, Domain, Explored, Found, Missed, Names};
use crate::finding::safe;
use crate::lang::Lang;
use crate::policy::Text;
use crate::report::words;
use crate::site::Merged;
use crate::snapshot::Gap;

/// Names that are listed one by one.
const LISTED: usize = 10;

/// Where a host stands in the sites file now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It was an entry before.
    Known,
    /// It is a new entry.
    Added,
    /// It stands in a comment.
    Comment,
}

impl Standing {
    pub(super) fn text(self) -> Text {
        match self {
            Self::Known => Text::new("có sẵn", "yes"),
            Self::Added => Text::new("mới", "new"),
            Self::Comment => Text::new("chú thích", "comment"),
        }
    }
}

pub(super) fn place(found: &Found, merged: &Merged) -> Standing {
    if merged.added.contains(&found.host) {
        Standing::Added
    } else if merged.remarked.contains(&found.host) || !merged.ids.contains_key(&found.host) {
        Standing::Comment
    } else {
        Standing::Known
    }
}

/// A gap with its cause.
pub(super) fn gap(gap: Gap) -> Text {
    let cause = words::cause(gap);
    Text::new(format!("{} ({})", cause.vi, gap.name()), format!("{} ({})", cause.en, gap.name()))
}

/// Why nothing was written.
pub(super) fn missed(missed: &Missed, domain: &Domain, output: &Path) -> Text {
    let file = output.display();
    let (vi, en) = match missed {
        Missed::NotSeen(url, fault) => {
            let (cause, remedy) = (gap(*fault), words::remedy(*fault));
            (
                format!("không xem được trang chủ {url}: {} {}", cause.vi, remedy.vi),
                format!("the home page {url} could not be seen: {} {}", cause.en, remedy.en),
            )
        }
        Missed::LeadsAway(way) => {
            let (from, to) = &**way;
            let to = safe(to.as_str(), 300);
            (
                format!("{from} dẫn tới {to}, ngoài tên miền {}; hãy chạy lệnh với địa chỉ đó.", domain.name()),
                format!("{from} leads to {to}, outside {}; run the command with that address.", domain.name()),
            )
        }
        Missed::Cancelled => ("đã dừng theo yêu cầu.".to_owned(), "stopped as asked.".to_owned()),
        Missed::Failed(error) => return error.text(),
    };
    Text::new(format!("{vi}\n{file}: không ghi gì."), format!("{en}\n{file}: nothing was written."))
}

/// What is told at the end.
pub(super) struct Told<'a> {
    pub(super) domain: &'a Domain,
    pub(super) explored: &'a Explored,
    pub(super) merged: &'a Merged,
    pub(super) names: Option<&'a Names>,
    pub(super) log: Option<&'a Log>,
    pub(super) max_sites: usize,
    pub(super) output: &'a Path,
}

impl Told<'_> {
    pub(super) fn text(&self, lang: Lang) -> String {
        let lines = [self.counts(), self.lacks(), self.changes(), vec![self.next()]].concat();
        let lines: Vec<&str> = lines.iter().map(|line| lang.pick(line)).collect();
        lines.join("\n")
    }

    fn counts(&self) -> Vec<Text> {
        let (name, all) = (self.domain.name(), self.explored.found.len());
        let mut lines =
            vec![Text::new(format!("{name}: đã xem {all} máy chủ"), format!("{name}: {all} hosts visited"))];
        let classes: [(&str, &str, &str); 7] = [
            ("site", "trang", "sites"),
            ("unseen", "chưa xem được", "could not be seen"),
            ("alias", "tên khác của một trang", "other names of a site"),
            ("duplicate", "cùng nội dung với một trang", "show the same page as a site"),
            ("redirect", "chuyển hướng đi nơi khác", "lead elsewhere"),
            ("dead", "không hoạt động", "dead"),
            ("not-a-site", "không phải trang TTĐT", "not a site"),
        ];
        for (class, vi, en) in classes {
            let count = self.explored.found.iter().filter(|found| found.class.name() == class).count();
            if count > 0 {
                lines.push(Text::new(format!("{count:>6} {vi}"), format!("{count:>6} {en}")));
            }
        }
        lines
    }

    /// Why the list may lack sites.
    fn lacks(&self) -> Vec<Text> {
        let mut lines = Vec::new();
        for unread in &self.explored.unread {
            let why = gap(unread.gap);
            let url = safe(unread.url.as_str(), 300);
            lines.push(Text::new(
                format!("không đọc được {url}: {}", why.vi),
                format!("{url} was not read: {}", why.en),
            ));
        }
        if let Some((url, Err(why))) = self.log {
            lines.push(Text::new(format!("--ct {url}: {}", why.vi), format!("--ct {url}: {}", why.en)));
        }
        let lists = [("--names", self.names), ("--ct", self.log.and_then(|(_, names)| names.as_ref().ok()))];
        for (flag, names) in lists {
            let Some(names) = names else { continue };
            if let Some(first) = names.unreadable.first() {
                let count = names.unreadable.len();
                lines.push(Text::new(
                    format!("{flag}: {count} dòng không có tên máy chủ (dòng đầu tiên: {first})"),
                    format!("{flag}: {count} lines hold no name of a host (the first is line {first})"),
                ));
            }
            if names.cut {
                lines.push(Text::new(
                    format!("{flag}: danh sách quá dài, chỉ đọc phần đầu"),
                    format!("{flag}: the list is too long, only its beginning was read"),
                ));
            }
        }
        let strangers = self.explored.strangers;
        if strangers > 0 {
            let name = self.domain.name();
            lines.push(Text::new(
                format!("{strangers} tên trong danh sách không thuộc {name}"),
                format!("{strangers} names of lists do not lie under {name}"),
            ));
        }
        let (beyond, most) = (self.explored.beyond, self.max_sites);
        if beyond > 0 {
            lines.push(Text::new(
                format!("{beyond} máy chủ nữa chưa được xem vì đã đủ --max-sites {most}"),
                format!("{beyond} more hosts were not visited because of --max-sites {most}"),
            ));
        }
        lines
    }

    /// What no longer fits the file.
    fn changes(&self) -> Vec<Text> {
        let standing = |found: &&Found| place(found, self.merged);
        let here = |found: &&Found| standing(found) == Standing::Comment && !self.merged.remarked.contains(&found.host);
        let back: Vec<&Found> = self.explored.found.iter().filter(|f| f.is_proposed() && here(f)).collect();
        let gone: Vec<&Found> = self
            .explored
            .found
            .iter()
            .filter(|f| standing(f) == Standing::Known && !f.is_proposed() && !self.is_declared_alias(f))
            .collect();
        let file = self.output.display();
        let mut lines = Vec::new();
        if !back.is_empty() {
            let hosts = hosts(&back);
            lines.push(Text::new(
                format!("{file}: đang ở trong chú thích nhưng hoạt động: {hosts}"),
                format!("{file}: in a comment, but they answer: {hosts}"),
            ));
        }
        if !gone.is_empty() {
            let hosts = hosts(&gone);
            lines.push(Text::new(
                format!("{file}: có trong danh sách nhưng không còn là trang riêng: {hosts}"),
                format!("{file}: in the list, but no site of their own any more: {hosts}"),
            ));
        }
        lines
    }

    /// Whether a host is another name of the entry that it leads to: then nothing has to change.
    fn is_declared_alias(&self, found: &Found) -> bool {
        let id = |host| self.merged.ids.get(host);
        match &found.class {
            Class::Alias(of) | Class::Duplicate(of) => id(of).is_some() && id(of) == id(&found.host),
            _ => false,
        }
    }

    fn next(&self) -> Text {
        let (file, added) = (self.output.display(), self.merged.added.len());
        let remarked = self.merged.remarked.len();
        if self.output.as_os_str() == "-" {
            return Text::new(
                format!("{added} trang, {remarked} trong chú thích"),
                format!("{added} sites, {remarked} in comments"),
            );
        }
        Text::new(
            format!(
                "{file}: thêm {added} trang, {remarked} trong chú thích. Hãy rà lại, rồi chạy: rasoat check --sites {file}"
            ),
            format!(
                "{file}: {added} sites added, {remarked} in comments. Look through it, then run: rasoat check --sites {file}"
            ),
        )
    }
}

fn hosts(all: &[&Found]) -> String {
    let named: Vec<String> = all.iter().take(LISTED).map(|found| found.host.to_string()).collect();
    let more = if all.len() > LISTED { format!(" … (+{})", all.len() - LISTED) } else { String::new() };
    named.join(", ") + &more
}
