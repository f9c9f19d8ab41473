//! Turns bytes into facts with positions, and fetches the bytes. Never judges.

pub mod browser;
pub mod css;
pub mod discover;
pub mod fetch;
pub mod folder;
pub mod html;
pub mod js;
pub mod lighthouse;
pub mod page;
pub mod private;
pub mod record;
pub mod robots;
pub mod sitemap;
pub mod wanted;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::policy::Tracker;
use crate::snapshot::{Gap, Source};

/// Which facts the rules of a run want, so that nothing else is drawn.
#[derive(Debug, Clone, Default)]
pub struct Needs {
    /// Trackers by name.
    pub trackers: BTreeMap<String, Tracker>,
    /// Selectors of `element` checks.
    pub selectors: Vec<String>,
    /// Script types that optimisers run later.
    pub deferred_types: Vec<String>,
    /// Whether the site's plain http address is asked for too.
    pub plain_http: bool,
}

/// What became of a file that a page loads (a script or a style sheet).
#[derive(Debug, Clone)]
pub enum Fetched {
    /// Read and decoded.
    Read(Arc<Source>),
    /// On the site itself, but could not be read.
    Missing(Gap),
    /// On another host: not read.
    OtherHost,
}
