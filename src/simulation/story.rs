//! The story of chosen requests, told while they happen: what `explain` prints.

use super::Simulation;
use super::session::{Asker, SessionId};
use crate::kernel::time::Time;
use crate::measure::observation::RequestId;
use crate::measure::outcome::Cause;
use crate::world::blueprint::IngressRule;
use crate::world::geography::MetroId;
use crate::world::ids::*;
use crate::world::naming::Meaning;
use crate::world::registry::Listed;

/// One moment of a request's life.
#[derive(Clone, PartialEq, Debug)]
pub enum Moment {
    /// The client sent it, and its packets go to this metro.
    Sent {
        /// The entry metro.
        metro: MetroId,
    },
    /// The edge looked at the connections it believed alive.
    Candidates {
        /// All of them, best first, each with what the belief counts against it.
        candidates: Vec<(Listed, u64)>,
        /// The one it took; none if there was none left to try.
        chosen: Option<Listed>,
    },
    /// It went into a silence.
    Silence,
    /// The data centre knew already that the connection is gone, the entry edge did not.
    Bounced,
    /// The entry edge learned that the attempt came to nothing.
    AttemptLost {
        /// Why.
        cause: Cause,
    },
    /// The edge's time-out for an answer ended.
    TimeUp,
    /// One of cloudflared's rules decided, as the connector had them at that moment.
    Rule {
        /// Its position, from 0.
        index: usize,
        /// The rule.
        rule: Box<IngressRule>,
    },
    /// The name or address in the rule was looked up.
    LookedUp {
        /// What it means where cloudflared runs.
        meaning: Meaning,
        /// The container that was found; none if none that bears the name runs.
        found: Option<ContainerId>,
    },
    /// The edge dialled a server on the public Internet itself.
    Dialled {
        /// The container.
        container: ContainerId,
    },
    /// Whoever dialled the service has given up: an answer of its own follows.
    OriginFailed {
        /// Why.
        cause: Cause,
    },
    /// A worker took it.
    Served {
        /// The container.
        container: ContainerId,
        /// When the service will have done its part.
        ends: Time,
    },
    /// It reached a container that never answers.
    Hung {
        /// The container.
        container: ContainerId,
    },
    /// The answer left the connector's host, whoever made it.
    Answered,
    /// It was closed.
    Closed,
}

/// One line of a story.
#[derive(Clone, PartialEq, Debug)]
pub struct Line {
    /// When.
    pub at: Time,
    /// Which request.
    pub request: RequestId,
    /// What.
    pub moment: Moment,
}

/// Which requests' stories are told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Focus {
    /// One request.
    Request(RequestId),
    /// All requests of one session.
    Session(GroupId, u64),
}

impl Focus {
    fn covers(self, id: RequestId) -> bool {
        match self {
            Focus::Request(request) => request == id,
            Focus::Session(group, session) => id.group == group && id.session == session,
        }
    }
}

impl Simulation<'_> {
    /// Tells the stories of these requests.
    pub fn listen(&mut self, focus: Focus) {
        self.focus = Some(focus);
    }

    /// Whether somebody listens to a session's story.
    #[inline]
    pub(super) fn is_told(&self, id: SessionId) -> bool {
        self.focus.is_some_and(|focus| {
            let session = &self.sessions[id];
            session.asker == Asker::Visitor && focus.covers(session.request_id())
        })
    }

    /// Notes a moment, if somebody listens: nearly nobody ever does.
    #[inline]
    pub(super) fn tell(&mut self, id: SessionId, moment: impl FnOnce() -> Moment) {
        if self.focus.is_some() {
            self.tell_listener(id, moment());
        }
    }

    #[cold]
    fn tell_listener(&mut self, id: SessionId, moment: Moment) {
        if self.is_told(id) {
            let line = Line {
                at: self.now(),
                request: self.sessions[id].request_id(),
                moment,
            };
            self.story.push(line);
        }
    }
}
