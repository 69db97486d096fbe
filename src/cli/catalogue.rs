//! The scenarios that come with the program.

/// Every file of `scenarios/` with its content, sorted by name.
static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

/// The names of the scenarios: `two-servers` for `two-servers.yaml`.
pub fn names() -> impl Iterator<Item = &'static str> {
    FILES
        .iter()
        .filter(|(name, _)| !name.contains('/'))
        .filter_map(|(name, _)| name.strip_suffix(".yaml"))
}

/// The content of a file: `two-servers.yaml`, or one that a scenario refers to.
pub fn content(file: &str) -> Option<&'static [u8]> {
    FILES
        .iter()
        .find(|(name, _)| *name == file)
        .map(|(_, content)| *content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_a_content() {
        assert!(names().all(|name| content(&format!("{name}.yaml")).is_some()));
        assert_eq!(content("no-such-scenario.yaml"), None);
    }
}
