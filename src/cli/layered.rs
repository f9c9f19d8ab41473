//! `rasoat.yml` and the environment under the flags: what was not typed is taken from `RASOAT_*`, then from the
//! file, so that all three say the same things in the same words.

use std::io::Write;
use std::path::PathBuf;

use super::browsing::{BrowserFlags, EmcFlag};
use super::flags::{BrowserFlag, Check, FailOnFlag};
use super::governing::Governing;
use super::language::{ColorFlag, colours};
use super::measuring::Measuring;
use super::network::Network;
use super::scoring::Scoring;
use super::units;
use crate::config::{self, BrowserUse, Config, ConfigFile, EmcSource, Environment};
use crate::error::Error;
use crate::lang::Lang;
use crate::policy::Text;
use crate::report::FailOn;
use crate::yaml::Problems;

/// What is preset for a command, the environment already laid over the file.
pub(super) struct Settings {
    /// The values of both.
    pub(super) values: ConfigFile,
    /// The file, if there is one.
    pub(super) config: Option<Config>,
    /// The environment.
    pub(super) environment: Environment,
}

impl Settings {
    /// Reads both, for the working folder. Says on the error stream which variables are misspelt.
    pub(super) fn load(lang: Lang, color: ColorFlag, quiet: bool) -> Result<Self, Error> {
        let color = colours(color, &std::io::stderr());
        let shown = |problems: Problems| Error::Input(problems.render(lang, color));
        let config = file().map_err(shown)?;
        let environment = config::from_environment(std::env::vars_os()).map_err(shown)?;
        let below = config.as_ref().map(|config| config.file.clone()).unwrap_or_default();
        let values = environment.file.over(&below).map_err(|fault| Error::Internal(fault.to_string()))?;
        let settings = Self { values, config, environment };
        if !quiet {
            settings.tell_doubtful(settings.values.lang.unwrap_or(lang));
        }
        Ok(settings)
    }

    fn tell_doubtful(&self, lang: Lang) {
        for (name, meant) in &self.environment.doubtful {
            let name = crate::finding::safe(name, 80);
            let said = Text::new(
                format!("cảnh báo: không có biến môi trường {name}. Có phải {meant}?"),
                format!("warning: there is no environment variable {name}. Did you mean {meant}?"),
            );
            // Nobody is left to tell when stderr is closed.
            let _ = writeln!(std::io::stderr(), "{}", lang.pick(&said));
        }
    }

    /// The sites file that nobody named: `sites.yml` in the working folder, else the one beside `rasoat.yml`.
    pub(super) fn sites(&self) -> Option<PathBuf> {
        let beside = || self.config.as_ref()?.path.parent().map(|p| p.join("sites.yml")).filter(|p| p.exists());
        if PathBuf::from("sites.yml").exists() { None } else { beside() }
    }
}

/// The configuration of the working folder, if there is one.
fn file() -> Result<Option<Config>, Problems> {
    let Ok(here) = std::env::current_dir() else { return Ok(None) };
    let Some(found) = config::discover(&here) else { return Ok(None) };
    // Messages name the file as the user sees it from here.
    let above = here.ancestors().position(|folder| found.parent() == Some(folder)).unwrap_or(0);
    let mut name: PathBuf = std::iter::repeat_n("..", above).collect();
    name.push(config::NAME);
    config::load(&name).map(Some)
}

