//! Looks for the sites under a portal's domain: gathers candidates from what the portal shows and from lists,
//! visits each once, and says what it is. Facts for a proposal that people decide on; never writes anything.

mod candidates;
mod classify;
mod domain;
mod explore;
mod links;
mod names;
mod portal;
mod visit;

pub use classify::{Class, Found, Looked, Seen, Shown};
pub use domain::{Domain, home_of};
pub use explore::{Explored, Missed, Plan, Step, Watch, explore};
pub use links::Source;
pub use names::{MOST_BYTES as MOST_LIST_BYTES, Names, of_file, of_log, search_address};
pub use portal::Unread;
pub use visit::Ids;
