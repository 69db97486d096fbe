//! Where the time of a request went, told apart finer than its own parts: a failed look-up is no silence.

use crate::kernel::time::{Span, Time};
use crate::measure::observation::RequestSeen;
use crate::measure::outcome::Cause;
use crate::report::wording;
use crate::simulation::{Line, Moment};

/// What the moments of a request say about its lost time.
#[derive(Default)]
struct Lost {
    /// Until the client's packets reached an edge.
    outside: Span,
    /// On attempts that met a data centre which knew better.
    bounced: Span,
    /// What was answered by an error of the connector or the edge: the way there, and the time at the service.
    answered: Answered,
    /// The same of the present attempt, which a silence may still swallow whole.
    present: Answered,
    /// Why the service was tried in vain.
    cause: Option<Cause>,
    /// When the present attempt left the entry edge.
    left: Option<Time>,
    /// When its service was dialled.
    dialled: Option<Time>,
    /// Whether the present attempt met a data centre that knew better.
    is_bounced: bool,
}

/// The way to a service that gave no answer, and the time spent on it.
#[derive(Clone, Copy, Default)]
struct Answered {
    way: Span,
    service: Span,
}

/// The parts in words, the longest known detail of each; they add up to the time the client waited.
pub fn in_words<'a>(seen: &RequestSeen, lines: impl Iterator<Item = &'a Line>) -> String {
    let mut lost = Lost::default();
    lines.for_each(|line| lost.moment(line, seen.born));
    lost.keep_present();
    let Answered { way, service } = lost.answered;
    let told = lost.outside + lost.bounced + way + service;
    let silence = seen
        .parts
        .stalled
        .as_nanos()
        .saturating_sub(told.as_nanos());
    let parts = [
        ("until its packets reached an edge", lost.outside),
        ("on the way", seen.parts.network + way),
        ("waiting for a worker", seen.parts.waiting),
        ("in service", seen.parts.service),
        ("waiting for a store", seen.parts.store),
        (in_vain(lost.cause), service),
        ("on attempts that bounced", lost.bounced),
        (
            "lost to silence, the way there and back included",
            Span::from_nanos(silence),
        ),
    ];
    let spent = parts.iter().filter(|(_, span)| *span > Span::ZERO);
    let spent: Vec<String> = spent
        .map(|(what, span)| format!("{} {what}", wording::span(span.as_nanos())))
        .collect();
    format!("where the time went: {}", spent.join(", "))
}

fn in_vain(cause: Option<Cause>) -> &'static str {
    match cause {
        Some(Cause::NoSuchHost) => "looking up the name in vain",
        Some(Cause::OriginTimeout) => "dialling an address in vain",
        _ => "at the service in vain",
    }
}

impl Lost {
    fn moment(&mut self, line: &Line, born: Time) {
        let at = line.at;
        match &line.moment {
            Moment::Sent { .. } => self.outside = at.saturating_since(born),
            Moment::Candidates { .. } => {
                self.keep_present();
                (self.left, self.dialled) = (Some(at), None);
            }
            Moment::Dialled { .. } => {
                self.keep_present();
                (self.left, self.dialled) = (Some(at), Some(at));
            }
            Moment::LookedUp { .. } => self.dialled = Some(at),
            Moment::Bounced => self.is_bounced = true,
            Moment::OriginFailed { cause } => self.origin_failed(at, *cause),
            Moment::AttemptLost { .. } | Moment::TimeUp => self.attempt_lost(at),
            _ => {}
        }
    }

    fn origin_failed(&mut self, at: Time, cause: Cause) {
        self.cause = Some(cause);
        if let (Some(left), Some(dialled)) = (self.left, self.dialled) {
            self.present = Answered {
                way: dialled.saturating_since(left),
                service: at.saturating_since(dialled),
            };
        }
    }

    fn attempt_lost(&mut self, at: Time) {
        self.present = Answered::default();
        let is_bounced = std::mem::take(&mut self.is_bounced);
        if let Some(left) = self.left.take().filter(|_| is_bounced) {
            self.bounced += at.saturating_since(left);
        }
    }

    /// The present attempt ended in an answer.
    fn keep_present(&mut self) {
        let Answered { way, service } = std::mem::take(&mut self.present);
        self.answered.way += way;
        self.answered.service += service;
    }
}
