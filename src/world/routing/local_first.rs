use super::Entry;

/// What many read into "the request stays in the data centre it reached": a metro of its own first, all others alike.
pub(super) const ENTRY: Entry = Entry {
    name: "local-first",
    summary: "A connection in the metro the request entered, if there is one; otherwise any (readers of the vendor's page).",
    preference: |candidate| u64::from(candidate.distance_m > 0),
    takes_turns: false,
};

#[cfg(test)]
mod tests {
    use super::super::Candidate;
    use super::ENTRY;

    #[test]
    fn a_connection_in_the_same_metro_comes_first_and_distance_counts_for_nothing_beyond() {
        let preference = |distance_m| {
            (ENTRY.preference)(&Candidate {
                distance_m,
                round_trip_us: 0,
                declared: 0,
                n_replicas: 2,
                turn: 0,
            })
        };
        assert!(preference(0) < preference(1));
        assert_eq!(preference(1), preference(9_000_000));
    }
}
