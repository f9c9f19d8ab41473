//! What people decided about findings: waivers, attestations and the baseline, read and validated here, and laid
//! over the findings of a run. A judge never sees them, and they never touch what could not be measured by machine
//! and must be.

mod attest;
mod baseline;
mod change;
mod file;
mod known;
mod lay;
mod leave;
mod load;
mod waive;

pub use baseline::{Baseline, Failure, Partly, load_baseline};
pub use change::Earlier;
pub use file::{
    Attestation, AttestationsFile, BaselineFile, Evidence, KnownFailure, Statement, Subject, Waiver, WaiversFile,
};
pub use lay::{Decisions, Scope, lay_over};
pub use leave::give_leave;
pub use load::{Attestations, Rated, Waivers, load_attestations, load_waivers, rated};
