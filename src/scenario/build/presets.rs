//! The presets of `failures:`: what breaks by itself, how often and for how long.
//!
//! Sources: SLAs and incident reports of providers, BISmark (Grover 2013), EIA table 11.1, postmortems of 2019 to
//! 2026; what no study covers is our guess and says so. Rates are per year of 365.25 days and per component.

use super::Builder;
use crate::fault::{Duration, Effect, FaultPlan, Occurrence};
use crate::kernel::time::Span;
use crate::kernel::variate::Distribution;
use crate::notation::{Position, Spanned};
use crate::scenario::file::FailureFile;
use crate::world::geography::{Atlas, DataCentre, MetroId};
use crate::world::ids::*;

const YEAR: Span = Span::from_secs(31_557_600);
const MINUTE: Span = Span::from_secs(60);
const HOUR: Span = Span::from_secs(3_600);

/// A cause of failure: how often, and how long.
struct Cause {
    name: &'static str,
    /// Strikes in a year of working.
    per_year: f64,
    /// Median length; none: it has no end of its own.
    lasts: Option<Span>,
    /// Standard deviation of the logarithm of the length.
    sigma: f64,
}

const fn cause(name: &'static str, per_year: f64, lasts: Span, sigma: f64) -> Cause {
    Cause {
        name,
        per_year,
        lasts: Some(lasts),
        sigma,
    }
}

const fn moment(name: &'static str, per_year: f64) -> Cause {
    Cause {
        name,
        per_year,
        lasts: None,
        sigma: 0.0,
    }
}

/// Power of a virtual server is lost: crashes or forced reboots, and outages of its site (guess beside SLAs).
const VPS_POWER: [Cause; 2] = [
    cause("crash", 1.0, Span::from_secs(180), 0.7),
    cause("site-outage", 0.1, Span::from_secs(3 * 3_600), 0.8),
];
/// Its line is lost: network faults of the provider, and pauses for live migration (guess).
const VPS_LINE: [Cause; 2] = [
    cause("network-fault", 2.0, Span::from_secs(15 * 60), 1.0),
    cause("maintenance-pause", 4.0, MINUTE, 0.8),
];
/// The line of a home: outages of ten minutes and more (BISmark: 0.06 a day), and short drops (guess).
const HOME_LINE: [Cause; 2] = [
    cause("line-outage", 21.915, Span::from_secs(30 * 60), 1.1),
    cause("line-drop", 109.575, MINUTE, 0.8),
];
/// The power of a home: interruptions (EIA, United States 2023: 1.35 a year of 272 minutes in the mean, whose median
/// for sigma 1 is 165 minutes), reboots for updates and hardware failures (guess).
const HOME_POWER: [Cause; 3] = [
    cause("power-interruption", 1.35, Span::from_secs(165 * 60), 1.0),
    cause("update-reboot", 12.0, Span::from_secs(180), 0.5),
    cause("hardware-failure", 0.1, Span::from_secs(2 * 86_400), 1.0),
];
/// A service process: crashes and hangs (guess; no public study was found).
const CONTAINER_CRASH: Cause = moment("crash", 365.25 / 30.0);
const CONTAINER_HANG: Cause = cause("hang", 365.25 / 120.0, Span::from_secs(20 * 60), 1.0);
/// A crash loop after a bad deployment (guess).
const CRASH_LOOP: Cause = cause("crash-loop", 365.25 / 180.0, Span::from_secs(30 * 60), 1.0);
/// How long a service runs each time in a crash loop.
const CRASH_LOOP_RUN: Span = Span::from_secs(2);
/// A cloudflared process: crashes and upgrades (guess).
const CONNECTOR_KILL: Cause = moment("crash", 365.25 / 30.0);
/// One connection, while the others live (rate: guess; issue logs show bursts).
const CONNECTION_DROP: Cause = moment("drop", 365.25 / 3.0);
/// One data centre: six a year, four fifths of them planned (vendor's status page and documentation).
const DATA_CENTRE_PLANNED: Cause = cause("maintenance", 4.8, Span::from_secs(6 * 3_600), 0.6);
const DATA_CENTRE_FAILURE: Cause = cause("failure", 1.2, Span::from_secs(20 * 60), 1.0);
/// A whole metro, big and small (guess beside a status snapshot).
const BIG_METRO: Cause = cause("metro-outage", 0.2, Span::from_secs(45 * 60), 1.0);
const SMALL_METRO: Cause = cause("metro-outage", 1.0, Span::from_secs(45 * 60), 1.0);
/// Provider-wide incidents (counted from postmortems of 2019 to 2026).
const PROVIDER: Cause = cause("incident", 1.5, HOUR, 0.9);

