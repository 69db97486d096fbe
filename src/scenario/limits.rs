//! Every limit on what a scenario file says, in one place; limits on its form stand with the notation.
//!
//! Each is there so that a file from a stranger cannot ask for more than a machine can give.

/// Most replicas of one tunnel in a file. The vendor's 25 are enforced when they register.
pub const REPLICAS_MAX: usize = 64;

/// Replicas of one tunnel above which a warning is given: the vendor's limit.
pub const REPLICAS_DOCUMENTED: usize = 25;

/// Most connections of one tunnel that a retry can go through.
pub const CONNECTIONS_MAX: u64 = 1_280;

/// Most tunnels.
pub const TUNNELS_MAX: usize = 100;

/// Most copies of a host or of a replica.
pub const COPIES_MAX: u64 = 1_000;

/// Most hosts, copies counted.
pub const HOSTS_MAX: usize = 1_000;

/// Most containers, on all hosts together.
pub const CONTAINERS_MAX: usize = 2_000;

/// Most container networks, a bridge counted once for each host it is on.
pub const NETWORKS_MAX: usize = 10_000;

/// Most origins of all pools together.
pub const ENDPOINTS_MAX: usize = 1_000;

/// Most different hostnames, those of traces included.
pub const HOSTNAMES_MAX: usize = 1_000;

/// Most ingress rules of all tunnels, counted once for each replica that has them.
pub const RULES_MAX: usize = 20_000;

/// Most measured links.
pub const LINKS_MAX: usize = 1_000;

/// Most expectations of one list.
pub const EXPECTATIONS_MAX: usize = 1_000;

/// Most client groups.
pub const GROUPS_MAX: usize = 1_000;

/// Most workers of one container.
pub const WORKERS_MAX: u64 = 100_000;

/// Longest queue of one container.
pub const QUEUE_MAX: u64 = 1_000_000;

/// Most faults, after presets have been written out.
pub const FAULTS_MAX: usize = 2_000;

/// Most effects of all faults together, after names and pairs have been written out, with the rules they push.
pub const EFFECTS_MAX: usize = 200_000;

/// Most rows of a trace.
pub const TRACE_ROWS_MAX: usize = 1_000_000;

/// Most bytes of a trace.
pub const TRACE_BYTES_MAX: usize = 64 << 20;

/// Most replications.
pub const REPLICATIONS_MAX: u64 = 1_000_000;

/// Most variants of one scenario.
pub const VARIANTS_MAX: usize = 100;

/// Most values in a file with variants, counted once for the file and once for each variant.
pub const VALUES_OF_VARIANTS_MAX: usize = 200_000;

/// Most hosts, containers, replicas, rules, client groups and effects of faults of all variants together.
pub const PARTS_OF_VARIANTS_MAX: usize = 200_000;

/// Expected events of all replications above which a run needs to be insisted on.
pub const EVENTS_MAX: f64 = 1e10;
