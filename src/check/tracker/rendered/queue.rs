//! The queue as a browser had it, in the form that bytes are read into, so that the same steps judge both. Places
//! come from the static reading: the commands it found, else code that names the queue, else the page as a whole.

use serde_json::Value;

use super::Question;
use crate::check::place::spot_of;
use crate::finding::safe;
use crate::snapshot::{Arg, Certainty, Command, Doubt, Idle, Load, LoadForm, QueueFacts, Spot};

/// Characters kept of a value that is no text.
const SHOWN: usize = 200;
/// The largest number up to which every whole number is one.
const WHOLE: f64 = 9_007_199_254_740_992.0;

/// What the browser found of the tracker.
pub(super) fn facts(question: &Question<'_>) -> QueueFacts {
    let mut commands = commands(question, question.run.queue.as_deref().unwrap_or_default());
    let doubt = question.run.cut.then(|| (Doubt::Cut, Spot::whole(&question.page.source)));
    if doubt.is_some() {
        // A later one may say otherwise.
        commands.iter_mut().for_each(|command| command.certainty = Certainty::Maybe(Doubt::Cut));
    }
    let loads = question.run.library.iter().map(|library| {
        let known = question.facts.loads.iter().find(|l| l.inserted).or(question.facts.loads.first());
        let by = || library.by.as_ref().and_then(|place| spot_of(place, question.page));
        Load {
            form: known.map_or(LoadForm::Inserted, |l| l.form),
            address: Arg::Known(library.url.clone()),
            inserted: true,
            early: known.is_some_and(|l| l.early),
            certainty: Certainty::Sure,
            spot: known.map(|l| l.spot.clone()).or_else(by).unwrap_or_else(|| Spot::whole(&question.page.source)),
        }
    });
    QueueFacts { commands, loads: loads.collect(), mentions: question.facts.mentions.clone(), doubt }
}

/// Commands as the static reader writes them.
pub(super) fn commands(question: &Question<'_>, queue: &[Vec<Value>]) -> Vec<Command> {
    let mut used = vec![false; question.facts.commands.len()];
    let found = queue.iter().map(|command| {
        let mut values = command.iter().map(arg);
        let name = values.next().unwrap_or_else(|| Arg::Other("undefined".to_owned()));
        let args: Vec<Arg> = values.collect();
        let spot = spot(question, &name, &args, &mut used);
        Command { name, args, certainty: Certainty::Sure, spot }
    });
    found.collect()
}

/// A value of a command as the static reader writes it.
pub(super) fn arg(value: &Value) -> Arg {
    match value {
        Value::String(text) => Arg::Known(text.clone()),
        Value::Number(number) => Arg::Known(match number.as_f64() {
            // Scripts write a whole number without a fraction.
            Some(n) if n.fract() == 0.0 && n.abs() < WHOLE => format!("{n:.0}"),
            _ => number.to_string(),
        }),
        other => Arg::Other(safe(&other.to_string(), SHOWN)),
    }
}

/// Where a command is written: the next one that says the same, else one of the same name.
fn spot(question: &Question<'_>, name: &Arg, args: &[Arg], used: &mut [bool]) -> Spot {
    let written = &question.facts.commands;
    let alike = || written.iter().position(|c| c.name == *name);
    let next = written.iter().zip(used.iter()).position(|(c, used)| !used && c.name == *name && c.args == args);
    if let Some(n) = next.or_else(alike) {
        used[n] = true;
        return written[n].spot.clone();
    }
    let running = |idle: Idle| matches!(idle, Idle::OtherUse | Idle::LocalQueue | Idle::Overwritten);
    let mention = question.facts.mentions.iter().find(|m| running(m.idle)).map(|m| &m.spot);
    let doubt = question.facts.doubt.as_ref().map(|(_, spot)| spot);
    mention.or(doubt).cloned().unwrap_or_else(|| Spot::whole(&question.page.source))
}