/// A plan that strikes at random.
fn plan(
    kind: &'static str,
    cause: &Cause,
    share: f64,
    target: &str,
    strike: Vec<Effect>,
    clear: Vec<Effect>,
) -> FaultPlan {
    let mean = Span::from_secs_f64_truncated(YEAR.as_secs_f64() / (cause.per_year * share));
    FaultPlan {
        name: format!("{} {target}", cause.name).trim_end().to_owned(),
        kind,
        target: target.to_owned(),
        occurrence: Occurrence::Random {
            time_to_failure: Distribution::Exponential { mean },
        },
        duration: match cause.lasts {
            Some(median) => Duration::Lasts(Distribution::Lognormal {
                median,
                sigma: cause.sigma,
                cap: None,
            }),
            None => Duration::Unlimited,
        },
        strike,
        clear,
    }
}

impl Builder<'_> {
    /// The plans of one failure, and where it stands.
    pub(super) fn failure(&mut self, failure: &Spanned<FailureFile>) -> Vec<(FaultPlan, Position)> {
        let plans = match &failure.value {
            FailureFile::Kind(random) => {
                return random.plan(&mut self.names()).into_iter().collect();
            }
            FailureFile::Vps(vps) => {
                let hosts = self.names().hosts(&vps.host);
                self.host_plans(&hosts, &VPS_POWER, &VPS_LINE)
            }
            FailureFile::Home(home) => {
                let hosts = self.names().hosts(&home.host);
                self.host_plans(&hosts, &HOME_POWER, &HOME_LINE)
            }
            FailureFile::Container(container) => {
                let containers = self.names().containers(&container.container);
                self.container_plans(&containers, container.correlation.get())
            }
            FailureFile::Connector(connector) => {
                let replicas = self.names().replicas(&connector.replica);
                replicas
                    .into_iter()
                    .flat_map(|replica| self.connector_plans(replica))
                    .collect()
            }
            FailureFile::Edge(edge) => edge
                .metro
                .0
                .iter()
                .flat_map(|metro| metro_plans(metro.0))
                .collect(),
            FailureFile::Provider(provider) => {
                let (strike, clear) = (
                    Effect::ProviderIncident(provider.share.get()),
                    Effect::ProviderIncident(0.0),
                );
                vec![plan(
                    "provider-incident",
                    &PROVIDER,
                    1.0,
                    "",
                    vec![strike],
                    vec![clear],
                )]
            }
        };
        plans
            .into_iter()
            .map(|plan| (plan, failure.position))
            .collect()
    }

    fn host_plans(&self, hosts: &[HostId], power: &[Cause], line: &[Cause]) -> Vec<FaultPlan> {
        let mut plans = Vec::new();
        for &host in hosts {
            let name = &self.blueprint.hosts[host].name;
            let works = |effect: fn(HostId, bool) -> Effect| {
                (vec![effect(host, false)], vec![effect(host, true)])
            };
            for cause in power {
                let (strike, clear) = works(Effect::HostPower);
                plans.push(plan("power-cut", cause, 1.0, name, strike, clear));
            }
            for cause in line {
                let (strike, clear) = works(Effect::HostLine);
                plans.push(plan("line-cut", cause, 1.0, name, strike, clear));
            }
        }
        plans
    }

    fn container_plans(&mut self, containers: &[ContainerId], correlation: f64) -> Vec<FaultPlan> {
        let name = |builder: &mut Self, id| builder.names().container_name(id);
        let loops = |ids: &[ContainerId], run: Option<Span>| -> Vec<Effect> {
            ids.iter()
                .map(|id| Effect::ContainerCrashLoop(*id, run))
                .collect()
        };
        let mut plans = Vec::new();
        for &id in containers {
            let target = name(self, id);
            plans.push(plan(
                "container-crash",
                &CONTAINER_CRASH,
                1.0,
                &target,
                vec![Effect::ContainerCrash(id)],
                vec![],
            ));
            let (hangs, recovers) = (
                Effect::ContainerHang(id, true),
                Effect::ContainerHang(id, false),
            );
            plans.push(plan(
                "container-hang",
                &CONTAINER_HANG,
                1.0,
                &target,
                vec![hangs],
                vec![recovers],
            ));
            if correlation < 1.0 {
                let (strike, clear) = (loops(&[id], Some(CRASH_LOOP_RUN)), loops(&[id], None));
                plans.push(plan(
                    "crash-loop",
                    &CRASH_LOOP,
                    1.0 - correlation,
                    &target,
                    strike,
                    clear,
                ));
            }
        }
        if correlation > 0.0 && !containers.is_empty() {
            let names: Vec<String> = containers.iter().map(|id| name(self, *id)).collect();
            let (strike, clear) = (
                loops(containers, Some(CRASH_LOOP_RUN)),
                loops(containers, None),
            );
            plans.push(plan(
                "crash-loop",
                &CRASH_LOOP,
                correlation,
                &names.join(", "),
                strike,
                clear,
            ));
        }
        plans
    }

    fn connector_plans(&mut self, replica: ReplicaId) -> Vec<FaultPlan> {
        let name = self.names().replica_name(replica);
        let kill = plan(
            "connector-kill",
            &CONNECTOR_KILL,
            1.0,
            &name,
            vec![Effect::ConnectorKill(replica)],
            vec![],
        );
        let mut plans = vec![kill];
        for index in 0..self.blueprint.replicas[replica].connections {
            let connection = ConnectionRef { replica, index };
            let target = format!("{name}/{index}");
            let drop = vec![Effect::ConnectionDrop(connection)];
            plans.push(plan(
                "connection-drop",
                &CONNECTION_DROP,
                1.0,
                &target,
                drop,
                vec![],
            ));
        }
        plans
    }
}

