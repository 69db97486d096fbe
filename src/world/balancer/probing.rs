//! What a monitor probes, and what it concludes from what comes back.

use super::Balancers;
use crate::kernel::time::Span;
use crate::world::geography::{DataCentre, ProbeRegion};
use crate::world::ids::{EndpointId, MonitorId, PoolId};

/// One series of probes: a data centre that asks an endpoint again and again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Probe {
    /// The monitor.
    pub monitor: MonitorId,
    /// The endpoint it asks.
    pub endpoint: EndpointId,
    /// The probe region it asks from.
    pub region: ProbeRegion,
    /// Which of the region's three data centres asks: 0, 1 or 2.
    pub data_centre: u8,
}

impl Probe {
    /// The data centre the probe starts at.
    pub fn from(&self) -> DataCentre {
        self.region.data_centres()[usize::from(self.data_centre)]
    }
}

/// What became of one probe.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ProbeResult {
    /// An accepted answer came.
    Passed {
        /// From the question to the answer.
        round_trip: Span,
    },
    /// Another answer came, or the connection failed.
    Failed,
    /// Nothing came in time.
    TimedOut,
}

/// What a verdict on health is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Watched {
    /// An endpoint.
    Endpoint(EndpointId),
    /// A pool, which is healthy while enough of its endpoints are.
    Pool(PoolId),
}

/// A verdict on health that changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HealthFlip {
    /// What it is about.
    pub what: Watched,
    /// The new verdict.
    pub healthy: bool,
}

/// What follows from the result of a probe.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ProbeFollowUp {
    /// Whether the data centre asks again at once.
    pub retry_now: bool,
    /// The verdicts that changed.
    pub flips: Vec<HealthFlip>,
}

impl Balancers {
    /// Every series of probes that a monitor runs, in order of endpoint, region and data centre.
    ///
    /// Simplification: disabled endpoints and endpoints of disabled pools are probed too, so that
    /// their health is known when they are enabled.
    pub fn probe_plan(&self, monitor: MonitorId) -> Vec<Probe> {
        let regions = &self.monitors[monitor].probe_regions;
        let watched = self.endpoints.iter();
        let watched = watched.filter(|(_, e)| self.pools[e.declared.pool].monitor == Some(monitor));
        let mut plan = Vec::new();
        for (endpoint, _) in watched {
            for &region in regions {
                let probe = |data_centre| Probe {
                    monitor,
                    endpoint,
                    region,
                    data_centre,
                };
                plan.extend((0..3).map(probe));
            }
        }
        plan
    }

    /// Takes in the result of a probe.
    ///
    /// A wrong answer fails the run without a retry; a time-out is repeated at once, up to the
    /// monitor's `retries`.
    ///
    /// # Panics
    /// If the probe is not part of its monitor's plan.
    pub fn probe_result(&mut self, probe: Probe, result: ProbeResult) -> ProbeFollowUp {
        let monitor = &self.monitors[probe.monitor];
        let pool = self.endpoints[probe.endpoint].declared.pool;
        let pool_was_up = self.has_enough_endpoints(pool);

        let region = monitor
            .probe_regions
            .iter()
            .position(|region| *region == probe.region);
        let region = region.expect("the monitor probes from this region");
        let health = self.endpoints[probe.endpoint].health.as_mut();
        let health = health.expect("the endpoint's pool has this monitor");
        let verdict = health.verdict_mut(region, probe.data_centre);
        let retry_now = match result {
            ProbeResult::TimedOut => verdict.timed_out(monitor),
            ProbeResult::Passed { .. } | ProbeResult::Failed => {
                verdict.run_ended(result != ProbeResult::Failed, monitor);
                false
            }
        };
        if let ProbeResult::Passed { round_trip } = result {
            self.latency.record(pool, probe.region, round_trip);
        }

        let mut flips = Vec::new();
        if health.recount() {
            let healthy = health.is_healthy();
            flips.push(HealthFlip {
                what: Watched::Endpoint(probe.endpoint),
                healthy,
            });
        }
        let pool_is_up = self.has_enough_endpoints(pool);
        if pool_is_up != pool_was_up {
            flips.push(HealthFlip {
                what: Watched::Pool(pool),
                healthy: pool_is_up,
            });
        }
        ProbeFollowUp { retry_now, flips }
    }
}

