//! How long packets travel in one world: every leg of a request's way, with its own persistent path and jitter.

use std::collections::BTreeMap;

use super::blueprint::{Blueprint, LinkEnd, Site};
use super::geography::{
    Access, AccessLine, Atlas, MetroId, Path, PathClass, Paths, Place, light_round_trip,
};
use super::ids::*;
use crate::kernel::random::{Keyed, Source};
use crate::kernel::time::{Span, Time};

const ACCESS_OF_HOST: u32 = 1;

/// One leg: a path and, at one end or both, a last mile.
#[derive(Clone, Copy, Debug)]
pub struct Leg {
    path: Path,
    accesses: [AccessLine; 2],
}

impl Leg {
    fn constant(round_trip: Span) -> Leg {
        Leg {
            path: Path::constant(round_trip),
            accesses: [AccessLine::constant(Span::ZERO); 2],
        }
    }

    /// The round trip without jitter.
    pub fn round_trip(&self) -> Span {
        self.accesses
            .iter()
            .fold(self.path.round_trip(), |sum, access| {
                sum + access.round_trip()
            })
    }

    /// The travel time of one packet.
    pub fn one_way(&self, source: &mut impl Source) -> Span {
        self.accesses
            .iter()
            .fold(self.path.one_way(source), |sum, access| {
                sum + access.one_way(source)
            })
    }
}

/// The state of the backbone between two metros.
#[derive(Clone, Copy, Default, Debug)]
pub struct BackbonePair {
    /// Since when it is cut.
    pub cut_since: Option<Time>,
    /// What a fault adds to its round trip.
    pub added_round_trip: Span,
}

/// All legs of one world, made when first asked for.
#[derive(Debug)]
pub struct Travel {
    key: u64,
    paths: Paths,
    jitter: bool,
    access_spread: bool,
    measured: BTreeMap<(LinkEnd, LinkEnd), Span>,
    hosts: Vec<(String, Place, AccessLine)>,
    host_metro: BTreeMap<(HostId, MetroId), Leg>,
    host_host: BTreeMap<(HostId, HostId), Leg>,
    metro_metro: BTreeMap<(MetroId, MetroId), Leg>,
    backbone: BTreeMap<(MetroId, MetroId), BackbonePair>,
}

impl Travel {
    /// The legs of a world whose chance comes from a key.
    pub fn new(plan: &Blueprint, key: u64) -> Self {
        let settings = &plan.settings;
        let paths = if settings.path_factors {
            Paths::varied(key)
        } else {
            Paths::exact()
        };
        let mut travel = Travel {
            key,
            paths,
            jitter: settings.jitter,
            access_spread: settings.access_spread,
            measured: plan
                .links
                .iter()
                .map(|link| (ordered(link.between.0, link.between.1), link.round_trip))
                .collect(),
            hosts: Vec::new(),
            host_metro: BTreeMap::new(),
            host_host: BTreeMap::new(),
            metro_metro: BTreeMap::new(),
            backbone: BTreeMap::new(),
        };
        travel.hosts = plan
            .hosts
            .values()
            .iter()
            .map(|host| {
                let access = travel.named_access(host.access, &host.name);
                (host.name.clone(), place_of(host.site), access)
            })
            .collect();
        travel
    }

    /// The last mile of something with a name: the same in every replication of one world.
    pub fn named_access(&self, access: Access, name: &str) -> AccessLine {
        let id = crate::kernel::random::stream_id("access", name);
        self.access(access, &mut Keyed::new(self.key, id, ACCESS_OF_HOST, 0))
    }

    /// A last mile drawn from a source.
    pub fn access(&self, access: Access, source: &mut impl Source) -> AccessLine {
        let line = access.line(false, !self.access_spread, source);
        if self.jitter {
            line
        } else {
            AccessLine::constant(line.round_trip())
        }
    }

    /// The path between a named place and a metro over the public Internet.
    pub fn public_path(&self, name: &str, place: Place, metro: MetroId) -> Path {
        let metro = &Atlas::shipped()[metro];
        self.path(PathClass::Public, (name, place), (&metro.code, metro.place))
    }

    /// The measured round trip between two ends, if the scenario gives one.
    pub fn measured(&self, a: LinkEnd, b: LinkEnd) -> Option<Span> {
        self.measured.get(&ordered(a, b)).copied()
    }

