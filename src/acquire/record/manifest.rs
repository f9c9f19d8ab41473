//! The list of what a recording holds, one sealed line after the other: first the run, then each site as it was
//! finished. A line that was cut by the end of its run is told from one that somebody changed. Bytes only.

use super::sha::Sha;

/// The file.
pub(super) const NAME: &str = "manifest.jsonl";
/// Most bytes of it.
pub(super) const MOST: u64 = 256 << 20;

/// What a manifest says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Lines<'a> {
    /// The entries of its whole lines.
    pub(super) entries: Vec<&'a str>,
    /// Bytes of its whole lines.
    pub(super) whole: usize,
    /// A last line that was begun and not finished follows.
    pub(super) torn: bool,
}

/// One line: the entry's length and hash, then the entry.
pub(super) fn line(entry: &str) -> String {
    format!("{{\"bytes\":{},\"sha256\":\"{}\",\"entry\":{entry}}}\n", entry.len(), Sha::of(entry.as_bytes()))
}

/// Reads the lines of a manifest.
///
/// # Errors
/// The number, from 1, of the line that is not as it was written.
pub(super) fn lines(bytes: &[u8]) -> Result<Lines<'_>, usize> {
    let mut lines = Lines { entries: Vec::new(), whole: 0, torn: false };
    while lines.whole < bytes.len() {
        let rest = &bytes[lines.whole..];
        let number = lines.entries.len() + 1;
        match one(rest) {
            Line::Whole(entry, length) => {
                lines.entries.push(std::str::from_utf8(entry).map_err(|_| number)?);
                lines.whole += length;
            }
            Line::Begun => {
                lines.torn = true;
                break;
            }
            Line::Changed => return Err(number),
        }
    }
    Ok(lines)
}

enum Line<'a> {
    /// The entry, and the length of the line.
    Whole(&'a [u8], usize),
    /// What there is may well be the beginning of a line.
    Begun,
    Changed,
}

fn one(text: &[u8]) -> Line<'_> {
    let mut rest = Rest(text);
    match rest.entry() {
        Ok(entry) => Line::Whole(entry, text.len() - rest.0.len()),
        Err(line) => line,
    }
}

/// What is still to be read.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn entry(&mut self) -> Result<&'a [u8], Line<'a>> {
        self.pass(b"{\"bytes\":")?;
        let digits = self.0.iter().take_while(|b| b.is_ascii_digit()).count();
        if digits == self.0.len() {
            return Err(Line::Begun);
        }
        let length: usize =
            std::str::from_utf8(self.take(digits)?).unwrap_or_default().parse().map_err(|_| Line::Changed)?;
        self.pass(b",\"sha256\":\"")?;
        let sha = self.take(64)?;
        self.pass(b"\",\"entry\":")?;
        let entry = self.take(length)?;
        if std::str::from_utf8(sha).ok().and_then(|s| s.parse::<Sha>().ok()) != Some(Sha::of(entry)) {
            return Err(Line::Changed);
        }
        self.pass(b"}\n")?;
        Ok(entry)
    }

    /// So many bytes.
    fn take(&mut self, length: usize) -> Result<&'a [u8], Line<'a>> {
        let Some((taken, rest)) = self.0.split_at_checked(length) else {
            // A newline can only be the end of a line: the length was changed, or what follows.
            return Err(if self.0.contains(&b'\n') { Line::Changed } else { Line::Begun });
        };
        self.0 = rest;
        Ok(taken)
    }

    /// These bytes: they are there, or the text ends within them, or it is something else.
    fn pass(&mut self, wanted: &[u8]) -> Result<(), Line<'a>> {
        let there = self.0.len().min(wanted.len());
        let (passed, rest) = self.0.split_at(there);
        self.0 = rest;
        match (passed == &wanted[..there], there == wanted.len()) {
            (false, _) => Err(Line::Changed),
            (true, false) => Err(Line::Begun),
            (true, true) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_back_and_a_torn_one_is_left_out() {
        let text = format!("{}{}", line("{\"a\":1}"), line("{\"b\":\"é\"}"));
        let whole = lines(text.as_bytes()).unwrap();
        assert_eq!((whole.entries.as_slice(), whole.torn), (&["{\"a\":1}", "{\"b\":\"é\"}"][..], false));
        assert_eq!(whole.whole, text.len());
        let first = line("{\"a\":1}").len();
        for cut in first + 1..text.len() {
            let lines = lines(&text.as_bytes()[..cut]).unwrap();
            assert_eq!((lines.entries.len(), lines.whole, lines.torn), (1, first, true), "cut at {cut}");
        }
    }

    #[test]
    fn every_changed_byte_is_seen() {
        let text = format!("{}{}", line("{\"a\":1}"), line("{\"b\":2}"));
        for at in 0..text.len() {
            for other in [b'0', b'1', b'9', b'x', b'\n', b'}', 0xff] {
                let mut bytes = text.clone().into_bytes();
                if bytes[at] == other {
                    continue;
                }
                bytes[at] = other;
                let number = if at < line("{\"a\":1}").len() { 1 } else { 2 };
                assert_eq!(lines(&bytes).unwrap_err(), number, "byte {at} as {other}");
            }
        }
    }
}
