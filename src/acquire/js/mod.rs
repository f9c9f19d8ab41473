//! stub
use super::Needs;
use crate::snapshot::*;
use std::{collections::BTreeMap, sync::Arc};
use url::Url;
#[derive(Default)]
pub struct ScriptRun {
    pub queues: BTreeMap<String, QueueFacts>,
    pub syntax_faults: Vec<SyntaxFault>,
    pub redirect: Option<Refresh>,
    pub label_spots: BTreeMap<String, Vec<Spot>>,
}
pub fn read(_: &Arc<Source>, _: &[Script], _: &Url, _: bool, _: &Needs) -> ScriptRun {
    ScriptRun::default()
}
