//! How cells look: fonts, number and date forms of the reader's language, and the colours of verdicts. Colours only
//! repeat what the words say, and keep the contrast that low-vision readers need.

use rust_xlsxwriter::{ConditionalFormatText, ConditionalFormatTextRule, Format, FormatAlign, FormatBorder};

use super::super::words::{self, Lang};
use crate::finding::Verdict;

/// The font offices write in; readers without it have one of the same widths.
const FONT: &str = "Times New Roman";
/// Points.
const SIZE: f64 = 11.0;
const LINES: u32 = 0x00BF_BFBF;
/// Background and text of header rows.
const HEADER: (u32, u32) = (0x001F_3864, 0x00FF_FFFF);

/// Background and text of a verdict.
const fn colours(verdict: Verdict) -> (u32, u32) {
    match verdict {
        Verdict::Pass => (0x00E2_F3E5, 0x000B_5A24),
        Verdict::Fail => (0x00FD_E2E4, 0x009C_0006),
        Verdict::Inconclusive => (0x00FF_F0D0, 0x0073_4700),
        Verdict::NotApplicable => (0x00EE_EEEE, 0x0040_4040),
        Verdict::Waived => (0x00E3_EBF8, 0x001F_3F7A),
    }
}

/// Formats of cells.
#[derive(Clone)]
pub(super) struct Look {
    pub(super) title: Format,
    pub(super) heading: Format,
    pub(super) header: Format,
    pub(super) label: Format,
    /// Text that is broken into lines.
    pub(super) text: Format,
    /// Text on one line, for what is rarely read.
    pub(super) line: Format,
    pub(super) verdict: Format,
    pub(super) link: Format,
    pub(super) count: Format,
    pub(super) change: Format,
    pub(super) points: Format,
    pub(super) share: Format,
    pub(super) day: Format,
    pub(super) moment: Format,
}

impl Look {
    pub(super) fn new(lang: Lang) -> Self {
        let bare = || Format::new().set_font_name(FONT).set_font_size(SIZE).set_align(FormatAlign::Top);
        let cell = || bare().set_border(FormatBorder::Thin).set_border_color(LINES);
        // Readers show separators of numbers as their own settings say: 1.234,5 where Vietnamese is spoken.
        let number = |form: &str| cell().set_num_format(form).set_align(FormatAlign::Right);
        let day = lang.of("dd\"/\"mm\"/\"yyyy", "yyyy\\-mm\\-dd");
        let (back, ink) = HEADER;
        Self {
            title: bare().set_font_size(16).set_bold(),
            heading: bare().set_font_size(13).set_bold().set_font_color(back),
            header: cell()
                .set_bold()
                .set_background_color(back)
                .set_font_color(ink)
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter)
                .set_text_wrap(),
            label: cell().set_bold().set_text_wrap(),
            text: cell().set_text_wrap(),
            line: cell(),
            verdict: cell().set_text_wrap().set_align(FormatAlign::Center),
            link: cell()
                .set_text_wrap()
                .set_font_color(0x0005_63C1)
                .set_underline(rust_xlsxwriter::FormatUnderline::Single),
            count: number("#,##0"),
            change: number("+#,##0;-#,##0;0"),
            points: number("#,##0.00"),
            share: number("0.0%"),
            day: cell().set_num_format(day).set_align(FormatAlign::Center),
            moment: cell().set_num_format(format!("{day} hh:mm")).set_align(FormatAlign::Center),
        }
    }
}

impl Look {
    /// The same with numbers and dates on the left, beside their names.
    pub(super) fn to_the_left(&self) -> Self {
        let left = |format: &Format| format.clone().set_align(FormatAlign::Left);
        Self { count: left(&self.count), moment: left(&self.moment), ..self.clone() }
    }
}

/// Rules that colour cells by the words of verdicts they begin with.
pub(super) fn verdict_rules(lang: Lang) -> Vec<ConditionalFormatText> {
    let all = [Verdict::Fail, Verdict::Pass, Verdict::Inconclusive, Verdict::NotApplicable, Verdict::Waived];
    all.into_iter()
        .map(|verdict| {
            let (back, ink) = colours(verdict);
            let word = words::verdict(verdict).pick(lang).to_owned();
            ConditionalFormatText::new()
                .set_rule(ConditionalFormatTextRule::BeginsWith(word))
                .set_format(Format::new().set_background_color(back).set_font_color(ink))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(colour: u32) -> f64 {
        let channel = |shift: u32| {
            let c = f64::from((colour >> shift) & 0xff) / 255.0;
            if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(16) + 0.7152 * channel(8) + 0.0722 * channel(0)
    }

    #[test]
    fn every_colour_keeps_the_contrast_of_wcag_aa() {
        let verdicts =
            [Verdict::Fail, Verdict::Pass, Verdict::Inconclusive, Verdict::NotApplicable, Verdict::Waived].map(colours);
        for (back, ink) in verdicts.into_iter().chain([HEADER, (0x00FF_FFFF, HEADER.0), (0x00FF_FFFF, 0x0005_63C1)]) {
            let (a, b) = (luminance(back), luminance(ink));
            let ratio = (a.max(b) + 0.05) / (a.min(b) + 0.05);
            assert!(ratio >= 4.5, "{back:06x} {ink:06x}: {ratio:.2}");
        }
    }

    #[test]
    fn no_verdict_begins_with_the_words_of_another() {
        let all = [Verdict::Fail, Verdict::Pass, Verdict::Inconclusive, Verdict::NotApplicable, Verdict::Waived];
        for lang in [Lang::Vi, Lang::En] {
            for (a, b) in all.iter().flat_map(|a| all.iter().map(move |b| (a, b))).filter(|(a, b)| a != b) {
                let (a, b) = (words::verdict(*a).pick(lang), words::verdict(*b).pick(lang));
                assert!(!a.starts_with(b), "{a} begins with {b}");
            }
        }
    }
}
