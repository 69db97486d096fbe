use super::Entry;

/// The misconception "the second server is on standby".
pub(super) const ENTRY: Entry = Entry {
    name: "primary-standby",
    summary: "The first declared replica as long as it has a connection, then the next (the misconception \"failover only\").",
    preference: |candidate| u64::from(candidate.declared),
    takes_turns: false,
};
