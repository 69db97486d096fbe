//! Which hostname leads where, now, and who may change it.

use super::blueprint::{Blueprint, DnsRecord, DnsTarget};
use super::ids::*;

/// What the provider says to a request for a second record on one name.
pub const RECORD_EXISTS: &str = "Failed to add route: code: 1003, reason: An A, AAAA, or CNAME record with that host already exists.";

/// What comes of asking for a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    /// The name was free.
    Created,
    /// The name is taken: code 1003 (81053 of the API).
    Refused,
    /// The record will replace the old one.
    Replaces,
}

/// The records in force.
#[derive(Debug)]
pub struct Dns {
    tunnels: Arena<HostnameId, Option<DnsTarget>>,
    balancers: Arena<HostnameId, Option<DnsTarget>>,
}

impl Dns {
    /// No records.
    pub fn new(plan: &Blueprint) -> Self {
        Dns {
            tunnels: plan.hostnames.map(|_| None),
            balancers: plan.hostnames.map(|_| None),
        }
    }

    /// Where a hostname leads: a load balancer's record wins over a tunnel's.
    pub fn target(&self, hostname: HostnameId) -> Option<DnsTarget> {
        self.balancers[hostname].or(self.tunnels[hostname])
    }

    /// Somebody asks for a record. A free name gets it at once; an overwritten one once it is in force.
    pub fn ask(&mut self, record: &DnsRecord) -> Answer {
        let slot = self.slot(record);
        match (*slot, record.overwrite) {
            (None, _) => {
                *slot = Some(record.target);
                Answer::Created
            }
            (Some(_), false) => Answer::Refused,
            (Some(_), true) => Answer::Replaces,
        }
    }

    /// An overwritten record is in force.
    pub fn replace(&mut self, record: &DnsRecord) {
        *self.slot(record) = Some(record.target);
    }

    fn slot(&mut self, record: &DnsRecord) -> &mut Option<DnsTarget> {
        match record.target {
            DnsTarget::Balancer(_) => &mut self.balancers[record.hostname],
            DnsTarget::Tunnel(_) | DnsTarget::Nowhere => &mut self.tunnels[record.hostname],
        }
    }
}
