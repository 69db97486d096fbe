//! The limit oracle: the workload W1 without an event list, as fast as it can be told.
//!
//! Requests flow one way only (four Poisson streams, constant delays, two servers), so windows of 100 ms suffice: draw
//! the arrivals of a window, route them, merge the lines before each server by time, and let the times at which
//! workers fall free run on. What the product does beyond that is what it pays for being a simulator: clients that
//! wait for answers, detection by silence, ledgers, causes, retries.
//!
//! Simplification: sessions do not think; a request belongs to a session that is picked at random.

mod variates;

use variates::{Words, exponential};

/// Mean nanoseconds between the requests of each group.
const GAPS: [f64; 4] = [1e9 / 3000.0, 1e9 / 2000.0, 1e9 / 3000.0, 1e9 / 2000.0];
/// From a group through its edge and that of the closest connection to server A, and to server B: one way.
const WAYS: [[u64; 2]; 4] = [
    [7_500_000, 18_000_000],
    [10_500_000, 11_500_000],
    [22_000_000, 9_500_000],
    [14_500_000, 15_500_000],
];
/// Which server is closest: A, B, or both alike.
const CLOSEST: [Option<usize>; 4] = [Some(0), None, Some(1), None];
const WORKERS: usize = 64;
const MEAN_SERVICE: f64 = 5e6;
const SESSIONS: u64 = 1_000;
const WINDOW: u64 = 100_000_000;
const SECOND: u64 = 1_000_000_000;

/// What is counted.
pub struct Outcome {
    pub requests: u64,
    pub failed: u64,
    pub broken: u64,
    pub histograms: Vec<[u64; 58 << 7]>,
    /// Answers and failures by second of birth.
    pub series: Vec<[u64; 2]>,
}

struct Server {
    /// Requests under way to it, by group: arrival and birth.
    lines: [Vec<(u64, u64)>; 4],
    read: [usize; 4],
    /// When each worker falls free, as a heap of two levels and a root of their minima.
    free: [u64; WORKERS],
    down: (u64, u64),
}

/// Runs so many seconds of W1; server A is down from a third to a half of them.
pub fn run(seconds: u64, seed: u64) -> Outcome {
    let end = seconds * SECOND;
    let outage = (end / 3, end / 2);
    let mut words = Words::new(seed);
    let mut births = GAPS.map(|gap| exponential(&mut words, gap));
    let mut sessions = [[2_u8; SESSIONS as usize]; 4];
    let server = |down| Server {
        lines: Default::default(),
        read: [0; 4],
        free: [0; WORKERS],
        down,
    };
    let mut servers = [server(outage), server((end, end))];
    let mut outcome = Outcome {
        requests: 0,
        failed: 0,
        broken: 0,
        histograms: vec![[0; 58 << 7]; 4],
        series: vec![[0; 2]; seconds as usize],
    };
    let mut until = WINDOW;
    while until <= end {
        for group in 0..4 {
            while births[group] < until {
                let born = births[group];
                births[group] += exponential(&mut words, GAPS[group]);
                let session = &mut sessions[group][words.below(SESSIONS) as usize];
                route(session, group, born, outage, &mut words, &mut outcome).deliver(
                    &mut servers,
                    group,
                    born,
                );
            }
        }
        for server in &mut servers {
            server.serve(until, &mut words, &mut outcome);
        }
        until += WINDOW;
    }
    outcome
}

/// The server of a request.
struct Route(usize);

/// A session keeps its server; it is new when it has none, and its last request is one in eight.
fn route(
    session: &mut u8,
    group: usize,
    born: u64,
    outage: (u64, u64),
    words: &mut Words,
    outcome: &mut Outcome,
) -> Route {
    let a_is_up = born < outage.0 || born >= outage.1;
    let word = words.next();
    if *session == 2 {
        let tied = (word & 1) as usize;
        *session = CLOSEST[group].unwrap_or(tied) as u8;
        if !a_is_up {
            *session = 1;
        }
    } else if *session == 0 && !a_is_up {
        outcome.broken += 1;
        *session = 1;
    }
    let server = usize::from(*session);
    if word >> 61 == 0 {
        *session = 2;
    }
    Route(server)
}

impl Route {
    #[inline]
    fn deliver(self, servers: &mut [Server; 2], group: usize, born: u64) {
        let Route(server) = self;
        servers[server].lines[group].push((born + WAYS[group][server], born));
    }
}

impl Server {
    /// Serves everything that arrives before a moment, in order of arrival.
    fn serve(&mut self, until: u64, words: &mut Words, outcome: &mut Outcome) {
        let side = usize::from(self.down.0 == self.down.1);
        loop {
            let head = |group: usize| {
                self.lines[group]
                    .get(self.read[group])
                    .map_or(u64::MAX, |line| line.0)
            };
            let heads = [head(0), head(1), head(2), head(3)];
            let left = usize::from(heads[1] < heads[0]);
            let right = 2 + usize::from(heads[3] < heads[2]);
            let group = if heads[right] < heads[left] {
                right
            } else {
                left
            };
            if heads[group] >= until {
                break;
            }
            let (arrived, born) = self.lines[group][self.read[group]];
            self.read[group] += 1;
            self.answer(arrived, born, group, side, words, outcome);
        }
        for (line, read) in self.lines.iter_mut().zip(&mut self.read) {
            line.drain(..*read);
            *read = 0;
        }
    }

    fn answer(
        &mut self,
        arrived: u64,
        born: u64,
        group: usize,
        side: usize,
        words: &mut Words,
        outcome: &mut Outcome,
    ) {
        let service = exponential(words, MEAN_SERVICE);
        let (from, to) = self.down;
        let is_down = arrived >= from && arrived < to;
        let start = arrived.max(self.free[0]);
        let is_cut = arrived < from && start + service > from;
        let second = ((born / SECOND) as usize).min(outcome.series.len() - 1);
        let fails = is_down || is_cut;
        outcome.requests += 1;
        outcome.failed += u64::from(fails);
        outcome.series[second][usize::from(fails)] += 1;
        if !fails {
            self.occupy(start + service);
            let latency = start + service + WAYS[group][side] - born;
            outcome.histograms[group][bucket(latency)] += 1;
        }
    }

    /// The worker that was free first is busy until a moment: it sinks in the heap.
    #[inline]
    fn occupy(&mut self, until: u64) {
        let free = &mut self.free;
        let mut hole = 0;
        loop {
            let first = 4 * hole + 1;
            if first >= WORKERS {
                break;
            }
            let mut least = first;
            for child in first + 1..(first + 4).min(WORKERS) {
                if free[child] < free[least] {
                    least = child;
                }
            }
            if free[least] >= until {
                break;
            }
            free[hole] = free[least];
            hole = least;
        }
        free[hole] = until;
    }
}

/// The bucket of a log-linear histogram of resolution 2^-7.
#[inline]
fn bucket(value: u64) -> usize {
    let shift = (value >> 7).checked_ilog2().unwrap_or(0);
    ((u64::from(shift) << 7) + (value >> shift)) as usize
}
