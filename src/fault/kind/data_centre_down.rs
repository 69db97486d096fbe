//! One data centre of the edge fails.

use super::entry::{Damage, Entry, Kind, Lasting};
use super::on_connection::{connections, name};
use crate::fault::{EdgeCode, Effect, Names, References};
use crate::notation::{OneOrMany, Problem, Spanned, Whole, block};
use crate::world::geography::{Atlas, DataCentre};

/// The kind's entry in the registry.
pub const ENTRY: Entry = Entry::of::<DataCentreDown>();

block! {
    /// A data centre of the edge fails, until the fault clears: a named one, or the one that holds a connection.
    pub struct DataCentreDown as "data-centre-down" {
        /// The data centre, such as `FRA1`, or several; left out, the one that holds the connection below.
        data_centre: OneOrMany<Spanned<EdgeCode>> = optional,
        /// The replica of the connection; needed where no data centre is named.
        replica: References = optional,
        /// The index of the connection, from 0.
        connection: OneOrMany<Whole<0, 255>> = "0" (assumed: "any one of the equals"),
    }
}

impl Kind for DataCentreDown {
    const LASTING: Lasting = Lasting::While;

    fn resolve(&self, names: &mut Names<'_>) -> Option<Damage> {
        match (&self.data_centre, &self.replica) {
            (Some(edges), None) => {
                let hit = data_centres(names, edges);
                Some(Damage::to_each(
                    &hit,
                    |it| it.to_string(),
                    Effect::DataCentreUp,
                ))
            }
            (None, Some(replicas)) => {
                let hit = connections(names, replicas, &self.connection);
                Some(Damage::to_each(
                    &hit,
                    |it| name(names, it),
                    Effect::DataCentreOfConnection,
                ))
            }
            _ => {
                let problem = Problem::error(
                    self.connection.position,
                    "this fault needs either `data_centre` or `replica`",
                );
                names.context.report(problem);
                None
            }
        }
    }
}

/// The data centres that are meant: a metro alone is all of them.
pub fn data_centres(
    names: &mut Names<'_>,
    edges: &OneOrMany<Spanned<EdgeCode>>,
) -> Vec<DataCentre> {
    let mut found = Vec::new();
    for edge in &edges.0 {
        if let Some(data_centre) = edge.data_centre() {
            found.push(data_centre);
            continue;
        }
        let metro = &Atlas::shipped()[edge.metro];
        let problem = Problem::error(edge.position, "a data centre has a number")
            .label(format!(
                "{} has the data centres 1 to {}",
                metro.code, metro.n_data_centres
            ))
            .did_you_mean(format!("{}1", metro.code));
        names.context.report(problem);
    }
    found
}
