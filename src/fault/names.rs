//! From the names in a scenario file to the ids of a blueprint.
//!
//! A reference is a name, or a pattern with `*` that stands for any text: `vps-*`, `*/web`. A container is
//! called `host/container`, or by its own name where only one host has it; a replica `tunnel/replica`
//! or `replica`; an endpoint `pool/endpoint` or `endpoint`. Every reference that leads nowhere is reported
//! with the nearest name.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::json;

use crate::notation::{Context, Leaf, OneOrMany, Problem, Refusal, Scalar, Spanned, quoted_list};
use crate::world::blueprint::Blueprint;
use crate::world::ids::*;

/// A name of something that stands elsewhere in the file, or a pattern for several.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reference(String);

/// One reference or a list of them.
pub type References = OneOrMany<Spanned<Reference>>;

impl Reference {
    /// The name of something.
    pub fn named(name: &str) -> Reference {
        Reference(name.to_owned())
    }

    /// The text as written.
    pub fn text(&self) -> &str {
        &self.0
    }

    fn is_pattern(&self) -> bool {
        self.0.contains('*')
    }
}

impl Leaf for Reference {
    const EXAMPLES: &'static [&'static str] = &["vps1", "vps1/web", "vps-*"];

    fn name() -> Cow<'static, str> {
        "reference".into()
    }

    fn expected() -> Cow<'static, str> {
        "a name from elsewhere in this file, such as `vps1`, `vps1/web` or `vps-*`".into()
    }

    fn parse(scalar: &Scalar) -> Result<Self, Refusal> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./*".contains(&byte);
        if !scalar.text.is_empty() && scalar.text.bytes().all(fits) {
            Ok(Reference(scalar.text.clone()))
        } else {
            Err(Refusal::unexpected())
        }
    }

    fn schema() -> serde_json::Value {
        json!({"type": ["string", "integer"], "pattern": "^[A-Za-z0-9_./*-]+$"})
    }
}

/// Whether a name fits a pattern in which `*` stands for any text, the empty one included.
fn fits(pattern: &str, name: &str) -> bool {
    let Some((first, others)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(mut rest) = name.strip_prefix(first) else {
        return false;
    };
    let (middle, last) = others.rsplit_once('*').unwrap_or(("", others));
    for part in middle.split('*') {
        let Some(found) = rest.find(part) else {
            return false;
        };
        rest = &rest[found + part.len()..];
    }
    rest.ends_with(last)
}

/// Looks names up in a blueprint and reports those that lead nowhere.
pub struct Names<'a> {
    /// What there is.
    pub blueprint: &'a Blueprint,
    /// Where problems go.
    pub context: &'a mut Context,
    /// Names that were written but whose entry could not be read; one mistake is reported once.
    pub unreadable: &'a BTreeSet<String>,
}

/// A thing that can be named, alone or with its owner in front.
#[derive(Clone, Copy)]
struct Named<'b, I> {
    id: I,
    owner: Option<&'b str>,
    own: &'b str,
}

impl<I> Named<'_, I> {
    fn full(&self) -> String {
        match self.owner {
            Some(owner) => [owner, "/", self.own].concat(),
            None => self.own.to_owned(),
        }
    }

    /// Whether a reference fits the full name.
    fn has_full_name(&self, text: &str, is_pattern: bool) -> bool {
        // The end is looked at first: of many names few are put together.
        let end = text.rsplit(['*', '/']).next().unwrap_or(text);
        match self.owner {
            None => fits(text, self.own),
            Some(_) if is_pattern && !self.own.ends_with(end) => false,
            Some(_) if is_pattern => fits(text, &self.full()),
            Some(owner) => text
                .strip_prefix(owner)
                .and_then(|rest| rest.strip_prefix('/'))
                .is_some_and(|rest| rest == self.own),
        }
    }

    /// Whether a reference fits the name without the owner.
    fn has_short_name(&self, text: &str) -> bool {
        self.owner.is_some() && fits(text, self.own)
    }
}

impl Names<'_> {
    /// The only thing that a reference means.
    fn one<I: Copy>(
        &mut self,
        reference: &Spanned<Reference>,
        nouns: (&str, &str),
        all: &[Named<'_, I>],
    ) -> Option<I> {
        let found = self.several(reference, nouns, all);
        if found.len() > 1 {
            self.report(|| {
                let names: Vec<String> = found.iter().map(Named::full).collect();
                let names_shown = quoted_list(names.iter().map(String::as_str));
                Problem::error(reference.position, format!("expected one {}", nouns.0))
                    .label(format!("`{}` could be {names_shown}", reference.text()))
                    .help(format!("write its full name, such as `{}`", names[0]))
            });
            return None;
        }
        found.first().map(|named| named.id)
    }

    /// Everything that a reference means. A short name that several have is refused, a pattern is not.
    fn several<'b, I: Copy>(
        &mut self,
        reference: &Spanned<Reference>,
        nouns: (&str, &str),
        all: &[Named<'b, I>],
    ) -> Vec<Named<'b, I>> {
        let (text, is_pattern) = (reference.text(), reference.is_pattern());
        if !self.context.may_compare(all.len(), reference.position) {
            return Vec::new();
        }
        let found = |fits: &dyn Fn(&Named<'b, I>) -> bool| -> Vec<Named<'b, I>> {
            let mut found: Vec<Named<'b, I>> =
                all.iter().filter(|named| fits(named)).copied().collect();
            // By name, and not as they stand in the file, whose order changes nothing.
            found.sort_by_cached_key(Named::full);
            found
        };
        let by_full = found(&|named| named.has_full_name(text, is_pattern));
        if !by_full.is_empty() {
            return by_full;
        }
        let by_short = found(&|named| named.has_short_name(text));
        if by_short.is_empty() && !self.is_unreadable(text) {
            self.report(|| nobody(reference, nouns, all));
        }
        if by_short.len() > 1 && !is_pattern {
            self.report(|| too_many(reference, nouns.1, &by_short));
            return Vec::new();
        }
        by_short
    }

    fn report(&mut self, problem: impl FnOnce() -> Problem) {
        self.context.problems.report_error(problem);
    }

    fn is_unreadable(&self, text: &str) -> bool {
        self.unreadable.contains(text) || text.split('/').any(|part| self.unreadable.contains(part))
    }

    fn all_of<I: Copy + Ord>(
        &mut self,
        references: &References,
        nouns: (&str, &str),
        all: &[Named<'_, I>],
    ) -> Vec<I> {
        let (mut ids, mut seen) = (Vec::new(), BTreeSet::new());
        for reference in &references.0 {
            let found = self.several(reference, nouns, all);
            ids.extend(
                found
                    .iter()
                    .map(|named| named.id)
                    .filter(|id| seen.insert(*id)),
            );
        }
        ids
    }
}

/// A reference that leads nowhere.
fn nobody<I>(
    reference: &Spanned<Reference>,
    (noun, plural): (&str, &str),
    all: &[Named<'_, I>],
) -> Problem {
    let text = reference.text();
    let written: Vec<String> = all
        .iter()
        .flat_map(|named| {
            [
                named.owner.map(|_| named.own.to_owned()),
                Some(named.full()),
            ]
        })
        .flatten()
        .collect();
    let problem = Problem::error(reference.position, format!("no {noun} is called `{text}`"))
        .label(format!("not listed under `{plural}`"))
        .did_you_mean_one_of(text, written.iter().map(String::as_str));
    match all {
        [] => problem.note(format!("there are no {plural}")),
        _ => problem.note(format!("{plural}: {}", listed(all))),
    }
}

/// A short name that several things have.
fn too_many<I>(reference: &Spanned<Reference>, plural: &str, found: &[Named<'_, I>]) -> Problem {
    let text = reference.text();
    let names: Vec<String> = found.iter().map(Named::full).collect();
    let names = quoted_list(names.iter().map(String::as_str));
    Problem::error(
        reference.position,
        format!("several {plural} are called `{text}`"),
    )
    .label(format!("this could be {names}"))
    .help(format!(
        "write the full name, or `\"*/{text}\"` for all of them"
    ))
}

