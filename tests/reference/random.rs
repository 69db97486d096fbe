//! Random small scenarios: everything the twin knows, in every mixture, and nothing else.

use tunnelsim::kernel::random::{Source, Stream, Streams};

const CITIES: [&str; 6] = [
    "Madrid",
    "Frankfurt",
    "Paris",
    "Lisbon",
    "New York",
    "Sydney",
];
const EDGES: [&str; 4] = ["FRA", "CDG", "MAD", "EWR"];

/// A source with the habits of somebody who throws dice.
struct Dice(Stream);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0.below(n)
    }

    fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high - low + 1)
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len() as u64) as usize]
    }
}

/// Of so many scenarios one is of a kind that chance makes too seldom.
const RARE: u64 = 25;

/// A busy service whose line is cut for less than anybody notices: what is in service then asks its store in vain, and the
/// answer arrives when the line is back.
fn store_out_of_reach(number: u64) -> String {
    format!(
        "title: Random scenario {number}\nhorizon: 40s\nseed: {number}\nexact: true\n\
         clients:\n  g0: {{city: Madrid, hostname: a.example.com, sessions: 2/s, requests: {{geometric: 4}}, think: 500ms, state: cart}}\n\
         hosts:\n  h0: {{city: Paris, containers: {{web: {{workers: 9, service_time: {{uniform: [1ms, 2s]}}, store: shared}}}}}}\n\
         stores:\n  shared: {{city: Lisbon, timeout: 1s}}\n\
         tunnels:\n  prod: {{replicas: {{r0: {{host: h0, protocol: quic}}}}, ingress: [{{service: 'http://web:80'}}]}}\n\
         faults:\n  - line-cut: {{host: h0, at: 10s, for: {{uniform: [2s, 4s]}}}}\n"
    )
}

/// The scenario of this number, as a file.
pub fn scenario(number: u64) -> String {
    if number.is_multiple_of(RARE) {
        return store_out_of_reach(number);
    }
    let mut dice = Dice(Streams::new(number, 0).stream("scenario", "twin"));
    let horizon = dice.between(5, 60);
    let hosts: Vec<String> = (0..dice.between(1, 3)).map(|i| format!("h{i}")).collect();
    let replicas: Vec<String> = (0..dice.between(1, 3)).map(|i| format!("r{i}")).collect();
    format!(
        "title: Random scenario {number}\nhorizon: {horizon}s\nseed: {number}\nexact: true\n\
         edge: {{attempt_deadline: {}, alert_delay: {}}}\nclients:\n{}hosts:\n{}{}\
         tunnels:\n  prod:\n{}    replicas:\n{}    ingress:\n{}{}",
        dice.of(&["120s", "120s", "120s", "3s", "700ms"]),
        dice.of(&["2s", "60s"]),
        clients(&mut dice),
        containers(&mut dice, &hosts),
        stores(&mut dice),
        tunnel(&mut dice),
        connectors(&mut dice, &hosts, &replicas),
        ingress(&mut dice),
        faults(&mut dice, horizon, &hosts, &replicas),
    )
}

fn clients(dice: &mut Dice) -> String {
    let mut text = String::new();
    for group in 0..dice.between(1, 2) {
        let entry = match dice.below(2) {
            0 => format!(", entry: {}", dice.of(&EDGES)),
            _ => String::new(),
        };
        text += &format!(
            "  g{group}: {{city: {}, access: {}, hostname: {}, path: {}, sessions: {}/s, requests: {}, think: {}, \
             state: {}, writes: {}%, on_error: {}, patience: {}{}{entry}}}\n",
            dice.of(&CITIES),
            dice.of(&["mix", "fibre", "none"]),
            dice.of(&["a.example.com", "{a.example.com: 2, b.example.com: 1}"]),
            dice.of(&["/", "/api"]),
            dice.of(&["0.3", "1", "3"]),
            dice.of(&["1", "{geometric: 4}", "{uniform: [2, 6]}"]),
            dice.of(&["{exponential: 1s}", "500ms", "0s", "{uniform: [1s, 4s]}"]),
            dice.of(&["none", "cart", "cart", "login"]),
            dice.of(&["0", "30"]),
            dice.of(&["continue", "continue", "leave"]),
            dice.of(&["300s", "300s", "300s", "300s", "4s", "100ms"]),
            dice.of(&["", ", visitors: 3"]),
        );
    }
    text
}

