//! `dns:`.

use super::Builder;
use crate::kernel::time::Span;
use crate::notation::{Problem, Spanned};
use crate::scenario::file::{DnsFile, ScenarioFile};
use crate::world::blueprint::{DnsRecord, DnsTarget};
use crate::world::ids::*;

impl Builder<'_> {
    pub(super) fn dns(&mut self, file: &ScenarioFile) {
        match &file.dns {
            Some(records) => {
                for record in &records.value {
                    self.record(record);
                }
            }
            None => self.default_records(file),
        }
    }

    fn record(&mut self, written: &Spanned<DnsFile>) {
        let hostname = self.hostname(&written.hostname);
        let target = match (&written.tunnel, &written.balancer, *written.deleted_tunnel) {
            (Some(tunnel), None, false) => self.names().tunnel(tunnel).map(DnsTarget::Tunnel),
            (None, Some(balancer), false) => {
                self.names().balancer(balancer).map(DnsTarget::Balancer)
            }
            (None, None, true) => Some(DnsTarget::Nowhere),
            _ => {
                let problem =
                    Problem::error(written.position, "a record leads to exactly one thing")
                        .help("write one of `tunnel`, `balancer` and `deleted_tunnel: true`");
                self.context.report(problem);
                None
            }
        };
        if let Some(target) = target {
            let (at, overwrite) = (written.at.span(), *written.overwrite);
            self.blueprint.records.push(DnsRecord {
                hostname,
                target,
                at,
                overwrite,
            });
        }
    }

    /// Every hostname that is asked for leads to the only load balancer, or to the only tunnel.
    fn default_records(&mut self, file: &ScenarioFile) {
        let target = match (self.blueprint.balancers.len(), self.blueprint.tunnels.len()) {
            (1, _) => DnsTarget::Balancer(BalancerId(0)),
            (0, 1) => DnsTarget::Tunnel(TunnelId(0)),
            (balancers, tunnels) => {
                if let Some(clients) = &file.clients
                    && !self.context.problems.has_errors()
                {
                    let problem = Problem::error(
                        clients.position,
                        "this scenario needs `dns`, the way from hostnames to tunnels",
                    )
                    .label(format!(
                        "there are {tunnels} tunnels and {balancers} load balancers to choose from"
                    ))
                    .help("write `dns: [{hostname: app.example.com, tunnel: NAME}]`");
                    self.context.report(problem);
                }
                return;
            }
        };
        for hostname in self.blueprint.hostnames.ids() {
            self.blueprint.records.push(DnsRecord {
                hostname,
                target,
                at: Span::ZERO,
                overwrite: false,
            });
        }
    }
}