/// At most twelve names, for a note.
fn listed<I>(all: &[Named<'_, I>]) -> String {
    const SHOWN: usize = 12;
    let names: Vec<String> = all.iter().take(SHOWN).map(Named::full).collect();
    let names = quoted_list(names.iter().map(String::as_str));
    if all.len() > SHOWN {
        format!("{names} and {} more", all.len() - SHOWN)
    } else {
        names
    }
}

/// Things that nobody owns.
fn plain<I: Position, T>(list: &Arena<I, T>, name: fn(&T) -> &str) -> Vec<Named<'_, I>> {
    let named = |(id, item)| Named {
        id,
        owner: None,
        own: name(item),
    };
    list.iter().map(named).collect()
}

/// Things with an owner: each with the owner's name and its own.
fn owned<'b, I: Position, T>(
    list: &'b Arena<I, T>,
    name: impl Fn(&'b T) -> (&'b str, &'b str),
) -> Vec<Named<'b, I>> {
    let named = |(id, item)| {
        let (owner, own) = name(item);
        Named {
            id,
            owner: Some(owner),
            own,
        }
    };
    list.iter().map(named).collect()
}

/// One lookup for a single thing and one for several, for each kind of thing.
macro_rules! lookups {
    ($($(#[$doc:meta])* $one:ident, $many:ident -> $id:ty, $noun:literal, $plural:literal, $all:expr;)+) => {
        impl<'b> Names<'b> {$(
            $(#[$doc])*
            pub fn $one(&mut self, reference: &Spanned<Reference>) -> Option<$id> {
                let all = $all(self.blueprint);
                self.one(reference, ($noun, $plural), &all)
            }

            /// The same for several.
            pub fn $many(&mut self, references: &References) -> Vec<$id> {
                let all = $all(self.blueprint);
                self.all_of(references, ($noun, $plural), &all)
            }
        )+}
    };
}

lookups! {
    /// The client group of that name.
    group, groups -> GroupId, "client group", "clients", |b: &'b Blueprint| plain(&b.groups, |g| &g.name);
    /// The host of that name.
    host, hosts -> HostId, "host", "hosts", |b: &'b Blueprint| plain(&b.hosts, |h| &h.name);
    /// The store of that name; a container's own store is called like the container.
    store, stores -> StoreId, "store", "stores", |b: &'b Blueprint| plain(&b.stores, |s| &s.name);
    /// The tunnel of that name.
    tunnel, tunnels -> TunnelId, "tunnel", "tunnels", |b: &'b Blueprint| plain(&b.tunnels, |t| &t.name);
    /// The load balancer of that name.
    balancer, balancers -> BalancerId, "load balancer", "balancers", |b: &'b Blueprint| plain(&b.balancers, |l| &l.name);
    /// The pool of that name.
    pool, pools -> PoolId, "pool", "pools", |b: &'b Blueprint| plain(&b.pools, |p| &p.name);
    /// The monitor of that name.
    monitor, monitors -> MonitorId, "monitor", "monitors", |b: &'b Blueprint| plain(&b.monitors, |m| &m.name);
    /// The container of that name.
    container, containers -> ContainerId, "container", "containers", |b: &'b Blueprint| {
        owned(&b.containers, |c| (b.hosts[c.host].name.as_str(), c.name.as_str()))
    };
    /// The replica of that name.
    replica, replicas -> ReplicaId, "replica", "replicas", |b: &'b Blueprint| {
        owned(&b.replicas, |r| (b.tunnels[r.tunnel].name.as_str(), r.name.as_str()))
    };
    /// The endpoint of that name.
    endpoint, endpoints -> EndpointId, "endpoint", "origins", |b: &'b Blueprint| {
        owned(&b.endpoints, |e| (b.pools[e.pool].name.as_str(), e.name.as_str()))
    };
}

