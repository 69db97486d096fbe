//! Valid scenarios with small damage: never a panic, and whoever is refused hears why.

use proptest::prelude::*;

use crate::support::{EVERYTHING, files, read_with};
use tunnelsim::scenario::Document;

/// Words that tend to hurt.
const WORDS: [&str; 24] = [
    "",
    "null",
    "0",
    "-1",
    "1e400",
    "NaN",
    "0s",
    "1M",
    "3653d",
    "99999999999999999999",
    "[]",
    "{}",
    "[[]]",
    "*",
    "&a",
    "'",
    "\"",
    "FRA",
    "vps1",
    "a/b/c",
    "\u{0}",
    "ü",
    "-",
    ": ",
];

fn read(text: &str) -> Result<(), String> {
    let document = Document::open("story.yaml", text.as_bytes(), &[], &mut files(&[]))
        .map_err(|found| found.to_string())?;
    let scenario = document.scenario().map_err(|found| found.to_string())?;
    document.variants().map_err(|found| found.to_string())?;
    let _ = scenario.warnings.to_string();
    Ok(())
}

/// A word of the text is replaced, a line is left out or written twice, or a byte is changed.
fn damaged(text: &str, kind: u8, place: usize, word: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let line = place % lines.len();
    let mut damaged: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    match kind % 4 {
        0 => {
            let separator = |c: char| !(c.is_alphanumeric() || "-_.%/*".contains(c));
            let words: Vec<&str> = lines[line]
                .split(separator)
                .filter(|word| !word.is_empty())
                .collect();
            if let Some(old) = words.get(place / lines.len() % words.len().max(1)) {
                damaged[line] = lines[line].replacen(old, WORDS[word % WORDS.len()], 1);
            }
        }
        1 => {
            damaged.remove(line);
        }
        2 => damaged.insert(line, lines[place / lines.len() % lines.len()].to_owned()),
        _ => {
            let mut bytes = text.as_bytes().to_vec();
            let index = place % bytes.len();
            bytes[index] = (word % 128) as u8;
            return String::from_utf8_lossy(&bytes).into_owned();
        }
    }
    damaged.join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn damage_never_panics_and_is_never_refused_in_silence(
        kinds in prop::collection::vec((any::<u8>(), any::<usize>(), any::<usize>()), 1..4),
    ) {
        let mut text = EVERYTHING.to_owned();
        for (kind, place, word) in kinds {
            text = damaged(&text, kind, place, word);
        }
        if let Err(message) = read(&text) {
            prop_assert!(message.contains("error"), "{message}");
        }
    }

    #[test]
    fn overrides_of_any_text_never_panic(path in "[a-z._*0-9-]{0,30}", value in "\\PC{0,30}") {
        let _ = read_with(EVERYTHING, &[&format!("{path}={value}")]);
    }
}
