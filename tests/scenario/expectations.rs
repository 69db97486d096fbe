//! What a scenario says must come out.

use crate::support::{accepted, refused, warned};

#[test]
fn an_expectation_about_the_time_after_the_end_is_pointed_out() {
    let late = "expect=[failed_share: {from: 1m, exactly: 0%}]";
    let pointed_out = warned(&["horizon=1m", "faults=[]", late]);
    assert_eq!(pointed_out, ["no session begins after the end of the run"]);
}

#[test]
fn a_metric_about_one_thing_needs_its_name() {
    for metric in ["uptime_share", "unavailability"] {
        accepted(&[&format!(
            "expect=[{{{metric}: {{at_least: 1%, host: vps1}}}}]"
        )]);
        assert_eq!(
            refused(&[&format!("expect=[{{{metric}: {{at_least: 1%}}}}]")]),
            [format!(
                "`{metric}` needs a filter that names what it is about"
            )]
        );
        assert_eq!(
            refused(&[&format!(
                "expect=[{{{metric}: {{at_least: 1%, replica: prod/vps1, connection: 0}}}}]"
            )]),
            [format!("`{metric}` cannot be filtered by `connection`")]
        );
    }
}

#[test]
fn without_clients_no_requests_are_expected() {
    let requests = accepted(&["clients="]).expected_requests;
    assert!(requests == 0.0 && requests.is_sign_positive(), "{requests}");
}
