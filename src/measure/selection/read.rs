//! Filters as texts of a scenario file.

use super::{Ended, Filter, Selection};
use crate::measure::failover::Stage;
use crate::measure::observation::TunnelStatus;
use crate::measure::outcome::Cause;
use crate::measure::phase::Phase;
use crate::measure::scope::{Named, Scope};
use crate::world::geography::{Atlas, MetroId};
use crate::world::ids::*;

/// Why the text of a filter could not be read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum FilterProblem {
    /// No value of the filter has this name; [`Filter::texts`] has those that there are.
    #[error("{} has no value `{text}`", .filter.name())]
    Unknown {
        /// The filter.
        filter: Filter,
        /// The text.
        text: String,
    },
    /// Several values end in this name.
    #[error("{} `{text}` may be {}", .filter.name(), .candidates.join(" or "))]
    Ambiguous {
        /// The filter.
        filter: Filter,
        /// The text.
        text: String,
        /// The full names that end in it.
        candidates: Vec<String>,
    },
}

impl Filter {
    /// The texts that the filter knows in a scenario; none for those that take a number, a code or a time.
    pub fn texts(self, scope: &Scope) -> Vec<String> {
        let named = |list: &[Named]| list.iter().map(|it| it.name.clone()).collect();
        let words = |list: &[&str]| list.iter().map(|&word| word.to_owned()).collect();
        match self {
            Filter::Hostname => named(&scope.hostnames),
            Filter::Group => named(&scope.groups),
            Filter::Entry => Atlas::shipped()
                .metros()
                .iter()
                .map(|it| it.code.clone())
                .collect(),
            Filter::Tunnel => named(&scope.tunnels),
            Filter::Replica => named(&scope.replicas),
            Filter::Host | Filter::Hosts => named(&scope.hosts),
            Filter::Container => named(&scope.containers),
            Filter::Store => named(&scope.stores),
            Filter::Dataset => named(&scope.datasets),
            Filter::Pool => named(&scope.pools),
            Filter::Endpoint => named(&scope.endpoints),
            Filter::Fault => named(&scope.faults),
            Filter::Cause => words(&Cause::ALL.iter().map(|it| it.name()).collect::<Vec<_>>()),
            Filter::Outcome => words(&Ended::ALL.map(Ended::name)),
            Filter::Phase => words(&Phase::ALL.map(Phase::name)),
            Filter::Stage => words(&Stage::ALL.map(Stage::name)),
            Filter::TunnelStatus => words(&TunnelStatus::ALL.map(TunnelStatus::name)),
            Filter::Write | Filter::Hopped | Filter::Moved => words(&["false", "true"]),
            Filter::Connection | Filter::Status | Filter::From | Filter::Until => Vec::new(),
        }
    }

    /// The place of a text among [`Filter::texts`]: the whole name, or the part behind the slash if it is unique.
    fn place(self, text: &str, scope: &Scope) -> Result<usize, FilterProblem> {
        let texts = self.texts(scope);
        if let Some(place) = texts.iter().position(|known| known == text) {
            return Ok(place);
        }
        let short = |known: &str| known.split_once('/').is_some_and(|(_, last)| last == text);
        let places: Vec<usize> = (0..texts.len())
            .filter(|&place| short(&texts[place]))
            .collect();
        let (filter, text) = (self, text.to_owned());
        match places[..] {
            [place] => Ok(place),
            [] => Err(FilterProblem::Unknown { filter, text }),
            _ => {
                let candidates = places.iter().map(|&place| texts[place].clone()).collect();
                Err(FilterProblem::Ambiguous {
                    filter,
                    text,
                    candidates,
                })
            }
        }
    }
}

