//! Every limit, at it and just over it.

use crate::support::{BASE, accepted, open, read_files, refused, warned};
use tunnelsim::scenario::limits::*;

#[test]
fn the_largest_number_of_replicas_is_accepted_and_one_more_refused() {
    let replicas =
        |count: usize| format!("tunnels.prod.replicas={{a: {{host: vps1, copies: {count}}}}}");
    assert_eq!(warned(&[&replicas(REPLICAS_DOCUMENTED)]), [""; 0]);
    assert_eq!(
        warned(&[&replicas(REPLICAS_DOCUMENTED + 1)]),
        ["a tunnel accepts 25 replicas"]
    );
    assert_eq!(
        accepted(&[&replicas(REPLICAS_MAX)])
            .blueprint
            .replicas
            .len(),
        REPLICAS_MAX
    );
    assert_eq!(
        refused(&[&replicas(REPLICAS_MAX + 1)]),
        ["a tunnel may have 64 replicas in a file"]
    );
}

#[test]
fn the_thousandth_host_is_accepted_and_the_next_refused() {
    let hosts = |count: usize| format!("hosts.more={{city: Dallas, copies: {count}}}");
    assert_eq!(
        accepted(&[&hosts(HOSTS_MAX - 2)]).blueprint.hosts.len(),
        HOSTS_MAX
    );
    assert_eq!(
        refused(&[&hosts(HOSTS_MAX - 1)]),
        ["a scenario may have 1000 hosts"]
    );
    assert_eq!(
        refused(&[&hosts(COPIES_MAX as usize + 1)]),
        ["expected a whole number from 1 to 1000"]
    );
}

#[test]
fn the_ten_thousandth_container_is_accepted_and_the_next_refused() {
    let containers = |hosts: usize| {
        let each: Vec<String> = (0..CONTAINERS_MAX / 100)
            .map(|number| format!("c{number}: {{}}"))
            .collect();
        format!(
            "hosts.more={{city: Dallas, copies: {hosts}, containers: {{{}}}}}",
            each.join(", ")
        )
    };
    let only = ["hosts.vps1.containers.web=", "hosts.vps2.containers.web="];
    assert_eq!(
        accepted(&[only[0], only[1], &containers(100)])
            .blueprint
            .containers
            .len(),
        CONTAINERS_MAX
    );
    assert_eq!(
        refused(&[&containers(100)])[0],
        format!("a scenario may have {CONTAINERS_MAX} containers")
    );
}

#[test]
fn the_hundredth_tunnel_is_accepted_and_the_next_refused() {
    let tunnels = |count: usize| {
        let each: Vec<String> = (1..count)
            .map(|number| {
                format!("t{number}: {{replicas: [vps1], ingress: [{{service: hello_world}}]}}")
            })
            .collect();
        format!(
            "{}\n  {}\ndns: [{{hostname: app.example.com, tunnel: prod}}]\n",
            BASE.trim_end(),
            each.join("\n  ")
        )
    };
    assert!(read_files(&tunnels(TUNNELS_MAX), &[]).is_ok());
    let message = read_files(&tunnels(TUNNELS_MAX + 1), &[])
        .map(|_| ())
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("a scenario may have 100 tunnels"),
        "{message}"
    );
}

#[test]
fn the_thousandth_client_group_is_accepted_and_the_next_refused() {
    let groups = |count: usize| {
        let each: Vec<String> = (1..count)
            .map(|number| {
                format!("g{number}: {{city: Madrid, hostname: app.example.com, sessions: 1/s}}")
            })
            .collect();
        BASE.replacen(
            "clients:\n",
            &format!("clients:\n  {}\n", each.join("\n  ")),
            1,
        )
    };
    assert!(read_files(&groups(GROUPS_MAX), &[]).is_ok());
    let message = read_files(&groups(GROUPS_MAX + 1), &[])
        .map(|_| ())
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("a scenario may have 1000 client groups"),
        "{message}"
    );
}

#[test]
fn workers_queue_and_replications_have_a_largest_number() {
    for (path, most) in [
        ("hosts.vps1.containers.web.workers", WORKERS_MAX),
        ("hosts.vps1.containers.web.queue", QUEUE_MAX),
        ("replications", REPLICATIONS_MAX),
        ("tunnels.prod.retry.others", CONNECTIONS_MAX),
    ] {
        accepted(&[&format!("{path}={most}")]);
        assert_eq!(
            refused(&[&format!("{path}={}", most + 1)]).len(),
            1,
            "{path}"
        );
    }
}

