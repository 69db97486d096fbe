//! From values to places, and where to put the ticks.

use crate::kernel::math::ln;
use crate::kernel::time::{Span, Time};
use crate::measure::metric::digits;
use crate::report::wording::{clock, grouped};

/// Places along one direction of a picture. The same bits everywhere: only + - * / and our own logarithm.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Axis {
    low: f64,
    high: f64,
    from: i32,
    to: i32,
    is_logarithmic: bool,
}

impl Axis {
    /// Equal distances for equal differences.
    pub fn linear(low: f64, high: f64, from: i32, to: i32) -> Axis {
        Axis {
            low,
            high,
            from,
            to,
            is_logarithmic: false,
        }
    }

    /// Equal distances for equal ratios. Both ends must be positive.
    pub fn logarithmic(low: f64, high: f64, from: i32, to: i32) -> Axis {
        Axis {
            low,
            high,
            from,
            to,
            is_logarithmic: true,
        }
    }

    /// The place of a value, at most that of an end.
    pub fn at(&self, value: f64) -> i32 {
        let value = value.clamp(self.low, self.high);
        let part = match self.is_logarithmic {
            true => ln(value / self.low) / ln(self.high / self.low),
            false => (value - self.low) / (self.high - self.low),
        };
        self.from
            + (part * f64::from(self.to - self.from) + if self.to > self.from { 0.5 } else { -0.5 })
                as i32
    }

    /// The place of a moment on an axis in nanoseconds.
    pub fn at_time(&self, at: Time) -> i32 {
        self.at(at.as_nanos() as f64)
    }
}

/// Places for things that each wish for one and take some room from it on: as near to the wish as the others let them
/// be, and between two limits if they fit there.
pub fn spread(wishes: &[(i32, i32)], low: i32, high: i32) -> Vec<i32> {
    let mut order: Vec<usize> = (0..wishes.len()).collect();
    order.sort_by_key(|&index| wishes[index].0);
    let mut places = vec![0; wishes.len()];
    let mut next = low;
    for &index in &order {
        places[index] = wishes[index].0.max(next);
        next = places[index] + wishes[index].1;
    }
    // From the high end, push back what stands too far.
    let mut limit = high;
    for &index in order.iter().rev() {
        places[index] = places[index].min(limit - wishes[index].1);
        limit = places[index];
    }
    places
}

/// Round values from zero up to the first one that is no less than the greatest value; about `parts` steps.
pub fn linear_ticks(greatest: f64, parts: u32) -> Vec<f64> {
    let wanted = if greatest > 0.0 {
        greatest / f64::from(parts)
    } else {
        1.0
    };
    let step = round_above(wanted);
    let count = (1..)
        .find(|&n| step * f64::from(n) >= greatest)
        .unwrap_or(1);
    (0..=count).map(|n| step * f64::from(n)).collect()
}

/// The least of 1, 2, 5, 10, … and their tenths that is no less.
fn round_above(wanted: f64) -> f64 {
    let mut power = 1.0;
    while power >= wanted {
        power /= 10.0;
    }
    while power * 10.0 < wanted {
        power *= 10.0;
    }
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|digit| digit * power)
        .find(|&it| it >= wanted)
        .unwrap_or(10.0 * power)
}

/// 1, 2 and 5 of every power of ten that are between two positive values, with one more at each end; if these are
/// too many, only the powers of ten.
pub fn logarithmic_ticks(least: f64, greatest: f64) -> Vec<f64> {
    const MOST: usize = 10;
    let ticks = |digits: &[f64]| {
        let mut power = 1.0;
        while power > least {
            power /= 10.0;
        }
        while power * 10.0 <= least {
            power *= 10.0;
        }
        let mut ticks = Vec::new();
        while ticks.last().is_none_or(|&last| last < greatest) {
            ticks.extend(digits.iter().map(|digit| digit * power));
            power *= 10.0;
        }
        let first = ticks.iter().rposition(|&tick| tick <= least).unwrap_or(0);
        let last = ticks
            .iter()
            .position(|&tick| tick >= greatest)
            .unwrap_or(ticks.len() - 1);
        ticks[first..=last].to_vec()
    };
    let fine = ticks(&[1.0, 2.0, 5.0]);
    if fine.len() <= MOST {
        fine
    } else {
        ticks(&[1.0])
    }
}

