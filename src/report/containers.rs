//! How busy the containers were, over all runs of a variant up to the horizon.

use crate::measure::finals::ContainerUse;
use crate::report::gathered::Gathered;

/// Parts of a whole in a million.
const MILLION: u128 = 1_000_000;

/// The use of one container.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Load<'a> {
    /// Its name.
    pub name: &'a str,
    /// How many requests it serves at once.
    pub workers: u32,
    /// The part of its workers' time in which they worked, in millionths.
    pub utilisation_ppm: u64,
    /// How many requests waited on average, in millionths of a request.
    pub queue_mean_millionths: u64,
    /// The longest queue of any run.
    pub queue_longest: u32,
    /// Requests admitted to service or queue, in all runs.
    pub admitted: u64,
    /// Requests refused because the queue was full, in all runs.
    pub refused: u64,
    /// Starts of its process after the first, in all runs.
    pub restarts: u32,
}

impl Load<'_> {
    /// The loads of all containers, in the order of the file.
    pub fn of_all(runs: &Gathered) -> impl Iterator<Item = Load<'_>> {
        runs.containers.iter().map(|it| Load::of(it, runs))
    }

    fn of<'a>(it: &ContainerUse, runs: &'a Gathered) -> Load<'a> {
        let scope = &runs.first.scope;
        let index = usize::from(it.container.0);
        let workers = scope.of_container[index].workers;
        let time = u128::from(scope.length().as_nanos()) * runs.replications() as u128;
        let part = |integral: u128, of: u128| {
            let part = (integral * MILLION).checked_div(of).unwrap_or(0);
            u64::try_from(part).unwrap_or(u64::MAX)
        };
        Load {
            name: &scope.containers[index].name,
            workers,
            utilisation_ppm: part(it.busy, time * u128::from(workers)),
            queue_mean_millionths: part(it.waiting, time),
            queue_longest: it.waiting_max,
            admitted: it.admitted,
            refused: it.refused,
            restarts: it.restarts,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::{Story, variant};

    #[test]
    fn more_runs_of_the_same_use_change_no_share_of_time() {
        let one = variant(None, Story::small(), 1).runs;
        let three = variant(None, Story::small(), 3).runs;
        let loads = |runs: &Gathered| -> Vec<(u64, u64, u64)> {
            let loads = Load::of_all(runs);
            loads
                .map(|it| (it.utilisation_ppm, it.queue_mean_millionths, it.admitted))
                .collect()
        };
        for ((busy, queue, admitted), (busy_3, queue_3, admitted_3)) in
            loads(&one).into_iter().zip(loads(&three))
        {
            assert_eq!((busy, queue, 3 * admitted), (busy_3, queue_3, admitted_3));
        }
    }
}
