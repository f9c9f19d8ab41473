//! Every text once: findings and sites hold numbers of texts, and the page looks them up. Never changes a text.

use std::collections::HashMap;

use serde::Serialize;

use super::said::Said;

/// Texts by number, in the order they were first said.
#[derive(Debug, Default)]
pub(super) struct Texts {
    numbers: HashMap<Said, u32>,
    all: Vec<Written>,
}

/// As it stands in the file: one text, or one for each language.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Written {
    Same(String),
    Both(String, String),
}

impl Texts {
    /// The number of a text.
    pub(super) fn number(&mut self, said: Said) -> u32 {
        if let Some(number) = self.numbers.get(&said) {
            return *number;
        }
        let number = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        let Said { vi, en } = said.clone();
        self.all.push(if vi == en { Written::Same(vi) } else { Written::Both(vi, en) });
        self.numbers.insert(said, number);
        number
    }

    /// The number of a text that is the same in both languages.
    pub(super) fn same(&mut self, text: String) -> u32 {
        self.number(Said::same(text))
    }

    /// The lines of a text, each once: remedies of a thousand sites differ in the one line that holds a number.
    pub(super) fn lines(&mut self, vi: Vec<String>, en: Vec<String>) -> [Vec<u32>; 2] {
        [vi, en].map(|lines| lines.into_iter().map(|line| self.same(line)).collect())
    }

    /// All of them, by number.
    pub(super) fn written(&self) -> &impl Serialize {
        &self.all
    }
}
