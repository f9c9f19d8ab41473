//! The committed JSON Schemas are the types'. `UPDATE_SCHEMA=1 cargo test --test schema` rewrites them.

use rasoat::schema;

#[test]
fn committed_schemas_are_current() {
    let mut stale = Vec::new();
    for kind in schema::KINDS {
        let current = schema::text(&schema::schema(kind).unwrap());
        let path = format!("schema/{kind}.schema.json");
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            std::fs::create_dir_all("schema").unwrap();
            std::fs::write(&path, &current).unwrap();
        }
        if std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n") != current {
            stale.push(path);
        }
    }
    assert!(stale.is_empty(), "stale, run with UPDATE_SCHEMA=1: {stale:?}");
}

/// What `rasoat schema` prints is what the types say, for every kind.
#[test]
fn the_program_prints_the_schema_of_each_kind() {
    for kind in schema::KINDS {
        let drawn = schema::text(&schema::schema(kind).unwrap());
        let written = schema::written(kind).unwrap().replace("\r\n", "\n");
        // While they are renewed the program still holds those it was built with.
        assert!(
            std::env::var_os("UPDATE_SCHEMA").is_some() || written == drawn,
            "{kind}: another text than the types'"
        );
    }
    assert!(schema::written("nothing").is_none());
}

#[test]
fn schemas_say_what_the_reader_enforces() {
    assert!(schema::schema("nothing").is_none());
    for (kind, keys) in [("policy", 5), ("sites", 2), ("waivers", 2), ("attestations", 2), ("config", 1), ("lock", 2)] {
        let schema = schema::schema(kind).unwrap();
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert_eq!(schema["additionalProperties"], false, "{kind}: unknown keys");
        assert_eq!(schema["required"].as_array().unwrap().len(), keys, "{kind}: required keys");
        assert_eq!(schema["properties"]["apiVersion"]["const"], "rasoat/v1", "{kind}");
    }
    let sites = schema::schema("sites").unwrap();
    assert_eq!(sites["$defs"]["SiteFile"]["additionalProperties"], false);
    assert_eq!(sites["$defs"]["SiteFile"]["required"], serde_json::json!(["id", "role", "url"]));
}
