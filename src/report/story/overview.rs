//! Many scenarios in one table.

use std::collections::BTreeSet;

use super::headline::verdict_word;
use crate::measure::expectation::Verdict as Met;
use crate::report::input::{ScenarioReport, VariantReport};
use crate::report::page::{Page, Table};
use crate::report::text::mark;
use crate::report::wording::{count, counted, one_line, share, shortened};
use crate::scenario::Verdict;

/// Characters of a claim that are shown.
const CLAIM: usize = 48;

/// Many scenarios in one table. They are added one at a time, so that no report has to be kept for it.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    rows: Vec<Vec<String>>,
    outcomes: Vec<Met>,
    seeds: BTreeSet<u64>,
}

impl Overview {
    /// Adds a scenario.
    pub fn add(&mut self, report: &ScenarioReport) {
        self.rows.push(row(report));
        self.outcomes.push(report.outcome());
        self.seeds.insert(report.seed);
    }

    /// The table, with a line that sums it up.
    pub fn page(self) -> Page {
        let mut page = Page::default();
        let mut table = Table::new(
            6,
            &["scenario", "claim", "verdict", "declared", "ok", "headline"],
        );
        table.rows = self.rows;
        page.table("", table);
        let seeds: Vec<String> = self.seeds.iter().map(u64::to_string).collect();
        let seeds = match seeds.len() {
            1 => format!("seed {}", seeds[0]),
            _ => format!("seeds {}", seeds.join(", ")),
        };
        let is = |wanted| {
            self.outcomes
                .iter()
                .filter(|&&outcome| outcome == wanted)
                .count()
        };
        let all = counted(self.outcomes.len() as u64, "scenario", "scenarios");
        let rest = [
            (is(Met::Failed), "not"),
            (is(Met::Inconclusive), "undecided"),
        ];
        let rest: String = rest
            .iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, words)| format!(", {n} {words}"))
            .collect();
        page.fact(
            "total",
            format!("{all}: {} as expected{rest}; {seeds}", is(Met::Passed)),
        );
        page
    }
}

fn row(report: &ScenarioReport) -> Vec<String> {
    let verdict = |verdict: Option<Verdict>| verdict.map_or("", verdict_word).to_owned();
    let claim = report.claim.as_ref().unwrap_or(&report.title);
    vec![
        report.name.clone(),
        shortened(&one_line(claim), CLAIM),
        verdict(report.computed),
        verdict(report.declared),
        mark(report.outcome()).to_owned(),
        headline_number(report),
    ]
}

/// The one number of a scenario: the worst that happened to its users, or where its claim holds.
pub fn headline_number(report: &ScenarioReport) -> String {
    match report.variants.as_slice() {
        [only] => worst(only),
        variants => {
            let judged = variants
                .iter()
                .filter(|variant| variant.holds().is_some())
                .count();
            let holding = variants
                .iter()
                .filter(|variant| variant.holds() == Some(true))
                .count();
            match judged {
                0 => counted(variants.len() as u64, "variant", "variants"),
                _ => format!("holds in {holding} of {} variants", variants.len()),
            }
        }
    }
}

fn worst(variant: &VariantReport) -> String {
    let total = variant.runs.ledger.total();
    let sessions = variant.runs.all_sessions();
    let differing: u64 = variant.runs.divergences.iter().map(|it| it.differing).sum();
    let keys: u64 = variant.runs.divergences.iter().map(|it| it.keys).sum();
    if total.failures() > 0 {
        format!(
            "{} of requests failed",
            share(total.failures(), total.requests())
        )
    } else if sessions.carts_lost > 0 {
        format!(
            "{} of carts lost",
            share(sessions.carts_lost, sessions.carts)
        )
    } else if sessions.logins_lost > 0 {
        format!(
            "{} of log-ins lost",
            share(sessions.logins_lost, sessions.logins)
        )
    } else if differing > 0 {
        format!("{} of keys differ", share(differing, keys))
    } else if total.delayed > 0 {
        format!(
            "none failed, {} delayed",
            share(total.delayed, total.requests())
        )
    } else if total.requests() == 0 {
        "nobody sent a request".to_owned()
    } else {
        format!("none of {} failed", count(total.requests()))
    }
}
