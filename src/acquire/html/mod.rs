//! Turns the bytes of a page into a tree with exact positions, and reads from it what the judges need.

pub(in crate::acquire) mod caseless;
mod content;
mod data_url;
mod decode;
mod document;
mod elements;
mod handler;
mod inline;
mod links;
mod listens;
mod mentions;
mod meta;
mod options;
mod page_kind;
mod page_signs;
pub(in crate::acquire) mod pieces;
mod prescan;
mod script;
mod sink;
pub(in crate::acquire) mod standing;
mod tap;
mod text;
mod walk;

#[cfg(test)]
mod tests;

pub use decode::{Decoded, decode};
pub use document::{Document, MAX_ATTRIBUTES, MAX_DEPTH, MAX_NODES, MAX_STEPS};
pub use elements::elements;
pub use inline::inline_handlers;
pub use links::links;
pub use mentions::mentions;
pub use meta::{base, csp_metas, first_words, is_fragment, own_address, refresh, sent_refresh, title, visible_text};
pub use page_kind::{PageKind, error_page, is_bare, is_cookie_gate};
pub(super) use script::is_javascript;
pub use script::scripts;
pub use text::{fold, tidy};
pub(super) use walk::is_shadow_mode;
