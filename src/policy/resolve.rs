//! Parameters: what the user gave and what the policy sets as default, checked and put in the place
//! of every `${name}`. Values of sensitive parameters never enter a message.

use std::collections::BTreeMap;
use std::str::FromStr;

use indexmap::IndexMap;

use super::merge::Placed;
use super::pattern::whole;
use super::{Check, Param, ParamType, ParamValue, Setting, Text};
use crate::yaml::{At, Problem, Problems, quoted, suggestion};

/// The value of every parameter that has one.
#[derive(Debug, Default)]
pub(super) struct Values {
    values: BTreeMap<String, Value>,
}

#[derive(Debug)]
struct Value {
    text: Option<String>,
    sensitive: bool,
}

impl Values {
    /// Checks what was given against what the policy declares.
    pub(super) fn new(
        declared: &IndexMap<String, Placed<Param>>,
        given: &BTreeMap<String, String>,
        problems: &mut Problems,
    ) -> Self {
        let mut values = BTreeMap::new();
        for (name, param) in declared {
            let text = match (given.get(name), &param.value.default) {
                (Some(text), _) => Some(text.clone()),
                (None, Some(default)) => Some(written(default)),
                (None, None) => None,
            };
            problems.0.extend(faults(name, param, text.as_deref(), given.contains_key(name)));
            values.insert(name.clone(), Value { text, sensitive: param.value.sensitive });
        }
        Self { values }
    }

    /// The values that must not be printed.
    pub(super) fn secrets(&self) -> Vec<String> {
        self.values.values().filter(|v| v.sensitive).filter_map(|v| v.text.clone()).collect()
    }

    fn fill<T: FromStr>(&self, setting: &mut Setting<T>, at: &At, problems: &mut Problems) {
        let Setting::Param(name) = setting else { return };
        let shown = quoted(name);
        match self.values.get(name) {
            None => {
                let text = Text::new(format!("không có tham số {shown}"), format!("there is no parameter {shown}"));
                let help = suggestion(name, self.values.keys().map(String::as_str));
                problems.push(at.problem("unknown-param", text).help(help));
            }
            Some(Value { text: None, .. }) => {
                let text = Text::new(
                    format!("tham số {shown} chưa có giá trị"),
                    format!("the parameter {shown} has no value"),
                );
                problems.push(at.problem("missing-param", text).help(give(name)));
            }
            Some(Value { text: Some(value), sensitive }) => match value.parse() {
                Ok(value) => *setting = Setting::Value(value),
                Err(_) => {
                    let value = if *sensitive { "***".to_owned() } else { quoted(value) };
                    let text = Text::new(
                        format!("giá trị {value} của tham số {shown} không dùng được ở đây"),
                        format!("the value {value} of the parameter {shown} does not fit here"),
                    );
                    problems.push(at.problem("bad-param", text));
                }
            },
        }
    }
}

/// Parameters given by name that no policy knows.
pub(super) fn unknown_params<'a>(
    given: &BTreeMap<String, String>,
    known: impl IntoIterator<Item = &'a str>,
) -> Vec<Problem> {
    let known: Vec<&str> = known.into_iter().collect();
    given
        .keys()
        .filter(|name| !known.contains(&name.as_str()))
        .map(|name| {
            let shown = quoted(name);
            let text = Text::new(
                format!("bộ tiêu chí không có tham số {shown}"),
                format!("the policy has no parameter {shown}"),
            );
            Problem::new("unknown-param", text).help(suggestion(name, known.iter().copied()))
        })
        .collect()
}

fn give(name: &str) -> Text {
    let name = crate::finding::safe(name, 80);
    Text::new(format!("Thêm `--param {name}=GIÁ_TRỊ`."), format!("Add `--param {name}=VALUE`."))
}

fn written(value: &ParamValue) -> String {
    match value {
        ParamValue::Boolean(b) => b.to_string(),
        ParamValue::Integer(n) => n.to_string(),
        ParamValue::String(text) => text.clone(),
    }
}

