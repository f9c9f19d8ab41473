//! A value of a check that may be a literal or `${name}`, a parameter of the policy.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A literal, or the name of a policy parameter that stands in for it until the policy is resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting<T> {
    /// The value.
    Value(T),
    /// `${name}`.
    Param(String),
}

impl<T> Setting<T> {
    /// The value; `None` only in a policy that was not resolved.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(v) => Some(v),
            Self::Param(_) => None,
        }
    }
}

/// The parameter's name when the whole text is `${name}`.
fn param_name(text: &str) -> Option<&str> {
    text.strip_prefix("${")?.strip_suffix('}').filter(|n| !n.is_empty())
}

impl<T: Serialize> Serialize for Setting<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(v) => v.serialize(serializer),
            Self::Param(name) => serializer.serialize_str(&format!("${{{name}}}")),
        }
    }
}

impl<'de, T: FromStr> Deserialize<'de> for Setting<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either<T>(PhantomData<T>);
        impl<T: FromStr> de::Visitor<'_> for Either<T> {
            type Value = Setting<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value or ${parameter}")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                if let Some(name) = param_name(text) {
                    return Ok(Setting::Param(name.to_owned()));
                }
                // Text always parses as text: only numbers can fail.
                let wanted = "a whole number or ${parameter}";
                text.parse().map(Setting::Value).map_err(|_| E::invalid_value(de::Unexpected::Str(text), &wanted))
            }
            fn visit_u64<E: de::Error>(self, n: u64) -> Result<Self::Value, E> {
                self.visit_str(&n.to_string())
            }
            fn visit_i64<E: de::Error>(self, n: i64) -> Result<Self::Value, E> {
                self.visit_str(&n.to_string())
            }
            fn visit_f64<E: de::Error>(self, n: f64) -> Result<Self::Value, E> {
                self.visit_str(&n.to_string())
            }
        }
        deserializer.deserialize_any(Either(PhantomData))
    }
}

impl<T: JsonSchema> JsonSchema for Setting<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("Setting_{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let value = generator.subschema_for::<T>();
        schemars::json_schema!({
            "anyOf": [value, { "type": "string", "pattern": "^\\$\\{[^}]+\\}$" }],
            "description": "A value, or ${name} of a parameter"
        })
    }
}
