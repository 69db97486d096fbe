//! One connection between a connector and the edge is closed.

use super::entry::{Damage, Entry, Kind, Lasting, joined};
use super::on_connection::{connections, name};
use crate::fault::{Effect, Names, References};
use crate::notation::{OneOrMany, Whole, block};

/// The kind's entry in the registry.
pub const ENTRY: Entry = Entry::of::<ConnectionDrop>();

block! {
    /// One connection is closed; both ends know at once, and the connector dials again.
    pub struct ConnectionDrop as "connection-drop" {
        /// The replica, or several: `tunnel/replica`, or its own name where only one tunnel has it.
        replica: References = required,
        /// The index of the connection, from 0, or several.
        connection: OneOrMany<Whole<0, 255>> = "0" (assumed: "any one of the equals"),
    }
}

impl Kind for ConnectionDrop {
    const LASTING: Lasting = Lasting::Moment;

    fn resolve(&self, names: &mut Names<'_>) -> Option<Damage> {
        let hit = connections(names, &self.replica, &self.connection);
        let target = joined(hit.iter().map(|connection| name(names, *connection)));
        let strike = hit.into_iter().map(Effect::ConnectionDrop).collect();
        Some(Damage {
            target,
            strike,
            clear: Vec::new(),
        })
    }
}
