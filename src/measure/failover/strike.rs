//! One strike of a fault: what it took away, its milestones, and what it cost in each stage.

use serde::Serialize;

use crate::kernel::time::Time;
use crate::measure::observation::{Happening, RequestSeen};
use crate::world::geography::MetroId;
use crate::world::ids::*;

/// What happens in the course of a failover, in the usual order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Milestone {
    /// The fault struck.
    Struck,
    /// The edge closed its end of the last connection that the fault took away.
    Noticed,
    /// No edge chooses any of these connections any more.
    Withdrawn,
    /// First success of a request that would have gone there.
    Rerouted,
    /// The fault cleared.
    Cleared,
    /// What it took away serves again.
    Recovered,
}

/// The stretch of a strike in which a request was born: each begins with the milestone of the same place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Before the strike; still open when it came.
    InFlight,
    /// From the strike on.
    Unnoticed,
    /// From the notice on.
    Noticed,
    /// From the withdrawal on.
    Withdrawn,
    /// From the first rerouted success on.
    Rerouted,
    /// From the clearing on, until recovery.
    Cleared,
}

impl Stage {
    /// Every stage in order.
    pub const ALL: [Stage; 6] = [
        Stage::InFlight,
        Stage::Unnoticed,
        Stage::Noticed,
        Stage::Withdrawn,
        Stage::Rerouted,
        Stage::Cleared,
    ];

    /// The name used in files.
    pub fn name(self) -> &'static str {
        match self {
            Stage::InFlight => "in-flight",
            Stage::Unnoticed => "unnoticed",
            Stage::Noticed => "noticed",
            Stage::Withdrawn => "withdrawn",
            Stage::Rerouted => "rerouted",
            Stage::Cleared => "cleared",
        }
    }
}

/// What a stage cost.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Cost {
    /// Requests that failed.
    pub lost: u64,
    /// Requests that succeeded late.
    pub delayed: u64,
}

/// A connection that the fault took away.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Severed {
    /// The connection.
    pub connection: ConnectionRef,
    /// When.
    pub at: Time,
    /// When the edge closed its end.
    pub closed: Option<Time>,
    /// When the last edge forgot it.
    pub withdrawn: Option<Time>,
    /// When its successor was registered.
    pub back: Option<Time>,
}

impl Severed {
    /// When its successor was registered and no edge chose the connection itself any more.
    fn replaced(&self) -> Option<Time> {
        Some(self.back?.max(self.withdrawn?))
    }

    /// Whether edges still choose it although its successor is registered.
    fn is_haunted(&self) -> bool {
        self.back.is_some() && self.withdrawn.is_none()
    }
}

/// A container that the fault broke.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Broken {
    /// The container.
    pub container: ContainerId,
    /// When it was up again.
    pub back: Option<Time>,
}

/// One strike of a fault.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Strike {
    /// The fault.
    pub fault: FaultId,
    /// Connections it took away.
    pub severed: Vec<Severed>,
    /// Containers it broke.
    pub broken: Vec<Broken>,
    /// Metros whose traffic went to what the fault took away.
    pub entries: Vec<MetroId>,
    /// When a monitor first gave a bad verdict after the strike.
    pub verdict: Option<Time>,
    milestones: [Option<Time>; 6],
    costs: [Cost; Stage::ALL.len()],
    /// Whether the fault has an end of its own.
    clears: bool,
}

impl Strike {
    /// A strike that has just happened.
    pub(super) fn new(fault: FaultId, at: Time, clears: bool) -> Strike {
        Strike {
            fault,
            severed: Vec::new(),
            broken: Vec::new(),
            entries: Vec::new(),
            verdict: None,
            milestones: [Some(at), None, None, None, None, None],
            costs: Default::default(),
            clears,
        }
    }

    /// When a milestone was reached.
    pub fn at(&self, milestone: Milestone) -> Option<Time> {
        self.milestones[milestone as usize]
    }

    /// When it struck.
    pub fn struck(&self) -> Time {
        self.milestones[0].expect("set when the strike is made")
    }

    /// What the requests born in a stage suffered.
    pub fn cost(&self, stage: Stage) -> Cost {
        self.costs[stage as usize]
    }

