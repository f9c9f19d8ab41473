//! The keys of `rasoat.yml` as data: path, kind, variable. A text (of the environment or a flag) becomes a key's
//! value here. A test holds the list against the schema, so that no key can be forgotten.

use schemars::{Schema, SchemaGenerator, json_schema};
use serde::de::{Deserializer, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::policy::{Pages, Points, Text};
use crate::yaml::{quoted, suggestion};

/// What every variable begins with.
pub(super) const PREFIX: &str = "RASOAT_";

/// One key of the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Its path in the file, as `limits.timeout`.
    pub path: &'static str,
    /// What its value is.
    pub kind: Kind,
}

/// What a key's value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// A program: empty for none.
    Program,
    /// Texts; in the environment one a line.
    List,
    /// `NAME=VALUE`s; in the environment one a line.
    Params,
    /// Points.
    Points,
    /// `GROUP=POINTS`; in the environment one a line.
    PointsOf,
    /// `true` or `false`.
    Switch,
    /// A whole number within bounds.
    Count {
        /// The smallest.
        least: u32,
        /// The greatest.
        most: u32,
    },
    /// A duration with a unit.
    Duration,
    /// A size with a unit.
    Size,
    /// One of some words.
    Word(&'static [&'static str]),
}

const ANY: Kind = Kind::Count { least: 0, most: u32::MAX };
const SOME: Kind = Kind::Count { least: 1, most: u32::MAX };

const fn key(path: &'static str, kind: Kind) -> Key {
    Key { path, kind }
}

/// All keys, in the order they are shown.
pub const KEYS: &[Key] = &[
    key("policies", Kind::List),
    key("params", Kind::Params),
    key("sites", Kind::Text),
    key("pages", Kind::List),
    key("max_pages", SOME),
    key("deployed", Kind::Switch),
    key("waivers", Kind::Text),
    key("attestations", Kind::Text),
    key("baseline", Kind::Text),
    key("new_only", Kind::Switch),
    key("base", Kind::Text),
    key("reports", Kind::List),
    key("letter_template", Kind::Text),
    key("letter_fields", Kind::Params),
    key("history", Kind::Text),
    key("fail_on", Kind::Word(&["error", "warning", "note", "never"])),
    key("strict", Kind::Switch),
    key("min_score", Kind::Points),
    key("min_level", Kind::Text),
    key("min_groups", Kind::PointsOf),
    key("lang", Kind::Word(&["vi", "en"])),
    key("browser", Kind::Word(&["never", "auto", "require"])),
    key("browser_path", Kind::Program),
    key("no_sandbox", Kind::Switch),
    key("emc", Kind::Word(&["stand-in", "live"])),
    key("emc_send", Kind::Switch),
    key("screenshots", Kind::Text),
    key("load_runs", Kind::Count { least: 1, most: 50 }),
    key("lighthouse", Kind::List),
    key("run_lighthouse", Kind::Count { least: 1, most: 20 }),
    key("axe", Kind::Text),
    key("user_agent", Kind::Text),
    key("resolve", Kind::List),
    key("cacert", Kind::Text),
    key("proxy", Kind::Text),
    key("allow_private", Kind::Switch),
    key("limits.jobs", SOME),
    key("limits.per_host", SOME),
    key("limits.delay", Kind::Duration),
    key("limits.timeout", Kind::Duration),
    key("limits.deadline", Kind::Duration),
    key("limits.retries", ANY),
    key("limits.max_redirects", ANY),
    key("limits.max_size", Kind::Size),
    key("limits.tabs", SOME),
    key("limits.browser_wait", Kind::Duration),
    key("limits.browser_quiet", Kind::Duration),
    key("limits.browser_timeout", Kind::Duration),
];

