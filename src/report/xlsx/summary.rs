//! The first sheet, for who reads only one: the run in words, what was not measured, counts by verdict, criterion and
//! unit, levels, why things could not be seen, what is said of the whole.

use std::collections::{BTreeSet, HashMap};

use indexmap::IndexMap;
use rust_xlsxwriter::{Worksheet, XlsxError};

use super::super::words::{self, Lang};
use super::super::{Summary, plain, scored};
use super::cell::{Cell, put};
use super::look::{Look, verdict_rules};
use super::table::{height, lines_of, page};
use super::{Book, sites, tally};
use crate::finding::{Finding, Note, Verdict};
use crate::snapshot::Gap;

/// Most rows of one list; the sheets behind hold all of it.
const LISTED: usize = 1_000;
/// Columns of text before the counts.
const TEXTS: u16 = 3;
/// Columns of counts: verdicts, their sum, a share.
const COUNTS: u16 = 7;

/// The width of a column, in characters.
fn width(column: u16) -> u16 {
    match column {
        0 => 38,
        1 => 36,
        _ => 11,
    }
}

/// What the workbook is called.
pub(super) fn title(lang: Lang) -> &'static str {
    lang.of("KẾT QUẢ RÀ SOÁT", "RESULTS OF THE CHECK")
}

/// The summary as a sheet; `cut` says what the others leave out.
pub(super) fn sheet(book: &Book<'_>, cut: &[String], look: &Look) -> Result<Worksheet, XlsxError> {
    let mut page = Page { sheet: Worksheet::new(), book, look, row: 0 };
    page.begin()?;
    page.run(cut)?;
    page.verdicts()?;
    page.rules()?;
    page.units()?;
    page.levels()?;
    page.changes()?;
    page.gaps()?;
    page.notes()?;
    page.end()
}

struct Page<'a> {
    sheet: Worksheet,
    book: &'a Book<'a>,
    look: &'a Look,
    /// The next row.
    row: u32,
}

