//! What was seen of one site at one time. Data with no opinion: a judge may read it again years later
//! and no network, clock or disk is needed. Every fact that could not be had is a [`Gap`].

mod gap;
mod page;
mod rendered;
mod script;
mod source;
mod visibility;
mod visit;

pub use gap::Gap;
pub use page::{
    Csp, ElementMatch, InjectedLabel, LabelFacts, Link, LinkForm, OptionHandler, OwnLabel, Page, Refresh, Unread,
    UnreadKind,
};
pub use rendered::{
    AccessNode, AccessRule, Accessibility, After, Blocked, BrowserFacts, BrowserVisit, Concealment, ElementSight,
    FaultKind, LabelSight, LabelSights, LibraryFrom, LibraryRequest, LighthouseGap, LinkKind, LinkReach, LinkSight,
    Load as PageLoad, LoadRun, MOST_FAULTS, PageFault, Profile, Rendered, ScriptPlace, Sent, Sight, TrackerRun,
};
pub use script::{
    Arg, Certainty, Command, Doubt, Idle, Inert, InlineHandler, Load, LoadForm, Mention, QueueFacts, Script,
    ScriptFile, ScriptKind, Spot, SyntaxFault, Trigger,
};
pub use source::{Origin, Position, Source, Span};
pub use visibility::{Hiding, Seen, Technique};
pub use visit::{Attempted, Certificate, Landing, PagesCovered, PlainHttp, Timings, Tls, UnreadPage, Visit};
