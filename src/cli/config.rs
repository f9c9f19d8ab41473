//! `rasoat config show`: every key of `rasoat.yml` with the value that `check` would use and where it is from.
//! Reads what `check` reads and visits nothing; passwords are starred out.

mod defaults;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;

use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Subcommand};
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::flags::Check;
use super::layered::Settings;
use super::units;
use crate::config::{HEADERS, KEYS, Key, Kind, duration_text, size_text};
use crate::error::{Error, ExitCode};
use crate::finding::{safe, without_credentials};
use crate::lang::Lang;
use crate::policy::{self, Points, Text};

#[derive(Debug, Args)]
pub(super) struct Config {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// In mọi khóa, giá trị đang dùng và nơi đặt – every key, its value and where it is set
    Show(Box<Show>),
}

#[derive(Debug, Args)]
struct Show {
    /// In JSON – print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    check: Check,
}

/// Where a value is from.
#[derive(Debug, PartialEq, Eq)]
enum Origin {
    Flag(String),
    Environment(String),
    File { name: String, line: u32, column: u32 },
    Default,
}

/// A value to show.
enum Shown {
    Value(Value),
    /// What holds when nothing is said, where that is no value.
    Said(Text),
}

struct Row {
    key: &'static str,
    shown: Shown,
    origin: Origin,
}

impl Config {
    pub(super) fn lang(&self) -> Option<super::language::LangFlag> {
        let Command::Show(show) = &self.command;
        show.check.speech.lang
    }
}

/// Prints the settings. `matches` are those of the command, for what was typed and how.
pub(super) fn run(config: &Config, matches: &ArgMatches, lang: Lang) -> Result<ExitCode, Error> {
    let Command::Show(show) = &config.command;
    let typed = matches.subcommand_matches("show").unwrap_or(matches);
    let flags = &show.check;
    let settings = Settings::load(lang, flags.speech.color, flags.speech.quiet)?;
    let lang = if flags.speech.lang.is_none() { settings.values.lang.unwrap_or(lang) } else { lang };
    // Flags that cannot be used are refused as `check` refuses them.
    flags.network.options()?;
    super::output::parse(&flags.reports)?;
    let secrets = Secrets::of(&settings, flags);
    let mut rows = KEYS.iter().map(|key| row(key, typed, &settings, &secrets, lang)).collect::<Result<Vec<_>, _>>()?;
    rows.push(headers(flags, &settings));
    let text = if show.json { to_json(&rows, &settings) } else { to_text(&rows, &settings, lang) };
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(cause) if cause.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Error::Write { path: "stdout".to_owned(), cause })
        }
        _ => Ok(ExitCode::Passed),
    }
}

fn row(
    key: &'static Key,
    typed: &ArgMatches,
    settings: &Settings,
    secrets: &Secrets,
    lang: Lang,
) -> Result<Row, Error> {
    let below = settings.config.as_ref();
    let (value, origin) = if let Some(value) = of_flag(key, typed, settings)? {
        (Some(value), Origin::Flag(flag(key)))
    } else if let Some(value) = settings.environment.file.value(key) {
        // Parameters are taken one by one, so the file's stay beside those of the environment.
        (settings.values.value(key).or(Some(value)), Origin::Environment(key.variable()))
    } else if let Some((config, value)) = below.and_then(|config| Some((config, config.file.value(key)?))) {
        let at = config.document.at(key.path).region();
        let (line, column) = at.map_or((1, 1), |at| (at.line, at.column));
        (Some(value), Origin::File { name: config.document.name().to_owned(), line, column })
    } else {
        (None, Origin::Default)
    };
    let shown = match value {
        Some(value) => Shown::Value(secrets.hide(key, value)),
        None => defaults::of(key.path, settings, lang),
    };
    Ok(Row { key: key.path, shown, origin })
}

