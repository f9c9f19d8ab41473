//! rasoat checks government portals against criteria written as data.
//!
//! **policy + sites → acquire → facts → judge → findings → tally → report → bytes.**

pub mod acquire;
pub mod check;
pub mod error;
pub mod finding;
pub mod lang;
pub mod policy;
pub mod report;
pub mod site;
pub mod snapshot;
pub mod tally;
pub mod yaml;
