//! `rasoat discover`: a portal's domain becomes a proposed sites file and a table. What people wrote in the file
//! stays; when the portal cannot be seen, nothing is touched.

mod propose;
mod summary;
mod table;

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use clap::Args;
use url::Url;

use super::interrupt::Interrupts;
use super::language::{ColorFlag, LangFlag};
use super::network::Network;
use super::progress::Bar;
use super::{check, layered};
use crate::acquire::Needs;
use crate::acquire::discover::{
    Domain, Explored, Ids, MOST_LIST_BYTES, Missed, Names, Plan, Source, Step, Watch, explore, of_file, of_log,
    search_address,
};
use crate::acquire::fetch::{Client, NetOptions, Visitor};
use crate::check::{BrowserUse, Subject, stand};
use crate::deliver;
use crate::error::{Error, ExitCode};
use crate::finding::Basis;
use crate::lang::Lang;
use crate::policy::{self, LoadedPolicy, Text};
use crate::run::Progress;
use crate::site::{self, Estate, Merged, Site};
use crate::snapshot::{Gap, Page, Visit};
use crate::yaml::{self, Problems};
use summary::Told;

/// Hosts that are visited unless told otherwise.
const MAX_SITES: usize = 1_000;

#[derive(Debug, Clone, Args)]
pub(super) struct Discover {
    /// Tên miền của cổng, hoặc địa chỉ của cổng – the portal's domain or address
    #[arg(value_name = "DOMAIN|URL")]
    domain: String,

    /// Tệp danh sách tên máy chủ, mỗi dòng một tên – a list of hosts, one a line, as exported from DNS
    #[arg(long, value_name = "FILE", help_heading = "Sources")]
    names: Option<PathBuf>,
    /// Địa chỉ tra cứu nhật ký chứng thư, trả JSON như crt.sh; %s là tên miền – a certificate transparency search that answers JSON as crt.sh does; %s is the domain
    #[arg(long, value_name = "URL", help_heading = "Sources")]
    ct: Option<String>,
    /// Số máy chủ được xem nhiều nhất – most hosts visited
    #[arg(long, value_name = "N", default_value_t = MAX_SITES, help_heading = "Sources")]
    max_sites: usize,

    /// Tệp danh sách trang; nếu đã có thì chỉ thêm vào cuối; `-`: stdout – the sites file; an existing one is only added to
    #[arg(short, long, value_name = "FILE", default_value = "sites.yml", help_heading = "Output")]
    output: PathBuf,
    /// Bảng mọi máy chủ đã thấy – a table of every host that was seen
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    csv: Option<PathBuf>,
    /// Ngôn ngữ – language
    #[arg(long, value_enum, help_heading = "Output")]
    pub(super) lang: Option<LangFlag>,
    /// Không in tóm tắt – no summary
    #[arg(short, long, help_heading = "Output")]
    quiet: bool,

    #[command(flatten)]
    network: Network,
}

/// A certificate log that was asked for.
type Log = (Url, Result<Names, Text>);

