//! Looks of a real browser at small pages: what hides and what only seems to, how links are reached, hostile pages.

mod bench;
mod causes;
mod hostile;
mod labels;
mod links;
