//! Floor 0: time, random streams, the event calendar. Knows nothing of networks.
//!
//! In suggested reading order:
//!
//! - [`time`]: instants and lengths of time in whole nanoseconds, and how they are printed.
//! - [`calendar`]: what is still to happen, handed out in one reproducible order.
//! - [`wheel`]: the fast lane of the calendar; [`heap`]: the part of it that sorts.
//! - [`slab`]: things that come and go, with ids that notice when they are out of date; [`directory`]: the same, by number.
//! - [`random`]: named random streams, and random numbers computed from a key.
//! - [`variate`]: the laws from which lengths of time and whole numbers are drawn.
//! - [`integral`]: a level that changes in steps, and its exact integral over time.
//! - [`math`]: logarithms and their like, with the same bits on every platform.
//! - [`hash`]: the mixing functions behind stream names, keyed numbers and hash maps.
//! - [`fingerprint`]: a running hash by which two runs are compared.

pub mod calendar;
pub mod directory;
pub mod fingerprint;
pub mod hash;
pub mod heap;
pub mod integral;
pub mod math;
pub mod random;
pub mod slab;
pub mod time;
pub mod variate;
pub mod wheel;
