//! Portals ranked by visits: a table of figures becomes ranks, blocks and what is to be said of them. Never reads a
//! file and never prints.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::Note;

/// Portals in the order of their visits, block by block.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ranking {
    /// The table it was made from: the file's name.
    pub source: String,
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
}

/// One portal's rank.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ranked {
    /// Its rank in the block: equal figures share one, and the next is left out as often; `null` without figures.
    pub rank: Option<u32>,
    /// The portal or unit, as the table names it.
    pub name: String,
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
    /// The level the table states.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// Its rank in the earlier table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<u32>,
}
