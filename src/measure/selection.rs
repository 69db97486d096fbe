//! Which part of a run a measurement is about.

use serde::Serialize;

use super::failover::Stage;
use super::observation::{RequestSeen, SessionSeen, TunnelStatus};
use super::outcome::Cause;
use super::phase::Phase;
use super::scope::Scope;
use crate::kernel::time::Time;
use crate::world::geography::MetroId;
use crate::world::ids::*;

macro_rules! filters {
    ($($(#[$doc:meta])* $variant:ident $field:ident: $kind:ty, $is_set:expr;)+) => {
        /// A field of a [`Selection`]; a metric declares which ones it understands.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Filter { $($(#[$doc])* $variant,)+ }

        impl Filter {
            /// Every filter.
            pub const ALL: &'static [Filter] = &[$(Filter::$variant),+];

            /// The name used in scenario files.
            pub fn name(self) -> &'static str {
                match self { $(Filter::$variant => stringify!($field),)+ }
            }
        }

        /// Which part of a run a measurement is about: everything, narrowed by each field that is set.
        #[derive(Clone, PartialEq, Eq, Debug, Default)]
        pub struct Selection { $($(#[$doc])* pub $field: $kind,)+ }

        impl Selection {
            /// The filters that are set.
            pub fn filters(&self) -> impl Iterator<Item = Filter> + '_ {
                let is_set = |filter: &Filter| match filter {
                    $(Filter::$variant => $is_set(&self.$field),)+
                };
                Filter::ALL.iter().copied().filter(is_set)
            }

            /// The same selection without one filter.
            pub fn without(&self, filter: Filter) -> Selection {
                let mut wider = self.clone();
                match filter { $(Filter::$variant => wider.$field = Default::default(),)+ }
                wider
            }
        }
    };
}

filters! {
    /// Requests for this hostname.
    Hostname hostname: Option<HostnameId>, Option::is_some;
    /// Requests or sessions of this client group.
    Group group: Option<GroupId>, Option::is_some;
    /// Requests that entered the edge by this metro.
    Entry entry: Option<MetroId>, Option::is_some;
    /// What concerns this tunnel; requests that reached no connection belong to none.
    Tunnel tunnel: Option<TunnelId>, Option::is_some;
    /// What concerns this replica; for requests the last one tried.
    Replica replica: Option<ReplicaId>, Option::is_some;
    /// What concerns the connection of this index, from 0.
    Connection connection: Option<u8>, Option::is_some;
    /// What concerns this host; for requests that of the last replica tried, or of the container.
    Host host: Option<HostId>, Option::is_some;
    /// All of these hosts at the same time.
    Hosts hosts: Vec<HostId>, |hosts: &Vec<HostId>| !hosts.is_empty();
    /// What concerns this container; for requests the last one reached.
    Container container: Option<ContainerId>, Option::is_some;
    /// What concerns this store.
    Store store: Option<StoreId>, Option::is_some;
    /// What concerns this data set.
    Dataset dataset: Option<DatasetId>, Option::is_some;
    /// What concerns this pool of a balancer.
    Pool pool: Option<PoolId>, Option::is_some;
    /// What concerns this endpoint of a balancer.
    Endpoint endpoint: Option<EndpointId>, Option::is_some;
    /// Requests that failed for this cause.
    Cause cause: Option<Cause>, Option::is_some;
    /// Requests that succeeded, that failed, or both.
    Outcome outcome: Option<Ended>, Option::is_some;
    /// Requests of this status.
    Status status: Option<u16>, Option::is_some;
    /// Requests that may not be replayed (`true`) or may (`false`).
    Write write: Option<bool>, Option::is_some;
    /// Sessions whose answers came from several replicas (`true`) or from one (`false`).
    Hopped hopped: Option<bool>, Option::is_some;
    /// Sessions that entered by several metros (`true`) or by one (`false`).
    Moved moved: Option<bool>, Option::is_some;
    /// Requests or sessions born in this phase.
    Phase phase: Option<Phase>, Option::is_some;
    /// What happened in this tunnel status.
    TunnelStatus tunnel_status: Option<TunnelStatus>, Option::is_some;
    /// Strikes of this fault.
    Fault fault: Option<FaultId>, Option::is_some;
    /// Requests that were born in this stage of a strike.
    Stage stage: Option<Stage>, Option::is_some;
    /// What was born, or happened, at this moment or later.
    From from: Option<Time>, Option::is_some;
    /// What was born, or happened, before this moment.
    Until until: Option<Time>, Option::is_some;
}

/// Requests by how they ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// Those that succeeded.
    Success,
    /// Those that failed.
    Failed,
    /// All.
    Any,
}

impl Ended {
    /// Every choice.
    pub const ALL: [Ended; 3] = [Ended::Success, Ended::Failed, Ended::Any];

    /// The name used in files.
    pub fn name(self) -> &'static str {
        match self {
            Ended::Success => "success",
            Ended::Failed => "failed",
            Ended::Any => "any",
        }
    }
}

/// Whether a filter that may be unset lets a value through.
fn lets<T: PartialEq>(filter: &Option<T>, value: impl FnOnce() -> Option<T>) -> bool {
    filter.is_none() || *filter == value()
}

impl Selection {
    /// Whether only these filters are set.
    pub fn uses_only(&self, allowed: &[Filter]) -> bool {
        self.filters().all(|filter| allowed.contains(&filter))
    }

    /// Whether a moment lies in the selected time.
    pub fn covers(&self, at: Time) -> bool {
        self.from.is_none_or(|from| from <= at) && self.until.is_none_or(|until| at < until)
    }

    /// The selected length of time up to a horizon, in nanoseconds.
    pub fn window_ns(&self, horizon: Time) -> u64 {
        let until = self.until.map_or(horizon, |until| until.min(horizon));
        until
            .saturating_since(self.from.unwrap_or(Time::ZERO))
            .as_nanos()
    }

    /// Whether a request is selected, cause, outcome and status aside.
    pub fn holds(&self, seen: &RequestSeen, phase: Phase, scope: &Scope) -> bool {
        let replica = seen.connection.map(|connection| connection.replica);
        lets(&self.group, || Some(seen.id.group))
            && lets(&self.hostname, || Some(seen.hostname))
            && lets(&self.entry, || Some(seen.entry))
            && lets(&self.replica, || replica)
            && lets(&self.connection, || {
                seen.connection.map(|connection| connection.index)
            })
            && lets(&self.tunnel, || replica.map(|id| scope.tunnel_of(id)))
            && lets(&self.container, || seen.container)
            && lets(&self.host, || scope.host_of(replica, seen.container))
            && lets(&self.endpoint, || seen.endpoint)
            && lets(&self.pool, || {
                seen.endpoint.map(|id| scope.of_endpoint[id.index()].pool)
            })
            && lets(&self.write, || Some(seen.is_write))
            && lets(&self.phase, || Some(phase))
            && self.covers(seen.born)
    }

    /// Whether a request ended as selected; without such a filter only successes did.
    pub fn ends_well(&self, seen: &RequestSeen) -> bool {
        let by_cause = self
            .cause
            .map(|cause| seen.outcome == super::outcome::Outcome::Failed(cause));
        let by_end = match self.outcome {
            Some(Ended::Any) => true,
            Some(Ended::Failed) => !seen.outcome.is_success(),
            Some(Ended::Success) => seen.outcome.is_success(),
            None => self.cause.is_some() || seen.outcome.is_success(),
        };
        by_cause.unwrap_or(true) && by_end
    }

    /// Whether a session is selected, moves between metros aside.
    pub fn holds_session(&self, seen: &SessionSeen, phase: Phase) -> bool {
        lets(&self.group, || Some(seen.group))
            && lets(&self.hopped, || Some(seen.hops > 0))
            && lets(&self.phase, || Some(phase))
            && self.covers(seen.born)
    }
}
