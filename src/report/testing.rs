//! A made-up scenario for the tests of this floor: two replicas, one of which loses its power for five minutes.

use super::gathered::Gathered;
use super::input::{Judged, Role, ScenarioReport, VariantReport};
use crate::kernel::hash::mix;
use crate::kernel::time::{Span, Time};
use crate::measure::expectation::{Bound, Expectation, Statistic, judge};
use crate::measure::finals::{ContainerUse, Divergence, Finals};
use crate::measure::metric::{MetricUse, find};
use crate::measure::observation::*;
use crate::measure::outcome::{Cause, Outcome};
use crate::measure::recorder::{Recorder, RecorderOptions};
use crate::measure::run::Run;
use crate::measure::scope::*;
use crate::measure::selection::Selection;
use crate::scenario::{Assumption, Verdict};
use crate::world::geography::{Atlas, DataCentre};
use crate::world::ids::*;

/// When the power goes, in seconds.
const STRUCK: u64 = 1_200;
/// When it returns.
const CLEARED: u64 = 1_500;
/// When the replica serves again.
const RECOVERED: u64 = 1_524;

/// How a made-up run goes.
#[derive(Clone, Copy)]
pub struct Story {
    /// Length of the run in seconds.
    pub horizon_s: u64,
    /// Requests per second.
    pub rate: u64,
    /// Seconds until the edges notice.
    pub notice_s: u64,
    /// Makes other random numbers.
    pub seed: u64,
}

impl Default for Story {
    fn default() -> Story {
        Story {
            horizon_s: 3_600,
            rate: 20,
            notice_s: 6,
            seed: 1,
        }
    }
}

impl Story {
    /// A short run with few requests.
    pub fn small() -> Story {
        Story {
            horizon_s: 1_600,
            rate: 4,
            ..Story::default()
        }
    }
}

/// Variants of which the claim holds in some, three runs each.
pub fn small_variants() -> Vec<VariantReport> {
    let story = Story::small();
    let quick = Story {
        notice_s: 1,
        ..story
    };
    let calm = Story {
        horizon_s: 1_000,
        ..story
    };
    let variants = [("idle 5s", story), ("idle 0.5s", quick), ("no fault", calm)];
    variants
        .map(|(name, story)| variant(Some(name), story, 3))
        .to_vec()
}

fn at(second: u64) -> Time {
    Time::ZERO + Span::from_secs(second)
}

fn named(names: &[&str]) -> Vec<Named> {
    names.iter().map(|name| Named::new(name)).collect()
}

fn scope(horizon_s: u64) -> Scope {
    let replica = |host| ReplicaScope {
        tunnel: TunnelId(0),
        host: HostId(host),
        connections: 4,
    };
    let container = |host| ContainerScope {
        host: HostId(host),
        workers: 8,
    };
    Scope {
        horizon: at(horizon_s),
        groups: named(&["spain", "mexico"]),
        hostnames: named(&["shop.example.com"]),
        hosts: named(&["vps", "home"]),
        containers: named(&["vps/web", "home/web"]),
        stores: named(&["left", "right"]),
        datasets: named(&["products"]),
        tunnels: named(&["prod"]),
        replicas: named(&["prod/vps", "prod/home"]),
        faults: named(&["vps-power-cut"]),
        of_replica: vec![replica(0), replica(1)],
        of_container: vec![container(0), container(1)],
        of_dataset: vec![DatasetScope {
            stores: vec![StoreId(0), StoreId(1)],
            keys: None,
        }],
        fault_clears: vec![true],
        fault_is_momentary: vec![false],
        ..Scope::default()
    }
}

/// A run of the story.
fn run(story: Story, asked: &[MetricUse]) -> Run {
    let options = RecorderOptions {
        measurements: asked.to_vec(),
        ..RecorderOptions::default()
    };
    let mut recorder = Recorder::of(scope(story.horizon_s), options);
    let change = |second, entity, what| Change {
        at: at(second),
        entity,
        what,
    };
    recorder.change(&change(
        0,
        Entity::Tunnel(TunnelId(0)),
        Happening::Status(TunnelStatus::Healthy),
    ));
    for second in 0..story.horizon_s {
        changes(second, story, &mut |entity, what| {
            recorder.change(&change(second, entity, what))
        });
        for number in 0..story.rate {
            let seen = request(second, number, story);
            recorder.request(&seen);
            recorder.session(&session(&seen));
        }
    }
    recorder.finish(finals(story))
}

