//! Floor 3: what goes wrong.

mod effect;
mod plan;

pub use effect::Effect;
pub use plan::{Duration, FaultPlan, Occurrence};