    /// What all requests suffered.
    pub fn total_cost(&self) -> Cost {
        let add = |sum: Cost, cost: &Cost| Cost {
            lost: sum.lost + cost.lost,
            delayed: sum.delayed + cost.delayed,
        };
        self.costs.iter().fold(Cost::default(), add)
    }

    /// Whether something is broken because of it: not before it took something away, if it has no end of its own.
    pub fn disturbs(&self) -> bool {
        let is_open = self.at(Milestone::Recovered).is_none();
        is_open && (self.clears || !self.severed.is_empty() || !self.broken.is_empty())
    }

    pub(super) fn reach(&mut self, milestone: Milestone, at: Time) {
        self.milestones[milestone as usize].get_or_insert(at);
    }

    /// A connection is taken away. What no edge lists need not be withdrawn.
    pub(super) fn sever(&mut self, connection: ConnectionRef, at: Time, is_listed: bool) {
        self.severed.push(Severed {
            connection,
            at,
            closed: None,
            withdrawn: (!is_listed).then_some(at),
            back: None,
        });
        // What the edges had noticed is not all there is to notice.
        self.milestones[Milestone::Noticed as usize] = None;
        self.milestones[Milestone::Withdrawn as usize] = None;
    }

    /// Notes what happens to a connection, if it is one of those taken away.
    pub(super) fn connection_changes(
        &mut self,
        connection: ConnectionRef,
        what: Happening,
        at: Time,
    ) {
        let Some(severed) = self
            .severed
            .iter_mut()
            .find(|it| it.connection == connection)
        else {
            return;
        };
        match what {
            // The edges learn of a registration late, and may list what is dead by then.
            Happening::Listed if severed.back.is_none() => {
                severed.withdrawn = None;
                return self.recover_unused();
            }
            Happening::EdgeCloses { .. } => severed.closed.get_or_insert(at),
            Happening::Withdrawn => severed.withdrawn.get_or_insert(at),
            Happening::Registers { .. } => severed.back.get_or_insert(at),
            _ => return,
        };
        self.reach_if_all(Milestone::Noticed, |it| it.closed);
        self.reach_if_all(Milestone::Withdrawn, |it| it.withdrawn);
        self.recover_unused();
    }

    fn reach_if_all(&mut self, milestone: Milestone, when: impl Fn(&Severed) -> Option<Time>) {
        let last = self
            .severed
            .iter()
            .map(when)
            .try_fold(Time::ZERO, |last, at| Some(last.max(at?)));
        if let Some(at) = last {
            self.reach(milestone, at);
        }
    }

    /// A container that went down again is not back, whatever had restarted it: a crash loop is one fault.
    pub(super) fn container_is_down(&mut self, container: ContainerId) {
        if let Some(broken) = self.broken.iter_mut().find(|it| it.container == container) {
            broken.back = None;
        }
    }

    pub(super) fn container_is_up(&mut self, container: ContainerId, at: Time) {
        if let Some(broken) = self.broken.iter_mut().find(|it| it.container == container) {
            broken.back.get_or_insert(at);
        }
        self.recover_unused();
    }

    /// A monitor gives a bad verdict.
    pub(super) fn hear(&mut self, at: Time) {
        self.verdict.get_or_insert(at);
    }

    pub(super) fn clear(&mut self, at: Time) {
        self.reach(Milestone::Cleared, at);
        self.recover_unused();
    }

    /// What nobody used recovers without a request to show it.
    fn recover_unused(&mut self) {
        let ended = if self.clears {
            self.at(Milestone::Cleared)
        } else {
            Some(self.struck())
        };
        let Some(ended) = ended.filter(|_| self.entries.is_empty()) else {
            return;
        };
        let took_something = !self.severed.is_empty() || !self.broken.is_empty();
        // A connection that no edge has closed or withdrawn may live on if the fault has an end: the cut was too short to
        // be noticed.
        let alive = |it: &Severed| match it.back {
            Some(_) => it.replaced(),
            None => {
                let lives_on = self.clears && it.closed.is_none() && it.withdrawn.is_none();
                lives_on.then_some(ended)
            }
        };
        let mut backs = self
            .severed
            .iter()
            .map(alive)
            .chain(self.broken.iter().map(|it| it.back));
        let last_back = backs.try_fold(ended, |last, back| Some(last.max(back?)));
        if let Some(at) = last_back.filter(|_| took_something || self.clears) {
            self.reach(Milestone::Recovered, at);
        }
    }

