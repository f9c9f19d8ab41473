//! What may be laid beside a report when it is drawn: things it does not store. Formats that have no room for one of
//! them leave it out. Data only.

use std::collections::BTreeMap;

use super::{Changes, Trend};
use crate::rank::Ranking;

/// What is laid beside a report.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    /// Pictures by their path below the folder the user named: the files' bytes (PNG).
    pub pictures: BTreeMap<String, Vec<u8>>,
    /// Portals by visits.
    pub ranking: Option<Ranking>,
    /// The runs before this one.
    pub trend: Option<Trend>,
    /// What differs from an earlier report.
    pub changes: Option<Changes>,
    /// The letter's template and what people say in it; the built-in one without.
    #[cfg(feature = "office")]
    pub letter: Option<super::Letter>,
}
