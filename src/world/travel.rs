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
    /// What every packet takes one way, if nothing of the leg jitters.
    steady: Option<Span>,
}

impl Leg {
    fn new(path: Path, accesses: [AccessLine; 2]) -> Leg {
        let [a, b] = accesses.map(|access| access.steady());
        let steady = path.steady().zip(a).zip(b);
        Leg {
            path,
            accesses,
            steady: steady.map(|((path, a), b)| path + a + b),
        }
    }

    fn constant(round_trip: Span) -> Leg {
        let nothing = AccessLine::constant(Span::ZERO);
        Leg::new(Path::constant(round_trip), [nothing; 2])
    }

    /// The round trip without jitter.
    pub fn round_trip(&self) -> Span {
        self.accesses
            .iter()
            .fold(self.path.round_trip(), |sum, access| {
                sum + access.round_trip()
            })
    }

    /// What every packet takes one way, if nothing of the leg jitters.
    #[inline]
    pub fn steady(&self) -> Option<Span> {
        self.steady
    }

    /// The travel time of one packet; `source` is only asked for if something jitters.
    #[inline]
    pub fn one_way_from<S: Source>(&self, source: impl FnOnce() -> S) -> Span {
        self.steady.unwrap_or_else(|| self.one_way(&mut source()))
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

/// The legs of one kind, or something else between two ends, found by the positions of these.
#[derive(Debug)]
struct Legs<T = Leg> {
    /// By the one end, then the other: one more than the position in `made`, 0 for none. Rows are as long as needed.
    places: Vec<Vec<u32>>,
    made: Vec<T>,
}

impl<T> Default for Legs<T> {
    fn default() -> Self {
        Legs {
            places: Vec::new(),
            made: Vec::new(),
        }
    }
}

impl<T> Legs<T> {
    /// Where a leg stands in `made`.
    #[inline]
    fn find(&self, from: usize, to: usize) -> Option<usize> {
        (*self.places.get(from)?.get(to)? as usize).checked_sub(1)
    }

    /// Enters a new leg, and says where it stands.
    fn insert(&mut self, from: usize, to: usize, leg: T) -> usize {
        if self.places.len() <= from {
            self.places.resize_with(from + 1, Vec::new);
        }
        let row = &mut self.places[from];
        if row.len() <= to {
            row.resize(to + 1, 0);
        }
        self.made.push(leg);
        row[to] = self.made.len() as u32;
        self.made.len() - 1
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
    host_metro: Legs,
    host_host: Legs,
    metro_metro: Legs,
    /// Distances on the globe between metros in metres: a ranking of hundreds of connections asks for each again.
    distances_m: Legs<u64>,
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
            host_metro: Legs::default(),
            host_host: Legs::default(),
            metro_metro: Legs::default(),
            distances_m: Legs::default(),
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
    #[inline]
    pub fn host_metro(&mut self, host: HostId, metro: MetroId) -> &Leg {
        let known = self.host_metro.find(host.index(), usize::from(metro.0));
        let place = known.unwrap_or_else(|| self.make_host_metro(host, metro));
        &self.host_metro.made[place]
    }

    #[cold]
    fn make_host_metro(&mut self, host: HostId, metro: MetroId) -> usize {
        let leg = match self.measured(LinkEnd::Host(host), LinkEnd::Metro(metro)) {
            Some(round_trip) => Leg::constant(round_trip),
            None => {
                let (name, place, access) = &self.hosts[host.index()];
                let path = self.public_path(name, *place, metro);
                Leg::new(path, [*access, AccessLine::constant(Span::ZERO)])
            }
        };
        self.host_metro
            .insert(host.index(), usize::from(metro.0), leg)
    }

    /// The leg between two hosts: nothing within one host, else a public path and both last miles.
    #[inline]
    pub fn host_host(&mut self, a: HostId, b: HostId) -> &Leg {
        let (a, b) = (a.min(b), a.max(b));
        let known = self.host_host.find(a.index(), b.index());
        let place = known.unwrap_or_else(|| self.make_host_host(a, b));
        &self.host_host.made[place]
    }

    #[cold]
    fn make_host_host(&mut self, a: HostId, b: HostId) -> usize {
        let leg = match self.measured(LinkEnd::Host(a), LinkEnd::Host(b)) {
            _ if a == b => Leg::constant(Span::ZERO),
            Some(round_trip) => Leg::constant(round_trip),
            None => {
                let (from, to) = (&self.hosts[a.index()], &self.hosts[b.index()]);
                let path = self.path(PathClass::Public, (&from.0, from.1), (&to.0, to.1));
                Leg::new(path, [from.2, to.2])
            }
        };
        self.host_host.insert(a.index(), b.index(), leg)
    }

    /// The leg between a host and a named place of its own with its own last mile.
    pub fn host_place(&self, host: HostId, name: &str, place: Place, access: AccessLine) -> Leg {
        let (host_name, host_place, host_access) = &self.hosts[host.index()];
        let path = self.path(PathClass::Public, (host_name, *host_place), (name, place));
        Leg::new(path, [*host_access, access])
    }

    /// The leg between two metros over the private backbone.
    #[inline]
    pub fn metro_metro(&mut self, a: MetroId, b: MetroId) -> &Leg {
        let (a, b) = (a.min(b), a.max(b));
        let known = self.metro_metro.find(usize::from(a.0), usize::from(b.0));
        let place = known.unwrap_or_else(|| self.make_metro_metro(a, b));
        &self.metro_metro.made[place]
    }

    #[cold]
    fn make_metro_metro(&mut self, a: MetroId, b: MetroId) -> usize {
        let leg = self.backbone_leg(a, b);
        self.metro_metro
            .insert(usize::from(a.0), usize::from(b.0), leg)
    }

    fn backbone_leg(&self, a: MetroId, b: MetroId) -> Leg {
        let path = match self.measured(LinkEnd::Metro(a), LinkEnd::Metro(b)) {
            Some(round_trip) => Path::constant(round_trip),
            None => {
                let (from, to) = (&Atlas::shipped()[a], &Atlas::shipped()[b]);
                let ends = ((&*from.code, from.place), (&*to.code, to.place));
                self.path(PathClass::Private, ends.0, ends.1)
            }
        };
        let added = self.backbone_pair(a, b).added_round_trip;
        let lines = [added, Span::ZERO].map(AccessLine::constant);
        Leg::new(path, lines)
    }

    /// How far apart two metros are on the globe, in metres.
    pub fn distance_m(&mut self, a: MetroId, b: MetroId) -> u64 {
        let (from, to) = (usize::from(a.0), usize::from(b.0));
        let known = self.distances_m.find(from, to);
        let place = known.unwrap_or_else(|| {
            let atlas = Atlas::shipped();
            let distance_m = atlas[a].place.distance_m(atlas[b].place);
            self.distances_m.insert(from, to, distance_m)
        });
        self.distances_m.made[place]
    }

    /// The state of the backbone between two metros.
    pub fn backbone_pair(&self, a: MetroId, b: MetroId) -> BackbonePair {
        let pair = (a.min(b), a.max(b));
        self.backbone.get(&pair).copied().unwrap_or_default()
    }

    /// Changes the state of the backbone between two metros.
    pub fn set_backbone_pair(&mut self, a: MetroId, b: MetroId, state: BackbonePair) {
        let (a, b) = (a.min(b), a.max(b));
        self.backbone.insert((a, b), state);
        if let Some(place) = self.metro_metro.find(usize::from(a.0), usize::from(b.0)) {
            self.metro_metro.made[place] = self.backbone_leg(a, b);
        }
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
