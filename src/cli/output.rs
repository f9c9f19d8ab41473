//! Which reports go where: `--report FORMAT[=PATH]`, at most one to standard output.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use crate::deliver;
use crate::error::Error;
use crate::lang::Lang;
use crate::policy::Text;
use crate::rank::Ranking;
use crate::report::{self, Beside, Format, HumanOptions, Report};
use crate::yaml::nearest;

/// One report that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    format: Format,
    /// `None`: standard output.
    path: Option<PathBuf>,
}

/// Reads `FORMAT[=PATH]`s and refuses what cannot work together.
pub(super) fn parse(texts: &[String]) -> Result<Vec<Wanted>, Error> {
    let mut wanted: Vec<Wanted> = Vec::new();
    for text in texts {
        let (name, path) = match text.split_once('=') {
            Some((name, path)) if !path.is_empty() => (name, Some(PathBuf::from(path))),
            Some((name, _)) => {
                return Err(usage(
                    &format!("--report {name}=: thiếu đường dẫn."),
                    &format!("--report {name}=: the path is missing."),
                ));
            }
            None => (text.as_str(), None),
        };
        let format = Format::parse(name).ok_or_else(|| {
            let all = Format::ALL.map(Format::name);
            let hint = nearest(name, all).map(|n| format!(" {n}?")).unwrap_or_default();
            let list = all.join(", ");
            usage(
                &format!("--report: không có định dạng “{name}”.{hint} Các định dạng: {list}."),
                &format!("--report: there is no format “{name}”.{hint} Formats: {list}."),
            )
        })?;
        if !format.is_built() {
            return Err(usage(
                &format!("--report {name}: bản rasoat này được dựng không kèm định dạng văn phòng (feature `office`)."),
                &format!("--report {name}: this rasoat was built without the formats of offices (feature `office`)."),
            ));
        }
        // `-` is standard output everywhere else too.
        let path = path.filter(|p| p.as_os_str() != "-");
        if path.is_none() && format.is_binary() && std::io::stdout().is_terminal() {
            return Err(usage(
                &format!(
                    "--report {name}: màn hình không hiện được tệp này; hãy ghi =PATH, như {name}=bao-cao.{name}."
                ),
                &format!(
                    "--report {name}: a terminal cannot show this file; give it a =PATH, like {name}=report.{name}."
                ),
            ));
        }
        let taken = |path: &Path| wanted.iter().filter_map(|w| w.path.as_deref()).any(|w| deliver::is_same(w, path));
        if path.as_deref().is_some_and(taken) {
            return Err(usage("--report: hai báo cáo cùng một đường dẫn.", "--report: two reports with one path."));
        }
        wanted.push(Wanted { format, path });
    }
    if wanted.iter().filter(|w| w.path.is_none()).count() > 1 {
        return Err(usage(
            "--report: chỉ một báo cáo được ghi ra stdout; hãy thêm =PATH cho các báo cáo khác.",
            "--report: only one report may take standard output; give the others a =PATH.",
        ));
    }
    Ok(wanted)
}

fn usage(vi: &str, en: &str) -> Error {
    Error::usage(Text::new(vi, en))
}

/// Whether a format is among those that were asked for.
pub(super) fn holds(wanted: &[Wanted], format: Format) -> bool {
    wanted.iter().any(|one| one.format == format)
}

/// How the terminal text shall look.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terminal {
    pub(super) lang: Lang,
    pub(super) verbose: bool,
    pub(super) quiet: bool,
    pub(super) color: super::language::ColorFlag,
    /// The report is of a recording.
    pub(super) replayed: bool,
    /// Tell how every point was counted.
    pub(super) explain_score: bool,
}

/// Checks before the work begins that every file can be written.
pub(super) fn probe(wanted: &[Wanted]) -> Result<(), Error> {
    wanted.iter().filter_map(|w| w.path.as_deref()).try_for_each(deliver::probe)
}

