//! Who is judged: sites as people declare them, resolved, and who is whose parent.
//!
//! [`load()`]`(path)` gives the [`Estate`] of a sites file, [`load_lock`]`(path)` what was recorded of it,
//! [`accept()`] what to record next.

mod accept;
mod address;
mod estate;
mod file;
mod load;
mod lock;
mod propose;

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

pub use accept::{Accepted, Change, Sighting, accept, render};
pub use address::{
    Host, HostMatch, declared_url, domains_of, folders_of, host_key, house, is_under, own_path, same_site, shown,
};
pub use estate::Estate;
pub use file::{SiteFile, SitesFile, is_site_id};
pub use load::{LoadedSites, load, read};
pub use lock::{Lock, Recorded, is_sha256, load_lock};
pub use propose::{Form, Merged, Proposal, merge};

use crate::policy::Date;

/// What a site is in the law's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A portal (cổng thông tin điện tử).
    Portal,
    /// A component site of a portal (trang thành phần).
    Component,
    /// An administrative-procedure system (hệ thống thông tin giải quyết TTHC).
    Service,
}

impl Role {
    /// The word as it is written in files and flags.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Portal => "portal",
            Self::Component => "component",
            Self::Service => "service",
        }
    }
}

/// Whether a rule asks something of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applies {
    /// It does.
    Yes,
    /// It does not: there is no finding.
    No,
    /// It is bound to a role, and the target has none.
    RoleUnknown,
}

impl Applies {
    /// Whether a rule for these roles asks something of this one.
    #[must_use]
    pub fn of(applies_to: &[Role], role: Option<Role>) -> Self {
        match role {
            Some(role) if applies_to.contains(&role) => Self::Yes,
            Some(_) => Self::No,
            None if [Role::Portal, Role::Component].iter().all(|r| applies_to.contains(r)) => Self::Yes,
            None => Self::RoleUnknown,
        }
    }
}

/// The portal a site belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Parent {
    /// A portal of the same sites file, by id.
    Declared(String),
    /// A portal elsewhere.
    Elsewhere(Url),
}

/// One site, resolved.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Site {
    /// Unique in the run.
    pub id: String,
    /// Its name, if declared.
    pub name: Option<String>,
    /// Its role; an ad-hoc target may have none.
    pub role: Option<Role>,
    /// Its address.
    pub url: Option<Url>,
    /// Its built HTML: a folder or one file.
    #[serde(serialize_with = "as_text")]
    pub source: Option<PathBuf>,
    /// The same, as the user would write it (with `/`), for reports.
    pub source_name: Option<String>,
    /// Other addresses it answers at.
    pub aliases: Vec<Url>,
    /// The declared tracker id.
    pub emc_site_id: Option<String>,
    /// The agency that owns it (cơ quan chủ quản).
    pub unit: Option<String>,
    /// The portal it belongs to.
    pub parent: Option<Parent>,
    /// Not judged from that day.
    pub retired_on: Option<Date>,
    /// Retired on the day of the run: neither visited nor judged, and no portal owes it a link.
    #[serde(skip)]
    pub retired: bool,
    /// Addresses of component sites given with an ad-hoc target.
    pub components: Vec<Url>,
    /// Where it is declared.
    pub declared: Option<Declared>,
}

impl Site {
    /// A site of which nothing is known but its id.
    #[must_use]
    pub fn named(id: String) -> Self {
        Self {
            id,
            name: None,
            role: None,
            url: None,
            source: None,
            source_name: None,
            aliases: Vec::new(),
            emc_site_id: None,
            unit: None,
            parent: None,
            retired_on: None,
            retired: false,
            components: Vec::new(),
            declared: None,
        }
    }

    /// A site of which nothing is known but its address.
    #[must_use]
    pub fn at(id: String, url: Url) -> Self {
        Self { url: Some(url), ..Self::named(id) }
    }

    /// Its address first, then its aliases.
    pub fn addresses(&self) -> impl Iterator<Item = &Url> {
        self.url.iter().chain(&self.aliases)
    }
}

/// A path in a recording is only shown, never opened, so it need not be exact.
#[expect(clippy::ref_option, reason = "serde calls it so")]
fn as_text<S: serde::Serializer>(path: &Option<PathBuf>, serializer: S) -> Result<S::Ok, S::Error> {
    path.as_ref().map(|p| p.to_string_lossy()).serialize(serializer)
}

/// Where a site is declared: the sites file and the lines of its keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Declared {
    /// The sites file, as the user would write it (with `/`).
    pub path: String,
    /// Position of the entry and of each of its keys (`""` is the entry itself).
    pub keys: BTreeMap<String, Region>,
}

/// A region of a file: lines and columns from 1, the end exclusive; columns count Unicode scalar values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Region {
    /// First line.
    pub line: u32,
    /// First column.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// Column after the last character.
    pub end_column: u32,
}

/// Which part of the sites file a run takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Shard {
    /// From 1.
    pub index: u32,
    /// How many shards there are.
    pub of: u32,
}
