//! What an operator would have seen in the first run, change by change.

use super::{Csv, each};
use crate::report::input::ScenarioReport;
use crate::report::wording::seconds;
use crate::report::words;

/// status.csv: the changes of the first run of each variant, in order of time.
pub fn status(report: &ScenarioReport) -> Csv {
    let mut csv = Csv::new(["variant", "at_s", "kind", "name", "event", "detail"]);
    for (variant, runs) in each(report) {
        for change in &runs.first.status.changes {
            let (kind, name) = words::entity(change.entity, &runs.first.scope);
            let (event, detail) = words::happening(change.what, &runs.first.scope);
            csv.row([
                variant,
                &seconds(change.at.as_nanos()),
                kind,
                &name,
                event,
                &detail.unwrap_or_default(),
            ]);
        }
    }
    csv
}
