//! Users, carts and log-ins.

use super::harm::{part_of, share_of};
use crate::measure::observation::BreakCause;
use crate::measure::sessions::SessionCounts;
use crate::report::gathered::Gathered;
use crate::report::page::Page;
use crate::report::wording::count;

pub(super) fn add(page: &mut Page, runs: &Gathered) {
    let total = runs.all_sessions();
    if total.unharmed < total.sessions() {
        let harmed = part_of(runs, "sessions", |row| {
            (
                row.sessions.sessions() - row.sessions.unharmed,
                row.sessions.sessions(),
            )
        });
        let left = match total.abandoned {
            0 => String::new(),
            n => format!("; {} left after an error", count(n)),
        };
        page.fact("users", format!("{harmed} saw at least one failure{left}"));
    }
    if total.carts > 0 {
        let lost = part_of(runs, "carts lost", |row| {
            (row.sessions.carts_lost, row.sessions.carts)
        });
        page.fact("carts", lost_with_reasons(&lost, total.carts_lost, &total));
    }
    if total.logins > 0 {
        let lost = part_of(runs, "log-ins lost", |row| {
            (row.sessions.logins_lost, row.sessions.logins)
        });
        page.fact(
            "log-ins",
            lost_with_reasons(&lost, total.logins_lost, &total),
        );
    }
    if total.checkouts_lost > 0 {
        let lost = share_of(runs, |row| {
            (row.sessions.checkouts_lost, row.sessions.cart_sessions)
        });
        page.fact(
            "",
            format!("{} checkouts lost ({lost})", count(total.checkouts_lost)),
        );
    }
    if total.hopped > 0 && total.carts + total.logins > 0 {
        let hopped = part_of(runs, "sessions", |row| {
            (row.sessions.hopped, row.sessions.sessions())
        });
        page.fact(
            "",
            format!("{hopped} were answered by more than one replica"),
        );
    }
}

fn lost_with_reasons(part: &str, lost: u64, total: &SessionCounts) -> String {
    let reasons = [
        (
            BreakCause::ReplicaSwitch,
            "replica switch with a local store",
        ),
        (BreakCause::StoreLost, "store lost"),
        (BreakCause::StaleCopy, "a copy that was behind"),
    ];
    let present: Vec<(u64, &str)> = reasons
        .into_iter()
        .map(|(cause, words)| (total.broken_by(cause), words))
        .filter(|&(n, _)| n > 0)
        .collect();
    match present.as_slice() {
        _ if lost == 0 => part.to_owned(),
        [] => part.to_owned(),
        [(_, words)] => format!("{part}: {words}"),
        several => {
            let texts: Vec<String> = several
                .iter()
                .map(|(n, words)| format!("{} {words}", count(*n)))
                .collect();
            format!("{part}; broken sessions: {}", texts.join(", "))
        }
    }
}
