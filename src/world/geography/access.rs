//! The last mile: what lies between a host or a client and its provider's network.

use super::access_law::{HOME_NETWORK, WIFI};
use crate::kernel::random::Source;
use crate::kernel::time::Span;

/// How a host or a client is connected; its round trip is added to that of the public path.
///
/// Sources: reports of the FCC, Ookla and SamKnows, Bajpai 2017; medians over hosts, rounded.
/// Simplification: a last mile is never busy with other traffic, and Starlink's step every 15 s is left out.
/// Simplification: no packet is lost on the last mile; the measured shares lie between 1 in 100,000 and 1 in 200.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// Nothing is added.
    None,
    /// In a data centre, as a virtual server is: 0.5 ms.
    DataCentre,
    /// Fibre to the home: 4 ms.
    Fibre,
    /// Television cable (DOCSIS): 12 ms.
    Cable,
    /// VDSL: 12 ms.
    Vdsl,
    /// ADSL: 22 ms.
    Adsl,
    /// 4G: 40 ms.
    Lte,
    /// 5G beside 4G (non-standalone): 25 ms.
    FiveG,
    /// Satellites in low orbit: 30 ms.
    Starlink,
    /// A geostationary satellite: 620 ms.
    Geostationary,
    /// A server at home: fibre and 1 ms of home network.
    Home,
    /// What clients have: 35 % fibre, 25 % cable, 10 % VDSL, 3 % ADSL, 12 % LTE, 13 % 5G, 2 % Starlink, and half of
    /// those on a cable of some kind behind Wi-Fi (assumed).
    Mix,
}

/// The default mix of clients in percent.
const MIX: [(Access, u64); 7] = [
    (Access::Fibre, 35),
    (Access::Cable, 25),
    (Access::Vdsl, 10),
    (Access::Adsl, 3),
    (Access::Lte, 12),
    (Access::FiveG, 13),
    (Access::Starlink, 2),
];

impl Access {
    /// Every kind, in the order of the reference table.
    pub const ALL: [Access; 12] = [
        Access::None,
        Access::DataCentre,
        Access::Fibre,
        Access::Cable,
        Access::Vdsl,
        Access::Adsl,
        Access::Lte,
        Access::FiveG,
        Access::Starlink,
        Access::Geostationary,
        Access::Home,
        Access::Mix,
    ];

    /// The name in scenario files, for example `5g`.
    pub fn name(self) -> &'static str {
        match self {
            Access::None => "none",
            Access::DataCentre => "datacentre",
            Access::Fibre => "fibre",
            Access::Cable => "cable",
            Access::Vdsl => "vdsl",
            Access::Adsl => "adsl",
            Access::Lte => "lte",
            Access::FiveG => "5g",
            Access::Starlink => "starlink",
            Access::Geostationary => "geostationary",
            Access::Home => "home",
            Access::Mix => "mix",
        }
    }

    /// The kind of this name, if there is one.
    pub fn from_name(name: &str) -> Option<Access> {
        Self::ALL.into_iter().find(|access| access.name() == name)
    }

    /// The line of one host or client.
    ///
    /// `exact` gives the median and no jitter; otherwise the host's own round trip is drawn, within the range seen
    /// in practice. [`Access::Mix`] draws the kind in either case, and whether Wi-Fi is on top of it. The number of
    /// words taken depends on the kind, so give each line a source of its own.
    pub fn line(self, wifi: bool, exact: bool, source: &mut impl Source) -> AccessLine {
        let (access, wifi) = if self == Access::Mix {
            drawn_from_mix(source, wifi)
        } else {
            (self, wifi)
        };
        let laws = [access.law(), wifi.then_some(&WIFI)];
        let mut round_trip = if access == Access::Home {
            HOME_NETWORK
        } else {
            Span::ZERO
        };
        for law in laws.into_iter().flatten() {
            round_trip += law.of_host(exact, source);
        }
        AccessLine {
            round_trip,
            jitters: Some(access).filter(|access| !exact && access.law().is_some()),
            wifi_jitters: wifi && !exact,
        }
    }

    /// Whether the line ends at a socket in a home, where Wi-Fi may follow.
    fn is_fixed(self) -> bool {
        matches!(
            self,
            Access::Fibre | Access::Cable | Access::Vdsl | Access::Adsl
        )
    }
}

