//! `docs/limits.md` says what the code does: every limit of `src/` stands on the page or in the list of numbers that are
//! none, with the same value, and the test that proves it is there. Reads sources as text; judges nothing else.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn read(path: impl AsRef<Path>) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "tests") {
                sources(&path, into);
            }
        } else if path.extension().is_some_and(|e| e == "rs" || e == "js")
            && path.file_stem().is_some_and(|name| name != "tests")
        {
            into.push(path);
        }
    }
}

/// Numbers and durations that have a name: `module::NAME` and what stands behind the equals sign.
fn constants() -> BTreeMap<String, String> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut files, mut found) = (Vec::new(), BTreeMap::new());
    sources(&src, &mut files);
    for file in files {
        let module = file.strip_prefix(&src).unwrap().with_extension("").display().to_string();
        for line in read(&file).lines() {
            let Some((_, rest)) = line.split_once("const ").filter(|(before, _)| !before.contains(['/', '"'])) else {
                continue;
            };
            let Some((told, value)) = rest.split_once(" = ") else { continue };
            // The scripts that look at pages have no types.
            let script = file.extension().is_some_and(|e| e == "js");
            let (name, kind) = told.split_once(": ").unwrap_or((told, ""));
            let kinds = ["usize", "u64", "u32", "u16", "u8", "i64", "i32", "f64", "Duration"];
            let number = kinds.contains(&kind) || (script && number(value.trim_end_matches(';')).is_some());
            if number && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_') {
                found.insert(format!("{module}::{name}"), value.trim_end_matches(';').to_owned());
            }
        }
        for set in ["Limits", "NetOptions"] {
            for (field, value) in defaults(&read(&file), set) {
                found.insert(format!("{module}::{set}::{field}"), value);
            }
        }
    }
    assert!(found.len() > 300, "only {} were found", found.len());
    found
}

/// Numbers and durations of a set of limits whose fields have defaults.
fn defaults(text: &str, set: &str) -> Vec<(String, String)> {
    let Some((_, behind)) = text.split_once(&format!("impl Default for {set} {{")) else { return Vec::new() };
    let body = behind.split_once("\n}").map_or(behind, |(body, _)| body);
    let body = body.rsplit_once("Self {").map_or("", |(_, fields)| fields);
    let fields = body.split([',', '}', '\n']).filter_map(|field| field.trim().split_once(": "));
    let numbers =
        fields.filter(|(_, v)| v.starts_with(|c: char| c.is_ascii_digit()) || v.starts_with("Duration::from"));
    numbers.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect()
}

/// A product, a shift or a plain number.
fn number(text: &str) -> Option<u64> {
    let operation = |sign: &str| {
        let (left, right) = text.split_once(sign)?;
        Some((number(left)?, number(right)?))
    };
    if let Some((left, right)) = operation(" << ") {
        return Some(left << right);
    }
    if let Some((left, right)) = operation(" * ") {
        return Some(left * right);
    }
    text.replace('_', "").parse().ok()
}

/// Ways to write a value on the page; the separator of thousands is the language's.
fn written(value: &str, separator: char) -> Vec<String> {
    let grouped = |n: u64| {
        let digits = n.to_string();
        let mut text = String::new();
        for (k, digit) in digits.chars().enumerate() {
            if k > 0 && (digits.len() - k).is_multiple_of(3) {
                text.push(separator);
            }
            text.push(digit);
        }
        text
    };
    let within = |start: &str| value.strip_prefix(start)?.strip_suffix(')').and_then(number);
    if let Some(seconds) = within("Duration::from_secs(") {
        return vec![format!("{seconds} s")];
    }
    if let Some(ms) = within("Duration::from_millis(") {
        let point = if separator == ',' { '.' } else { ',' };
        let seconds = format!("{}", ms as f64 / 1000.0).replace('.', &point.to_string());
        return vec![format!("{ms} ms"), format!("{seconds} s")];
    }
    let Some(n) = number(value) else { return Vec::new() };
    let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
    let units = units
        .iter()
        .filter(|(bits, _)| n % (1 << bits) == 0)
        .map(|(bits, unit)| format!("{} {unit}", grouped(n >> bits)));
    units.chain([grouped(n)]).collect()
}

/// A row of the tables: cells without their quotes.
struct Row {
    line: usize,
    default: String,
    flag: Option<String>,
    constants: Vec<String>,
    tests: Vec<String>,
}

