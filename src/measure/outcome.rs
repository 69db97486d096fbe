//! How a request ends: one outcome, and one cause from a closed list if it failed.

use serde::Serialize;

macro_rules! causes {
    ($($(#[$doc:meta])* $variant:ident $name:literal $status:expr, $words:literal;)+) => {
        /// Why a request failed. The list is closed: every failure has exactly one of these.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Cause { $($(#[$doc])* $variant,)+ }

        impl Cause {
            /// Every cause, in the order of the ledger.
            pub const ALL: &'static [Cause] = &[$(Cause::$variant),+];

            /// The status the client sees; none when it sees no answer, or the rule's own code.
            pub fn status(self) -> Option<u16> {
                match self { $(Cause::$variant => $status,)+ }
            }

            /// The name used in files: kebab-case.
            pub fn name(self) -> &'static str {
                match self { $(Cause::$variant => $name,)+ }
            }

            /// What happened, in plain words.
            pub fn in_words(self) -> &'static str {
                match self { $(Cause::$variant => $words,)+ }
            }
        }
    };
}

causes! {
    /// The host of the service is up and nothing listens on the port.
    OriginRefused "origin-refused" Some(502), "nothing listening at the service's address";
    /// The name of the service does not resolve where cloudflared runs.
    NoSuchHost "no-such-host" Some(502), "the service's name does not resolve there";
    /// Nothing answers at the address of the service.
    OriginTimeout "origin-timeout" Some(502), "nothing answered at the service's address";
    /// The service went away while the request was there.
    OriginReset "origin-reset" Some(502), "the service died under the request";
    /// The edge chose a connection that was dead, and no other could be tried: nobody had noticed, or not everybody.
    DeadConnection "dead-connection" Some(502), "connection dead, not yet known to every edge";
    /// The connection was lost while the request was under way, and no other could be tried.
    StreamCut "stream-cut" Some(502), "connection lost under the request";
    /// Nothing came back within the edge's time-out.
    OriginHung "origin-hung" Some(524), "no answer within the edge's time-out";
    /// The connector has no rules.
    NoRules "no-rules" Some(503), "connector without rules";
    /// The service's queue was full.
    QueueFull "queue-full" Some(503), "the service's queue was full";
    /// The service could not reach its store.
    StoreUnreachable "store-unreachable" Some(500), "the service could not reach its store";
    /// An incident at the provider, whatever the replicas do.
    ProviderIncident "provider-incident" Some(500), "incident at the provider";
    /// The tunnel has no connection (error 1033).
    NoConnector "no-connector" Some(530), "no connector on the tunnel";
    /// The hostname leads nowhere: no such tunnel or record, or a balancer without an endpoint (error 1016).
    NoTunnel "no-tunnel" Some(530), "the hostname leads to no tunnel";
    /// The status that a rule was configured to answer, 400 or above.
    ConfiguredStatus "configured-status" None, "a rule's fixed status";
    /// The client's packets reached no edge.
    EdgeUnreachable "edge-unreachable" None, "the client's packets reached no edge";
    /// The client's patience ended.
    ClientGaveUp "client-gave-up" None, "the client gave up waiting";
}

impl Cause {
    /// The status the client sees if the edge dialled the server itself, without a tunnel.
    ///
    /// Source: the vendor's page of 5xx errors (520 for a connection that the server resets, 521 for one it refuses,
    /// 522 for one it does not take).
    pub fn status_dialled_by_edge(self) -> Option<u16> {
        match self {
            Cause::OriginReset => Some(520),
            Cause::OriginRefused => Some(521),
            Cause::OriginTimeout | Cause::NoSuchHost => Some(522),
            _ => self.status(),
        }
    }

    /// The cause's position in [`Cause::ALL`].
    #[inline]
    pub fn index(self) -> usize {
        self as usize
    }
}

/// How a request ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The service answered.
    Success,
    /// It did not.
    Failed(Cause),
}

impl Outcome {
    /// How many outcomes there are: success and every cause.
    pub const COUNT: usize = Cause::ALL.len() + 1;

    /// 0 for success, then the causes in order.
    #[inline]
    pub fn index(self) -> usize {
        match self {
            Outcome::Success => 0,
            Outcome::Failed(cause) => cause.index() + 1,
        }
    }

    /// Whether the service answered.
    #[inline]
    pub fn is_success(self) -> bool {
        self == Outcome::Success
    }

    /// `success`, or the cause's name.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Success => "success",
            Outcome::Failed(cause) => cause.name(),
        }
    }
}