impl Names<'_> {
    /// A container's name with its host's.
    pub fn container_name(&self, id: ContainerId) -> String {
        let container = &self.blueprint.containers[id];
        format!(
            "{}/{}",
            self.blueprint.hosts[container.host].name, container.name
        )
    }

    /// The containers on some hosts, in the order of their names.
    pub fn containers_on(&self, hosts: &[HostId]) -> Vec<ContainerId> {
        let containers = &self.blueprint.containers;
        let is_there = |id: &ContainerId| hosts.contains(&containers[*id].host);
        let mut found: Vec<ContainerId> = containers.ids().filter(is_there).collect();
        found.sort_by_cached_key(|id| self.container_name(*id));
        found
    }

    /// The replicas on some hosts, in the order of their names.
    pub fn replicas_on(&self, hosts: &[HostId]) -> Vec<ReplicaId> {
        let replicas = &self.blueprint.replicas;
        let is_there = |id: &ReplicaId| hosts.contains(&replicas[*id].host);
        let mut found: Vec<ReplicaId> = replicas.ids().filter(is_there).collect();
        found.sort_by_cached_key(|id| self.replica_name(*id));
        found
    }

    /// A replica's name with its tunnel's.
    pub fn replica_name(&self, id: ReplicaId) -> String {
        let replica = &self.blueprint.replicas[id];
        format!(
            "{}/{}",
            self.blueprint.tunnels[replica.tunnel].name, replica.name
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(fits("vps-*", "vps-1") && fits("vps-*", "vps-"));
        assert!(fits("*/web", "vps1/web") && !fits("*/web", "vps1/web2"));
        assert!(fits("*", "anything") && !fits("vps", "vps1"));
        assert!(fits("a*b*c", "aXbYbc"));
    }
}
