//! Report text as plain lines that cannot act on their reader: control and bidi characters become visible
//! stand-ins, lines that a CI runner would obey as commands are broken, and length is cut with a mark.

use url::Url;

use super::words::{self, Lang};
use super::{Outcome, Outlet, Report, scored};
use crate::finding::{Basis, Evidence, Finding, Note, Place, Verdict, safe};
use crate::snapshot::Certificate;

/// Longest text of one line, in characters.
const LINE: usize = 2_000;
/// Most lines of one text.
const LINES: usize = 200;

/// One line: white space folded, unsafe characters replaced, cut.
pub(super) fn line(text: &str) -> String {
    line_of(text, LINE)
}

/// One line of at most so many characters.
pub(super) fn line_of(text: &str, most: usize) -> String {
    // Folding first, so that a line end counts as a space and not as a stand-in.
    let mut folded = String::new();
    for (n, word) in text.split(['\n', '\r', '\t', ' ']).filter(|w| !w.is_empty()).enumerate() {
        if n > 0 {
            folded.push(' ');
        }
        folded.push_str(word);
        if folded.len() > most * 4 {
            break;
        }
    }
    defused(safe(&folded, most))
}

/// The lines of a text, indentation kept, without empty ones at its ends.
pub(super) fn lines(text: &str) -> Vec<String> {
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut lines: Vec<String> =
        unified.trim_matches('\n').split('\n').map(|l| defused(safe(l.trim_end(), LINE))).collect();
    if lines.len() > LINES {
        lines.truncate(LINES);
        lines.push("…".to_owned());
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// Runners obey `::command::` at the start of a line and `##[command]`, `##vso[…]`, `##teamcity[…]` anywhere.
/// One character of each becomes a look-alike, so that columns stay.
pub(crate) fn defused(text: String) -> String {
    let mut text = text;
    if text.trim_start().starts_with("::") {
        text = text.replacen(':', "∶", 1);
    }
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find("##")).map(|at| at + from) {
        let after = text.get(at + 2..).unwrap_or("");
        if after.trim_start_matches(|c: char| c.is_ascii_alphabetic()).starts_with('[') {
            text.replace_range(at..=at, "♯");
        }
        from = at + 1;
        while !text.is_char_boundary(from) {
            from += 1;
        }
    }
    text
}

/// `path:line:column`, or the address, of a place.
pub(super) fn place(place: &Place) -> Option<String> {
    let mut text = line(place.path.as_deref().or(place.url.as_deref())?);
    // A column after an address would read as a part of it.
    let separator = if place.path.is_some() { ":" } else { " " };
    if let Some(n) = place.line {
        text.push_str(separator);
        text.push_str(&n.to_string());
        if let Some(n) = place.column {
            text.push(':');
            text.push_str(&n.to_string());
        }
    }
    Some(text)
}

/// An entry of evidence as one line.
pub(super) fn evidence(entry: &Evidence, lang: Lang) -> String {
    match entry {
        Evidence::MissingLink { site: Some(site), url } => {
            format!("{} {} ({})", lang.of("thiếu đường dẫn đến", "no link to"), line(url), line(site))
        }
        Evidence::MissingLink { site: None, url } => {
            format!("{} {}", lang.of("thiếu đường dẫn đến", "no link to"), line(url))
        }
        Evidence::Element { what, text } => {
            let what = words::element(what).map_or_else(|| line(what), |w| w.pick(lang).to_owned());
            format!("{what}: {}", line(text))
        }
        Evidence::Header { name, value } => format!("{}: {}", line(name), line(value)),
        Evidence::Request { method, url, status } => {
            let status = status.map_or_else(|| "–".to_owned(), |s| s.to_string());
            format!("{} {} → {status}", line(method), line(url))
        }
        Evidence::Certificate { subject, issuer, not_before, not_after } => {
            format!("{} ← {} ({} … {})", line(subject), line(issuer), lang.day(*not_before), lang.day(*not_after))
        }
        Evidence::Measure { name, value } => {
            let name = words::measure(name).map_or_else(|| line(name), |w| w.pick(lang).to_owned());
            format!("{name} = {}", line(value))
        }
        Evidence::Statement { text } => line(text),
        Evidence::Screenshot { path } => format!("{} {}", lang.of("ảnh chụp:", "screenshot:"), line(path)),
        Evidence::Absence { what } => format!("{} {}", lang.of("không thấy:", "not found:"), line(what)),
    }
}

/// An instant as the report keeps it, for people.
pub(super) fn instant(text: &str, lang: Lang) -> String {
    text.parse().map_or_else(|_| line_of(text, 40), |at| lang.instant(at))
}

/// Whole days from the run to the end of a certificate; negative when it is past.
pub(super) fn days_left(report: &Report, certificate: &Certificate) -> Option<i64> {
    let taken_at: jiff::Timestamp = report.taken_at.parse().ok()?;
    Some((certificate.not_after.as_second() - taken_at.as_second()).div_euclid(86_400))
}

/// A note as one line: level, code, text and up to ten places.
pub(super) fn note(note: &Note, lang: Lang) -> String {
    let places: Vec<String> = note.places.iter().take(10).filter_map(place).collect();
    let text = format!(
        "{} [{}]: {}{}{}",
        words::note_level(note.level).pick(lang),
        line_of(&note.code, 100),
        line(lang.pick(&note.message)),
        if places.is_empty() { "" } else { " — " },
        places.join(", ")
    );
    defused(text)
}

/// The rule's title; its id when there is none.
pub(super) fn title<'a>(report: &'a Report, finding: &'a Finding, lang: Lang) -> &'a str {
    report.rule_of(finding).map(|r| lang.pick(&r.title)).filter(|t| !t.trim().is_empty()).unwrap_or(&finding.rule)
}

/// Where the law asks it, as one line.
pub(super) fn clause(report: &Report, finding: &Finding, lang: Lang) -> Option<String> {
    let clause = report.rule_of(finding)?.clause.as_ref()?;
    Some(line(lang.pick(clause))).filter(|c| !c.is_empty())
}

/// How to mend it: the finding's own text, else the rule's, unless that waits for a site's values.
pub(super) fn fix<'a>(report: &'a Report, finding: &'a Finding, lang: Lang) -> Option<&'a str> {
    let own = finding.fix.as_ref().map(|f| lang.pick(f));
    let general = || Some(lang.pick(report.rule_of(finding)?.fix.as_ref()?)).filter(|t| !waits(t));
    own.or_else(general).filter(|t| !t.trim().is_empty())
}

/// What to do about a finding, as lines: a gap's remedy or the repair; nothing for what needs none.
pub(super) fn mending(report: &Report, finding: &Finding, lang: Lang) -> String {
    // A remedy belongs to what is to be mended, not to a pass.
    if !matches!(finding.verdict, Verdict::Fail | Verdict::Inconclusive | Verdict::Waived) {
        return String::new();
    }
    match finding.gap {
        Some(gap) => words::remedy(gap).pick(lang).to_owned(),
        None => fix(report, finding, lang).map(|f| lines(f).join("\n")).unwrap_or_default(),
    }
}

/// Most places of one cell of a table.
const PLACES: usize = 20;

/// The places of a finding, one a line; what is left out is counted.
pub(super) fn places(finding: &Finding, lang: Lang) -> String {
    let mut shown: Vec<String> = finding.places.iter().filter_map(place).take(PLACES).collect();
    let left = finding.places_total.max(finding.places.len() as u64).saturating_sub(shown.len() as u64);
    if left > 0 && !shown.is_empty() {
        shown.push(lang.of(format!("… và {left} chỗ nữa"), format!("… and {left} more places")));
    }
    shown.join("\n")
}

/// Whether a text holds a `${name}` that nothing was put in for.
pub(super) fn waits(text: &str) -> bool {
    text.split_once("${").is_some_and(|(_, rest)| rest.contains('}'))
}

/// The first sentence for people: the finding's message, else the gap's cause, else the verdict.
pub(super) fn reason(finding: &Finding, lang: Lang) -> String {
    let message = line(lang.pick(&finding.message));
    if !message.is_empty() {
        return message;
    }
    match finding.gap {
        Some(gap) => words::cause(gap).pick(lang).to_owned(),
        None => words::verdict(finding.verdict).pick(lang).to_owned(),
    }
}

/// The run in words, with its public word where the words are not that.
pub(super) fn outcome(outcome: Outcome, lang: Lang) -> String {
    let (said, name) = (words::outcome(outcome).pick(lang), words::outcome_name(outcome));
    if said == name { said.to_owned() } else { format!("{said} [{name}]") }
}

/// `host/path` of an address, without scheme, account, query or fragment.
pub(super) fn bare_address(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let host = url.host_str()?;
    let port = url.port().map(|p| format!(":{p}")).unwrap_or_default();
    Some(format!("{host}{port}{}", url.path()))
}

/// The run in one line of numbers; what people decided stands in it only where they did.
pub(super) fn counts(report: &Report, lang: Lang) -> String {
    let s = report.summary;
    let mut text = lang.of(
        format!("{} đạt, {} không đạt, {} chưa đo được", s.pass, s.fail, s.inconclusive),
        format!("{} passed, {} failed, {} not measured", s.pass, s.fail, s.inconclusive),
    );
    if s.waived > 0 {
        text.push_str(&lang.of(format!(", {} tạm chấp nhận", s.waived), format!(", {} waived", s.waived)));
    }
    let known = report.findings.iter().filter(|f| f.verdict == Verdict::Fail && f.known).count();
    if known > 0 {
        let word = if known == 1 { "known failure" } else { "known failures" };
        text.push_str(&lang.of(format!(" · {known} lỗi đã biết"), format!(" · {known} {word}")));
        if not_listed(report) > 0 {
            text.push_str(lang.of(" (không liệt kê)", " (not listed)"));
        }
    }
    text.push_str(&scored::gate_counts(report, lang));
    text
}

/// Whether it passes by a person's word alone: told wherever passes are not, so that nobody takes it for measured.
pub(super) fn is_stated(finding: &Finding) -> bool {
    finding.verdict == Verdict::Pass && finding.basis == Basis::Attested
}

/// What follows the name of a failure that the baseline knows.
pub(super) fn known(finding: &Finding, lang: Lang) -> &'static str {
    if finding.verdict == Verdict::Fail && finding.known { lang.of(" (đã biết)", " (known)") } else { "" }
}

