//! Turns the bytes of a page into a tree with exact positions, and reads from it what the judges need.

mod document;
mod sink;
mod tap;
mod walk;

#[cfg(test)]
mod tests;

pub use document::{Document, MAX_DEPTH, MAX_NODES};
