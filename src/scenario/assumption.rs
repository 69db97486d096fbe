//! Defaults that are our assumption, so that no report hides them.

use serde::Serialize;

use super::file::ScenarioFile;
use crate::notation::{Context, Decode, FieldDescription, Grade, Presence, Shape, visit};

/// A default and how well it is known.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
pub struct Assumption {
    /// The setting: block and field.
    pub setting: String,
    /// The default as it would be written.
    pub default: &'static str,
    /// How well it is known: documented, read, measured, inferred or assumed.
    pub grade: &'static str,
    /// Where it comes from.
    pub source: &'static str,
}

/// Blocks whose defaults say how a run is made and not how the world is.
const NOT_ABOUT_THE_WORLD: &[&str] = &["scenario"];

fn assumption(block: &str, field: &FieldDescription) -> Option<Assumption> {
    let (Presence::Default(default), Some(evidence)) = (field.presence, field.evidence) else {
        return None;
    };
    if default == "{}" || NOT_ABOUT_THE_WORLD.contains(&block) {
        return None;
    }
    Some(Assumption {
        setting: format!("{block}.{}", field.name),
        default,
        grade: evidence.grade.word(),
        source: evidence.source,
    })
}

impl Assumption {
    /// Whether it is no more than our assumption.
    pub fn is_assumed(&self) -> bool {
        self.grade == Grade::Assumed.word()
    }
}

/// The defaults about the world that were used while a file was read.
pub(super) fn defaults_used(context: &Context) -> Vec<Assumption> {
    let used = context.defaults_used();
    used.filter_map(|(block, field)| assumption(block, field))
        .collect()
}

/// Every default of the scenario file, sorted by setting.
pub fn all_assumptions() -> Vec<Assumption> {
    let mut all = Vec::new();
    visit(&ScenarioFile::describe(), &mut |kind| {
        if let Shape::Block(groups) = &kind.shape {
            for group in groups {
                let fields = group.fields.iter();
                all.extend(fields.filter_map(|field| assumption(group.name, field)));
            }
        }
    });
    all.sort();
    // A block that is joined with several others is met with each of them.
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_assumptions_has_the_well_known_ones() {
        let all = all_assumptions();
        let find = |setting| {
            all.iter()
                .find(|it| it.setting == setting)
                .unwrap_or_else(|| panic!("{setting}"))
        };
        assert_eq!(find("tunnel.idle_timeout").grade, "read");
        assert_eq!(find("retry.others").default, "3");
        assert_eq!(find("clients.patience").grade, "assumed");
        // Blocks that share their kind's word with another block are not forgotten.
        assert_eq!(find("container.port").default, "80");
        assert_eq!(find("container-preset.correlation").default, "50%");
        assert!(all.iter().all(|it| !it.source.is_empty()));
    }
}
