//! The figures of each kind of access line.

use super::access::Access;
use super::path::Excess;
use crate::kernel::random::Source;
use crate::kernel::time::Span;
use crate::kernel::variate::Distribution;

/// The law of one kind of access; all of it of a round trip.
pub(super) struct Law {
    pub(super) median: Span,
    sigma_between_hosts: f64,
    pub(super) least: Span,
    pub(super) greatest: Span,
    pub(super) excess: Excess,
}

/// What Wi-Fi adds to a line.
pub(super) const WIFI: Law = law((3_000, 0.6), (1_000, 10_000), (2_000, 1.2));

/// What a home network adds to the fibre of [`Access::Home`].
pub(super) const HOME_NETWORK: Span = Span::from_millis(1);

/// Median and sigma over hosts, their range, median and sigma of a packet's excess; all times in microseconds.
const fn law(hosts: (u64, f64), range: (u64, u64), excess: (u64, f64)) -> Law {
    Law {
        median: Span::from_micros(hosts.0),
        sigma_between_hosts: hosts.1,
        least: Span::from_micros(range.0),
        greatest: Span::from_micros(range.1),
        excess: Excess {
            median: Span::from_micros(excess.0),
            sigma: excess.1,
        },
    }
}

impl Law {
    /// The round trip of one host; the median, and no word taken, if `exact`.
    pub(super) fn of_host(&self, exact: bool, source: &mut impl Source) -> Span {
        if exact {
            return self.median;
        }
        let drawn = Distribution::Lognormal {
            median: self.median,
            sigma: self.sigma_between_hosts,
            cap: Some(self.greatest),
        };
        drawn.sample(source).max(self.least)
    }
}

impl Access {
    /// The law of the kind, none if nothing is added or the kind is still to be drawn.
    pub(super) fn law(self) -> Option<&'static Law> {
        const DATA_CENTRE: Law = law((500, 0.4), (200, 2_000), (100, 0.8));
        const FIBRE: Law = law((4_000, 0.5), (1_000, 10_000), (400, 0.9));
        const CABLE: Law = law((12_000, 0.35), (7_000, 25_000), (2_000, 0.9));
        const VDSL: Law = law((12_000, 0.4), (6_000, 25_000), (1_000, 0.8));
        const ADSL: Law = law((22_000, 0.4), (12_000, 50_000), (2_000, 0.9));
        const LTE: Law = law((40_000, 0.35), (25_000, 80_000), (8_000, 0.9));
        const FIVE_G: Law = law((25_000, 0.4), (10_000, 50_000), (5_000, 0.9));
        const STARLINK: Law = law((30_000, 0.3), (20_000, 60_000), (5_000, 0.8));
        const GEOSTATIONARY: Law = law((620_000, 0.08), (550_000, 750_000), (20_000, 0.8));
        match self {
            Access::None | Access::Mix => None,
            Access::DataCentre => Some(&DATA_CENTRE),
            Access::Fibre | Access::Home => Some(&FIBRE),
            Access::Cable => Some(&CABLE),
            Access::Vdsl => Some(&VDSL),
            Access::Adsl => Some(&ADSL),
            Access::Lte => Some(&LTE),
            Access::FiveG => Some(&FIVE_G),
            Access::Starlink => Some(&STARLINK),
            Access::Geostationary => Some(&GEOSTATIONARY),
        }
    }
}
