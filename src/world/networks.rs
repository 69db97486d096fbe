//! Client networks: which metro their packets reach, now.

use super::blueprint::{Blueprint, ClientSite, LinkEnd, Settings, Site};
use super::geography::{Atlas, MetroId, Path, Place, Vicinity, catchment_ranking};
use super::ids::*;
use super::travel::{Travel, place_of};
use crate::kernel::directory::Directory;
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
    /// The paths asked for so far, with whether they are whole ways.
    paths: Vec<(MetroId, Path, bool)>,
    /// Where its packets go; none while they reach nobody.
    pub metro: Option<MetroId>,
    /// Since when its packets were lost the last time, because its metro had gone away.
    pub lost_since: Time,
    /// Until when they are, unless it hears of a better metro before.
    pub lost_until: Time,
    /// Whether somebody waits in it until there is a metro to go to.
    pub is_awaited: bool,
    /// Where a fault sends its packets.
    pub diverted: Option<MetroId>,
}

/// All client networks met so far.
#[derive(Debug)]
pub struct Networks {
    settings: Settings,
    key: u64,
    list: Vec<Network>,
    /// By group, city and number.
    by_key: Directory<NetworkIndex>,
}

impl Networks {
    /// None yet, in a world whose chance comes from a key.
    pub fn new(plan: &Blueprint, key: u64) -> Self {
        Networks {
            settings: plan.settings.clone(),
            key,
            list: Vec::new(),
            by_key: Directory::default(),
        }
    }

    /// The network of a new session of a group: `draw` decides on city and network. The flag says it is new.
    pub fn of_session(
        &mut self,
        plan: &Blueprint,
        group: GroupId,
        draw: &mut impl Source,
    ) -> (NetworkIndex, bool) {
        let (place_key, site) = match plan.groups[group].site {
            ClientSite::World => {
                let city = Atlas::shipped().world_mix_city(draw.unit());
                (u32::from(city.0), Site::City(city))
            }
            ClientSite::At(site) => (u32::MAX, site),
        };
        let number = draw.below(u64::from(self.settings.networks_per_city.max(1))) as u16;
        let key = u64::from(group.0) << 48 | u64::from(place_key) << 16 | u64::from(number);
        if let Some(known) = self.by_key.get(key) {
            return (*known, false);
        }
        let place = place_of(site);
        let name = match site {
            Site::City(city) => city_name(city),
            Site::Point(p) => format!("{},{}", p.lat_e4, p.lon_e4),
        };
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
            lost_since: Time::ZERO,
            lost_until: Time::ZERO,
            is_awaited: false,
            diverted: None,
        });
        self.by_key.get_or_insert_with(key, || index);
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
    #[inline]
    pub fn path(&mut self, index: NetworkIndex, metro: MetroId, travel: &Travel) -> (&Path, bool) {
        let network = &mut self.list[index.0 as usize];
        let known = network.paths.iter().position(|(to, ..)| *to == metro);
        let place = known.unwrap_or_else(|| network.learn_path(metro, travel));
        let (_, path, is_whole) = &network.paths[place];
        (path, *is_whole)
    }
}

impl Network {
    /// Notes the path to a metro, and says where it stands among those known.
    #[cold]
    fn learn_path(&mut self, metro: MetroId, travel: &Travel) -> usize {
        let measured = travel.measured(LinkEnd::Group(self.group), LinkEnd::Metro(metro));
        let path = measured.map(Path::constant);
        let made = path.unwrap_or_else(|| travel.public_path(&self.name, self.place, metro));
        self.paths.push((metro, made, path.is_some()));
        self.paths.len() - 1
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
