//! Where a connector's connections land.
//!
//! A connector dials two groups of addresses, two connections each. Each group is anycast on its own, and the two
//! land in different data centres, which are often in one metro: then one metro's failure takes them all.

use super::atlas::Atlas;
use super::metro::{DataCentre, EdgeServer, MetroId, SERVERS_PER_DATA_CENTRE};
use super::vicinity::Vicinity;
use crate::kernel::random::Source;
use crate::kernel::variate::Distribution;

/// How much the routes of a connector's network scatter between metros: sigma of a factor on the round trip.
const SIGMA: f64 = 0.15;

/// One of the two groups of addresses a connector dials (the vendor's `region1` and `region2`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AddressGroup {
    /// Served by the data centres with odd numbers (assumed).
    First,
    /// Served by the data centres with even numbers (assumed).
    Second,
}

impl AddressGroup {
    /// Both groups.
    pub const ALL: [AddressGroup; 2] = [AddressGroup::First, AddressGroup::Second];

    /// 0 or 1, to index an array by.
    pub fn index(self) -> usize {
        self as usize
    }

    /// The numbers of the metro's data centres that serve the group.
    fn numbers(self, n_data_centres: u8) -> impl Iterator<Item = u8> {
        (1 + self as u8..=n_data_centres).step_by(2)
    }
}

/// Which metros the two address groups reach from one host, the first that is up first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectorCatchment {
    rankings: [Vec<MetroId>; 2],
}

impl ConnectorCatchment {
    /// The catchment of a host that sees this vicinity.
    ///
    /// The first group reaches the metro with the shortest round trip, each varied by a lognormal factor of sigma
    /// 0.15 unless `exact`. The second stays in that metro with
    /// [`same_metro_probability`](super::Metro::same_metro_probability), also when `exact`; else it reaches the
    /// next best. Takes as many words as the vicinity varies metros, and one more.
    pub fn drawn(exact: bool, vicinity: &Vicinity, source: &mut impl Source) -> ConnectorCatchment {
        let sigma = if exact { 0.0 } else { SIGMA };
        let first = vicinity.varied(|median, _| {
            Distribution::Lognormal {
                median,
                sigma,
                cap: None,
            }
            .sample(source)
        });
        let mut second = first.clone();
        if !source.chance(Atlas::shipped()[first[0]].same_metro_probability()) {
            second.swap(0, 1);
        }
        ConnectorCatchment {
            rankings: [first, second],
        }
    }

    /// The catchment of a host whose groups reach the given metros first, and then the nearest.
    pub fn pinned(metros: [MetroId; 2], vicinity: &Vicinity) -> ConnectorCatchment {
        let rankings = metros.map(|pinned| {
            let others = vicinity.ids().filter(|&metro| metro != pinned);
            std::iter::once(pinned).chain(others).collect()
        });
        ConnectorCatchment { rankings }
    }

    /// The metros an address group reaches, in order of preference.
    pub fn ranking(&self, group: AddressGroup) -> &[MetroId] {
        &self.rankings[group.index()]
    }

    /// The data centre an address group reaches now: any of the group's in the best metro that has one up.
    ///
    /// None if `is_up` refuses every data centre of the group. Takes one word.
    pub fn data_centre(
        &self,
        group: AddressGroup,
        is_up: impl Fn(DataCentre) -> bool,
        source: &mut impl Source,
    ) -> Option<DataCentre> {
        let up = |metro: MetroId| -> Vec<DataCentre> {
            let numbers = group.numbers(Atlas::shipped()[metro].n_data_centres);
            numbers
                .map(|number| DataCentre { metro, number })
                .filter(|&data_centre| is_up(data_centre))
                .collect()
        };
        let choices = self
            .ranking(group)
            .iter()
            .map(|&metro| up(metro))
            .find(|choices| !choices.is_empty())?;
        Some(choices[source.below(choices.len() as u64) as usize])
    }

    /// The data centres of both groups when everything is up. Takes two words.
    pub fn data_centres(&self, source: &mut impl Source) -> [DataCentre; 2] {
        AddressGroup::ALL.map(|group| {
            self.data_centre(group, |_| true, source)
                .expect("every metro has a data centre for each group")
        })
    }
}