impl Selection {
    /// Narrows the selection by a filter whose value is given as a text; `hosts` takes one host at a time.
    ///
    /// Names are those of the scope: `spain`, `prod/a` or, if no other tunnel has such a replica, `a`. Metros go by
    /// their code. Times are not read here: set [`Selection::from`] and [`Selection::until`] themselves.
    ///
    /// # Errors
    /// When no value, or more than one, goes by that text.
    pub fn narrow(
        &mut self,
        filter: Filter,
        text: &str,
        scope: &Scope,
    ) -> Result<(), FilterProblem> {
        let unknown = || FilterProblem::Unknown {
            filter,
            text: text.to_owned(),
        };
        match filter {
            Filter::Connection => self.connection = Some(text.parse().map_err(|_| unknown())?),
            Filter::Status => self.status = Some(text.parse().map_err(|_| unknown())?),
            Filter::From | Filter::Until => return Err(unknown()),
            _ => self.narrow_to(filter, filter.place(text, scope)?),
        }
        Ok(())
    }

    /// Sets a filter to the value of that place among its texts.
    fn narrow_to(&mut self, filter: Filter, place: usize) {
        match filter {
            Filter::Hostname => self.hostname = Some(HostnameId::at(place)),
            Filter::Group => self.group = Some(GroupId::at(place)),
            Filter::Entry => self.entry = Some(MetroId(place as u16)),
            Filter::Tunnel => self.tunnel = Some(TunnelId::at(place)),
            Filter::Replica => self.replica = Some(ReplicaId::at(place)),
            Filter::Host => self.host = Some(HostId::at(place)),
            Filter::Hosts => self.hosts.push(HostId::at(place)),
            Filter::Container => self.container = Some(ContainerId::at(place)),
            Filter::Store => self.store = Some(StoreId::at(place)),
            Filter::Dataset => self.dataset = Some(DatasetId::at(place)),
            Filter::Pool => self.pool = Some(PoolId::at(place)),
            Filter::Endpoint => self.endpoint = Some(EndpointId::at(place)),
            Filter::Fault => self.fault = Some(FaultId::at(place)),
            Filter::Cause => self.cause = Some(Cause::ALL[place]),
            Filter::Outcome => self.outcome = Some(Ended::ALL[place]),
            Filter::Phase => self.phase = Some(Phase::ALL[place]),
            Filter::Stage => self.stage = Some(Stage::ALL[place]),
            Filter::TunnelStatus => self.tunnel_status = Some(TunnelStatus::ALL[place]),
            Filter::Write => self.write = Some(place == 1),
            Filter::Hopped => self.hopped = Some(place == 1),
            Filter::Moved => self.moved = Some(place == 1),
            Filter::Connection | Filter::Status | Filter::From | Filter::Until => {
                unreachable!("these have no texts, and so no place among them")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::testing;

    #[test]
    fn every_text_of_every_filter_is_read_as_one_filter() {
        let scope = testing::scope();
        for &filter in Filter::ALL {
            for text in filter.texts(&scope) {
                let mut selection = Selection::default();
                selection.narrow(filter, &text, &scope).unwrap();
                assert_eq!(
                    selection.filters().collect::<Vec<_>>(),
                    vec![filter],
                    "{text}"
                );
                assert_eq!(selection.without(filter), Selection::default());
            }
        }
    }

    #[test]
    fn a_replica_may_go_by_its_own_name_if_that_is_unique() {
        let mut scope = testing::scope();
        let mut selection = Selection::default();
        selection.narrow(Filter::Replica, "b", &scope).unwrap();
        assert_eq!(selection.replica, Some(ReplicaId(1)));
        let problem = |scope: &Scope, text| {
            Selection::default()
                .narrow(Filter::Replica, text, scope)
                .unwrap_err()
        };
        assert_eq!(problem(&scope, "c").to_string(), "replica has no value `c`");
        scope.replicas.push(Named::new("test/b"));
        assert_eq!(
            problem(&scope, "b").to_string(),
            "replica `b` may be prod/b or test/b"
        );
    }

    #[test]
    fn numbers_are_read_as_numbers() {
        let (scope, mut selection) = (testing::scope(), Selection::default());
        selection.narrow(Filter::Status, "404", &scope).unwrap();
        selection.narrow(Filter::Connection, "3", &scope).unwrap();
        assert_eq!(
            (selection.status, selection.connection),
            (Some(404), Some(3))
        );
        assert!(selection.narrow(Filter::Connection, "256", &scope).is_err());
    }
}
