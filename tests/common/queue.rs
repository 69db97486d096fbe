//! A queue as a scenario: Poisson visitors of one request each, one path of constant length, workers at its end.

use tunnelsim::scenario::Scenario;

use crate::worlds::read;

/// A queue, or several behind one tunnel.
#[derive(Clone, Copy)]
pub struct Queue<'a> {
    /// Requests per second, as written in a scenario.
    pub rate: &'a str,
    /// Workers of each container.
    pub workers: u32,
    /// Requests that may wait at each container.
    pub room: u32,
    /// The law of service, as written in a scenario.
    pub service: &'a str,
    /// How the tunnel chooses between its replicas, and how many there are.
    pub routing: (&'a str, u32),
}

impl<'a> Queue<'a> {
    /// One container without a limit of its queue.
    pub fn new(rate: &'a str, workers: u32, service: &'a str) -> Self {
        Queue {
            rate,
            workers,
            room: 1_000_000,
            service,
            routing: ("any", 1),
        }
    }

    /// As a scenario of this length. Nobody's patience ends, so that all admitted requests finish.
    pub fn scenario(&self, horizon_s: u64) -> Scenario {
        let (routing, replicas) = self.routing;
        let list = |item: fn(u32) -> String| (1..=replicas).map(item).collect::<String>();
        let hosts = list(|n| format!("vps-{n}: {{host: vps-{n}, edges: [FRA, FRA]}}, "));
        read(
            &format!(
                "
title: a queue
exact: true
horizon: {horizon_s}s
edge: {{attempt_deadline: 1000d}}
clients:
  visitors:
    {{city: Frankfurt, access: none, entry: FRA, hostname: a.example.com, sessions: {}, patience: 1000d}}
hosts:
  vps:
    copies: {replicas}
    city: Frankfurt
    containers: {{web: {{workers: {}, queue: {}, service_time: {}}}}}
tunnels:
  queue: {{routing: {routing}, replicas: {{{hosts}}}, ingress: [{{service: 'http://web:80'}}]}}
",
                self.rate, self.workers, self.room, self.service
            ),
            "",
        )
    }
}
