//! From the shape of a file to a checked world: every name resolved, every problem reported.

mod balancers;
mod clashes;
mod clients;
mod dns;
mod expectations;
mod faults;
mod hosts;
mod links;
mod presets;
mod replicas;
mod settings;
mod stores;
mod trace;
mod tunnels;

pub(super) use trace::TRACE_HEADING;

use std::collections::{BTreeMap, BTreeSet};

use super::file::ScenarioFile;
use crate::fault::{FaultPlan, Names};
use crate::measure::expectation::Expectation;
use crate::notation::{Context, Entries, Id, Position, Problem};
use crate::scenario::limits::HOSTNAMES_MAX;
use crate::world::blueprint::Blueprint;
use crate::world::ids::{Position as _, *};
use clashes::Taken;

/// What a scenario file says, once resolved.
pub struct Built {
    /// The world.
    pub blueprint: Blueprint,
    /// What goes wrong.
    pub faults: Vec<FaultPlan>,
    /// What must be measured for the claim to be true.
    pub holds_if: Vec<Expectation>,
    /// What every run must show.
    pub expect: Vec<Expectation>,
}

/// Gives the bytes of a trace by the name written in the file.
pub type Traces<'a> = &'a dyn Fn(&str) -> Option<Vec<u8>>;

/// Builds the world of a scenario. What could not be built is missing in it, and the reason is among the problems.
pub fn build(file: &ScenarioFile, traces: Traces<'_>, context: &mut Context) -> Built {
    let mut builder = Builder {
        context,
        unreadable: BTreeSet::new(),
        blueprint: Blueprint::default(),
        traces,
        bridges: BTreeMap::new(),
        hostnames: BTreeMap::new(),
        taken: Taken::default(),
        rules: 0,
    };
    builder.blueprint.horizon = file.horizon.span();
    builder.blueprint.settings = settings::settings(file);
    builder.hosts(file);
    builder.stores(file);
    builder.containers(file);
    builder.tunnels(file);
    builder.balancers(file);
    builder.clients(file);
    builder.dns(file);
    let n_hostnames = builder.blueprint.hostnames.len();
    builder.limit(n_hostnames, HOSTNAMES_MAX, "hostnames", file.title.position);
    builder.links(file);
    let faults = builder.faults(file);
    let holds_if = builder.expectations(
        file.holds_if.as_ref().map(|list| list.value.as_slice()),
        &faults,
    );
    let expect = builder.expectations(
        file.expect.as_ref().map(|list| list.value.as_slice()),
        &faults,
    );
    Built {
        blueprint: builder.blueprint,
        faults,
        holds_if,
        expect,
    }
}

/// A world under construction.
struct Builder<'a> {
    context: &'a mut Context,
    /// Names whose entry could not be read: references to them are not complained about once more.
    unreadable: BTreeSet<String>,
    blueprint: Blueprint,
    traces: Traces<'a>,
    /// Networks by host and name; no host: the network spans hosts.
    bridges: BTreeMap<(Option<HostId>, String), NetworkId>,
    hostnames: BTreeMap<String, HostnameId>,
    taken: Taken,
    /// Ingress rules so far, once for each replica that has them.
    rules: usize,
}

impl Builder<'_> {
    fn names(&mut self) -> Names<'_> {
        Names {
            blueprint: &self.blueprint,
            context: self.context,
            unreadable: &self.unreadable,
        }
    }

    fn error(&mut self, position: Position, message: impl Into<String>) {
        self.context.report(Problem::error(position, message));
    }

    /// Remembers the names of entries that could not be read.
    fn note_unreadable<T>(&mut self, entries: &Entries<T>) {
        self.unreadable
            .extend(entries.unreadable().map(str::to_owned));
    }

    /// The id of a public hostname, new if it was not mentioned before.
    fn hostname(&mut self, name: &str) -> HostnameId {
        let name = name.to_ascii_lowercase();
        let hostnames = &mut self.blueprint.hostnames;
        // What is beyond the limit is refused soon; one id for all of it suffices until then.
        if hostnames.len() > HOSTNAMES_MAX {
            return HostnameId::at(HOSTNAMES_MAX);
        }
        *self
            .hostnames
            .entry(name)
            .or_insert_with_key(|name| hostnames.push(name.clone()))
    }

    /// Reports when there is more of something than a scenario may have.
    fn limit(&mut self, count: usize, limit: usize, noun: &str, position: Position) -> bool {
        if count > limit {
            self.context.problems.report_error(|| {
                let message = format!("a scenario may have {limit} {noun}");
                Problem::error(position, message).label(format!("this makes {count}"))
            });
        }
        count <= limit
    }
}

/// The names of equal things: `NAME`, or `NAME-1`, `NAME-2`, ...
pub fn names_of_copies(name: &Id, copies: Option<u64>) -> Vec<String> {
    match copies {
        None => vec![name.to_string()],
        Some(copies) => (1..=copies)
            .map(|number| format!("{}-{number}", &**name))
            .collect(),
    }
}
