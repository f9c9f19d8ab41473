//! The header of a table: the row that names its columns, in Vietnamese or English, with or without marks, one line
//! or two, wherever it stands among the first rows. What is ambiguous or missing is told, never guessed.

use super::fold::plain;
use super::table::{Cell, Limits, Row, Sheet, column_of, letters};
use crate::policy::Text;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Ordinal,
    Rank,
    Name,
    Unit,
    Url,
    Id,
    Visits,
    Block,
    Level,
}

/// One kind: its name in `--column`, what columns of it are called in full, and words that such names begin with or
/// hold (as [`plain`] gives them), and its name for people.
struct Words {
    kind: Kind,
    name: &'static str,
    whole: &'static [&'static str],
    held: &'static [&'static str],
    shown: (&'static str, &'static str),
}

const KINDS: [Words; 9] = [
    Words {
        kind: Kind::Ordinal,
        name: "no",
        whole: &["stt", "tt", "so tt", "so thu tu", "no", "index", "thu tu"],
        held: &["stt", "so thu tu"],
        shown: ("số thứ tự", "row number"),
    },
    Words {
        kind: Kind::Rank,
        name: "rank",
        whole: &["hang", "vi tri", "position"],
        held: &["xep hang", "thu hang", "vi tri xep hang", "rank", "ranking"],
        shown: ("hạng", "rank"),
    },
    Words {
        kind: Kind::Name,
        name: "name",
        whole: &[
            "ten",
            "cong",
            "trang",
            "cong ttdt",
            "trang ttdt",
            "name",
            "name vi",
            "name en",
            "portal",
            "site",
            "cong trang",
        ],
        held: &[
            "ten cong",
            "ten trang",
            "cong thong tin dien tu",
            "trang thong tin dien tu",
            "cong trang ttdt",
            "cong ttdt",
            "portal name",
            "site name",
        ],
        shown: ("tên cổng/trang", "portal"),
    },
    Words {
        kind: Kind::Unit,
        name: "unit",
        whole: &["tinh", "thanh pho", "bo", "unit", "agency", "ministry", "province"],
        held: &[
            "ten don vi",
            "don vi",
            "ten co quan",
            "co quan",
            "bo nganh",
            "bo co quan",
            "tinh thanh pho",
            "tinh tp",
            "tinh thanh",
            "dia phuong",
        ],
        shown: ("đơn vị", "unit"),
    },
    Words {
        kind: Kind::Url,
        name: "url",
        whole: &["url", "website", "link", "domain", "address", "host", "web"],
        held: &["dia chi", "ten mien", "duong dan", "lien ket", "url", "domain name"],
        shown: ("địa chỉ", "address"),
    },
    Words {
        kind: Kind::Id,
        name: "id",
        whole: &["id", "siteid", "idsite", "ma"],
        held: &[
            "ma trang",
            "ma emc",
            "ma so emc",
            "ma giam sat",
            "ma dinh danh",
            "emc id",
            "emc site id",
            "id emc",
            "site id",
            "ma cong",
        ],
        shown: ("mã EMC", "EMC id"),
    },
    Words {
        kind: Kind::Visits,
        name: "visits",
        whole: &["luot", "visits", "visit", "luot truy cap", "so luot truy cap", "tong luot truy cap", "so luot"],
        held: &["luot truy cap", "so luot", "so truy cap", "luot tham", "visits", "total visits"],
        shown: ("lượt truy cập", "visits"),
    },
    Words {
        kind: Kind::Block,
        name: "block",
        whole: &["khoi", "nhom", "block", "group"],
        held: &["khoi", "nhom", "phan nhom", "loai don vi", "loai hinh"],
        shown: ("khối", "block"),
    },
    Words {
        kind: Kind::Level,
        name: "level",
        whole: &["muc", "level", "grade"],
        held: &["xep loai", "muc do", "muc xep loai", "muc danh gia", "phan loai"],
        shown: ("mức", "level"),
    },
];

/// Figures about visits that are not visits, and figures of other years: no column of those is taken unasked.
const NOT_IT: &[&str] = &[
    "ty le",
    "ti le",
    "so voi",
    "tang giam",
    "tang truong",
    "muc tang",
    "muc giam",
    "chenh lech",
    "binh quan",
    "trung binh",
    "nam truoc",
    "ky truoc",
    "nam ngoai",
    "previous",
    "last year",
    "change",
    "growth",
    "share",
    "rate",
    "average",
];

