//! Random small worlds, written as scenario files.

use std::fmt;

use super::dice::Dice;

const CITIES: [&str; 8] = [
    "Madrid",
    "Frankfurt",
    "Paris",
    "Munich",
    "Dallas",
    "Querétaro",
    "Lisbon",
    "Amsterdam",
];

/// The beliefs about how an edge chooses.
pub const BELIEFS: [&str; 6] = [
    "closest",
    "fastest",
    "any",
    "alternating",
    "primary-standby",
    "local-first",
];

/// A host with one container.
#[derive(Clone)]
pub struct Host {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub city: &'static str,
    /// How its container serves: `workers: 2, service_time: 5ms`.
    pub service: String,
    /// The container's store.
    pub store: Option<&'static str>,
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Host {
            name,
            city,
            service,
            ..
        } = self;
        let store = self
            .store
            .map_or(String::new(), |store| format!(", store: {store}"));
        write!(
            f,
            "{name}: {{city: {city}, containers: {{web: {{{service}{store}}}}}}}"
        )
    }
}

/// A scenario file in parts that relations can change.
#[derive(Clone)]
pub struct World {
    /// Settings of the whole file, one a line.
    pub settings: Vec<String>,
    /// Entries of `clients:`.
    pub clients: Vec<String>,
    /// Entries of `hosts:`.
    pub hosts: Vec<Host>,
    /// Entries of `stores:`.
    pub stores: Vec<String>,
    /// The tunnel's belief.
    pub belief: &'static str,
    /// Settings of the tunnel, in the form `key: value`.
    pub tunnel: Vec<String>,
    /// Entries of the tunnel's `replicas:`.
    pub replicas: Vec<String>,
    /// Entries of `tunnels:` beside it.
    pub tunnels: Vec<String>,
    /// Items of `faults:`.
    pub faults: Vec<String>,
}

impl World {
    /// One to three hosts with a container each, a tunnel with a replica on every host, one or two groups of
    /// clients, up to three faults.
    pub fn random(dice: &mut Dice) -> World {
        let n_hosts = 1 + dice.below(3);
        let shared = dice.once_in(3);
        let store = match dice.below(3) {
            _ if shared => Some("carts"),
            0 => None,
            1 => Some("memory"),
            _ => Some("disk"),
        };
        let hosts = (0..n_hosts)
            .map(|host| random_host(host, store, dice))
            .collect();
        let replicas = (0..n_hosts)
            .map(|host| format!("r{host}: {{host: h{host}}}"))
            .collect();
        let n_faults = dice.below(4);
        World {
            settings: vec![
                format!("seed: {}", dice.below(1_000)),
                format!("horizon: {}s", 20 + dice.below(30)),
                format!("exact: {}", dice.once_in(2)),
            ],
            clients: (0..1 + dice.below(2))
                .map(|group| random_group(group, dice))
                .collect(),
            hosts,
            stores: shared
                .then(|| "carts: {city: Frankfurt}".to_owned())
                .into_iter()
                .collect(),
            belief: BELIEFS[dice.below(BELIEFS.len())],
            tunnel: Vec::new(),
            replicas,
            tunnels: Vec::new(),
            faults: (0..n_faults).map(|_| random_fault(n_hosts, dice)).collect(),
        }
    }

    /// The same with other settings of the tunnel.
    pub fn with_tunnel(&self, settings: &[&str]) -> World {
        let mut world = self.clone();
        world
            .tunnel
            .extend(settings.iter().map(|setting| (*setting).to_owned()));
        world
    }
}

fn random_host(host: usize, store: Option<&'static str>, dice: &mut Dice) -> Host {
    let (city, workers, service) = (*dice.one_of(&CITIES), 1 + dice.below(4), 2 + dice.below(60));
    let law = match dice.below(3) {
        0 => format!("{service}ms"),
        1 => format!("{{exponential: {service}ms}}"),
        _ => format!("{{uniform: [1ms, {service}ms]}}"),
    };
    Host {
        name: format!("h{host}"),
        city,
        service: format!("workers: {workers}, service_time: {law}"),
        store,
    }
}

fn random_group(group: usize, dice: &mut Dice) -> String {
    let (city, rate) = (dice.one_of(&CITIES), 1 + dice.below(6));
    let requests = *dice.one_of(&["1", "3", "{geometric: 4}"]);
    let think = *dice.one_of(&["1s", "{exponential: 2s}", "{uniform: [0s, 3s]}"]);
    let state = *dice.one_of(&["none", "cart", "login"]);
    let on_error = *dice.one_of(&["continue", "leave"]);
    format!(
        "g{group}: {{city: {city}, hostname: app.example.com, sessions: {rate}/s, requests: {requests}, \
         think: {think}, state: {state}, on_error: {on_error}, writes: {}%}}",
        dice.below(100)
    )
}

fn random_fault(n_hosts: usize, dice: &mut Dice) -> String {
    let (host, at, length) = (dice.below(n_hosts), 2 + dice.below(15), 1 + dice.below(12));
    let kind = *dice.one_of(&[
        "power-cut: {host: h#",
        "line-cut: {host: h#",
        "udp-blocked: {host: h#",
        "container-stop: {container: h#/web",
        "container-hang: {container: h#/web",
        "container-refuses: {container: h#/web",
        "brownout: {container: h#/web, factor: 5",
    ]);
    let kind = kind.replace('#', &host.to_string());
    format!("{kind}, at: {at}s, for: {length}s}}")
}

impl fmt::Display for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "title: A random world")?;
        self.settings
            .iter()
            .try_for_each(|line| writeln!(f, "{line}"))?;
        let mut block = |name: &str, entries: &[String]| -> fmt::Result {
            if !entries.is_empty() {
                writeln!(f, "{name}:")?;
            }
            entries
                .iter()
                .try_for_each(|entry| writeln!(f, "  {entry}"))
        };
        block("clients", &self.clients)?;
        let hosts: Vec<String> = self.hosts.iter().map(Host::to_string).collect();
        block("hosts", &hosts)?;
        block("stores", &self.stores)?;
        let replicas = self.replicas.join(", ");
        let mut tunnel = vec![
            format!("replicas: {{{replicas}}}"),
            format!("routing: {}", self.belief),
            "ingress: [{service: 'http://web:80'}]".to_owned(),
        ];
        tunnel.extend(self.tunnel.iter().cloned());
        let mut tunnels = self.tunnels.clone();
        tunnels.push(format!("prod: {{{}}}", tunnel.join(", ")));
        block("tunnels", &tunnels)?;
        block(
            "dns",
            &["- {hostname: app.example.com, tunnel: prod}".to_owned()],
        )?;
        let faults: Vec<String> = self
            .faults
            .iter()
            .map(|fault| format!("- {fault}"))
            .collect();
        block("faults", &faults)
    }
}
