//! What monitors and operators were told, and when.

use super::delay::{Delay, Pick, strikes};
use super::{Entry, Kind, Measure, Unit};
use crate::measure::observation::{Change, Entity, Happening, TunnelStatus};
use crate::measure::run::Run;
use crate::measure::scope::Scope;
use crate::measure::selection::{Filter, Selection};
use crate::measure::status::Event;

pub(super) static ENTRIES: &[Entry] = &[
    Entry {
        name: "health_flip_s",
        unit: Unit::Seconds,
        help: "Time from a strike until a monitor first called an endpoint or pool unhealthy.",
        filters: &[Filter::Fault, Filter::Endpoint, Filter::Pool],
        required: &[],
        kind: Kind::Watch(|selection, _| Delay::boxed(selection, strikes, flips, Pick::First)),
    },
    Entry {
        name: "health_flips",
        unit: Unit::Count,
        help: "Changes of a monitor's verdict.",
        filters: &[Filter::Endpoint, Filter::Pool],
        required: &[],
        kind: Kind::Tallies(|run, selection| count(run, selection, Event::HealthFlip)),
    },
    Entry {
        name: "alerts",
        unit: Unit::Count,
        help: "Alerts sent, bad news and good.",
        filters: &[Filter::Tunnel, Filter::Pool],
        required: &[],
        kind: Kind::Tallies(|run, selection| count(run, selection, Event::Alert)),
    },
    Entry {
        name: "alert_s",
        unit: Unit::Seconds,
        help: "Time from a strike until the first alert with bad news.",
        filters: &[Filter::Fault, Filter::Tunnel, Filter::Pool],
        required: &[],
        kind: Kind::Watch(|selection, _| Delay::boxed(selection, strikes, alerts, Pick::First)),
    },
    Entry {
        name: "healthy_again_s",
        unit: Unit::Seconds,
        help: "Time from a strike until a tunnel's status first turned to healthy.",
        filters: &[Filter::Fault, Filter::Tunnel],
        required: &[],
        kind: Kind::Watch(|selection, _| {
            Delay::boxed(selection, strikes, turns_healthy, Pick::First)
        }),
    },
];

fn is_judged(entity: Entity, selection: &Selection, scope: &Scope) -> bool {
    match entity {
        Entity::Tunnel(id) => {
            selection.pool.is_none()
                && selection.endpoint.is_none()
                && selection.tunnel.is_none_or(|wanted| wanted == id)
        }
        Entity::Pool(id) => {
            selection.tunnel.is_none()
                && selection.endpoint.is_none()
                && selection.pool.is_none_or(|wanted| wanted == id)
        }
        Entity::Endpoint(id) => {
            let pool = scope.of_endpoint[usize::from(id.0)].pool;
            selection.endpoint.is_none_or(|wanted| wanted == id)
                && selection.pool.is_none_or(|wanted| wanted == pool)
        }
        _ => false,
    }
}

fn count(run: &Run, selection: &Selection, event: Event) -> Measure {
    Measure::count(
        run.status
            .count(event, |entity| is_judged(entity, selection, &run.scope)),
    )
}

fn flips(change: &Change, selection: &Selection, scope: &Scope) -> bool {
    change.what == Happening::Health { healthy: false }
        && is_judged(change.entity, selection, scope)
}

fn alerts(change: &Change, selection: &Selection, scope: &Scope) -> bool {
    change.what == Happening::Alert { healthy: false } && is_judged(change.entity, selection, scope)
}

fn turns_healthy(change: &Change, selection: &Selection, scope: &Scope) -> bool {
    change.what == Happening::Status(TunnelStatus::Healthy)
        && is_judged(change.entity, selection, scope)
}
