//! A ranking in its own formats: text, JSON, CSV and Markdown. Formats that are made of reports only show it beside
//! one. Decides nothing.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::words::{self, Lang};
use super::{Format, HumanOptions, Tool, csv, figures, human, json, plain};
use crate::finding::NoteLevel;
use crate::rank::{Block, By, Ranked, Ranking, SCHEMA};

/// The stored form of a ranking.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct StoredRanking {
    /// [`SCHEMA`].
    pub schema: String,
    /// The program.
    pub tool: Tool,
    /// The ranking itself.
    #[serde(flatten)]
    pub ranking: Ranking,
}

/// Whether a format can hold a ranking without a report.
#[must_use]
pub fn draws_rankings(format: Format) -> bool {
    matches!(format, Format::Human | Format::Json | Format::Csv | Format::Markdown)
}

/// A ranking in a format of its own.
///
/// # Errors
/// When the format [cannot](draws_rankings) hold one.
pub fn render_ranking(ranking: &Ranking, format: Format, options: &HumanOptions) -> Result<Vec<u8>, String> {
    let text = match format {
        Format::Human => human::ranking_to_human(ranking, options),
        Format::Json => {
            let tool = Tool { name: "rasoat".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() };
            let stored = StoredRanking { schema: SCHEMA.to_owned(), tool, ranking: ranking.clone() };
            json::escaped(&serde_json::to_string_pretty(&stored).map_err(|e| e.to_string())?) + "\n"
        }
        Format::Csv => to_csv(ranking, options.lang),
        Format::Markdown => to_markdown(ranking, options.lang),
        _ => return Err(format!("{} holds no ranking", format.name())),
    };
    Ok(text.into_bytes())
}

/// A ranking that was stored as JSON.
///
/// # Errors
/// When it is not one of this version.
pub fn ranking_from_json(text: &str) -> Result<Ranking, String> {
    let stored: StoredRanking = serde_json::from_str(text).map_err(|e| e.to_string())?;
    if stored.schema == SCHEMA { Ok(stored.ranking) } else { Err(stored.schema) }
}

/// What it is, in one line.
pub(super) fn heading(ranking: &Ranking, lang: Lang) -> String {
    let mut text = match ranking.by {
        By::Visits => lang.of("Xếp hạng theo lượt truy cập", "Ranking by visits"),
        By::Stated => lang.of("Kiểm tra hạng ghi trong bảng", "Ranks stated in the table, checked"),
    }
    .to_owned();
    text.push_str(&format!(": {}", plain::line_of(&ranking.source, 200)));
    if let Some(earlier) = &ranking.compared_with {
        text.push_str(&format!(" · {} {}", lang.of("so với", "compared with"), plain::line_of(earlier, 200)));
    }
    if let Some(report) = &ranking.reconciled_with {
        text.push_str(&format!(" · {} {}", lang.of("đối chiếu với", "reconciled with"), plain::line_of(report, 200)));
    }
    text
}

/// Which columns a ranking fills: those without anything are left out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    overall: bool,
    change: bool,
    url: bool,
    id: bool,
    site: bool,
    visits: bool,
    level: bool,
}

impl Columns {
    pub(super) fn of(ranking: &Ranking) -> Self {
        let any = |has: fn(&Ranked) -> bool| ranking.rows().any(has);
        Self {
            overall: any(|row| row.overall.is_some()),
            change: ranking.compared_with.is_some(),
            url: any(|row| row.url.is_some()),
            id: any(|row| row.emc_site_id.is_some()),
            site: any(|row| row.site.is_some()),
            visits: ranking.by == By::Visits,
            level: any(|row| row.level.is_some()),
        }
    }

