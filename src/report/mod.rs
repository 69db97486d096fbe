//! Floor 8: what results look like, as text, tables, pictures and files.
//!
//! In suggested reading order:
//!
//! - [`input`]: what a report is made from, with [`gathered`] for the runs of a variant, its [`faults`] and
//!   [`containers`], and its [`estimates`] with their intervals.
//! - [`story`] turns it into a [`page`], which [`text`] and [`markdown`] write down; [`wording`] has the numbers.
//! - [`summary`] and [`csv`]: the same for machines.
//! - [`results`]: the files of a results folder, which [`folder`] puts in its place, or leaves the old one there.

pub mod containers;
pub mod csv;
pub mod disk;
pub mod estimates;
pub mod faults;
pub mod folder;
pub mod gathered;
pub mod input;
pub mod markdown;
pub mod page;
pub mod picture;
#[cfg(feature = "png")]
pub mod png;
pub mod progress;
pub mod results;
pub mod story;
pub mod summary;
pub mod text;
pub mod wording;
pub mod words;

pub use gathered::Gathered;
pub use input::{Judged, Role, ScenarioReport, VariantReport};

#[cfg(test)]
mod testing;
