//! What people decided about findings: waivers and attestations, read and validated here.
//! Whether they hold for a finding is judged elsewhere; nothing here changes a verdict.

mod file;
mod load;

pub use file::{Attestation, AttestationsFile, Evidence, Statement, Subject, Waiver, WaiversFile};
pub use load::{Attestations, Waivers, load_attestations, load_waivers};
