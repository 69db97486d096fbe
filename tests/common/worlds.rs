//! How the suites run a scenario: a text, one replication, and every fact of it.

use tunnelsim::measure::observation::Observation;
use tunnelsim::measure::recorder::RecorderOptions;
use tunnelsim::notation::Loaded;
use tunnelsim::scenario::Scenario;
use tunnelsim::simulation::{RunKey, Simulation};

/// The scenario of a text. A `trace` that it names is read from the second argument, whatever its name.
pub fn read(text: &str, trace: &str) -> Scenario {
    let mut load = |name: &str, _: &str| {
        Ok(Loaded {
            name: name.to_owned(),
            bytes: trace.as_bytes().to_vec(),
        })
    };
    Scenario::read("world.yaml", text.as_bytes(), &[], &mut load)
        .unwrap_or_else(|problems| panic!("{problems}\n{text}"))
}

/// Makes one replication and shows every fact of it, in the order in which they happen.
pub fn observe(scenario: &Scenario, key: RunKey, mut see: impl FnMut(&Observation)) {
    let options = RecorderOptions {
        series: false,
        changes_kept: 0,
        observer: Some(Box::new(|observation: &Observation| see(observation))),
        ..RecorderOptions::default()
    };
    let simulation = Simulation::new(&scenario.blueprint, &scenario.faults, key, options);
    if let Err(violation) = simulation.run() {
        panic!(
            "seed {}, replication {}: {violation:?}",
            key.seed, key.replication
        );
    }
}