fn rows(page: &str) -> Vec<Row> {
    let lines = page.lines().enumerate().filter(|(_, line)| line.starts_with("| ") && line.matches('|').count() == 7);
    let rows = lines.map(|(k, line)| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let quoted = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
        Row {
            line: k + 1,
            default: cells[1].to_owned(),
            flag: quoted(cells[3]).into_iter().next(),
            constants: quoted(cells[4]),
            tests: quoted(cells[5]),
        }
    });
    // Heads of the tables, and tables of what was measured, name neither.
    rows.filter(|row| row.flag.is_some() || !row.constants.is_empty()).collect()
}

const PAGES: [(&str, char); 2] = [("docs/limits.md", ','), ("docs/limits.vi.md", '.')];

#[test]
fn every_limit_stands_on_the_page_or_is_none() {
    let (constants, none) = (constants(), read("tests/architecture/no_limits.txt"));
    let none: Vec<&str> = none.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect();
    let mut faults = Vec::new();
    for (page, _) in PAGES {
        let named: Vec<String> = rows(&read(page)).into_iter().flat_map(|row| row.constants).collect();
        for constant in constants.keys() {
            match (named.iter().filter(|n| *n == constant).count(), none.contains(&constant.as_str())) {
                (0, false) => faults
                    .push(format!("{page}: {constant} is missing; if it limits nothing, put it into no_limits.txt")),
                (1.., true) | (2.., _) => faults.push(format!("{page}: {constant} stands in two places")),
                _ => {}
            }
        }
        let known = |name: &&str| !constants.contains_key(*name);
        faults.extend(
            named
                .iter()
                .map(String::as_str)
                .chain(none.iter().copied())
                .filter(known)
                .map(|n| format!("{page}: there is no {n}")),
        );
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn defaults_are_those_of_the_code() {
    let constants = constants();
    let help = read("tests/cmd/help-check.stdout").split_whitespace().collect::<Vec<_>>().join(" ");
    let help_of = |flag: &str| {
        let from = help.find(&format!(" {flag} <"))?;
        let rest = &help[from + flag.len() + 2..];
        Some(&rest[..rest.find(" --").unwrap_or(rest.len())])
    };
    let mut faults = Vec::new();
    for (page, separator) in PAGES {
        for row in rows(&read(page)) {
            let values: Vec<&str> = row.default.split(" · ").collect();
            let at = format!("{page}:{}", row.line);
            if !row.constants.is_empty() && values.len() != row.constants.len() {
                faults.push(format!("{at}: {} values for {} constants", values.len(), row.constants.len()));
            }
            for (constant, value) in row.constants.iter().zip(&values) {
                let Some(code) = constants.get(constant) else { continue };
                if !written(code, separator).iter().any(|w| w == value) {
                    faults.push(format!("{at}: {constant} is {code}, not {value}"));
                }
            }
            let of_check = row.flag.as_deref().and_then(help_of);
            if row.constants.is_empty() && of_check.is_none() {
                faults.push(format!("{at}: neither a constant nor a flag of check"));
            }
            if let Some(told) =
                of_check.and_then(|text| text.split_once("[default: ")).and_then(|(_, d)| d.split_once(']'))
            {
                let told = told.0.replace(' ', "");
                if !told.contains(&values[0].replace([' ', separator], "")) {
                    faults.push(format!("{at}: the help says {told}, not {}", values[0]));
                }
            }
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn every_proof_is_there() {
    let mut faults = Vec::new();
    for (page, _) in PAGES {
        let rows = rows(&read(page));
        assert!(rows.len() > 90, "{page}: only {} rows were read", rows.len());
        for row in &rows {
            if row.tests.is_empty() {
                faults.push(format!("{page}:{}: the row has no test", row.line));
            }
            for test in &row.tests {
                let (file, name) = test.rsplit_once("::").unwrap();
                let file = if file.starts_with("tests") { format!("{file}.rs") } else { format!("src/{file}.rs") };
                let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(&file);
                if !std::fs::read_to_string(path).is_ok_and(|text| text.contains(&format!("fn {name}("))) {
                    faults.push(format!("{page}:{}: {file} has no test {name}", row.line));
                }
            }
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn what_is_written_is_compared_as_written() {
    assert_eq!(written("8 << 20", ','), ["8 MiB", "8,192 KiB", "8,388,608"]);
    assert_eq!(written("1_000_000", '.'), ["1.000.000"]);
    assert_eq!(written("Duration::from_millis(1_800)", '.'), ["1800 ms", "1,8 s"]);
    assert_eq!(written("64 * 1024", ',')[0], "64 KiB");
    assert!(written("yaml::MOST_SITES", ',').is_empty());
}
