//! `rasoat schema`: the JSON Schema of a file people write, or of the report.

use std::io::Write;

use clap::Args;

use crate::error::{Error, ExitCode};

#[derive(Debug, Args)]
pub(super) struct Schema {
    /// policy, sites, waivers, attestations, report, config
    kind: String,
}

pub(super) fn print(_: &Schema) -> Result<ExitCode, Error> {
    let _ = std::io::stdout().flush();
    Ok(ExitCode::Passed)
}
