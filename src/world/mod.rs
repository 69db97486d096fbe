//! Floor 2: what exists in a simulated world. Passive: nothing here schedules.
//!
//! In suggested reading order:
//!
//! - [`ids`]: typed positions in lists.
//! - [`blueprint`]: what was declared; the modules below hold what changes.
//! - [`geography`]: places, latency, catchments, placement.
//! - [`travel`] and [`networks`]: the legs of one world, and where clients' packets go.
//! - [`edge`] and [`dns`]: which parts of the edge are up, and where hostnames lead.
//! - [`held`]: what lasting faults hold in a state.
//! - [`registry`] and [`routing`]: the connections believed alive, and who prefers which.
//! - [`circuit`]: a registered connection and the rule of silence.
//! - [`connector`] and [`backoff`]: a cloudflared process and its waits.
//! - [`supervised`]: what brings back a process that ended.
//! - [`cloudflared_config`], [`ingress`] and [`naming`]: how rules are written, which one decides, and what its
//!   service means on a host.
//! - [`host`], [`container`] and [`store`]: where requests are served and state is kept.
//! - [`balancer`]: the commercial load balancer.

pub mod ids;

pub mod blueprint;
pub mod geography;

pub mod networks;
pub mod travel;

pub mod dns;
pub mod edge;
pub mod held;

pub mod registry;
pub mod routing;

pub mod circuit;

pub mod backoff;
pub mod connector;

pub mod cloudflared_config;
pub mod ingress;
pub mod naming;

pub mod container;
pub mod host;
pub mod store;
pub mod supervised;

pub mod balancer;
