//! How busy the containers were.

use super::{Csv, each};
use crate::report::containers::Load;
use crate::report::input::ScenarioReport;
use crate::report::wording::decimal;

/// containers.csv: use, queue and restarts of every container, over all runs of each variant.
pub fn containers(report: &ScenarioReport) -> Csv {
    let mut csv = Csv::new([
        "variant",
        "container",
        "workers",
        "utilisation_percent",
        "queue_mean",
        "queue_longest",
        "admitted",
        "refused",
        "restarts",
    ]);
    for (variant, runs) in each(report) {
        for load in Load::of_all(runs) {
            csv.row([
                variant,
                load.name,
                &load.workers.to_string(),
                &decimal(u128::from(load.utilisation_ppm), 4),
                &decimal(u128::from(load.queue_mean_millionths), 6),
                &load.queue_longest.to_string(),
                &load.admitted.to_string(),
                &load.refused.to_string(),
                &load.restarts.to_string(),
            ]);
        }
    }
    csv
}
