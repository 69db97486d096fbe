use super::Entry;

/// The vendor's text before 2023: "will pick any connection".
pub(super) const ENTRY: Entry = Entry {
    name: "any",
    summary: "Any connection of the tunnel, all equally likely (the vendor's text before 2023).",
    preference: |_| 0,
    takes_turns: false,
};
