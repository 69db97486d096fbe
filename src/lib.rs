//! A deterministic simulator of Cloudflare Tunnel replicas.
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
