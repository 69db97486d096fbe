//! Tunnels, their rules, and the names that lead to them.

use crate::support::{BASE, accepted, read_files, refused, warned};
use tunnelsim::kernel::time::Span;
use tunnelsim::world::blueprint::*;
use tunnelsim::world::ids::*;

const CONFIG: &str = "
tunnel: 6ff42ae2
credentials-file: /etc/cloudflared/6ff42ae2.json
ingress:
  - hostname: app.example.com
    service: http://web:3000
    originRequest: {connectTimeout: 7s}
  - service: http_status:404
";

#[test]
fn rules_may_stand_in_a_file_of_cloudflared() {
    let start = BASE.find("    ingress:").unwrap();
    let text = format!("{}    ingress: config.yml\n", &BASE[..start]);
    let scenario =
        read_files(&text, &[("config.yml", CONFIG)]).unwrap_or_else(|found| panic!("{found}"));
    let rules = scenario.blueprint.tunnels.values()[0]
        .remote_rules
        .clone()
        .unwrap();
    assert_eq!(
        (rules.len(), rules[0].connect_timeout),
        (2, Span::from_secs(7))
    );
    let broken = CONFIG.replace("http_status:404", "nonsense");
    let message = read_files(&text, &[("config.yml", &broken)])
        .unwrap_err()
        .to_string();
    assert!(message.contains("--> config.yml:8:14"), "{message}");
}

#[test]
fn a_remote_tunnel_has_one_set_of_rules_and_a_local_one_a_file_for_each_replica() {
    let world = accepted(&[]).blueprint;
    assert!(world.tunnels.values()[0].remote_rules.is_some());
    assert!(world.replicas.values()[0].local_rules.is_none());
    let local = accepted(&[
        "tunnels.prod.config=local",
        "tunnels.prod.replicas={a: {host: vps1}, b: {host: vps2, ingress: [{service: http_status:404}]}}",
    ])
    .blueprint;
    assert!(local.tunnels.values()[0].remote_rules.is_none());
    let rules: Vec<usize> = local
        .replicas
        .values()
        .iter()
        .map(|it| it.local_rules.as_ref().unwrap().len())
        .collect();
    assert_eq!(rules, [2, 1]);
}

#[test]
fn without_dns_every_hostname_leads_to_the_only_tunnel() {
    let records = accepted(&["clients.spain.hostname={a.example: 1, b.example: 1}"])
        .blueprint
        .records;
    assert!(
        records
            .values()
            .iter()
            .all(|record| record.target == DnsTarget::Tunnel(TunnelId(0)))
    );
    assert_eq!(records.len(), 2);
    let two = "tunnels.other={replicas: [vps1], ingress: [{service: 'http://web:3000'}]}";
    assert_eq!(
        refused(&[two]),
        ["this scenario needs `dns`, the way from hostnames to tunnels"]
    );
}

#[test]
fn a_second_record_for_a_name_is_no_error_but_an_event() {
    let records = accepted(&[
        "dns=[{hostname: a.example, tunnel: prod}, {hostname: a.example, deleted_tunnel: true, at: 1m, overwrite: true}]",
    ])
    .blueprint
    .records;
    assert_eq!(records.values()[1].target, DnsTarget::Nowhere);
    assert_eq!(
        (records.values()[1].at, records.values()[1].overwrite),
        (Span::from_secs(60), true)
    );
    assert_eq!(
        refused(&["dns=[{hostname: a.example}]"]),
        ["a record leads to exactly one thing"]
    );
}

#[test]
fn edges_are_pinned_for_each_group_or_each_connection() {
    let edges = |text: &str| {
        let overrides = format!("tunnels.prod.replicas={{a: {{host: vps1, edges: {text}}}}}");
        accepted(&[&overrides]).blueprint.replicas.values()[0]
            .edges
            .clone()
    };
    assert_eq!(edges("[FRA, FRA]").len(), 2);
    assert_eq!(edges("[FRA1, FRA2, fra3, FRA4]")[2].number, Some(3));
}

#[test]
fn a_service_that_one_replica_lacks_is_a_warning() {
    let messages = warned(&[
        "hosts.vps2.containers.web=",
        "hosts.vps2.containers.grafana={port: 3000}",
    ]);
    assert_eq!(messages, ["not every replica can serve this rule"]);
}

