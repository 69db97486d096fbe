//! The checked description of a world: what a scenario file says once every name is resolved.
//!
//! A blueprint never changes during a run. The `simulation` floor keeps what changes in the state
//! types beside it and looks up here what was declared.

mod balancers;
mod clients;
mod hosts;
mod settings;
mod stores;
mod tunnels;

pub use balancers::*;
pub use clients::*;
pub use hosts::*;
pub use settings::*;
pub use stores::*;
pub use tunnels::*;

use super::ids::*;
use crate::kernel::time::Span;

/// Everything that exists in one scenario. Entities stand in declared order.
#[derive(Clone, Debug, Default)]
pub struct Blueprint {
    /// When the run ends: no session starts after it.
    pub horizon: Span,
    /// The rules and delays of the edge and of the network, shared by all.
    pub settings: Settings,
    /// Measured round trips that replace the model's, pair by pair.
    pub links: Vec<Link>,
    /// Who asks.
    pub groups: Arena<GroupId, Group>,
    /// The public hostnames, lower case.
    pub hostnames: Arena<HostnameId, String>,
    /// The machines.
    pub hosts: Arena<HostId, Host>,
    /// The container networks.
    pub networks: Arena<NetworkId, Network>,
    /// The services.
    pub containers: Arena<ContainerId, Container>,
    /// The stores of data.
    pub stores: Arena<StoreId, Store>,
    /// The data that stores share, or should.
    pub datasets: Arena<DatasetId, Dataset>,
    /// The tunnels.
    pub tunnels: Arena<TunnelId, Tunnel>,
    /// The replicas of all tunnels: tunnel by tunnel, in declared order.
    pub replicas: Arena<ReplicaId, Replica>,
    /// Which hostname leads where, in declared order.
    pub records: Arena<RecordId, DnsRecord>,
    /// The load balancers.
    pub balancers: Arena<BalancerId, Balancer>,
    /// The pools of all balancers.
    pub pools: Arena<PoolId, Pool>,
    /// The endpoints of all pools.
    pub endpoints: Arena<EndpointId, Endpoint>,
    /// The health monitors.
    pub monitors: Arena<MonitorId, Monitor>,
}
