//! What stands beside single findings: the units a report was joined from, and portals by visits. Lists only.

use super::overview::{Part, Tile, bar, run_sign, tiles};
use super::said::Said;
use crate::policy::Points;
use crate::rank::{By, Ranking};
use crate::report::words::Lang;
use crate::report::{Report, plain, words};

/// Most portals of a block that are listed; the rest is counted.
const ROWS: usize = 1_000;

/// What one unit handed in.
#[derive(Debug)]
pub(super) struct Unit {
    pub(super) name: String,
    pub(super) unit: String,
    pub(super) taken_at: Said,
    pub(super) sites: Said,
    pub(super) class: &'static str,
    pub(super) sign: &'static str,
    pub(super) outcome: Said,
    pub(super) bar: Vec<Part>,
    pub(super) counts: Vec<Tile>,
}

/// The units of a report that was joined from several.
pub(super) fn units(report: &Report) -> Vec<Unit> {
    let unit = |section: &crate::report::Section| {
        let (class, sign) = run_sign(section.outcome);
        Unit {
            name: plain::line_of(&section.name, 200),
            unit: section.unit.as_deref().map(|unit| plain::line_of(unit, 300)).unwrap_or_default(),
            taken_at: Said::instant(&section.taken_at),
            sites: Said::count(section.sites.len() as u64),
            class,
            sign,
            outcome: words::outcome(section.outcome).into(),
            bar: bar(section.summary),
            counts: tiles(section.summary),
        }
    };
    report.sections.iter().map(unit).collect()
}

/// Portals by visits.
#[derive(Debug)]
pub(super) struct Ranks {
    pub(super) source: String,
    pub(super) by: Said,
    /// The earlier table and the report that it was laid beside.
    pub(super) compared_with: String,
    pub(super) reconciled_with: String,
    pub(super) blocks: Vec<Block>,
    pub(super) notes: Vec<Said>,
}

/// Portals that are ranked among each other.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) name: String,
    /// How many portals have each level, with their share.
    pub(super) levels: Vec<Said>,
    pub(super) rows: Vec<Ranked>,
    pub(super) left: Option<Said>,
}

/// One portal.
#[derive(Debug)]
pub(super) struct Ranked {
    pub(super) rank: Said,
    pub(super) name: String,
    pub(super) href: Option<String>,
    pub(super) visits: Said,
    pub(super) level: String,
    pub(super) moved: Said,
}

/// The ranking as tables.
pub(super) fn ranks(report: &Report, ranking: &Ranking) -> Ranks {
    let sites = report.sites_by_id();
    let row = |row: &crate::rank::Ranked| Ranked {
        rank: row.rank.map_or_else(|| Said::same("–"), |rank| Said::count(u64::from(rank))),
        name: plain::line_of(&row.name, 300),
        href: row.site.as_deref().filter(|site| sites.contains_key(site)).map(super::href),
        visits: match (row.visits, row.instead.as_deref()) {
            (Some(visits), _) => Said::count(visits),
            (None, Some(text)) => Said::same(plain::line_of(text, 100)),
            (None, None) => Said::new("không có số liệu", "no figures"),
        },
        level: row.level.as_deref().map(|level| plain::line_of(level, 40)).unwrap_or_default(),
        moved: moved(row),
    };
    let blocks = ranking.blocks.iter().map(|block| Block {
        name: block.name.as_deref().map(|name| plain::line_of(name, 300)).unwrap_or_default(),
        levels: block.levels.iter().map(level).collect(),
        rows: block.rows.iter().take(ROWS).map(row).collect(),
        left: (block.rows.len() > ROWS).then(|| Said::count((block.rows.len() - ROWS) as u64)),
    });
    Ranks {
        source: plain::line_of(&ranking.source, 300),
        by: match ranking.by {
            By::Visits => Said::new("Xếp hạng theo lượt truy cập", "Ranking by visits"),
            By::Stated => Said::new("Thứ hạng nêu trong bảng số liệu", "Ranks as the table states them"),
        },
        compared_with: file(ranking.compared_with.as_deref()),
        reconciled_with: file(ranking.reconciled_with.as_deref()),
        blocks: blocks.collect(),
        notes: ranking.notes.iter().map(|note| Said::both(|lang: Lang| plain::note(note, lang))).collect(),
    }
}

fn file(name: Option<&str>) -> String {
    name.map(|name| plain::line_of(name, 300)).unwrap_or_default()
}

/// `A: 5 (23,8%)`.
fn level(level: &crate::rank::LevelCount) -> Said {
    let share = Said::points(Points(level.share));
    Said::same(format!("{}: ", plain::line_of(&level.level, 40)))
        .then("", "", &Said::count(u64::from(level.count)))
        .then(" (", " (", &share)
        .then("%)", "%)", &Said::default())
}

/// Up, down, where it was, or new.
fn moved(row: &crate::rank::Ranked) -> Said {
    match row.risen() {
        Some(by @ 1..) => Said::new(format!("▲ tăng {by}"), format!("▲ up {by}")),
        Some(0) => Said::new("không đổi", "unchanged"),
        Some(by) => Said::new(format!("▼ giảm {}", -by), format!("▼ down {}", -by)),
        None if row.new => Said::new("mới", "new"),
        None => Said::same("–"),
    }
}