pub(super) fn run(mut flags: Discover, mut lang: Lang) -> Result<ExitCode, Error> {
    let color = super::language::colours(ColorFlag::Auto, &std::io::stderr());
    let settings = layered::Settings::load(lang, ColorFlag::Auto, flags.quiet)?;
    if flags.lang.is_none() {
        lang = settings.values.lang.unwrap_or(lang);
    }
    layered::lay_network(&mut flags.network, &settings);
    let shown = |problems: Problems| Error::Input(problems.render(lang, color));
    let domain = Domain::parse(&flags.domain).map_err(|why| usage(&flags.domain, &why))?;
    let existing = existing(&flags.output).map_err(shown)?;
    // A file that cannot be added to is told before the work, not after it.
    merge(&flags, existing.as_deref(), &[], &[]).map_err(shown)?;
    files(&flags)?;
    let log = flags.ct.as_deref().map(|template| log_address(template, &domain)).transpose()?;
    let names = flags.names.as_deref().map(|path| list(path, &domain)).transpose()?;
    let policy = policy::load_all(&[check::default_policy()], &std::collections::BTreeMap::new()).map_err(shown)?;
    let policy = policy.into_iter().next().ok_or_else(|| Error::Internal("no policy is built in".to_owned()))?;
    let cancelled: Arc<AtomicBool> = Arc::default();
    let _watched = Interrupts::watch(cancelled.clone());

    let progress: Arc<Progress> = Arc::default();
    let bar = Bar::follow(&progress, lang, flags.quiet);

    let options = flags.network.options()?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|e| Error::Internal(e.to_string()))?;
    let (log, explored) = runtime.block_on(async {
        let log = match log {
            Some(url) => Some(log_names(url, &options, &domain).await?),
            None => None,
        };
        let client = Arc::new(Client::new(options, &[])?);
        let plan = Plan {
            domain: domain.clone(),
            names: listed(names.as_ref(), log.as_ref()),
            max_sites: flags.max_sites,
            jobs: flags.network.jobs(),
            needs: Arc::new(needs(&policy)),
            ids: ids(policy),
            cancelled,
            watch: watch(progress.clone()),
        };
        Ok::<_, Error>((log, explore(&client, plan).await))
    })?;
    // A name that is still being looked up would hold the end of the program.
    runtime.shutdown_timeout(Duration::from_millis(100));
    drop(bar);
    let explored = match explored {
        Ok(explored) => explored,
        Err(Missed::Failed(error)) => return Err(error),
        Err(missed) => {
            say(lang.pick(&summary::missed(&missed, &domain, &flags.output)));
            return Ok(ExitCode::Inconclusive);
        }
    };
    // Somebody may have changed it in the meantime.
    let existing = self::existing(&flags.output).map_err(shown)?;
    let proposals = propose::proposals(&explored, &domain, lang);
    let header = propose::header(&domain, lang);
    let merged = merge(&flags, existing.as_deref(), &header, &proposals).map_err(shown)?;
    write(&flags, existing.as_deref(), &explored, &merged, lang)?;
    if !flags.quiet {
        let told = Told {
            domain: &domain,
            explored: &explored,
            merged: &merged,
            names: names.as_ref(),
            log: log.as_ref(),
            max_sites: flags.max_sites,
            output: &flags.output,
        };
        say(&told.text(lang));
    }
    Ok(ExitCode::Passed)
}

fn usage(what: &str, why: &Text) -> Error {
    let what = crate::finding::safe(&crate::finding::without_credentials(what), 200);
    Error::usage(Text::new(format!("“{what}”: {}.", why.vi), format!("“{what}”: {}.", why.en)))
}

fn is_stdout(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The bytes of the sites file, when there is one.
fn existing(path: &Path) -> Result<Option<Vec<u8>>, Problems> {
    // What is no file (a device, a pipe) is only written to.
    if is_stdout(path) || !path.is_file() {
        return Ok(None);
    }
    Ok(Some(yaml::read(path, &yaml::display(path), yaml::MOST_SITES)?))
}

fn merge(
    flags: &Discover,
    existing: Option<&[u8]>,
    header: &[String],
    proposals: &[site::Proposal],
) -> Result<Merged, Problems> {
    let name = yaml::display(&flags.output);
    site::merge(existing.map(|bytes| (name.as_str(), bytes)), header, proposals)
}

/// Checks before the work that both files can be written.
fn files(flags: &Discover) -> Result<(), Error> {
    let all = [Some(flags.output.as_path()), flags.csv.as_deref()];
    if flags.csv.as_deref().is_some_and(|csv| deliver::is_same(csv, &flags.output)) {
        return Err(Error::usage(Text::new(
            "--csv và --output phải là hai nơi khác nhau.",
            "--csv and --output must be two different places.",
        )));
    }
    all.into_iter().flatten().filter(|path| !is_stdout(path)).try_for_each(deliver::probe)
}

fn log_address(template: &str, domain: &Domain) -> Result<Url, Error> {
    let url = site::declared_url(&search_address(template, domain));
    url.map_err(|why| Error::usage(Text::new(format!("--ct: {}.", why.vi), format!("--ct: {}.", why.en))))
}

fn list(path: &Path, domain: &Domain) -> Result<Names, Error> {
    let mut bytes = Vec::new();
    let most = u64::try_from(MOST_LIST_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    std::fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes)).map_err(|e| {
        let path = path.display();
        Error::usage(Text::new(
            format!("--names: không đọc được {path}: {e}"),
            format!("--names: cannot read {path}: {e}"),
        ))
    })?;
    Ok(of_file(&bytes, domain))
}

