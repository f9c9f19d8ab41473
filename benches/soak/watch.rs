//! What a process holds at one time (memory, descriptors by kind, threads, children, temporary files) and whether it
//! grows from sample to sample. Reads `/proc`; ends nothing and frees nothing.

use std::collections::BTreeMap;
use std::path::Path;

/// What is held at one time.
#[derive(Debug, Clone, Default)]
pub(super) struct Sample {
    pub(super) checks: u64,
    /// KiB that the program asked for and has not given back.
    pub(super) held: u64,
    /// KiB.
    pub(super) resident: u64,
    /// KiB: shared pages counted in part.
    pub(super) proportional: u64,
    /// By kind: file, socket, pipe, other.
    pub(super) open: BTreeMap<&'static str, usize>,
    pub(super) threads: usize,
    pub(super) children: usize,
    pub(super) temporary: usize,
}

impl Sample {
    /// Of this process, what it holds in bytes, and the entries of its folder for temporary files.
    pub(super) fn take(checks: u64, held: usize, temporary: &Path) -> Self {
        let memory = std::fs::read_to_string("/proc/self/smaps_rollup").unwrap();
        let field = |name: &str| {
            let line = memory.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.trim().trim_end_matches(" kB").parse().unwrap()
        };
        let mut open = BTreeMap::from([("file", 0), ("socket", 0), ("pipe", 0), ("other", 0)]);
        // The one that lists them is open as well, each time.
        for entry in std::fs::read_dir("/proc/self/fd").unwrap().flatten() {
            let target = std::fs::read_link(entry.path()).map(|to| to.to_string_lossy().into_owned());
            let kind = match target.unwrap_or_default() {
                to if to.starts_with('/') => "file",
                to if to.starts_with("socket:") => "socket",
                to if to.starts_with("pipe:") => "pipe",
                _ => "other",
            };
            *open.entry(kind).or_default() += 1;
        }
        let tasks: Vec<_> = std::fs::read_dir("/proc/self/task").unwrap().flatten().collect();
        let children = |path: &Path| std::fs::read_to_string(path.join("children")).unwrap_or_default();
        Self {
            checks,
            held: held as u64 / 1024,
            resident: field("Rss:"),
            proportional: field("Pss:"),
            open,
            threads: tasks.len(),
            children: tasks.iter().map(|task| children(&task.path()).split_whitespace().count()).sum(),
            temporary: std::fs::read_dir(temporary).map_or(0, Iterator::count),
        }
    }

    pub(super) const HEAD: &str =
        "  checks held KiB  RSS KiB  PSS KiB  files  sockets  pipes  other  threads  children  temporary";

    pub(super) fn row(&self) -> String {
        let open = |kind: &str| self.open.get(kind).copied().unwrap_or_default();
        format!(
            "{:8} {:8} {:8} {:8} {:6} {:8} {:6} {:6} {:8} {:9} {:10}",
            self.checks,
            self.held,
            self.resident,
            self.proportional,
            open("file"),
            open("socket"),
            open("pipe"),
            open("other"),
            self.threads,
            self.children,
            self.temporary
        )
    }

    fn counts(&self) -> impl Iterator<Item = (&'static str, usize)> {
        let rest = [("threads", self.threads), ("children", self.children), ("temporary files", self.temporary)];
        self.open.iter().map(|(kind, n)| (*kind, *n)).chain(rest)
    }
}

/// The middle of some numbers.
fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}

/// Fewer checks than this tell nothing of the system's memory: what the allocator keeps for later use comes in steps.
const SETTLED: u64 = 1_000;
/// KiB that the program may hold more of after each check; the text of one page is more.
const MOST_HELD: f64 = 1.0;

/// The median slope of all pairs of samples (Theil and Sen): KiB a check.
fn slope(samples: &[Sample], of: impl Fn(&Sample) -> f64) -> f64 {
    let pairs = samples.iter().enumerate().flat_map(|(k, a)| samples[k + 1..].iter().map(move |b| (a, b)));
    median(pairs.map(|(a, b)| (of(b) - of(a)) / (b.checks - a.checks) as f64).collect())
}

/// What grew in the last three quarters: what the program holds, by more than it may for each check; in a long run what
/// the system gave it, by more than so many hundredths of its median; a count when the most of it is above the most of
/// the first quarter.
pub(super) fn grown(samples: &[Sample], bar: f64) -> Result<String, String> {
    let (first, last) = samples.split_at(samples.len() / 4);
    let (Some(from), Some(to)) = (last.first(), last.last()) else {
        return Err("there are too few samples".to_owned());
    };
    let mut faults = Vec::new();
    for (name, _) in from.counts() {
        let most =
            |part: &[Sample]| part.iter().flat_map(Sample::counts).filter(|(n, _)| *n == name).map(|(_, k)| k).max();
        let (before, after) = (most(first).unwrap_or_default(), most(last).unwrap_or_default());
        if after > before {
            faults.push(format!("{name}: {before} in the first quarter, {after} later"));
        }
    }
    let held = slope(last, |s| s.held as f64);
    let given = |s: &Sample| s.proportional as f64;
    let middle = median(last.iter().map(given).collect());
    let percent = 100.0 * slope(last, given) * (to.checks - from.checks) as f64 / middle;
    let long = to.checks >= SETTLED;
    let mut told = format!(
        "over the last three quarters: held grew {held:.3} KiB a check (bar {MOST_HELD}); PSS median {middle:.0} KiB, \
         grew {percent:.2} % "
    );
    told.push_str(&if long { format!("(bar {bar} %)") } else { "(too short a run to tell)".to_owned() });
    if held > MOST_HELD || (long && percent > bar) {
        faults.push("memory grows".to_owned());
    }
    if faults.is_empty() { Ok(told) } else { Err(format!("{told}\n{}", faults.join("\n"))) }
}