fn containers(dice: &mut Dice, hosts: &[String]) -> String {
    let mut text = String::new();
    for host in hosts {
        text += &format!(
            "  {host}:\n    city: {}\n    access: {}\n    boot: {}\n    containers:\n",
            dice.of(&CITIES),
            dice.of(&["datacentre", "home"]),
            dice.of(&["2s", "{uniform: [1s, 3s]}"]),
        );
        for name in ["web", "api"] {
            if name == "api" && dice.one_in(2) {
                continue;
            }
            // A store has one data set, which containers of one name share.
            let stores: &[&str] = match name {
                "web" => &[
                    "",
                    ", store: memory",
                    ", store: memory",
                    ", store: disk",
                    ", store: shared",
                ],
                _ => &["", ", store: memory", ", store: disk"],
            };
            text += &format!(
                "      {name}: {{workers: {}, queue: {}, service_time: {}, start_up: {}, restart: {}, port: {}{}}}\n",
                dice.between(1, 3),
                dice.of(&["0", "2", "1000", "1000"]),
                dice.of(&[
                    "{exponential: 5ms}",
                    "{exponential: 20ms}",
                    "{exponential: 50ms}",
                    "100ms",
                    "{uniform: [1ms, 2s]}"
                ]),
                dice.of(&["1s", "0s", "{exponential: 3s}"]),
                dice.of(&[
                    "no",
                    "always",
                    "always",
                    "unless-stopped",
                    "unless-stopped",
                    "on-failure:2"
                ]),
                dice.of(&["80", "80", "80", "80", "80", "80", "80", "81"]),
                dice.of(stores),
            );
        }
    }
    text
}

fn stores(dice: &mut Dice) -> String {
    format!("stores:\n  shared: {{city: {}}}\n", dice.of(&CITIES))
}

fn tunnel(dice: &mut Dice) -> String {
    format!(
        "    routing: {}\n    idle_timeout: {}\n    retry: {{others: {}, skip_same_connector: {}, writes: {}}}\n",
        dice.of(&[
            "closest",
            "closest",
            "alternating",
            "any",
            "fastest",
            "primary-standby"
        ]),
        dice.of(&["5s", "5s", "2s", "1500ms"]),
        dice.of(&["3", "3", "0", "1", "8"]),
        dice.of(&["false", "true"]),
        dice.of(&["false", "false", "true"]),
    )
}

fn connectors(dice: &mut Dice, hosts: &[String], replicas: &[String]) -> String {
    let mut text = String::new();
    for replica in replicas {
        let host = &hosts[dice.below(hosts.len() as u64) as usize];
        let edges = match dice.below(2) {
            0 => format!(", edges: [{}1, {}2]", dice.of(&EDGES), dice.of(&EDGES)),
            _ => String::new(),
        };
        text += &format!(
            "      {replica}: {{host: {host}, protocol: quic, connections: {}, restart: {}, grace_period: {}, stop_grace: {}{edges}}}\n",
            dice.of(&["4", "4", "1", "2", "3"]),
            dice.of(&["unless-stopped", "always", "no", "on-failure"]),
            dice.of(&["30s", "3s"]),
            dice.of(&["10s", "1s"]),
        );
    }
    text
}

fn ingress(dice: &mut Dice) -> String {
    let first = dice.of(&[
        "",
        "",
        "",
        "",
        "    - {path: /api, service: 'http://api:80'}\n",
        "    - {hostname: a.example.com, service: 'http_status:204'}\n",
        "    - {hostname: b.example.com, service: 'http://api:80'}\n",
        "    - {hostname: '*.example.com', path: ap, service: 'http_status:410'}\n",
    ]);
    let last = dice.of(&[
        "http://web:80",
        "http://web:80",
        "http://web:80",
        "http://web:80",
        "http://web:80",
        "http://web:80",
        "http://web:80",
        "http_status:404",
    ]);
    format!("{first}    - {{service: '{last}'}}\n")
}

fn faults(dice: &mut Dice, horizon: u64, hosts: &[String], replicas: &[String]) -> String {
    let mut text = String::new();
    for number in 0..dice.between(0, 4) {
        let host = &hosts[dice.below(hosts.len() as u64) as usize];
        let replica = &replicas[dice.below(replicas.len() as u64) as usize];
        let kind = dice.of(&[
            "power-cut",
            "line-cut",
            "container-crash",
            "container-stop",
            "connector-stop",
            "connector-kill",
        ]);
        let target = match kind {
            "power-cut" | "line-cut" => format!("host: {host}"),
            "container-crash" | "container-stop" => format!("container: {host}/web"),
            _ => format!("replica: {replica}"),
        };
        // Whole seconds on purpose: they meet pings, detections and each other.
        let at = dice.between(1, horizon - 1);
        let length = match kind {
            "container-crash" | "connector-kill" => String::new(),
            _ => match dice.below(4) {
                0 => String::new(),
                1 => ", for: {uniform: [1s, 12s]}".to_owned(),
                _ => format!(", for: {}s", dice.between(1, 20)),
            },
        };
        text += &format!("  - {kind}: {{{target}, name: f{number}, at: {at}s{length}}}\n");
    }
    if text.is_empty() {
        return text;
    }
    format!("faults:\n{text}")
}
