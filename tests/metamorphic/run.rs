//! Runs worlds, and compares what was seen by name: positions in the file may differ.

use tunnelsim::kernel::time::Time;
use tunnelsim::measure::observation::{Observation, RequestSeen, SessionSeen};
use tunnelsim::measure::recorder::RecorderOptions;
use tunnelsim::measure::run::Run;
use tunnelsim::scenario::Scenario;
use tunnelsim::simulation::{RunKey, Simulation};

use super::world::World;

/// What was seen of a run.
pub struct Seen {
    /// The requests, in the order in which they closed.
    pub requests: Vec<RequestSeen>,
    /// The sessions, in the order in which they ended.
    pub sessions: Vec<SessionSeen>,
    /// The tallies.
    pub run: Run,
}

/// Reads a world.
pub fn read(world: &World) -> Scenario {
    let mut load = |_: &str, _: &str| Err("no other files".to_owned());
    Scenario::read("world.yaml", world.to_string().as_bytes(), &[], &mut load)
        .unwrap_or_else(|problems| panic!("{world}\n{problems}"))
}

/// Runs a world.
pub fn run(world: &World) -> Seen {
    let scenario = read(world);
    let (mut requests, mut sessions) = (Vec::new(), Vec::new());
    let options = RecorderOptions {
        observer: Some(Box::new(|observation: &Observation| match observation {
            Observation::Request(request) => requests.push(*request),
            Observation::Session(session) => sessions.push(*session),
            Observation::Change(_) => {}
        })),
        ..RecorderOptions::default()
    };
    let run = run_with(&scenario, options);
    Seen {
        requests,
        sessions,
        run,
    }
}

/// Runs a scenario with given options.
pub fn run_with(scenario: &Scenario, options: RecorderOptions<'_>) -> Run {
    let key = RunKey {
        seed: scenario.seed,
        replication: 0,
    };
    let simulation = Simulation::new(&scenario.blueprint, &scenario.faults, key, options);
    let (run, _) = simulation.run().unwrap_or_else(|broken| panic!("{broken}"));
    run
}

impl Seen {
    /// Everything about the requests that closed before a moment, with names.
    pub fn courses(&self, before: Time) -> Vec<impl PartialEq + std::fmt::Debug + use<>> {
        let scope = &self.run.scope;
        let name =
            |list: &[tunnelsim::measure::scope::Named], index: usize| list[index].name.clone();
        let course = |r: &RequestSeen| {
            let replica = r
                .connection
                .map(|it| name(&scope.replicas, usize::from(it.replica.0)));
            let container = r
                .container
                .map(|it| name(&scope.containers, usize::from(it.0)));
            (
                name(&scope.groups, usize::from(r.id.group.0)),
                (r.id.session, r.id.request, r.is_write, r.entry),
                (r.born, r.closed, r.parts, r.outcome, r.status),
                (replica, r.connection.map(|it| it.index), container),
                (r.attempts, r.executions, r.state),
            )
        };
        self.requests
            .iter()
            .filter(|r| r.closed < before)
            .map(course)
            .collect()
    }

    /// Asserts that the same was seen of all visitors up to a moment.
    pub fn assert_same_before(&self, other: &Seen, moment: Time) {
        let (one, two) = (self.courses(moment), other.courses(moment));
        assert_eq!(one.len(), two.len(), "the numbers of requests differ");
        for (one, two) in one.iter().zip(&two) {
            assert_eq!(one, two, "the first request that differs");
        }
        let sessions = |seen: &Seen| -> Vec<(u64, u64, Time, Time, u32, u32, u32)> {
            let ended = seen
                .sessions
                .iter()
                .filter(|session| session.ended < moment);
            let of = |s: &SessionSeen| {
                (
                    s.session, s.visitor, s.born, s.ended, s.requests, s.failed, s.hops,
                )
            };
            ended.map(of).collect()
        };
        assert_eq!(sessions(self), sessions(other), "the sessions differ");
    }

    /// Asserts that the same was seen of all visitors.
    pub fn assert_same(&self, other: &Seen) {
        self.assert_same_before(other, Time::MAX);
    }
}