fn changes(second: u64, story: Story, tell: &mut dyn FnMut(Entity, Happening)) {
    let connection = |index| {
        Entity::Connection(ConnectionRef {
            replica: ReplicaId(0),
            index,
        })
    };
    let (fault, tunnel) = (Entity::Fault(FaultId(0)), Entity::Tunnel(TunnelId(0)));
    if second == 0 {
        (0..4).for_each(|index| tell(connection(index), Happening::Listed));
    }
    if second == STRUCK {
        tell(fault, Happening::Strikes);
        tell(Entity::Host(HostId(0)), Happening::Down);
        (0..4).for_each(|index| tell(connection(index), Happening::Severed { by: FaultId(0) }));
    }
    if second == STRUCK + story.notice_s {
        (0..4).for_each(|index| tell(connection(index), Happening::EdgeCloses { noticed: true }));
        (0..4).for_each(|index| tell(connection(index), Happening::Withdrawn));
    }
    if second == CLEARED {
        tell(Entity::Host(HostId(0)), Happening::Up);
        tell(fault, Happening::Clears);
    }
    if second == RECOVERED {
        let metro = Atlas::shipped().metro("FRA").expect("a metro of the atlas");
        for index in 0..4 {
            let at = DataCentre {
                metro,
                number: index + 1,
            };
            tell(connection(index), Happening::Registers { at, http2: false });
        }
        tell(tunnel, Happening::Alert { healthy: true });
    }
}

fn request(second: u64, number: u64, story: Story) -> RequestSeen {
    let chance = mix(second << 20 ^ number << 4 ^ story.seed << 50);
    let born = at(second) + Span::from_nanos(1_000_000_000 / story.rate * number);
    let is_spain = chance % 5 < 3;
    let is_write = (chance / 7).is_multiple_of(10);
    let is_away = (STRUCK..RECOVERED).contains(&second);
    let is_unnoticed = (STRUCK..STRUCK + story.notice_s).contains(&second) && is_spain;
    let base = match (is_spain, is_away) {
        (true, true) => 161_000_000,
        (true, false) => 36_200_000,
        (false, _) => 11_300_000,
    };
    let jitter = 1_000_000 * (chance / 101 % 20) + 400_000 * (chance / 211 % 30).pow(2) / 9;
    let network = Span::from_nanos(base + jitter);
    let waiting = if is_unnoticed {
        at(STRUCK + story.notice_s).saturating_since(born)
    } else {
        Span::ZERO
    };
    let cause = match chance / 13 % 3 {
        0 => Cause::StreamCut,
        _ => Cause::DeadConnection,
    };
    let fails = is_unnoticed && is_write;
    let parts = match fails {
        true => Parts {
            network,
            ..Parts::default()
        },
        false => Parts {
            network,
            stalled: waiting,
            ..Parts::default()
        },
    };
    let replica = ReplicaId(u16::from(!is_spain || (is_away && !fails)));
    RequestSeen {
        id: RequestId {
            group: GroupId(u16::from(!is_spain)),
            session: second * story.rate + number,
            request: 0,
        },
        hostname: HostnameId(0),
        is_write,
        born,
        closed: born + parts.network + parts.stalled,
        entry: Atlas::shipped()
            .metro(if is_spain { "MAD" } else { "QRO" })
            .expect("a metro of the atlas"),
        endpoint: None,
        connection: Some(ConnectionRef {
            replica,
            index: (chance % 4) as u8,
        }),
        container: (!fails).then_some(ContainerId(replica.0)),
        attempts: if is_unnoticed && !fails { 2 } else { 1 },
        outcome: if fails {
            Outcome::Failed(cause)
        } else {
            Outcome::Success
        },
        status: if fails { 502 } else { 200 },
        parts,
        state: StateFound::NotAsked,
        wrong_service: false,
        executions: u8::from(!fails),
    }
}

