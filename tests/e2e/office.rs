//! A province of 300 sites and its administrative-procedure systems over a year: checked month by month into a
//! history, recorded in the last month. What offices make of it (tables, letters, pages) is opened in its real readers
//! by `tests/clients/office/province.py`, which goes by the folder that this leaves.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::server::{Host, Kind, Province, Server, home, label, snippet};

/// Months, the last one recorded.
const MONTHS: usize = 12;
/// Components of the province; with the portal and the systems there are 300 sites.
const COMPONENTS: usize = 294;
/// Systems of administrative procedures.
const SYSTEMS: usize = 5;
/// Components that one unit owns.
const OWNED: usize = 15;

/// Where the folder is left.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("province")
}

/// The first month in which a component has its snippet: one in three is late, ever fewer as the year goes.
fn connected_in(number: usize) -> usize {
    if number.is_multiple_of(3) { number / 3 % MONTHS } else { 0 }
}

/// The instant of a month of 2026 that a run is taken at.
fn instant(month: usize) -> i64 {
    let day = format!("2026-{:02}-15T02:00:00Z", month + 1);
    day.parse::<jiff::Timestamp>().unwrap().as_second()
}

/// The sites file: every component has a name and an owner.
fn sites(server: &Server, province: &Province) -> String {
    let mut text = String::new();
    for line in province.sites(server).lines() {
        let component = province.components.iter().position(|c| line.contains(&format!("{{id: {},", c.id)));
        let more = match component {
            Some(k) => format!(", name: Trang thông tin điện tử đơn vị {k:03}, unit: Sở số {:02}}}", k / OWNED + 1),
            None => ", name: Cổng thông tin điện tử tỉnh, unit: UBND tỉnh}".to_owned(),
        };
        let _ = match line.strip_suffix('}') {
            Some(entry) => writeln!(text, "{entry}{more}"),
            None => writeln!(text, "{line}"),
        };
    }
    for n in 1..=SYSTEMS {
        let url = server.https(&format!("dichvucong-{n}.tinh-11.test"));
        let _ = writeln!(
            text,
            "  - {{id: dvc-{n}, role: service, url: \"{url}\", name: Hệ thống số {n}, unit: UBND tỉnh}}"
        );
    }
    text
}

fn serve(server: &Server, province: &Province, month: usize) {
    let late =
        |host: &str| province.components.iter().position(|c| c.host == host).is_some_and(|k| connected_in(k) > month);
    let portal = format!("<p>Trực thuộc <a href=\"{}\">Cổng tỉnh</a></p>", server.https(&province.portal));
    province.serve(server, &|host, page| {
        if late(host) { Host::page(home(host, "", &portal, 0)) } else { page }
    });
    for n in 1..=SYSTEMS {
        let page = home(
            "Hệ thống thông tin giải quyết thủ tục hành chính",
            "",
            &format!("{}{}", label(), snippet(&(900 + n).to_string())),
            0,
        );
        server.host(&format!("dichvucong-{n}.tinh-11.test"), Host::page(page));
    }
}

/// Points that were awarded to the systems, in the order of [`RATED`]; the third has no statement at all.
const AWARDED: [Option<[&str; 6]>; SYSTEMS] = [
    Some(["33", "4.5", "8.5", "7.25", "12", "5"]),
    Some(["50", "5", "10", "10", "15", "5"]),
    None,
    Some(["25.75", "3", "6", "4", "9", "2.5"]),
    Some(["10", "1", "2", "2", "3", "1"]),
];
/// What people rate.
const RATED: [&str; 6] =
    ["rated-functions", "rated-layout", "rated-system", "rated-page-load", "rated-security", "rated-emc"];

/// The statements about the systems.
fn attestations() -> String {
    let mut text = "apiVersion: rasoat/v1\nattestations:\n".to_owned();
    for (n, awarded) in AWARDED.iter().enumerate() {
        for (rule, points) in RATED.iter().zip(awarded.iter().flatten()) {
            let _ = writeln!(
                text,
                "  - {{rule: {rule}, site: dvc-{}, status: pass, points: {points}, by: Tổ đánh giá, on: 2026-01-05, valid_until: 2027-12-31}}",
                n + 1
            );
        }
    }
    text
}