impl Key {
    /// The last step of its path, by which its flag is known too.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.path.rsplit('.').next().unwrap_or(self.path)
    }

    /// Its variable: `RASOAT_TIMEOUT`.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("{PREFIX}{}", self.name().to_ascii_uppercase())
    }

    /// Whether its value may hold a password.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        matches!(self.path, "proxy" | "params")
    }

    /// The value that a text means. What the value must be beside its shape is checked for all layers alike.
    ///
    /// # Errors
    /// The text is no such value; says what is expected.
    pub fn parse(&self, text: &str) -> Result<Value, Text> {
        match self.kind {
            Kind::Text | Kind::Program | Kind::Duration | Kind::Size => Ok(text.into()),
            Kind::List => Ok(lines(text).map(Value::from).collect()),
            Kind::Params => lines(text).map(pair).collect::<Option<Map<_, _>>>().map(Value::Object).ok_or_else(|| {
                Text::new("cần `TÊN=GIÁ TRỊ`, mỗi dòng một tham số", "expected `NAME=VALUE`, one a line")
            }),
            Kind::Points => points(text).ok_or_else(|| {
                Text::new(
                    format!(
                        "cần số điểm từ 0 đến {}, tối đa hai chữ số thập phân sau dấu chấm, như `89.5`",
                        Points::MOST
                    ),
                    format!("expected points from 0 to {} with at most two decimals, as `89.5`", Points::MOST),
                )
            }),
            Kind::PointsOf => {
                let named = |line| pair(line).and_then(|(name, value)| Some((name, points(value.as_str()?.trim())?)));
                lines(text).map(named).collect::<Option<Map<_, _>>>().map(Value::Object).ok_or_else(|| {
                    Text::new(
                        "cần `NHÓM=ĐIỂM` với tối đa hai chữ số thập phân, mỗi dòng một nhóm",
                        "expected `GROUP=POINTS` with at most two decimals, one a line",
                    )
                })
            }
            Kind::Switch => text
                .parse::<bool>()
                .map(Value::Bool)
                .map_err(|_| Text::new("cần `true` hoặc `false`", "expected `true` or `false`")),
            Kind::Count { .. } => text
                .parse::<u32>()
                .map(Value::from)
                .map_err(|_| Text::new("cần một số nguyên không âm", "expected a whole number that is not negative")),
            Kind::Word(words) if words.contains(&text) => Ok(text.into()),
            Kind::Word(words) => {
                let name = quoted(text);
                let help = suggestion(text, words.iter().copied()).unwrap_or_default();
                Err(Text::new(format!("không nhận {name}. {}", help.vi), format!("{name} is not known. {}", help.en)))
            }
        }
    }
}

/// The lines of a list, without empty ones.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

fn points(text: &str) -> Option<Value> {
    serde_json::to_value(Points::parse(text)?).ok()
}

fn pair(text: &str) -> Option<(String, Value)> {
    let (name, value) = text.split_once('=')?;
    let name = name.trim();
    (!name.is_empty()).then(|| (name.to_owned(), value.into()))
}

/// One value, or a list of them.
pub(super) fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Pages>, D::Error> {
    struct OneOrMany;
    impl<'de> Visitor<'de> for OneOrMany {
        type Value = Vec<Pages>;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a string or a list of strings")
        }
        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
            Ok(vec![Pages::parse(text)])
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
            let mut all = Vec::new();
            while let Some(pages) = items.next_element()? {
                all.push(pages);
            }
            Ok(all)
        }
    }
    deserializer.deserialize_any(OneOrMany)
}

pub(super) fn one_or_many_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::config::ConfigFile;

    /// The leaves of the schema, with the words that each may be.
    fn leaves(root: &Value, at: &Value, path: &str, found: &mut Vec<(String, Vec<String>)>) {
        let mut at = at;
        while let Some(name) = at["$ref"].as_str().or_else(|| at["anyOf"][0]["$ref"].as_str()) {
            at = root.pointer(name.trim_start_matches('#')).unwrap();
        }
        if let Some(keys) = at["properties"].as_object() {
            for (name, below) in keys {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                leaves(root, below, &path, found);
            }
            return;
        }
        let words = at["oneOf"].as_array().into_iter().flatten().map(|w| w["const"].as_str().unwrap().to_owned());
        found.push((path.to_owned(), words.collect()));
    }

    #[test]
    fn the_keys_are_those_of_the_schema() {
        let schema = serde_json::to_value(schemars::schema_for!(ConfigFile)).unwrap();
        let mut found = Vec::new();
        leaves(&schema, &schema, "", &mut found);
        found.retain(|(path, _)| path != "apiVersion");
        let of_schema: BTreeSet<&str> = found.iter().map(|(path, _)| path.as_str()).collect();
        let named: BTreeSet<&str> = KEYS.iter().map(|key| key.path).collect();
        assert_eq!(of_schema, named);
        for (path, words) in &found {
            let key = KEYS.iter().find(|key| key.path == path).unwrap();
            let named: &[&str] = if let Kind::Word(words) = key.kind { words } else { &[] };
            assert_eq!(words, named, "{path}");
        }
        let variables: BTreeSet<String> = KEYS.iter().map(Key::variable).collect();
        assert_eq!(variables.len(), KEYS.len(), "two keys share a variable");
    }

    /// Every key takes from a text what the file's own reader takes, and gives it back.
    #[test]
    fn a_text_becomes_the_value_that_the_file_would_hold() {
        for key in KEYS {
            let text = match key.kind {
                Kind::Text | Kind::Program | Kind::List => "a",
                Kind::Params => "a=b=c",
                Kind::Points => "89.5",
                Kind::PointsOf => "a=7\n b = 1.25",
                Kind::Switch => "true",
                Kind::Count { .. } => "7",
                Kind::Duration => "7s",
                Kind::Size => "7MiB",
                Kind::Word(words) => words[0],
            };
            let value = key.parse(text).unwrap();
            let mut whole = value.clone();
            for step in key.path.rsplit('.') {
                whole = serde_json::json!({ step: whole });
            }
            whole["apiVersion"] = "rasoat/v1".into();
            let file: ConfigFile = serde_json::from_value(whole).unwrap();
            assert_eq!(file.value(key), Some(value), "{}", key.path);
        }
    }
}
