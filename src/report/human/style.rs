//! Colours by plain ANSI sequences, and lines that fit a screen. Widths are those of a terminal: wide
//! characters count two cells, combining marks none.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A colour or weight.
#[derive(Debug, Clone, Copy)]
pub(super) enum Ink {
    Good,
    Bad,
    Warn,
    Cool,
    Dim,
    Bold,
}

/// Paints, or leaves as it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Painter {
    pub(super) on: bool,
}

impl Painter {
    /// The text in a colour when colours are on.
    pub(super) fn paint(self, ink: Ink, text: &str) -> String {
        if !self.on || text.is_empty() {
            return text.to_owned();
        }
        let code = match ink {
            Ink::Good => "32",
            Ink::Bad => "1;31",
            Ink::Warn => "33",
            Ink::Cool => "36",
            Ink::Dim => "2",
            Ink::Bold => "1",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

/// Breaks a text between words into lines of at most so many cells; a longer word keeps its own line.
pub(super) fn wrap(text: &str, cells: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut used = 0;
    for word in text.split(' ').filter(|w| !w.is_empty()) {
        let wide = word.width();
        match lines.last_mut() {
            Some(line) if used + 1 + wide <= cells => {
                line.push(' ');
                line.push_str(word);
                used += 1 + wide;
            }
            _ => {
                lines.push(word.to_owned());
                used = wide;
            }
        }
    }
    lines
}

/// A source line cut to a window around its marked characters, and the underline below it.
pub(super) fn underlined(text: &str, marked: std::ops::Range<usize>, cells: usize) -> (String, String) {
    let chars: Vec<char> = text.chars().collect();
    let start = marked.start.min(chars.len());
    let end = marked.end.clamp(start, chars.len());
    let indent = chars.iter().take_while(|c| **c == ' ').count().min(start);
    let fits = chars[indent..].iter().map(|c| c.width().unwrap_or(0)).sum::<usize>() < cells;
    // Room for what leads up to the mark: a third of the screen.
    let lead = if fits { indent } else { window_start(&chars, indent, start, cells / 3) };
    let cut_before = lead > indent;
    let mut room = cells.saturating_sub(usize::from(cut_before) + 1);
    let mut stop = lead;
    while let Some(c) = chars.get(stop) {
        let wide = c.width().unwrap_or(0);
        if wide > room {
            break;
        }
        room -= wide;
        stop += 1;
    }
    let cut_after = stop < chars.len();
    let slice = |from: usize, to: usize| -> String { chars[from.min(to)..to].iter().collect() };
    let mut shown = slice(lead, stop);
    if cut_before {
        shown.insert(0, '…');
    }
    if cut_after {
        shown.push('…');
    }
    let before = slice(lead, start).width() + usize::from(cut_before);
    let under = slice(start, end.min(stop)).width().max(1);
    (shown, format!("{}{}", " ".repeat(before), "^".repeat(under)))
}

/// The first character to show: the line's first after its indentation when the mark is near, else so many
/// cells before the mark.
fn window_start(chars: &[char], indent: usize, mark: usize, lead: usize) -> usize {
    let mut cells = 0;
    let mut at = mark;
    while at > indent {
        cells += chars[at - 1].width().unwrap_or(0);
        if cells > lead {
            // Never cut a letter from its combining marks.
            while at < mark && chars[at].width() == Some(0) {
                at += 1;
            }
            return at;
        }
        at -= 1;
    }
    indent
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str, marked: std::ops::Range<usize>, cells: usize) -> String {
        let (line, under) = underlined(text, marked, cells);
        format!("{line}\n{under}")
    }

    #[test]
    fn the_underline_stands_under_the_marked_characters() {
        assert_eq!(show("  a = 'x';", 6..9, 80), "a = 'x';\n    ^^^");
        assert_eq!(show("a", 1..1, 80), "a\n ^");
        assert_eq!(show("", 0..0, 80), "\n^");
    }

    #[test]
    fn vietnamese_combining_and_wide_characters_keep_their_columns() {
        // Precomposed: one character, one cell each.
        assert_eq!(show("Cổng thông tin: x", 16..17, 80), "Cổng thông tin: x\n                ^");
        // Decomposed (NFD): ổ is three characters and one cell.
        assert_eq!(show("Cô\u{309}ng x", 6..7, 80).lines().last().unwrap(), "     ^");
        // Wide characters take two cells.
        assert_eq!(show("国家 x", 1..2, 80), "国家 x\n  ^^");
        assert_eq!(show("😀 x", 2..3, 80), "😀 x\n   ^");
    }

    #[test]
    fn long_lines_are_shown_through_a_window() {
        let text = format!("{}MARK{}", "a".repeat(150), "b".repeat(150));
        let (line, under) = underlined(&text, 150..154, 60);
        assert!(line.starts_with('…') && line.ends_with('…'), "{line}");
        assert!(line.width() <= 61, "{}", line.width());
        let at = under.find('^').unwrap();
        assert_eq!(line.chars().skip(at).take(4).collect::<String>(), "MARK");
        assert_eq!(under.trim_start(), "^^^^");
    }

    #[test]
    fn text_is_wrapped_between_words() {
        assert_eq!(wrap("một hai ba bốn", 8), ["một hai", "ba bốn"]);
        assert_eq!(wrap("https://rất-dài.example/ x", 5), ["https://rất-dài.example/", "x"]);
        assert!(wrap("  ", 5).is_empty());
    }
}
