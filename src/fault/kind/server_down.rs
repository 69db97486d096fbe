//! One server of the edge fails.

use super::entry::{Damage, Entry, Kind, Lasting};
use super::on_connection::{connections, name};
use crate::fault::{Effect, Names, References};
use crate::notation::{OneOrMany, Whole, block};

/// The kind's entry in the registry.
pub const ENTRY: Entry = Entry::of::<ServerDown>();

block! {
    /// The edge server that holds a connection when the fault strikes fails, until the fault clears.
    pub struct ServerDown as "server-down" {
        /// The replica, or several: `tunnel/replica`, or its own name where only one tunnel has it.
        replica: References = required,
        /// The index of the connection, from 0, or several.
        connection: OneOrMany<Whole<0, 255>> = "0" (assumed: "any one of the equals"),
    }
}

impl Kind for ServerDown {
    const LASTING: Lasting = Lasting::While;

    fn resolve(&self, names: &mut Names<'_>) -> Option<Damage> {
        let hit = connections(names, &self.replica, &self.connection);
        Some(Damage::to_each(
            &hit,
            |it| name(names, it),
            Effect::ServerOfConnection,
        ))
    }
}
