//! A deterministic simulator of Cloudflare Tunnel replicas.
//!
//! In suggested reading order; each module uses only those above it:
//!
//! - [`kernel`]: time, the calendar of events, random streams, laws.
//! - [`notation`]: how a scenario file is written, with positions, units and problems.
//! - [`world`]: what exists; its `blueprint` is what a file declares.
//! - [`fault`]: what goes wrong.
//! - [`measure`]: what is seen of a run, and what is counted.
//! - [`simulation`]: the engine: one run, event by event.
//! - [`scenario`]: from a file to a checked blueprint, or all its problems.
//! - [`experiment`]: many runs of a scenario and its variants.
//! - `report` and `cli`: what is printed and written, and the commands. Only with the feature `cli`.
#![forbid(unsafe_code)]

pub mod kernel;
pub mod notation;
pub mod world;

pub mod fault;
pub mod measure;
pub mod scenario;
pub mod simulation;

#[cfg(feature = "cli")]
pub mod cli;
pub mod experiment;
#[cfg(feature = "cli")]
pub mod report;
