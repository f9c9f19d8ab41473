//! What people decided about findings: waivers and attestations, read and validated here.
//! Whether they hold for a finding is judged elsewhere; nothing here changes a verdict.

mod file;
mod leave;
mod load;

pub use file::{Attestation, AttestationsFile, Evidence, Statement, Subject, Waiver, WaiversFile};
pub use leave::give_leave;
pub use load::{Attestations, Waivers, load_attestations, load_waivers};
