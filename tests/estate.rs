//! The estate over addresses, without a server: links that redirect, that lead nowhere or could not be followed; and
//! what is said of all sites together.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod estate {
    pub(crate) mod follow;
    pub(crate) mod list;
    pub(crate) mod notes;
    pub(crate) mod order;
    pub(crate) mod redirects;
    pub(crate) mod shared;
    pub(crate) mod town;
}
