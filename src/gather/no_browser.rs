//! The same calls as where there is a browser; no site is shown to one.

use std::sync::Arc;

use crate::acquire::Needs;
use crate::acquire::fetch::Visitor;
use crate::observe::{Acquired, Observed};
use crate::run::Run;
use crate::site::Site;
use crate::snapshot::BrowserFacts;

/// The browser of a run: there is none.
#[derive(Debug)]
pub(super) struct Browse;

#[expect(clippy::unused_async, clippy::unused_self, reason = "the same calls as with a browser")]
impl Browse {
    pub(super) fn new(_: &Arc<Run>, _: &Arc<Needs>) -> Self {
        Self
    }

    pub(super) fn tabs(&self) -> usize {
        1
    }

    pub(super) async fn web(&self, _: &Arc<Visitor>, _: &Acquired, _: &Observed) -> Option<Box<BrowserFacts>> {
        None
    }

    pub(super) async fn folder(&self, _: &Site, _: &Acquired, _: &Observed) -> Option<Box<BrowserFacts>> {
        None
    }

    pub(super) async fn end(&self) {}
}
