//! `stores:`, and the stores that containers keep themselves.

use super::Builder;
use crate::kernel::time::Span;
use crate::notation::{Position, Problem, Spanned, unresolved};
use crate::scenario::file::{ContainerFile, HoldsFile, ScenarioFile, StoreFile, WrittenPlace};
use crate::world::blueprint::{Dataset, Holds, Store, StoreKind};
use crate::world::ids::*;

/// How long a service waits for its own memory or disk: it never has to.
const OWN_STORE_TIMEOUT: Span = Span::from_secs(5);

impl Builder<'_> {
    pub(super) fn stores(&mut self, file: &ScenarioFile) {
        let Some(stores) = &file.stores else {
            return;
        };
        self.note_unreadable(stores);
        for (name, store) in stores.iter() {
            let Some(kind) = self.store_kind(store, name.position) else {
                self.unreadable.insert(name.to_string());
                continue;
            };
            let user = first_user(file, name);
            let data = match (&store.data, user) {
                (Some(data), _) => data.to_string(),
                (None, Some((container, user))) => data_name(container, user),
                (None, None) => name.to_string(),
            };
            let holds = store
                .holds
                .as_ref()
                .or(user.and_then(|(_, user)| user.holds.as_ref()));
            let dataset = self.dataset(&data, holds);
            let id = self.blueprint.stores.push(Store {
                name: name.to_string(),
                dataset,
                kind,
                timeout: store.timeout.span(),
            });
            self.blueprint.datasets[dataset].stores.push(id);
        }
    }

    fn store_kind(&mut self, store: &StoreFile, position: Position) -> Option<StoreKind> {
        let place = WrittenPlace {
            city: &store.city,
            latitude: &store.latitude,
            longitude: &store.longitude,
        };
        match (
            place.is_written(),
            &store.host,
            &store.asynchronous,
            &store.synchronous,
        ) {
            (true, None, None, None) => {
                let site = place.site(position, self.context)?;
                Some(StoreKind::Shared {
                    site,
                    access: *store.access,
                })
            }
            (false, Some(host), None, None) => Some(StoreKind::OnHost {
                host: self.names().host(host)?,
            }),
            (false, None, Some(copies), None) => {
                let members = self.names().hosts(&copies.members);
                Some(StoreKind::Asynchronous {
                    members: self.at_least_two(members, copies.members.position)?,
                    lag: copies.lag.0.clone(),
                    promote_after: copies.promote_after.as_ref().map(|after| after.span()),
                })
            }
            (false, None, None, Some(copies)) => {
                let members = self.names().hosts(&copies.members);
                Some(StoreKind::Synchronous {
                    members: self.at_least_two(members, copies.members.position)?,
                })
            }
            _ if self.context.is_damaged(position) => None,
            _ => {
                let problem = Problem::error(position, "a store is in exactly one kind of place")
                    .help("write one of `city` (a place of its own), `host`, `asynchronous` and `synchronous`");
                self.context.report(problem);
                None
            }
        }
    }

    fn at_least_two(&mut self, members: Vec<HostId>, position: Position) -> Option<Vec<HostId>> {
        if members.len() < 2 {
            self.error(position, "copies need at least two hosts");
            return None;
        }
        Some(members)
    }

    /// The data set of that name. Two kinds of data under one name are refused.
    fn dataset(&mut self, name: &str, holds: Option<&Spanned<HoldsFile>>) -> DatasetId {
        let kind = holds.map(|holds| (held(holds), holds.position));
        let known = self
            .blueprint
            .datasets
            .iter()
            .find(|(_, dataset)| dataset.name == name);
        let Some((id, dataset)) = known else {
            let holds = kind.map_or(Holds::Sessions, |(kind, _)| kind);
            return self.blueprint.datasets.push(Dataset {
                name: name.to_owned(),
                holds,
                stores: Vec::new(),
            });
        };
        if let Some((kind, at)) = kind
            && kind != dataset.holds
        {
            let problem = Problem::error(at, format!("the data `{name}` hold something else elsewhere"))
                .help("write the same `holds` everywhere, or give these data a name of their own with `data`");
            self.context.report(problem);
        }
        id
    }

    /// Gives a container the store it names, or one of its own.
    pub(super) fn own_store(
        &mut self,
        file: &ScenarioFile,
        id: ContainerId,
        written: &ContainerFile,
    ) {
        let Some(store) = &written.store else {
            return;
        };
        let kind = match &***store {
            "memory" => StoreKind::Memory,
            "disk" => StoreKind::Disk,
            name => {
                self.blueprint.containers[id].store = self.named_store(file, name, store.position);
                return;
            }
        };
        let container = &self.blueprint.containers[id];
        let name = format!(
            "{}/{}",
            self.blueprint.hosts[container.host].name, container.name
        );
        let data = data_name(&container.name, written);
        let dataset = self.dataset(&data, written.holds.as_ref());
        let store = self.blueprint.stores.push(Store {
            name,
            dataset,
            kind,
            timeout: OWN_STORE_TIMEOUT,
        });
        self.blueprint.datasets[dataset].stores.push(store);
        self.blueprint.containers[id].store = Some(store);
    }

    fn named_store(
        &mut self,
        file: &ScenarioFile,
        name: &str,
        position: Position,
    ) -> Option<StoreId> {
        let found = self
            .blueprint
            .stores
            .iter()
            .find(|(_, store)| store.name == name)
            .map(|(id, _)| id);
        if found.is_none() && !self.unreadable.contains(name) {
            let stores = || {
                file.stores
                    .iter()
                    .flat_map(|stores| stores.iter())
                    .map(|(name, _)| &*name.value as &str)
            };
            let known = || ["memory", "disk"].into_iter().chain(stores());
            self.context
                .problems
                .report_error(|| unresolved(name, position, ("store", "stores"), known));
        }
        found
    }
}

/// The first container that uses a store, and its name.
fn first_user<'a>(file: &'a ScenarioFile, store: &str) -> Option<(&'a str, &'a ContainerFile)> {
    let containers = file
        .hosts
        .iter()
        .filter_map(|(_, host)| host.containers.as_ref());
    let mut users = containers
        .flat_map(|containers| containers.iter())
        .filter(|(_, container)| {
            container
                .store
                .as_ref()
                .is_some_and(|named| &***named == store)
        });
    users
        .next()
        .map(|(name, container)| (&**name as &str, container))
}

/// The name of the data that a container keeps: equal-named containers keep the same data.
fn data_name(container: &str, written: &ContainerFile) -> String {
    written
        .data
        .as_ref()
        .map_or_else(|| container.to_owned(), |data| data.to_string())
}

fn held(holds: &HoldsFile) -> Holds {
    match holds {
        HoldsFile::Sessions => Holds::Sessions,
        HoldsFile::Records(records) => Holds::Records {
            keys: records.keys.get() as u32,
        },
        HoldsFile::Visits => Holds::Visits,
        HoldsFile::Content => Holds::Content,
    }
}
