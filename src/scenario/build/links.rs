//! `links:`, measured round trips.

use super::Builder;
use crate::fault::Reference;
use crate::notation::{Problem, Spanned, unresolved};
use crate::scenario::file::{LinkFile, ScenarioFile};
use crate::scenario::limits::LINKS_MAX;
use crate::world::blueprint::{Link, LinkEnd};
use crate::world::geography::Atlas;

/// Whether packets travel from the one to the other with nothing between.
fn is_a_way(one: LinkEnd, other: LinkEnd) -> bool {
    use LinkEnd::{Group, Host, Metro, Store};
    match (one, other) {
        (Group(_) | Host(_) | Metro(_), Metro(_)) | (Metro(_), Group(_) | Host(_)) => true,
        (Host(_), Host(_) | Store(_)) | (Store(_), Host(_)) => true,
        (Group(_) | Store(_), _) | (_, Group(_) | Store(_)) => false,
    }
}

impl Builder<'_> {
    pub(super) fn links(&mut self, file: &ScenarioFile) {
        let Some(links) = &file.links else {
            return;
        };
        if self.limit(links.len(), LINKS_MAX, "links", links.position) {
            links.iter().for_each(|link| self.link(link));
        }
    }

    fn link(&mut self, link: &Spanned<LinkFile>) {
        let (one, other) = (
            self.link_end(&link.between.0),
            self.link_end(&link.between.1),
        );
        let (Some(one), Some(other)) = (one, other) else {
            return;
        };
        let same = |known: &Link| known.between == (one, other) || known.between == (other, one);
        if one == other {
            self.error(link.between.position, "expected two different ends");
        } else if !is_a_way(one, other) {
            let problem = Problem::error(
                link.between.position,
                "no packet goes straight from one of these ends to the other",
            );
            let problem = problem.label("a link that nothing uses");
            self.context.report(problem.help(
                "links lie between clients and a metro, a host and a metro, two hosts, two metros, or a host and a store",
            ));
        } else if self.blueprint.links.iter().any(same) {
            self.error(link.between.position, "this link is given twice");
        } else {
            self.blueprint.links.push(Link {
                between: (one, other),
                round_trip: link.round_trip.span(),
            });
        }
    }

    fn link_end(&mut self, written: &Spanned<Reference>) -> Option<LinkEnd> {
        let text = written.text();
        let world = &self.blueprint;
        let group = world
            .groups
            .iter()
            .find(|(_, group)| group.name == text)
            .map(|(id, _)| LinkEnd::Group(id));
        let host = world
            .hosts
            .iter()
            .find(|(_, host)| host.name == text)
            .map(|(id, _)| LinkEnd::Host(id));
        let store = world
            .stores
            .iter()
            .find(|(_, store)| store.name == text)
            .map(|(id, _)| LinkEnd::Store(id));
        // Metros are written in capitals here, so that a host may be called `qro`.
        let is_code = text.bytes().all(|byte| byte.is_ascii_uppercase());
        let metro = Atlas::shipped()
            .metro(text)
            .filter(|_| is_code)
            .map(LinkEnd::Metro);
        let found: Vec<LinkEnd> = [group, host, store, metro].into_iter().flatten().collect();
        match found[..] {
            [end] => Some(end),
            [] => {
                if !self.unreadable.contains(text) {
                    self.report_no_end(written);
                }
                None
            }
            _ => {
                let problem = Problem::error(
                    written.position,
                    format!("several things are called `{text}`"),
                )
                .label("a client group, a host, a store or a metro could be meant")
                .help("give one of them another name");
                self.context.report(problem);
                None
            }
        }
    }

    fn report_no_end(&mut self, written: &Spanned<Reference>) {
        let world = &self.blueprint;
        let groups = world
            .groups
            .values()
            .iter()
            .map(|group| group.name.as_str());
        let hosts = world.hosts.values().iter().map(|host| host.name.as_str());
        let stores = world
            .stores
            .values()
            .iter()
            .map(|store| store.name.as_str());
        let known: Vec<&str> = groups.chain(hosts).chain(stores).collect();
        let nouns = (
            "client group, host, store or metro",
            "clients, hosts and stores",
        );
        let names = || known.iter().copied();
        self.context.problems.report_error(|| {
            unresolved(written.text(), written.position, nouns, names)
                .note("every edge metro is known by its code, such as FRA")
        });
    }
}
