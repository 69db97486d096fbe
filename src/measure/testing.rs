//! Small worlds, facts and runs for the tests of this floor.

use super::failover::Stage;
use super::finals::{ContainerUse, Divergence, Finals, UpTime};
use super::metric::{Entry, Kind, MetricUse};
use super::observation::*;
use super::outcome::{Cause, Outcome};
use super::phase::Phase;
use super::recorder::{Recorder, RecorderOptions};
use super::run::Run;
use super::scope::*;
use super::selection::{Ended, Filter, Selection};
use crate::kernel::time::{Span, Time};
use crate::world::geography::{Atlas, DataCentre, MetroId};
use crate::world::ids::*;

/// Two of everything that matters, an hour long, with one fault that clears.
pub(super) fn scope() -> Scope {
    let named = |names: &[&str]| {
        names
            .iter()
            .map(|name| Named::new(name))
            .collect::<Vec<_>>()
    };
    let tunnel = TunnelId(0);
    Scope {
        horizon: Time::ZERO + Span::from_secs(3_600),
        groups: named(&["spain", "mexico"]),
        hostnames: named(&["app.example.com", "grafana.example.com"]),
        hosts: named(&["vps1", "vps2"]),
        containers: named(&["vps1/app", "vps2/app"]),
        stores: named(&["left", "right"]),
        datasets: named(&["records"]),
        tunnels: named(&["prod"]),
        replicas: named(&["prod/a", "prod/b"]),
        records: named(&["app.example.com"]),
        pools: named(&["main"]),
        endpoints: named(&["main/one", "main/two"]),
        faults: named(&["cut"]),
        of_replica: [0, 1]
            .map(|host| ReplicaScope {
                tunnel,
                host: HostId(host),
                connections: 4,
            })
            .to_vec(),
        of_container: [0, 1]
            .map(|host| ContainerScope {
                host: HostId(host),
                workers: 8,
            })
            .to_vec(),
        of_dataset: vec![DatasetScope {
            stores: vec![StoreId(0), StoreId(1)],
            keys: Some(100),
        }],
        of_endpoint: [None; 2]
            .map(|tunnel| EndpointScope {
                pool: PoolId(0),
                tunnel,
            })
            .to_vec(),
        fault_clears: vec![true],
        fault_is_momentary: vec![false],
    }
}

/// The metro of a code.
pub(super) fn metro(code: &str) -> MetroId {
    Atlas::shipped().metro(code).expect("a metro of the atlas")
}

/// A data centre of a metro.
pub(super) fn data_centre(code: &str, number: u8) -> DataCentre {
    DataCentre {
        metro: metro(code),
        number,
    }
}

/// A success without detours, answered by the first container over the first connection.
pub(super) fn request(born: Time, latency: Span) -> RequestSeen {
    RequestSeen {
        id: RequestId {
            group: GroupId(0),
            session: 0,
            request: 0,
        },
        hostname: HostnameId(0),
        is_write: false,
        born,
        closed: born + latency,
        entry: metro("FRA"),
        endpoint: None,
        connection: Some(ConnectionRef {
            replica: ReplicaId(0),
            index: 0,
        }),
        container: Some(ContainerId(0)),
        attempts: 1,
        outcome: Outcome::Success,
        status: 200,
        parts: Parts {
            network: latency,
            ..Parts::default()
        },
        state: StateFound::NotAsked,
        wrong_service: false,
        executions: 1,
    }
}

/// The same request over another connection, to the container of that replica's host.
pub(super) fn through(seen: RequestSeen, replica: u16, index: u8) -> RequestSeen {
    let connection = Some(ConnectionRef {
        replica: ReplicaId(replica),
        index,
    });
    RequestSeen {
        connection,
        container: Some(ContainerId(replica)),
        ..seen
    }
}

/// A failure after ten milliseconds.
pub(super) fn failed(born: Time, cause: Cause) -> RequestSeen {
    let seen = request(born, Span::from_millis(10));
    let status = cause.status().unwrap_or(0);
    RequestSeen {
        outcome: Outcome::Failed(cause),
        status,
        container: None,
        executions: 0,
        ..seen
    }
}

/// An intact session of one request that carried nothing.
pub(super) fn session(number: u64) -> SessionSeen {
    SessionSeen {
        group: GroupId(0),
        session: number,
        visitor: number,
        born: Time::ZERO,
        ended: Time::ZERO,
        requests: 1,
        failed: 0,
        hops: 0,
        acknowledged: false,
        fate: SessionFate::Intact,
        checkout: None,
    }
}

/// A change of state at a second.
pub(super) fn change(second: u64, entity: Entity, what: Happening) -> Change {
    Change {
        at: Time::ZERO + Span::from_secs(second),
        entity,
        what,
    }
}

/// A run in which nothing happened.
pub(super) fn empty_run() -> Run {
    Recorder::of(scope(), RecorderOptions::default()).finish(Finals::default())
}

/// A run with a bit of everything and one strike, from second 100 to 200.
pub(super) fn small_run(measurements: &[MetricUse]) -> Run {
    let options = RecorderOptions {
        measurements: measurements.to_vec(),
        ..RecorderOptions::default()
    };
    let mut recorder = Recorder::of(scope(), options);
    record_small_run(&mut recorder);
    recorder.finish(finals())
}

