//! What the law and the standards ask, as tables of scripts and what they amount to.

mod doubt;
mod forms;
mod handlers;
mod head;
mod hinder;
mod hostile;
mod idle;
mod known;
mod loaders;
mod page;
mod throws;
mod values;

use page::{Page, configured, loads, names, reasons};
