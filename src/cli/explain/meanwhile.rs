//! What went on around a request: faults, what the tunnel's status said, and what changed on its way.

use super::names::Names;
use super::witness::Heard;
use crate::kernel::time::Time;
use crate::measure::observation::{Change, Entity, Happening, RequestSeen, TunnelStatus};
use crate::report::words;
use crate::world::ids::{FaultId, Position, TunnelId};

/// Changes that are told one by one.
const CHANGES_TOLD: usize = 12;

/// Tells what went on, in lines.
pub fn tell(seen: &RequestSeen, heard: &Heard, names: &Names<'_>) -> Vec<String> {
    let mut lines = vec![faults(seen.born, heard, names)];
    let tunnels = (0..names.scope.tunnels.len()).map(TunnelId::at);
    lines.extend(tunnels.map(|tunnel| status(tunnel, seen, heard, names)));
    let during = heard
        .between(seen.born, seen.closed)
        .filter(|change| !is_status(change.what));
    let during = told_once(during.map(|change| in_words(change, names)));
    let more = during.len().saturating_sub(CHANGES_TOLD);
    lines.extend(during.into_iter().take(CHANGES_TOLD));
    if more > 0 {
        lines.push(format!("and {more} more changes"));
    }
    lines
}

/// Lines of which equal ones in a row are one: a tunnel that is degraded and down at once sends two alerts.
fn told_once(lines: impl Iterator<Item = String>) -> Vec<String> {
    let mut told: Vec<(String, usize)> = Vec::new();
    for line in lines {
        match told.last_mut() {
            Some((last, times)) if *last == line => *times += 1,
            _ => told.push((line, 1)),
        }
    }
    let in_words = |(line, times)| match times {
        1 => line,
        _ => format!("{line}, {times} times"),
    };
    told.into_iter().map(in_words).collect()
}

fn is_status(what: Happening) -> bool {
    matches!(what, Happening::Status(_))
}

/// The faults in force when the request was sent.
fn faults(born: Time, heard: &Heard, names: &Names<'_>) -> String {
    let mut in_force: Vec<(FaultId, Time)> = Vec::new();
    for change in heard.between(Time::ZERO, born) {
        match (change.entity, change.what) {
            (Entity::Fault(fault), Happening::Strikes) => in_force.push((fault, change.at)),
            (Entity::Fault(fault), Happening::Clears) => {
                in_force.retain(|(other, _)| *other != fault)
            }
            _ => {}
        }
    }
    let since = |(fault, at): &(FaultId, Time)| {
        format!("{} since {at}", names.scope.faults[fault.index()].name)
    };
    match in_force.is_empty() {
        true => "when it was sent, no fault was in force".to_owned(),
        false => format!(
            "when it was sent, in force: {}",
            in_force.iter().map(since).collect::<Vec<_>>().join(", ")
        ),
    }
}

/// What the tunnel's status said when the request was sent, and what it came to say until it was closed.
fn status(tunnel: TunnelId, seen: &RequestSeen, heard: &Heard, names: &Names<'_>) -> String {
    let of_tunnel = |change: &&Change| change.entity == Entity::Tunnel(tunnel);
    let named = |change: &Change| match change.what {
        Happening::Status(status) => Some((change.at, status)),
        _ => None,
    };
    let before = heard
        .between(Time::ZERO, seen.born)
        .filter(of_tunnel)
        .filter_map(named)
        .last();
    let then = before.map_or(TunnelStatus::Inactive, |(_, status)| status);
    let changes = heard
        .between(seen.born, seen.closed)
        .filter(of_tunnel)
        .filter_map(named);
    let changes = changes.filter(|(at, _)| *at > seen.born);
    let later: String = changes
        .map(|(at, status)| format!(", then {} at {at}", status.name()))
        .collect();
    let name = &names.scope.tunnels[tunnel.index()].name;
    format!(
        "meanwhile the status of tunnel {name} said {}{later}",
        then.name()
    )
}

fn in_words(change: &Change, names: &Names<'_>) -> String {
    let (kind, name) = words::entity(change.entity, &names.scope);
    let (what, detail) = words::happening(change.what, &names.scope);
    let detail = detail.map_or_else(String::new, |detail| format!(" ({detail})"));
    format!("{}  {kind} {name}: {what}{detail}", change.at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_twice_at_once_is_one_line() {
        let lines = ["a", "b", "b", "a"].map(str::to_owned);
        assert_eq!(told_once(lines.into_iter()), ["a", "b, 2 times", "a"]);
    }
}
