//! JSON Schemas (draft 2020-12) of the files people write and of the stored report and ranking, from the types.
//! Editors read the committed copies under `schema/`, the program prints them; a test keeps them equal to the types.

use serde_json::Value;

/// The kinds of file that have a schema.
pub const KINDS: [&str; 9] =
    ["policy", "sites", "waivers", "attestations", "baseline", "config", "lock", "report", "ranking"];

/// The committed schema of a kind of file; `None` for an unknown kind.
#[must_use]
pub fn written(kind: &str) -> Option<&'static str> {
    // What draws them from the types is a megabyte, and is left out of the program.
    Some(match kind {
        "policy" => include_str!("../schema/policy.schema.json"),
        "sites" => include_str!("../schema/sites.schema.json"),
        "waivers" => include_str!("../schema/waivers.schema.json"),
        "attestations" => include_str!("../schema/attestations.schema.json"),
        "baseline" => include_str!("../schema/baseline.schema.json"),
        "config" => include_str!("../schema/config.schema.json"),
        "lock" => include_str!("../schema/lock.schema.json"),
        "report" => include_str!("../schema/report.schema.json"),
        "ranking" => include_str!("../schema/ranking.schema.json"),
        _ => return None,
    })
}

/// The schema of a kind of file, drawn from its type; `None` for an unknown kind.
#[must_use]
pub fn schema(kind: &str) -> Option<Value> {
    let mut generator = schemars::generate::SchemaSettings::draft2020_12().into_generator();
    let schema = match kind {
        "policy" => generator.root_schema_for::<crate::policy::PolicyFile>(),
        "sites" => generator.root_schema_for::<crate::site::SitesFile>(),
        "waivers" => generator.root_schema_for::<crate::governance::WaiversFile>(),
        "attestations" => generator.root_schema_for::<crate::governance::AttestationsFile>(),
        "baseline" => generator.root_schema_for::<crate::governance::BaselineFile>(),
        "config" => generator.root_schema_for::<crate::config::ConfigFile>(),
        "lock" => generator.root_schema_for::<crate::site::Lock>(),
        "report" => generator.root_schema_for::<crate::report::Report>(),
        "ranking" => generator.root_schema_for::<crate::report::StoredRanking>(),
        _ => return None,
    };
    Some(schema.to_value())
}

/// A schema as it is committed.
#[must_use]
pub fn text(schema: &Value) -> String {
    // A schema is plain JSON; writing it cannot fail.
    serde_json::to_string_pretty(schema).unwrap_or_default() + "\n"
}