/// Feeds the facts of [`small_run`] to a recorder.
pub(super) fn record_small_run(recorder: &mut Recorder) {
    let connection = |index| {
        Entity::Connection(ConnectionRef {
            replica: ReplicaId(0),
            index,
        })
    };
    let at = |second| Time::ZERO + Span::from_secs(second);
    recorder.change(&change(
        0,
        Entity::Replica(ReplicaId(0)),
        Happening::Starts { connector: 1 },
    ));
    for index in 0..4 {
        let at = data_centre("FRA", index + 1);
        recorder.change(&change(
            0,
            connection(index),
            Happening::Registers { at, http2: false },
        ));
        recorder.change(&change(0, connection(index), Happening::Listed));
    }
    recorder.change(&change(
        0,
        Entity::Tunnel(TunnelId(0)),
        Happening::Status(TunnelStatus::Healthy),
    ));
    for second in 1..300 {
        match second {
            100 => {
                recorder.change(&change(100, Entity::Fault(FaultId(0)), Happening::Strikes));
                recorder.change(&change(100, Entity::Host(HostId(0)), Happening::Down));
                (0..4).for_each(|i| {
                    recorder.change(&change(
                        100,
                        connection(i),
                        Happening::Severed { by: FaultId(0) },
                    ))
                });
            }
            106 => {
                (0..4).for_each(|i| {
                    recorder.change(&change(
                        106,
                        connection(i),
                        Happening::EdgeCloses { noticed: true },
                    ))
                });
                (0..4).for_each(|i| {
                    recorder.change(&change(106, connection(i), Happening::Withdrawn))
                });
            }
            200 => {
                recorder.change(&change(200, Entity::Host(HostId(0)), Happening::Up));
                recorder.change(&change(200, Entity::Fault(FaultId(0)), Happening::Clears));
            }
            205..209 => {
                let at = data_centre("FRA", (second - 204) as u8);
                recorder.change(&change(
                    second,
                    connection((second - 205) as u8),
                    Happening::Registers { at, http2: false },
                ));
            }
            _ => {}
        }
        let home = u16::from((100..210).contains(&second));
        let mut seen = match second {
            100..106 => failed(at(second), Cause::DeadConnection),
            _ => through(
                request(at(second), Span::from_millis(second)),
                home,
                (second % 4) as u8,
            ),
        };
        seen.id = RequestId {
            group: GroupId((second % 2) as u16),
            session: second,
            request: 0,
        };
        seen.endpoint = (second % 3 == 0).then_some(EndpointId(0));
        seen.is_write = second % 5 == 0;
        recorder.request(&seen);
        let failed = u32::from(!seen.outcome.is_success());
        let hops = u32::from(second % 7 == 0);
        recorder.session(&SessionSeen {
            group: seen.id.group,
            born: seen.born,
            failed,
            hops,
            ..session(second)
        });
    }
}

fn finals() -> Finals {
    let container = |id| ContainerUse {
        container: ContainerId(id),
        busy: 1_000_000,
        waiting: 500,
        waiting_max: 3,
        admitted: 150,
        refused: 2,
        restarts: 1,
    };
    let divergence = Divergence {
        keys: 80,
        differing: 20,
        reads: 10,
        stale_reads: 5,
        views: 100,
        views_by_store: vec![40, 60],
        visitors: 10,
        visitors_by_store: vec![9, 8],
        first_at: Some(Time::from_nanos(7)),
        ..Divergence::default()
    };
    let (up, down) = (Span::from_secs(3_500), Span::from_secs(100));
    Finals {
        ended_at: Time::ZERO + Span::from_secs(3_600),
        events: 4_000,
        containers: vec![container(0), container(1)],
        uptimes: vec![UpTime {
            entity: Entity::Host(HostId(0)),
            up,
            down,
        }],
        divergences: vec![divergence],
        records_refused: 0,
    }
}

/// Selections that a metric accepts: only what it needs, and each further filter on top.
pub(super) fn selections_for(entry: &Entry) -> Vec<Selection> {
    let mut base = Selection::default();
    entry
        .required
        .iter()
        .for_each(|&filter| set(&mut base, filter));
    let with = |&filter: &Filter| {
        let mut selection = base.clone();
        set(&mut selection, filter);
        selection
    };
    let alone = !matches!(entry.kind, Kind::OfOne(_));
    let bare = alone.then(|| base.clone()).into_iter();
    bare.chain(entry.filters.iter().map(with)).collect()
}

fn set(selection: &mut Selection, filter: Filter) {
    match filter {
        Filter::Hostname => selection.hostname = Some(HostnameId(0)),
        Filter::Group => selection.group = Some(GroupId(0)),
        Filter::Entry => selection.entry = Some(metro("FRA")),
        Filter::Tunnel => selection.tunnel = Some(TunnelId(0)),
        Filter::Replica => selection.replica = Some(ReplicaId(0)),
        Filter::Connection => selection.connection = Some(1),
        Filter::Host => selection.host = Some(HostId(0)),
        Filter::Hosts => selection.hosts = vec![HostId(0)],
        Filter::Container => selection.container = Some(ContainerId(0)),
        Filter::Store => selection.store = Some(StoreId(0)),
        Filter::Dataset => selection.dataset = Some(DatasetId(0)),
        Filter::Pool => selection.pool = Some(PoolId(0)),
        Filter::Endpoint => selection.endpoint = Some(EndpointId(0)),
        Filter::Cause => selection.cause = Some(Cause::DeadConnection),
        Filter::Outcome => selection.outcome = Some(Ended::Any),
        Filter::Status => selection.status = Some(502),
        Filter::Write => selection.write = Some(true),
        Filter::Hopped => selection.hopped = Some(true),
        Filter::Moved => selection.moved = Some(false),
        Filter::Phase => selection.phase = Some(Phase::During),
        Filter::TunnelStatus => selection.tunnel_status = Some(TunnelStatus::Healthy),
        Filter::Fault => selection.fault = Some(FaultId(0)),
        Filter::Stage => selection.stage = Some(Stage::Unnoticed),
        Filter::From => selection.from = Some(Time::ZERO),
        Filter::Until => selection.until = Some(Time::ZERO + Span::from_secs(150)),
    }
}
