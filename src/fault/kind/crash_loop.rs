//! A service crashes at every start.

use super::entry::{Damage, Entry, Kind, Lasting};
use crate::fault::{Effect, Names, References};
use crate::notation::{PositiveDuration, block};

/// The kind's entry in the registry.
pub const ENTRY: Entry = Entry::of::<CrashLoop>();

block! {
    /// The process of a container dies again and again, each time after running for a while, until the fault clears.
    /// Docker's back-off between the starts grows to a minute.
    pub struct CrashLoop as "crash-loop" {
        /// The container, or several: `host/container`, `"*/container"` for all of that name.
        container: References = required,
        /// How long it runs each time before it dies.
        run: PositiveDuration = "2s" (assumed: "a service that fails at its first connection to something it needs"),
    }
}

impl Kind for CrashLoop {
    const LASTING: Lasting = Lasting::While;

    fn resolve(&self, names: &mut Names<'_>) -> Option<Damage> {
        let containers = names.containers(&self.container);
        let name = |id| names.container_name(id);
        let run = self.run.span();
        Some(Damage::to_each(&containers, name, |id, well| {
            Effect::ContainerCrashLoop(id, (!well).then_some(run))
        }))
    }
}
