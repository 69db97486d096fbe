//! What if a default were half or twice as large: how much of a result hangs on what we do not know.

use std::sync::LazyLock;

use regex_lite::{Captures, Regex};

use super::Case;
use crate::scenario::{Assumption, Document, Findings, Scenario};

/// A default with another value in its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Variation {
    /// The default.
    pub assumption: Assumption,
    /// The value in its place, as it would be written.
    pub value: String,
}

/// Settings whose number is a name and no quantity: half a port means nothing.
const NAMES: &[&str] = &["container.port"];

/// The scenario as written and, behind it, once for each variation of a default it relies on; its variants are left
/// out. The list has the variations in the order of their cases.
///
/// Quantities are halved and doubled, switches are turned over; words are left alone, and so is what would be no legal
/// value, such as twice 100 %.
///
/// # Errors
/// Everything that is wrong with the scenario.
pub fn sensitivity(document: &Document) -> Result<(Vec<Case>, Vec<Variation>), Findings> {
    let written = document.scenario()?;
    let mut variations = Vec::new();
    let mut cases = vec![case(None, written.clone())];
    let quantities = |it: &Assumption| !NAMES.contains(&it.setting.as_str());
    for assumption in written.defaults.into_iter().filter(quantities) {
        for values in alternatives(assumption.default) {
            let legal = values.into_iter().find_map(|value| {
                let changed = document.assuming(&assumption.setting, &value);
                changed.scenario().ok().map(|scenario| (value, scenario))
            });
            let Some((value, scenario)) = legal else {
                continue;
            };
            let name = format!("{} {value}", assumption.setting);
            cases.push(case(Some(name), scenario));
            let assumption = assumption.clone();
            variations.push(Variation { assumption, value });
        }
    }
    Ok((cases, variations))
}

fn case(variant: Option<String>, scenario: Scenario) -> Case {
    Case { variant, scenario }
}

/// Other values of a default, for each a list of texts of which the first legal one is meant.
fn alternatives(default: &str) -> Vec<Vec<String>> {
    match default {
        "true" => vec![vec!["false".to_owned()]],
        "false" => vec![vec!["true".to_owned()]],
        _ => [0.5, 2.0]
            .into_iter()
            .filter_map(|factor| scaled(default, factor))
            .collect(),
    }
}

/// The text with all its quantities multiplied, exactly and rounded down for those that must be whole; none if it has
/// no quantity, or only zeroes.
fn scaled(default: &str, factor: f64) -> Option<Vec<String>> {
    // A number with a unit that scales, with nothing of a word around it: not the 2 of `2xx` nor the 1 of `vps-1`.
    static QUANTITY: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(^|[\[{ ])(\d+(?:\.\d+)?)(ns|us|ms|s|m|h|d|%)?($|[,\]} ])")
            .expect("the pattern is well formed")
    });
    let with = |round: fn(f64) -> f64| {
        let replaced = |found: &Captures<'_>| {
            let number = found[2].parse::<f64>().unwrap_or_default() * factor;
            let unit = found.get(3).map_or("", |unit| unit.as_str());
            format!("{}{}{unit}{}", &found[1], round(number), &found[4])
        };
        QUANTITY.replace_all(default, replaced).into_owned()
    };
    let texts = vec![with(|number| number), with(f64::floor)];
    texts.iter().all(|text| text != default).then_some(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(default: &str, factor: f64) -> Option<String> {
        scaled(default, factor).map(|texts| texts[0].clone())
    }

    #[test]
    fn quantities_are_halved_and_doubled_wherever_they_stand() {
        let halved = |default| first(default, 0.5);
        assert_eq!(halved("5s").as_deref(), Some("2.5s"));
        assert_eq!(halved("25%").as_deref(), Some("12.5%"));
        assert_eq!(
            halved("{exponential: 3s}").as_deref(),
            Some("{exponential: 1.5s}")
        );
        assert_eq!(
            first("{uniform: [1s, 2s]}", 2.0).as_deref(),
            Some("{uniform: [2s, 4s]}")
        );
        assert_eq!(scaled("3", 0.5).unwrap(), ["1.5", "1"]);
    }

    #[test]
    fn words_and_zeroes_have_no_half() {
        for default in ["closest", "2xx", "vps-1", "0s", "/", "[WEU]", "{}"] {
            assert_eq!(scaled(default, 0.5), None, "{default}");
        }
    }

    #[test]
    fn a_switch_is_turned_over() {
        assert_eq!(alternatives("true"), [["false"]]);
        assert_eq!(alternatives("false"), [["true"]]);
    }
}
