//! The story of one request.

use std::fmt::Write;

use super::connection;
use super::meanwhile;
use super::names::{LookUp, Names};
use super::parts;
use super::session::state_in_words;
use super::witness::Heard;
use crate::kernel::time::Time;
use crate::measure::observation::{RequestId, RequestSeen};
use crate::measure::outcome::Outcome;
use crate::report::{wording, words};
use crate::simulation::{Line, Moment};
use crate::world::blueprint::IngressRule;
use crate::world::ids::{ConnectionRef, ContainerId, Position};
use crate::world::naming::Meaning;
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
        is_bounced: false,
        is_served: false,
        rule: None,
        tried: Vec::new(),
        text: String::new(),
    };
    story.line(&head(seen, names));
    for line in heard.moments(id) {
        story.moment(line);
    }
    story.line(&format!("  {}", parts::in_words(seen, heard.moments(id))));
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

/// A story while it is written.
struct Story<'a> {
    names: &'a Names<'a>,
    heard: &'a Heard,
    seen: &'a RequestSeen,
    connection: Option<ConnectionRef>,
    silent_since: Option<Time>,
    is_bounced: bool,
    is_served: bool,
    rule: Option<&'a IngressRule>,
    tried: Vec<ConnectionRef>,
    text: String,
}

impl<'a> Story<'a> {
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

    fn moment(&mut self, line: &'a Line) {
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
            Moment::Bounced => {
                self.is_bounced = true;
                self.at(
                    at,
                    "its data centre has closed the connection, which not every edge knows yet: it bounces",
                );
            }
            Moment::AttemptLost { cause } => self.attempt_lost(at, cause.in_words()),
            Moment::TimeUp => self.at(at, "the edge waits no longer"),
            Moment::Rule { index, rule } => self.rule(at, *index, rule),
            Moment::LookedUp { meaning, found } => self.look_up(at, meaning, *found),
            Moment::Dialled { container } => {
                let name = self.names.container(*container).to_owned();
                self.at(
                    at,
                    &format!("the edge dials {name} itself, without a tunnel"),
                );
            }
            Moment::OriginFailed { cause } => self.origin_failed(at, cause.in_words()),
            Moment::Served { container, ends } => {
                let name = self.names.container(*container).to_owned();
                let takes = wording::span(ends.saturating_since(at).as_nanos());
                self.is_served = true;
                self.at(at, &format!("a worker of {name} takes it, for {takes}"));
            }
            Moment::Hung { container } => {
                let name = self.names.container(*container).to_owned();
                self.at(at, &format!("{name} accepts it and never answers"));
            }
            Moment::Answered if self.is_served => self.at(at, "the answer leaves the host"),
            Moment::Answered => {
                let own = format!("cloudflared's own {} leaves the host", self.seen.status);
                self.at(at, &own);
            }
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
        let is_bounced = std::mem::take(&mut self.is_bounced);
        self.is_served = false;
        let how = match self.silent_since.take() {
            Some(since) => {
                let silent = wording::span(at.saturating_since(since).as_nanos());
                format!("is lost after {silent} of silence: {cause}")
            }
            None if is_bounced => "is back at the entry edge".to_owned(),
            None => format!("is lost: {cause}"),
        };
        self.at(at, &format!("the attempt at {name} {how}"));
        if let Some(connection) = self.connection {
            for text in connection::notices(connection, at, self.heard, self.names) {
                self.more(&text);
            }
        }
    }

    fn rule(&mut self, at: Time, index: usize, rule: &'a IngressRule) {
        self.rule = Some(rule);
        let text = self.names.rule_in_words(index, rule);
        let scope = &self.names.scope;
        let who = self.connection.map_or_else(String::new, |connection| {
            format!(" {}", scope.replicas[connection.replica.index()].name)
        });
        self.at(at, &format!("cloudflared{who} has it; {text}"));
    }

    /// What the name in the rule led to at that moment.
    fn look_up(&mut self, at: Time, meaning: &Meaning, found: Option<ContainerId>) {
        let (Some(rule), Some(connection)) = (self.rule, self.connection) else {
            return;
        };
        let look_up = LookUp {
            replica: connection.replica,
            rule,
            at,
            meaning,
            found,
            heard: self.heard,
        };
        if let Some(text) = self.names.look_up_in_words(&look_up) {
            self.more(&text);
        }
    }

    fn origin_failed(&mut self, at: Time, cause: &str) {
        self.is_served = false;
        let who = match self.rule {
            Some(_) => "cloudflared",
            None => "the edge",
        };
        self.at(at, &format!("{who} gives up: {cause}"));
    }
}
