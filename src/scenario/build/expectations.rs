//! `holds_if:` and `expect:`.

use super::Builder;
use crate::fault::FaultPlan;
use crate::kernel::time::Time;
use crate::measure::expectation::{Bound, Expectation, Statistic};
use crate::measure::metric::{MetricUse, Unit};
use crate::measure::selection::Selection;
use crate::notation::{
    Context, Decode, Duration, Node, Number, Pair, Position, Problem, Rate, Share, Spanned,
    unresolved,
};
use crate::scenario::file::{DemandFile, ExpectationFile, Extreme};
use crate::scenario::limits::EXPECTATIONS_MAX;
use crate::world::ids::{DatasetId, FaultId, HostnameId, Position as _};

impl Builder<'_> {
    pub(super) fn expectations(
        &mut self,
        written: Option<&[Spanned<ExpectationFile>]>,
        faults: &[FaultPlan],
    ) -> Vec<Expectation> {
        let written = written.unwrap_or_default();
        if let Some(last) = written.last()
            && !self.limit(
                written.len(),
                EXPECTATIONS_MAX,
                "expectations",
                last.position,
            )
        {
            return Vec::new();
        }
        written
            .iter()
            .filter_map(|expectation| self.expectation(expectation, faults))
            .collect()
    }

    fn expectation(
        &mut self,
        written: &Spanned<ExpectationFile>,
        faults: &[FaultPlan],
    ) -> Option<Expectation> {
        let (entry, demand) = (written.metric.0, &written.demand);
        let bound = self.bound(demand, entry.unit, written.position);
        let selection = self.selection(demand, faults);
        let metric = match MetricUse::new(entry, selection) {
            Ok(metric) => Some(metric),
            Err(problem) => {
                let known: Vec<&str> = entry.filters.iter().map(|filter| filter.name()).collect();
                let note = format!("filters of `{}`: {}", entry.name, known.join(", "));
                self.context
                    .report(Problem::error(written.position, problem.to_string()).note(note));
                None
            }
        };
        let statistic = match (&demand.quantile, &demand.of_runs) {
            (None, None) => Statistic::Mean,
            (Some(quantile), None) => Statistic::Quantile(quantile.get()),
            (None, Some(extreme)) => match extreme.value {
                Extreme::Least => Statistic::Minimum,
                Extreme::Greatest => Statistic::Maximum,
            },
            (Some(quantile), Some(_)) => {
                self.error(
                    quantile.position,
                    "either `quantile` or `of_runs`, not both",
                );
                return None;
            }
        };
        let expectation = Expectation {
            metric: metric?,
            statistic,
            bound: bound?,
        };
        if let Err(reason) = expectation.check() {
            self.error(written.position, reason);
        }
        Some(expectation)
    }

    /// The one bound that is written.
    fn bound(&mut self, demand: &DemandFile, unit: Unit, position: Position) -> Option<Bound> {
        let value = |builder: &mut Self, node: &Spanned<Node>| builder.value(node, unit);
        let written = [
            demand.equals.is_some(),
            demand.exactly.is_some(),
            demand.at_most.is_some(),
            demand.at_least.is_some(),
            demand.between.is_some(),
        ];
        if written.iter().filter(|is_written| **is_written).count() != 1 {
            let problem = Problem::error(position, "an expectation needs exactly one bound")
                .help("write one of `equals`, `exactly`, `at_most`, `at_least` and `between`");
            self.context.report(problem);
            return None;
        }
        if let Some(error) = &demand.error
            && demand.equals.is_none()
        {
            self.error(error.position, "`error` belongs to `equals`");
        }
        if let Some(equals) = &demand.equals {
            let value = value(self, equals)?;
            let Some(error) = &demand.error else {
                let problem = Problem::error(equals.position, "`equals` needs the source of its error")
                    .help("add `error: binomial` for independent trials in one run, or `error: replications`");
                self.context.report(problem);
                return None;
            };
            return Some(Bound::Equals {
                value,
                error: error.value,
                resolution: demand.resolution.get(),
            });
        }
        if let Some(between) = &demand.between {
            let Pair(low, high) = &between.value;
            let (low, high) = (self.value(low, unit), self.value(high, unit));
            let (low, high) = (low?, high?);
            if low > high {
                let message = "`between` asks for the smaller value first";
                self.error(between.position, message);
                return None;
            }
            return Some(Bound::Between(low, high));
        }
        demand
            .exactly
            .as_ref()
            .map(|node| value(self, node).map(Bound::Exactly))
            .or_else(|| {
                demand
                    .at_most
                    .as_ref()
                    .map(|node| value(self, node).map(Bound::AtMost))
            })
            .or_else(|| {
                demand
                    .at_least
                    .as_ref()
                    .map(|node| value(self, node).map(Bound::AtLeast))
            })
            .flatten()
    }

    /// A value in the unit of a metric: times in nanoseconds, shares between 0 and 1.
    fn value(&mut self, node: &Node, unit: Unit) -> Option<f64> {
        match unit {
            Unit::Share => Share::decode(node, self.context).map(|share| share.get()),
            Unit::Count => Number::decode(node, self.context).map(|number| number.get()),
            Unit::Milliseconds | Unit::Seconds => Duration::decode(node, self.context)
                .map(|duration| duration.span().as_nanos() as f64),
            Unit::PerSecond => Rate::decode(node, self.context).map(|rate| rate.per_second()),
        }
    }

    fn selection(&mut self, demand: &DemandFile, faults: &[FaultPlan]) -> Selection {
        if let (Some(from), Some(until)) = (&demand.from, &demand.until)
            && until.span() <= from.span()
        {
            let problem = Problem::error(until.position, "nothing lies between `from` and `until`")
                .label("not later than `from`");
            self.context.report(problem);
        }
        let horizon = self.blueprint.horizon;
        if let Some(from) = demand.from.as_ref().filter(|from| from.span() >= horizon) {
            let problem =
                Problem::warning(from.position, "no session begins after the end of the run")
                    .label(format!("the run ends after {horizon}"));
            self.context.report(problem);
        }
        let mut names = self.names();
        let mut selection = Selection {
            group: demand.group.as_ref().and_then(|it| names.group(it)),
            entry: demand.entry.as_ref().map(|it| it.0),
            tunnel: demand.tunnel.as_ref().and_then(|it| names.tunnel(it)),
            replica: demand.replica.as_ref().and_then(|it| names.replica(it)),
            connection: demand.connection.as_ref().map(|it| it.get() as u8),
            host: demand.host.as_ref().and_then(|it| names.host(it)),
            hosts: demand
                .hosts
                .as_ref()
                .map(|it| names.hosts(it))
                .unwrap_or_default(),
            container: demand.container.as_ref().and_then(|it| names.container(it)),
            store: demand.store.as_ref().and_then(|it| names.store(it)),
            pool: demand.pool.as_ref().and_then(|it| names.pool(it)),
            endpoint: demand.endpoint.as_ref().and_then(|it| names.endpoint(it)),
            cause: demand.cause.as_ref().map(|it| it.value),
            outcome: demand.outcome.as_ref().map(|it| it.value),
            status: demand.status.as_ref().map(|it| it.get() as u16),
            write: demand.write.as_ref().map(|it| it.value),
            hopped: demand.hopped.as_ref().map(|it| it.value),
            moved: demand.moved.as_ref().map(|it| it.value),
            phase: demand.phase.as_ref().map(|it| it.value),
            tunnel_status: demand.tunnel_status.as_ref().map(|it| it.value),
            stage: demand.stage.as_ref().map(|it| it.value),
            from: demand.from.as_ref().map(|it| Time::ZERO + it.span()),
            until: demand.until.as_ref().map(|it| Time::ZERO + it.span()),
            ..Selection::default()
        };
        let world = &self.blueprint;
        let hostnames = world.hostnames.values().iter().map(String::as_str);
        let datasets = world
            .datasets
            .values()
            .iter()
            .map(|dataset| dataset.name.as_str());
        let faults = faults.iter().map(|fault| fault.name.as_str());
        let hostname = demand
            .hostname
            .as_ref()
            .map(|name| (&*name.value as &str, name.position));
        let dataset = demand
            .dataset
            .as_ref()
            .map(|name| (&*name.value as &str, name.position));
        let fault = demand
            .fault
            .as_ref()
            .map(|name| (&*name.value as &str, name.position));
        let hostname = index_of(hostname, ("hostname", "hostnames"), hostnames, self.context);
        let dataset = index_of(dataset, ("data set", "data"), datasets, self.context);
        let fault = index_of(fault, ("fault", "faults"), faults, self.context);
        selection.hostname = hostname.map(HostnameId::at);
        selection.dataset = dataset.map(DatasetId::at);
        selection.fault = fault.map(FaultId::at);
        selection
    }
}

/// The position of a name in a list. One that is not there is reported.
fn index_of<'a>(
    name: Option<(&str, Position)>,
    nouns: (&str, &str),
    all: impl Iterator<Item = &'a str> + Clone,
    context: &mut Context,
) -> Option<usize> {
    let (name, position) = name?;
    let found = all.clone().position(|known| known == name);
    if found.is_none() {
        let problem = || unresolved(name, position, nouns, || all.clone());
        context.problems.report_error(problem);
    }
    found
}
