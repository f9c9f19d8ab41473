//! Whether a person can see an element, as far as bytes tell. Facts with their cause; never a verdict.

use serde::{Deserialize, Serialize};

use super::script::Spot;

/// A way of hiding an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Technique {
    /// `display: none`.
    DisplayNone,
    /// `visibility: hidden` or `collapse`.
    Visibility,
    /// `opacity: 0` (also by `filter`).
    Transparent,
    /// The `hidden` attribute, `<dialog>` without `open`, `<input type=hidden>` and other elements that never show;
    /// for what is to be followed, an `inert` part.
    HiddenAttribute,
    /// `clip`, `clip-path` that leave nothing.
    Clipped,
    /// Moved off the page.
    OffScreen,
    /// No width or height, with overflow cut; `transform: scale(0)`; font size 0.
    ZeroSize,
    /// `content-visibility: hidden`.
    ContentVisibility,
    /// Text in the colour of its background, or transparent.
    SameColour,
    /// Inside a closed `<details>`, tab or dialog.
    ClosedDetails,
    /// Something else lies over it.
    Covered,
}

/// What hides an element and where that is written.
#[derive(Debug, Clone)]
pub struct Hiding {
    /// How.
    pub technique: Technique,
    /// The rule, declaration or attribute that does it; `None` when nothing in the text shows it.
    pub spot: Option<Spot>,
}

/// Whether a person at a 1366 × 768 screen can see an element.
#[derive(Debug, Clone)]
pub enum Seen {
    /// Nothing that was read hides it.
    Yes,
    /// In a closed `<details>`: one click away.
    InDetails,
    /// In a menu that opens on hover, focus or click: the hiding, and the rule that opens it.
    InMenu(Hiding),
    /// Hidden.
    Hidden(Hiding),
    /// Cannot be said from the bytes: a condition that cannot be evaluated, or a script that names the hidden part.
    Unsure(Hiding),
}
