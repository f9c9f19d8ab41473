//! The two languages of the reader.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::policy::Text;

/// The language of the reader.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Vietnamese, the first language.
    #[default]
    Vi,
    /// English.
    En,
}

impl Lang {
    /// The reader's version of a text; the other one when that is empty.
    #[must_use]
    pub fn pick(self, text: &Text) -> &str {
        let (first, second) = match self {
            Self::Vi => (&text.vi, &text.en),
            Self::En => (&text.en, &text.vi),
        };
        if first.trim().is_empty() { second } else { first }
    }

    /// The language's code: `vi` or `en`.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.of("vi", "en")
    }

    /// One of two words.
    #[must_use]
    pub(crate) fn of<T>(self, vi: T, en: T) -> T {
        match self {
            Self::Vi => vi,
            Self::En => en,
        }
    }
}
