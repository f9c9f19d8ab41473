//! Dates and instants as they are written in the files: `2024-04-05`, `2024-04-05T00:00:00Z`.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de};

/// A day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Date(pub jiff::civil::Date);

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        // jiff takes times and time zones too; a day in a file is ten characters.
        let day = if text.len() == 10 { text.parse().ok() } else { None };
        day.map(Self).ok_or_else(|| de::Error::invalid_value(de::Unexpected::Str(&text), &"a day, as 2024-04-05"))
    }
}

impl JsonSchema for Date {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Date".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date", "description": "A day, as 2024-04-05" })
    }
}

/// An instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub jiff::Timestamp);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let wanted = "an instant, as 2024-04-05T00:00:00Z";
        text.parse().map(Self).map_err(|_| de::Error::invalid_value(de::Unexpected::Str(&text), &wanted))
    }
}

impl JsonSchema for Moment {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Moment".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date-time", "description": "An instant, as 2024-04-05T00:00:00Z" })
    }
}
