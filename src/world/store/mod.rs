//! The stores of data: what each of them has of each key, and how far they come apart.
//!
//! Passive and pure: the simulation asks whether a store answers, lets time pass, and then reads or
//! writes. In suggested reading order:
//!
//! - [`Stores`]: all stores of a world; reading and writing.
//! - [`Lookup`]: what a read finds, compared with the newest version that anybody was told of.
//! - [`Answer`]: whether a store answers at all, and from where.
//! - [`Divergence`]: what the stores of one data set no longer agree on.
//! - `record`, `dataset`, `follower`, `visits`: the parts.
//!
//! Keys are plain numbers: the session's key for a cart or a login, the record's number for
//! records, 0 for content.
//!
//! A write that was executed but whose answer never arrived stays where it was made: its store is
//! ahead of what anybody was told of, and nobody counts as behind because of it. Reading it later is
//! a hit.

mod access;
mod dataset;
mod divergence;
mod follower;
mod outage;
mod record;
mod state;
mod visits;

pub use access::{Answer, Operation, Server};
pub use dataset::CONTENT;
pub use divergence::{BreakCause, Divergence};
pub use outage::Promotion;
pub use record::{Lookup, Version};
pub use state::{Stores, Written};

#[cfg(test)]
mod example;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
