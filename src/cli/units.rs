//! Durations and sizes with units, and other flags that are more than a word.

use std::time::Duration;

use crate::config;
use crate::policy::{Pages, Points};
use crate::site::Shard;

/// `30s`, `500ms`, `2m`, `1h`; a bare number is seconds.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let seconds = || text.trim().parse().ok().map(Duration::from_secs);
    config::duration(text.trim()).or_else(seconds).ok_or_else(|| format!("“{text}”: 30s, 500ms, 2m, 1h"))
}

/// `8MiB`, `500kB`, `1GiB`; a bare number is bytes.
pub(super) fn size(text: &str) -> Result<u64, String> {
    let bytes = || text.trim().parse().ok();
    config::size(text.trim()).or_else(bytes).filter(|n| *n > 0).ok_or_else(|| format!("“{text}”: 8MiB, 500kB"))
}

/// `NAME=VALUE`.
pub(super) fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("NAME=VALUE")?;
    if name.trim().is_empty() { Err("NAME=VALUE".to_owned()) } else { Ok((name.trim().to_owned(), value.to_owned())) }
}

/// Points with at most two decimals.
pub(super) fn points(text: &str) -> Result<Points, String> {
    let most = Points::MOST;
    Points::parse(text.trim()).ok_or_else(|| {
        format!(
            "“{text}”: 0 … {most}, tối đa hai chữ số thập phân sau dấu chấm, như 89.5 – at most two decimals, as 89.5"
        )
    })
}

/// `GROUP=POINTS`.
pub(super) fn points_of(text: &str) -> Result<(String, Points), String> {
    let (group, value) = pair(text).map_err(|_| "GROUP=N")?;
    Ok((group, points(&value)?))
}

/// `NAME: VALUE`; `None` for what is none. It may be a secret, so it is taken as it is and refused later: whoever
/// refuses it here repeats it.
pub(super) fn header(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once(':')?;
    (!name.trim().is_empty()).then(|| (name.trim().to_owned(), value.trim().to_owned()))
}

/// `home`, `all` or a glob; a glob that begins with `!` takes pages out again.
pub(super) fn pages(text: &str) -> Result<Pages, String> {
    let pages = Pages::parse(text);
    if let Pages::Glob(glob) = &pages {
        globset::Glob::new(glob.trim_start_matches('!')).map_err(|e| e.to_string())?;
    }
    Ok(pages)
}

/// `I/N`, `auto`, `auto/N`; the environment is a parameter so that tests need not change their own.
pub(super) fn shard(text: &str, environment: &dyn Fn(&str) -> Option<String>) -> Result<Shard, String> {
    let number = |name: &str| -> Result<u32, String> {
        let value = environment(name).ok_or_else(|| format!("{text}: {name} is not set"))?;
        value.trim().parse().map_err(|_| format!("{text}: {name}={value} is not a number"))
    };
    let wrong = || format!("{text}: I/N with 1 ≤ I ≤ N, auto, or auto/N");
    let (index, of) = match text.split_once('/') {
        None if text == "auto" => {
            let (index, of) = (number("CI_NODE_INDEX")?, number("CI_NODE_TOTAL")?);
            if index == 0 || index > of {
                // What the user wrote is right; it is the pipeline that is not.
                return Err(format!("{text}: CI_NODE_INDEX={index} is not between 1 and CI_NODE_TOTAL={of}"));
            }
            (index, of)
        }
        Some(("auto", of)) => (number("JOB_COMPLETION_INDEX")?.saturating_add(1), of.parse().map_err(|_| wrong())?),
        Some((index, of)) => (index.parse().map_err(|_| wrong())?, of.parse().map_err(|_| wrong())?),
        None => return Err(wrong()),
    };
    if index == 0 || index > of { Err(wrong()) } else { Ok(Shard { index, of }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_sizes_take_units() {
        assert_eq!(duration("15").unwrap(), Duration::from_secs(15));
        assert_eq!(duration("250ms").unwrap(), Duration::from_millis(250));
        assert_eq!(duration("2m").unwrap(), Duration::from_secs(120));
        assert!(duration("soon").is_err() && duration("5d").is_err() && duration("-1s").is_err());
        assert_eq!(size("8MiB").unwrap(), 8 << 20);
        assert_eq!(size("500kB").unwrap(), 500_000);
        assert!(size("0").is_err() && size("1.5MB").is_err() && size("99999999999GiB").is_err());
    }

    #[test]
    fn points_are_exact_to_the_hundredth_and_nothing_else() {
        for (text, hundredths) in
            [("0", 0), ("1.25", 125), ("89.5", 8_950), (" 100 ", 10_000), ("1000000.00", 100_000_000)]
        {
            assert_eq!(points(text).unwrap(), Points(hundredths), "{text}");
        }
        for wrong in [
            "",
            "-1",
            "+1",
            "1.255",
            "89,5",
            "1e2",
            ".5",
            "5.",
            "1000000.01",
            "99999999999",
            "NaN",
            "½",
            "0x10",
            "1 000",
        ] {
            assert!(points(wrong).is_err(), "{wrong}");
        }
        assert_eq!(points_of(" g = 2.5").unwrap(), ("g".to_owned(), Points(250)));
        assert!(points_of("g").is_err() && points_of("=1").is_err() && points_of("g=").is_err());
    }

    #[test]
    fn shards_come_from_the_pipeline() {
        let none = |_: &str| None;
        assert_eq!(shard("2/3", &none).unwrap(), Shard { index: 2, of: 3 });
        for wrong in ["0/3", "4/3", "x", "1/0", "auto", "auto/3"] {
            assert!(shard(wrong, &none).is_err(), "{wrong}");
        }
        let gitlab = |name: &str| match name {
            "CI_NODE_INDEX" => Some("2".to_owned()),
            "CI_NODE_TOTAL" => Some("4".to_owned()),
            _ => None,
        };
        assert_eq!(shard("auto", &gitlab).unwrap(), Shard { index: 2, of: 4 });
        let zero = |name: &str| Some(if name == "CI_NODE_INDEX" { "0" } else { "4" }.to_owned());
        let said = shard("auto", &zero).unwrap_err();
        assert!(said.contains("CI_NODE_INDEX=0") && said.contains("CI_NODE_TOTAL=4"), "{said}");
        let kubernetes = |name: &str| (name == "JOB_COMPLETION_INDEX").then(|| "0".to_owned());
        assert_eq!(shard("auto/5", &kubernetes).unwrap(), Shard { index: 1, of: 5 });
    }
}
