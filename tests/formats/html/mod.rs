//! The HTML report: its bytes, and what people see of it in a real Chromium.

mod bytes;
mod program;
mod samples;

#[cfg(feature = "browser")]
mod chromium;
#[cfg(feature = "browser")]
mod looks;
#[cfg(feature = "browser")]
mod used;