/// What was typed for a key, in the words that the file has for it.
fn of_flag(key: &Key, typed: &ArgMatches, settings: &Settings) -> Result<Option<Value>, Error> {
    if !matches!(typed.try_contains_id(key.name()), Ok(true))
        || typed.value_source(key.name()) != Some(ValueSource::CommandLine)
    {
        return Ok(None);
    }
    let raw = typed.get_raw(key.name()).into_iter().flatten().map(|text| text.to_string_lossy().into_owned());
    let raw: Vec<String> = raw.collect();
    let last = raw.last().map(String::as_str).unwrap_or_default();
    Ok(Some(match key.kind {
        Kind::Switch => Value::Bool(true),
        Kind::List => raw.into(),
        Kind::Params => {
            let below = settings.values.value(key).unwrap_or_default();
            let below = below.as_object().cloned().unwrap_or_default();
            let given = raw.iter().filter_map(|text| units::pair(text).ok()).map(|(name, value)| (name, value.into()));
            json!(below.into_iter().chain(given).collect::<BTreeMap<_, _>>())
        }
        Kind::PointsOf => {
            let below = settings.values.min_groups.clone();
            json!(below.into_iter().chain(typed_points(&raw)).collect::<BTreeMap<_, _>>())
        }
        Kind::Points => units::points(last).map_or_else(|_| last.into(), |points| json!(points)),
        Kind::Duration => units::duration(last).map(duration_text).unwrap_or_default().into(),
        Kind::Size => units::size(last).map(size_text).unwrap_or_default().into(),
        Kind::Count { .. } => last.parse::<u64>().map_or_else(|_| last.into(), Value::from),
        Kind::Text | Kind::Program | Kind::Word(_) => last.into(),
    }))
}

/// The groups that were typed, each with its points.
fn typed_points(raw: &[String]) -> impl Iterator<Item = (String, Points)> {
    raw.iter().filter_map(|text| units::points_of(text).ok())
}

/// The flag of a key, as the command line knows it.
pub(super) fn flag(key: &Key) -> String {
    let command = super::command();
    let check = command.find_subcommand("check");
    let arg = check.and_then(|check| check.get_arguments().find(|arg| arg.get_id() == key.name()));
    arg.and_then(clap::Arg::get_long).map(|long| format!("--{long}")).unwrap_or_default()
}

/// Headers have no key: they are secrets, and files of a repository are read by many.
fn headers(flags: &Check, settings: &Settings) -> Row {
    let hidden = |text: &String| units::header(text).map(|(name, _)| Value::from(format!("{name}: ***")));
    let mut all = flags.network.clone();
    super::layered::lay_network(&mut all, settings);
    let values: Vec<Value> = all.headers.iter().filter_map(hidden).collect();
    let origin = match (flags.network.headers.is_empty(), settings.environment.headers.is_empty()) {
        (false, _) => Origin::Flag("--header".to_owned()),
        (true, false) => Origin::Environment(HEADERS.to_owned()),
        (true, true) => Origin::Default,
    };
    let none = Text::new("không thêm", "none added");
    Row {
        key: "headers",
        shown: if values.is_empty() { Shown::Said(none) } else { Shown::Value(values.into()) },
        origin,
    }
}

/// What must not be shown.
struct Secrets {
    /// Values of sensitive parameters; `None` when the policies cannot be read and any may be one.
    params: Option<Vec<String>>,
}

impl Secrets {
    fn of(settings: &Settings, flags: &Check) -> Self {
        let mut params = settings.values.params.clone();
        params.extend(flags.params.iter().cloned());
        let named = if flags.policies.is_empty() { &settings.values.policies } else { &flags.policies };
        let default = [super::check::default_policy()];
        let named = if named.is_empty() { &default[..] } else { named };
        let loaded = policy::load_with_leave(named, &params);
        Self { params: loaded.ok().map(|all| all.into_iter().flat_map(|loaded| loaded.secrets).collect()) }
    }

    fn hide(&self, key: &Key, value: Value) -> Value {
        let is_secret = |text: &str| self.params.as_ref().is_none_or(|all| all.iter().any(|secret| secret == text));
        match (key.kind, value) {
            (Kind::Params, Value::Object(mut params)) if key.is_secret() => {
                for value in params.values_mut().filter(|value| value.as_str().is_some_and(is_secret)) {
                    *value = "***".into();
                }
                params.into()
            }
            (_, Value::String(text)) if key.path == "proxy" => masked(&text).into(),
            (_, value) => value,
        }
    }
}

/// A proxy's address without its user and password.
fn masked(address: &str) -> String {
    let (scheme, rest) = address.split_once("://").map_or(("", address), |(scheme, rest)| (scheme, rest));
    let gap = if scheme.is_empty() { "" } else { "://" };
    match rest.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}{gap}***@{host}"),
        None => without_credentials(address),
    }
}

/// The lines that a value takes on a terminal.
fn lines(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(lines).collect(),
        Value::Object(map) => map.iter().map(|(name, value)| format!("{name}={}", lines(value).join(" "))).collect(),
        Value::String(text) if text.is_empty() => vec!["''".to_owned()],
        Value::String(text) => vec![text.clone()],
        other => vec![other.to_string()],
    }
}

