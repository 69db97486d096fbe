//! What is told of connections: which ones could be chosen, and how the death of one was noticed.

use super::names::Names;
use super::witness::Heard;
use crate::kernel::time::Time;
use crate::measure::observation::{Change, Entity, Happening};
use crate::report::wording;
use crate::world::ids::{ConnectionRef, Position};
use crate::world::registry::Listed;

/// Candidates that are listed one by one.
const CANDIDATES_TOLD: usize = 8;

/// The candidates, best first, and why one of them was chosen.
pub fn candidates(
    candidates: &[(Listed, u64)],
    chosen: Option<Listed>,
    tried: &[ConnectionRef],
    names: &Names<'_>,
) -> Vec<String> {
    let told = candidates.iter().take(CANDIDATES_TOLD);
    let mut lines: Vec<String> = told
        .map(|(listed, preference)| candidate(*listed, *preference, chosen, tried, names))
        .collect();
    if candidates.len() > CANDIDATES_TOLD {
        lines.push(format!(
            "   and {} more",
            candidates.len() - CANDIDATES_TOLD
        ));
    }
    let Some(chosen) = chosen else {
        lines.push("none of them is left to try".to_owned());
        return lines;
    };
    let equals = equals(candidates, chosen, tried);
    if equals > 1 {
        lines.push(format!(
            "{equals} are equally good; chance decides between them"
        ));
    }
    lines
}

fn candidate(
    listed: Listed,
    preference: u64,
    chosen: Option<Listed>,
    tried: &[ConnectionRef],
    names: &Names<'_>,
) -> String {
    let connection = listed.connection;
    let is_chosen = chosen.is_some_and(|it| it.connection == connection);
    let mark = if is_chosen { "->" } else { "  " };
    let (name, metro) = (names.connection(connection), listed.metro);
    let weight = names.preference(names.scope.tunnel_of(connection.replica), preference);
    let tried = if tried.contains(&connection) {
        "  tried before"
    } else {
        ""
    };
    format!("{mark} {name:<20} {metro} {weight}{tried}")
        .trim_end()
        .to_owned()
}

/// How many candidates that are left are as good as the chosen one.
fn equals(candidates: &[(Listed, u64)], chosen: Listed, tried: &[ConnectionRef]) -> usize {
    let left = || {
        candidates
            .iter()
            .filter(|(it, _)| !tried.contains(&it.connection))
    };
    let best = left()
        .find(|(it, _)| it.connection == chosen.connection)
        .map(|(_, preference)| *preference);
    left()
        .filter(|(_, preference)| Some(*preference) == best)
        .count()
}

/// When the connection that an attempt was lost on had died, and who noticed it when.
pub fn notices(
    connection: ConnectionRef,
    lost: Time,
    heard: &Heard,
    names: &Names<'_>,
) -> Vec<String> {
    let of_connection = |change: &&Change| change.entity == Entity::Connection(connection);
    let before = heard.between(Time::ZERO, lost).filter(of_connection);
    // A connection that has registered since then died of something else.
    let death = before.fold(None, |death, change| match change.what {
        Happening::Severed { by } => Some((change.at, by)),
        Happening::Registers { .. } => None,
        _ => death,
    });
    let Some((since, by)) = death else {
        return Vec::new();
    };
    let fault = &names.scope.faults[by.index()].name;
    let mut told = vec![format!("{fault} took the connection away at {since}")];
    let after = heard.between(since, Time::MAX).filter(of_connection);
    let this_life = after.take_while(|change| !matches!(change.what, Happening::Registers { .. }));
    told.extend(this_life.filter_map(|change| notice(change, since)));
    told
}

fn notice(change: &Change, since: Time) -> Option<String> {
    let (at, after) = (change.at, wording::span(change.at.since(since).as_nanos()));
    match change.what {
        Happening::EdgeCloses { noticed: true } => Some(format!(
            "its data centre noticed the silence at {at}, {after} later"
        )),
        Happening::EdgeCloses { noticed: false } => {
            Some(format!("its data centre was told at {at}"))
        }
        Happening::ConnectorCloses => {
            Some(format!("the connector gave it up at {at}, {after} later"))
        }
        Happening::Withdrawn => Some(format!(
            "from {at} on, {after} later, no edge chose it any more"
        )),
        _ => None,
    }
}
