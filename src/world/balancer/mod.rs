//! The commercial load balancer: what it knows, and whom it chooses.
//!
//! Passive and pure: the simulation sends the probes and the requests, tells this module what came
//! back, and does what it decides. In suggested reading order:
//!
//! - [`Balancers`]: the state of all balancers, their pools, endpoints and monitors.
//! - [`Asker`] and [`Choice`]: one question and its answer; [`Balancers::choose`] is the way from
//!   one to the other.
//! - [`affinity`](AffinityCookie): what ties a session to an endpoint.
//! - [`steering`]: how a pool is picked, one file per policy.
//! - [`endpoint_steering`]: how an endpoint of the pool is picked, one file per policy.
//! - [`Probe`] to [`ProbeFollowUp`]: what a monitor concludes from its probes.
//!
//! Simplification: all edges share one state, so a verdict on health, a cookie or a count of open
//! requests is known everywhere at once.
//!
//! Source throughout: the vendor's load-balancing documentation and the descriptions of the fields
//! in its Terraform provider. What these leave open is marked where it is decided.

mod affinity;
mod choose;
mod draws;
pub mod endpoint_steering;
#[cfg(test)]
mod example;
mod health;
mod latency_profile;
mod probing;
mod question;
mod region;
mod state;
pub mod steering;

pub use affinity::AffinityCookie;
pub use health::PoolHealth;
pub use probing::{HealthFlip, Probe, ProbeFollowUp, ProbeResult, Watched};
pub use question::{Asker, Choice, retries_elsewhere};
pub use region::probe_region_of;
pub use state::Balancers;