/// Lays the flags over what is preset.
pub(super) fn lay(flags: &mut Check, settings: &Settings) {
    let file = &settings.values;
    if flags.policies.is_empty() {
        flags.policies.clone_from(&file.policies);
    }
    if flags.sites.is_none() {
        flags.sites = file.sites.as_ref().map(PathBuf::from).or_else(|| settings.sites());
    }
    if flags.reports.is_empty() {
        flags.reports.clone_from(&file.reports);
    }
    flags.letters.lay(file);
    for (name, value) in &file.params {
        if !flags.params.iter().any(|(given, _)| given == name) {
            flags.params.push((name.clone(), value.clone()));
        }
    }
    if flags.pages.is_empty() {
        flags.pages.clone_from(&file.pages);
    }
    flags.max_pages = flags.max_pages.or(file.max_pages.map(|n| n as usize));
    flags.deployed |= file.deployed.unwrap_or(false);
    flags.strict |= file.strict.unwrap_or(false);
    flags.fail_on = flags.fail_on.or(file.fail_on.map(|f| match f {
        FailOn::Error => FailOnFlag::Error,
        FailOn::Warning => FailOnFlag::Warning,
        FailOn::Note => FailOnFlag::Note,
        FailOn::Never => FailOnFlag::Never,
    }));
    flags.history = flags.history.take().or_else(|| file.history.as_ref().map(PathBuf::from));
    lay_browser(&mut flags.browsing, file);
    lay_measuring(&mut flags.measuring, file);
    lay_governing(&mut flags.governing, file);
    lay_scoring(&mut flags.scoring, file);
    // All were checked when the file was read.
    flags.deadline = flags.deadline.or_else(|| file.limits.deadline.as_deref().and_then(config::duration));
    lay_network(&mut flags.network, settings);
}

fn lay_governing(flags: &mut Governing, file: &ConfigFile) {
    let path = |text: &Option<String>| text.as_ref().map(PathBuf::from);
    flags.waivers = flags.waivers.take().or_else(|| path(&file.waivers));
    flags.attestations = flags.attestations.take().or_else(|| path(&file.attestations));
    flags.baseline = flags.baseline.take().or_else(|| path(&file.baseline));
    flags.base = flags.base.take().or_else(|| file.base.clone());
    flags.new_only |= file.new_only.unwrap_or(false);
}

fn lay_scoring(flags: &mut Scoring, file: &ConfigFile) {
    flags.min_score = flags.min_score.or(file.min_score);
    flags.min_level = flags.min_level.take().or_else(|| file.min_level.clone());
    for (group, points) in &file.min_groups {
        if !flags.min_groups.iter().any(|(given, _)| given == group) {
            flags.min_groups.push((group.clone(), *points));
        }
    }
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
    flags.browser_path = flags.browser_path.take().or_else(|| file.browser_path.as_ref().map(PathBuf::from));
    flags.no_sandbox |= file.no_sandbox.unwrap_or(false);
    flags.emc_send |= file.emc_send.unwrap_or(false);
    flags.screenshots = flags.screenshots.take().or_else(|| file.screenshots.as_ref().map(PathBuf::from));
    let limits = &file.limits;
    flags.tabs = flags.tabs.or(limits.tabs.map(|n| n as usize));
    let duration = |text: &Option<String>| text.as_deref().and_then(config::duration);
    flags.browser_wait = flags.browser_wait.or_else(|| duration(&limits.browser_wait));
    flags.browser_quiet = flags.browser_quiet.or_else(|| duration(&limits.browser_quiet));
    flags.browser_timeout = flags.browser_timeout.or_else(|| duration(&limits.browser_timeout));
}

fn lay_measuring(flags: &mut Measuring, file: &ConfigFile) {
    flags.load_runs = flags.load_runs.or(file.load_runs);
    flags.run_lighthouse = flags.run_lighthouse.or(file.run_lighthouse);
    if flags.lighthouse.is_empty() {
        flags.lighthouse.extend(file.lighthouse.iter().map(PathBuf::from));
    }
    flags.axe = flags.axe.take().or_else(|| file.axe.as_ref().map(PathBuf::from));
}

/// Lays the flags of the network over what is preset.
pub(super) fn lay_network(flags: &mut Network, settings: &Settings) {
    let file = &settings.values;
    // Like parameters: one more header does not take the others away.
    let name = |text: &str| units::header(text).map(|(name, _)| name.to_ascii_lowercase());
    let given: Vec<_> = flags.headers.iter().map(|text| name(text)).collect();
    flags.headers.extend(settings.environment.headers.iter().filter(|text| !given.contains(&name(text))).cloned());
    if flags.resolve.is_empty() {
        flags.resolve.clone_from(&file.resolve);
    }
    flags.cacert = flags.cacert.take().or_else(|| file.cacert.as_ref().map(PathBuf::from));
    flags.proxy = flags.proxy.take().or_else(|| file.proxy.clone());
    flags.allow_private |= file.allow_private.unwrap_or(false);
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
