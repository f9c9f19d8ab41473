//! Portals ranked by visits: a table of figures becomes ranks, blocks and what is to be said of them. A table that
//! holds ranks and levels instead of figures is checked. Never reads a file, never prints, never decides a verdict.
//!
//! [`read`] makes sheets of bytes, [`rank()`] a [`Ranking`] of sheets, [`compare()`] lays last year's beside it,
//! [`reconcile()`] what a scan saw of the same portals.

mod compare;
mod entry;
mod figure;
mod fold;
mod header;
mod order;
mod pair;
mod reconcile;
mod row;
mod stated;
mod table;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use compare::compare;
pub use header::{Named, kind_names};
pub use order::{Asked, rank};
pub use reconcile::{Scanned, Tag, reconcile};
pub use stated::Stated;
pub use table::{Cell, Limits, Row, Sheet, read};

use crate::finding::{Note, NoteLevel, Place};
use crate::policy::Text;

/// Name and version of a ranking's stored form.
pub const SCHEMA: &str = "rasoat/ranking/v1";

/// What the ranks of a table are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// Computed here from visits.
    #[default]
    Visits,
    /// Those the table states, checked: it has no visits.
    Stated,
}

/// Portals in the order of their visits, block by block.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ranking {
    /// The table it was made from: the file's name.
    pub source: String,
    /// Where the ranks are from.
    #[serde(default)]
    pub by: By,
    /// The earlier table: its file's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compared_with: Option<String>,
    /// The report it was reconciled with: its file's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reconciled_with: Option<String>,
    /// Blocks (ministries, provinces) in the order they first stand in the table; one without a name when it has none.
    pub blocks: Vec<Block>,
    /// Said about the table and what it was reconciled with.
    pub notes: Vec<Note>,
}

/// A group of portals that are ranked among each other.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Block {
    /// Its name.
    pub name: Option<String>,
    /// Best first; those without figures last.
    pub rows: Vec<Ranked>,
    /// How many rows have each level, the best level first; empty when the table has no levels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<LevelCount>,
}

/// How many rows of a block have a level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LevelCount {
    /// The level, as the table writes it.
    pub level: String,
    /// Rows with it.
    pub count: u32,
    /// Its share of all rows of the block, in hundredths of a percent, rounded half up.
    pub share: u32,
}

/// One portal's rank.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ranked {
    /// Its rank in the block: equal figures share one, and the next is left out as often; `null` without figures.
    pub rank: Option<u32>,
    /// Its rank among all rows, where there are several blocks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overall: Option<u32>,
    /// The portal or unit, as the table names it.
    pub name: String,
    /// Line or row of the table, from 1.
    #[serde(default)]
    pub row: u32,
    /// Its address, as the table has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Its EMC id, as the table has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emc_site_id: Option<String>,
    /// The site of the report it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Visits; `null` when the table has no figure.
    pub visits: Option<u64>,
    /// What the table has in place of a figure, when it has something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<String>,
    /// The level the table states.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// Its rank in the earlier table: in its block, or among all where the blocks are not the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<u32>,
    /// Its visits in the earlier table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_visits: Option<u64>,
    /// The earlier table does not have it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub new: bool,
}

impl Ranked {
    /// How many ranks it rose since the earlier table; negative when it fell.
    #[must_use]
    pub fn risen(&self) -> Option<i64> {
        Some(i64::from(self.previous?) - i64::from(self.rank?))
    }
}

impl Ranking {
    /// All rows, block by block.
    pub fn rows(&self) -> impl Iterator<Item = &Ranked> {
        self.blocks.iter().flat_map(|block| &block.rows)
    }

    /// The place of a row of the table.
    fn place(&self, row: u32) -> Place {
        Place { path: Some(self.source.clone()), line: Some(row), ..Place::default() }
    }

    fn say(&mut self, level: NoteLevel, code: &str, message: Text, rows: &[u32]) {
        let places = rows.iter().take(crate::finding::MOST_PLACES).map(|row| self.place(*row)).collect();
        self.notes.push(Note { code: code.to_owned(), level, message, places });
    }
}

/// Most names one sentence lists.
const LISTED: usize = 20;

/// Names in one sentence: the first ones, and how many more there are.
fn listed<S: AsRef<str>>(names: &[S]) -> Text {
    let shown: Vec<&str> = names.iter().take(LISTED).map(AsRef::as_ref).collect();
    let (mut vi, mut en) = (shown.join("; "), shown.join("; "));
    let more = names.len().saturating_sub(LISTED);
    if more > 0 {
        vi.push_str(&format!("; và {more} mục khác"));
        en.push_str(&format!("; and {more} more"));
    }
    Text::new(vi, en)
}
