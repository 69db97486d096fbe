//! `holds_if:` and `expect:`, what must come out.

use super::words::Extreme;
use crate::fault::{MetroCode, Reference, References};
use crate::measure::expectation::ErrorModel;
use crate::measure::failover::Stage;
use crate::measure::metric::{self, Entry};
use crate::measure::observation::TunnelStatus;
use crate::measure::outcome::Cause;
use crate::measure::phase::Phase;
use crate::measure::selection::Ended;
use crate::notation::{
    Context, Decode, Duration, Hostname, Node, Pair, Share, Spanned, Text, TypeDescription, Value,
    Variant, Whole, block, decode_choice, describe_choice,
};

block! {
    /// What is demanded of a metric: one bound, and the part of the run it is about.
    pub struct DemandFile as "demand" {
        /// Statistically no different from this value; needs `error`.
        equals: Node = optional,
        /// Where the error of `equals` comes from: independent trials, or replications.
        error: ErrorModel = optional,
        /// Greatest half-width, relative to the value, with which `equals` proves something.
        resolution: Share = "25%" (assumed: "a wider interval would agree with almost anything"),
        /// This very value in every run.
        exactly: Node = optional,
        /// No more than this.
        at_most: Node = optional,
        /// No less than this.
        at_least: Node = optional,
        /// No less than the first and no more than the second.
        between: Pair<Node> = optional,
        /// This quantile of the runs is meant, not their mean.
        quantile: Share = optional,
        /// The least or the greatest of the runs is meant, not their mean.
        of_runs: Extreme = optional,
        /// Requests for this hostname.
        hostname: Hostname = optional,
        /// Requests or sessions of this client group.
        group: Reference = optional,
        /// Requests that entered the edge by this metro.
        entry: MetroCode = optional,
        /// What concerns this tunnel.
        tunnel: Reference = optional,
        /// What concerns this replica; for requests the last one tried.
        replica: Reference = optional,
        /// What concerns the connection of this index, from 0.
        connection: Whole<0, 255> = optional in "index",
        /// What concerns this host.
        host: Reference = optional,
        /// All of these hosts at the same time.
        hosts: References = optional,
        /// What concerns this container.
        container: Reference = optional,
        /// What concerns this store.
        store: Reference = optional,
        /// What concerns the data of this name.
        dataset: Text = optional,
        /// What concerns this pool.
        pool: Reference = optional,
        /// What concerns this endpoint.
        endpoint: Reference = optional,
        /// Requests that failed for this cause.
        cause: Cause = optional,
        /// Requests that succeeded, that failed, or any.
        outcome: Ended = optional,
        /// Requests of this status.
        status: Whole<0, 999> = optional in "HTTP status",
        /// `true`: requests that may not be replayed (POST); `false`: the others.
        write: bool = optional,
        /// `true`: sessions whose answers came from several replicas; `false`: from one.
        hopped: bool = optional,
        /// `true`: sessions that entered by several metros; `false`: by one.
        moved: bool = optional,
        /// Requests or sessions born before, during or after what faults broke.
        phase: Phase = optional,
        /// What happened while a tunnel had this status.
        tunnel_status: TunnelStatus = optional,
        /// Strikes of the fault of this name.
        fault: Text = optional,
        /// Requests that were born in this stage of a strike.
        stage: Stage = optional,
        /// What was born, or happened, at this moment or later.
        from: Duration = optional,
        /// What was born, or happened, before this moment.
        until: Duration = optional,
    }
}

/// A demand on a metric.
#[derive(Clone, Debug)]
pub struct ExpectationFile {
    /// The metric.
    pub metric: Metric,
    /// What is demanded.
    pub demand: DemandFile,
}

/// A metric of the registry.
#[derive(Clone, Copy)]
pub struct Metric(pub &'static Entry);

impl std::fmt::Debug for Metric {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.name)
    }
}

fn variants() -> Vec<Variant<DemandFile>> {
    let variant = |entry: &Entry| Variant {
        name: entry.name,
        doc: entry.help,
        payload: Some(<DemandFile as Decode>::describe),
        decode: <DemandFile as Decode>::decode,
    };
    metric::all().map(variant).collect()
}

impl Decode for ExpectationFile {
    fn decode(node: &Node, context: &mut Context) -> Option<Self> {
        let demand = decode_choice("metric", &variants(), node, context)?;
        let Value::Map(entries) = &node.value else {
            return None;
        };
        let metric = metric::find(&entries.first()?.0.text)?;
        Some(ExpectationFile {
            metric: Metric(metric),
            demand,
        })
    }

    fn describe() -> TypeDescription {
        describe_choice(
            "expectation",
            "A metric, and what is demanded of it.",
            &variants(),
        )
    }
}

/// An expectation and where it stands.
pub type Expectations = Vec<Spanned<ExpectationFile>>;