    /// Whether a success over a connection and in a container may be the first rerouted one, or the first after recovery.
    pub(super) fn awaits(
        &self,
        connection: Option<ConnectionRef>,
        container: Option<ContainerId>,
    ) -> bool {
        let is_severed = |it: &Severed| connection == Some(it.connection);
        let is_broken = |it: &Broken| container == Some(it.container);
        self.at(Milestone::Rerouted).is_none()
            || self.severed.iter().any(is_severed)
            || self.broken.iter().any(is_broken)
    }

    /// Sees a success while the strike is open: it may be the first rerouted one, or the first after recovery, which it
    /// says.
    pub(super) fn success(&mut self, seen: &RequestSeen) -> bool {
        if self.at(Milestone::Rerouted).is_none() && self.is_rerouted(seen) {
            self.reach(Milestone::Rerouted, seen.closed);
        }
        let is_recovered = self.at(Milestone::Recovered).is_none() && self.is_served_again(seen);
        if is_recovered {
            self.reach(Milestone::Recovered, seen.closed);
        }
        is_recovered
    }

    /// A request that would have gone to what is lost: it was retried elsewhere, or it entered where such traffic
    /// enters, after the edges or a monitor knew.
    fn is_rerouted(&self, seen: &RequestSeen) -> bool {
        let is_severed = |id| self.severed.iter().any(|it| it.connection == id);
        let is_broken = |id| self.broken.iter().any(|it| it.container == id);
        if seen.closed < self.struck()
            || seen.connection.is_some_and(is_severed)
            || seen.container.is_some_and(is_broken)
        {
            return false;
        }
        let known = [self.at(Milestone::Withdrawn), self.verdict]
            .into_iter()
            .flatten()
            .min();
        let took_something = !self.severed.is_empty() || !self.broken.is_empty();
        let was_retried = took_something && seen.attempts > 1 && seen.is_delayed();
        was_retried
            || known.is_some_and(|known| seen.born >= known && self.entries.contains(&seen.entry))
    }

    /// Served by what had been lost, and born after it was back or after the fault had cleared.
    ///
    /// A connection may register elsewhere while the fault lasts, and is back for good; yet while edges still choose its
    /// dead predecessor, nothing is recovered. A container is in the hands
    /// of a fault that lasts: what a crash loop restarts will crash again, so only the clearing ends it.
    fn is_served_again(&self, seen: &RequestSeen) -> bool {
        let before = |at: Option<Time>| at.is_some_and(|at| at <= seen.born);
        let cleared = before(self.at(Milestone::Cleared));
        let over = |it: &Severed| {
            let is_back = || before(it.replaced()) || (cleared && it.back.is_none());
            seen.connection == Some(it.connection) && is_back()
        };
        let by = |it: &Broken| {
            let is_back = || !self.clears && before(it.back);
            seen.container == Some(it.container) && (cleared || is_back())
        };
        let is_served = self.severed.iter().any(over) || self.broken.iter().any(by);
        is_served && !self.severed.iter().any(Severed::is_haunted)
    }

    /// The stage in which a request was born, if the strike was open then or came while the request was.
    pub(super) fn stage_of(&self, seen: &RequestSeen) -> Option<Stage> {
        if seen.born < self.struck() {
            return (self.struck() <= seen.closed).then_some(Stage::InFlight);
        }
        let reached = |at: &Option<Time>| at.is_some_and(|at| at <= seen.born);
        let last = self.milestones.iter().rposition(reached)?;
        Stage::ALL.get(last + 1).copied()
    }

    pub(super) fn charge(&mut self, stage: Stage, seen: &RequestSeen) {
        let cost = &mut self.costs[stage as usize];
        if seen.outcome.is_success() {
            cost.delayed += 1;
        } else {
            cost.lost += 1;
        }
    }
}
