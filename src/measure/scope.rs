//! What the tallies need to know of the world: names, and what belongs to what.

use crate::fault::{Duration, FaultPlan};
use crate::kernel::fingerprint::Fingerprint;
use crate::kernel::time::{Span, Time};
use crate::world::blueprint::{Blueprint, EndpointAddress, Holds};
use crate::world::geography::{Atlas, MetroId};
use crate::world::ids::*;

/// An entity's name, and a hash of it that does not change when other entities come or go.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Named {
    /// The name as reports print it, unique among its kind.
    pub name: String,
    /// The hash of the name.
    pub hash: u64,
}

impl Named {
    /// A name with its hash.
    pub fn new(name: &str) -> Named {
        let mut fingerprint = Fingerprint::default();
        fingerprint.absorb_bytes(name.as_bytes());
        Named {
            name: name.to_owned(),
            hash: fingerprint.value(),
        }
    }
}

/// What a replica belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ReplicaScope {
    /// Its tunnel.
    pub tunnel: TunnelId,
    /// Its host.
    pub host: HostId,
    /// How many connections it keeps.
    pub connections: u8,
}

/// What a container belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ContainerScope {
    /// Its host.
    pub host: HostId,
    /// Requests served at the same time.
    pub workers: u32,
}

/// What a data set consists of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DatasetScope {
    /// The stores that keep it, in declared order.
    pub stores: Vec<StoreId>,
    /// How many keys it has, if that is fixed.
    pub keys: Option<u32>,
}

/// Where an endpoint stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EndpointScope {
    /// Its pool.
    pub pool: PoolId,
    /// The tunnel it leads to; none: a server of its own.
    pub tunnel: Option<TunnelId>,
}

/// Names and relations of everything that can be measured in one scenario.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Scope {
    /// When series and clocks stop.
    pub horizon: Time,
    /// Client groups.
    pub groups: Vec<Named>,
    /// Public hostnames.
    pub hostnames: Vec<Named>,
    /// Hosts.
    pub hosts: Vec<Named>,
    /// Containers, as `HOST/CONTAINER`.
    pub containers: Vec<Named>,
    /// Stores.
    pub stores: Vec<Named>,
    /// Data sets.
    pub datasets: Vec<Named>,
    /// Tunnels.
    pub tunnels: Vec<Named>,
    /// Replicas, as `TUNNEL/REPLICA`.
    pub replicas: Vec<Named>,
    /// DNS records, as their hostname and, from the second of a hostname on, a number: `app.example.com#2`.
    pub records: Vec<Named>,
    /// Pools.
    pub pools: Vec<Named>,
    /// Endpoints, as `POOL/ENDPOINT`.
    pub endpoints: Vec<Named>,
    /// Faults.
    pub faults: Vec<Named>,
    /// By replica: what it belongs to.
    pub of_replica: Vec<ReplicaScope>,
    /// By container: what it belongs to.
    pub of_container: Vec<ContainerScope>,
    /// By data set: what it consists of.
    pub of_dataset: Vec<DatasetScope>,
    /// By endpoint: where it stands.
    pub of_endpoint: Vec<EndpointScope>,
    /// By fault: whether it clears by itself.
    pub fault_clears: Vec<bool>,
    /// By fault: whether it happens at one moment, so that there is nothing to clear.
    pub fault_is_momentary: Vec<bool>,
}

impl Scope {
    /// Reads names and relations out of a blueprint and its faults.
    pub fn new(world: &Blueprint, faults: &[FaultPlan]) -> Scope {
        let qualified = |owner: &str, name: &str| Named::new(&format!("{owner}/{name}"));
        Scope {
            horizon: Time::ZERO + world.horizon,
            groups: world
                .groups
                .values()
                .iter()
                .map(|g| Named::new(&g.name))
                .collect(),
            hostnames: world
                .hostnames
                .values()
                .iter()
                .map(|name| Named::new(name))
                .collect(),
            hosts: world
                .hosts
                .values()
                .iter()
                .map(|h| Named::new(&h.name))
                .collect(),
            containers: (world.containers.values().iter())
                .map(|c| qualified(&world.hosts[c.host].name, &c.name))
                .collect(),
            stores: world
                .stores
                .values()
                .iter()
                .map(|s| Named::new(&s.name))
                .collect(),
            datasets: world
                .datasets
                .values()
                .iter()
                .map(|d| Named::new(&d.name))
                .collect(),
            tunnels: world
                .tunnels
                .values()
                .iter()
                .map(|t| Named::new(&t.name))
                .collect(),
            replicas: (world.replicas.values().iter())
                .map(|r| qualified(&world.tunnels[r.tunnel].name, &r.name))
                .collect(),
            records: record_names(world),
            pools: world
                .pools
                .values()
                .iter()
                .map(|p| Named::new(&p.name))
                .collect(),
            endpoints: (world.endpoints.values().iter())
                .map(|e| qualified(&world.pools[e.pool].name, &e.name))
                .collect(),
            faults: faults.iter().map(|f| Named::new(&f.name)).collect(),
            of_replica: (world.replicas.values().iter())
                .map(|r| ReplicaScope {
                    tunnel: r.tunnel,
                    host: r.host,
                    connections: r.connections,
                })
                .collect(),
            of_container: (world.containers.values().iter())
                .map(|c| ContainerScope {
                    host: c.host,
                    workers: c.workers,
                })
                .collect(),
            of_dataset: (world.datasets.values().iter())
                .map(|d| DatasetScope {
                    stores: d.stores.clone(),
                    keys: match d.holds {
                        Holds::Records { keys } => Some(keys),
                        Holds::Sessions | Holds::Visits | Holds::Content => None,
                    },
                })
                .collect(),
            of_endpoint: (world.endpoints.values().iter())
                .map(|e| EndpointScope {
                    pool: e.pool,
                    tunnel: match e.address {
                        EndpointAddress::Tunnel(tunnel) => Some(tunnel),
                        EndpointAddress::Direct(_) => None,
                    },
                })
                .collect(),
            fault_clears: faults
                .iter()
                .map(|f| f.duration != Duration::Unlimited)
                .collect(),
            fault_is_momentary: faults.iter().map(|f| f.clear.is_empty()).collect(),
        }
    }

    /// The horizon as a length of time.
    pub fn length(&self) -> Span {
        self.horizon.since(Time::ZERO)
    }

    /// The host of whatever answered: the replica's, or the container's if no connection was used.
    pub fn host_of(
        &self,
        replica: Option<ReplicaId>,
        container: Option<ContainerId>,
    ) -> Option<HostId> {
        let of_replica = replica.map(|id| self.of_replica[id.index()].host);
        of_replica.or_else(|| container.map(|id| self.of_container[id.index()].host))
    }

    /// The tunnel of a replica.
    pub fn tunnel_of(&self, replica: ReplicaId) -> TunnelId {
        self.of_replica[replica.index()].tunnel
    }

    /// The code of a metro.
    pub fn metro_code(metro: MetroId) -> &'static str {
        &Atlas::shipped()[metro].code
    }
}

/// A record has no name of its own: its hostname and its number among the records of that hostname make one.
fn record_names(world: &Blueprint) -> Vec<Named> {
    let mut earlier = vec![0_u32; world.hostnames.len()];
    let name_of = |record: &crate::world::blueprint::DnsRecord| {
        let seen = &mut earlier[record.hostname.index()];
        *seen += 1;
        let hostname = &world.hostnames[record.hostname];
        if *seen == 1 {
            Named::new(hostname)
        } else {
            Named::new(&format!("{hostname}#{seen}"))
        }
    };
    world.records.values().iter().map(name_of).collect()
}
