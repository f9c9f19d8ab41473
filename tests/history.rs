//! Runs over time: what is kept, what survives, what is said of it.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "support/mod.rs"]
mod support;

mod history {
    pub(crate) mod changes;
    pub(crate) mod estate;
    pub(crate) mod folder;
    pub(crate) mod outlines;
    pub(crate) mod program;
    pub(crate) mod survive;
    pub(crate) mod walk;
}
