//! rasoat checks government portals against criteria written as data.
//!
//! **policy + sites → acquire → facts → judge → findings → tally → report → bytes.**

pub mod acquire;
pub mod check;
pub mod config;
pub mod finding;
pub mod governance;
pub mod lang;
pub mod policy;
pub mod report;
pub mod schema;
pub mod site;
pub mod snapshot;
pub mod yaml;
