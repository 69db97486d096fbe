//! `clients:`.

use super::Builder;
use crate::kernel::variate::Count;
use crate::notation::{InlineOr, Position, Problem, Rate, Spanned};
use crate::scenario::file::{ClientsFile, Hostnames, ScenarioFile, SessionsKind, WrittenPlace};
use crate::scenario::limits::GROUPS_MAX;
use crate::world::blueprint::{Arrivals, ClientSite, Group};
use crate::world::ids::HostnameId;

const HOURS_OF_A_DAY: usize = 24;

impl Builder<'_> {
    pub(super) fn clients(&mut self, file: &ScenarioFile) {
        let Some(clients) = &file.clients else {
            return;
        };
        self.note_unreadable(clients);
        self.limit(clients.len(), GROUPS_MAX, "client groups", clients.position);
        for (name, group) in clients.iter() {
            let hostnames = self.hostnames(group, name.position);
            let arrivals = self.arrivals(group);
            self.check_requests(group);
            let site = self.client_site(group, name.position);
            let (Some(site), Some(arrivals), Some(hostnames)) = (site, arrivals, hostnames) else {
                self.unreadable.insert(name.to_string());
                continue;
            };
            self.blueprint.groups.push(Group {
                name: name.to_string(),
                site,
                access: *group.access,
                arrivals,
                requests: group.requests.0.clone(),
                think: group.think.0.clone(),
                hostnames,
                path: group.path.to_string(),
                carries: *group.state,
                writes_share: group.writes.get(),
                on_error: *group.on_error,
                patience: group.patience.span(),
                visitors: group.visitors.map(|visitors| visitors.get()),
                entry: group.entry.map(|entry| entry.0),
            });
        }
    }

    fn check_requests(&mut self, group: &ClientsFile) {
        let may_be_none = match &group.requests.0 {
            Count::Constant(number) => *number == 0,
            Count::Uniform { low, .. } => *low == 0,
            Count::Geometric { .. } => false,
            Count::Empirical(table) => table.share_up_to(&0) > 0.0,
        };
        if may_be_none {
            self.error(
                group.requests.position,
                "a session has at least one request",
            );
        }
    }

    fn client_site(&mut self, group: &ClientsFile, position: Position) -> Option<ClientSite> {
        let place = WrittenPlace {
            city: &group.city,
            latitude: &group.latitude,
            longitude: &group.longitude,
        };
        match &group.mix {
            None => place.site(position, self.context).map(ClientSite::At),
            Some(_) if !place.is_written() => Some(ClientSite::World),
            Some(mix) => {
                self.error(
                    mix.position,
                    "clients are in one place or all over the world, not both",
                );
                None
            }
        }
    }

    fn hostnames(
        &mut self,
        group: &ClientsFile,
        position: Position,
    ) -> Option<Vec<(HostnameId, f64)>> {
        match group.hostname.as_ref().map(|hostname| &hostname.value) {
            Some(Hostnames::Inline(hostname)) => Some(vec![(self.hostname(hostname), 1.0)]),
            Some(Hostnames::Block(weighted)) => {
                let mut hostnames = Vec::new();
                for (hostname, weight) in weighted.iter() {
                    hostnames.push((self.hostname(&hostname.value), weight.get()));
                }
                if hostnames.iter().any(|(_, weight)| *weight > 0.0) {
                    return Some(hostnames);
                }
                self.error(position, "at least one hostname needs a weight above 0");
                None
            }
            None if matches!(&*group.sessions, InlineOr::Block(SessionsKind::Trace(_))) => {
                Some(Vec::new())
            }
            None if self.context.is_damaged(position) => None,
            None => {
                let problem = Problem::error(position, "clients need a `hostname` to ask for")
                    .label("`hostname` is missing");
                self.context.report(problem);
                None
            }
        }
    }

    fn arrivals(&mut self, group: &ClientsFile) -> Option<Arrivals> {
        match &group.sessions.value {
            InlineOr::Inline(rate) => Some(Arrivals::Poisson {
                per_second: rate.per_second(),
            }),
            InlineOr::Block(SessionsKind::Hourly(rates)) => {
                self.hourly(rates, group.sessions.position)
            }
            InlineOr::Block(SessionsKind::Trace(name)) => {
                let spanned = Spanned {
                    value: name.clone(),
                    position: group.sessions.position,
                    given: true,
                };
                self.trace(&spanned)
            }
        }
    }

    fn hourly(&mut self, rates: &[Rate], position: Position) -> Option<Arrivals> {
        if rates.len() != HOURS_OF_A_DAY {
            let problem = Problem::error(position, "a profile has a rate for each of the 24 hours")
                .label(format!("this has {}", rates.len()));
            self.context.report(problem);
            return None;
        }
        Some(Arrivals::Hourly {
            per_second: rates.iter().map(|rate| rate.per_second()).collect(),
        })
    }
}