#[cfg(test)]
mod tests {
    use super::super::PoolHealth;
    use super::super::example::*;
    use super::*;
    use crate::world::blueprint::Blueprint;

    const MONITOR: MonitorId = MonitorId(0);
    const PASSED: ProbeResult = ProbeResult::Passed {
        round_trip: Span::from_millis(20),
    };
    const WEU: ProbeRegion = ProbeRegion::WesternEurope;
    const EEU: ProbeRegion = ProbeRegion::EasternEurope;

    fn one_endpoint(regions: &[ProbeRegion]) -> Blueprint {
        monitored(&[&["a"]], regions).0
    }

    fn probe(region: ProbeRegion, data_centre: u8) -> Probe {
        Probe {
            monitor: MONITOR,
            endpoint: EndpointId(0),
            region,
            data_centre,
        }
    }

    #[test]
    fn three_data_centres_of_each_region_probe_each_endpoint() {
        let (blueprint, _) = monitored(&[&["a", "b"], &["c"]], &[WEU, EEU]);
        let plan = Balancers::new(&blueprint).probe_plan(MONITOR);
        assert_eq!(plan.len(), 3 * 2 * 3);
        assert_eq!(plan[4], probe(EEU, 1));
        assert_eq!(plan[4].from(), EEU.data_centres()[1]);
    }

    #[test]
    fn an_endpoint_flips_with_the_second_of_three_data_centres_and_takes_its_pool_along() {
        let mut balancers = Balancers::new(&one_endpoint(&[WEU]));
        assert_eq!(
            balancers
                .probe_result(probe(WEU, 0), ProbeResult::Failed)
                .flips,
            []
        );
        let flips = balancers
            .probe_result(probe(WEU, 2), ProbeResult::Failed)
            .flips;
        let down = |what| HealthFlip {
            what,
            healthy: false,
        };
        let endpoint = down(Watched::Endpoint(EndpointId(0)));
        assert_eq!(flips, [endpoint, down(Watched::Pool(PoolId(0)))]);
        assert_eq!(
            balancers
                .probe_result(probe(WEU, 1), ProbeResult::Failed)
                .flips,
            []
        );
        assert_eq!(balancers.pool_health(PoolId(0)), PoolHealth::Critical);
        balancers.probe_result(probe(WEU, 1), PASSED);
        assert_eq!(balancers.probe_result(probe(WEU, 2), PASSED).flips.len(), 2);
        assert_eq!(balancers.pool_health(PoolId(0)), PoolHealth::Healthy);
    }

    #[test]
    fn a_verdict_is_the_majority_of_majorities() {
        // All 2^9 votes of three regions.
        for votes in 0_u32..512 {
            let regions = [WEU, EEU, ProbeRegion::Oceania];
            let mut balancers = Balancers::new(&one_endpoint(&regions));
            let is_up = |probe: u32| votes >> probe & 1 == 1;
            for (number, probe) in balancers.probe_plan(MONITOR).into_iter().enumerate() {
                let result = if is_up(number as u32) {
                    PASSED
                } else {
                    ProbeResult::Failed
                };
                balancers.probe_result(probe, result);
            }
            let up = |region: u32| (0..3).filter(|dc| is_up(3 * region + dc)).count() >= 2;
            let expected = (0..3).filter(|region| up(*region)).count() >= 2;
            assert_eq!(balancers.is_healthy(EndpointId(0)), expected, "{votes:09b}");
        }
    }

