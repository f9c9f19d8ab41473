//! What two runs that saw the same may still differ in.

use serde_json::Value;

/// A report without what two runs may differ in.
pub(crate) fn scrubbed(mut report: Value) -> Value {
    fn scrub(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                for name in ["taken_at", "timings", "attempts", "address", "duration_ms"] {
                    fields.remove(name);
                }
                fields.values_mut().for_each(scrub);
            }
            Value::Array(items) => items.iter_mut().for_each(scrub),
            _ => {}
        }
    }
    scrub(&mut report);
    report
}
