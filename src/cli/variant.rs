//! Which form of a scenario a command is about that makes one only.

use super::exit::{Exit, Failure};
use super::input::{Input, say_findings};
use super::terminal::Terminal;
use crate::scenario::Scenario;

/// The variant of that name, or the scenario as written if it has no variants: what `run` runs too.
///
/// # Errors
/// When something is wrong with the scenario, when it has variants and none is chosen, or none of that name.
pub fn chosen(
    input: &Input,
    wanted: Option<&str>,
    terminal: &mut Terminal<'_>,
) -> Result<Scenario, Failure> {
    let mut said = |findings| {
        say_findings(&findings, terminal);
        Failure::said(Exit::Usage)
    };
    let scenario = input.document.scenario().map_err(&mut said)?;
    let mut variants = input.document.variants().map_err(&mut said)?;
    let names: Vec<&str> = variants.iter().map(|(name, _)| name.as_str()).collect();
    let known = names.join(", ");
    let label = &input.label;
    match (wanted, names.is_empty()) {
        (None, true) => Ok(scenario),
        (None, false) => Err(Failure::usage(format!(
            "`{label}` has variants, and only they are run; choose one with `--variant NAME`: {known}"
        ))),
        (Some(wanted), true) => Err(Failure::usage(format!(
            "no variant is called `{wanted}`; `{label}` has none"
        ))),
        (Some(wanted), false) => match names.iter().position(|name| *name == wanted) {
            Some(index) => Ok(variants.swap_remove(index).1),
            None => Err(Failure::usage(format!(
                "no variant is called `{wanted}`; there are {known}"
            ))),
        },
    }
}
