//! From the names in a scenario file to the ids of a blueprint.
//!
//! A reference is a name, or a pattern with `*` that stands for any text: `vps-*`, `*/web`. A container is
//! called `host/container`, or by its own name where only one host has it; a replica `tunnel/replica`
//! or `replica`; an endpoint `pool/endpoint` or `endpoint`. Every reference that leads nowhere is reported
//! with the nearest name.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::json;

use crate::notation::{
    Context, Leaf, OneOrMany, Problem, Refusal, Scalar, Spanned, nearest, quoted_list,
};
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

/// A thing that can be named: its full name, and its short one if its full one has an owner in front.
struct Named<I> {
    id: I,
    full: String,
    short: Option<String>,
}

impl Names<'_> {
    /// The only thing that a reference means.
    fn one<I: Copy>(
        &mut self,
        reference: &Spanned<Reference>,
        nouns: (&str, &str),
        all: Vec<Named<I>>,
    ) -> Option<I> {
        let found = self.several(reference, nouns, &all);
        if found.len() > 1 {
            let names = found.iter().map(|named| named.full.as_str());
            let mut problem =
                Problem::error(reference.position, format!("expected one {}", nouns.0)).label(
                    format!("`{}` could be {}", reference.text(), quoted_list(names)),
                );
            if let Some(first) = found.first() {
                problem = problem.help(format!("write its full name, such as `{}`", first.full));
            }
            self.context.report(problem);
            return None;
        }
        found.first().map(|named| named.id)
    }

    /// Everything that a reference means. A short name that several have is refused, a pattern is not.
    fn several<'n, I: Copy>(
        &mut self,
        reference: &Spanned<Reference>,
        (noun, plural): (&str, &str),
        all: &'n [Named<I>],
    ) -> Vec<&'n Named<I>> {
        let text = reference.text();
        let by_full: Vec<_> = all.iter().filter(|named| fits(text, &named.full)).collect();
        if !by_full.is_empty() {
            return by_full;
        }
        let short = |named: &&Named<I>| {
            named
                .short
                .as_deref()
                .is_some_and(|short| fits(text, short))
        };
        let by_short: Vec<_> = all.iter().filter(short).collect();
        if by_short.is_empty() && !self.is_unreadable(text) {
            let written = || {
                all.iter()
                    .flat_map(|named| [named.short.as_deref(), Some(named.full.as_str())])
            };
            let mut problem =
                Problem::error(reference.position, format!("no {noun} is called `{text}`"))
                    .label(format!("not listed under `{plural}`"));
            if let Some(near) = nearest(text, written().flatten()) {
                problem = problem.did_you_mean(near);
            }
            self.context.report(match all {
                [] => problem.note(format!("there are no {plural}")),
                _ => problem.note(format!("{plural}: {}", listed(all))),
            });
        }
        if by_short.len() > 1 && !reference.is_pattern() {
            let names = by_short.iter().map(|named| named.full.as_str());
            let problem = Problem::error(
                reference.position,
                format!("several {plural} are called `{text}`"),
            )
            .label(format!("this could be {}", quoted_list(names)))
            .help(format!(
                "write the full name, or `\"*/{text}\"` for all of them"
            ));
            self.context.report(problem);
            return Vec::new();
        }
        by_short
    }

    fn is_unreadable(&self, text: &str) -> bool {
        self.unreadable.contains(text) || text.split('/').any(|part| self.unreadable.contains(part))
    }

    fn all_of<I: Copy + Ord>(
        &mut self,
        references: &References,
        nouns: (&str, &str),
        all: Vec<Named<I>>,
    ) -> Vec<I> {
        let mut ids = Vec::new();
        for reference in &references.0 {
            for named in self.several(reference, nouns, &all) {
                if !ids.contains(&named.id) {
                    ids.push(named.id);
                }
            }
        }
        ids
    }
}

/// At most twelve names, for a note.
fn listed<I>(all: &[Named<I>]) -> String {
    const SHOWN: usize = 12;
    let names = quoted_list(all.iter().take(SHOWN).map(|named| named.full.as_str()));
    if all.len() > SHOWN {
        format!("{names} and {} more", all.len() - SHOWN)
    } else {
        names
    }
}

fn plain<I, T>(list: &Arena<I, T>, name: fn(&T) -> &str) -> Vec<Named<I>>
where
    I: Position,
{
    list.iter()
        .map(|(id, item)| Named {
            id,
            full: name(item).to_owned(),
            short: None,
        })
        .collect()
}

fn owned<I, T>(list: &Arena<I, T>, name: impl Fn(&T) -> (String, String)) -> Vec<Named<I>>
where
    I: Position,
{
    let named = |(id, item): (I, &T)| {
        let (owner, short) = name(item);
        Named {
            id,
            full: format!("{owner}/{short}"),
            short: Some(short),
        }
    };
    list.iter().map(named).collect()
}

/// One lookup for a single thing and one for several, for each kind of thing.
macro_rules! lookups {
    ($($(#[$doc:meta])* $one:ident, $many:ident -> $id:ty, $noun:literal, $plural:literal, $all:expr;)+) => {
        impl Names<'_> {$(
            $(#[$doc])*
            pub fn $one(&mut self, reference: &Spanned<Reference>) -> Option<$id> {
                let all = $all(self.blueprint);
                self.one(reference, ($noun, $plural), all)
            }

            /// The same for several.
            pub fn $many(&mut self, references: &References) -> Vec<$id> {
                let all = $all(self.blueprint);
                self.all_of(references, ($noun, $plural), all)
            }
        )+}
    };
}

lookups! {
    /// The client group of that name.
    group, groups -> GroupId, "client group", "clients", |b: &Blueprint| plain(&b.groups, |g| &g.name);
    /// The host of that name.
    host, hosts -> HostId, "host", "hosts", |b: &Blueprint| plain(&b.hosts, |h| &h.name);
    /// The store of that name; a container's own store is called like the container.
    store, stores -> StoreId, "store", "stores", |b: &Blueprint| plain(&b.stores, |s| &s.name);
    /// The tunnel of that name.
    tunnel, tunnels -> TunnelId, "tunnel", "tunnels", |b: &Blueprint| plain(&b.tunnels, |t| &t.name);
    /// The load balancer of that name.
    balancer, balancers -> BalancerId, "load balancer", "balancers", |b: &Blueprint| plain(&b.balancers, |l| &l.name);
    /// The pool of that name.
    pool, pools -> PoolId, "pool", "pools", |b: &Blueprint| plain(&b.pools, |p| &p.name);
    /// The monitor of that name.
    monitor, monitors -> MonitorId, "monitor", "monitors", |b: &Blueprint| plain(&b.monitors, |m| &m.name);
    /// The container of that name.
    container, containers -> ContainerId, "container", "containers", |b: &Blueprint| {
        owned(&b.containers, |c| (b.hosts[c.host].name.clone(), c.name.clone()))
    };
    /// The replica of that name.
    replica, replicas -> ReplicaId, "replica", "replicas", |b: &Blueprint| {
        owned(&b.replicas, |r| (b.tunnels[r.tunnel].name.clone(), r.name.clone()))
    };
    /// The endpoint of that name.
    endpoint, endpoints -> EndpointId, "endpoint", "origins", |b: &Blueprint| {
        owned(&b.endpoints, |e| (b.pools[e.pool].name.clone(), e.name.clone()))
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
