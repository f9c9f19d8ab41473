//! `rasoat schema`: the JSON Schema of a file people write, or of the report.

use std::io::Write;

use clap::Args;

use crate::error::{Error, ExitCode};
use crate::schema::{KINDS, written};

#[derive(Debug, Args)]
pub(super) struct Schema {
    /// policy, sites, waivers, attestations, baseline, config, lock, report, ranking
    #[arg(value_parser = KINDS)]
    kind: String,
}

pub(super) fn print(flags: &Schema) -> Result<ExitCode, Error> {
    let found = written(&flags.kind).ok_or_else(|| Error::Internal(format!("no schema of {}", flags.kind)))?;
    match std::io::stdout().write_all(found.as_bytes()) {
        Err(cause) if cause.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Error::Write { path: "stdout".to_owned(), cause })
        }
        _ => Ok(ExitCode::Passed),
    }
}
