//! Client networks: which metro their packets reach, now.

use std::collections::BTreeMap;

use super::blueprint::{Blueprint, ClientSite, LinkEnd, Settings};
use super::geography::{Atlas, MetroId, Path, Place, Vicinity, catchment_ranking};
use super::ids::*;
use super::travel::{Travel, place_of};
use crate::kernel::random::{Keyed, Source};
use crate::kernel::time::{Span, Time};

/// A client network's position among those met so far.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct NetworkIndex(pub u32);

/// One access network in one place, as one group uses it.
#[derive(Debug)]
pub struct Network {
    /// The group whose clients sit in it.
    pub group: GroupId,
    /// A name for its draws.
    pub name: String,
    place: Place,
    ranking: Vec<MetroId>,
    paths: Vec<(MetroId, Path)>,
    /// Where its packets go; none while they reach nobody.
    pub metro: Option<MetroId>,
    /// Until when its packets are lost, after its metro went away.
    pub lost_until: Time,
    /// Where a fault sends its packets.
    pub diverted: Option<MetroId>,
}

/// All client networks met so far.
#[derive(Debug)]
pub struct Networks {
    settings: Settings,
    key: u64,
    list: Vec<Network>,
    by_key: BTreeMap<(GroupId, u32, u16), NetworkIndex>,
}

impl Networks {
    /// None yet, in a world whose chance comes from a key.
    pub fn new(plan: &Blueprint, key: u64) -> Self {
        Networks {
            settings: plan.settings.clone(),
            key,
            list: Vec::new(),
            by_key: BTreeMap::new(),
        }
    }

    /// The network of a new session of a group: `draw` decides on city and network. The flag says it is new.
    pub fn of_session(
        &mut self,
        plan: &Blueprint,
        group: GroupId,
        draw: &mut impl Source,
    ) -> (NetworkIndex, bool) {
        let atlas = Atlas::shipped();
        let (place_key, place, name) = match plan.groups[group].site {
            ClientSite::World => {
                let city = atlas.world_mix_city(draw.unit());
                (u32::from(city.0), atlas[city].place, city_name(city))
            }
            ClientSite::At(site) => {
                let place = place_of(site);
                let name = match site {
                    super::blueprint::Site::City(city) => city_name(city),
                    super::blueprint::Site::Point(p) => format!("{},{}", p.lat_e4, p.lon_e4),
                };
                (u32::MAX, place, name)
            }
        };
        let number = draw.below(u64::from(self.settings.networks_per_city.max(1))) as u16;
        if let Some(known) = self.by_key.get(&(group, place_key, number)) {
            return (*known, false);
        }
        let ranking = match plan.groups[group].entry {
            Some(pinned) => vec![pinned],
            None => catchment_ranking(
                self.settings.catchment,
                self.key,
                &Vicinity::of(place),
                number,
            ),
        };
        let index = NetworkIndex(self.list.len() as u32);
        self.list.push(Network {
            group,
            name: format!("{name}/{number}"),
            place,
            metro: ranking.first().copied(),
            ranking,
            paths: Vec::new(),
            lost_until: Time::ZERO,
            diverted: None,
        });
        self.by_key.insert((group, place_key, number), index);
        (index, true)
    }

    /// A network.
    pub fn get(&self, index: NetworkIndex) -> &Network {
        &self.list[index.0 as usize]
    }

    /// A network, to be changed.
    pub fn get_mut(&mut self, index: NetworkIndex) -> &mut Network {
        &mut self.list[index.0 as usize]
    }

    /// All networks met so far.
    pub fn indices(&self) -> impl Iterator<Item = NetworkIndex> + use<> {
        (0..self.list.len() as u32).map(NetworkIndex)
    }

    /// A number in [0, 1) that says whether a network is among those a partial fault hits.
    pub fn share_draw(&self, index: NetworkIndex) -> f64 {
        let id = crate::kernel::random::stream_id("flip", &self.get(index).name);
        Keyed::new(self.key, id, 0, 0).unit()
    }

    /// The source of a network's convergence after the n-th outage of a metro.
    pub fn convergence(&self, index: NetworkIndex, metro: MetroId, outage: u32) -> Keyed {
        let id = crate::kernel::random::stream_id("convergence", &self.get(index).name);
        Keyed::new(self.key, id, u32::from(metro.0), outage)
    }

    /// The best metro of a network among those that are up.
    pub fn best_metro(
        &self,
        index: NetworkIndex,
        is_up: impl Fn(MetroId) -> bool,
    ) -> Option<MetroId> {
        let network = self.get(index);
        let diverted = network.diverted.into_iter();
        diverted
            .chain(network.ranking.iter().copied())
            .find(|metro| is_up(*metro))
    }

    /// The path from a network to a metro; a measured link of the group stands for the whole way of its clients,
    /// last mile included, which the flag says.
    pub fn path(&mut self, index: NetworkIndex, metro: MetroId, travel: &Travel) -> (Path, bool) {
        let network = &mut self.list[index.0 as usize];
        let ends = (LinkEnd::Group(network.group), LinkEnd::Metro(metro));
        if let Some(round_trip) = travel.measured(ends.0, ends.1) {
            return (Path::constant(round_trip), true);
        }
        if let Some((_, path)) = network.paths.iter().find(|(m, _)| *m == metro) {
            return (*path, false);
        }
        let path = travel.public_path(&network.name, network.place, metro);
        network.paths.push((metro, path));
        (path, false)
    }
}

fn city_name(city: super::geography::CityId) -> String {
    let city = &Atlas::shipped()[city];
    format!("{}, {}", city.name, city.country)
}

/// How long a network whose metro came back goes on avoiding it.
///
/// Simplification: a network returns to a metro that came back after a constant time (the median of the announcements' spread), which is
/// not drawn per network.
pub const RETURN_DELAY: Span = Span::from_secs(2);