#[test]
fn faults_and_their_effects_have_a_largest_number() {
    let partition = |count: usize| {
        let each: Vec<String> = (0..count)
            .map(|_| "{regional-partition: {metros: [QRO], at: 1m}}".to_owned())
            .collect();
        format!("faults=[{}]", each.join(", "))
    };
    let each = 2 * 308;
    accepted(&[&partition(EFFECTS_MAX / each)]);
    assert_eq!(
        refused(&[&partition(EFFECTS_MAX / each + 1)]),
        [format!(
            "a scenario may have {EFFECTS_MAX} effects of faults"
        )]
    );
    let cuts = vec!["{line-cut: {host: vps1, at: 1m, for: 1s}}"; FAULTS_MAX].join(", ");
    assert_eq!(
        accepted(&[&format!("faults=[{cuts}]")]).faults.len(),
        FAULTS_MAX
    );
    let one_more = "failures=[provider]";
    assert_eq!(
        refused(&[&format!("faults=[{cuts}]"), one_more]),
        [format!("a scenario may have {FAULTS_MAX} faults")]
    );
}

#[test]
fn the_hundredth_variant_is_accepted_and_the_next_refused() {
    let variants = |count: usize| {
        let each: Vec<String> = (0..count)
            .map(|number| format!("v{number}: {{}}"))
            .collect();
        format!("variants={{{}}}", each.join(", "))
    };
    accepted(&[&variants(VARIANTS_MAX)]);
    assert_eq!(
        refused(&[&variants(VARIANTS_MAX + 1)]),
        ["a scenario may have 100 variants"]
    );
}

#[test]
fn rates_and_times_have_a_largest_value() {
    let most = 1e9 / tunnelsim::notation::MEAN_GAP_NANOS_MIN;
    accepted(&[&format!("clients.spain.sessions={most}/s")]);
    assert_eq!(
        refused(&[&format!("clients.spain.sessions={}/s", most + 1.0)]),
        ["a rate may be 1000000/s at most"]
    );
    accepted(&["horizon=3653d"]);
    assert_eq!(
        refused(&["horizon=3653d1ns"]),
        ["a length of time may be 10 years (3653d) at most"]
    );
    assert_eq!(
        refused(&["horizon=0s"]),
        ["expected a length of time above 0, such as 250ms, 30s or 1m30s"]
    );
}

#[test]
fn a_trace_has_a_largest_number_of_rows() {
    let text = BASE.replace("sessions: 5/s", "sessions: {trace: day.csv}");
    let trace = |rows: usize| {
        format!(
            "at_s,client,hostname\n{}",
            "1,a,app.example.com\n".repeat(rows)
        )
    };
    assert!(read_files(&text, &[("day.csv", &trace(TRACE_ROWS_MAX))]).is_ok());
    let message = read_files(&text, &[("day.csv", &trace(TRACE_ROWS_MAX + 1))])
        .map(|_| ())
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("a trace may have 1000000 rows"),
        "{message}"
    );
    let long = format!(
        "at_s,client,hostname\n1,{},app.example.com\n",
        "a".repeat(TRACE_BYTES_MAX)
    );
    let message = read_files(&text, &[("day.csv", &long)])
        .map(|_| ())
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("a trace may have 67108864 bytes"),
        "{message}"
    );
}

#[test]
fn hostnames() {
    let hostnames = |count: usize| {
        let each: Vec<String> = (0..count)
            .map(|number| format!("h{number}.example.com: 1"))
            .collect();
        format!("clients.spain.hostname={{{}}}", each.join(", "))
    };
    let accepted = accepted(&[&hostnames(HOSTNAMES_MAX)]);
    assert_eq!(accepted.blueprint.hostnames.len(), HOSTNAMES_MAX);
    assert_eq!(
        refused(&[&hostnames(HOSTNAMES_MAX + 1)]),
        [format!("a scenario may have {HOSTNAMES_MAX} hostnames")]
    );
}

#[test]
fn ingress_rules() {
    let rules = |count: usize| {
        let each: Vec<String> = (1..count)
            .map(|number| format!("{{hostname: h{number}.example.com, service: hello_world}}"))
            .collect();
        let rules = format!(
            "tunnels.prod.ingress=[{}, {{service: hello_world}}]",
            each.join(", ")
        );
        [
            "tunnels.prod.replicas={a: {host: vps1, copies: 20}}".to_owned(),
            rules,
        ]
    };
    let most = RULES_MAX / 20;
    let [replicas, at] = rules(most);
    accepted(&[&replicas, &at]);
    let [replicas, over] = rules(most + 1);
    assert_eq!(
        refused(&[&replicas, &over]),
        [format!("a scenario may have {RULES_MAX} ingress rules")]
    );
}

