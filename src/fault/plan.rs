//! A fault as the simulation sees it: when, and what it does.

use super::Effect;
use crate::kernel::time::Span;
use crate::kernel::variate::Distribution;

/// When a fault strikes.
#[derive(Clone, Debug, PartialEq)]
pub enum Occurrence {
    /// At a given moment, and again after every period if there is one.
    Scheduled {
        /// The first strike.
        at: Span,
        /// The time between strikes; none: it strikes once.
        every: Option<Span>,
    },
    /// At random: an alternating renewal process.
    Random {
        /// From clear to the next strike.
        time_to_failure: Distribution,
    },
}

/// How long a fault lasts.
#[derive(Clone, Debug, PartialEq)]
pub enum Duration {
    /// It has no end of its own: what it broke is repaired by other means, or never.
    Unlimited,
    /// It clears after this time.
    Lasts(Distribution),
}

/// One fault of a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct FaultPlan {
    /// Its name, unique in the scenario: random times come from the stream of this name.
    pub name: String,
    /// Its kind, as registered.
    pub kind: &'static str,
    /// What it hits, in words, for the report.
    pub target: String,
    /// When it strikes.
    pub occurrence: Occurrence,
    /// How long it lasts.
    pub duration: Duration,
    /// What it does when it strikes.
    pub strike: Vec<Effect>,
    /// What it does when it clears.
    pub clear: Vec<Effect>,
}

impl FaultPlan {
    /// How much there is of it: its effects, with the rules and containers that some of them carry.
    pub fn size(&self) -> usize {
        let of = |effect: &Effect| match effect {
            Effect::ConfigPush(_, rules) => 1 + rules.len(),
            Effect::Deploy(containers) => 1 + containers.len(),
            _ => 1,
        };
        self.strike.iter().chain(&self.clear).map(of).sum()
    }
}
