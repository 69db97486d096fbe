//! What is done with a file: read, all its variants too, and what can be run is run for a while.

use std::fmt;

use tunnelsim::measure::metric::MetricUse;
use tunnelsim::measure::recorder::RecorderOptions;
use tunnelsim::notation::{Loaded, Style};
use tunnelsim::scenario::{Document, Findings, Scenario};
use tunnelsim::simulation::{RunKey, Simulation};

/// Events after which a run has shown enough.
const EVENTS: u64 = 1_000;

/// Of how many files that can be run one is run.
const RUN_ONE_OF: u64 = 2;

/// Of how many files that are refused one is told why.
const SHOW_ONE_OF: u64 = 4;

/// How a file fared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// It was refused, with a reason.
    Refused,
    /// It was accepted, and not run.
    Accepted,
    /// It ran, to its end or for a thousand events.
    Ran,
}

/// How many files fared how.
#[derive(Clone, Copy, Default, Debug)]
pub struct Tally {
    /// Refused with a reason.
    pub refused: u64,
    /// Accepted, and not run.
    pub accepted: u64,
    /// Run.
    pub ran: u64,
}

impl Tally {
    /// Counts.
    pub fn of<'a>(ends: impl Iterator<Item = &'a End>) -> Tally {
        let mut tally = Tally::default();
        for end in ends {
            match end {
                End::Refused => tally.refused += 1,
                End::Accepted => tally.accepted += 1,
                End::Ran => tally.ran += 1,
            }
        }
        tally
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally {
            refused,
            accepted,
            ran,
        } = self;
        write!(
            f,
            "{refused} refused with a reason, {accepted} accepted, {ran} run for up to {EVENTS} events"
        )
    }
}

/// Tries a file.
///
/// # Errors
/// When it is refused without a reason, or breaks a rule while it runs.
pub fn attempt(bytes: &[u8], number: u64) -> Result<End, String> {
    match read(bytes) {
        // Putting problems into words takes longer than finding them.
        Err(found) if number.is_multiple_of(SHOW_ONE_OF) => refusal(&found),
        Err(found) if found.problems.has_errors() => Ok(End::Refused),
        Err(_) => Err("it is refused without a reason".to_owned()),
        Ok(scenarios) if number.is_multiple_of(RUN_ONE_OF) => {
            let which = number / RUN_ONE_OF % scenarios.len() as u64;
            run(&scenarios[which as usize]).map(|()| End::Ran)
        }
        Ok(_) => Ok(End::Accepted),
    }
}

fn refusal(found: &Findings) -> Result<End, String> {
    let shown = found.render(Style::Plain);
    let is_tame = |c: char| c == '\n' || !c.is_control();
    if !shown.contains("error: ") {
        return Err("it is refused without a reason".to_owned());
    }
    if !shown.chars().all(is_tame) {
        return Err(format!("the message has control characters: {shown:?}"));
    }
    Ok(End::Refused)
}

/// The scenario with all its variants. What it refers to is another small scenario, a configuration or a trace.
fn read(bytes: &[u8]) -> Result<Vec<Scenario>, Findings> {
    let mut load = |name: &str, _: &str| -> Result<Loaded, String> {
        let text = match name.rsplit('.').next() {
            Some("csv") => {
                "at_s,client,hostname\n0.5,anna,app.example.com\n1,ben,app.example.com\n"
            }
            Some("yml") => "ingress: [{service: 'http://web:80'}]\n",
            Some("yaml") => include_str!("corpus/smallest.yaml"),
            _ => return Err("does not exist".to_owned()),
        };
        Ok(Loaded {
            name: name.to_owned(),
            bytes: text.as_bytes().to_vec(),
        })
    };
    let document = Document::open("hostile.yaml", bytes, &[], &mut load)?;
    let mut scenarios = vec![document.scenario()?];
    scenarios.extend(
        document
            .variants()?
            .into_iter()
            .map(|(_, scenario)| scenario),
    );
    for scenario in &scenarios {
        let _ = scenario.warnings.render(Style::Coloured);
    }
    Ok(scenarios)
}

/// Runs a scenario, every measurement that it asks for included.
fn run(scenario: &Scenario) -> Result<(), String> {
    let asked = scenario.expect.iter().chain(&scenario.holds_if);
    let measurements: Vec<MetricUse> = asked.map(|it| it.metric.clone()).collect();
    let options = RecorderOptions {
        measurements,
        ..RecorderOptions::default()
    };
    let key = RunKey {
        seed: scenario.seed,
        replication: 0,
    };
    let mut simulation = Simulation::new(&scenario.blueprint, &scenario.faults, key, options);
    for _ in 0..EVENTS {
        if !simulation.step().map_err(|broken| broken.to_string())? {
            return simulation
                .run()
                .map(|_| ())
                .map_err(|broken| broken.to_string());
        }
    }
    Ok(())
}