/// A time in milliseconds at a tick: `50 ms`, `2 s`.
pub fn millis_text(value: f64) -> String {
    match value {
        1_000.0.. => format!("{} s", digits(value / 1_000.0, 4)),
        _ => format!("{} ms", digits(value, 4)),
    }
}

/// The number at a tick.
pub fn tick_text(value: f64) -> String {
    grouped(&digits(value, 4))
}

/// Steps between moments that people read easily, in seconds.
const TIME_STEPS: [u64; 25] = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200,
    86_400, 172_800, 432_000, 864_000, 2_592_000, 7_776_000, 31_536_000, 63_072_000,
];

/// The least step between round moments that cuts a length into no more than so many pieces.
pub fn time_step(length: Span, most: u64) -> Span {
    let steps = TIME_STEPS.iter().map(|&seconds| Span::from_secs(seconds));
    let fits = |step: &Span| length.as_nanos() / step.as_nanos() < most;
    steps.clone().find(fits).unwrap_or(length)
}

/// Round moments between two others, no more than so many.
pub fn time_ticks(from: Time, until: Time, most: u64) -> Vec<Time> {
    let step = time_step(until.since(from), most).as_nanos();
    let first = from.as_nanos().div_ceil(step);
    let ticks = (first..).map(|n| Time::from_nanos(n * step));
    ticks.take_while(|&at| at <= until).collect()
}

/// The moment at a tick: a clock, or days where a run is long.
pub fn time_text(at: Time, is_long: bool) -> String {
    let days = at.as_nanos() / Span::from_secs(86_400).as_nanos();
    if is_long {
        format!("day {days}")
    } else {
        clock(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_cover_everything() {
        assert_eq!(linear_ticks(11.8, 4), [0.0, 5.0, 10.0, 15.0]);
        assert_eq!(linear_ticks(0.0, 4).len(), 2);
        assert_eq!(linear_ticks(4.0, 4), [0.0, 1.0, 2.0, 3.0, 4.0]);
        assert_eq!(
            logarithmic_ticks(12.0, 170.0),
            [10.0, 20.0, 50.0, 100.0, 200.0]
        );
        assert_eq!(
            logarithmic_ticks(1.0, 5_000.0),
            [1.0, 10.0, 100.0, 1_000.0, 10_000.0]
        );
        let minutes = |n: u64| Time::ZERO + Span::from_secs(60 * n);
        assert_eq!(
            time_ticks(minutes(17), minutes(31), 8),
            [18, 20, 22, 24, 26, 28, 30].map(minutes)
        );
    }

    #[test]
    fn what_wishes_for_a_place_keeps_its_distance_and_stays_inside() {
        assert_eq!(
            spread(&[(100, 34), (101, 34), (300, 34)], 8, 534),
            [100, 134, 300]
        );
        let low = spread(&[(495, 34), (498, 34)], 8, 534);
        assert!(low[1] - low[0] >= 34 && low[1] <= 500, "{low:?}");
    }

    #[test]
    fn places_run_from_end_to_end() {
        let axis = Axis::linear(0.0, 10.0, 100, 300);
        assert_eq!(
            [0.0, 5.0, 10.0, 99.0].map(|it| axis.at(it)),
            [100, 200, 300, 300]
        );
        let upwards = Axis::logarithmic(1.0, 100.0, 500, 100);
        assert_eq!([1.0, 10.0, 100.0].map(|it| upwards.at(it)), [500, 300, 100]);
    }
}
