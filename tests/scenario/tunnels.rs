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
fn a_second_rule_for_a_hostname_is_a_warning() {
    let messages = warned(&[
        "tunnels.prod.ingress=[{hostname: app.example.com, service: 'http://web:3000'}, {hostname: app.example.com, \
         service: 'http://web:4000'}, {service: http_status:404}]",
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
