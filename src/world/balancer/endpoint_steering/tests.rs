use super::*;
use crate::kernel::random::{Keyed, Source};

fn candidates(weights_and_open: &[(f64, u32)]) -> Vec<Candidate> {
    let numbered = weights_and_open.iter().enumerate();
    numbered
        .map(|(number, &(weight, open_requests))| Candidate {
            endpoint: EndpointId(number as u16),
            weight,
            open_requests,
        })
        .collect()
}

/// How many of 20,000 requests of different clients go to each endpoint.
fn counts(policy: &str, candidates: &[Candidate]) -> Vec<u32> {
    let policy = named(policy).unwrap();
    let mut counts = vec![0; candidates.len()];
    for number in 0..20_000 {
        let mut bits = Keyed::new(3, number, 0, 0);
        let scene = EndpointScene {
            candidates,
            unit: bits.unit(),
            client: bits.bits(),
        };
        counts[usize::from(policy.choose(&scene).unwrap().0)] += 1;
    }
    counts
}

#[test]
fn every_policy_follows_the_weights_of_idle_endpoints() {
    let candidates = candidates(&[(0.1, 0), (0.0, 0), (0.3, 0)]);
    for policy in POLICIES {
        let counts = counts(policy.name(), &candidates);
        // Standard deviation 61.
        assert!(
            counts[0].abs_diff(5_000) < 300,
            "{}: {counts:?}",
            policy.name()
        );
        assert_eq!(counts[1], 0, "{}", policy.name());
    }
}

#[test]
fn load_counts_only_for_the_policies_named_after_it() {
    let candidates = candidates(&[(1.0, 3), (1.0, 0)]);
    for (policy, expected) in [
        ("random", 10_000_u32),
        ("hash", 10_000),
        ("least_outstanding_requests", 4_000),
        ("least_connections", 4_000),
    ] {
        let counts = counts(policy, &candidates);
        assert!(counts[0].abs_diff(expected) < 350, "{policy}: {counts:?}");
    }
}

#[test]
fn one_address_hashes_to_one_endpoint() {
    let candidates = candidates(&[(1.0, 0), (1.0, 7), (1.0, 0)]);
    let scene = |unit| EndpointScene {
        candidates: &candidates,
        unit,
        client: 42,
    };
    let chosen = BY_ADDRESS.choose(&scene(0.0));
    assert_eq!(chosen, BY_ADDRESS.choose(&scene(0.9)));
}

#[test]
fn without_candidates_nothing_is_chosen() {
    for policy in POLICIES {
        let scene = EndpointScene {
            candidates: &[],
            unit: 0.5,
            client: 1,
        };
        assert_eq!(policy.choose(&scene), None, "{}", policy.name());
    }
}
