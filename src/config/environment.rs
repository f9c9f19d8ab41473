//! The environment as a layer of the configuration: `RASOAT_TIMEOUT` says what `limits.timeout` says in the file,
//! and is checked by the same checks. Never reads the process's own environment: it is handed in.

use std::collections::BTreeMap;
use std::ffi::OsString;

use serde_json::{Value, json};

use super::keys::{PREFIX, lines};
use super::{ConfigFile, KEYS, Key, Kind, check};
use crate::policy::Text;
use crate::yaml::{Problem, Problems, nearest, quoted};

/// Headers for requests, one a line. They are secrets, so no file of a repository holds them.
pub const HEADERS: &str = "RASOAT_HEADERS";
/// Variables that this program writes for later jobs begin so.
const RESULTS: &str = "RASOAT_RESULT_";

/// What the environment says.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// The values.
    pub file: ConfigFile,
    /// Extra headers as `NAME: VALUE`; their values are secrets.
    pub headers: Vec<String>,
    /// Variables that are nearly known: the name, and the one that was probably meant.
    pub doubtful: Vec<(String, String)>,
}

/// Reads the variables that belong to this program. An empty one counts as not set, except for a program.
///
/// # Errors
/// Every variable whose value its key cannot have.
pub fn from_environment(variables: impl Iterator<Item = (OsString, OsString)>) -> Result<Environment, Problems> {
    let ours: BTreeMap<String, OsString> = variables
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
        .filter(|(name, _)| name.starts_with(PREFIX) && !name.starts_with(RESULTS))
        .collect();
    let mut problems = Problems::default();
    let mut whole = json!({ "apiVersion": "rasoat/v1" });
    for key in KEYS {
        let variable = key.variable();
        let Some(value) = ours.get(&variable) else { continue };
        let Some(text) = value.to_str() else {
            let text = Text::new("không phải văn bản UTF-8", "is not UTF-8 text");
            problems.push(problem("not-utf8", &variable, None, &text));
            continue;
        };
        let text = text.trim();
        if text.is_empty() && key.kind != Kind::Program {
            continue;
        }
        match key.parse(text) {
            Ok(value) => put(&mut whole, key, value),
            Err(said) => problems.push(problem("wrong-type", &variable, shown(key, text), &said)),
        }
    }
    let file: ConfigFile = serde_json::from_value(whole).map_err(|fault| {
        // Every value was shaped by its key, so this is about the list of keys.
        Problem::new("wrong-type", Text::new(format!("biến môi trường: {fault}"), format!("environment: {fault}")))
    })?;
    for fault in check(&file) {
        let path = fault.path.split('[').next().unwrap_or_default();
        let Some(key) = KEYS.iter().find(|key| key.path == path) else { continue };
        let value = ours.get(&key.variable()).and_then(|v| v.to_str());
        let value = value.and_then(|text| shown(key, text.trim()));
        problems.push(problem(fault.code, &key.variable(), value, &fault.text).help(fault.help));
    }
    let headers = ours.get(HEADERS).map(|value| value.to_string_lossy().into_owned()).unwrap_or_default();
    if lines(&headers).any(|line| !line.contains(':')) {
        let text = Text::new(
            "cần `TÊN: GIÁ TRỊ` (có dấu hai chấm), mỗi dòng một tiêu đề",
            "expected `NAME: VALUE` (with a colon), one a line",
        );
        problems.push(problem("wrong-type", HEADERS, None, &text));
    }
    let environment = Environment {
        file,
        headers: lines(&headers).map(str::to_owned).collect(),
        doubtful: ours.keys().filter_map(|name| Some((name.clone(), meant(name)?))).collect(),
    };
    problems.or(environment)
}

fn put(whole: &mut Value, key: &Key, value: Value) {
    let mut at = whole;
    for step in key.path.split('.') {
        at = &mut at[step];
    }
    *at = value;
}

/// The value as it may stand in a message.
fn shown(key: &Key, text: &str) -> Option<String> {
    (!key.is_secret()).then(|| quoted(text))
}

fn problem(code: &'static str, variable: &str, value: Option<String>, said: &Text) -> Problem {
    let value = value.map(|value| format!("={value}")).unwrap_or_default();
    Problem::new(
        code,
        Text::new(
            format!("biến môi trường {variable}{value}: {}", said.vi),
            format!("environment variable {variable}{value}: {}", said.en),
        ),
    )
}

