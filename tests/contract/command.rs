//! One call of the program, and what must be said and how it must end. A table of calls names every row that is
//! not as expected.

use std::process::Output;

use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{rasoat, write};

/// The snippet with an id, on a page of some text and links.
pub(crate) fn page(body: &str) -> String {
    format!(
        "<!doctype html><html lang=vi><head><meta charset=utf-8><title>Cổng thông tin điện tử tỉnh A</title></head><body>\
         <nav><a href=/a>Giới thiệu</a> <a href=/b>Tin tức</a> <a href=/c>Văn bản</a></nav>\
         <h1>Tin tức</h1><p>Ủy ban nhân dân tỉnh họp phiên thường kỳ tháng mười hai năm 2024 tại hội trường.</p>\n{body}\n</body></html>"
    )
}

/// The snippet.
pub(crate) fn snippet(id: &str) -> String {
    format!(
        "<script>var _govaq=[['trackPageView'],['setTrackerUrl','https://f-emc.ngsp.gov.vn/tracking'],['setSiteId','{id}']];\
         var g=document.createElement('script');g.src='https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js';document.body.appendChild(g)</script>"
    )
}

/// A page that keeps every rule of the shipped policy as far as bytes tell, label included.
pub(crate) fn good() -> String {
    page(&format!("<footer>Đã kết nối EMC</footer>{}", snippet("205")))
}

/// One call.
pub(crate) struct Call {
    name: String,
    args: Vec<String>,
    files: Vec<(String, Vec<u8>)>,
    env: Vec<(String, String)>,
    exit: i32,
    out: Vec<&'static str>,
    err: Vec<&'static str>,
    never: Vec<&'static str>,
}

/// A call of the program; it ends with 0 unless said otherwise. `{}` in an argument is the folder.
pub(crate) fn call(name: &str, args: &str) -> Call {
    let args = args.split_whitespace().map(|a| a.replace('␣', " ")).collect();
    let blank = (Vec::new(), Vec::new(), Vec::new());
    Call {
        name: name.to_owned(),
        args,
        files: Vec::new(),
        env: Vec::new(),
        exit: 0,
        out: blank.0,
        err: blank.1,
        never: blank.2,
    }
}

impl Call {
    pub(crate) fn file(mut self, name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.files.push((name.to_owned(), bytes.into()));
        self
    }
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }
    pub(crate) fn exit(mut self, code: i32) -> Self {
        self.exit = code;
        self
    }
    /// Standard output says it.
    pub(crate) fn out(mut self, text: &'static str) -> Self {
        self.out.push(text);
        self
    }
    /// Standard error says it.
    pub(crate) fn err(mut self, text: &'static str) -> Self {
        self.err.push(text);
        self
    }
    /// Neither says it.
    pub(crate) fn never(mut self, text: &'static str) -> Self {
        self.never.push(text);
        self
    }

    /// Runs it in a folder of its own.
    pub(crate) fn output(&self) -> (TempDir, Output) {
        let scratch = TempDir::new().unwrap();
        write(scratch.path(), &self.files);
        let mut command = rasoat(scratch.path());
        command.args(&self.args).envs(self.env.iter().cloned());
        let output = command.output().unwrap();
        (scratch, output)
    }

    /// Runs it and reads the report on its standard output.
    pub(crate) fn report(&self) -> Value {
        let output = self.output().1;
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&output.stderr)))
    }

    fn difference(&self) -> Option<String> {
        let (_scratch, output) = self.output();
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let mut wrong = Vec::new();
        if output.status.code() != Some(self.exit) {
            wrong.push(format!("exit {} is wanted, it is {:?}", self.exit, output.status.code()));
        }
        wrong.extend(self.out.iter().filter(|t| !out.contains(**t)).map(|t| format!("stdout lacks “{t}”")));
        wrong.extend(self.err.iter().filter(|t| !err.contains(**t)).map(|t| format!("stderr lacks “{t}”")));
        let said = |t: &&&str| out.contains(**t) || err.contains(**t);
        wrong.extend(self.never.iter().filter(said).map(|t| format!("“{t}” is said")));
        let short = |text: &str| text.chars().take(700).collect::<String>();
        (!wrong.is_empty())
            .then(|| format!("{}\n    out: {}\n    err: {}", wrong.join("; "), short(&out).trim(), short(&err).trim()))
    }
}

/// Runs a table of calls.
pub(crate) fn run(table: &str, calls: &[Call]) {
    let wrong: Vec<String> =
        calls.par_iter().filter_map(|c| Some(format!("  {}: {}", c.name, c.difference()?))).collect();
    assert!(wrong.is_empty(), "{table}: {} of {} rows\n{}", wrong.len(), calls.len(), wrong.join("\n"));
}
