//! What is measured in every run of a case.

use super::Case;
use crate::measure::metric::MetricUse;

/// Everything that the claim and the expectations of a case ask for, each once.
pub fn measurements(case: &Case) -> Vec<MetricUse> {
    let mut uses: Vec<MetricUse> = Vec::new();
    for demand in case.scenario.holds_if.iter().chain(&case.scenario.expect) {
        if !uses.contains(&demand.metric) {
            uses.push(demand.metric.clone());
        }
    }
    uses
}
