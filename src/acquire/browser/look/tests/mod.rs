//! Looks of a real browser at small pages: what hides and what only seems to, how links are reached, hostile pages.

mod bench;
mod labels;
mod links;
