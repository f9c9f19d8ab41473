//! What people decide about findings: waivers, statements, the baseline, and what a change decides for itself; and
//! that the names of failures survive a rebuild.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "support/mod.rs"]
mod support;

mod governance {
    pub(crate) mod attested;
    pub(crate) mod base;
    pub(crate) mod bench;
    pub(crate) mod command;
    pub(crate) mod elements;
    pub(crate) mod known;
    pub(crate) mod mutant;
    pub(crate) mod rating;
    pub(crate) mod rebuilt;
    pub(crate) mod waived;
}
