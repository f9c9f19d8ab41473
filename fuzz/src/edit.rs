//! Edits of stored data: a sound value of JSON in which some leaves become hostile texts, extreme numbers or something
//! of another kind, and lists grow or shrink. Which, the input says.

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use serde_json::Value;

/// What breaks careless formats.
const HOSTILE: &[&str] = &[
    "]]>",
    "<![CDATA[",
    "-->",
    "<!--",
    "<script>alert(1)</script>",
    "</script>",
    "</style>",
    "<img src=x onerror=y>",
    "\" onmouseover=\"x",
    "' x='",
    "\u{0}",
    "\u{1}",
    "\u{8}",
    "\u{7f}",
    "\u{9b}",
    "\u{1b}[2J",
    "\u{1b}]0;t\u{7}",
    "\u{202e}",
    "\u{2066}",
    "\u{200d}",
    "\u{2028}",
    "\u{feff}",
    "\u{fffe}",
    "\u{ffff}",
    "\u{e0041}",
    "\u{ad}",
    "::error::",
    "::set-output name=a::b",
    ":",
    "##[error]",
    "##vso[x]",
    "##teamcity[",
    "#",
    "\r\n",
    "\n",
    "\r",
    "\t",
    " ",
    "`",
    "```",
    "~~~",
    "|",
    "\\",
    "\"",
    "'",
    "&#0;",
    "&amp;",
    "&",
    "<",
    ">",
    "{0}",
    "{{x}}",
    "${x}",
    "$(x)",
    "](http://e.example)",
    "![x](",
    "[a]",
    "<http://e.example>",
    "@all",
    "=1+1",
    "+1",
    "-1",
    "=cmd|' /C calc'!A0",
    ";=1",
    ",",
    "_x000D_",
    "_x0041_",
    "%0A",
    "%",
    "%%1",
    "ệ",
    "e\u{302}\u{323}",
    "国",
    "👨\u{200d}👩",
    "javascript:alert(1)",
    "https://u:p@a.vn/x?y#z",
    "http://[::1]/",
    "file:///etc/passwd",
    "data:text/html,x",
    "../../x",
    "/x",
    "C:\\x",
    "//x",
    "CON",
    "tinh-a",
    "snippet",
    "mau-2024",
    "2026-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "0",
    "205",
    "1e999",
];

/// Bytes beyond which a text, and leaves beyond which a value, grows no more.
const LONG: usize = 20_000;

/// A text that breaks careless formats: pieces and any characters.
pub fn text(u: &mut Unstructured<'_>) -> Result<String> {
    let mut text = String::new();
    for _ in 0..=u.int_in_range(0..=3u8)? {
        match u.arbitrary::<u8>()? {
            k if usize::from(k) < HOSTILE.len() * 2 => text.push_str(HOSTILE[usize::from(k) % HOSTILE.len()]),
            k if k < 250 => text.push_str(u.arbitrary::<&str>()?),
            // Long ones, to meet the limits.
            k if text.len() < LONG => text = text.repeat(1 << (k - 246)),
            _ => {}
        }
    }
    Ok(text)
}

fn leaf(u: &mut Unstructured<'_>, old: &Value) -> Result<Value> {
    Ok(match (old, u.arbitrary::<u8>()?) {
        (_, 250) => Value::Null,
        (_, 251) => Value::Bool(u.arbitrary()?),
        (_, 252) => Value::Array(Vec::new()),
        (Value::Number(_), k) if k < 245 => {
            const EDGES: [u64; 9] = [0, 1, 2, 99, 10_000, u32::MAX as u64, 1 << 53, i64::MAX as u64, u64::MAX];
            EDGES.get(usize::from(k) % 12).copied().map_or_else(|| u.arbitrary::<u64>(), Ok)?.into()
        }
        (Value::Bool(old), _) => Value::Bool(!old),
        _ => Value::String(text(u)?),
    })
}

/// One place in a value: the steps to it.
enum Step {
    Key(String),
    Item(usize),
}

/// The place of the n-th leaf or list, counted in order; the rest of n where there are fewer.
fn place(value: &Value, n: &mut usize, way: &mut Vec<Step>) -> bool {
    let below: Vec<(Step, &Value)> = match value {
        Value::Object(fields) if !fields.is_empty() => fields.iter().map(|(k, v)| (Step::Key(k.clone()), v)).collect(),
        Value::Array(items) => {
            if *n == 0 {
                return true;
            }
            *n -= 1;
            items.iter().enumerate().map(|(k, v)| (Step::Item(k), v)).collect()
        }
        _ if *n == 0 => return true,
        _ => {
            *n -= 1;
            return false;
        }
    };
    for (step, value) in below {
        way.push(step);
        if place(value, n, way) {
            return true;
        }
        way.pop();
    }
    false
}

fn count(value: &Value) -> usize {
    match value {
        Value::Object(fields) if !fields.is_empty() => fields.values().map(count).sum(),
        Value::Array(items) => 1 + items.iter().map(count).sum::<usize>(),
        _ => 1,
    }
}

/// Edits a value as the input says.
pub fn edit(u: &mut Unstructured<'_>, value: &mut Value) -> Result<()> {
    for _ in 0..u.int_in_range(0..=15u8)? {
        let all = count(value);
        if all > LONG {
            break;
        }
        let mut n = usize::from(u.arbitrary::<u16>()?) % all.max(1);
        let mut way = Vec::new();
        if !place(value, &mut n, &mut way) {
            continue;
        }
        let mut at = &mut *value;
        let last = way.pop();
        for step in way {
            at = match step {
                Step::Key(key) => &mut at[key],
                Step::Item(k) => &mut at[k],
            };
        }
        // One edit in sixteen takes the field or item away.
        let gone = u.ratio(1, 16)?;
        match (at, last) {
            (Value::Object(fields), Some(Step::Key(key))) if gone => drop(fields.shift_remove(&key)),
            (Value::Array(items), Some(Step::Item(k))) if gone => drop(items.remove(k)),
            (at, Some(Step::Key(key))) => change(u, &mut at[key])?,
            (at, Some(Step::Item(k))) => change(u, &mut at[k])?,
            (at, None) => change(u, at)?,
        }
    }
    Ok(())
}

fn change(u: &mut Unstructured<'_>, value: &mut Value) -> Result<()> {
    match value {
        Value::Array(items) if !items.is_empty() => {
            let k = u.choose_index(items.len())?;
            match u.arbitrary::<u8>()? % 4 {
                0 => items.truncate(k),
                1 => items.rotate_left(k),
                2 => items.insert(0, items[k].clone()),
                // Many, to meet the limits.
                _ => items.extend(std::iter::repeat_n(items[k].clone(), 1 << (k % 7))),
            }
        }
        other => *other = leaf(u, other)?,
    }
    Ok(())
}
