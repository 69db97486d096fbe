//! Before, during or after a fault.

use serde::Serialize;

use crate::kernel::time::Time;

/// When a request or session was born, relative to the faults of the run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Before the first strike of any fault; a run without faults knows nothing else.
    #[default]
    Before,
    /// While what some fault broke was not yet recovered.
    During,
    /// After a strike, with everything recovered.
    After,
}

impl Phase {
    /// Every phase, in order of time.
    pub const ALL: [Phase; 3] = [Phase::Before, Phase::During, Phase::After];

    /// The name used in files.
    pub fn name(self) -> &'static str {
        match self {
            Phase::Before => "before",
            Phase::During => "during",
            Phase::After => "after",
        }
    }
}

/// Remembers when the phase changed, because a request is recorded at its end and counts by its birth.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PhaseClock {
    /// The moments of change with the phase from then on, in order of time.
    turns: Vec<(Time, Phase)>,
}

impl PhaseClock {
    /// Notes the phase from a moment on; moments never decrease.
    pub fn turn(&mut self, at: Time, phase: Phase) {
        if self.now() != phase {
            self.turns.push((at, phase));
        }
    }

    /// The phase since the last turn.
    pub fn now(&self) -> Phase {
        self.turns.last().map_or(Phase::Before, |&(_, phase)| phase)
    }

    /// The phase at a moment, which a turn of the same moment already changed.
    #[inline]
    pub fn at(&self, moment: Time) -> Phase {
        match self.turns.last() {
            None => Phase::Before,
            Some(&(turned, phase)) if turned <= moment => phase,
            Some(_) => self.look_up(moment),
        }
    }

    fn look_up(&self, moment: Time) -> Phase {
        let later = self.turns.partition_point(|&(turned, _)| turned <= moment);
        later
            .checked_sub(1)
            .map_or(Phase::Before, |index| self.turns[index].1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_birth_at_the_moment_of_the_strike_is_during_the_fault() {
        let mut clock = PhaseClock::default();
        clock.turn(Time::from_nanos(10), Phase::During);
        clock.turn(Time::from_nanos(20), Phase::After);
        clock.turn(Time::from_nanos(30), Phase::During);
        let at = |nanos| clock.at(Time::from_nanos(nanos));
        assert_eq!([0, 9].map(at), [Phase::Before; 2]);
        assert_eq!([10, 19, 30, 99].map(at), [Phase::During; 4]);
        assert_eq!([20, 29].map(at), [Phase::After; 2]);
    }
}
