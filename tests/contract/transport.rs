//! The policy of how sites are served, from the command line: what a visit in clear shows, what a folder cannot
//! show, and how far its findings reach.

use super::command::{Call, call, good, page, run};
use super::server::{Server, html};

fn verdicts(call: &Call) -> Vec<(String, String, String)> {
    let report = call.report();
    let word = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| (word(&f["rule"]), word(&f["verdict"]), word(&f["code"])))
        .collect()
}

#[test]
fn served_in_clear() {
    let server = Server::serve(&[("/", html(&page("")))]);
    let check =
        |flags: &str| call(flags, &format!("check {}/ -p transport-baseline --report json -q {flags}", server.address));
    for role in ["portal", "component", "service"] {
        let found = verdicts(&check(&format!("--role {role}")));
        let rules: Vec<&str> = found.iter().map(|(rule, ..)| rule.as_str()).collect();
        assert_eq!(rules, ["https-only", "hsts-max-age", "certificate-valid", "tls-version"]);
        for (rule, verdict, code) in &found {
            assert_eq!((verdict.as_str(), code.as_str()), ("fail", "no-https"), "{rule} of a {role}");
        }
    }
    run(
        "what is recommended fails a run on request only",
        &[
            check("--role portal").exit(0),
            check("--role portal --fail-on warning").exit(1),
            check("--role portal --only hsts-max-age --fail-on warning").exit(0),
            check("--role portal --only hsts-max-age --fail-on note").exit(1),
            check("--param certificate_days=30").exit(0),
            check("--param certificate_days=soon").exit(2),
            check("--param hsts=1").exit(2),
        ],
    );
}

#[test]
fn what_is_not_served_is_not_judged() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let refused = call("", &format!("check http://{nobody}/ -p transport-baseline --retries 0 --report json -q"));
    assert!(verdicts(&refused).iter().all(|(_, verdict, code)| verdict == "inconclusive" && code == "refused"));
    let folder = |flags: &str| {
        call(flags, &format!("check dist -p transport-baseline --report json -q {flags}"))
            .file("dist/index.html", good())
    };
    for (flags, wanted) in [("--url https://tinh-a.gov.vn/", "not-deployed"), ("", "no-address")] {
        let found = verdicts(&folder(flags));
        assert!(found.iter().all(|(_, verdict, code)| verdict == "not-applicable" && code == wanted), "{found:?}");
    }
    run(
        "the policy's own words",
        &[
            folder("").exit(4),
            call(
                "both policies",
                "check dist -p tt22-2023 -p transport-baseline --url https://tinh-a.gov.vn/ --role portal",
            )
            .file("dist/index.html", good())
            .out("--deployed"),
            call("explained", "explain certificate-valid --lang vi")
                .out("Gia hạn chứng thư số")
                .out("[chain-incomplete]"),
            call("its examples", "test transport-baseline").out("0 "),
        ],
    );
}
