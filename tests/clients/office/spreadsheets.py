"""Workbooks and tables of the examples and of 300 sites, opened in LibreOffice and by Python: their counts are those of
the report. Called by ../office.sh with the program and a folder."""

import copy
import csv
import json
import pathlib
import re
import subprocess
import sys
from collections import Counter

RASOAT, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])
# Comma, quote, UTF-8, from row 1, no column types, no quoting of all, cells as shown, no formulas, every sheet.
EVERY_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
# Comma, quote, UTF-8, from row 1, no column types, locale of Vietnam, detect special numbers.
READ_TABLE = "Text - txt - csv (StarCalc):44,34,76,1,,1066,false,true"
SITES = 300
# What a page may put where a reader sees it.
HOSTILE = ["=1+1", '=HYPERLINK("http://evil.example","x")', "@SUM(1)", "-1+1", "+1", "a;=1+1", "x\n=1+1", "_x003D_1"]

failures = 0


def check(name, holds, seen=""):
    global failures
    failures += not holds
    print(f"{'ok  ' if holds else 'FAIL'} {name}{'' if holds else f': {seen}'}")


def run(*command, codes=(0,)):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if done.returncode not in codes:
        sys.exit(f"{command}: exit {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout


def soffice(*arguments):
    # A profile of its own: no other session's settings, no lock.
    profile = f"-env:UserInstallation={(FOLDER / 'profile').as_uri()}"
    return run("soffice", profile, "--headless", *arguments)


def rows(file):
    with open(file, encoding="utf-8-sig", newline="") as table:
        return list(csv.reader(table))


def column(table, header):
    at = table[0].index(header)
    return [row[at] for row in table[1:]]


def sample():
    """The examples' report, multiplied to so many sites, with texts of a hostile page among them."""
    report = json.loads((FOLDER / "examples.json").read_text(encoding="utf-8"))
    sites, findings, summary = report["sites"], report["findings"], report["summary"]
    times = SITES // len(sites)
    report["sites"], report["findings"] = [], []
    for n in range(times):
        for site in copy.deepcopy(sites):
            site["id"] += f"-{n}"
            site["name"] = f"Đơn vị số {n} – {site['name']}"
            site["unit"] = f"Sở số {n % 20}"
            report["sites"].append(site)
        for finding in copy.deepcopy(findings):
            finding["site"] += f"-{n}"
            finding["actual"] = HOSTILE[n % len(HOSTILE)]
            report["findings"].append(finding)
    report["summary"] = {verdict: count * times for verdict, count in summary.items()}
    file = FOLDER / f"{SITES}.json"
    file.write_text(json.dumps(report), encoding="utf-8")


def prove(name, sheets):
    report = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    workbook, table = FOLDER / f"{name}.xlsx", FOLDER / f"{name}.csv"
    arguments = ("--report", f"xlsx={workbook}", "--report", f"csv={table}")
    written = []
    for _ in range(2):
        # As the run ended: the examples hold one failing site.
        run(RASOAT, "report", FOLDER / f"{name}.json", "--lang", "vi", "--quiet", *arguments, codes=(1,))
        written.append(workbook.read_bytes())
    check(f"{name}.xlsx: the same bytes again", written[0] == written[1])

    out = FOLDER / "sheets"
    soffice("--convert-to", EVERY_SHEET, "--outdir", out, workbook)
    read = {sheet: rows(out / f"{name}-{sheet}.csv") for sheet in sheets}
    verdicts = Counter(finding["verdict"] for finding in report["findings"])
    seen = Counter(column(read["Kết quả"], "Mã kết quả"))
    check(f"{name}.xlsx: verdicts in LibreOffice", seen == verdicts, seen)
    seen = column(read["Các trang"], "Trang")
    check(f"{name}.xlsx: sites in LibreOffice", seen == [site["id"] for site in report["sites"]], seen[:5])
    words = {"đạt": "pass", "không đạt": "fail", "chưa đủ căn cứ kết luận": "inconclusive", "không áp dụng": "not_applicable"}
    counts = {words[row[0]]: int(row[2].replace(",", "")) for row in read["Tóm tắt"] if row[0] in words}
    wanted = {word: report["summary"][word] for word in words.values()}
    check(f"{name}.xlsx: the summary's counts", counts == wanted, counts)
    errors = [cell for sheet in read.values() for row in sheet for cell in row if re.match(r"#(NAME|VALUE|REF|N/A)|Err:", cell)]
    check(f"{name}.xlsx: nothing was worked out", not errors, errors[:3])
    starts = [cell for sheet in read.values() for row in sheet for cell in row if cell.lstrip()[:1] in tuple("=+@")]
    check(f"{name}.xlsx: nothing begins as a formula", not starts, starts[:3])

    soffice("--convert-to", "pdf", "--outdir", FOLDER, workbook)
    text = run("pdftotext", "-layout", FOLDER / f"{name}.pdf", "-")
    for wanted in ("KẾT QUẢ RÀ SOÁT", "Thời điểm thu thập dữ liệu", "Theo tiêu chí", "Trang 1/"):
        check(f"{name}.pdf: “{wanted}”", wanted in text)

    own = rows(table)
    # What is said of all sites has a row too, without a verdict.
    seen = Counter(verdict for verdict in column(own, "kết quả (mã)") if verdict)
    check(f"{name}.csv: a row a finding in Python", seen == verdicts, seen)
    check(f"{name}.csv: every row as long as the header", {len(row) for row in own} == {len(own[0])})
    again = FOLDER / "again"
    soffice(f"--infilter={READ_TABLE}", "--convert-to", EVERY_SHEET, "--outdir", again, table)
    other = rows(next(again.glob(f"{name}*.csv")))
    check(f"{name}.csv: LibreOffice reads the same verdicts", column(other, "kết quả (mã)") == column(own, "kết quả (mã)"))
    # The apostrophe may be read as what it is there for: a sign that text follows.
    pairs = zip(column(own, "thấy"), column(other, "thấy"))
    ran = [(mine, seen) for mine, seen in pairs if mine.startswith("'") and seen not in (mine, mine[1:])]
    check(f"{name}.csv: LibreOffice works nothing out", not ran, ran[:3])


def main():
    run(RASOAT, "check", "--sites", "examples/sites.yml", "--browser", "never", "--quiet", "--report", f"json={FOLDER / 'examples.json'}", codes=(1,))
    sample()
    sheets = ["Tóm tắt", "Kết quả", "Các trang"]
    prove("examples", sheets)
    prove(str(SITES), sheets)
    sys.exit(1 if failures else 0)


main()
