//! Who got the traffic: connections and balancer endpoints. Replicas and metros are in the outcome ledger.

use serde::Serialize;

use super::observation::RequestSeen;
use super::scope::Scope;
use crate::world::ids::*;

/// Traffic of one connection or endpoint.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Traffic {
    /// Requests whose last attempt went there.
    pub requests: u64,
    /// Of these, requests that needed no second attempt.
    pub first_attempts: u64,
    /// Of these, requests that the service answered.
    pub answers: u64,
}

impl Traffic {
    fn record(&mut self, seen: &RequestSeen) {
        self.requests += 1;
        self.first_attempts += u64::from(seen.attempts <= 1);
        self.answers += u64::from(seen.outcome.is_success());
    }

    fn record_usual(&mut self, requests: u64) {
        self.requests += requests;
        self.first_attempts += requests;
        self.answers += requests;
    }

    fn merge(&mut self, other: &Traffic) {
        self.requests += other.requests;
        self.first_attempts += other.first_attempts;
        self.answers += other.answers;
    }
}

/// Traffic of every connection and endpoint of a run.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Shares {
    /// By replica, by connection index.
    connections: Vec<Vec<Traffic>>,
    endpoints: Vec<Traffic>,
}

impl Shares {
    /// Empty tallies of everything in the scope.
    pub fn new(scope: &Scope) -> Shares {
        let connections = scope.of_replica.iter().map(|r| usize::from(r.connections));
        Shares {
            connections: connections.map(|n| vec![Traffic::default(); n]).collect(),
            endpoints: vec![Traffic::default(); scope.endpoints.len()],
        }
    }

    /// Adds one request.
    #[inline]
    pub fn record(&mut self, seen: &RequestSeen) {
        if let Some(ConnectionRef { replica, index }) = seen.connection {
            self.connections[replica.index()][usize::from(index)].record(seen);
        }
        if let Some(endpoint) = seen.endpoint {
            self.endpoints[endpoint.index()].record(seen);
        }
    }

    /// Adds so many [usual](RequestSeen::is_usual) requests of one connection and endpoint.
    pub fn record_usual(
        &mut self,
        connection: Option<ConnectionRef>,
        endpoint: Option<EndpointId>,
        requests: u64,
    ) {
        if let Some(ConnectionRef { replica, index }) = connection {
            self.connections[replica.index()][usize::from(index)].record_usual(requests);
        }
        if let Some(endpoint) = endpoint {
            self.endpoints[endpoint.index()].record_usual(requests);
        }
    }

    /// Traffic of every connection.
    pub fn connections(&self) -> impl Iterator<Item = (ConnectionRef, &Traffic)> {
        self.connections
            .iter()
            .enumerate()
            .flat_map(|(replica, list)| {
                let replica = ReplicaId::at(replica);
                list.iter()
                    .zip(0..)
                    .map(move |(traffic, index)| (ConnectionRef { replica, index }, traffic))
            })
    }

    /// Traffic of every endpoint.
    pub fn endpoints(&self) -> impl Iterator<Item = (EndpointId, &Traffic)> {
        self.endpoints
            .iter()
            .enumerate()
            .map(|(index, traffic)| (EndpointId::at(index), traffic))
    }

    /// Adds the traffic of another replication of the same scenario.
    pub fn merge(&mut self, other: &Shares) {
        let mine = self
            .connections
            .iter_mut()
            .flatten()
            .chain(&mut self.endpoints);
        let theirs = other.connections.iter().flatten().chain(&other.endpoints);
        mine.zip(theirs)
            .for_each(|(mine, theirs)| mine.merge(theirs));
    }

    /// The traffic with names instead of ids.
    pub fn summary(&self, scope: &Scope) -> SharesSummary {
        let connection = |(at, traffic): (ConnectionRef, &Traffic)| {
            let name = format!("{}/{}", scope.replicas[at.replica.index()].name, at.index);
            NamedTraffic {
                name,
                traffic: *traffic,
            }
        };
        let endpoint = |(id, traffic): (EndpointId, &Traffic)| NamedTraffic {
            name: scope.endpoints[id.index()].name.clone(),
            traffic: *traffic,
        };
        SharesSummary {
            connections: self.connections().map(connection).collect(),
            endpoints: self.endpoints().map(endpoint).collect(),
        }
    }
}

/// Traffic as it is written to files.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SharesSummary {
    /// By connection, as `TUNNEL/REPLICA/INDEX`.
    pub connections: Vec<NamedTraffic>,
    /// By endpoint, as `POOL/ENDPOINT`.
    pub endpoints: Vec<NamedTraffic>,
}

/// Traffic of something named.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct NamedTraffic {
    /// The name.
    pub name: String,
    /// Its traffic.
    #[serde(flatten)]
    pub traffic: Traffic,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::time::{Span, Time};
    use crate::measure::testing::{request, scope, through};

    #[test]
    fn a_retried_request_counts_where_it_ended_and_not_as_a_first_attempt() {
        let mut shares = Shares::new(&scope());
        let seen = through(request(Time::ZERO, Span::from_millis(1)), 1, 3);
        shares.record(&seen);
        shares.record(&RequestSeen {
            attempts: 2,
            ..seen
        });
        let busy: Vec<_> = shares
            .connections()
            .filter(|(_, traffic)| traffic.requests > 0)
            .collect();
        let expected = Traffic {
            requests: 2,
            first_attempts: 1,
            answers: 2,
        };
        assert_eq!(
            busy,
            vec![(
                ConnectionRef {
                    replica: ReplicaId(1),
                    index: 3
                },
                &expected
            )]
        );
    }
}
