//! `rasoat.yml` under the flags: what was not typed is taken from the file, so that both say the same things
//! in the same words.

use std::path::PathBuf;

use super::browsing::{BrowserFlags, EmcFlag};
use super::flags::{BrowserFlag, Check, FailOnFlag};
use super::governing::Governing;
use super::network::Network;
use crate::config::{self, BrowserUse, Config, ConfigFile, EmcSource};
use crate::report::FailOn;
use crate::yaml::Problems;

/// The configuration of the working folder, if there is one.
pub(super) fn load() -> Result<Option<Config>, Problems> {
    let Ok(here) = std::env::current_dir() else { return Ok(None) };
    let Some(found) = config::discover(&here) else { return Ok(None) };
    // Messages name the file as the user sees it from here.
    let name = found.strip_prefix(&here).map_or(found.clone(), PathBuf::from);
    config::load(&name).map(Some)
}

/// Lays the flags over the file.
pub(super) fn lay(flags: &mut Check, config: &Config) {
    let file = &config.file;
    if flags.policies.is_empty() {
        flags.policies.clone_from(&file.policies);
    }
    if flags.sites.is_none() {
        let beside = || config.path.parent().map(|p| p.join("sites.yml")).filter(|p| p.exists());
        flags.sites = file
            .sites
            .as_ref()
            .map(PathBuf::from)
            .or_else(|| if PathBuf::from("sites.yml").exists() { None } else { beside() });
    }
    if flags.reports.is_empty() {
        flags.reports.clone_from(&file.reports);
    }
    for (name, value) in &file.params {
        if !flags.params.iter().any(|(given, _)| given == name) {
            flags.params.push((name.clone(), value.clone()));
        }
    }
    if flags.pages.is_empty() {
        flags.pages.extend(file.pages.clone());
    }
    flags.max_pages = flags.max_pages.or(file.max_pages.map(|n| n as usize));
    flags.strict |= file.strict.unwrap_or(false);
    flags.fail_on = flags.fail_on.or(file.fail_on.map(|f| match f {
        FailOn::Error => FailOnFlag::Error,
        FailOn::Warning => FailOnFlag::Warning,
        FailOn::Note => FailOnFlag::Note,
        FailOn::Never => FailOnFlag::Never,
    }));
    lay_browser(&mut flags.browsing, file);
    lay_governing(&mut flags.governing, file);
    // All were checked when the file was read.
    flags.deadline = flags.deadline.or_else(|| file.limits.deadline.as_deref().and_then(config::duration));
    lay_network(&mut flags.network, file);
}

fn lay_governing(flags: &mut Governing, file: &ConfigFile) {
    let path = |text: &Option<String>| text.as_ref().map(PathBuf::from);
    flags.waivers = flags.waivers.take().or_else(|| path(&file.waivers));
    flags.attestations = flags.attestations.take().or_else(|| path(&file.attestations));
    flags.baseline = flags.baseline.take().or_else(|| path(&file.baseline));
    flags.base = flags.base.take().or_else(|| file.base.clone());
    flags.new_only |= file.new_only.unwrap_or(false);
}

fn lay_browser(flags: &mut BrowserFlags, file: &ConfigFile) {
    flags.browser = flags.browser.or(file.browser.map(|b| match b {
        BrowserUse::Never => BrowserFlag::Never,
        BrowserUse::Auto => BrowserFlag::Auto,
        BrowserUse::Require => BrowserFlag::Require,
    }));
    flags.emc = flags.emc.or(file.emc.map(|from| match from {
        EmcSource::StandIn => EmcFlag::StandIn,
        EmcSource::Live => EmcFlag::Live,
    }));
    flags.screenshots = flags.screenshots.take().or_else(|| file.screenshots.as_ref().map(PathBuf::from));
    let limits = &file.limits;
    flags.tabs = flags.tabs.or(limits.tabs.map(|n| n as usize));
    let duration = |text: &Option<String>| text.as_deref().and_then(config::duration);
    flags.browser_wait = flags.browser_wait.or_else(|| duration(&limits.browser_wait));
    flags.browser_quiet = flags.browser_quiet.or_else(|| duration(&limits.browser_quiet));
    flags.browser_timeout = flags.browser_timeout.or_else(|| duration(&limits.browser_timeout));
}

/// Lays the flags of the network over the file.
pub(super) fn lay_network(flags: &mut Network, file: &ConfigFile) {
    flags.user_agent = flags.user_agent.take().or_else(|| file.user_agent.clone());
    let limits = &file.limits;
    flags.jobs = flags.jobs.or(limits.jobs.map(|n| n as usize));
    flags.retries = flags.retries.or(limits.retries);
    flags.max_redirects = flags.max_redirects.or(limits.max_redirects.map(|n| n as usize));
    flags.per_host = flags.per_host.or(limits.per_host);
    flags.delay = flags.delay.or_else(|| limits.delay.as_deref().and_then(config::duration));
    flags.timeout = flags.timeout.or_else(|| limits.timeout.as_deref().and_then(config::duration));
    flags.max_size = flags.max_size.or_else(|| limits.max_size.as_deref().and_then(config::size));
}
