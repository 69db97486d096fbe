//! `tunnelsim explain`: the story of one request or session, told by a second run of the same scenario.

mod connection;
mod find;
mod meanwhile;
mod names;
mod parts;
mod request;
mod session;
mod witness;

use super::exit::{Exit, Failure};
use super::input::{Input, source};
use super::runs::Bar;
use super::terminal::Terminal;
use super::{reproduce, variant};
use crate::experiment::Progress;
use crate::experiment::Stopped;
use crate::experiment::replication::work;
use crate::report::text;
use crate::report::wording::count;
use crate::scenario::Scenario;
use crate::scenario::limits::REPLICATIONS_MAX;
use find::Wanted;
use names::Names;
use variant::Form;

/// Tell the story of one request or session: who was asked, why, and where each millisecond went.
#[derive(clap::Args, Debug)]
#[command(group = clap::ArgGroup::new("wanted").required(true))]
pub struct Arguments {
    /// A file, `example:NAME`, or `-` for standard input.
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    file: String,
    /// A request by its name: `spain/12/0`.
    #[arg(long, value_name = "GROUP/SESSION/REQUEST", group = "wanted")]
    request: Option<String>,
    /// A session by its name: `spain/12`.
    #[arg(long, value_name = "GROUP/SESSION", group = "wanted")]
    session: Option<String>,
    /// The first request with a status (`502`) or a cause (`no-such-host`), the first `delayed` one, or the first
    /// session with an `empty-cart`.
    #[arg(long, value_name = "WHAT", group = "wanted")]
    first: Option<String>,
    /// Change a setting: `--set clients.spain.sessions=10/s`.
    #[arg(long = "set", value_name = "PATH=VALUE")]
    overrides: Vec<String>,
    /// The variant to tell it of; else the first that has it.
    #[arg(long, value_name = "NAME")]
    variant: Option<String>,
    /// The seed of all random numbers.
    #[arg(long, value_name = "NUMBER")]
    seed: Option<String>,
    /// The run with this number, from 0.
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = 0,
        hide_default_value = true,
        value_parser = clap::value_parser!(u64).range(..REPLICATIONS_MAX)
    )]
    replication: u64,
}

/// Finds the request or session, runs again with an ear on it, and tells what was heard.
///
/// Of a scenario with variants it is the first variant that has what is wanted, unless one is named.
pub fn run(arguments: &Arguments, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let seed = arguments.seed.as_ref().map(|seed| format!("seed={seed}"));
    let overrides: Vec<String> = arguments.overrides.iter().cloned().chain(seed).collect();
    let input = source(&arguments.file)?.open_or_say(&overrides, terminal)?;
    let forms = variant::forms(&input, arguments.variant.as_deref(), terminal)?;
    for form in &forms {
        if let Some(told) = story(form, arguments, terminal)? {
            let again = arguments.again(&input, form);
            let others = others(form, &forms);
            // The command stays in one line, to be pasted.
            let told = text::fitted(&format!("{told}{others}"), terminal.width);
            terminal.answer(&format!("{told}again: {again}\n"))?;
            return Ok(Exit::Pass);
        }
    }
    let wanted = arguments.wanted(&Names::new(&forms[0].scenario))?;
    let wanted = wanted.in_words(&Names::new(&forms[0].scenario));
    let place = place(&forms, arguments.replication);
    Err(Failure::usage(format!(
        "`{}` has no {wanted}{place}",
        input.label
    )))
}

/// Where it was looked for, and where else to look.
fn place(forms: &[Form], replication: u64) -> String {
    let variants = match forms {
        [Form { variant: None, .. }] => None,
        [_] => Some(format!("variant {}", variant::names(forms))),
        _ => Some(format!("any of its variants {}", variant::names(forms))),
    };
    let (run, elsewhere) = match forms[0].scenario.replications {
        1 => (None, ""),
        runs => (
            Some(format!("run {replication} of {}", count(runs))),
            "; the others are looked at with `--replication NUMBER`, from 0",
        ),
    };
    let places: Vec<String> = run.into_iter().chain(variants).collect();
    match places.is_empty() {
        true => String::new(),
        false => format!(" in {}{elsewhere}", places.join(" of ")),
    }
}

/// The story in one form of the scenario, if it has what is wanted.
fn story(
    form: &Form,
    arguments: &Arguments,
    terminal: &mut Terminal<'_>,
) -> Result<Option<String>, Failure> {
    let scenario = &form.scenario;
    let names = Names::new(scenario);
    let progress = std::sync::Arc::new(Progress::default());
    super::interrupt::listen(&progress);
    let hearing = Hearing {
        scenario,
        replication: arguments.replication,
        progress: &progress,
    };
    let wanted = arguments.wanted(&names)?;
    let runs = if matches!(wanted, Wanted::Named(_)) {
        1
    } else {
        2
    };
    progress.plan(runs * work(scenario));
    let mut bar = Bar::new(false, terminal);
    let heard = bar.beside(&progress, || {
        let Some(target) = find::find(&wanted, &hearing)? else {
            return Ok(None);
        };
        witness::listen(target.session(), &hearing).map(|heard| Some((target, heard)))
    });
    bar.end();
    let Some((target, heard)) = heard? else {
        return Ok(None);
    };
    let told = match target {
        find::Target::Request(id) => request::tell(id, &heard, &names),
        find::Target::Session(..) => session::tell(&heard, &names),
    };
    let title = names.title(form, arguments.replication);
    Ok(told.map(|told| format!("{title}\n{told}")))
}

/// Which variants could have been told of instead.
fn others(told: &Form, forms: &[Form]) -> String {
    let others: Vec<&str> = forms
        .iter()
        .filter_map(|form| form.variant.as_deref())
        .filter(|name| Some(*name) != told.variant.as_deref())
        .collect();
    if others.is_empty() {
        return String::new();
    }
    format!(
        "  other variants, by `--variant NAME`: {}\n",
        others.join(", ")
    )
}

/// Where to listen.
struct Hearing<'a> {
    scenario: &'a Scenario,
    replication: u64,
    progress: &'a Progress,
}

impl Hearing<'_> {
    fn failure(&self, stopped: Stopped) -> Failure {
        match stopped {
            Stopped::Interrupted => Failure::interrupted(),
            Stopped::Violation(violation) => Failure::defect(&format!(
                "internal invariant broken: {violation}, seed {}, replication {}",
                self.scenario.seed, self.replication
            )),
        }
    }
}

impl Arguments {
    /// The command that tells the same story again.
    fn again(&self, input: &Input, form: &Form) -> String {
        let flag = |name: &str, value: &Option<String>| {
            let value = value.as_ref()?;
            Some(format!(" --{name} {}", reproduce::quoted(value)))
        };
        let flags = [
            flag("variant", &form.variant),
            flag("request", &self.request),
            flag("session", &self.session),
            flag("first", &self.first),
            (self.replication > 0).then(|| format!(" --replication {}", self.replication)),
        ];
        let flags: String = flags.into_iter().flatten().collect();
        let command = reproduce::with_overrides("explain", input);
        format!("{command} --seed {}{flags}", form.scenario.seed)
    }

    fn wanted(&self, names: &Names<'_>) -> Result<Wanted, Failure> {
        match (&self.request, &self.session, &self.first) {
            (Some(text), _, _) => find::request(text, names),
            (_, Some(text), _) => find::session(text, names),
            (_, _, Some(text)) => find::first(text),
            (None, None, None) => Err(Failure::usage(
                "one of --request, --session and --first is needed",
            )),
        }
    }
}
