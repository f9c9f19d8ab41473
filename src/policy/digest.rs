//! A policy's digest: SHA-256 over the resolved policy as canonical JSON, so that two runs can be
//! compared by what they really asked. Examples are no part of it.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::Policy;

/// `sha256:` and the hash in hexadecimal.
pub(super) fn digest(policy: &Policy) -> String {
    // A policy holds only text, numbers, lists and maps with text keys: it always becomes JSON.
    let value = serde_json::to_value(policy).unwrap_or_default();
    let mut text = String::new();
    canonical(&value, &mut text);
    let hash = Sha256::digest(text.as_bytes());
    hash.iter().fold("sha256:".to_owned(), |hex, byte| hex + &format!("{byte:02x}"))
}

/// JSON without white space, keys in order of their code points.
fn canonical(value: &Value, out: &mut String) {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<_> = map.iter().collect();
            keys.sort_by_key(|(key, _)| key.as_str());
            out.push('{');
            for (n, (key, value)) in keys.into_iter().enumerate() {
                if n > 0 {
                    out.push(',');
                }
                *out += &Value::from(key.as_str()).to_string();
                out.push(':');
                canonical(value, out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    out.push(',');
                }
                canonical(item, out);
            }
            out.push(']');
        }
        other => *out += &other.to_string(),
    }
}
