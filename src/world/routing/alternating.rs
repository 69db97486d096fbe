use super::Entry;

/// What articles draw: request 1 to the first server, request 2 to the second.
pub(super) const ENTRY: Entry = Entry {
    name: "alternating",
    summary: "The replicas in turn, in declared order, request by request (articles: round robin).",
    preference: |candidate| {
        let n = u64::from(candidate.n_replicas);
        (u64::from(candidate.declared) + n - candidate.turn % n) % n
    },
    takes_turns: true,
};

#[cfg(test)]
mod tests {
    use super::super::Candidate;
    use super::ENTRY;

    #[test]
    fn each_replica_is_preferred_in_its_turn_and_the_next_one_stands_in() {
        let preference = |declared, turn| {
            (ENTRY.preference)(&Candidate {
                distance_m: 0,
                round_trip_us: 0,
                declared,
                n_replicas: 3,
                turn,
            })
        };
        assert_eq!([0, 1, 2].map(|d| preference(d, 0)), [0, 1, 2]);
        assert_eq!([0, 1, 2].map(|d| preference(d, 1)), [2, 0, 1]);
        assert_eq!([0, 1, 2].map(|d| preference(d, 5)), [1, 2, 0]);
    }
}
