//! Floor 2: what exists in a simulated world. Passive: nothing here schedules.

pub mod ids;

pub mod blueprint;
pub mod geography;

pub mod balancer;
pub mod store;
