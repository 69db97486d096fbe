//! Small worlds for the tests of this module.

use super::Stores;
use crate::kernel::random::Streams;
use crate::kernel::time::{Span, Time};
use crate::kernel::variate::Distribution;
use crate::world::blueprint::*;
use crate::world::geography::{Access, CityId};
use crate::world::ids::*;

/// So many hosts, and one data set on stores of these kinds.
pub(super) fn stores(holds: Holds, hosts: usize, kinds: &[StoreKind]) -> Stores {
    Stores::new(&world(holds, hosts, kinds), &Streams::new(1, 0))
}

/// Two stores that are meant to agree, each on the disk of its own container.
pub(super) fn two_stores(holds: Holds) -> Stores {
    stores(holds, 2, &[StoreKind::Disk, StoreKind::Disk])
}

/// One asynchronous store on three hosts, with this lag, promoting after a minute.
pub(super) fn replicated(holds: Holds, lag: Span) -> Stores {
    let kind = StoreKind::Asynchronous {
        members: (0..3).map(HostId).collect(),
        lag: Distribution::Constant(lag),
        promote_after: Some(Span::from_secs(60)),
    };
    stores(holds, 4, &[kind])
}

/// The blueprint behind the others.
pub(super) fn world(holds: Holds, hosts: usize, kinds: &[StoreKind]) -> Blueprint {
    let mut blueprint = Blueprint::default();
    for number in 0..hosts {
        blueprint.hosts.push(host(number));
    }
    let dataset = blueprint.datasets.push(Dataset {
        name: "data".to_owned(),
        holds,
        stores: (0..kinds.len()).map(StoreId::at).collect(),
    });
    for (number, kind) in kinds.iter().enumerate() {
        blueprint.stores.push(Store {
            name: format!("store {number}"),
            dataset,
            kind: kind.clone(),
            timeout: Span::from_secs(5),
        });
    }
    blueprint
}

fn host(number: usize) -> Host {
    Host {
        name: format!("host {number}"),
        site: Site::City(CityId(0)),
        access: Access::DataCentre,
        boot: Distribution::Constant(Span::from_secs(30)),
        stop_grace: Span::from_secs(10),
        stop_order: StopOrder::Together,
    }
}

/// The instant so many seconds after the start.
pub(super) fn at(secs: u64) -> Time {
    Time::ZERO + Span::from_secs(secs)
}

/// The host of most examples, which has the first copy of a replicated store.
pub(super) const HOST: HostId = HostId(0);

/// The stores of the examples with two.
pub(super) const SIDES: [StoreId; 2] = [StoreId(0), StoreId(1)];

/// Writes, and tells the client at once.
pub(super) fn put(stores: &mut Stores, store: StoreId, key: u64, now: Time) {
    let written = stores.write(store, key, now);
    stores.acknowledge(written);
}

/// All sequences of `n` sides, each as likely as any other.
pub(super) fn routings(n: u32) -> impl Iterator<Item = Vec<StoreId>> {
    let side = |routing: u32, request: u32| SIDES[(routing >> request & 1) as usize];
    (0..1 << n).map(move |routing| (0..n).map(|request| side(routing, request)).collect())
}

/// A container with this store.
pub(super) fn container(store: StoreId) -> Container {
    Container {
        name: format!("container of {store:?}"),
        host: HOST,
        aliases: Vec::new(),
        attachments: Vec::new(),
        port: 80,
        published: false,
        workers: 1,
        queue_limit: 1,
        service_time: Distribution::Constant(Span::from_millis(1)),
        start_up: Distribution::Constant(Span::from_secs(1)),
        restart: RestartPolicy::No,
        health_check: None,
        store: Some(store),
    }
}