    /// The leg between a host and a metro.
    pub fn host_metro(&mut self, host: HostId, metro: MetroId) -> Leg {
        if let Some(leg) = self.host_metro.get(&(host, metro)) {
            return *leg;
        }
        let leg = match self.measured(LinkEnd::Host(host), LinkEnd::Metro(metro)) {
            Some(round_trip) => Leg::constant(round_trip),
            None => {
                let (name, place, access) = &self.hosts[host.index()];
                Leg {
                    path: self.public_path(name, *place, metro),
                    accesses: [*access, AccessLine::constant(Span::ZERO)],
                }
            }
        };
        self.host_metro.insert((host, metro), leg);
        leg
    }

    /// The leg between two hosts: nothing within one host, else a public path and both last miles.
    pub fn host_host(&mut self, a: HostId, b: HostId) -> Leg {
        let (a, b) = (a.min(b), a.max(b));
        if a == b {
            return Leg::constant(Span::ZERO);
        }
        if let Some(leg) = self.host_host.get(&(a, b)) {
            return *leg;
        }
        let leg = match self.measured(LinkEnd::Host(a), LinkEnd::Host(b)) {
            Some(round_trip) => Leg::constant(round_trip),
            None => {
                let (from, to) = (&self.hosts[a.index()], &self.hosts[b.index()]);
                Leg {
                    path: self.path(PathClass::Public, (&from.0, from.1), (&to.0, to.1)),
                    accesses: [from.2, to.2],
                }
            }
        };
        self.host_host.insert((a, b), leg);
        leg
    }

    /// The leg between a host and a named place of its own with its own last mile.
    pub fn host_place(&self, host: HostId, name: &str, place: Place, access: AccessLine) -> Leg {
        let (host_name, host_place, host_access) = &self.hosts[host.index()];
        Leg {
            path: self.path(PathClass::Public, (host_name, *host_place), (name, place)),
            accesses: [*host_access, access],
        }
    }

    /// The leg between two metros over the private backbone.
    pub fn metro_metro(&mut self, a: MetroId, b: MetroId) -> Leg {
        let (a, b) = (a.min(b), a.max(b));
        if let Some(leg) = self.metro_metro.get(&(a, b)) {
            return *leg;
        }
        let base = match self.measured(LinkEnd::Metro(a), LinkEnd::Metro(b)) {
            Some(round_trip) => Leg::constant(round_trip),
            None => {
                let (from, to) = (&Atlas::shipped()[a], &Atlas::shipped()[b]);
                let path = self.path(
                    PathClass::Private,
                    (&from.code, from.place),
                    (&to.code, to.place),
                );
                Leg {
                    path,
                    ..Leg::constant(Span::ZERO)
                }
            }
        };
        let added = self.backbone_pair(a, b).added_round_trip;
        let leg = Leg {
            accesses: [AccessLine::constant(added), base.accesses[1]],
            ..base
        };
        self.metro_metro.insert((a, b), leg);
        leg
    }

    /// The state of the backbone between two metros.
    pub fn backbone_pair(&self, a: MetroId, b: MetroId) -> BackbonePair {
        let pair = (a.min(b), a.max(b));
        self.backbone.get(&pair).copied().unwrap_or_default()
    }

    /// Changes the state of the backbone between two metros.
    pub fn set_backbone_pair(&mut self, a: MetroId, b: MetroId, state: BackbonePair) {
        let pair = (a.min(b), a.max(b));
        self.backbone.insert(pair, state);
        self.metro_metro.remove(&pair);
    }

    /// Simplification: faults of the backbone cut or slow one pair of metros; there is no detour over a third.
    fn path(&self, class: PathClass, a: (&str, Place), b: (&str, Place)) -> Path {
        let path = self.paths.between(class, a, b);
        debug_assert!(path.round_trip() >= light_round_trip(a.1.distance_m(b.1)));
        if self.jitter {
            path
        } else {
            Path::constant(path.round_trip())
        }
    }
}

/// The coordinates of a site.
pub fn place_of(site: Site) -> Place {
    match site {
        Site::City(city) => Atlas::shipped()[city].place,
        Site::Point(place) => place,
    }
}

fn ordered(a: LinkEnd, b: LinkEnd) -> (LinkEnd, LinkEnd) {
    (a.min(b), a.max(b))
}
