//! Which form of a scenario a command is about.

use super::exit::{Exit, Failure};
use super::input::{Input, say_findings};
use super::terminal::Terminal;
use crate::scenario::Scenario;

/// A scenario as it is run.
pub struct Form {
    /// The variant's name; none if the scenario has no variants.
    pub variant: Option<String>,
    /// What is run.
    pub scenario: Scenario,
}

/// The variant of that name, or if none is wanted all variants in their order, or the scenario as written if it has
/// none: what `run` runs too.
///
/// # Errors
/// When something is wrong with the scenario, or no variant has that name.
pub fn forms(
    input: &Input,
    wanted: Option<&str>,
    terminal: &mut Terminal<'_>,
) -> Result<Vec<Form>, Failure> {
    let mut said = |findings| {
        say_findings(&findings, terminal);
        Failure::said(Exit::Usage)
    };
    let scenario = input.document.scenario().map_err(&mut said)?;
    let variants = input.document.variants().map_err(&mut said)?;
    let mut forms: Vec<Form> = variants
        .into_iter()
        .map(|(name, scenario)| Form {
            variant: Some(name),
            scenario,
        })
        .collect();
    let Some(wanted) = wanted else {
        if forms.is_empty() {
            forms.push(Form {
                variant: None,
                scenario,
            });
        }
        return Ok(forms);
    };
    let is_wanted = |form: &Form| form.variant.as_deref() == Some(wanted);
    if let Some(index) = forms.iter().position(is_wanted) {
        return Ok(vec![forms.swap_remove(index)]);
    }
    let known = match &forms[..] {
        [] => format!("`{}` has none", input.label),
        forms => format!("there are {}", names(forms)),
    };
    Err(Failure::usage(format!(
        "no variant is called `{wanted}`; {known}"
    )))
}

/// The one form that a command is about that makes one only.
///
/// # Errors
/// As [`forms`]; and when the scenario has variants and none is wanted.
pub fn chosen(
    input: &Input,
    wanted: Option<&str>,
    terminal: &mut Terminal<'_>,
) -> Result<Scenario, Failure> {
    let mut forms = forms(input, wanted, terminal)?;
    if wanted.is_none() && forms[0].variant.is_some() {
        return Err(Failure::usage(format!(
            "`{}` has variants, and only they are run; choose one with `--variant NAME`: {}",
            input.label,
            names(&forms)
        )));
    }
    Ok(forms.swap_remove(0).scenario)
}

/// The names of variants, for a sentence.
pub fn names(forms: &[Form]) -> String {
    let names: Vec<&str> = forms
        .iter()
        .filter_map(|form| form.variant.as_deref())
        .collect();
    names.join(", ")
}
