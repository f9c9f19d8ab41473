//! The result letter: a report's values in a .docx template with named fields. The wording, the form and every table
//! stand in the template; here are the values, the rows and what a template may do. Reads no file and no clock.

mod blocks;
mod fill;
mod package;
mod shape;
mod tags;
mod values;
mod xml;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use self::fill::Filling;
use self::package::{Package, Part};
use self::shape::Asked;
use super::{Report, plain};
use crate::policy::Text;

pub use self::package::MOST_BYTES as MOST_TEMPLATE;

/// The letter that is written when nobody brings a template.
const BUILT_IN: &[u8] = include_bytes!("../../../templates/letter.docx");
/// What a person fills in by hand.
const BLANK: &str = "……";

/// A template that was read and found sound, and what people say in it.
#[derive(Debug, Clone)]
pub struct Letter {
    template: Arc<Package>,
    given: BTreeMap<String, String>,
    blanks: Vec<String>,
}

impl Letter {
    /// Reads a template, the built-in one without any, and holds the names in it against those there are.
    ///
    /// # Errors
    /// What is wrong with the template or with a value's name, for people.
    pub fn new(template: Option<&[u8]>, given: &BTreeMap<String, String>) -> Result<Self, Text> {
        let mut package = package::read(template.unwrap_or(BUILT_IN))?;
        let given: BTreeMap<String, String> =
            given.iter().map(|(name, value)| (name.trim().to_lowercase(), value.clone())).collect();
        if let Some(name) = given.keys().find(|name| shape::is_of_report(name)) {
            let name = plain::line_of(name, 60);
            return Err(Text::new(
                format!("trường {name} lấy từ báo cáo, không đặt bằng tay được."),
                format!("the field {name} is what the report says and cannot be given."),
            ));
        }
        let mut asked = Asked { given: &given, used: BTreeSet::new(), printed: BTreeSet::new() };
        for (_, part) in &mut package.parts {
            if let Part::Story(root) = part {
                tags::find(root)?;
                blocks::pair(root)?;
                asked.check(root)?;
            }
        }
        let Asked { used, printed, .. } = asked;
        let known = || shape::PEOPLE.iter().copied().chain(shape::PEOPLES_LISTS.iter().map(|(name, _)| *name));
        // A name of another template is no mistake, one of none is.
        if let Some(name) = given.keys().find(|name| !used.contains(*name) && !known().any(|other| other == **name)) {
            let all: Vec<&str> = known().collect();
            let near = shape::nearest(name, &all);
            let near_vi = near.map(|near| format!(" Có phải {near}?")).unwrap_or_default();
            let near_en = near.map(|near| format!(" Did you mean {near}?")).unwrap_or_default();
            let name = plain::line_of(name, 60);
            return Err(Text::new(
                format!("mẫu không có trường {name}.{near_vi}"),
                format!("the template has no field {name}.{near_en}"),
            ));
        }
        // An empty value was given too: it says that there shall be none.
        let blanks = known().filter(|name| printed.contains(*name) && !given.contains_key(*name));
        let blanks = blanks.map(str::to_owned).collect();
        Ok(Self { template: Arc::new(package), given, blanks })
    }

    /// The built-in letter with nothing said in it.
    ///
    /// # Errors
    /// Never: a test reads it.
    pub fn built_in() -> Result<Self, Text> {
        Self::new(None, &BTreeMap::new())
    }

    /// Names of the fields that nobody gave a value for; a person fills them in by hand.
    #[must_use]
    pub fn blanks(&self) -> &[String] {
        &self.blanks
    }
}

/// The letter of a report.
///
/// # Errors
/// It would grow beyond all measure.
pub fn to_docx(report: &Report, letter: &Letter) -> Result<Vec<u8>, String> {
    let values = values::of(report, &letter.given);
    let mut filling = Filling::new(&values, BLANK);
    let mut parts = Vec::new();
    for (name, part) in &letter.template.parts {
        let bytes = match part {
            Part::Bytes(bytes) => bytes.clone(),
            Part::Story(root) => xml::write(&filling.part(root)?),
        };
        parts.push((name.as_str(), bytes));
    }
    package::write(parts.into_iter())
}

#[cfg(test)]
mod tests {
    use super::fill::Record;
    use super::shape::{PEOPLE, PEOPLES_LISTS, REPORT, Shape};
    use super::*;
    use crate::report::{Outcome, Section, Summary, from_json};

    /// What of a record is not as its shape says.
    fn differs(at: &str, record: &Record, shape: &Shape, peoples: &[&str], faults: &mut Vec<String>) {
        for name in shape.values.iter().chain(shape.facts) {
            if !record.values.contains_key(*name) {
                faults.push(format!("{at}: no {name}"));
            }
        }
        let is_known =
            |name: &str| shape.values.contains(&name) || shape.facts.contains(&name) || peoples.contains(&name);
        faults.extend(
            record.values.keys().filter(|name| !is_known(name)).map(|name| format!("{at}: {name} has no name")),
        );
        for (name, below) in shape.lists {
            match record.lists.get(*name).map(Vec::as_slice) {
                None => faults.push(format!("{at}: no list {name}")),
                Some([]) => {}
                Some([first, ..]) => differs(&format!("{at}.{name}"), first, below, &[], faults),
            }
        }
    }

    #[test]
    fn every_name_has_a_value_and_every_value_a_name() {
        // Read at run time: what is built into the program is hashed by those who cache it, and this is not.
        let sample = std::fs::read_to_string("tests/formats/golden/sample.json").unwrap();
        let mut report = from_json(&sample).unwrap();
        let site = report.findings.iter().find(|f| f.verdict == crate::finding::Verdict::Fail).unwrap().site.clone();
        report.sections = vec![Section {
            name: "a".to_owned(),
            unit: None,
            taken_at: report.taken_at.clone(),
            run_id: "r".to_owned(),
            sites: vec![site],
            summary: Summary::default(),
            outcome: Outcome::Failed,
        }];
        report.gates.min_score = Some(crate::policy::Points(1));
        let values = values::of(&report, &BTreeMap::new());
        let mut faults = Vec::new();
        differs("", &values, &REPORT, PEOPLE, &mut faults);
        assert_eq!(faults, [""; 0]);
        for (name, _) in REPORT.lists {
            assert!(!values.lists[*name].is_empty(), "the sample has no {name}");
        }
    }

    #[test]
    fn every_name_is_documented() {
        fn names(shape: &Shape, all: &mut BTreeSet<&'static str>) {
            all.extend(shape.values.iter().chain(shape.facts));
            for (name, below) in shape.lists {
                all.insert(name);
                names(below, all);
            }
        }
        let mut all: BTreeSet<&str> = PEOPLE.iter().copied().collect();
        names(&REPORT, &mut all);
        for (name, below) in PEOPLES_LISTS {
            all.insert(name);
            names(below, &mut all);
        }
        for page in ["letter.md", "letter.vi.md"] {
            let page = std::fs::read_to_string(format!("{}/docs/{page}", env!("CARGO_MANIFEST_DIR"))).unwrap();
            let missing: Vec<&&str> = all.iter().filter(|name| !page.contains(&format!("`{name}`"))).collect();
            assert_eq!(missing, [&""; 0]);
        }
    }
}