/// How many known failures lists leave out.
pub(super) fn not_listed(report: &Report) -> usize {
    report.findings.iter().filter(|f| !Outlet::of(report, f).listed).count()
}

/// Whether the run is called passed although something fails or is open: by `--fail-on`, or because it is known.
pub(super) fn despite(report: &Report) -> bool {
    match report.outcome {
        Outcome::Passed => report.summary.fail + report.summary.inconclusive > 0,
        Outcome::PassedUnmeasured => report.summary.fail > 0,
        Outcome::Failed | Outcome::Inconclusive | Outcome::Nothing => false,
    }
}

/// Clauses of severity error that nobody asked to measure, with the rules that stand for them.
pub(super) fn unmeasured(report: &Report, lang: Lang) -> Vec<String> {
    let mut named: Vec<(String, Vec<String>)> = Vec::new();
    for finding in &report.findings {
        if finding.gap != Some(crate::snapshot::Gap::NotRequested) || finding.severity != crate::policy::Severity::Error
        {
            continue;
        }
        let clause = clause(report, finding, lang).unwrap_or_else(|| line(title(report, finding, lang)));
        let rule = line(&finding.rule);
        match named.iter_mut().find(|(c, _)| *c == clause) {
            Some((_, rules)) if rules.contains(&rule) => {}
            Some((_, rules)) => rules.push(rule),
            None => named.push((clause, vec![rule])),
        }
    }
    named.into_iter().map(|(clause, rules)| format!("{clause} ({})", rules.join(", "))).collect()
}

