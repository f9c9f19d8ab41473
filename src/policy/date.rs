//! Dates and instants as they are written in the files: `2024-04-05`, `2024-04-05T00:00:00Z`.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de};

/// A day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Date(pub jiff::civil::Date);

impl Date {
    /// The day it is in Vietnam at an instant: the law's days begin there.
    #[must_use]
    pub fn in_vietnam(at: jiff::Timestamp) -> Self {
        // One offset all year, and no table of time zones is needed.
        Self(at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(7))).date())
    }

    /// The day as it is written in Vietnamese: `31/12/2026`.
    #[must_use]
    pub fn vi(self) -> String {
        self.0.strftime("%d/%m/%Y").to_string()
    }

    /// How many days lie between this day and a later one; less than 0 for an earlier one.
    #[must_use]
    pub fn days_until(self, later: Self) -> i32 {
        self.0.until(later.0).map_or(0, |span| span.get_days())
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_vietnam() {
        for (instant, day) in [
            ("2026-03-31T16:59:59Z", "2026-03-31"),
            ("2026-03-31T17:00:00Z", "2026-04-01"),
            ("2026-03-31T23:59:59+07:00", "2026-03-31"),
            ("2026-01-01T00:00:00Z", "2026-01-01"),
        ] {
            assert_eq!(Date::in_vietnam(instant.parse().unwrap()).to_string(), day, "{instant}");
        }
    }

    #[test]
    fn days_are_counted_over_months_and_back() {
        let day = |text: &str| Date(text.parse().unwrap());
        assert_eq!(day("2026-02-20").days_until(day("2026-03-06")), 14);
        assert_eq!(day("2026-12-31").days_until(day("2028-01-01")), 366);
        assert_eq!(day("2026-03-01").days_until(day("2026-02-28")), -1);
    }
}
