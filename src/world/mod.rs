//! Floor 2: what exists in a simulated world. Passive: nothing here schedules.

pub mod geography;