#[test]
fn links() {
    let links = |count: usize| {
        let each: Vec<String> = (0..count)
            .map(|number| {
                format!(
                    "{{between: [more-{}, more-{}], round_trip: 1ms}}",
                    number / 40 + 1,
                    number % 40 + 101
                )
            })
            .collect();
        format!("links=[{}]", each.join(", "))
    };
    let more = "hosts.more={city: Dallas, copies: 200}";
    accepted(&[more, &links(LINKS_MAX)]);
    assert_eq!(
        refused(&[more, &links(LINKS_MAX + 1)]),
        [format!("a scenario may have {LINKS_MAX} links")]
    );
}

#[test]
fn expectations() {
    let expect = |count: usize| {
        format!(
            "expect=[{}]",
            vec!["{share_502: {at_most: 1%}}"; count].join(", ")
        )
    };
    accepted(&[&expect(EXPECTATIONS_MAX)]);
    assert_eq!(
        refused(&[&expect(EXPECTATIONS_MAX + 1)]),
        [format!(
            "a scenario may have {EXPECTATIONS_MAX} expectations"
        )]
    );
}

/// What is said about a scenario's variants; nothing if they are accepted.
fn about_variants(text: &str) -> String {
    match open(text).variants() {
        Ok(_) => String::new(),
        Err(found) => found.to_string(),
    }
}

/// A scenario with as many values; the lists under `filler`, which is no setting, fill it up.
fn with_values(values: usize, more: &str) -> String {
    let base = format!("{BASE}filler: {{of: []}}\n{more}");
    let wanted = values - number_of_values(&base);
    let full = format!("[{}]", vec!["1"; 9_999].join(", "));
    let mut lists = vec![full; wanted / 10_000];
    lists.extend(vec!["1".to_owned(); wanted % 10_000]);
    base.replace("[]", &format!("[{}]", lists.join(", ")))
}

#[test]
fn values_of_a_file() {
    use tunnelsim::notation::VALUES_MAX;
    let told = |text: &str| read_files(text, &[]).map(|_| ()).unwrap_err().to_string();
    let limit = format!("a file may have {VALUES_MAX} values");
    let text = with_values(VALUES_MAX, "what_to_do: nothing\n");
    let message = told(&text);
    assert!(
        !message.contains(&limit) && message.contains("`filler`"),
        "{message}"
    );
    let message = told(&text.replace("filler: {of: [", "filler: {of: [1, "));
    assert!(message.contains(&limit), "{message}");
}

#[test]
fn values_of_a_file_with_variants() {
    let text = |values| with_values(values, "variants: {v0: {}}\n");
    // The file itself and its variant.
    let most = VALUES_OF_VARIANTS_MAX / 2;
    let expected = format!("a scenario with its variants may have {VALUES_OF_VARIANTS_MAX} values");
    let message = about_variants(&text(most));
    assert!(
        !message.contains(&expected) && message.contains("`filler`"),
        "{message}"
    );
    let message = about_variants(&text(most + 1));
    assert!(message.contains(&expected), "{message}");
}

/// How many values a text has.
fn number_of_values(text: &str) -> usize {
    use tunnelsim::notation::{Problems, Sources, read};
    let (mut sources, mut problems) = (Sources::default(), Problems::default());
    let tree = read("a.yaml", text.as_bytes(), &mut sources, &mut problems);
    tree.expect("it is YAML").size()
}

#[test]
fn parts_of_variants() {
    // Two hosts, two containers, two replicas and a group; each further host is a part.
    let text = |hosts: usize, variants: usize| {
        let each: Vec<String> = (0..variants)
            .map(|number| format!("v{number}: {{}}"))
            .collect();
        let more = format!(
            "hosts:\n  more: {{city: Dallas, copies: {}, containers: {{a: {{}}, b: {{}}}}}}\n",
            hosts - 2
        );
        let variants = format!("variants: {{{}}}\n", each.join(", "));
        BASE.replace("hosts:\n", &more) + &variants
    };
    let parts = |hosts: usize| 7 + 3 * (hosts - 2);
    let hosts = 666;
    let at = PARTS_OF_VARIANTS_MAX / parts(hosts);
    assert_eq!(at, 100, "as many variants as there may be");
    assert_eq!(about_variants(&text(hosts, at)), "");
    let message = about_variants(&text(hosts + 1, at));
    let expected = format!("a scenario with its variants may have {PARTS_OF_VARIANTS_MAX} parts");
    assert!(message.contains(&expected), "{message}");
}

