//! The shape of a scenario file: what may be written, block by block, with every default and where it comes from.

mod balancers;
mod clients;
mod expectations;
mod failures;
mod hosts;
mod place;
mod settings;
mod stores;
mod tunnels;
mod words;

pub use balancers::*;
pub use clients::*;
pub use expectations::*;
pub use failures::*;
pub use hosts::*;
pub use place::*;
pub use settings::*;
pub use stores::*;
pub use tunnels::*;
pub use words::*;

use super::limits::REPLICATIONS_MAX;
use crate::fault::kind::Scheduled;

use crate::notation::{
    AnyWhole, Entries, Node, PositiveDuration, Prose, Spanned, Text, Whole, block,
};

block! {
    /// A question about a tunnel, as a world that can be run: who asks, what answers, what goes wrong, and what
    /// must come out.
    pub struct ScenarioFile as "scenario" {
        /// What it is about, in one line.
        title: Text = required,
        /// The file this one is laid over: blocks merge, everything else replaces, `null` deletes.
        extends: Text = optional,
        /// The sentence that is put to the test.
        claim: Prose = optional,
        /// What the claim turns out to be: `true`, `false`, or `only-if` when the variants differ.
        verdict: Verdict = optional,
        /// What must be measured for the claim to be true.
        holds_if: Expectations = optional,
        /// What every run must show, whatever the claim says.
        expect: Expectations = optional,
        /// What to do about it, for readers who recognise their own servers.
        what_to_do: Prose = optional,
        /// The same scenario with some settings changed: names with `path: value`, run side by side.
        variants: Entries<Entries<Node, Text>> = optional,
        /// When the run ends: no session starts after it.
        horizon: PositiveDuration = "1h" (assumed: "long enough for a failure and its repair"),
        /// The seed of all random numbers.
        seed: AnyWhole = "1" (assumed: "any number would do"),
        /// How many runs with different random numbers.
        replications: Whole<1, REPLICATIONS_MAX> = "1" in "runs" (assumed: "a story needs one run, a number needs several"),
        /// `true` takes chance out of the network: ideal catchment, no jitter, no path factors, median last miles.
        exact: bool = "false" (assumed: "the real network has all four"),
        /// How the Internet behaves.
        internet: InternetFile = "{}" (assumed: "see its fields"),
        /// How the edge behaves.
        edge: EdgeFile = "{}" (assumed: "see its fields"),
        /// How every cloudflared process behaves.
        cloudflared: CloudflaredFile = "{}" (assumed: "see its fields"),
        /// Who asks.
        clients: Entries<ClientsFile> = optional,
        /// The machines, with their containers.
        hosts: Entries<HostFile> = required,
        /// Container networks other than each host's own `default`.
        networks: Entries<NetworkFile> = optional,
        /// Data that do not live in one container.
        stores: Entries<StoreFile> = optional,
        /// The tunnels.
        tunnels: Entries<TunnelFile> = optional,
        /// Which hostname leads where. Left out, every hostname that is asked for leads to the only load balancer,
        /// or else to the only tunnel.
        dns: Vec<Spanned<DnsFile>> = optional,
        /// Load balancers.
        balancers: Entries<BalancerFile> = optional,
        /// Pools of load balancers.
        pools: Entries<PoolFile> = optional,
        /// Health monitors of pools.
        monitors: Entries<MonitorFile> = optional,
        /// Measured round trips that replace the model's.
        links: Vec<Spanned<LinkFile>> = optional,
        /// What goes wrong, and when.
        faults: Vec<Spanned<Scheduled>> = optional,
        /// What goes wrong by itself, and how often: kinds of fault with `mtbf` and `mttr`, or presets.
        failures: Vec<Spanned<FailureFile>> = optional,
    }
}