#[test]
fn a_local_rule_that_its_own_replica_cannot_serve_is_a_warning_at_that_rule() {
    let own = |service: &str| format!("ingress: [{{service: '{service}'}}]");
    let replicas = format!(
        "tunnels.prod.replicas={{a: {{host: vps1, {}}}, b: {{host: vps2, copies: 2, {}}}, c: {{host: vps2}}}}",
        own("http://web:3000"),
        own("http://grafana:3000")
    );
    let overrides = ["tunnels.prod.config=local", &replicas];
    assert_eq!(
        warned(&overrides),
        ["not every replica can serve this rule"]
    );
    let shown = accepted(&overrides).warnings.to_string();
    assert!(shown.contains("--> --set"), "{shown}");
    assert!(
        shown.contains("`grafana` does not exist for `b-1`, `b-2`:"),
        "{shown}"
    );
}

/// What is said of a rule with this service, with what is under the help.
fn said_of(service: &str, more: &[&str]) -> String {
    let rule = format!("tunnels.prod.ingress=[{{service: '{service}'}}]");
    let scenario = accepted(&[more, &[&rule]].concat());
    let problems = scenario.warnings.problems.sorted();
    let in_one_line = problems.iter().map(|problem| {
        let help = problem.help.as_deref().unwrap_or_default();
        format!("{}: {} ({help})", problem.message, problem.label)
    });
    in_one_line.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_rule_that_nobody_can_serve_is_explained_by_its_cause() {
    let nobody = "no replica can serve this rule: ";
    assert_eq!(
        said_of("http://wbe:3000", &[]),
        format!(
            "{nobody}`wbe` does not exist for `vps1`, `vps2`: requests sent there get a 502 (did you mean the container \
             `web`?)"
        )
    );
    let port = said_of("http://web:8080", &[]);
    assert!(
        port.starts_with(&format!(
            "{nobody}`web` listens on port 3000 and not on 8080"
        )),
        "{port}"
    );
    assert!(
        port.contains("(write `web:3000` here, or `port: 8080` at the container)"),
        "{port}"
    );
    let local = said_of("http://localhost:3000", &[]);
    assert!(
        local.starts_with(&format!(
            "{nobody}nothing is published on port 3000 of `localhost`"
        )),
        "{local}"
    );
    let silent = said_of("http://10.0.0.9:3000", &[]);
    assert!(
        silent.contains("nobody has the address 10.0.0.9") && silent.contains("wait 30s"),
        "{silent}"
    );
    let apart = said_of(
        "http://web:3000",
        &[
            "networks={tunnel: {}}",
            "tunnels.prod.replicas={a: {host: vps1, networks: [tunnel]}}",
        ],
    );
    assert!(
        apart.contains("the container is there, but a name is known only"),
        "{apart}"
    );
}

#[test]
fn a_second_rule_for_a_hostname_is_a_warning() {
    let messages = warned(&[
        "tunnels.prod.ingress=[{hostname: app.example.com, service: 'http://web:3000'}, {hostname: app.example.com, \
         service: http_status:503}, {service: http_status:404}]",
    ]);
    assert_eq!(messages, ["this rule is never used: the first match wins"]);
}

#[test]
fn a_tunnel_without_rules_is_a_warning() {
    assert_eq!(
        warned(&["tunnels.prod.ingress="]),
        ["this tunnel has replicas without ingress rules"]
    );
}

#[test]
fn every_routing_belief_is_known_and_no_other() {
    for belief in [
        "closest",
        "fastest",
        "alternating",
        "any",
        "primary-standby",
    ] {
        let world = accepted(&[&format!("tunnels.prod.routing={belief}")]).blueprint;
        assert_eq!(world.tunnels.values()[0].routing, belief);
    }
    assert_eq!(refused(&["tunnels.prod.routing=nearest"]).len(), 1);
}

#[test]
fn exact_takes_chance_out_of_the_network_except_where_it_is_written() {
    let settings = accepted(&["exact=true", "internet.jitter=true"])
        .blueprint
        .settings;
    assert_eq!(settings.catchment.name(), "ideal");
    assert!(settings.jitter && !settings.path_factors && !settings.access_spread);
    assert!(accepted(&[]).blueprint.settings.path_factors);
}
