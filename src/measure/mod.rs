//! Floor 4: what is seen.
//!
//! In suggested reading order:
//!
//! - [`observation`] and [`outcome`]: the closed lists of facts that a simulation reports, and [`finals`], what it adds
//!   up itself.
//! - [`recorder`]: takes the facts in and keeps every tally; [`run`] is what remains of a replication.
//! - the tallies: [`ledger`], [`latency`], [`sessions`], [`shares`], [`failover`], [`status`], [`timeline`], with
//!   [`histogram`] and [`phase`] as their parts.
//! - [`metric`]: the registry of what can be asked of a run, for a [`selection`] of it; [`scope`] has the names.
//! - [`interval`]: how far an estimate can be trusted.
//! - [`expectation`]: what a scenario says must come out, and whether it did.
//! - [`digest`]: how the facts make a fingerprint.

pub mod digest;
pub mod expectation;
pub mod failover;
pub mod finals;
pub mod histogram;
pub mod interval;
pub mod lanes;
pub mod latency;
pub mod ledger;
pub mod metric;
pub mod observation;
pub mod outcome;
pub mod phase;
pub mod recorder;
pub mod run;
pub mod scope;
pub mod selection;
pub mod sessions;
pub mod shares;
pub mod status;
pub mod timeline;

#[cfg(test)]
mod testing;