/// A server of the data centre that is not `taken`, all equally likely; none if all are. Takes one word.
pub fn free_server(
    data_centre: DataCentre,
    taken: &[EdgeServer],
    source: &mut impl Source,
) -> Option<EdgeServer> {
    let free: Vec<EdgeServer> = (1..=SERVERS_PER_DATA_CENTRE)
        .map(|number| EdgeServer {
            data_centre,
            number,
        })
        .filter(|server| !taken.contains(server))
        .collect();
    (!free.is_empty()).then(|| free[source.below(free.len() as u64) as usize])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::random::Keyed;

    fn vicinity(city: &str) -> Vicinity {
        let atlas = Atlas::shipped();
        Vicinity::of(atlas[atlas.find_city(city).unwrap()].place)
    }

    fn metro(code: &str) -> MetroId {
        Atlas::shipped().metro(code).unwrap()
    }

    fn source(index: u64) -> Keyed {
        Keyed::new(3, index, 0, 0)
    }

    #[test]
    fn an_exact_host_in_frankfurt_has_its_first_group_there() {
        let frankfurt = vicinity("Frankfurt");
        for index in 0..50 {
            let mut source = source(index);
            let catchment = ConnectorCatchment::drawn(true, &frankfurt, &mut source);
            let [first, second] = catchment.data_centres(&mut source);
            assert_eq!(first.metro, metro("FRA"));
            assert_eq!((first.number % 2, second.number % 2), (1, 0));
        }
    }

    #[test]
    fn the_second_group_stays_in_three_quarters_of_big_and_a_seventh_of_small_metros() {
        for (city, probability) in [("Frankfurt", 0.75), ("Querétaro", 0.15)] {
            let n = 2_000;
            let vicinity = vicinity(city);
            let stays = (0..n)
                .filter(|&index| {
                    let [first, second] =
                        ConnectorCatchment::drawn(true, &vicinity, &mut source(index)).rankings;
                    first[0] == second[0]
                })
                .count();
            let share = stays as f64 / n as f64;
            assert!((share - probability).abs() < 0.04, "{city}: {share}");
        }
    }

    #[test]
    fn drawn_hosts_mostly_but_not_always_reach_the_nearest_metro() {
        let n = 500_usize;
        let vicinity = vicinity("Querétaro");
        let near = (0..n as u64)
            .filter(|&index| {
                let catchment = ConnectorCatchment::drawn(false, &vicinity, &mut source(index));
                catchment.ranking(AddressGroup::First)[0] == metro("QRO")
            })
            .count();
        assert!((n / 2..n + 1).contains(&near), "{near}");
    }

    #[test]
    fn a_pinned_host_lands_where_it_is_told_and_then_nearby() {
        let catchment =
            ConnectorCatchment::pinned([metro("QRO"), metro("DFW")], &vicinity("Querétaro"));
        let [first, second] = catchment.data_centres(&mut source(0));
        assert_eq!((first.metro, second.metro), (metro("QRO"), metro("DFW")));
        assert_eq!(catchment.ranking(AddressGroup::Second)[1], metro("QRO"));
        assert_eq!(
            catchment.ranking(AddressGroup::First).len(),
            Atlas::shipped().metros().len()
        );
    }

    #[test]
    fn a_redial_avoids_what_is_down_and_prefers_the_same_metro() {
        let catchment = ConnectorCatchment::pinned([metro("FRA"); 2], &vicinity("Frankfurt"));
        let down = DataCentre {
            metro: metro("FRA"),
            number: 1,
        };
        for index in 0..50 {
            let found = catchment
                .data_centre(AddressGroup::First, |it| it != down, &mut source(index))
                .unwrap();
            assert!(found.metro == metro("FRA") && found != down, "{found}");
            let found = catchment
                .data_centre(
                    AddressGroup::First,
                    |it| it.metro != metro("FRA"),
                    &mut source(index),
                )
                .unwrap();
            assert_eq!(found.metro, catchment.ranking(AddressGroup::First)[1]);
        }
        assert_eq!(
            catchment.data_centre(AddressGroup::First, |_| false, &mut source(0)),
            None
        );
    }

    #[test]
    fn servers_already_used_are_not_drawn_again() {
        let data_centre = DataCentre {
            metro: metro("FRA"),
            number: 1,
        };
        let mut taken = Vec::new();
        while let Some(server) = free_server(data_centre, &taken, &mut source(taken.len() as u64)) {
            assert!(!taken.contains(&server));
            taken.push(server);
        }
        assert_eq!(taken.len(), usize::from(SERVERS_PER_DATA_CENTRE));
    }
}
