//! The story of one request.

use std::fmt::Write;

use super::super::words;
use super::connection;
use super::meanwhile;
use super::names::Names;
use super::session::state_in_words;
use super::witness::Heard;
use crate::kernel::time::{Span, Time};
use crate::measure::observation::{RequestId, RequestSeen};
use crate::measure::outcome::Outcome;
use crate::report::wording;
use crate::simulation::{Line, Moment};
use crate::world::ids::{ConnectionRef, Position};
use crate::world::registry::Listed;

/// Tells the story of a request; none if it did not happen.
pub fn tell(id: RequestId, heard: &Heard, names: &Names<'_>) -> Option<String> {
    let seen = heard.request(id)?;
    let mut story = Story {
        names,
        heard,
        seen,
        connection: None,
        silent_since: None,
        tried: Vec::new(),
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
    tried: Vec<ConnectionRef>,
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
        let belief = self
            .names
            .belief(self.names.scope.tunnel_of(listed.connection.replica));
        let count = candidates.len();
        let text =
            format!("the edge believes {count} connections alive; under `{belief}`, best first:");
        self.at(at, &text);
        for text in connection::candidates(candidates, chosen, &self.tried, self.names) {
            self.more(&text);
        }
        self.connection = chosen.map(|listed| listed.connection);
        self.tried.extend(self.connection);
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
            for text in connection::notices(connection, at, self.heard, self.names) {
                self.more(&text);
            }
        }
    }

    fn rule(&mut self, at: Time, index: usize) {
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
