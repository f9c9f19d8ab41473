//! The tables of the domain as tests: what real pages look like, and what the law makes of each. Every row
//! runs the program on a site of its own and asks for the verdict and the code or gap.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod support;

mod domain {
    pub(crate) mod addresses;
    pub(crate) mod cases;
    pub(crate) mod dead_code;
    pub(crate) mod handlers;
    pub(crate) mod labels;
    #[cfg(feature = "browser")]
    pub(crate) mod lanes;
    pub(crate) mod link_forms;
    pub(crate) mod link_sites;
    pub(crate) mod load_time;
    pub(crate) mod modules;
    pub(crate) mod more_scripts;
    pub(crate) mod order;
    pub(crate) mod other_checks;
    pub(crate) mod pages;
    pub(crate) mod security_policy;
    pub(crate) mod shapes;
    pub(crate) mod transport;
    pub(crate) mod unseen_scripts;
    pub(crate) mod wcag;
}
