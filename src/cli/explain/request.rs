//! The story of one request.

use std::fmt::Write;

use super::super::words;
use super::meanwhile;
use super::names::Names;
use super::session::state_in_words;
use super::witness::Heard;
use crate::kernel::time::{Span, Time};
use crate::measure::observation::{Entity, Happening, RequestId, RequestSeen};
use crate::measure::outcome::Outcome;
use crate::report::wording;
use crate::simulation::{Line, Moment};
use crate::world::ids::{ConnectionRef, Position, TunnelId};
use crate::world::registry::Listed;

/// Candidates that are listed one by one.
const CANDIDATES_TOLD: usize = 8;

/// Tells the story of a request; none if it did not happen.
pub fn tell(id: RequestId, heard: &Heard, names: &Names<'_>) -> Option<String> {
    let seen = heard.request(id)?;
    let mut story = Story {
        names,
        heard,
        seen,
        connection: None,
        silent_since: None,
        rule: None,
        text: String::new(),
    };
    story.line(&head(seen, names));
    for line in heard.lines.iter().filter(|line| line.request == id) {
        story.moment(line);
    }
    story.line(&format!("  {}", sum_of_parts(seen)));
    if let Some(state) = state_in_words(seen, heard, names) {
        story.line(&format!("  {state}"));
    }
    for line in meanwhile::tell(seen, heard, names) {
        story.line(&format!("  {line}"));
    }
    Some(story.text)
}

/// The request in one line: what it was, how it ended.
pub fn head(seen: &RequestSeen, names: &Names<'_>) -> String {
    let method = if seen.is_write { "POST" } else { "GET" };
    let hostname = &names.scope.hostnames[seen.hostname.index()].name;
    let end = match (seen.outcome, seen.status) {
        (Outcome::Success, status) => format!("{status}"),
        (Outcome::Failed(cause), 0) => format!("no answer, {}: {}", cause.name(), cause.in_words()),
        (Outcome::Failed(cause), status) => {
            format!("{status}, {}: {}", cause.name(), cause.in_words())
        }
    };
    let took = wording::span(seen.latency().as_nanos());
    format!(
        "request {}: {method} {hostname}, {end}, after {took}",
        words::request(seen.id, &names.scope)
    )
}

/// Where each millisecond went.
fn sum_of_parts(seen: &RequestSeen) -> String {
    let parts = [
        ("on the way", seen.parts.network),
        ("waiting for a worker", seen.parts.waiting),
        ("in service", seen.parts.service),
        ("waiting for a store", seen.parts.store),
        ("lost on silence and failed attempts", seen.parts.stalled),
    ];
    let spent = parts.iter().filter(|(_, span)| *span > Span::ZERO);
    let spent: Vec<String> = spent
        .map(|(what, span)| format!("{} {what}", wording::span(span.as_nanos())))
        .collect();
    format!("where the time went: {}", spent.join(", "))
}

/// A story while it is written.
struct Story<'a> {
    names: &'a Names<'a>,
    heard: &'a Heard,
    seen: &'a RequestSeen,
    connection: Option<ConnectionRef>,
    silent_since: Option<Time>,
    rule: Option<usize>,
    text: String,
}

