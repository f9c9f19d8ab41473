//! Points in exact hundredths, and which pages a rule looks at: small values with their own spelling in YAML.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Points, exact to the hundredth (`1.25` is 125).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Points(pub u32);

impl Points {
    /// The most that a policy can have: whole sums of it fit everywhere.
    pub const MOST: Self = Self(100_000_000);

    /// Reads a decimal number with a point and at most two decimals, without sign and exponent.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(part) || part.len() > 2 {
            return None;
        }
        let hundredths = part.parse::<u32>().ok()? * if part.len() == 1 { 10 } else { 1 };
        let points = Self(whole.parse::<u32>().ok()?.checked_mul(100)?.checked_add(hundredths)?);
        (points <= Self::MOST).then_some(points)
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / 100, self.0 % 100);
        if part == 0 {
            write!(f, "{whole}")
        } else {
            write!(f, "{}", format!("{whole}.{part:02}").trim_end_matches('0'))
        }
    }
}

impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_multiple_of(100) {
            serializer.serialize_u32(self.0 / 100)
        } else {
            serializer.serialize_f64(f64::from(self.0) / 100.0)
        }
    }
}

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Hundredths;
        impl de::Visitor<'_> for Hundredths {
            type Value = Points;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("points: a number from 0 to 1,000,000 with at most two decimals")
            }
            fn visit_u64<E: de::Error>(self, n: u64) -> Result<Points, E> {
                match u32::try_from(n) {
                    Ok(n) if n <= 1_000_000 => Ok(Points(n * 100)),
                    _ => Err(E::invalid_value(de::Unexpected::Unsigned(n), &self)),
                }
            }
            fn visit_i64<E: de::Error>(self, n: i64) -> Result<Points, E> {
                u64::try_from(n)
                    .map_err(|_| E::invalid_value(de::Unexpected::Signed(n), &self))
                    .and_then(|n| self.visit_u64(n))
            }
            fn visit_f64<E: de::Error>(self, n: f64) -> Result<Points, E> {
                let hundredths = (n * 100.0).round();
                if !(0.0..=100_000_000.0).contains(&hundredths) || (hundredths / 100.0 - n).abs() > 1e-9 {
                    return Err(E::invalid_value(de::Unexpected::Float(n), &self));
                }
                // In range and whole, so the text form is an exact unsigned number.
                format!("{hundredths:.0}").parse().map(Points).map_err(E::custom)
            }
        }
        deserializer.deserialize_any(Hundredths)
    }
}

impl JsonSchema for Points {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Points".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "number", "minimum": 0, "maximum": 1_000_000 })
    }
}

/// Which pages a rule looks at: `home`, `all`, or a glob over page paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pages {
    /// The home page.
    Home,
    /// Every page.
    All,
    /// The home page and pages whose path matches.
    Glob(String),
}

impl Pages {
    /// Reads the word or glob.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text {
            "home" => Self::Home,
            "all" => Self::All,
            glob => Self::Glob(glob.to_owned()),
        }
    }
}

impl Serialize for Pages {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self {
            Self::Home => "home",
            Self::All => "all",
            Self::Glob(glob) => glob,
        })
    }
}

impl<'de> Deserialize<'de> for Pages {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::parse(&String::deserialize(deserializer)?))
    }
}

impl JsonSchema for Pages {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Pages".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "description": "home, all, or a glob over page paths" })
    }
}