/// What is wrong with a parameter and its value.
fn faults(name: &str, param: &Placed<Param>, value: Option<&str>, given: bool) -> Vec<Problem> {
    let mut problems = Vec::new();
    let shown = quoted(name);
    let Param { kind, default, required, pattern, sensitive, .. } = &param.value;
    let pattern = pattern.as_deref().and_then(|pattern| match whole(pattern) {
        Ok(regex) => Some(regex),
        Err(fault) => {
            problems.push(fault.problem(&param.at.key("pattern")));
            None
        }
    });
    if *required && default.is_some() {
        let text = Text::new(
            format!("tham số {shown} vừa bắt buộc vừa có giá trị mặc định"),
            format!("the parameter {shown} is required and has a default"),
        );
        problems.push(param.at.key("required").problem("param", text));
    }
    let Some(value) = value else {
        if *required {
            let text = Text::new(format!("thiếu tham số {shown}"), format!("the parameter {shown} is missing"));
            problems.push(param.at.problem("missing-param", text).help(give(name)));
        }
        return problems;
    };
    let says = if *sensitive { "***".to_owned() } else { quoted(value) };
    let at = if given { param.at.clone() } else { param.at.key("default") };
    let typed = match kind {
        ParamType::String => given || matches!(default, Some(ParamValue::String(_))),
        ParamType::Integer => value.parse::<i64>().is_ok(),
        ParamType::Boolean => matches!(value, "true" | "false"),
    };
    if !typed {
        let wanted = match kind {
            ParamType::String => Text::new("chữ (đặt trong dấu nháy)", "text (quote it)"),
            ParamType::Integer => Text::new("số nguyên", "a whole number"),
            ParamType::Boolean => Text::new("`true` hoặc `false`", "`true` or `false`"),
        };
        let text = Text::new(
            format!("tham số {shown} cần {}, không phải {says}", wanted.vi),
            format!("the parameter {shown} wants {}, not {says}", wanted.en),
        );
        problems.push(at.problem("bad-param", text));
    } else if pattern.is_some_and(|regex| !regex.is_match(value)) {
        let text = Text::new(
            format!("giá trị {says} của tham số {shown} không khớp mẫu"),
            format!("the value {says} of the parameter {shown} does not match its pattern"),
        );
        problems.push(param.at.key("pattern").problem("bad-param", text));
    }
    problems
}

impl Check {
    /// Puts the parameters' values in the place of their names, in this check and in all it joins.
    pub(super) fn resolve(&mut self, at: &At, values: &Values, problems: &mut Problems) {
        let at = at.key(self.kind());
        match self {
            Self::LinksTo(check) => values.fill(&mut check.share, &at.key("share"), problems),
            Self::Domain(check) => values.fill(&mut check.pattern, &at.key("pattern"), problems),
            Self::Transport(check) => {
                let parts =
                    [(&mut check.hsts_seconds, "hsts_seconds"), (&mut check.certificate_days, "certificate_days")];
                fill_all(parts, &at, values, problems);
            }
            Self::LoadTime(check) => {
                let parts = [
                    (&mut check.fcp_ms, "fcp_ms"),
                    (&mut check.lcp_ms, "lcp_ms"),
                    (&mut check.speed_index_ms, "speed_index_ms"),
                    (&mut check.longest_task_ms, "longest_task_ms"),
                ];
                fill_all(parts, &at, values, problems);
            }
            Self::AllOf(parts) | Self::AnyOf(parts) | Self::NoneOf(parts) => {
                for (n, part) in parts.iter_mut().enumerate() {
                    part.resolve(&at.item(n), values, problems);
                }
            }
            Self::Tracker(_)
            | Self::Label(_)
            | Self::UniqueId(_)
            | Self::IdDrift(_)
            | Self::Element(_)
            | Self::Wcag(_)
            | Self::Attestation(_) => {}
        }
    }
}

fn fill_all<'a>(
    parts: impl IntoIterator<Item = (&'a mut Option<Setting<u32>>, &'static str)>,
    at: &At,
    values: &Values,
    problems: &mut Problems,
) {
    for (part, name) in parts {
        if let Some(setting) = part {
            values.fill(setting, &at.key(name), problems);
        }
    }
}
