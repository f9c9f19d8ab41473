//! Runs the whole program again and again in one process, each time on other pages, and tells whether memory, open
//! files, sockets, threads, processes or temporary files grow. `benches/soak.sh` builds and starts it.
//!
//! ```text
//! soak [--checks 10000] [--seed 1] [--browser PROGRAM] [--every 100] [--sample 100] [--bar 5]
//! ```
//!
//! One check in `--every`, a multiple of twenty, is done in Chromium. Ends with 1 when something grew or a command ended as it must not.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench stops at the first surprise")]

#[path = "soak/pages.rs"]
mod pages;
#[path = "soak/rounds.rs"]
mod rounds;
#[expect(dead_code, unused_imports, reason = "the servers of the tests can do more than is wanted here")]
#[path = "../tests/e2e/server/mod.rs"]
mod server;
#[path = "soak/watch.rs"]
mod watch;
#[path = "soak/world.rs"]
mod world;

use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use peak_alloc::PeakAlloc;
use rounds::Reach;
use watch::Sample;

/// Counts what is asked for and not given back: unlike the system's figures it knows nothing of what an allocator keeps.
#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("serve") => world::serve(Path::new(&arguments[1])),
        Some("work") => return work(&arguments[1..]),
        _ => return supervise(&arguments),
    }
    ExitCode::SUCCESS
}

fn option<'a>(arguments: &'a [String], name: &str) -> Option<&'a str> {
    let at = arguments.iter().position(|a| a == name)?;
    arguments.get(at + 1).map(String::as_str)
}

/// Starts the servers and the process that is watched, and looks for what it left.
fn supervise(arguments: &[String]) -> ExitCode {
    let whole = tempfile::tempdir().unwrap();
    let folder = |name: &str| {
        let path = whole.path().join(name);
        std::fs::create_dir(&path).unwrap();
        path
    };
    let (servers, temporary, files) = (folder("servers"), folder("temporary"), folder("files"));
    let own = std::env::current_exe().unwrap();
    let mut serving =
        Command::new(&own).arg("serve").arg(&servers).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    BufReader::new(serving.stdout.take().unwrap()).read_line(&mut said).unwrap();
    let (secure, plain) = said.trim().split_once(' ').unwrap();
    let status = Command::new(&own)
        .args(["work", secure, plain])
        .args([&servers, &temporary])
        .args(arguments)
        .current_dir(&files)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("LANG", "en_US.UTF-8")
        .env("RASOAT_BROWSER_PATH", "")
        .env("TMPDIR", &temporary)
        // What glibc keeps for later use, a store for each thread and by a threshold that learns, makes steps that hide
        // what the program itself loses: one store, and large pieces are given back at once.
        .env("MALLOC_ARENA_MAX", "1")
        .env("MALLOC_MMAP_THRESHOLD_", "65536")
        .env("MALLOC_TRIM_THRESHOLD_", "65536")
        .status()
        .unwrap();
    drop(serving.stdin.take());
    serving.wait().unwrap();
    let left = std::fs::read_dir(&temporary).unwrap().count();
    let alive = processes(&temporary.display().to_string());
    println!("after its end: {left} temporary files, {} processes", alive.len());
    for process in &alive {
        println!("  {process}");
    }
    if status.success() && left == 0 && alive.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Processes that name a folder in what they were started with.
fn processes(folder: &str) -> Vec<String> {
    let all = std::fs::read_dir("/proc").unwrap().flatten();
    let lines = all.filter_map(|entry| std::fs::read(entry.path().join("cmdline")).ok());
    lines.map(|line| String::from_utf8_lossy(&line).replace('\0', " ")).filter(|line| line.contains(folder)).collect()
}

/// What is held once the threads of the last run are gone, who keep its connections for a moment; after five seconds
/// whatever there is.
fn settled(checks: u64, temporary: &Path, first: Option<&Sample>) -> Sample {
    let begun = Instant::now();
    loop {
        std::thread::sleep(Duration::from_millis(300));
        let sample = Sample::take(checks, MEMORY.current_usage(), temporary);
        if begun.elapsed() > Duration::from_secs(5) || first.is_some_and(|first| sample.threads <= first.threads) {
            return sample;
        }
    }
}

/// The checks, in this process.
fn work(arguments: &[String]) -> ExitCode {
    let [secure, plain, files, temporary, options @ ..] = arguments else { return ExitCode::FAILURE };
    let number = |name: &str, otherwise: u64| option(options, name).map_or(otherwise, |text| text.parse().unwrap());
    let (checks, seed, every, each) =
        (number("--checks", 10_000), number("--seed", 1), number("--every", 100), number("--sample", 100));
    let bar = number("--bar", 5) as f64;
    let browser = option(options, "--browser");
    let reach = Reach { secure: secure.clone(), plain: plain.clone(), files: files.clone() };
    let temporary = PathBuf::from(temporary);
    let begun = Instant::now();
    let (mut samples, mut ends, mut commands, mut shown) = (Vec::new(), [0_u64; 256], 0_u64, 0_u64);
    println!("{}", Sample::HEAD);
    for k in 0..checks {
        let folder = PathBuf::from("round");
        std::fs::create_dir(&folder).unwrap();
        let folder = folder.canonicalize().unwrap();
        // Pages of the place in a hundred stay the same in kind, whatever the seed.
        let page = seed * 1_000_000 + k;
        let browser = browser.filter(|_| k % every == 19);
        shown += u64::from(browser.is_some());
        for command in rounds::commands(page, browser, &reach, &folder) {
            let typed = std::iter::once("rasoat".to_owned()).chain(command.clone()).map(OsString::from);
            let exit = rasoat::cli::run(typed).number();
            ends[usize::from(exit)] += 1;
            commands += 1;
            if !rounds::may_end(page, exit) {
                println!("round {page} ended with {exit}: rasoat {}", command.join(" "));
                return ExitCode::FAILURE;
            }
        }
        std::fs::remove_dir_all(&folder).unwrap();
        if (k + 1) % each == 0 {
            let sample = settled(k + 1, &temporary, samples.first());
            println!("{}", sample.row());
            samples.push(sample);
        }
    }
    let ended: Vec<String> =
        ends.iter().enumerate().filter(|(_, n)| **n > 0).map(|(code, n)| format!("{n} × {code}")).collect();
    println!(
        "{checks} checks ({shown} in Chromium), {commands} commands in {:.0} s; exit codes: {}",
        begun.elapsed().as_secs_f64(),
        ended.join(", ")
    );
    match watch::grown(&samples, bar) {
        Ok(told) => {
            println!("{told}\nnothing grew");
            ExitCode::SUCCESS
        }
        Err(told) => {
            println!("{told}\nFAILED");
            ExitCode::FAILURE
        }
    }
}
