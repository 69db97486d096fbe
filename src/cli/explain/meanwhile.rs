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
    let during: Vec<&Change> = heard
        .between(seen.born, seen.closed)
        .filter(|change| !is_status(change.what))
        .collect();
    lines.extend(
        during
            .iter()
            .take(CHANGES_TOLD)
            .map(|change| in_words(change, names)),
    );
    if during.len() > CHANGES_TOLD {
        lines.push(format!("and {} more changes", during.len() - CHANGES_TOLD));
    }
    lines
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
