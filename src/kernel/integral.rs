//! A level that changes in steps, and its exact integral over time.

use super::time::Time;

/// A level (busy workers, open requests, up or down as 1 or 0) with its integral in level-nanoseconds up to a
/// horizon; what happens later changes the level but not the integral.
///
/// ```
/// use tunnelsim::kernel::integral::TimeWeighted;
/// use tunnelsim::kernel::time::Time;
/// let mut open = TimeWeighted::new(0, Time::from_nanos(100));
/// open.set(Time::from_nanos(10), 2);
/// open.set(Time::from_nanos(15), 0);
/// open.set(Time::from_nanos(90), 1);
/// assert_eq!(open.area(Time::from_nanos(500)), 20);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TimeWeighted {
    level: u64,
    since: Time,
    horizon: Time,
    area: u128,
}

impl TimeWeighted {
    /// A level that holds from time zero.
    pub fn new(level: u64, horizon: Time) -> Self {
        TimeWeighted {
            level,
            since: Time::ZERO,
            horizon,
            area: 0,
        }
    }

    /// The level now.
    #[inline]
    pub fn level(&self) -> u64 {
        self.level
    }

    /// Changes the level at a moment.
    ///
    /// # Panics
    /// When the moment lies before the last change.
    #[inline]
    pub fn set(&mut self, now: Time, level: u64) {
        self.area = self.area(now);
        self.since = now.min(self.horizon);
        self.level = level;
    }

    /// The integral up to a moment not before the last change, or up to the horizon if that is earlier.
    #[inline]
    pub fn area(&self, now: Time) -> u128 {
        let elapsed = now.min(self.horizon).since(self.since);
        self.area + u128::from(self.level) * u128::from(elapsed.as_nanos())
    }
}
