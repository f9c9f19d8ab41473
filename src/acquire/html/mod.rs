//! Turns the bytes of a page into a tree with exact positions, and reads from it what the judges need.

mod decode;
mod document;
mod prescan;
mod sink;
mod tap;
mod text;
mod walk;

#[cfg(test)]
mod tests;

pub use decode::{Decoded, decode};
pub use document::{Document, MAX_DEPTH, MAX_NODES};
pub use text::{fold, tidy};
