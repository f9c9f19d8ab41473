#!/bin/sh
# A gate for any system that runs a shell: rasoat's exit codes become "go on" (0) or "stop" (1, 2).
#
#   gate.sh [ARGUMENT OF rasoat check]...
#
#   gate.sh dist --role portal --url https://tinh-a.gov.vn/ && ./deploy.sh
#
# ON_INCONCLUSIVE   fail (default) or warn: whether a site that could not be measured stops the gate
# REPORTS           folder of the reports (default: rasoat-reports)
set -u
reports=${REPORTS:-rasoat-reports}
mkdir -p "$reports" || exit 2

rasoat check --browser require --report "json=$reports/report.json" --report "junit=$reports/junit.xml" \
    --report "sarif=$reports/rasoat.sarif" "$@"
code=$?

case $code in
0) exit 0 ;;
1)
    echo 'gate: không đạt, dừng lại; cách sửa ở trên – a criterion fails, stop; the remedy stands above' >&2
    exit 1
    ;;
3)
    if [ "${ON_INCONCLUSIVE:-fail}" = warn ]; then
        echo 'gate: có tiêu chí chưa đo được, đi tiếp – something could not be measured, go on' >&2
        exit 0
    fi
    echo 'gate: có tiêu chí chưa đo được, dừng lại – something could not be measured, stop' >&2
    exit 1
    ;;
4)
    # A wrong path looks just like this: never let it pass.
    echo 'gate: không có gì được rà soát; đường dẫn có đúng không? – nothing was checked; is the path right?' >&2
    exit 1
    ;;
*)
    # 2 wrong usage or file, 5 a report could not be written, 70 a fault of rasoat, 127 there is no rasoat.
    echo "gate: rasoat không chạy được (mã $code) – rasoat could not do its work (exit $code)" >&2
    exit 2
    ;;
esac
