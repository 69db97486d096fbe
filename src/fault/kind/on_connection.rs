//! Faults that are aimed at a part of the edge by a connection that uses it.

use crate::fault::{Names, References};
use crate::notation::{OneOrMany, Problem, Spanned, Whole};
use crate::world::ids::ConnectionRef;

/// The connections with these indices of these replicas. Indices that a replica does not have are reported.
pub fn connections(
    names: &mut Names<'_>,
    replicas: &References,
    indices: &Spanned<OneOrMany<Whole<0, 255>>>,
) -> Vec<ConnectionRef> {
    let mut found = Vec::new();
    for replica in names.replicas(replicas) {
        let n_connections = names.blueprint.replicas[replica].connections;
        for index in &indices.0 {
            if index.get() < u64::from(n_connections) {
                found.push(ConnectionRef {
                    replica,
                    index: index.get() as u8,
                });
            } else {
                let problem =
                    Problem::error(indices.position, "there is no connection of that index").label(
                        format!(
                            "`{}` has the connections 0 to {}",
                            names.replica_name(replica),
                            n_connections - 1
                        ),
                    );
                names.context.report(problem);
            }
        }
    }
    found
}

/// A connection as reports call it: `prod/a/0`.
pub fn name(names: &Names<'_>, connection: ConnectionRef) -> String {
    format!(
        "{}/{}",
        names.replica_name(connection.replica),
        connection.index
    )
}
