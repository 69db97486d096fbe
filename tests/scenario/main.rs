//! Scenario files: what is accepted, what is refused and in which words.

mod balancers;
mod clients;
mod documents;
mod errors;
mod everything;
mod expectations;
mod faults;
mod hostile;
mod hosts;
mod limits;
mod stores;
mod support;
mod tunnels;