impl Kind {
    fn words(self) -> &'static Words {
        // Every kind stands in the list.
        KINDS.iter().find(|words| words.kind == self).unwrap_or(&KINDS[0])
    }

    /// Its name for people.
    pub(super) fn shown(self) -> Text {
        let (vi, en) = self.words().shown;
        Text::new(vi, en)
    }
}

/// The names of kinds of column in `--column`.
#[must_use]
pub fn kind_names() -> [&'static str; 9] {
    KINDS.each_ref().map(|words| words.name)
}

/// A column that the user named: `visits=Năm 2024`, or by its letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    kind: Kind,
    header: String,
}

impl Named {
    /// From a kind and a header or letter; `None` when there is no such kind.
    #[must_use]
    pub fn parse(kind: &str, header: &str) -> Option<Self> {
        let words = KINDS.iter().find(|words| words.name == kind.trim())?;
        Some(Self { kind: words.kind, header: header.trim().to_owned() })
    }
}

/// Which column holds what, and where the rows below the header begin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Columns {
    found: Vec<(Kind, usize)>,
    /// The names of all columns.
    pub(super) names: Vec<String>,
    /// The header's row number.
    pub(super) row: u32,
    /// Index of the first row below it.
    pub(super) first: usize,
}

impl Columns {
    /// The column of a kind.
    pub(super) fn of(&self, kind: Kind) -> Option<usize> {
        self.found.iter().find(|(k, _)| *k == kind).map(|(_, column)| *column)
    }

    /// Which columns are read, for people: `đơn vị = B “Đơn vị”`.
    pub(super) fn shown(&self) -> Text {
        let each = |pick: fn(&Text) -> &String| {
            let parts = self.found.iter().map(|(kind, column)| {
                let name = self.names.get(*column).map(String::as_str).unwrap_or_default();
                format!("{} = {} “{name}”", pick(&kind.shown()), letters(*column))
            });
            parts.collect::<Vec<_>>().join(", ")
        };
        Text::new(each(|text| &text.vi), each(|text| &text.en))
    }

    /// Whether a row repeats the header, as tables of many pages do.
    pub(super) fn is_repeated(&self, row: &Row) -> bool {
        let name = self.of(Kind::Name).or(self.of(Kind::Unit));
        let same =
            |column: usize| self.names.get(column).is_some_and(|name| plain(name) == plain(&row.cell(column).shown()));
        name.is_some_and(same) && row.filled().filter(|column| same(*column)).count() >= 2
    }
}

/// How much of a header a sheet has: the number of kinds found, nought when it has none.
pub(super) fn found(sheet: &Sheet, limits: &Limits) -> usize {
    candidate(sheet, limits, &[]).map_or(0, |columns| {
        let mut kinds: Vec<Kind> = columns.found.iter().map(|(kind, _)| *kind).collect();
        kinds.dedup();
        kinds.len()
    })
}

/// The columns of a sheet.
///
/// # Errors
/// When no row is a header, a column is missing or two could be it; names the columns seen and the remedy.
pub(super) fn read(sheet: &Sheet, limits: &Limits, named: &[Named]) -> Result<Columns, Text> {
    let Some(mut columns) = candidate(sheet, limits, named) else { return Err(missing(sheet, limits)) };
    for Named { kind, header } in named {
        if columns.of(*kind).is_some_and(|column| matches(columns.names.get(column), header)) {
            continue;
        }
        let Some(column) = column_of(header).filter(|column| *column < columns.names.len()) else {
            let (seen, name) = (seen(&columns.names), kind.words().name);
            return Err(Text::new(
                format!("--column {name}: bảng không có cột “{header}”. Các cột (dòng {}): {seen}.", columns.row),
                format!("--column {name}: the table has no column “{header}”. Columns (row {}): {seen}.", columns.row),
            ));
        };
        columns.found.retain(|(k, c)| k != kind && *c != column);
        columns.found.push((*kind, column));
    }
    columns.found.sort_unstable();
    for pair in columns.found.windows(2) {
        if let [(kind, one), (other, two)] = pair
            && kind == other
        {
            return Err(ambiguous(&columns, *kind, *one, *two));
        }
    }
    Ok(columns)
}

fn matches(name: Option<&String>, header: &str) -> bool {
    name.is_some_and(|name| !plain(header).is_empty() && plain(name) == plain(header))
}

fn seen(names: &[String]) -> String {
    let named = names.iter().enumerate().filter(|(_, name)| !name.is_empty());
    let shown: Vec<String> =
        named.take(20).map(|(n, name)| format!("{} “{}”", letters(n), crate::finding::safe(name, 60))).collect();
    shown.join(", ")
}