fn session(seen: &RequestSeen) -> SessionSeen {
    let second = seen.born.as_nanos() / 1_000_000_000;
    let was_moved = seen.id.group.0 == 0
        && [STRUCK, RECOVERED]
            .iter()
            .any(|&turn| second.abs_diff(turn) < 20);
    SessionSeen {
        group: seen.id.group,
        session: seen.id.session,
        visitor: seen.id.session,
        born: seen.born,
        ended: seen.closed,
        requests: 1,
        failed: u32::from(!seen.outcome.is_success()),
        hops: u32::from(was_moved),
        acknowledged: true,
        fate: if was_moved {
            SessionFate::Broken(BreakCause::ReplicaSwitch)
        } else {
            SessionFate::Intact
        },
        checkout: Some(if was_moved {
            Checkout::Lost
        } else {
            Checkout::Done
        }),
    }
}

fn finals(story: Story) -> Finals {
    let container = |id: u16| ContainerUse {
        container: ContainerId(id),
        busy: u128::from(story.horizon_s) * 6_000_000_000,
        waiting: 1_000_000_000,
        waiting_max: 17,
        admitted: 40_000,
        refused: 0,
        restarts: u32::from(id == 0),
    };
    let divergence = Divergence {
        keys: 120,
        differing: 31,
        first_at: Some(at(1_212)),
        ..Divergence::default()
    };
    Finals {
        ended_at: at(story.horizon_s),
        events: 4 * story.horizon_s * story.rate,
        containers: vec![container(0), container(1)],
        divergences: vec![divergence],
        ..Finals::default()
    }
}

/// A demand of the story.
fn demand(role: Role, metric: &str, bound: Bound) -> (Role, Expectation) {
    let metric =
        MetricUse::new(find(metric).expect("a metric"), Selection::default()).expect("no filter");
    (
        role,
        Expectation {
            metric,
            statistic: Statistic::Mean,
            bound,
        },
    )
}

/// One variant, judged, of so many runs.
pub fn variant(name: Option<&str>, story: Story, runs: u64) -> VariantReport {
    let demands = [
        demand(Role::HoldsIf, "share_502", Bound::Exactly(0.0)),
        demand(Role::Expect, "share_502", Bound::AtMost(0.01)),
        demand(Role::Expect, "carts_lost_share", Bound::Exactly(0.0)),
    ];
    let asked: Vec<MetricUse> = demands.iter().map(|(_, it)| it.metric.clone()).collect();
    let run_of = |replication| {
        run(
            Story {
                seed: story.seed + replication,
                ..story
            },
            &asked,
        )
    };
    let all: Vec<Run> = (0..runs).map(run_of).collect();
    let judge = |(role, expectation): (Role, Expectation)| {
        let judgement = judge(&expectation, &all.iter().collect::<Vec<_>>());
        Judged {
            role,
            expectation,
            judgement,
        }
    };
    let judged = demands.into_iter().map(judge).collect();
    VariantReport {
        name: name.map(str::to_owned),
        judged,
        runs: Gathered::of(all).expect("a run"),
    }
}

/// The report of a scenario with these variants.
pub fn report(variants: Vec<VariantReport>) -> ScenarioReport {
    let assumption = |setting: &str, default| Assumption {
        setting: setting.to_owned(),
        default,
        grade: "assumed",
        source: "made up",
    };
    let holds: Vec<Option<bool>> = variants.iter().map(VariantReport::holds).collect();
    let computed = match (holds.contains(&Some(true)), holds.contains(&Some(false))) {
        (true, true) => Verdict::OnlyIf,
        (true, false) => Verdict::True,
        _ => Verdict::False,
    };
    ScenarioReport {
        name: "vps-power-cut".to_owned(),
        file: "scenarios/vps-power-cut.yaml".to_owned(),
        title: "A server loses its power".to_owned(),
        claim: Some("the visitor never sees a 502".to_owned()),
        declared: Some(computed),
        computed: Some(computed),
        what_to_do: Some(
            "Give writes an idempotency key and let the client retry them.".to_owned(),
        ),
        seed: 1,
        replications: variants
            .first()
            .map_or(0, |it| it.runs.replications() as u64),
        source: b"title: A server loses its power\n".to_vec(),
        scenario_hash: "0123456789abcdef".to_owned(),
        command: "tunnelsim run scenarios/vps-power-cut.yaml --seed 1".to_owned(),
        assumptions: vec![
            assumption("retry.others", "3"),
            assumption("clients.patience", "30s"),
        ],
        warnings: Vec::new(),
        variants,
    }
}
