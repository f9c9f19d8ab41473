//! Looks for the sites under a portal's domain: gathers candidates from what the portal shows and from lists,
//! visits each once, and says what it is. Facts for a proposal that people decide on; never writes anything.

mod classify;
mod domain;
mod links;
mod names;

pub use classify::{Class, Found, Looked, Seen, Shown, classify};
pub use domain::{Domain, home_of};
pub use links::{Source, hosts, site_map_pages};
pub use names::{MOST_BYTES as MOST_LIST_BYTES, Names, of_file, of_log, search_address};
