//! Tests of the reader of pages.

mod bounds;
mod decode;
mod document;
mod links;
mod lists;
mod mentions;
mod meta;
mod order;
mod page_kind;
mod script;
mod soup;

use std::sync::Arc;

use super::Document;
use crate::snapshot::{Origin, Source};

/// A page from its text.
fn page(text: &str) -> Document {
    Document::parse(Arc::new(Source::new(Origin::default(), text.to_owned())))
}
