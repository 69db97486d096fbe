//! What a report says, fact by fact, in the order in which a reader asks.

mod advice;
mod checks;
mod data;
mod failover;
mod harm;
mod headline;
mod latency;
mod overview;
mod selection;
mod sessions;
mod traffic;
mod tunnels;
mod variants;

pub use harm::interval_of;
pub use headline::verdict_word;
pub use overview::{Overview, headline_number};
pub use selection::metric_in_words;

use super::input::{ScenarioReport, VariantReport};
use super::page::Page;
use super::wording::counted;

/// The report of one scenario.
pub fn page(report: &ScenarioReport) -> Page {
    let mut page = Page::default();
    headline::add(&mut page, report);
    match report.variants.as_slice() {
        [only] if !report.has_variants() => add_details(&mut page, only),
        variants => variants::add(&mut page, variants),
    }
    checks::add(&mut page, report);
    advice::add(&mut page, report);
    page
}

/// Everything that is to be said of a scenario without variants.
fn add_details(page: &mut Page, variant: &VariantReport) {
    let runs = &variant.runs;
    if runs.replications() > 1 {
        let n = counted(runs.replications() as u64, "run", "runs");
        page.fact(
            "runs",
            format!("{n}: numbers of requests, users and times are of all together"),
        );
    }
    harm::add(page, runs);
    failover::add(page, runs);
    sessions::add(page, runs);
    data::add(page, runs);
    latency::add(page, runs);
    traffic::add(page, runs);
    tunnels::add(page, runs);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::{Story, report, small_variants, variant};
    use crate::report::{markdown, text};

    fn plain(page: &Page) -> String {
        let styled = text::render(page, None);
        anstream::adapter::strip_str(&styled).to_string()
    }

    #[test]
    fn one_run_is_told_with_verdict_cause_phases_and_doubt() {
        let report = report(vec![variant(None, Story::default(), 1)]);
        insta::assert_snapshot!(plain(&page(&report)));
    }

    #[test]
    fn several_runs_carry_their_interval() {
        let report = report(vec![variant(None, Story::small(), 3)]);
        insta::assert_snapshot!(plain(&page(&report)));
    }

    #[test]
    fn several_runs_without_variants_write_their_intervals_too() {
        let names = |runs| -> Vec<String> {
            let report = report(vec![variant(None, Story::small(), runs)]);
            let files = crate::report::results::files(&report);
            files.into_iter().map(|file| file.name).collect()
        };
        assert!(names(3).contains(&"estimates.csv".to_owned()));
        assert!(!names(1).contains(&"estimates.csv".to_owned()));
    }

    #[test]
    fn variants_stand_in_one_table() {
        let report = report(small_variants());
        insta::assert_snapshot!(plain(&page(&report)));
        insta::assert_snapshot!(markdown::render(&page(&report)));
        let mut overview = Overview::default();
        overview.add(&report);
        overview.add(&report);
        insta::assert_snapshot!(plain(&overview.page()));
    }
}
