//! `balancers:`, `pools:` and `monitors:`.

use super::Builder;
use crate::fault::{Reference, References};
use crate::kernel::time::Span;
use crate::notation::{Entries, Position, Problem, Spanned};
use crate::scenario::file::{
    BalancerFile, MonitorFile, OriginFile, PoolFile, ScenarioFile, WrittenPlace,
};
use crate::scenario::limits::ENDPOINTS_MAX;
use crate::world::blueprint::{Affinity, Balancer, Endpoint, EndpointAddress, Monitor, Pool, Site};
use crate::world::geography::{Atlas, Place};
use crate::world::ids::*;

impl Builder<'_> {
    pub(super) fn balancers(&mut self, file: &ScenarioFile) {
        for (name, monitor) in file.monitors.iter().flat_map(|monitors| monitors.iter()) {
            self.monitor(name, monitor);
        }
        for (name, pool) in file.pools.iter().flat_map(|pools| pools.iter()) {
            self.pool(name, pool, name.position);
        }
        for (name, balancer) in file.balancers.iter().flat_map(|balancers| balancers.iter()) {
            self.balancer(name, balancer);
        }
        file.monitors
            .iter()
            .for_each(|entries| self.note_unreadable(entries));
        file.pools
            .iter()
            .for_each(|entries| self.note_unreadable(entries));
        file.balancers
            .iter()
            .for_each(|entries| self.note_unreadable(entries));
    }

    fn monitor(&mut self, name: &str, file: &MonitorFile) {
        let monitor = Monitor {
            name: name.to_owned(),
            interval: file.interval.span(),
            timeout: file.timeout.span(),
            retries: file.retries.get() as u32,
            consecutive_up: file.consecutive_up.get() as u32,
            consecutive_down: file.consecutive_down.get() as u32,
            expected_codes: file
                .expected_codes
                .0
                .iter()
                .map(|pattern| pattern.0)
                .collect(),
            host_header: file
                .host_header
                .as_ref()
                .map(|hostname| self.hostname(hostname)),
            path: file.path.to_string(),
            probe_regions: file.check_regions.0.clone(),
            starts_unknown: *file.starts_unknown,
        };
        self.blueprint.monitors.push(monitor);
    }

    fn pool(&mut self, name: &str, file: &PoolFile, position: Position) {
        let site = self.pool_site(file, position);
        let monitor = file
            .monitor
            .as_ref()
            .and_then(|monitor| self.names().monitor(monitor));
        let id = self.blueprint.pools.push(Pool {
            name: name.to_owned(),
            endpoints: Vec::new(),
            minimum_healthy: file.minimum_origins.get() as u32,
            enabled: *file.enabled,
            endpoint_steering: file.origin_steering.policy.0.to_owned(),
            load_shedding: file.load_shedding.default_percent.get(),
            site,
            monitor,
        });
        self.note_unreadable(&file.origins);
        if file.origins.is_empty() && file.origins.unreadable().next().is_none() {
            self.error(position, "a pool needs an origin");
        }
        for (name, origin) in file.origins.iter() {
            let n_endpoints = self.blueprint.endpoints.len() + 1;
            if !self.limit(n_endpoints, ENDPOINTS_MAX, "origins", name.position) {
                return;
            }
            self.origin(id, name, origin, name.position);
        }
    }

    fn pool_site(&mut self, file: &PoolFile, position: Position) -> Option<Place> {
        let place = WrittenPlace {
            city: &file.city,
            latitude: &file.latitude,
            longitude: &file.longitude,
        };
        if !place.is_written() {
            return None;
        }
        place.site(position, self.context).map(|site| match site {
            Site::City(city) => Atlas::shipped()[city].place,
            Site::Point(place) => place,
        })
    }

    fn origin(&mut self, pool: PoolId, name: &str, file: &OriginFile, position: Position) {
        let address = match (&file.tunnel, &file.container) {
            (Some(tunnel), None) => self.names().tunnel(tunnel).map(EndpointAddress::Tunnel),
            (None, Some(container)) => self
                .names()
                .container(container)
                .map(EndpointAddress::Direct),
            _ => {
                self.error(position, "an origin is either a `tunnel` or a `container`");
                None
            }
        };
        let Some(address) = address else {
            self.unreadable.insert(name.to_owned());
            return;
        };
        let endpoints = &self.blueprint.pools[pool].endpoints;
        if endpoints
            .iter()
            .any(|id| self.blueprint.endpoints[*id].address == address)
        {
            let problem = Problem::error(position, "an address may stand in a pool only once")
                .label("another origin of this pool leads to the same")
                .help("one tunnel is one endpoint, whatever its replicas; give each server a tunnel of its own");
            self.context.report(problem);
        }
        let host_header = file
            .host_header
            .as_ref()
            .map(|hostname| self.hostname(hostname));
        let id = self.blueprint.endpoints.push(Endpoint {
            name: name.to_owned(),
            pool,
            address,
            weight: file.weight.get(),
            enabled: *file.enabled,
            host_header,
        });
        self.blueprint.pools[pool].endpoints.push(id);
    }

    fn balancer(&mut self, name: &str, file: &BalancerFile) {
        let default_pools = self.names().pools(&file.default_pools);
        let Some(fallback_pool) = self.names().pool(&file.fallback_pool) else {
            self.unreadable.insert(name.to_owned());
            return;
        };
        let region_pools = self.pools_by(&file.region_pools, |region| *region);
        let country_pools = self.pools_by(&file.country_pools, |code| code.to_string());
        let metro_pools = self.pools_by(&file.pop_pools, |metro| metro.0);
        for (code, _) in file.country_pools.iter().flat_map(|pools| pools.iter()) {
            self.check_country(code, code.position);
        }
        let geographic =
            file.region_pools.is_some() || file.country_pools.is_some() || file.pop_pools.is_some();
        let steering = match &file.steering_policy {
            Some(policy) => policy.0,
            None if geographic => "geo",
            None => "off",
        };
        self.blueprint.balancers.push(Balancer {
            name: name.to_owned(),
            default_pools,
            fallback_pool,
            steering: steering.to_owned(),
            region_pools,
            country_pools,
            metro_pools,
            pool_weights: Vec::new(),
            default_weight: file.random_steering.default_weight.get(),
            affinity: *file.session_affinity,
            affinity_ttl: match &file.session_affinity_ttl {
                Some(ttl) => ttl.span(),
                None => default_ttl(*file.session_affinity),
            },
            drain: file.session_affinity_attributes.drain_duration.span(),
            zero_downtime_failover: *file.session_affinity_attributes.zero_downtime_failover,
            failover_across_pools: *file.adaptive_routing.failover_across_pools,
        });
        let weights = self.pool_weights(file);
        if let Some(last) = self.blueprint.balancers.ids().next_back() {
            self.blueprint.balancers[last].pool_weights = weights;
        }
    }

    fn pool_weights(&mut self, file: &BalancerFile) -> Vec<(PoolId, f64)> {
        let mut weights = Vec::new();
        for (name, weight) in file
            .random_steering
            .pool_weights
            .iter()
            .flat_map(|weights| weights.iter())
        {
            let reference = Spanned {
                value: Reference::named(name),
                position: name.position,
                given: true,
            };
            weights.extend(
                self.names()
                    .pool(&reference)
                    .map(|pool| (pool, weight.get())),
            );
        }
        weights
    }

    /// Pools by where a request entered.
    fn pools_by<K, V>(
        &mut self,
        entries: &Option<Spanned<Entries<References, K>>>,
        place: impl Fn(&K) -> V,
    ) -> Vec<(V, Vec<PoolId>)> {
        let mut pools = Vec::new();
        for (key, references) in entries.iter().flat_map(|entries| entries.iter()) {
            pools.push((place(&key.value), self.names().pools(references)));
        }
        pools
    }

    fn check_country(&mut self, code: &str, position: Position) {
        if !Atlas::shipped()
            .metros()
            .iter()
            .any(|metro| metro.country == code)
        {
            let problem = Problem::error(
                position,
                format!("no edge metro lies in the country `{code}`"),
            )
            .help("write a country's two letters in capitals, such as DE");
            self.context.report(problem);
        }
    }
}

/// How long affinity lasts unless the file says otherwise (Terraform provider, load_balancer).
fn default_ttl(affinity: Affinity) -> Span {
    match affinity {
        Affinity::Header => Span::from_secs(1_800),
        _ => Span::from_secs(82_800),
    }
}