    #[test]
    fn half_of_the_regions_are_not_a_majority() {
        let mut balancers = Balancers::new(&one_endpoint(&[WEU, EEU]));
        for data_centre in 0..3 {
            balancers.probe_result(probe(EEU, data_centre), ProbeResult::Failed);
        }
        assert!(!balancers.is_healthy(EndpointId(0)));
    }

    #[test]
    fn only_time_outs_are_retried_and_only_so_often() {
        let mut balancers = Balancers::new(&one_endpoint(&[WEU]));
        for data_centre in 0..2 {
            for retry in [true, true, false] {
                let result = balancers.probe_result(probe(WEU, data_centre), ProbeResult::TimedOut);
                assert_eq!(result.retry_now, retry);
            }
        }
        assert!(!balancers.is_healthy(EndpointId(0)));
        assert!(
            !balancers
                .probe_result(probe(WEU, 0), ProbeResult::Failed)
                .retry_now
        );
    }

    #[test]
    fn a_retry_that_passes_saves_the_run() {
        let mut balancers = Balancers::new(&one_endpoint(&[WEU]));
        for result in [
            ProbeResult::TimedOut,
            PASSED,
            ProbeResult::TimedOut,
            ProbeResult::TimedOut,
        ] {
            balancers.probe_result(probe(WEU, 0), result);
            balancers.probe_result(probe(WEU, 1), result);
        }
        assert!(balancers.is_healthy(EndpointId(0)));
    }

    #[test]
    fn a_verdict_needs_its_runs_in_a_row() {
        let mut blueprint = one_endpoint(&[WEU]);
        blueprint.monitors[MONITOR].consecutive_down = 2;
        blueprint.monitors[MONITOR].consecutive_up = 3;
        let mut balancers = Balancers::new(&blueprint);
        let mut healths = Vec::new();
        let failed = ProbeResult::Failed;
        for result in [
            failed, PASSED, failed, failed, PASSED, PASSED, failed, PASSED, PASSED, PASSED,
        ] {
            for data_centre in 0..3 {
                balancers.probe_result(probe(WEU, data_centre), result);
            }
            healths.push(u8::from(balancers.is_healthy(EndpointId(0))));
        }
        assert_eq!(healths, [1, 1, 1, 0, 0, 0, 0, 0, 0, 1]);
    }

    #[test]
    fn a_monitor_that_starts_unknown_counts_as_down_until_its_first_verdicts() {
        let mut blueprint = one_endpoint(&[WEU]);
        blueprint.monitors[MONITOR].starts_unknown = true;
        blueprint.monitors[MONITOR].consecutive_up = 5;
        let mut balancers = Balancers::new(&blueprint);
        assert_eq!(balancers.pool_health(PoolId(0)), PoolHealth::Unknown);
        assert!(!balancers.is_healthy(EndpointId(0)));
        balancers.probe_result(probe(WEU, 0), PASSED);
        assert_eq!(balancers.pool_health(PoolId(0)), PoolHealth::Critical);
        balancers.probe_result(probe(WEU, 1), PASSED);
        assert_eq!(balancers.pool_health(PoolId(0)), PoolHealth::Healthy);
    }

    #[test]
    fn a_pool_is_degraded_down_to_its_threshold_and_critical_below() {
        let (mut blueprint, _) = monitored(&[&["a", "b", "c"]], &[WEU]);
        blueprint.pools[PoolId(0)].minimum_healthy = 2;
        let mut balancers = Balancers::new(&blueprint);
        let mut healths = vec![balancers.pool_health(PoolId(0))];
        for endpoint in [EndpointId(0), EndpointId(1)] {
            for data_centre in 0..3 {
                let probe = Probe {
                    endpoint,
                    ..probe(WEU, data_centre)
                };
                balancers.probe_result(probe, ProbeResult::Failed);
            }
            healths.push(balancers.pool_health(PoolId(0)));
        }
        let expected = [
            PoolHealth::Healthy,
            PoolHealth::Degraded,
            PoolHealth::Critical,
        ];
        assert_eq!(healths, expected);
    }
}
