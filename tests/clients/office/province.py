"""A year of a recorded province of 300 sites, as its offices use it: the recording judged again gives the score table,
the page, the workbook and the letter; units' reports are joined into the department's; portals are ranked; the trend is
shown. Each is opened in its real reader and counts what the report counts. Called by ../office.sh with the program and a
folder; the recording is left by `cargo test --test e2e office`."""

import csv
import json
import os
import pathlib
import re
import subprocess
import sys
import unicodedata
from collections import Counter

RASOAT, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])
PROVINCE = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", "target")).resolve() / "tmp" / "province"
POLICIES = ("-p", "tt22-2023", "-p", "qd473-2024", "--attestations", PROVINCE / "xac-nhan.yml")

failures = 0


def check(name, holds, seen=""):
    global failures
    failures += not holds
    print(f"{'ok  ' if holds else 'FAIL'} {name}{'' if holds else f': {seen}'}")


def run(*command, codes=(0,)):
    environment = dict(os.environ, RASOAT_BROWSER_PATH="", LANG="vi_VN.UTF-8", SOURCE_DATE_EPOCH="1797300000")
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False, cwd=FOLDER, env=environment
    )
    if done.returncode not in codes:
        sys.exit(f"{command}: exit {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout


def rasoat(*arguments, codes=(0, 1, 3)):
    return run(RASOAT, *arguments, codes=codes)


def load(name):
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def bare(text):
    return "".join(unicodedata.normalize("NFC", text).split()).casefold()


def as_pdf(name):
    """What LibreOffice shows of a file, as text without white space."""
    profile = f"-env:UserInstallation={(FOLDER / 'profile').as_uri()}"
    run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", FOLDER, FOLDER / name)
    return bare(run("pdftotext", (FOLDER / name).with_suffix(".pdf"), "-"))


def in_chromium(name, *flags):
    """The page's DOM after its script ran, without network."""
    profile = FOLDER / "chromium"
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return run(
        "chromium", "--headless", *sandbox, f"--user-data-dir={profile}", "--proxy-server=127.0.0.1:9", *flags,
        "--virtual-time-budget=20000", "--dump-dom", (FOLDER / name).as_uri(),
    )  # fmt: skip


def recorded():
    if not (PROVINCE / "rec").is_dir():
        subprocess.run(["cargo", "test", "--quiet", "--test", "e2e", "office"], check=True)
    reports = [f"{form}=province.{form}" for form in ("json", "html", "xlsx", "docx", "csv", "markdown")]
    rasoat(
        "check", "-q", "--replay", PROVINCE / "rec", *POLICIES, *(part for r in reports for part in ("--report", r)),
        "--letter-field", "co_quan_ban_hanh=Sở Khoa học và Công nghệ",
    )  # fmt: skip
    report = load("province.json")
    before = json.loads((PROVINCE / "report.json").read_text(encoding="utf-8"))
    check("judged again, every verdict is the recorded run's", cells(report) == cells(before))
    check("there are 300 sites", len(report["sites"]) == 300, len(report["sites"]))
    return report


def cells(report):
    return {(f["site"], f["rule"]): f["verdict"] for f in report["findings"]}


def score_table(report):
    table = rasoat("report", "province.json", "--explain-score", "--lang", "vi")
    said = [(s["site"], s["low"], s["high"]) for s in report["scores"]]
    check("every system has its points", [site for site, *_ in said] == [f"dvc-{n}" for n in range(1, 6)], said)
    check("no portal and no component has any", not [s for s in report["scores"] if not s["site"].startswith("dvc")])
    for number in ("70,25–75,25", "50,25–55,25", "95–100"):
        check(f"the tree says {number}", number in table)
    check("a level that is not settled is none", "dvc-3" in table and report["scores"][2]["level"] is None)


def readers(report):
    fails = [f for f in report["findings"] if f["verdict"] == "fail"]
    counts = Counter(f["verdict"] for f in report["findings"])
    with open(FOLDER / "province.csv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    table = Counter(row["kết quả (mã)"] for row in rows if row["tiêu chí"])
    check("the table counts what the report counts", table == counts, (table, counts))
    book = as_pdf("province.xlsx")
    check("LibreOffice opens the workbook", bare("dvc-1") in book and bare("UBND tỉnh") in book)
    letter = as_pdf("province.docx")
    for text in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "SỞ KHOA HỌC VÀ CÔNG NGHỆ", "Gắn mã giám sát của Hệ thống EMC"):
        check(f"the letter says “{text}”", bare(text) in letter)
    check("the letter counts the failures", str(len(fails)) in letter, len(fails))
    page = in_chromium("province.html")
    for site in ("cong", "so-000", "dvc-5"):
        check(f"Chromium shows {site}", site in page)
    size = (FOLDER / "province.html").stat().st_size
    check("the page fits an e-mail", size < 5_000_000, size)
    check("the page asks for nothing", not re.search(r"(src|href)=[\"']?https?://[^\"' ]+\.(js|css|png)", page))


def department(report):
    """Each unit judges its own sites; the department joins what they hand in."""
    units = {}
    for site in report["sites"]:
        units.setdefault(site["unit"], []).append(site["id"])
    files = []
    for number, (unit, sites) in enumerate(units.items()):
        files.append(f"don-vi-{number:02}.json")
        chosen = [part for site in sites for part in ("--site", site)]
        rasoat(
            "check", "-q", "--replay", PROVINCE / "rec", *POLICIES, *chosen, "--report", f"json={files[-1]}",
        )  # fmt: skip
    reports = [f"{form}=tinh.{form}" for form in ("json", "html", "xlsx", "docx")]
    rasoat("merge", *files, "-q", *(part for r in reports for part in ("--report", r)))
    joined = load("tinh.json")
    check("joined, every verdict is that of one run", cells(joined) == cells(report), "other verdicts")
    check("every score too", key(joined) == key(report), key(joined))
    sections = joined["sections"]
    check("each unit has its section", [s["unit"] for s in sections] == list(units), [s["unit"] for s in sections])
    total = Counter()
    for section in sections:
        total.update(section["summary"])
    check("the sections add up", dict(total) == joined["summary"], (dict(total), joined["summary"]))
    for text in (as_pdf("tinh.docx"), as_pdf("tinh.xlsx"), bare(in_chromium("tinh.html"))):
        check("its reader shows the units", all(bare(unit) in text for unit in ("Sở số 07", "Sở số 20")))


def key(report):
    return sorted((s["site"], s["low"], s["high"], s["level"]) for s in report["scores"])


def ranking(report):
    """Made-up visits: the first forty sites, one of them without a figure, two with the same one."""
    chosen = [s for s in report["sites"] if s["role"] != "service"][:40]
    with open(FOLDER / "luot.csv", "w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file, delimiter=";")
        table.writerow(["BẢNG LƯỢT TRUY CẬP NĂM 2026", "", ""])
        table.writerow(["Tên cổng, trang", "Địa chỉ", "Lượt truy cập"])
        for n, site in enumerate(chosen):
            visits = "" if n == 7 else f"{1_000_000 - n // 2 * 2_500:,}".replace(",", ".")
            table.writerow([site["name"], site["url"], visits])
    said = rasoat("rank", "luot.csv", "--lang", "vi", "--report", "json=hang.json", codes=(0,))
    rasoat(
        "rank", "luot.csv", "-q", "--with", "province.json", "--report", "xlsx=hang.xlsx", "--report", "html=hang.html",
        codes=(0,),
    )  # fmt: skip
    ranked = load("hang.json")
    rows = [row for block in ranked["blocks"] for row in block["rows"]]
    ranks = [row["rank"] for row in rows]
    expected, place = [], 0
    visits = [row["visits"] for row in rows if row["visits"] is not None]
    for n, count in enumerate(visits):
        place = n + 1 if n == 0 or count != visits[n - 1] else place
        expected.append(place)
    check("ranks are those of a competition", ranks == [*expected, None], ranks)
    check("most visits first", visits == sorted(visits, reverse=True), visits)
    check("the terminal shows them", "1.000.000" in said, said[:500])
    check("LibreOffice shows the ranking", bare(chosen[0]["name"]) in as_pdf("hang.xlsx"))
    check("Chromium shows the ranking", chosen[0]["name"] in in_chromium("hang.html"))


def trend():
    said = rasoat("history", "trend", PROVINCE / "lich-su", "--lang", "vi", "--report", "csv=xu-huong.csv", codes=(0,))
    check("a month of the year stands in the terminal's trend", "12/2026" in said, said[:800])
    with open(FOLDER / "xu-huong.csv", encoding="utf-8-sig", newline="") as file:
        check("the trend has rows", len(list(csv.reader(file))) > 12)
    changed = rasoat("history", "diff", PROVINCE / "lich-su", "--lang", "vi", codes=(0,))
    check("what was mended since last month is told", "khắc phục" in changed or "sửa" in changed, changed[:800])


report = recorded()
score_table(report)
readers(report)
department(report)
ranking(report)
trend()
sys.exit(1 if failures else 0)
