//! Each fault: how long until it was noticed, routed around and over, and what each stage cost.

use crate::measure::failover::{Milestone, Stage};
use crate::measure::histogram::{FINE, Histogram};
use crate::report::faults::FaultTally;
use crate::report::gathered::Gathered;
use crate::report::page::Page;
use crate::report::wording::{clock, count, counted, span};

/// Faults that are told of; a report of more says how many are left out.
const FAULTS_TOLD: usize = 6;

pub(super) fn add(page: &mut Page, runs: &Gathered) {
    let struck: Vec<_> = runs
        .first
        .scope
        .faults
        .iter()
        .zip(&runs.faults)
        .filter(|(_, tally)| tally.strikes > 0)
        .collect();
    let mut texts: Vec<String> = Vec::new();
    for (fault, tally) in struck.iter().take(FAULTS_TOLD) {
        texts.push(format!(
            "{}: {}",
            beginning(&fault.name, tally, runs.replications()),
            milestones(tally)
        ));
        texts.extend(costs(tally));
    }
    if struck.len() > FAULTS_TOLD {
        texts.push(format!(
            "{} more faults are in faults.csv",
            struck.len() - FAULTS_TOLD
        ));
    }
    page.facts("phase", texts);
}

/// The fault's name and when or how often it struck.
fn beginning(name: &str, tally: &FaultTally, replications: usize) -> String {
    match tally.first {
        Some(first) if tally.strikes == replications as u64 => {
            format!("{name} at {}", clock(first))
        }
        _ => {
            let strikes = counted(tally.strikes, "strike", "strikes");
            let followed = (tally.followed < tally.strikes)
                .then(|| format!(" of the first {}", count(tally.followed)));
            format!("{name}, {strikes}, medians{}", followed.unwrap_or_default())
        }
    }
}

/// The milestones that were reached, each as the time since the strike; the recovery since the clearing.
fn milestones(tally: &FaultTally) -> String {
    let mut parts = Vec::new();
    let told = [
        (Milestone::Noticed, "noticed"),
        (Milestone::Withdrawn, "withdrawn"),
        (Milestone::Rerouted, "rerouted"),
        (Milestone::Cleared, "cleared"),
    ];
    for (milestone, word) in told {
        parts.extend(typical(tally.waits(milestone)).map(|wait| format!("{word} after {wait}")));
    }
    // What is back the moment the fault clears needs no word of its own.
    match typical(&tally.recovery) {
        Some(_) if tally.recovery.max() == 0 => {}
        Some(wait) => parts.push(format!("recovered {wait} later")),
        None => match typical(tally.waits(Milestone::Recovered)) {
            Some(wait) => parts.push(format!("recovered after {wait}")),
            None => parts.push("not recovered".to_owned()),
        },
    }
    parts.join(", ")
}

/// The only time, or the median of several with the longest.
fn typical(waits: &Histogram<FINE>) -> Option<String> {
    let median = waits.quantile(0.5)?;
    Some(match waits.count() {
        1 => span(waits.max()),
        _ if median == waits.max() => span(median),
        _ => format!("{} (at most {})", span(median), span(waits.max())),
    })
}

/// What each stage cost, for the stages that cost something.
fn costs(tally: &FaultTally) -> Option<String> {
    let stage = |stage: Stage| {
        let cost = tally.cost(stage);
        let lost = (cost.lost > 0).then(|| format!("{} lost", count(cost.lost)));
        let delayed = (cost.delayed > 0).then(|| format!("{} delayed", count(cost.delayed)));
        let both: Vec<String> = lost.into_iter().chain(delayed).collect();
        (!both.is_empty()).then(|| format!("{}: {}", stage_in_words(stage, tally), both.join(", ")))
    };
    let costs: Vec<String> = Stage::ALL.into_iter().filter_map(stage).collect();
    (!costs.is_empty()).then(|| costs.join("; "))
}

/// The stage of a strike; edges notice what becomes of connections, and of a container nothing.
fn stage_in_words(stage: Stage, tally: &FaultTally) -> &'static str {
    let is_ever_noticed = tally.waits(Milestone::Noticed).count() > 0;
    match stage {
        Stage::InFlight => "in flight",
        Stage::Unnoticed if !is_ever_noticed => "unnoticed by the edges",
        Stage::Unnoticed => "before it was noticed",
        Stage::Noticed => "before the withdrawal",
        Stage::Withdrawn => "before rerouting",
        Stage::Rerouted => "while rerouted",
        Stage::Cleared => "before recovery",
    }
}
