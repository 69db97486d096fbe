//! summary.json: the whole result of a scenario for machines, with where it comes from.

use std::io;

use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

use super::containers::Load;
use super::faults::{FaultTally, MILESTONES};
use super::gathered::Gathered;
use super::input::{Judged, Role, ScenarioReport, VariantReport};
use super::story::metric_in_words;
use crate::measure::expectation::{Judgement, Verdict as Met};
use crate::measure::failover::{Milestone, Stage, StageSummary};
use crate::measure::histogram::{FINE, Histogram};
use crate::measure::latency::LatencySummary;
use crate::measure::ledger::{CountsSummary, LedgerRow};
use crate::measure::metric::digits;
use crate::measure::scope::Scope;
use crate::measure::sessions::SessionSummary;
use crate::measure::shares::SharesSummary;
use crate::measure::status::TunnelSummary;
use crate::scenario::Assumption;

/// The version of the shape of summary.json; a change that breaks readers raises it.
pub const SCHEMA: u32 = 1;

/// The name by which a results folder is recognised as ours.
pub const TOOL: &str = "tunnelsim";

/// Significant digits of numbers that are no integers.
const DIGITS: usize = 9;

/// summary.json as text. The order of keys is that of the declarations, and the same bytes come out everywhere.
pub fn summary(report: &ScenarioReport) -> String {
    to_json(&Summary::of(report))
}

/// Any value as JSON with short decimals.
pub(super) fn to_json(value: &impl Serialize) -> String {
    let mut bytes = Vec::new();
    let mut serializer =
        Serializer::with_formatter(&mut bytes, ShortDecimals(PrettyFormatter::new()));
    value
        .serialize(&mut serializer)
        .expect("a vector takes everything, and all keys are texts");
    bytes.push(b'\n');
    String::from_utf8(bytes).expect("JSON is UTF-8")
}

#[derive(Serialize)]
struct Summary<'a> {
    schema: u32,
    tool: &'static str,
    provenance: Provenance<'a>,
    title: &'a str,
    claim: Option<&'a str>,
    verdict: Option<&'static str>,
    declared: Option<&'static str>,
    passed: bool,
    outcome: Met,
    variants: Vec<Variant<'a>>,
    assumptions: &'a [Assumption],
    warnings: &'a [String],
}

/// Everything needed to get the same bytes again. No threads, no paths of the machine, no time.
#[derive(Serialize)]
struct Provenance<'a> {
    version: &'static str,
    scenario: &'a str,
    scenario_hash: &'a str,
    command: &'a str,
    seed: u64,
    replications: u64,
}

#[derive(Serialize)]
struct Variant<'a> {
    variant: Option<&'a str>,
    holds: Option<bool>,
    passed: bool,
    fingerprint: String,
    checks: Vec<Check<'a>>,
    total: CountsSummary,
    ledger: Vec<LedgerRow>,
    latency: Vec<LatencySummary>,
    sessions: Vec<SessionSummary>,
    traffic: SharesSummary,
    faults: Vec<Fault<'a>>,
    tunnels: Vec<TunnelSummary>,
    containers: Vec<Container<'a>>,
    data: Vec<Data<'a>>,
    alerts: u64,
    records_refused: u64,
}

#[derive(Serialize)]
struct Check<'a> {
    role: Role,
    metric: String,
    #[serde(flatten)]
    judgement: &'a Judgement,
    passed: bool,
}

#[derive(Serialize)]
struct Fault<'a> {
    fault: &'a str,
    strikes: u64,
    connections: u64,
    milestones: Vec<MilestoneSummary>,
    stages: Vec<StageSummary>,
}

/// How long after the strikes a milestone was reached, over all strikes that reached it.
#[derive(Serialize)]
struct MilestoneSummary {
    milestone: &'static str,
    reached: u64,
    after_s_p50: Option<f64>,
    after_s_max: Option<f64>,
}

/// The use of a container; counts are those of all runs.
#[derive(Serialize)]
struct Container<'a> {
    container: &'a str,
    workers: u32,
    utilisation: f64,
    queue_mean: f64,
    queue_longest: u32,
    admitted: u64,
    refused: u64,
    restarts: u32,
}