/// One line in which nothing is Markdown or HTML.
pub(crate) fn markdown(text: &str) -> String {
    let mut out = String::new();
    for c in line(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '$' | '@' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// Lines as a Markdown code block whose fence is longer than any in it.
pub(crate) fn fenced(lines: &[String]) -> String {
    let longest = lines.iter().flat_map(|l| l.split(|c| c != '`')).map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}\n{}\n{fence}", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_of_runners_are_broken() {
        assert_eq!(line("::error::x"), "∶:error::x");
        assert_eq!(line("  ::error::x"), "∶:error::x");
        assert_eq!(line("a ##[error]x"), "a ♯#[error]x");
        assert_eq!(lines("a\n  ::set-output name=x::y\n"), ["a", "  ∶:set-output name=x::y"]);
        assert_eq!(line("##vso[x]###[y] ## [z]"), "♯#vso[x]#♯#[y] ## [z]");
        assert_eq!(line("[::1] a::b ##"), "[::1] a::b ##");
    }

    #[test]
    fn lines_are_single_and_cut() {
        assert_eq!(line("a\r\nb\tc  d"), "a b c d");
        assert_eq!(line_of(&"x".repeat(100_000), 10), format!("{}…", "x".repeat(10)));
        assert_eq!(lines("\n\n a\r\n\r\nb\n\n"), [" a", "", "b"]);
        assert_eq!(line("a\u{1b}[31m\u{202e}\u{0}b"), "a␛[31m\u{fffd}␀b");
    }

    #[test]
    fn an_address_is_bared() {
        assert_eq!(bare_address("https://u:p@a.vn:8443/x?y#z").as_deref(), Some("a.vn:8443/x"));
        assert_eq!(bare_address("dist/index.html"), None);
    }
}