fn ambiguous(columns: &Columns, kind: Kind, one: usize, two: usize) -> Text {
    let (shown, name, seen) = (kind.shown(), kind.words().name, seen(&columns.names));
    let header = columns.names.get(two).cloned().unwrap_or_default();
    // Columns of one name can only be told apart by their letters; and a name that a shell or a terminal may take
    // otherwise than as it stands is not one to be copied into a command.
    let same = columns.names.get(one).is_some_and(|first| plain(first) == plain(&header));
    let odd = crate::finding::safe(&header, 60) != header || header.contains(['\'', '"', '`', '$', '\\', '!']);
    let remedy = if same || odd { letters(two) } else { header };
    Text::new(
        format!(
            "dòng {}: cột {} và {} đều có thể là {}. Các cột: {seen}. Hãy chỉ rõ, ví dụ: --column '{name}={remedy}'",
            columns.row,
            letters(one),
            letters(two),
            shown.vi
        ),
        format!(
            "row {}: the columns {} and {} may both be the {}. Columns: {seen}. Say which, as: --column '{name}={remedy}'",
            columns.row,
            letters(one),
            letters(two),
            shown.en
        ),
    )
}

/// What to say when no row is a header: the row that comes nearest.
fn missing(sheet: &Sheet, limits: &Limits) -> Text {
    let first = || sheet.rows.iter().take(limits.header);
    let score = |row: &Row| (found_in(&names_of(row), &[]).len(), row.filled().count());
    let Some(row) = first().rev().max_by_key(|row| score(row)) else {
        return Text::new("bảng trống.", "the table is empty.");
    };
    let names = names_of(row);
    let kinds: Vec<Kind> = found_in(&names, &[]).into_iter().map(|(kind, _)| kind).collect();
    let has = |wanted: &[Kind]| kinds.iter().any(|kind| wanted.contains(kind));
    let seen = seen(&names);
    let row = row.number;
    let (lacks, example) = if has(&PORTALS) {
        (Text::new("lượt truy cập (hoặc hạng, hoặc mức)", "visits (or rank, or level)"), "--column 'visits=…'")
    } else {
        (
            Text::new("tên đơn vị hoặc cổng (hoặc địa chỉ, hoặc mã EMC)", "unit or portal (or address, or EMC id)"),
            "--column 'name=…'",
        )
    };
    Text::new(
        format!(
            "không thấy dòng tiêu đề có cột {} trong {} dòng đầu. Dòng {row} có các cột: {seen}. Hãy đặt tên cột trong bảng, hoặc chỉ rõ: {example} (tên hoặc chữ cái của cột).",
            lacks.vi, limits.header
        ),
        format!(
            "no header with a column of {} is among the first {} rows. Row {row} has the columns: {seen}. Name the column in the table, or say which it is: {example} (its name or letter).",
            lacks.en, limits.header
        ),
    )
}

/// What tells which portal a row is.
const PORTALS: [Kind; 4] = [Kind::Name, Kind::Unit, Kind::Url, Kind::Id];
/// What can be ranked or checked.
const FIGURES: [Kind; 3] = [Kind::Visits, Kind::Rank, Kind::Level];

/// The first row, alone or with the next, that names a portal's column and one of figures.
fn candidate(sheet: &Sheet, limits: &Limits, named: &[Named]) -> Option<Columns> {
    for (at, row) in sheet.rows.iter().enumerate().take(limits.header) {
        let alone = names_of(row);
        let next = sheet.rows.get(at + 1).filter(|next| next.number == row.number + 1);
        let both = next.filter(|next| is_second_line(&alone, next)).map(|next| joined(&alone, next));
        let first = at + 1 + usize::from(both.is_some());
        let names = both.unwrap_or(alone);
        let found = found_in(&names, named);
        let has = |wanted: &[Kind]| found.iter().any(|(kind, _)| wanted.contains(kind));
        // A user who names columns by letters still means a row that names some.
        let lettered =
            |wanted: &[Kind]| named.iter().any(|n| wanted.contains(&n.kind) && column_of(&n.header).is_some());
        let portals = has(&PORTALS) || (lettered(&PORTALS) && has(&FIGURES));
        let figures = has(&FIGURES) || (lettered(&FIGURES) && has(&PORTALS) && names.len() > 1);
        if portals && figures {
            return Some(Columns { found, names, row: row.number, first });
        }
    }
    None
}

fn names_of(row: &Row) -> Vec<String> {
    row.cells.iter().map(Cell::shown).collect()
}