/// The kind of one client of the mix, and whether it is behind Wi-Fi: half of the fixed lines, or all if `wifi`.
fn drawn_from_mix(source: &mut impl Source, wifi: bool) -> (Access, bool) {
    let mut position = source.below(MIX.iter().map(|(_, share)| share).sum());
    let mut kinds = MIX.into_iter();
    let access = loop {
        let (access, share) = kinds
            .next()
            .expect("the position is below the sum of the shares");
        match position.checked_sub(share) {
            Some(rest) => position = rest,
            None => break access,
        }
    };
    let behind_wifi = source.chance(0.5);
    (access, access.is_fixed() && (wifi || behind_wifi))
}

/// The access line of one host or client.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AccessLine {
    round_trip: Span,
    /// The kind whose excess each packet meets; none on a line without jitter.
    jitters: Option<Access>,
    /// Whether Wi-Fi has one too.
    wifi_jitters: bool,
}

impl AccessLine {
    /// A line that always takes the same time.
    pub fn constant(round_trip: Span) -> AccessLine {
        AccessLine {
            round_trip,
            jitters: None,
            wifi_jitters: false,
        }
    }

    /// What the line adds to a round trip, without jitter.
    pub fn round_trip(&self) -> Span {
        self.round_trip
    }

    /// What the line adds to every packet's way, if there is no jitter.
    #[inline]
    pub fn steady(&self) -> Option<Span> {
        let varies = self.jitters.is_some() || self.wifi_jitters;
        (!varies).then(|| self.round_trip.half())
    }

    /// What the line adds to one packet's way: half the round trip, and half an excess of the line and of the
    /// Wi-Fi. Takes one word for each of the two that there is.
    #[inline]
    pub fn one_way(&self, source: &mut impl Source) -> Span {
        let line = self.jitters.and_then(Access::law);
        let laws = [line, self.wifi_jitters.then_some(&WIFI)];
        let excesses = laws.into_iter().flatten().map(|law| &law.excess);
        excesses.fold(self.round_trip.half(), |sum, excess| {
            sum + excess.one_way(source)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::random::Keyed;

    fn source(index: u64) -> Keyed {
        Keyed::new(1, index, 0, 0)
    }

    #[test]
    fn exact_lines_have_the_median_and_no_jitter() {
        let round_trip = |access: Access, wifi| {
            access
                .line(wifi, true, &mut source(0))
                .round_trip()
                .as_millis_f64()
        };
        assert_eq!(round_trip(Access::None, false), 0.0);
        assert_eq!(round_trip(Access::DataCentre, false), 0.5);
        assert_eq!(round_trip(Access::Home, false), 5.0);
        assert_eq!(round_trip(Access::Adsl, true), 25.0);
        let line = Access::Lte.line(false, true, &mut source(0));
        assert_eq!(line.one_way(&mut source(1)), Span::from_millis(20));
    }

    #[test]
    fn drawn_lines_stay_in_range_and_have_the_median() {
        for access in Access::ALL {
            let Some(law) = access.law() else { continue };
            let mut lines: Vec<Span> = (0..4_001)
                .map(|i| access.line(false, false, &mut source(i)).round_trip())
                .collect();
            lines.sort_unstable();
            let home = if access == Access::Home {
                HOME_NETWORK
            } else {
                Span::ZERO
            };
            let ratio = lines[2_000].as_millis_f64() / (law.median + home).as_millis_f64();
            assert!((ratio - 1.0).abs() < 0.04, "{access:?}: {ratio}");
            assert!(
                lines[0] >= law.least + home && lines[4_000] <= law.greatest + home,
                "{access:?}"
            );
        }
    }

    #[test]
    fn the_mix_has_its_shares() {
        let n = 100_000;
        let drawn: Vec<(Access, bool)> = (0..n)
            .map(|i| drawn_from_mix(&mut source(i), false))
            .collect();
        for (kind, percent) in MIX {
            let share =
                drawn.iter().filter(|(access, _)| *access == kind).count() as f64 / n as f64;
            assert!(
                (share * 100.0 - percent as f64).abs() < 0.5,
                "{kind:?}: {share}"
            );
        }
        let behind_wifi = drawn.iter().filter(|(_, wifi)| *wifi).count() as f64 / n as f64;
        assert!((behind_wifi - 0.73 / 2.0).abs() < 0.005, "{behind_wifi}");
    }

    #[test]
    fn a_packet_takes_at_least_half_the_lines_round_trip() {
        let line = Access::Mix.line(true, false, &mut source(3));
        assert!((0..1_000).all(|i| line.one_way(&mut source(i)) > line.round_trip().half()));
    }

    #[test]
    fn names_are_read_back() {
        for access in Access::ALL {
            assert_eq!(Access::from_name(access.name()), Some(access));
        }
        assert_eq!(Access::from_name("carrier-pigeon"), None);
    }
}
