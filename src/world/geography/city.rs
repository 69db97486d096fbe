//! Cities clients live in, and how a person names one.

use std::fmt;

use super::place::Place;

/// Index of a city in [`Atlas::cities`](super::Atlas::cities); the largest weight comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CityId(pub u16);

/// A city of `data/cities.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct City {
    /// Its name in GeoNames, with accents.
    pub name: String,
    /// ISO 3166-1 alpha-2 code of the country.
    pub country: String,
    /// Where its centre is.
    pub place: Place,
    /// Inhabitants by GeoNames.
    pub population: u32,
    /// A rough number of clients of the city and what lies within 40 km; its share in the world mix.
    pub weight: u32,
    /// Its name without accents and capitals.
    pub(super) folded: String,
}

impl fmt::Display for City {
    /// Writes the name and the country, for example `Valencia, ES`: the form that is always unique.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.name, self.country)
    }
}

/// Why a text names no city.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CityProblem {
    /// Nothing starts with the text.
    #[error("no city is called \"{text}\"; the nearest names are {}", listed(.nearest))]
    Unknown {
        /// What was asked for.
        text: String,
        /// Up to three names in the form `Valencia, ES`, the most similar first.
        nearest: Vec<String>,
    },
    /// More than one city starts with the text.
    #[error("\"{text}\" could be {}", listed(.candidates))]
    Ambiguous {
        /// What was asked for.
        text: String,
        /// All that fit, in the form `Valencia, ES`, the largest first.
        candidates: Vec<String>,
    },
}

/// Finds the one city that `text` names.
///
/// # Errors
/// [`CityProblem`] if no city fits or if several do.
pub(super) fn find(cities: &[City], text: &str) -> Result<usize, CityProblem> {
    match fitting(cities, text)[..] {
        [only] => Ok(only),
        [] => Err(CityProblem::Unknown {
            text: text.to_owned(),
            nearest: nearest(cities, &folded(name_and_country(text).0)),
        }),
        ref several => Err(CityProblem::Ambiguous {
            text: text.to_owned(),
            candidates: several
                .iter()
                .map(|&index| cities[index].to_string())
                .collect(),
        }),
    }
}

/// The cities that `text` can name.
///
/// Accents and capitals are ignored. A full name wins over a beginning, and the beginning of a name over the
/// beginning of a later word of it (`Queretaro` finds Santiago de Querétaro). A country code after a comma narrows
/// the search: `Valencia, ES`.
pub(super) fn fitting(cities: &[City], text: &str) -> Vec<usize> {
    let (name, country) = name_and_country(text);
    let name = folded(name);
    if name.is_empty() {
        return Vec::new();
    }
    let is_there = |city: &City| {
        country
            .as_ref()
            .is_none_or(|country| city.country == *country)
    };
    let rules: [fn(&str, &str) -> bool; 3] = [
        |candidate, name| candidate == name,
        |candidate, name| candidate.starts_with(name),
        |candidate, name| {
            candidate
                .split(' ')
                .skip(1)
                .any(|word| word.starts_with(name))
        },
    ];
    let by_rule = |rule: fn(&str, &str) -> bool| -> Vec<usize> {
        let fits = |city: &City| rule(&city.folded, &name) && is_there(city);
        (0..cities.len())
            .filter(|&index| fits(&cities[index]))
            .collect()
    };
    let mut found = rules.into_iter().map(by_rule);
    found.find(|found| !found.is_empty()).unwrap_or_default()
}

/// A text without the country after the comma, and the country.
fn name_and_country(text: &str) -> (&str, Option<String>) {
    match text.split_once(',') {
        Some((name, country)) => (name, Some(country.trim().to_ascii_uppercase())),
        None => (text, None),
    }
}

/// The three cities whose names take the fewest edits to reach, the larger first among equals.
fn nearest(cities: &[City], name: &str) -> Vec<String> {
    let mut ranked: Vec<(usize, usize)> = cities
        .iter()
        .enumerate()
        .map(|(index, city)| (strsim::damerau_levenshtein(name, &city.folded), index))
        .collect();
    ranked.sort_unstable();
    ranked
        .into_iter()
        .take(3)
        .map(|(_, index)| cities[index].to_string())
        .collect()
}

fn listed(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    quoted.join(", ")
}