/// A line that only says more about the columns above it: nothing where portals are named and counted, and names or
/// years elsewhere.
fn is_second_line(above: &[String], next: &Row) -> bool {
    let found = found_in(above, &[]);
    let portals: Vec<usize> =
        found.iter().filter(|(kind, _)| PORTALS.contains(kind)).map(|(_, column)| *column).collect();
    // A title of the first block stands in the first column, where rows are counted.
    let counted =
        found.iter().filter(|(kind, _)| matches!(kind, Kind::Ordinal | Kind::Rank)).map(|(_, column)| *column);
    let portals: Vec<usize> = if portals.is_empty() { portals } else { portals.into_iter().chain(counted).collect() };
    if portals.is_empty() || portals.iter().any(|column| !next.cell(*column).is_empty()) {
        return false;
    }
    let filled: Vec<String> = next.filled().map(|column| next.cell(column).shown()).collect();
    let is_year = |text: &String| text.parse::<u16>().is_ok_and(|year| (1990..2100).contains(&year));
    let says = |text: &String| is_year(text) || classified(text).is_some() || plain(text).starts_with("nam ");
    let numbers = next
        .filled()
        .any(|column| matches!(next.cell(column), Cell::Number(_)) && !is_year(&next.cell(column).shown()));
    !filled.is_empty() && !numbers && (filled.iter().any(says))
}

/// Two header lines as one; a cell that spans several columns stands in the first of them.
fn joined(above: &[String], next: &Row) -> Vec<String> {
    let mut spanning = String::new();
    let width = above.len().max(next.cells.len());
    let names = (0..width).map(|column| {
        let over = above.get(column).map(String::as_str).unwrap_or_default();
        let under = next.cell(column).shown();
        if !over.is_empty() {
            over.clone_into(&mut spanning);
        }
        match (over.is_empty(), under.is_empty()) {
            (_, true) => over.to_owned(),
            (true, false) => format!("{spanning} {under}").trim().to_owned(),
            (false, false) => format!("{over} {under}"),
        }
    });
    names.collect()
}

/// Which columns these names are; of several for one kind those named in full. Sorted by kind.
fn found_in(names: &[String], named: &[Named]) -> Vec<(Kind, usize)> {
    let mut all: Vec<(Kind, u8, usize)> = Vec::new();
    for (column, name) in names.iter().enumerate() {
        let asked = named.iter().find(|n| matches(Some(name), &n.header)).map(|n| (n.kind, 3));
        if let Some((kind, strength)) = asked.or_else(|| classified(name)) {
            all.push((kind, strength, column));
        }
    }
    let best = |kind: Kind| all.iter().filter(|(k, _, _)| *k == kind).map(|(_, strength, _)| *strength).max();
    let mut found: Vec<(Kind, usize)> = all
        .iter()
        .filter(|(kind, strength, _)| best(*kind) == Some(*strength))
        .map(|(kind, _, column)| (*kind, *column))
        .collect();
    // Columns the user named twice over are one: the first.
    found.sort_unstable();
    found.dedup_by(|b, a| a.0 == b.0 && named.iter().any(|n| n.kind == a.0 && matches(names.get(a.1), &n.header)));
    found
}

/// What a column of this name holds, and how surely: 2 when it is named in full.
fn classified(name: &str) -> Option<(Kind, u8)> {
    if name.trim() == "#" {
        return Some((Kind::Ordinal, 2));
    }
    let plain = plain(name);
    if plain.is_empty() || plain.split(' ').count() > 15 {
        return None;
    }
    if let Some(words) = KINDS.iter().find(|words| words.whole.contains(&plain.as_str())) {
        return Some((words.kind, 2));
    }
    let held = |phrase: &str| -> Option<usize> {
        let at = format!(" {plain} ").find(&format!(" {phrase} "))?;
        Some(at)
    };
    if name.contains('%') || NOT_IT.iter().any(|phrase| held(phrase).is_some()) {
        return None;
    }
    // The first words of a name say what it is, the later ones of what: “Địa chỉ cổng thông tin điện tử”.
    let first =
        |words: &Words| words.held.iter().filter_map(|phrase| Some((held(phrase)?, usize::MAX - phrase.len()))).min();
    let (_, kind) = KINDS.iter().filter_map(|words| Some((first(words)?, words.kind))).min_by_key(|(at, _)| *at)?;
    Some((kind, 1))
}

#[cfg(test)]
#[path = "header/tests.rs"]
mod tests;