/// Runs the program in the folder; its exit code.
fn rasoat(folder: &Path, month: usize, args: &str) -> Option<i32> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rasoat"));
    command.current_dir(folder).env_clear().env("RASOAT_BROWSER_PATH", "").env("LANG", "en_US.UTF-8");
    command.env("SOURCE_DATE_EPOCH", instant(month).to_string());
    let output = command.args(args.split_whitespace()).output().unwrap();
    let code = output.status.code();
    assert!(matches!(code, Some(0 | 1 | 3)), "{args}: {code:?}: {}", String::from_utf8_lossy(&output.stderr));
    code
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn failing(report: &Value, rule: &str) -> usize {
    report["findings"].as_array().unwrap().iter().filter(|f| f["rule"] == rule && f["verdict"] == "fail").count()
}

#[test]
fn a_province_over_a_year() {
    let (server, province) = (Server::start(), Province::new(11, COMPONENTS));
    let folder = folder();
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let mut truth = Vec::new();
    for month in 0..MONTHS {
        serve(&server, &province, month);
        if month == 0 {
            let own = [
                ("sites.yml", sites(&server, &province)),
                ("xac-nhan.yml", attestations()),
                ("root.pem", server.root_pem()),
                ("hosts", server.mappings()),
            ];
            for (name, text) in own {
                std::fs::write(folder.join(name), text).unwrap();
            }
        }
        let recorded = if month + 1 == MONTHS { " --record rec" } else { "" };
        let args = format!(
            "check -q -p tt22-2023 -p qd473-2024 --attestations xac-nhan.yml --history lich-su --cacert root.pem \
             --resolve @hosts --retries 0 --report json=report.json{recorded}"
        );
        rasoat(&folder, month, &args);
        let report = json(&folder.join("report.json"));
        assert_eq!(report["sites"].as_array().unwrap().len(), 1 + COMPONENTS + SYSTEMS);
        // The truth of this month, from what was served and not from what was said.
        let judged = province.components.iter().enumerate().filter(|(_, c)| c.kind != Kind::Retired);
        truth.push(judged.filter(|(k, c)| c.kind == Kind::NoSnippet || connected_in(*k) > month).count());
        assert_eq!(failing(&report, "emc-snippet"), truth[month], "month {month}");
    }
    let last = json(&folder.join("report.json"));
    // What nobody measured stays open: the four principles want a browser, and one system has no statement.
    let scores = last["scores"].as_array().unwrap().iter();
    let told = scores.map(|s| format!("{} {}–{} {}", s["site"], s["low"], s["high"], s["level"]));
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            r#""dvc-1" 70.25–75.25 "C""#,
            r#""dvc-2" 95–100 "A""#,
            r#""dvc-3" 0–100 null"#,
            r#""dvc-4" 50.25–55.25 "D""#,
            r#""dvc-5" 19–24 "E""#,
        ]
    );
    rasoat(&folder, MONTHS - 1, "history trend lich-su --report json=trend.json");
    let trend = json(&folder.join("trend.json"));
    let runs = trend["runs"].as_array().unwrap();
    let of = |run: &Value| {
        let rules = run["rules"].as_array().unwrap();
        rules.iter().find(|r| r["rule"] == "emc-snippet").unwrap()["summary"]["fail"].as_u64().unwrap()
    };
    assert_eq!(runs.iter().map(of).collect::<Vec<_>>(), truth.iter().map(|n| *n as u64).collect::<Vec<_>>());
    let days: Vec<&str> = runs.iter().map(|r| &r["taken_at"].as_str().unwrap()[..10]).collect();
    assert!(days.is_sorted() && days[0] == "2026-01-15" && days[MONTHS - 1] == "2026-12-15", "{days:?}");
}