    fn shown(self) -> [(&'static str, bool); 9] {
        [
            ("rank", true),
            ("change", self.change),
            ("overall", self.overall),
            ("name", true),
            ("url", self.url),
            ("id", self.id),
            ("visits", self.visits),
            ("level", self.level),
            ("site", self.site),
        ]
    }

    /// The titles, and whether their column stands to the right.
    pub(super) fn titles(self, lang: Lang) -> Vec<(&'static str, bool)> {
        let title = |name: &str| match name {
            "rank" => (lang.of("Hạng", "Rank"), true),
            "change" => (lang.of("Tăng/giảm", "Change"), true),
            "overall" => (lang.of("Hạng chung", "Overall"), true),
            "url" => (lang.of("Địa chỉ", "Address"), false),
            "id" => (lang.of("Mã EMC", "EMC id"), false),
            "visits" => (lang.of("Lượt truy cập", "Visits"), true),
            "level" => (lang.of("Mức", "Level"), false),
            "site" => (lang.of("Trang", "Site"), false),
            _ => (lang.of("Đơn vị", "Portal"), false),
        };
        self.shown().into_iter().filter(|(_, shown)| *shown).map(|(name, _)| title(name)).collect()
    }

    /// A row's cells, each with its column's name.
    pub(super) fn cells(self, row: &Ranked, lang: Lang) -> Vec<(&'static str, String)> {
        let number = |n: Option<u32>| n.map_or_else(|| "–".to_owned(), |n| n.to_string());
        let cell = |name: &str| match name {
            "rank" => number(row.rank),
            "change" => movement(row, lang),
            "overall" => number(row.overall),
            "url" => row.url.clone().unwrap_or_default(),
            "id" => row.emc_site_id.clone().unwrap_or_default(),
            "visits" => visits(row, lang),
            "level" => row.level.clone().unwrap_or_default(),
            "site" => row.site.clone().unwrap_or_default(),
            _ => row.name.clone(),
        };
        self.shown().into_iter().filter(|(_, shown)| *shown).map(|(name, _)| (name, cell(name))).collect()
    }
}

/// `▲2`, `▼1`, `=`, `mới`; nothing where there is nothing to compare.
pub(super) fn movement(row: &Ranked, lang: Lang) -> String {
    match row.risen() {
        Some(0) => "=".to_owned(),
        Some(up) if up > 0 => format!("▲{up}"),
        Some(down) => format!("▼{}", -down),
        None if row.new => lang.of("mới", "new").to_owned(),
        None => String::new(),
    }
}

fn visits(row: &Ranked, lang: Lang) -> String {
    match row.visits {
        Some(visits) => lang.number(visits),
        None => lang.of("không có số liệu", "no figure").to_owned(),
    }
}

/// Hundredths of a percent as people write it, to one decimal, rounded half up.
pub(super) fn percent(share: u32, lang: Lang) -> String {
    figures::percent(u16::try_from((share + 5) / 10).ok(), lang)
}

/// `C 39 (61,9 %) · D 15 (23,8 %) trên 63`.
pub(super) fn levels(block: &Block, lang: Lang) -> String {
    let parts: Vec<String> = block
        .levels
        .iter()
        .map(|level| format!("{} {} ({})", plain::line_of(&level.level, 40), level.count, percent(level.share, lang)))
        .collect();
    format!("{} {} {}", parts.join(" · "), lang.of("trên", "of"), block.rows.len())
}

fn to_csv(ranking: &Ranking, lang: Lang) -> String {
    let mut out = String::from('\u{feff}');
    let header = lang.of(
        [
            "khối",
            "hạng",
            "hạng chung",
            "hạng trước",
            "tăng/giảm",
            "đơn vị",
            "địa chỉ",
            "mã EMC",
            "lượt truy cập",
            "thay cho số liệu",
            "lượt truy cập trước",
            "mức",
            "trang",
            "dòng",
            "mã ghi chú",
            "ghi chú",
        ],
        [
            "block",
            "rank",
            "overall",
            "previous",
            "change",
            "name",
            "url",
            "emc_site_id",
            "visits",
            "instead",
            "previous_visits",
            "level",
            "site",
            "row",
            "note_code",
            "note",
        ],
    );
    csv::row(&mut out, &header.map(str::to_owned));
    let text = |text: Option<&String>| text.map(|t| plain::line(t)).unwrap_or_default();
    let number = |n: Option<u64>| n.map(|n| n.to_string()).unwrap_or_default();
    for (block, row) in ranking.blocks.iter().flat_map(|block| block.rows.iter().map(move |row| (block, row))) {
        let cells = [
            text(block.name.as_ref()),
            number(row.rank.map(u64::from)),
            number(row.overall.map(u64::from)),
            number(row.previous.map(u64::from)),
            movement(row, lang),
            plain::line(&row.name),
            text(row.url.as_ref()),
            text(row.emc_site_id.as_ref()),
            number(row.visits),
            text(row.instead.as_ref()),
            number(row.previous_visits),
            text(row.level.as_ref()),
            text(row.site.as_ref()),
            row.row.to_string(),
            String::new(),
            String::new(),
        ];
        csv::row(&mut out, &cells);
    }
    for note in &ranking.notes {
        let mut cells: [String; 16] = Default::default();
        cells[13] = note.places.first().and_then(|place| place.line).map(|line| line.to_string()).unwrap_or_default();
        cells[14] = plain::line(&note.code);
        cells[15] = plain::line(lang.pick(&note.message));
        csv::row(&mut out, &cells);
    }
    out
}

fn to_markdown(ranking: &Ranking, lang: Lang) -> String {
    let columns = Columns::of(ranking);
    let titles = columns.titles(lang);
    let mut out = format!("## {}\n", plain::markdown(&heading(ranking, lang)));
    for block in &ranking.blocks {
        if let Some(name) = &block.name {
            out.push_str(&format!("\n### {}\n", plain::markdown(name)));
        }
        let names: Vec<&str> = titles.iter().map(|(title, _)| *title).collect();
        let rules: Vec<&str> = titles.iter().map(|(_, right)| if *right { "--:" } else { "---" }).collect();
        out.push_str(&format!("\n| {} |\n| {} |\n", names.join(" | "), rules.join(" | ")));
        for row in &block.rows {
            let cells: Vec<String> = columns.cells(row, lang).iter().map(|(_, text)| plain::markdown(text)).collect();
            out.push_str(&format!("| {} |\n", cells.join(" | ")));
        }
        if !block.levels.is_empty() {
            out.push_str(&format!("\n{}\n", plain::markdown(&levels(block, lang))));
        }
    }
    if !ranking.notes.is_empty() {
        out.push('\n');
    }
    for note in &ranking.notes {
        let sign = if note.level == NoteLevel::Warning { words::note_level(note.level).pick(lang) } else { "" };
        let lead = if sign.is_empty() { String::new() } else { format!("**{sign}:** ") };
        out.push_str(&format!("- {lead}{}\n", plain::markdown(lang.pick(&note.message))));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Note;
    use crate::policy::Text;

    fn hostile() -> Ranking {
        let text = "=cmd|'/c calc'!A1 <script>|x|\u{1b}[31m\n::error::y";
        let row = Ranked { rank: Some(1), name: text.to_owned(), row: 2, visits: Some(7), ..Ranked::default() };
        let note = Note {
            code: "x".to_owned(),
            level: NoteLevel::Warning,
            message: Text::new(text, text),
            places: Vec::new(),
        };
        let block = Block { name: Some(text.to_owned()), rows: vec![row], levels: Vec::new() };
        Ranking { source: text.to_owned(), blocks: vec![block], notes: vec![note], ..Ranking::default() }
    }

    fn text(format: Format) -> String {
        String::from_utf8(render_ranking(&hostile(), format, &HumanOptions::default()).unwrap()).unwrap()
    }

    #[test]
    fn hostile_text_is_defused_in_every_format() {
        for format in Format::ALL.into_iter().filter(|format| draws_rankings(*format)) {
            let text = text(format);
            assert!(!text.contains('\u{1b}'), "{}", format.name());
            assert!(!text.lines().any(|line| line.trim_start().starts_with("::")), "{}: {text}", format.name());
        }
        let csv = text(Format::Csv);
        assert!(csv.starts_with('\u{feff}') && csv.contains("'=cmd"), "{csv}");
        assert!(!csv.lines().any(|line| line.starts_with('=') || line.contains(",=")), "{csv}");
        let markdown = text(Format::Markdown);
        assert!(!markdown.contains("<script>") && markdown.contains("\\|x\\|"), "{markdown}");
    }

    #[test]
    fn the_stored_form_comes_back_whole() {
        assert_eq!(ranking_from_json(&text(Format::Json)).unwrap(), hostile());
        assert!(ranking_from_json(&text(Format::Json).replace("ranking/v1", "ranking/v9")).is_err());
        assert!(render_ranking(&hostile(), Format::Sarif, &HumanOptions::default()).is_err());
    }

    #[test]
    fn shares_are_written_as_the_reader_does() {
        assert_eq!((percent(2_381, Lang::Vi), percent(2_381, Lang::En)), ("23,8%".to_owned(), "23.8%".to_owned()));
        assert_eq!((percent(10_000, Lang::Vi), percent(5, Lang::En)), ("100,0%".to_owned(), "0.1%".to_owned()));
    }
}
