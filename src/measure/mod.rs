//! Floor 4: what is seen.

pub mod outcome;

pub mod observation;

pub mod finals;
