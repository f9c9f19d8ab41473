//! Runs over time: outlines of stored reports become trends, what changed between two of them, and since when a rule
//! fails. Pure: reads no folder and no clock; one outline is held at a time beside the newest.

mod changes;
mod outline;
mod series;
mod walk;

pub use changes::compare;
pub use outline::{Cell, Outline, PolicyOf, RuleOf, ScoreOf, SiteOf, Unusable};
pub use series::Series;
pub use walk::{Asked, LeftOut, Seen, Walk};
