//! The two languages of the reader.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::policy::Text;

/// In which language people are spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Vietnamese.
    Vi,
    /// English.
    En,
}

impl Lang {
    /// The version of a text in this language.
    #[must_use]
    pub fn pick(self, text: &Text) -> &str {
        match self {
            Self::Vi => &text.vi,
            Self::En => &text.en,
        }
    }
}
