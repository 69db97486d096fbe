//! Values written as one scalar: numbers, lengths of time, rates, shares and names.

mod boolean;
mod decimal;
mod duration;
mod name;
mod rate;
mod share;
mod text;
mod whole;

pub use decimal::{Decimal, Number, decimal};
pub use duration::{Duration, PositiveDuration};
pub use name::{Hostname, Id};
pub use rate::Rate;
pub use share::Share;
pub use text::{Prose, Text};
pub use whole::{AnyWhole, Whole};