fn metro_plans(id: MetroId) -> Vec<FaultPlan> {
    let metro = &Atlas::shipped()[id];
    let cause = if metro.n_data_centres > 2 {
        &BIG_METRO
    } else {
        &SMALL_METRO
    };
    let outage = (
        vec![Effect::MetroUp(id, false)],
        vec![Effect::MetroUp(id, true)],
    );
    let mut plans = vec![plan(
        "metro-down",
        cause,
        1.0,
        &metro.code,
        outage.0,
        outage.1,
    )];
    for number in 1..=metro.n_data_centres {
        let it = DataCentre { metro: id, number };
        let target = it.to_string();
        let maintenance = |on| vec![Effect::DataCentreMaintenance(it, on)];
        plans.push(plan(
            "edge-maintenance",
            &DATA_CENTRE_PLANNED,
            1.0,
            &target,
            maintenance(true),
            maintenance(false),
        ));
        let up = |up| vec![Effect::DataCentreUp(it, up)];
        plans.push(plan(
            "data-centre-down",
            &DATA_CENTRE_FAILURE,
            1.0,
            &target,
            up(false),
            up(true),
        ));
    }
    plans
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Minutes a year that causes take, as if none happened during another.
    fn minutes_a_year(causes: &[&[Cause]]) -> f64 {
        let mean_minutes = |cause: &Cause| match cause.lasts {
            Some(median) => {
                Distribution::Lognormal {
                    median,
                    sigma: cause.sigma,
                    cap: None,
                }
                .mean_secs()
                    / 60.0
            }
            None => 0.0,
        };
        causes
            .iter()
            .copied()
            .flatten()
            .map(|cause| cause.per_year * mean_minutes(cause))
            .sum()
    }

    #[test]
    fn a_virtual_server_is_down_84_minutes_a_year() {
        let minutes = minutes_a_year(&[&VPS_POWER, &VPS_LINE]);
        assert!((minutes - 83.6).abs() < 0.2, "{minutes}");
    }

    #[test]
    fn a_server_at_home_is_down_37_hours_a_year() {
        let minutes = minutes_a_year(&[&HOME_POWER, &HOME_LINE]);
        assert!((minutes / 60.0 - 37.3).abs() < 0.2, "{minutes}");
    }
}
