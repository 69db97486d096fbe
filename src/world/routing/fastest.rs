use super::Entry;

/// What articles say: the replica with the shortest response time.
pub(super) const ENTRY: Entry = Entry {
    name: "fastest",
    summary: "The connection with the shortest round trip to its host (articles: \"the shortest response time\").",
    preference: |candidate| candidate.round_trip_us,
    takes_turns: false,
};