/// Lower-case letters without accents; everything else becomes one space between words.
pub(super) fn folded(name: &str) -> String {
    let plain: String = name
        .chars()
        .filter(|c| !matches!(c, '\'' | '’' | '\u{300}'..='\u{36f}'))
        .flat_map(char::to_lowercase)
        .map(without_accent)
        .collect();
    plain
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The base letter of the accented letters that occur in the names of cities in Latin script.
fn without_accent(letter: char) -> char {
    const GROUPS: [(char, &str); 19] = [
        ('a', "àáâãäåāăąạảấầẩẫậắằẳẵặ"),
        ('c', "çćč"),
        ('d', "ďđð"),
        ('e', "èéêëēėęěẹẻẽếềểễệ"),
        ('g', "ğģ"),
        ('h', "ħḩ"),
        ('i', "ìíîïīįıịỉĩ"),
        ('k', "ķ"),
        ('l', "ļľł"),
        ('n', "ñńņň"),
        ('o', "òóôõöøōőơọỏốồổỗộớờởỡợ"),
        ('r', "ŕř"),
        ('s', "śşšșṣ"),
        ('t', "ţťț"),
        ('u', "ùúûüūůűųưụủũứừửữự"),
        ('w', "ŵ"),
        ('y', "ýÿỳỵỷỹ"),
        ('z', "źżž"),
        ('j', "ĵ"),
    ];
    GROUPS
        .iter()
        .find(|(_, accented)| accented.contains(letter))
        .map_or(letter, |(base, _)| *base)
}

#[cfg(test)]
mod tests {
    use super::super::Atlas;
    use super::*;

    fn found(text: &str) -> String {
        let atlas = Atlas::shipped();
        atlas[atlas
            .find_city(text)
            .unwrap_or_else(|problem| panic!("{problem}"))]
        .to_string()
    }

    #[test]
    fn every_city_is_found_under_the_name_it_is_written_with() {
        for city in Atlas::shipped().cities() {
            assert_eq!(found(&city.to_string()), city.to_string());
        }
    }

    #[test]
    fn every_city_can_be_typed_in_plain_letters() {
        for city in Atlas::shipped().cities() {
            assert!(folded(&city.name).is_ascii(), "{}", city.name);
        }
    }

    #[test]
    fn accents_and_capitals_do_not_matter() {
        assert_eq!(found("sao paulo"), "São Paulo, BR");
        assert_eq!(found("MÉRIDA, mx"), "Mérida, MX");
        assert_eq!(found("Koln"), "Köln, DE");
    }

    #[test]
    fn a_unique_beginning_is_enough() {
        assert_eq!(found("Frankfurt"), "Frankfurt am Main, DE");
        assert_eq!(found("Los Ang"), "Los Angeles, US");
    }

    #[test]
    fn the_beginning_of_a_later_word_is_enough_if_nothing_starts_with_it() {
        assert_eq!(found("Querétaro"), "Santiago de Querétaro, MX");
    }

    #[test]
    fn a_full_name_wins_over_longer_names() {
        assert_eq!(found("Santiago"), "Santiago, CL");
    }

    #[test]
    fn two_cities_of_one_name_need_the_country() {
        let problem = Atlas::shipped().find_city("Valencia").unwrap_err();
        assert_eq!(
            problem.to_string(),
            "\"Valencia\" could be \"Valencia, VE\", \"Valencia, ES\""
        );
        assert_eq!(found("Valencia, ES"), "Valencia, ES");
    }

    #[test]
    fn a_misspelt_city_is_answered_with_the_nearest_names() {
        let problem = Atlas::shipped().find_city("Madird").unwrap_err();
        let CityProblem::Unknown { nearest, .. } = &problem else {
            panic!("{problem}")
        };
        assert_eq!(nearest[0], "Madrid, ES");
        assert!(
            problem
                .to_string()
                .starts_with("no city is called \"Madird\"; the nearest names are \"Madrid, ES\"")
        );
    }

    #[test]
    fn an_empty_text_is_no_city() {
        for text in ["", " ", ", ES", "'"] {
            assert!(
                matches!(
                    Atlas::shipped().find_city(text),
                    Err(CityProblem::Unknown { .. })
                ),
                "{text:?}"
            );
        }
    }
}