#[test]
fn comparisons_of_names() {
    use tunnelsim::notation::NAMES_COMPARED_MAX;
    let more = "hosts.more={city: Dallas, copies: 998}";
    // Each reference is compared with a thousand hosts; the replicas of the tunnel are two of them.
    let cuts = |count: usize| {
        let all = vec!["'*'"; count].join(", ");
        let each = (0..4).map(|_| format!("{{line-cut: {{host: [{all}], at: 1m, for: 1s}}}}"));
        format!("faults=[{}]", each.collect::<Vec<_>>().join(", "))
    };
    let most = NAMES_COMPARED_MAX / 1_000 / 4;
    accepted(&[more, &cuts(most - 1)]);
    assert_eq!(
        refused(&[more, &cuts(most)]),
        [format!(
            "the references of a scenario may be compared with {NAMES_COMPARED_MAX} names"
        )]
    );
}

#[test]
fn networks() {
    // Two hosts have a `default` each, and each copy is on as many bridges as its container says.
    let on = |bridges: usize| {
        let names: Vec<String> = (0..bridges).map(|number| format!("n{number}")).collect();
        let declared: Vec<String> = names.iter().map(|name| format!("{name}: {{}}")).collect();
        [
            format!("networks={{{}}}", declared.join(", ")),
            format!(
                "hosts.more={{city: Dallas, copies: 100, containers: {{web: {{networks: [{}]}}}}}}",
                names.join(", ")
            ),
            "hosts.one={city: Dallas, containers: {web: {networks: [n0, n1, n2]}}}".to_owned(),
            "hosts.vps1.containers.web.networks=[n0]".to_owned(),
            "hosts.vps2.containers.web.networks=[n0]".to_owned(),
            "tunnels.prod.replicas={a: {host: vps1, networks: [n0]}}".to_owned(),
        ]
    };
    let world = on(99);
    let borrowed: Vec<&str> = world.iter().map(String::as_str).collect();
    assert_eq!(
        accepted(&borrowed).blueprint.networks.len(),
        99 * 100 + 3 + 2
    );
    let world = on(101);
    let borrowed: Vec<&str> = world.iter().map(String::as_str).collect();
    assert!(refused(&borrowed).contains(&format!("a scenario may have {NETWORKS_MAX} networks")));
}

#[test]
fn as_many_replicas_as_a_file_can_hold_are_refused_and_not_built() {
    let each: Vec<String> = (0..2_000)
        .map(|number| format!("r{number}: {{host: vps1, copies: 1000}}"))
        .collect();
    let replicas = format!("tunnels.prod.replicas={{{}}}", each.join(", "));
    assert_eq!(
        refused(&[&replicas]),
        ["a tunnel may have 64 replicas in a file"]
    );
}

#[test]
fn origins_of_pools() {
    let pools = |count: usize| {
        let tunnels = 50;
        let each: Vec<String> = (0..count.div_ceil(tunnels))
            .map(|pool| {
                let here = tunnels.min(count - pool * tunnels);
                let origins: Vec<String> = (0..here)
                    .map(|t| format!("o{t}: {{tunnel: t{t}}}"))
                    .collect();
                format!("p{pool}: {{origins: {{{}}}}}", origins.join(", "))
            })
            .collect();
        let tunnels: Vec<String> = (0..tunnels)
            .map(|t| format!("t{t}: {{replicas: [vps1], ingress: [{{service: hello_world}}]}}"))
            .collect();
        [
            format!("pools={{{}}}", each.join(", ")),
            format!("tunnels={{{}}}", tunnels.join(", ")),
            "balancers.front={default_pools: [p0], fallback_pool: p0}".to_owned(),
        ]
    };
    let [one, two, three] = pools(ENDPOINTS_MAX);
    accepted(&[&one, &two, &three]);
    let [one, two, three] = pools(ENDPOINTS_MAX + 1);
    assert_eq!(
        refused(&[&one, &two, &three]),
        [format!("a scenario may have {ENDPOINTS_MAX} origins")]
    );
}