impl Page<'_> {
    fn w(&self, vi: &str, en: &str) -> String {
        self.book.lang.of(vi, en).to_owned()
    }

    fn begin(&mut self) -> Result<(), XlsxError> {
        let lang = self.book.lang;
        self.sheet.set_name(lang.of("Tóm tắt", "Summary"))?;
        for n in 0..TEXTS + COUNTS {
            self.sheet.set_column_width(n, width(n))?;
        }
        self.sheet.set_row_height(0, 24)?;
        self.sheet.write_string_with_format(0, 0, title(lang), &self.look.title)?;
        self.row = 1;
        Ok(())
    }

    fn end(mut self) -> Result<Worksheet, XlsxError> {
        self.sheet.set_freeze_panes(1, 0)?;
        page(&mut self.sheet, &self.book.footer, self.book.lang);
        Ok(self.sheet)
    }

    /// The heading of a part, after an empty row.
    fn heading(&mut self, text: &str) -> Result<(), XlsxError> {
        self.row += 1;
        self.sheet.write_string_with_format(self.row, 0, text, &self.look.heading)?;
        self.row += 1;
        Ok(())
    }

    /// The header of a table.
    fn header(&mut self, names: &[String]) -> Result<(), XlsxError> {
        for (n, name) in (0u16..).zip(names) {
            self.sheet.write_string_with_format(self.row, n, name, &self.look.header)?;
        }
        let names = (0u16..).zip(names);
        self.fit_row(names.map(|(n, name)| lines_of(name, width(n) * 4 / 5)).max())?;
        self.row += 1;
        Ok(())
    }

    fn add(&mut self, cells: &[Cell]) -> Result<(), XlsxError> {
        for (n, cell) in (0u16..).zip(cells) {
            put(&mut self.sheet, self.look, (self.row, n), cell, true)?;
        }
        let lines = (0u16..).zip(cells).filter_map(|(n, cell)| match cell {
            Cell::Text(text) | Cell::Verdict(text) => Some(lines_of(text, width(n))),
            _ => None,
        });
        self.fit_row(lines.max())?;
        self.row += 1;
        Ok(())
    }

    fn fit_row(&mut self, lines: Option<usize>) -> Result<(), XlsxError> {
        let Some(height) = lines.and_then(height) else { return Ok(()) };
        self.sheet.set_row_height(self.row, height).map(|_| ())
    }

    /// A name and what it is, across the page.
    fn pair(&mut self, name: &str, cell: &Cell) -> Result<(), XlsxError> {
        self.sheet.write_string_with_format(self.row, 0, name, &self.look.label)?;
        let last = TEXTS + COUNTS - 1;
        self.sheet.merge_range(self.row, 1, self.row, last, "", &self.look.text)?;
        if let Cell::Text(text) = cell {
            // Spreadsheets do not fit the height of joined cells by themselves.
            let across = (1..=last).map(width).sum();
            self.fit_row(Some(lines_of(text, across)))?;
        }
        put(&mut self.sheet, &self.look.to_the_left(), (self.row, 1), cell, true)?;
        self.row += 1;
        Ok(())
    }

    /// A table of which no more than so many rows are shown, the rest counted.
    fn listed(&mut self, rows: &[Vec<Cell>]) -> Result<(), XlsxError> {
        rows.iter().take(LISTED).try_for_each(|row| self.add(row))?;
        if rows.len() > LISTED {
            let left = rows.len() - LISTED;
            let said = self.book.lang.of(format!("… và {left} dòng nữa"), format!("… and {left} more rows"));
            self.add(&[Cell::text(said)])?;
        }
        Ok(())
    }

    /// What was checked, when, by what, and how it ended.
    fn run(&mut self, cut: &[String]) -> Result<(), XlsxError> {
        let (report, lang) = (self.book.report, self.book.lang);
        let mut pairs =
            vec![(self.w("Kết luận chung", "Outcome"), Cell::text(words::outcome(report.outcome).pick(lang)))];
        if plain::despite(report) {
            let said = lang.of(
                "Theo ngưỡng của lần chạy: kết quả không đạt hoặc chưa đủ căn cứ kết luận không thuộc mức làm thay đổi kết luận chung",
                "By the threshold of the run: what fails or is inconclusive does not reach it",
            );
            pairs.push((self.w("Lưu ý", "Note"), Cell::text(said)));
        }
        let unmeasured = plain::unmeasured(report, lang);
        if !unmeasured.is_empty() {
            pairs.push((self.w("Nội dung chưa đo", "Not measured"), Cell::text(unmeasured.join("\n"))));
        }
        pairs.push((self.w("Số liệu", "In numbers"), Cell::text(plain::counts(report, lang))));
        let stated = report.findings.iter().filter(|f| plain::is_stated(f)).count() as u64;
        if stated > 0 {
            pairs.push((
                self.w("Số kết quả đạt theo xác nhận, không do máy đo", "Passed by statement, not measured"),
                Cell::Count(stated),
            ));
        }
        pairs.push((self.w("Thời điểm thu thập dữ liệu", "Facts were taken at"), Cell::moment(&report.taken_at)));
        pairs.push((self.w("Số trang đã xét", "Sites judged"), Cell::Count(report.sites.len() as u64)));
        if !report.not_judged.is_empty() {
            let n = report.not_judged.len() as u64;
            pairs.push((
                self.w("Số trang có trong danh sách nhưng không xét", "Sites listed and not judged"),
                Cell::Count(n),
            ));
        }
        if let Some(shard) = report.shard {
            let part = format!("{}/{}", shard.index, shard.of);
            pairs.push((
                self.w("Phần của danh sách", "Shard"),
                Cell::text(lang.of(format!("phần {part}"), format!("shard {part}"))),
            ));
        }
        for policy in &report.policies {
            let title = plain::line(lang.pick(&policy.title));
            let name = plain::line(&format!("{} {}", policy.id, policy.version));
            let digest = plain::line_of(&policy.digest, 100);
            pairs.push((self.w("Bộ tiêu chí", "Policy"), Cell::text(format!("{title} ({name})\n{digest}"))));
        }
        let tool = format!("{} {}", plain::line_of(&report.tool.name, 60), plain::line_of(&report.tool.version, 60));
        pairs.push((self.w("Công cụ", "Tool"), Cell::text(tool)));
        let run = plain::line_of(&report.run_id, 100);
        pairs.push((self.w("Mã lần chạy", "Run"), Cell::text(run)));
        for one in scored::unkept(report).iter().take(LISTED) {
            let whose = scored::whose(report, one.score);
            let (asked, answer) = (scored::asked(&one.gate, lang), scored::answer(report, one.score, &one.gate, lang));
            let said = format!("{whose}: {asked} – {answer}");
            pairs.push((self.w("Ngưỡng điểm chưa giữ được", "Gate that does not hold"), Cell::text(said)));
        }
        for said in cut {
            pairs.push((self.w("Không vừa bảng tính", "Does not fit"), Cell::text(said)));
        }
        self.row += 1;
        pairs.iter().try_for_each(|(name, cell)| self.pair(name, cell))
    }

    fn verdicts(&mut self) -> Result<(), XlsxError> {
        let (report, lang) = (self.book.report, self.book.lang);
        self.heading(&self.w("Kết quả chung", "Verdicts"))?;
        self.header(&[
            self.w("Kết quả", "Verdict"),
            self.w("Nghĩa là", "Which means"),
            self.w("Số kết quả", "Findings"),
            self.w("Tỷ lệ", "Share"),
        ])?;
        let first = self.row;
        let total = report.summary.total();
        for verdict in tally::VERDICTS {
            let count = report.summary.of(verdict);
            let word = words::verdict(verdict).pick(lang);
            let means = words::verdict_meaning(verdict).pick(lang);
            self.add(&[
                Cell::Verdict(word.to_owned()),
                Cell::text(means),
                Cell::Count(count),
                Cell::Share(count, total),
            ])?;
        }
        for rule in verdict_rules(lang) {
            self.sheet.add_conditional_format(first, 0, self.row - 1, 0, &rule)?;
        }
        self.add(&[Cell::text(self.w("Tổng số", "Total")), Cell::Empty, Cell::Count(total), Cell::Share(total, total)])
    }

    fn rules(&mut self) -> Result<(), XlsxError> {
        let (report, lang) = (self.book.report, self.book.lang);
        if report.rules.is_empty() {
            return Ok(());
        }
        let mut counts: HashMap<(&str, &str), Summary> = HashMap::new();
        for finding in &report.findings {
            counts.entry((&finding.policy, &finding.rule)).or_default().add(finding.verdict);
        }
        let rows: Vec<Vec<Cell>> = report
            .rules
            .iter()
            .map(|rule| {
                let mut cells = vec![
                    Cell::text(sites::rule_name(self.book, &rule.policy, &rule.id)),
                    Cell::text(rule.clause.as_ref().map(|c| plain::line(lang.pick(c))).unwrap_or_default()),
                    Cell::text(words::severity(rule.severity).pick(lang)),
                ];
                cells.extend(tally::cells(
                    counts.get(&(rule.policy.as_str(), rule.id.as_str())).copied().unwrap_or_default(),
                ));
                cells
            })
            .collect();
        self.heading(&self.w("Theo tiêu chí", "By criterion"))?;
        let texts = [self.w("Tiêu chí", "Criterion"), self.w("Căn cứ", "Clause"), self.w("Mức độ", "Severity")];
        self.header(&texts.into_iter().chain(tally::headers(lang)).collect::<Vec<_>>())?;
        self.listed(&rows)
    }

    /// By the units that handed in reports; else by the agencies that own the sites, when there are several.
    fn units(&mut self) -> Result<(), XlsxError> {
        let (report, lang) = (self.book.report, self.book.lang);
        if !report.sections.is_empty() {
            let row = |section: &super::super::Section| {
                let name = plain::line(&section.name);
                let unit = section.unit.as_deref().map(|unit| format!("{} ({name})", plain::line(unit)));
                let ended = words::outcome(section.outcome).pick(lang);
                let said = format!("{ended} · {}", plain::instant(&section.taken_at, lang));
                let mut cells =
                    vec![Cell::text(unit.unwrap_or(name)), Cell::text(said), Cell::Count(section.sites.len() as u64)];
                cells.extend(tally::cells(section.summary));
                cells
            };
            let rows: Vec<Vec<Cell>> = report.sections.iter().map(row).collect();
            self.heading(&self.w("Theo đơn vị gửi báo cáo", "By unit that reported"))?;
            let texts = [
                self.w("Đơn vị", "Unit"),
                self.w("Kết luận, ngày dữ liệu", "Outcome, day of the facts"),
                self.w("Số trang", "Sites"),
            ];
            self.header(&texts.into_iter().chain(tally::headers(lang)).collect::<Vec<_>>())?;
            return self.listed(&rows);
        }
        let mut by_unit: IndexMap<Option<&str>, (u64, BTreeSet<&str>, Summary)> = IndexMap::new();
        let mut unit_of: HashMap<&str, Option<&str>> = HashMap::new();
        for site in &report.sites {
            by_unit.entry(site.unit.as_deref()).or_default().0 += 1;
            unit_of.insert(&site.id, site.unit.as_deref());
        }
        if by_unit.len() < 2 {
            return Ok(());
        }
        for finding in &report.findings {
            let unit = unit_of.get(finding.site.as_str()).copied().flatten();
            let (_, failing, summary) = by_unit.entry(unit).or_default();
            summary.add(finding.verdict);
            if finding.verdict == Verdict::Fail {
                failing.insert(&finding.site);
            }
        }
        let rows: Vec<Vec<Cell>> = by_unit
            .into_iter()
            .map(|(unit, (sites, failing, summary))| {
                let name = unit.map_or_else(|| self.w("(không ghi cơ quan chủ quản)", "(no unit stated)"), plain::line);
                let mut cells = vec![Cell::text(name), Cell::Count(failing.len() as u64), Cell::Count(sites)];
                cells.extend(tally::cells(summary));
                cells
            })
            .collect();
        self.heading(&self.w("Theo cơ quan chủ quản", "By unit"))?;
        let texts = [
            self.w("Cơ quan chủ quản", "Unit"),
            self.w("Số trang có tiêu chí không đạt", "Sites that fail a criterion"),
            self.w("Số trang", "Sites"),
        ];
        self.header(&texts.into_iter().chain(tally::headers(lang)).collect::<Vec<_>>())?;
        self.listed(&rows)
    }

    /// How many sites have each level, and how many none for certain.
    fn levels(&mut self) -> Result<(), XlsxError> {
        let report = self.book.report;
        for policy in &report.policies {
            let Some(scale) = policy.scale.as_ref().filter(|scale| !scale.levels.is_empty()) else { continue };
            let scores: Vec<_> = report.scores.iter().filter(|s| s.policy == policy.id).collect();
            if scores.is_empty() {
                continue;
            }
            let name = plain::line_of(&policy.id, 100);
            self.heading(
                &self.book.lang.of(format!("Số trang theo mức ({name})"), format!("Sites by level ({name})")),
            )?;
            self.header(&[
                self.w("Mức", "Level"),
                self.w("Từ", "From"),
                self.w("Số trang", "Sites"),
                self.w("Tỷ lệ", "Share"),
            ])?;
            let all = scores.len() as u64;
            for level in &scale.levels {
                let count = scores.iter().filter(|s| s.level.as_deref() == Some(&level.id)).count() as u64;
                let of = self.book.lang.points(scale.points);
                let from = self.book.lang.points(level.from);
                let from = self.book.lang.of(format!("{from} trên {of} điểm"), format!("{from} of {of} points"));
                self.add(&[
                    Cell::text(plain::line_of(&level.id, 50)),
                    Cell::text(from),
                    Cell::Count(count),
                    Cell::Share(count, all),
                ])?;
            }
            let open = scores.iter().filter(|s| s.level.is_none()).count() as u64;
            let (name, why) = (
                self.w("chưa xác định", "not certain"),
                self.w(
                    "còn nội dung chưa đo được hoặc chưa được xác nhận",
                    "something is not measured or not stated yet",
                ),
            );
            self.add(&[Cell::text(name), Cell::text(why), Cell::Count(open), Cell::Share(open, all)])?;
        }
        Ok(())
    }

    /// Since an earlier report, in numbers; a sheet of its own names each.
    fn changes(&mut self) -> Result<(), XlsxError> {
        let Some(changes) = &self.book.beside.changes else { return Ok(()) };
        self.heading(&self.w("So với lần trước", "Compared with the earlier report"))?;
        let count = |n: usize| Cell::Count(n as u64);
        let pairs = [
            (self.w("Dữ liệu của lần trước", "Facts of the earlier one"), Cell::moment(&changes.since)),
            (self.w("Số kết quả khác trước", "Other verdicts"), count(changes.findings.len())),
            (self.w("Số kết quả vẫn không đạt", "Still failing"), count(changes.standing.len())),
            (self.w("Số trang mới", "Sites added"), count(changes.sites_added.len())),
            (self.w("Số trang không còn", "Sites gone"), count(changes.sites_gone.len())),
            (self.w("Số trang có điểm khác trước", "Other scores"), count(changes.scores.len())),
        ];
        pairs.iter().try_for_each(|(name, cell)| self.pair(name, cell))?;
        for note in changes.notes.iter().take(LISTED) {
            let said = Cell::text(plain::line(self.book.lang.pick(note)));
            self.pair(&self.w("Lưu ý khi so sánh", "When comparing"), &said)?;
        }
        Ok(())
    }

    /// Why things could not be seen: how many findings and sites by cause.
    fn gaps(&mut self) -> Result<(), XlsxError> {
        let mut causes: Vec<(Gap, u64, BTreeSet<&str>)> = Vec::new();
        for Finding { gap, site, .. } in &self.book.report.findings {
            let Some(gap) = *gap else { continue };
            match causes.iter_mut().find(|(known, _, _)| *known == gap) {
                Some((_, count, sites)) => {
                    *count += 1;
                    sites.insert(site);
                }
                None => causes.push((gap, 1, BTreeSet::from([site.as_str()]))),
            }
        }
        if causes.is_empty() {
            return Ok(());
        }
        causes.sort_by_key(|(gap, count, _)| (std::cmp::Reverse(*count), gap.name()));
        self.heading(&self.w("Vì sao chưa kết luận được", "Why it is inconclusive"))?;
        self.header(&[
            self.w("Nguyên nhân", "Cause"),
            self.w("Cần làm", "What to do"),
            self.w("Số kết quả", "Findings"),
            self.w("Số trang", "Sites"),
            self.w("Mã", "Code"),
        ])?;
        for (gap, count, sites) in causes {
            self.add(&[
                Cell::text(words::cause(gap).pick(self.book.lang)),
                Cell::text(words::remedy(gap).pick(self.book.lang)),
                Cell::Count(count),
                Cell::Count(sites.len() as u64),
                Cell::text(gap.name()),
            ])?;
        }
        Ok(())
    }

    /// Said of all sites, and of the ranking's table.
    fn notes(&mut self) -> Result<(), XlsxError> {
        let lang = self.book.lang;
        let of_report = self.book.report.estate_notes.iter();
        let of_ranking = self.book.beside.ranking.iter().flat_map(|ranking| &ranking.notes);
        let notes: Vec<&Note> = of_report.chain(of_ranking).collect();
        if notes.is_empty() && self.book.beside.ranking.is_none() {
            return Ok(());
        }
        self.heading(&self.w("Ghi chú chung", "Notes"))?;
        if let Some(ranking) = &self.book.beside.ranking {
            let source = Cell::text(plain::line(&ranking.source));
            self.pair(&self.w("Xếp hạng theo số liệu trong tệp", "The ranking's figures are from"), &source)?;
        }
        for note in notes.iter().take(LISTED) {
            let level = tally::capital(words::note_level(note.level).pick(lang));
            self.pair(&level, &Cell::text(plain::line(lang.pick(&note.message))))?;
        }
        if notes.len() > LISTED {
            let left = notes.len() - LISTED;
            self.add(&[Cell::text(lang.of(format!("… và {left} ghi chú nữa"), format!("… and {left} more notes")))])?;
        }
        Ok(())
    }
}
