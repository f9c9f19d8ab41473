//! What the law and the standards ask, as tables of scripts and what they amount to.

mod forms;
mod page;

use page::{Page, configured, names};
