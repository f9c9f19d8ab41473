//! What a browser saw, judged: tables of made-up facts, each beside the bytes of a small page, and the verdict, code,
//! rung, notes and places that must come of them. No browser is started.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod sights {
    pub(crate) mod element;
    pub(crate) mod label;
    pub(crate) mod links;
    pub(crate) mod row;
    pub(crate) mod snippet;
    pub(crate) mod stopped;
}
