use super::Entry;

/// The vendor's documentation of today: "the replica that is geographically closest".
pub(super) const ENTRY: Entry = Entry {
    name: "closest",
    summary: "The connection whose metro is nearest, in kilometres, to the metro the request entered (vendor documentation; the default).",
    preference: |candidate| candidate.distance_m,
    takes_turns: false,
};