fn to_text(rows: &[Row], settings: &Settings, lang: Lang) -> String {
    let heads = [Text::new("KHÓA", "KEY"), Text::new("GIÁ TRỊ", "VALUE"), Text::new("TỪ", "FROM")];
    let mut table = vec![heads.map(|head| lang.pick(&head).to_owned())];
    for Row { key, shown, origin } in rows {
        let values = match shown {
            Shown::Value(value) => lines(value),
            Shown::Said(text) => vec![format!("({})", lang.pick(text))],
        };
        let origin = match origin {
            Origin::Flag(flag) => flag.clone(),
            Origin::Environment(variable) => variable.clone(),
            Origin::File { name, line, .. } => format!("{name}:{line}"),
            Origin::Default => lang.of("mặc định", "default").to_owned(),
        };
        for (n, value) in values.iter().enumerate() {
            let first = |text: &str| if n == 0 { text.to_owned() } else { String::new() };
            table.push([first(key), safe(value, 300), first(&origin)]);
        }
    }
    // One long value does not push all origins out of sight.
    let width = |column: usize, most: usize| table.iter().map(|row| row[column].width()).max().unwrap_or(0).min(most);
    let widths = [width(0, 40), width(1, 48)];
    let mut out = String::new();
    for row in &table {
        let pad = |column: usize| " ".repeat(widths[column].saturating_sub(row[column].width()));
        let line = format!("{}{}  {}{}  {}", row[0], pad(0), row[1], pad(1), row[2]);
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{}", line.trim_end());
    }
    if settings.config.is_none() {
        let none = Text::new(
            "không có rasoat.yml từ thư mục này lên tới gốc kho mã",
            "no rasoat.yml from this folder up to the repository's root",
        );
        let _ = writeln!(out, "\n{}", lang.pick(&none));
    }
    out
}

fn to_json(rows: &[Row], settings: &Settings) -> String {
    let values = rows.iter().map(|Row { key, shown, origin }| {
        let origin = match origin {
            Origin::Flag(flag) => json!({ "kind": "flag", "flag": flag }),
            Origin::Environment(variable) => json!({ "kind": "environment", "variable": variable }),
            Origin::File { name, line, column } => {
                json!({ "kind": "file", "path": name, "line": line, "column": column })
            }
            Origin::Default => json!({ "kind": "default" }),
        };
        match shown {
            Shown::Value(value) => json!({ "key": key, "value": value, "origin": origin }),
            Shown::Said(text) => json!({ "key": key, "value": null, "meaning": text, "origin": origin }),
        }
    });
    let file = settings.config.as_ref().map(|config| config.document.name().to_owned());
    let all = json!({ "file": file, "settings": values.collect::<Vec<_>>() });
    // Plain JSON values can always be written.
    serde_json::to_string_pretty(&all).unwrap_or_default() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a flag says for one call only, and why no file or variable may preset it.
    const UNSET: &[(&str, &str)] = &[
        ("targets", "what is asked this time"),
        ("only_sites", "what is asked this time"),
        ("only", "what is asked this time; a policy of one's own leaves rules out for good"),
        ("skip", "what is asked this time; a policy of one's own leaves rules out for good"),
        ("role", "describes a target"),
        ("parent", "describes a target"),
        ("components", "describes a target"),
        ("emc_site_id", "describes a target"),
        ("url", "describes a target"),
        ("shard", "differs from job to job"),
        ("record", "belongs to one run"),
        ("replay", "belongs to one run"),
        ("publish", "what a pipeline writes elsewhere stands in the pipeline"),
        ("publish_timeout", "goes with publish"),
        ("headers", "a secret: RASOAT_HEADERS only"),
        ("explain_score", "how this call is read"),
        ("color", "NO_COLOR and CLICOLOR_FORCE say it for all programs"),
        ("quiet", "how this call is read"),
        ("verbose", "how this call is read"),
        ("help", "clap's own"),
    ];

    #[test]
    fn every_flag_has_a_key_or_a_reason_for_none() {
        let command = crate::cli::command();
        let check = command.find_subcommand("check").unwrap();
        let has_key = |id: &str| KEYS.iter().any(|key| key.name() == id);
        for arg in check.get_arguments() {
            let id = arg.get_id().as_str();
            let without = UNSET.iter().any(|(name, _)| *name == id);
            assert!(has_key(id) != without, "{id}: give it a key in config::KEYS, or say here why it has none");
        }
    }

    #[test]
    fn a_password_in_a_proxy_is_hidden_however_it_is_written() {
        for (written, wanted) in [
            ("http://u:p@x.test:3128", "http://***@x.test:3128"),
            ("u:p@x.test", "***@x.test"),
            ("http://u:p@ss/w@x.test", "http://***@x.test"),
            ("http://x.test:3128", "http://x.test:3128"),
        ] {
            assert_eq!(masked(written), wanted);
        }
    }
}
