//! What several runs say of a metric together, with the interval of chance.

use super::gathered::{Gathered, RunRow};
use super::story::metric_in_words;
use crate::measure::expectation::PRINTED_ALPHA;
use crate::measure::interval::Estimate;
use crate::measure::metric::{Measure, MetricUse, Unit, digits};

/// The metric that every report has, whatever was asked for.
pub const FAILED_SHARE: &str = "failed_share";

/// One metric over the runs of one variant.
#[derive(Clone, PartialEq, Debug)]
pub struct MetricEstimate {
    /// The metric with its filters.
    pub name: String,
    /// Its unit.
    pub unit: Unit,
    /// The estimate over all runs.
    pub value: Estimate,
    /// Lower end of the 95 % interval.
    pub low: Option<f64>,
    /// Upper end of the 95 % interval.
    pub high: Option<f64>,
}

/// A share that is estimated without being asked for: its name, hits and trials of a run.
type Standard = (&'static str, fn(&RunRow) -> (u64, u64));

/// The shares that reports show.
const STANDARD: [Standard; 5] = [
    (FAILED_SHARE, |row| {
        (row.counts.failures(), row.counts.requests())
    }),
    ("delayed_share", |row| {
        (row.counts.delayed, row.counts.requests())
    }),
    ("user_availability", |row| {
        (row.sessions.unharmed, row.sessions.sessions())
    }),
    ("carts_lost_share", |row| {
        (row.sessions.carts_lost, row.sessions.carts)
    }),
    ("logins_lost_share", |row| {
        (row.sessions.logins_lost, row.sessions.logins)
    }),
];

impl MetricEstimate {
    /// The shares that reports show, and every metric that was asked for.
    pub fn of_all(runs: &Gathered) -> Vec<MetricEstimate> {
        let rows = &runs.rows;
        let standard = STANDARD.iter().map(|(name, part)| {
            let measures = rows.iter().map(part);
            let measures = measures.map(|(hits, trials)| Measure::ratio(hits, trials));
            ((*name).to_owned(), Unit::Share, measures.collect())
        });
        let mut all: Vec<(String, Unit, Vec<Measure>)> = standard.collect();
        let asked = rows.first().map_or(&[][..], |row| &row.measured);
        for (index, (metric, _)) in asked.iter().enumerate() {
            let name = metric_in_words(metric, &runs.first.scope);
            if all.iter().all(|(known, _, _)| *known != name) {
                all.push((name, metric.entry.unit, measures(rows, index)));
            }
        }
        let estimate = |(name, unit, measures): (String, Unit, Vec<Measure>)| {
            MetricEstimate::new(name, unit, &measures)
        };
        all.into_iter().filter_map(estimate).collect()
    }

    /// A metric that was asked for; none if it has no value.
    pub fn of(metric: &MetricUse, runs: &Gathered) -> Option<MetricEstimate> {
        let asked = &runs.rows.first()?.measured;
        let index = asked.iter().position(|(known, _)| known == metric)?;
        let name = metric_in_words(metric, &runs.first.scope);
        MetricEstimate::new(name, metric.entry.unit, &measures(&runs.rows, index))
    }

    fn new(name: String, unit: Unit, measures: &[Measure]) -> Option<MetricEstimate> {
        let pairs = measures.iter().filter_map(|measure| measure.fraction());
        let value = Estimate::of(&pairs.collect::<Vec<_>>())?;
        let interval = value.interval(PRINTED_ALPHA);
        Some(MetricEstimate {
            name,
            unit,
            value,
            low: interval.map(|it| it.low),
            high: interval.map(|it| it.high),
        })
    }

    /// Half of the 95 % interval, as it stands behind a value: ` ± 0.012`; nothing of a single run, nor of runs that
    /// all say the same.
    pub fn plus_minus(&self) -> String {
        match (self.low, self.high) {
            (Some(low), Some(high)) if low < high => {
                let half = self.unit.scaled((high - low) / 2.0);
                format!(" ± {}", digits(half, 2))
            }
            _ => String::new(),
        }
    }
}

/// The values of a metric in all runs.
fn measures(rows: &[RunRow], index: usize) -> Vec<Measure> {
    let measured = rows.iter().filter_map(|row| row.measured.get(index));
    measured.map(|&(_, measure)| measure).collect()
}

/// ` ± 0.012` behind a share of all runs; nothing of a single run.
pub fn plus_minus(runs: &Gathered, part: impl Fn(&RunRow) -> (u64, u64)) -> String {
    let measures = runs.rows.iter().map(part);
    let measures: Vec<Measure> = measures
        .map(|(hits, trials)| Measure::ratio(hits, trials))
        .collect();
    let estimate = MetricEstimate::new(String::new(), Unit::Share, &measures);
    estimate.map_or_else(String::new, |it| it.plus_minus())
}
