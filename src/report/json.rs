//! Report to JSON and back: the stored form.

use super::Report;

/// The report as JSON, two-space indented, with a final line end.
///
/// # Errors
/// Only when the report cannot be expressed as JSON, which its types rule out.
pub fn to_json(report: &Report) -> serde_json::Result<String> {
    Ok(serde_json::to_string_pretty(report)? + "\n")
}