/// The known variable that an unknown one is near to.
fn meant(name: &str) -> Option<String> {
    let known: Vec<String> = KEYS.iter().map(Key::variable).chain([HEADERS.to_owned()]).collect();
    if known.iter().any(|k| k == name) {
        return None;
    }
    // What all share would make every name near to every other.
    let rest = |name: &str| name.strip_prefix(PREFIX).unwrap_or(name).to_owned();
    let names: Vec<String> = known.iter().map(|name| rest(name)).collect();
    nearest(&rest(name), names.iter().map(String::as_str)).map(|near| format!("{PREFIX}{near}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Environment, Problems> {
        from_environment(variables.iter().map(|(name, value)| (name.into(), value.into())))
    }

    #[test]
    fn variables_say_what_the_file_says() {
        let said = read(&[
            ("RASOAT_TIMEOUT", " 5s "),
            ("RASOAT_STRICT", "false"),
            ("RASOAT_REPORTS", "json=a.json\n\n  junit=b.xml\n"),
            ("RASOAT_PARAMS", "domain=a=b"),
            ("RASOAT_BROWSER_PATH", ""),
            ("RASOAT_FAIL_ON", ""),
            ("RASOAT_HEADERS", "A: b\nC: d"),
            ("RASOAT_RESULT_TIMEOUTS", "1"),
            ("LANG", "vi"),
        ])
        .unwrap();
        assert_eq!(said.file.limits.timeout.as_deref(), Some("5s"));
        assert_eq!((said.file.strict, said.file.fail_on), (Some(false), None));
        assert_eq!(said.file.reports, ["json=a.json", "junit=b.xml"]);
        assert_eq!(said.file.params["domain"], "a=b");
        assert_eq!(said.file.browser_path.as_deref(), Some(""));
        assert_eq!(said.headers, ["A: b", "C: d"]);
        assert!(said.doubtful.is_empty());
    }

    #[test]
    fn a_wrong_value_names_its_variable_and_no_secret() {
        for (name, value, wanted) in [
            ("RASOAT_TIMEOUT", "soon", "RASOAT_TIMEOUT=`soon`: expected a duration"),
            ("RASOAT_MAX_SIZE", "8", "RASOAT_MAX_SIZE=`8`: expected a size"),
            ("RASOAT_JOBS", "0", "RASOAT_JOBS=`0`: `limits.jobs` must be greater than 0"),
            ("RASOAT_JOBS", "-1", "expected a whole number"),
            ("RASOAT_LOAD_RUNS", "99", "at most 50"),
            ("RASOAT_STRICT", "yes", "RASOAT_STRICT=`yes`: expected `true` or `false`"),
            ("RASOAT_BROWSER", "requre", "Did you mean `require`?"),
            ("RASOAT_REPORTS", "html=a.html\njsn=x", "there is no format `jsn`"),
            ("RASOAT_PAGES", "a{b", "RASOAT_PAGES"),
            ("RASOAT_PARAMS", "s3cret", "RASOAT_PARAMS: expected `NAME=VALUE`"),
            ("RASOAT_HEADERS", "A: b\ns3cret", "RASOAT_HEADERS: expected `NAME: VALUE`"),
        ] {
            let problems = read(&[(name, value)]).unwrap_err();
            assert!(problems.to_string().contains(wanted), "{name}={value}: {problems}");
            assert!(!problems.to_string().contains("s3cret"), "{problems}");
        }
    }

    #[test]
    fn a_slip_in_a_name_is_told_and_a_strange_name_is_not() {
        let said = read(&[("RASOAT_TIMOUT", "5s"), ("RASOAT_VERSION", "1"), ("RASOAT_FAILON", "note")]).unwrap();
        let wanted = [("RASOAT_FAILON", "RASOAT_FAIL_ON"), ("RASOAT_TIMOUT", "RASOAT_TIMEOUT")];
        assert_eq!(said.doubtful, wanted.map(|(a, b)| (a.to_owned(), b.to_owned())));
        assert_eq!(said.file.limits.timeout, None);
    }
}
