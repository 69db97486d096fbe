//! Routing beliefs: how an edge ranks the connections of a tunnel. One file per belief.
//!
//! A belief answers one question, how much it prefers a connection (lower is better); connections of equal
//! preference share the requests evenly. To add one: write its file, then add `mod` and `&ENTRY` here.

mod alternating;
mod any;
mod closest;
mod fastest;
mod local_first;
mod primary_standby;

/// What a belief may look at.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    /// Whole metres between the metro the request entered and the metro of the connection.
    pub distance_m: u64,
    /// Mean model round trip from the entry metro over the connection's metro to the host, in whole microseconds.
    pub round_trip_us: u64,
    /// Position of the replica in the tunnel's declared order.
    pub declared: u32,
    /// Number of replicas the tunnel declares.
    pub n_replicas: u32,
    /// First attempts the tunnel has seen before this one.
    pub turn: u64,
}

/// A routing belief.
#[derive(Debug)]
pub struct Entry {
    /// Its name in scenario files.
    pub name: &'static str,
    /// What it says, and who says it.
    pub summary: &'static str,
    /// How much it prefers a connection: lower is better.
    pub preference: fn(&Candidate) -> u64,
    /// Whether the preference depends on the turn, so that a ranking cannot be kept for the next request.
    pub takes_turns: bool,
}

/// Every routing belief, the default first.
pub const ENTRIES: &[&Entry] = &[
    &closest::ENTRY,
    &fastest::ENTRY,
    &alternating::ENTRY,
    &any::ENTRY,
    &local_first::ENTRY,
    &primary_standby::ENTRY,
];

/// The belief with that name.
pub fn find(name: &str) -> Option<&'static Entry> {
    ENTRIES.iter().copied().find(|entry| entry.name == name)
}
