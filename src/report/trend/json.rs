//! A trend as JSON for other programs: runs, months, what is to be said. Rates are in percent with one decimal, and
//! `null` where nothing was measured.

use serde::Serialize;
use serde_json::{Value, json};

use super::super::json::escaped;
use super::super::{SCHEMA, Summary};
use super::{Trend, TrendRun};
use crate::policy::Text;

/// Name and version of this form.
const FORM: &str = "rasoat/trend/v1";

/// The trend as JSON, two-space indented, with a final line end.
///
/// # Errors
/// Only when it cannot be expressed as JSON, which its types rule out.
pub fn trend_to_json(trend: &Trend, notes: &[Text]) -> serde_json::Result<String> {
    let runs: Vec<Value> = trend.runs.iter().map(run).collect();
    let months = trend.months();
    let months: Vec<Value> = months
        .iter()
        .map(|m| with_rate(json!({ "month": m.month, "runs": m.runs, "last": m.last.taken_at }), m.last.summary))
        .collect();
    let whole = json!({ "schema": FORM, "of": SCHEMA, "runs": runs, "months": months, "notes": notes });
    Ok(escaped(&serde_json::to_string_pretty(&whole)?) + "\n")
}

fn run(run: &TrendRun) -> Value {
    let rules: Vec<Value> = run
        .rules
        .iter()
        .map(|rule| with_rate(json!({ "policy": rule.policy, "rule": rule.rule }), rule.summary))
        .collect();
    let TrendRun { taken_at, run_id, outcome, sites, summary, .. } = run;
    let head = json!({ "taken_at": taken_at, "run_id": run_id, "outcome": outcome, "sites": sites });
    let mut all = with_rate(head, *summary);
    all["rules"] = rules.into();
    all
}

fn with_rate(mut value: Value, summary: Summary) -> Value {
    #[derive(Serialize)]
    struct Rated {
        pass_rate: Option<f64>,
        summary: Summary,
    }
    let rated = Rated { pass_rate: summary.pass_rate().map(|tenths| f64::from(tenths) / 10.0), summary };
    if let (Some(value), Ok(Value::Object(more))) = (value.as_object_mut(), serde_json::to_value(rated)) {
        value.extend(more);
    }
    value
}
