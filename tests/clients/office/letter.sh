#!/usr/bin/env bash
# Opens result letters in LibreOffice, as PDF: head, tables and every failing criterion must be read there, the page's
# number from the second page on. A template that LibreOffice itself saved (.docx, .odt, .docx again) must still fill.
#
#   tests/clients/office/letter.sh RASOAT FOLDER
#
# RASOAT is the program, FOLDER an empty folder to work in. The samples are those of `cargo test --test formats`.
set -euo pipefail
cd "$(dirname "$0")/../../.."

rasoat=$1 folder=$2
samples=${CARGO_TARGET_DIR:-target}/tmp/letters
[ -e "$samples/sample.docx" ] || cargo test --quiet --test formats letters_for_clients >&2

convert() { # TYPE FILE...
    local type=$1
    shift
    soffice "-env:UserInstallation=file://$folder/profile" --headless --convert-to "$type" --outdir "$folder" "$@" \
        >"$folder/soffice.log" 2>&1 || { cat "$folder/soffice.log" >&2 && return 1; }
}

# Lines break where a page has room, so white space does not count.
holds() { # PDF EXPECTED
    python3 - "$1" "$2" <<'PY'
import subprocess, sys, unicodedata

def bare(text):
    return "".join(unicodedata.normalize("NFC", text).split()).casefold()

pdf, expected = sys.argv[1:]
def read(*how):
    return subprocess.run(["pdftotext", *how, pdf, "-"], check=True, capture_output=True, text=True).stdout

# Neighbouring cells must not be read as one line: the columns that hold long texts (in points) are read alone, too.
columns = [("110", "114"), ("225", "108"), ("270", "270")]
whole = bare(read() + "".join(read("-r", "72", "-x", x, "-y", "0", "-W", w, "-H", "842") for x, w in columns))
pages = read("-layout").split("\f")
missing = [line for line in open(expected, encoding="utf-8").read().splitlines() if bare(line) not in whole]
if missing:
    sys.exit(f"{pdf}: not there: {missing}")
if "{{" in whole and "sample" not in pdf and "units" not in pdf:
    sys.exit(f"{pdf}: a field is left")
# The first line of a page is its number, but for the first page.
for number, page in enumerate((p for p in pages if p.strip()), 1):
    first = page.strip().splitlines()[0].strip()
    if (first == str(number)) != (number > 1):
        sys.exit(f"{pdf}: page {number} begins with “{first}”")
print(f"{pdf.rsplit('/', 1)[-1]}: {number} pages")
PY
}

form='CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
V/v báo cáo kết quả rà soát cổng, trang thông tin điện tử
Kết quả theo tiêu chí:
Nơi nhận:'
filled='Kính gửi: Ủy ban nhân dân tỉnh A
SỞ KHOA HỌC VÀ CÔNG NGHỆ
Nguyễn Văn A'

for sample in sample units many empty; do
    convert pdf "$samples/$sample.docx"
    { printf '%s\n' "$form" "$filled"; cat "$samples/$sample.expected.txt"; } >"$folder/expected.txt"
    holds "$folder/$sample.pdf" "$folder/expected.txt"
done

# The built-in template, opened and saved by another program, and back.
cp templates/letter.docx "$folder/edited.docx"
convert odt "$folder/edited.docx"
rm "$folder/edited.docx"
convert docx "$folder/edited.odt"
"$rasoat" check --sites examples/sites.yml --browser never --quiet --report "json=$folder/report.json" || [ $? -eq 1 ]
for template in templates/letter.docx "$folder/edited.docx"; do
    "$rasoat" report "$folder/report.json" --quiet --letter-template "$template" \
        --letter-field kinh_gui='Ủy ban nhân dân tỉnh A' --letter-field co_quan_ban_hanh='Sở Khoa học và Công nghệ' \
        --letter-field ho_ten='Nguyễn Văn A' --report "docx=$folder/letter.docx" || [ $? -eq 1 ]
    convert pdf "$folder/letter.docx"
    python3 - "$folder/report.json" >"$folder/expected.txt" <<'PY'
import json, sys

report = json.load(open(sys.argv[1], encoding="utf-8"))
titles = {rule["id"]: rule["title"]["vi"] for rule in report["rules"]}
failing = [f for f in report["findings"] if f["verdict"] == "fail"]
assert failing, "the examples hold a failing site"
print(*titles.values(), *(f["message"]["vi"] for f in failing), sep="\n")
PY
    printf '%s\n' "$form" "$filled" >>"$folder/expected.txt"
    holds "$folder/letter.pdf" "$folder/expected.txt"
done
