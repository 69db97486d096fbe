//! Floor 3: what goes wrong.

mod edge_code;
mod effect;
pub mod kind;
mod names;
mod plan;

pub use edge_code::{EdgeCode, MetroCode};
pub use effect::{Effect, StoreEffect};
pub use names::{Names, Reference, References};
pub use plan::{Duration, FaultPlan, Occurrence};