impl<'a> Container<'a> {
    fn of(load: Load<'a>) -> Container<'a> {
        Container {
            container: load.name,
            workers: load.workers,
            utilisation: load.utilisation_ppm as f64 / 1e6,
            queue_mean: load.queue_mean_millionths as f64 / 1e6,
            queue_longest: load.queue_longest,
            admitted: load.admitted,
            refused: load.refused,
            restarts: load.restarts,
        }
    }
}

#[derive(Serialize)]
struct Data<'a> {
    dataset: &'a str,
    keys: u64,
    differing: u64,
    conflicting: u64,
    missing: u64,
    lost_writes: u64,
    reads: u64,
    stale_reads: u64,
    views: u64,
    visitors: u64,
    visitors_by_store: &'a [u64],
    views_by_store: &'a [u64],
    first_divergence_ns: Option<u64>,
}

impl<'a> Summary<'a> {
    fn of(report: &'a ScenarioReport) -> Summary<'a> {
        let outcome = report.outcome();
        Summary {
            schema: SCHEMA,
            tool: TOOL,
            provenance: Provenance {
                version: env!("CARGO_PKG_VERSION"),
                scenario: &report.name,
                scenario_hash: &report.scenario_hash,
                command: &report.command,
                seed: report.seed,
                replications: report.replications,
            },
            title: &report.title,
            claim: report.claim.as_deref(),
            verdict: report.computed.map(|verdict| verdict.word()),
            declared: report.declared.map(|verdict| verdict.word()),
            passed: outcome == Met::Passed,
            outcome,
            variants: report.variants.iter().map(Variant::of).collect(),
            assumptions: &report.assumptions,
            warnings: &report.warnings,
        }
    }
}

impl<'a> Variant<'a> {
    fn of(variant: &'a VariantReport) -> Variant<'a> {
        let runs = &variant.runs;
        let scope = &runs.first.scope;
        Variant {
            variant: variant.name.as_deref(),
            holds: variant.holds(),
            passed: variant
                .met(Role::Expect)
                .is_none_or(|met| met == Met::Passed),
            fingerprint: runs.fingerprint().to_string(),
            checks: variant
                .judged
                .iter()
                .map(|judged| Check::of(judged, scope))
                .collect(),
            total: (&runs.ledger.total()).into(),
            ledger: runs.ledger.summary(scope),
            latency: runs.latency.summary(scope),
            sessions: runs.sessions.summary(scope),
            traffic: runs.shares.summary(scope),
            faults: scope
                .faults
                .iter()
                .zip(&runs.faults)
                .map(|(fault, tally)| Fault::of(&fault.name, tally))
                .collect(),
            tunnels: runs.first.status.summary(scope),
            containers: Load::of_all(runs).map(Container::of).collect(),
            data: data(runs),
            alerts: runs.alerts,
            records_refused: runs.records_refused,
        }
    }
}

impl<'a> Check<'a> {
    fn of(judged: &'a Judged, scope: &Scope) -> Check<'a> {
        Check {
            role: judged.role,
            metric: metric_in_words(&judged.expectation.metric, scope),
            judgement: &judged.judgement,
            passed: judged.judgement.verdict == Met::Passed,
        }
    }
}

impl<'a> Fault<'a> {
    fn of(fault: &'a str, tally: &FaultTally) -> Fault<'a> {
        let stage = |stage: Stage| StageSummary {
            stage: stage.name(),
            cost: tally.cost(stage),
        };
        let milestones = MILESTONES.into_iter().filter(|&it| it != Milestone::Struck);
        Fault {
            fault,
            strikes: tally.strikes,
            connections: tally.connections,
            milestones: milestones
                .map(|it| MilestoneSummary::of(milestone_name(it), tally.waits(it)))
                .collect(),
            stages: Stage::ALL.into_iter().map(stage).collect(),
        }
    }
}

impl MilestoneSummary {
    fn of(milestone: &'static str, waits: &Histogram<FINE>) -> MilestoneSummary {
        let seconds = |nanos: u64| nanos as f64 / 1e9;
        MilestoneSummary {
            milestone,
            reached: waits.count(),
            after_s_p50: waits.quantile(0.5).map(seconds),
            after_s_max: waits.quantile(1.0).map(seconds),
        }
    }
}

/// The name of a milestone in files.
pub(super) fn milestone_name(milestone: Milestone) -> &'static str {
    match milestone {
        Milestone::Struck => "struck",
        Milestone::Noticed => "noticed",
        Milestone::Withdrawn => "withdrawn",
        Milestone::Rerouted => "rerouted",
        Milestone::Cleared => "cleared",
        Milestone::Recovered => "recovered",
    }
}

fn data(runs: &Gathered) -> Vec<Data<'_>> {
    let datasets = &runs.first.scope.datasets;
    let row = |it: &'_ crate::measure::finals::Divergence| -> usize { usize::from(it.dataset.0) };
    let all = runs.divergences.iter();
    all.map(|it| Data {
        dataset: &datasets[row(it)].name,
        keys: it.keys,
        differing: it.differing,
        conflicting: it.conflicting,
        missing: it.missing,
        lost_writes: it.lost_writes,
        reads: it.reads,
        stale_reads: it.stale_reads,
        views: it.views,
        visitors: it.visitors,
        visitors_by_store: &it.visitors_by_store,
        views_by_store: &it.views_by_store,
        first_divergence_ns: it.first_at.map(|at| at.as_nanos()),
    })
    .collect()
}

/// Indented JSON whose decimals have no more digits than they deserve.
struct ShortDecimals<'a>(PrettyFormatter<'a>);

/// Hands the calls through that only lay out the text.
macro_rules! as_pretty {
    ($($name:ident($($argument:ident: $kind:ty),*);)+) => {$(
        fn $name<W: ?Sized + io::Write>(&mut self, writer: &mut W, $($argument: $kind),*) -> io::Result<()> {
            self.0.$name(writer, $($argument),*)
        }
    )+};
}

impl Formatter for ShortDecimals<'_> {
    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        writer.write_all(digits(value, DIGITS).as_bytes())
    }

    as_pretty! {
        begin_array();
        end_array();
        begin_array_value(first: bool);
        end_array_value();
        begin_object();
        end_object();
        begin_object_key(first: bool);
        begin_object_value();
        end_object_value();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::{Story, report, small_variants, variant};
    use serde_json::Value;

    fn read(report: &ScenarioReport) -> Value {
        serde_json::from_str(&summary(report)).unwrap()
    }

    #[test]
    fn passed_says_what_it_says() {
        let mut report = report(vec![variant(None, Story::small(), 1)]);
        let value = read(&report);
        assert_eq!(
            (&value["schema"], &value["tool"]),
            (&Value::from(1), &Value::from("tunnelsim"))
        );
        assert_eq!(
            (&value["passed"], &value["outcome"]),
            (&Value::from(false), &Value::from("failed"))
        );
        let check = &value["variants"][0]["checks"][1];
        assert_eq!(
            (&check["role"], &check["passed"]),
            (&Value::from("expect"), &Value::from(true))
        );
        report.variants[0]
            .judged
            .retain(|it| it.judgement.verdict == Met::Passed);
        assert_eq!(read(&report)["passed"], Value::from(true));
    }

    #[test]
    fn the_parts_of_the_ledger_add_up_to_the_total() {
        let value = read(&report(small_variants()));
        for variant in value["variants"].as_array().unwrap() {
            let rows = variant["ledger"].as_array().unwrap();
            let sum: u64 = rows
                .iter()
                .map(|row| row["requests"].as_u64().unwrap())
                .sum();
            assert_eq!(Some(sum), variant["total"]["requests"].as_u64());
        }
    }

    #[test]
    fn the_use_of_every_container_is_told() {
        let value = read(&report(vec![variant(None, Story::small(), 2)]));
        let containers = value["variants"][0]["containers"].as_array().unwrap();
        assert_eq!(containers.len(), 2);
        let busy = containers[0]["utilisation"].as_f64().unwrap();
        assert!((0.0..=1.0).contains(&busy), "{busy}");
        assert_eq!(containers[0]["queue_longest"], Value::from(17));
        assert_eq!(containers[0]["restarts"], Value::from(2));
    }

    #[test]
    fn decimals_are_short_and_keys_keep_their_order() {
        #[derive(Serialize)]
        struct Two {
            zulu: f64,
            alpha: Option<f64>,
        }
        let text = to_json(&Two {
            zulu: 0.1 + 0.2,
            alpha: None,
        });
        assert_eq!(text, "{\n  \"zulu\": 0.3,\n  \"alpha\": null\n}\n");
    }
}