/// Asks a certificate log. What it does not answer is told and does not end the search.
async fn log_names(url: Url, options: &NetOptions, domain: &Domain) -> Result<Log, Error> {
    // The user's own headers are for the sites, not for the log.
    let most = u64::try_from(MOST_LIST_BYTES).unwrap_or(u64::MAX);
    let options = NetOptions { headers: Vec::new(), max_size: options.max_size.max(most), ..options.clone() };
    let client = Arc::new(Client::new(options, &[])?);
    let visitor = Visitor::new(&client, &Site::at("ct".to_owned(), url.clone()))?;
    let answer = loop {
        let answer = visitor.resource(&url).await;
        match visitor.again().filter(|_| answer.is_err()) {
            Some(wait) => {
                visitor.next_round();
                tokio::time::sleep(wait).await;
            }
            None => break answer,
        }
    };
    let names = match answer {
        Ok(answer) => of_log(&answer.body, domain).map_err(|_| {
            Text::new(
                "câu trả lời không phải danh sách JSON có name_value",
                "the answer is no JSON list with name_value",
            )
        }),
        Err(fault) => Err(summary::gap(fault.gap)),
    };
    Ok((url, names))
}

/// Names of both lists, each with where it is from.
fn listed(names: Option<&Names>, log: Option<&Log>) -> Vec<(Vec<Url>, Source)> {
    let file = names.into_iter().flat_map(|names| names.addresses.iter().map(|a| (a.clone(), Source::Names)));
    let log = log.and_then(|(_, names)| names.as_ref().ok());
    let log = log.into_iter().flat_map(|names| names.addresses.iter().map(|a| (a.clone(), Source::Log)));
    file.chain(log).collect()
}

/// The facts that show a tracker and its ids.
pub(super) fn needs(policy: &LoadedPolicy) -> Needs {
    Needs {
        trackers: policy.policy.trackers.iter().map(|(name, tracker)| (name.clone(), tracker.clone())).collect(),
        deferred_types: policy.policy.deferred_types.clone(),
        ..Needs::default()
    }
}

/// Keeps the progress of a search.
fn watch(progress: Arc<Progress>) -> Watch {
    Arc::new(move |step| match step {
        Step::Known(hosts) => progress.begin(hosts),
        Step::Done(unread) => progress.done(unread),
    })
}

/// Reads tracker ids as the judges do.
pub(super) fn ids(policy: LoadedPolicy) -> Ids {
    Arc::new(move |site: &Site, page: &Page| {
        let subject = Subject {
            site,
            estate: &Estate::default(),
            policy: &policy.policy,
            page: Ok::<&Page, Gap>(page),
            basis: Basis::Http,
            recorded: None,
            browser: BrowserUse::NotRequested,
            visit: &Visit::default(),
            now: jiff::Timestamp::UNIX_EPOCH,
        };
        let standings = policy.policy.trackers.iter().filter_map(|(name, tracker)| stand(&subject, name, tracker).ok());
        let mut ids: Vec<String> = standings.flat_map(|standing| standing.ids).collect();
        ids.sort();
        ids.dedup();
        ids
    })
}

fn write(
    flags: &Discover,
    existing: Option<&[u8]>,
    explored: &Explored,
    merged: &Merged,
    lang: Lang,
) -> Result<(), Error> {
    if is_stdout(&flags.output) {
        print(&merged.text)?;
    } else if existing != Some(merged.text.as_bytes()) {
        deliver::write(&flags.output, merged.text.as_bytes())?;
    }
    let Some(csv) = &flags.csv else { return Ok(()) };
    let table = table::to_csv(explored, merged, lang);
    if is_stdout(csv) { print(&table) } else { deliver::write(csv, table.as_bytes()) }
}

fn print(text: &str) -> Result<(), Error> {
    let mut stream = std::io::stdout();
    match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
        // The reader (head, less) has seen enough.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        Err(cause) => Err(Error::Write { path: "stdout".to_owned(), cause }),
        Ok(()) => Ok(()),
    }
}

/// Tells people on the error stream, where nobody takes it for the list.
fn say(text: &str) {
    // Nobody is left to tell when it is closed.
    let _ = writeln!(std::io::stderr(), "{}", text.trim_end());
}