/// Writes all reports, then the terminal text. The first failure is returned after everything was tried.
pub(super) fn write(report: &Report, wanted: &[Wanted], terminal: Terminal, beside: &Beside) -> Result<(), Error> {
    let mut first: Option<Error> = None;
    let mut note = |ended: Result<(), Error>| {
        if let Err(error) = ended {
            first.get_or_insert(error);
        }
    };
    let mut stdout_taken = false;
    for Wanted { format, path } in wanted {
        match path {
            Some(path) => {
                note(render(report, *format, terminal, false, beside).and_then(|bytes| deliver::write(path, &bytes)))
            }
            None => {
                stdout_taken = true;
                let color = super::language::colours(terminal.color, &std::io::stdout());
                note(
                    render(report, *format, terminal, color, beside)
                        .and_then(|text| print(&mut std::io::stdout(), &text)),
                );
            }
        }
    }
    if !terminal.quiet {
        let human = |color| render(report, Format::Human, terminal, color, beside);
        if stdout_taken {
            let color = super::language::colours(terminal.color, &std::io::stderr());
            note(human(color).and_then(|text| print(&mut std::io::stderr(), &text)));
        } else {
            let color = super::language::colours(terminal.color, &std::io::stdout());
            note(human(color).and_then(|text| print(&mut std::io::stdout(), &text)));
        }
    }
    first.map_or(Ok(()), Err)
}

/// Refuses formats that hold no ranking of their own, unless there is a report to lay it beside.
pub(super) fn alone(wanted: &[Wanted], with_report: bool) -> Result<(), Error> {
    match wanted.iter().find(|w| !with_report && !report::draws_rankings(w.format)) {
        None => Ok(()),
        Some(Wanted { format, .. }) => {
            let name = format.name();
            Err(usage(
                &format!("--report {name}: bảng xếp hạng đi cùng một báo cáo rà soát; hãy thêm --with REPORT.json."),
                &format!("--report {name}: the ranking goes with a report there; add --with REPORT.json."),
            ))
        }
    }
}

/// Writes a ranking in its own formats, and beside a report in all others; then the terminal text. The first failure
/// is returned after everything was tried.
pub(super) fn write_ranking(
    ranking: &Ranking,
    report: Option<(&Report, &Beside)>,
    wanted: &[Wanted],
    terminal: Terminal,
) -> Result<(), Error> {
    let rendered = |format: Format, color: bool| match report {
        Some((report, beside)) if !report::draws_rankings(format) => render(report, format, terminal, color, beside),
        _ => {
            let Terminal { lang, verbose, .. } = terminal;
            let options = HumanOptions { lang, color, verbose, ..HumanOptions::default() };
            report::render_ranking(ranking, format, &options).map_err(Error::Internal)
        }
    };
    let mut ended: Vec<Result<(), Error>> = Vec::new();
    for Wanted { format, path } in wanted {
        ended.push(match path {
            Some(path) => rendered(*format, false).and_then(|bytes| deliver::write(path, &bytes)),
            None => {
                let color = super::language::colours(terminal.color, &std::io::stdout());
                rendered(*format, color).and_then(|bytes| print(&mut std::io::stdout(), &bytes))
            }
        });
    }
    if !terminal.quiet {
        let stdout_taken = wanted.iter().any(|w| w.path.is_none());
        ended.push(if stdout_taken {
            let color = super::language::colours(terminal.color, &std::io::stderr());
            rendered(Format::Human, color).and_then(|text| print(&mut std::io::stderr(), &text))
        } else {
            let color = super::language::colours(terminal.color, &std::io::stdout());
            rendered(Format::Human, color).and_then(|text| print(&mut std::io::stdout(), &text))
        });
    }
    ended.into_iter().collect()
}

fn print(stream: &mut impl Write, text: &[u8]) -> Result<(), Error> {
    match stream.write_all(text).and_then(|()| stream.flush()) {
        // The reader (head, less) has seen enough.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        Err(cause) => Err(Error::Write { path: "stdout".to_owned(), cause }),
        Ok(()) => Ok(()),
    }
}

fn render(report: &Report, format: Format, terminal: Terminal, color: bool, beside: &Beside) -> Result<Vec<u8>, Error> {
    let Terminal { lang, verbose, replayed, explain_score, .. } = terminal;
    let options = HumanOptions { lang, color, verbose, replayed, explain_score, ..HumanOptions::default() };
    report::render(report, format, &options, beside).map_err(Error::Internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_reports_for_one_file_are_refused_however_its_path_is_written() {
        let kept = tempfile::tempdir().unwrap();
        std::fs::create_dir(kept.path().join("o")).unwrap();
        let of = |format: &str, path: &str| format!("{format}={}", kept.path().join(path).display());
        let refused = |other: &str| parse(&[of("json", "o/b.json"), of("junit", other)]).is_err();
        assert!(refused("o/b.json") && refused("o/../o/b.json") && refused("./o/b.json"));
        assert!(!refused("o/b.xml") && !refused("b.json"));
    }
}
