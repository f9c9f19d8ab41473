//! Stored reports become one: shards give what the whole run gives, reports of several runs stand beside each other.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "estate/town.rs"]
#[expect(dead_code, reason = "another test uses the rest of it")]
mod town;

#[path = "support/mod.rs"]
mod support;

mod merge {
    pub(crate) mod decided;
    pub(crate) mod many;
    pub(crate) mod program;
    pub(crate) mod shards;
    pub(crate) mod units;
}
