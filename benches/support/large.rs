//! A topology as large as the product takes: every metro and city of the atlas, 100 tunnels of 25 replicas each.

use std::fmt::Write;

use tunnelsim::scenario::Scenario;

use super::scenario;

/// Where the 25 hosts stand.
const CITIES: [&str; 25] = [
    "Frankfurt",
    "London",
    "Paris",
    "Madrid",
    "Milan",
    "Warsaw",
    "Stockholm",
    "Vienna",
    "Dublin",
    "Lisbon",
    "New York",
    "Chicago",
    "Dallas",
    "Los Angeles",
    "Seattle",
    "Miami",
    "Toronto",
    "São Paulo",
    "Buenos Aires",
    "Tokyo",
    "Seoul",
    "Singapore",
    "Sydney",
    "Mumbai",
    "Johannesburg",
];

const TUNNELS: usize = 100;

/// 10,000 requests a second from all cities of the world, by 100,000 sessions at a time (8 requests, 10 s apart).
pub fn large(seconds: u64) -> Scenario {
    let mut text = format!(
        "title: Every metro, every city\nexact: true\nhorizon: {seconds}s\nclients:\n  world:\n    mix: world\n    \
         sessions: 1250/s\n    requests: {{geometric: 8}}\n    think: {{exponential: 10s}}\n    hostname:\n"
    );
    let lines = [
        tunnels(|n| format!("      h{n}.example.com: 1\n")),
        "hosts:\n".to_owned(),
        hosts(|n, city| {
            format!("  host{n}: {{city: {city}, containers: {{web: {{workers: 64}}}}}}\n")
        }),
        "tunnels:\n".to_owned(),
        tunnels(|n| {
            let replicas = hosts(|host, _| format!("      r{host}: {{host: host{host}}}\n"));
            format!(
                "  t{n}:\n    ingress: [{{service: 'http://web:80'}}]\n    replicas:\n{replicas}"
            )
        }),
        "dns:\n".to_owned(),
        tunnels(|n| format!("  - {{hostname: h{n}.example.com, tunnel: t{n}}}\n")),
    ];
    lines.iter().for_each(|lines| text.push_str(lines));
    scenario("large", text.as_bytes(), &[])
}

fn tunnels(line: impl Fn(usize) -> String) -> String {
    (0..TUNNELS).map(line).collect()
}

fn hosts(line: impl Fn(usize, &str) -> String) -> String {
    let lines = CITIES.iter().enumerate();
    lines.fold(String::new(), |mut text, (number, city)| {
        let _ = write!(text, "{}", line(number, city));
        text
    })
}
