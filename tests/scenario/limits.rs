//! Every limit, at it and just over it.

use crate::support::{BASE, accepted, read_files, refused, warned};
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
        "a scenario may have 10000 containers"
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
        ["a scenario may have 1000000 effects of faults"]
    );
    let cuts = vec!["{line-cut: {host: vps1, at: 1m, for: 1s}}"; FAULTS_MAX].join(", ");
    assert_eq!(
        accepted(&[&format!("faults=[{cuts}]")]).faults.len(),
        FAULTS_MAX
    );
    let one_more = "failures=[provider]";
    assert_eq!(
        refused(&[&format!("faults=[{cuts}]"), one_more]),
        ["a scenario may have 10000 faults"]
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
    accepted(&["clients.spain.sessions=1000000/s"]);
    assert_eq!(
        refused(&["clients.spain.sessions=1000001/s"]),
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
