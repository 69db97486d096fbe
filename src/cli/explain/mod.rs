//! `tunnelsim explain`: the story of one request or session, told by a second run of the same scenario.

mod connection;
mod find;
mod meanwhile;
mod names;
mod request;
mod session;
mod witness;

use super::exit::{Exit, Failure};
use super::input::{say_findings, source};
use super::terminal::Terminal;
use crate::experiment::Progress;
use crate::experiment::Stopped;
use crate::scenario::limits::REPLICATIONS_MAX;
use crate::scenario::{Document, Scenario};
use find::Wanted;
use names::Names;

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
    /// Tell it of this variant of the scenario.
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
pub fn run(arguments: &Arguments, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let seed = arguments.seed.as_ref().map(|seed| format!("seed={seed}"));
    let overrides: Vec<String> = arguments.overrides.iter().cloned().chain(seed).collect();
    let input = source(&arguments.file)?.open_or_say(&overrides, terminal)?;
    let scenario = scenario(&input.document, arguments.variant.as_deref(), terminal)?;
    let names = Names::new(&scenario);
    let progress = std::sync::Arc::new(Progress::default());
    super::interrupt::listen(&progress);
    let hearing = Hearing {
        scenario: &scenario,
        replication: arguments.replication,
        progress: &progress,
    };
    let wanted = arguments.wanted(&names)?;
    let target = find::find(&wanted, &hearing)?;
    let heard = witness::listen(target.session(), &hearing)?;
    let told = match target {
        find::Target::Request(id) => request::tell(id, &heard, &names),
        find::Target::Session(..) => session::tell(&heard, &names),
    };
    let told = told.ok_or_else(|| {
        Failure::usage(format!(
            "`{}` has no {}",
            input.label,
            target.in_words(&names)
        ))
    })?;
    terminal.answer(&format!("{}\n{told}", names.title(&scenario, arguments)))?;
    Ok(Exit::Pass)
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

/// The scenario as written, or the variant of that name.
fn scenario(
    document: &Document,
    variant: Option<&str>,
    terminal: &mut Terminal<'_>,
) -> Result<Scenario, Failure> {
    let mut said = |findings| {
        say_findings(&findings, terminal);
        Failure::said(Exit::Usage)
    };
    let Some(wanted) = variant else {
        return document.scenario().map_err(said);
    };
    let variants = document.variants().map_err(&mut said)?;
    let known: Vec<String> = variants.iter().map(|(name, _)| name.clone()).collect();
    let found = variants
        .into_iter()
        .find(|(name, _)| name == wanted)
        .map(|(_, scenario)| scenario);
    found.ok_or_else(|| {
        let known = if known.is_empty() {
            "it has none".to_owned()
        } else {
            format!("it has {}", known.join(", "))
        };
        Failure::usage(format!("no variant is called `{wanted}`; {known}"))
    })
}
