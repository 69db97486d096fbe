//! Damage that knows how a scenario file is written, and damage that does not.

use super::corpus::Seed;
use super::dice::Dice;
use super::lines::{block, indent, indented};
use super::words::{self, UNITS, VALUES};

/// Longest text that a mutation may grow to, so that the tests end; what is longer has tests of its own.
const BYTES_MAX: usize = 40_000;

type Mutation = fn(&mut Vec<String>, &[Seed], &mut Dice);

/// What can happen to the lines of a file.
const OF_LINES: &[Mutation] = &[
    |lines, _, dice| {
        let at = block(lines, dice.below(lines.len()));
        lines.drain(at);
    },
    |lines, _, dice| {
        let copy = lines[block(lines, dice.below(lines.len()))].to_vec();
        let times = if dice.once_in(20) { 30 } else { 1 };
        let place = dice.below(lines.len());
        for _ in 0..times {
            lines.splice(place..place, copy.iter().cloned());
        }
    },
    |lines, _, dice| {
        let (one, other) = (dice.below(lines.len()), dice.below(lines.len()));
        lines.swap(one, other);
    },
    |lines, _, dice| move_block(lines, dice),
    |lines, seeds, dice| graft(lines, seeds, dice),
    |lines, _, dice| {
        let line = dice.below(lines.len());
        let shift = dice.below(5);
        lines[line] = match dice.once_in(2) {
            true => format!("{}{}", " ".repeat(shift), lines[line]),
            false => lines[line].replacen(' ', "", shift),
        };
    },
];

type OfWord = fn(&str, &[(usize, &str)], &mut Dice) -> String;

/// What can happen to a word, given all words of its file.
const OF_WORDS: &[OfWord] = &[
    |_, _, dice| (*dice.one_of(VALUES)).to_owned(),
    |_, _, dice| (*dice.one_of(VALUES)).to_owned(),
    |_, words, dice| dice.one_of(words).1.to_owned(),
    |word, _, dice| match words::unit_of(word) {
        Some((number, _)) => format!("{number}{}", dice.one_of(UNITS)),
        None => format!("{word}{word}"),
    },
    |word, _, dice| match words::unit_of(word) {
        Some((_, unit)) => format!("{}{unit}", dice.one_of(&VALUES[..40])),
        None => String::new(),
    },
    |word, _, dice| {
        let depth = 1 + dice.below(24);
        format!("{}{word}{}", "[".repeat(depth), "]".repeat(depth))
    },
    |word, _, dice| {
        let depth = 1 + dice.below(24);
        format!("{}{word}{}", "{a: ".repeat(depth), "}".repeat(depth))
    },
    |word, _, dice| word.repeat(1 + dice.below(300)),
    |word, _, dice| format!("[{}]", vec![word; 1 + dice.below(40)].join(", ")),
];

/// One of the files with some damage.
pub fn mutated(seeds: &[Seed], dice: &mut Dice) -> Vec<u8> {
    let mut text = dice.one_of(seeds).text.clone();
    let several = if dice.once_in(3) { dice.below(4) } else { 0 };
    for _ in 0..1 + several {
        if text.trim().is_empty() || text.len() > BYTES_MAX {
            break;
        }
        text = match dice.below(8) {
            0..3 => of_lines(&text, seeds, dice),
            3 => swapped_names(&text, dice),
            _ => of_words(&text, dice),
        };
    }
    let mut bytes = text.into_bytes();
    if dice.once_in(5) {
        damage_bytes(&mut bytes, dice);
    }
    bytes
}

fn of_lines(text: &str, seeds: &[Seed], dice: &mut Dice) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let mutation = dice.one_of(OF_LINES);
    mutation(&mut lines, seeds, dice);
    lines.join("\n") + "\n"
}

/// A block goes elsewhere, as deep as what stands there.
fn move_block(lines: &mut Vec<String>, dice: &mut Dice) {
    let at = block(lines, dice.below(lines.len()));
    let moved: Vec<String> = lines.drain(at).collect();
    insert(lines, &moved, dice);
}

/// A block of another file comes in.
fn graft(lines: &mut Vec<String>, seeds: &[Seed], dice: &mut Dice) {
    let donor: Vec<String> = dice.one_of(seeds).text.lines().map(str::to_owned).collect();
    if !donor.is_empty() {
        let graft = donor[block(&donor, dice.below(donor.len()))].to_vec();
        insert(lines, &graft, dice);
    }
}

fn insert(lines: &mut Vec<String>, new: &[String], dice: &mut Dice) {
    let place = dice.below(lines.len() + 1);
    let depth = lines.get(place).and_then(|line| indent(line)).unwrap_or(0);
    lines.splice(place..place, indented(new, depth));
}

fn of_words(text: &str, dice: &mut Dice) -> String {
    let words = words::of(text);
    if words.is_empty() {
        return text.to_owned();
    }
    let (place, word) = *dice.one_of(&words);
    let colon = if words::is_key(word) && !dice.once_in(8) {
        ":"
    } else {
        ""
    };
    let word = word.strip_suffix(colon).unwrap_or(word);
    let change = dice.one_of(OF_WORDS);
    let changed = change(word, &words, dice);
    let (before, after) = (&text[..place], &text[place + word.len()..]);
    let changed = changed.strip_suffix(colon).unwrap_or(&changed);
    format!("{before}{changed}{after}")
}

/// Two names change places everywhere, or one takes the other's place.
fn swapped_names(text: &str, dice: &mut Dice) -> String {
    let words = words::of(text);
    let name_of = |word: &str| word.trim_end_matches(':').to_owned();
    if words.is_empty() {
        return text.to_owned();
    }
    let (one, other) = (
        name_of(dice.one_of(&words).1),
        name_of(dice.one_of(&words).1),
    );
    if one.is_empty() || other.is_empty() {
        return text.to_owned();
    }
    match dice.once_in(2) {
        true => text.replace(&one, &other),
        false => text
            .replace(&one, "\u{1}")
            .replace(&other, &one)
            .replace('\u{1}', &other),
    }
}

/// Bytes are flipped, changed, left out or put in, or the file is cut off.
fn damage_bytes(bytes: &mut Vec<u8>, dice: &mut Dice) {
    for _ in 0..1 + dice.below(4) {
        if bytes.is_empty() {
            return;
        }
        let place = dice.below(bytes.len());
        match dice.below(6) {
            0 => bytes[place] ^= 1 << dice.below(8),
            1 => bytes[place] = dice.below(256) as u8,
            2 => drop(bytes.remove(place)),
            3 => bytes.insert(place, dice.below(256) as u8),
            4 => bytes.insert(place, *dice.one_of(b":-[]{}\"'#|>&*!%@,\n\t ?")),
            _ => bytes.truncate(place),
        }
    }
}
