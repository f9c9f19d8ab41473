//! Page load and accessibility in a real Chromium: pages whose figures are known in advance, and faults that were
//! planted. One page at a time, because whatever else runs would be measured too.

#![cfg(feature = "browser")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at the first surprise")]

mod support;

mod measure {
    pub(crate) mod accessibility;
    pub(crate) mod lighthouse;
    pub(crate) mod load;
    pub(crate) mod principles;
    pub(crate) mod way_out;
}
