//! Turns the bytes of a page into a tree with exact positions, and reads from it what the judges need.

mod document;

pub use document::Document;
