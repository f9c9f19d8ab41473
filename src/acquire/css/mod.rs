//! Says, from style sheets and the tree alone, whether a person at a 1366 × 768 screen can see an element,
//! and if not, what hides it and where that is written. Runs no script and judges nothing.

mod carried;
mod cascade;
mod clipping;
mod collect;
mod covered;
mod custom;
mod declared;
mod doubt;
mod edge;
mod ground;
mod hiding;
mod index;
mod label;
mod layer;
mod length;
mod media;
mod property;
mod reveal;
mod rules;
mod selector;
mod shadow;
mod shape;
mod sheet;
mod style;
mod supports;
mod surroundings;
mod taken;
#[cfg(test)]
mod tests;
mod ua;
mod value;
mod visible;

use std::cell::RefCell;

use url::Url;

use super::Fetched;
use super::html::Document;

pub use label::labels;
pub use reveal::Scripts;
pub use visible::Styles;

/// The style sheets that a page itself names for the screen, in document order; those that sheets import come to
/// light when they are read.
#[must_use]
pub fn named(doc: &Document, base: &Url) -> Vec<Url> {
    let named = RefCell::new(Vec::new());
    let note = |url: &Url| {
        named.borrow_mut().push(url.clone());
        Fetched::OtherHost
    };
    collect::collect(doc, base, &note, false);
    named.into_inner()
}