impl Story<'_> {
    fn line(&mut self, text: &str) {
        let _ = writeln!(self.text, "{text}");
    }

    /// A moment with its clock and its distance from the beginning.
    fn at(&mut self, at: Time, text: &str) {
        let since = wording::span(at.saturating_since(self.seen.born).as_nanos());
        let _ = writeln!(self.text, "  {at}  {:>9}  {text}", format!("+{since}"));
    }

    /// A further fact about the moment before.
    fn more(&mut self, text: &str) {
        let _ = writeln!(self.text, "{:28}{text}", "");
    }

    fn moment(&mut self, line: &Line) {
        let at = line.at;
        match &line.moment {
            Moment::Sent { metro } => {
                let entry = self.names.metro(*metro);
                self.at(
                    at,
                    &format!("sent; the network brings it to the edge in {entry}"),
                );
            }
            Moment::Candidates { candidates, chosen } => self.choice(at, candidates, *chosen),
            Moment::Silence => {
                self.silent_since = Some(at);
                self.at(
                    at,
                    "it goes into a silence: nothing comes back, and nobody knows yet",
                );
            }
            Moment::AttemptLost { cause } => self.attempt_lost(at, cause.in_words()),
            Moment::Rule { index } => self.rule(at, *index),
            Moment::Served { container, ends } => {
                let name = self.names.container(*container).to_owned();
                let takes = wording::span(ends.saturating_since(at).as_nanos());
                self.at(at, &format!("a worker of {name} takes it, for {takes}"));
            }
            Moment::Hung { container } => {
                let name = self.names.container(*container).to_owned();
                self.at(at, &format!("{name} accepts it and never answers"));
            }
            Moment::Answered => self.at(at, "the answer leaves the host"),
            Moment::Closed => {
                let end = match (self.seen.outcome, self.seen.status) {
                    (_, 0) => "the client stops waiting, without an answer".to_owned(),
                    (Outcome::Success, status) => format!("the client has its answer, {status}"),
                    (Outcome::Failed(_), status) => format!("the client sees {status}"),
                };
                self.at(at, &end);
            }
        }
    }

    /// What the edge could choose from, and why it took the one it took.
    fn choice(&mut self, at: Time, candidates: &[(Listed, u64)], chosen: Option<Listed>) {
        let Some((listed, _)) = candidates.first() else {
            return self.at(at, "the edge believes no connection of the tunnel alive");
        };
        let names = self.names;
        let tunnel = names.scope.tunnel_of(listed.connection.replica);
        let count = candidates.len();
        let belief = names.belief(tunnel);
        self.at(
            at,
            &format!("the edge believes {count} connections alive; under `{belief}`, best first:"),
        );
        for (listed, preference) in candidates.iter().take(CANDIDATES_TOLD) {
            let is_chosen = chosen.is_some_and(|it| it.connection == listed.connection);
            let text = candidate(*listed, *preference, tunnel, names);
            self.more(&format!("{} {text}", if is_chosen { "->" } else { "  " }));
        }
        if count > CANDIDATES_TOLD {
            self.more(&format!("   and {} more", count - CANDIDATES_TOLD));
        }
        match chosen {
            Some(listed) => {
                self.connection = Some(listed.connection);
                let equals = equals(candidates, listed);
                if equals > 1 {
                    self.more(&format!(
                        "{equals} are equally good; chance decides between them"
                    ));
                }
            }
            None => self.more("none of them is left to try"),
        }
    }

    /// How long an attempt was silent, and who noticed.
    fn attempt_lost(&mut self, at: Time, cause: &str) {
        let name = self
            .connection
            .map_or_else(|| "the server".to_owned(), |it| self.names.connection(it));
        match self.silent_since.take() {
            Some(since) => {
                let silent = wording::span(at.saturating_since(since).as_nanos());
                self.at(
                    at,
                    &format!("the attempt at {name} is lost after {silent} of silence: {cause}"),
                );
            }
            None => self.at(at, &format!("the attempt at {name} is lost: {cause}")),
        }
        if let Some(connection) = self.connection {
            for text in notices(connection, at, self.heard, self.names) {
                self.more(&text);
            }
        }
    }

    fn rule(&mut self, at: Time, index: usize) {
        self.rule = Some(index);
        let Some(connection) = self.connection else {
            return self.at(at, &format!("rule {} decides", index + 1));
        };
        let name = &self.names.scope.replicas[connection.replica.index()].name;
        let rule = self.names.rule_in_words(connection.replica, index);
        self.at(at, &format!("cloudflared {name} has it; {rule}"));
        if let Some(meaning) = self.names.meaning_in_words(connection.replica, index) {
            self.more(&meaning);
        }
    }
}

fn candidate(listed: Listed, preference: u64, tunnel: TunnelId, names: &Names<'_>) -> String {
    let weight = names.preference(tunnel, preference);
    format!(
        "{:<20} {} {weight}",
        names.connection(listed.connection),
        listed.metro
    )
    .trim_end()
    .to_owned()
}

/// How many candidates are as good as this one.
fn equals(candidates: &[(Listed, u64)], chosen: Listed) -> usize {
    let of = |wanted: Listed| {
        candidates
            .iter()
            .find(|(it, _)| it.connection == wanted.connection)
            .map(|(_, p)| *p)
    };
    let best = of(chosen);
    candidates
        .iter()
        .filter(|(_, preference)| Some(*preference) == best)
        .count()
}

/// When a connection died, and who noticed it when.
fn notices(
    connection: ConnectionRef,
    until: Time,
    heard: &Heard,
    names: &Names<'_>,
) -> Vec<String> {
    let of_connection = |change: &&crate::measure::observation::Change| {
        change.entity == Entity::Connection(connection)
    };
    let severed = heard.between(Time::ZERO, until).filter(of_connection);
    let Some((since, by)) = severed
        .filter_map(|change| match change.what {
            Happening::Severed { by } => Some((change.at, by)),
            _ => None,
        })
        .last()
    else {
        return Vec::new();
    };
    let fault = &names.scope.faults[by.index()].name;
    let mut told = vec![format!("{fault} took the connection away at {since}")];
    for change in heard.between(since, Time::MAX).filter(of_connection) {
        let after = wording::span(change.at.since(since).as_nanos());
        match change.what {
            Happening::EdgeCloses { noticed: true } => {
                told.push(format!(
                    "the edge noticed the silence at {}, {after} later",
                    change.at
                ));
            }
            Happening::EdgeCloses { noticed: false } => {
                told.push(format!("the edge was told at {}", change.at))
            }
            Happening::ConnectorCloses => told.push(format!(
                "the connector gave it up at {}, {after} later",
                change.at
            )),
            Happening::Withdrawn => {
                told.push(format!(
                    "from {} on, {after} later, no edge chose it any more",
                    change.at
                ));
            }
            // What follows belongs to another life of the connection.
            Happening::Registers { .. } => break,
            _ => {}
        }
    }
    told
}
