//! Blocks of lines: a line with everything that is indented below it.

use std::ops::Range;

/// How far a line is indented; none if nothing stands on it.
pub fn indent(line: &str) -> Option<usize> {
    let text = line.trim_start_matches(' ');
    (!text.trim().is_empty()).then(|| line.len() - text.len())
}

/// The lines of the block that begins with this one.
pub fn block(lines: &[String], first: usize) -> Range<usize> {
    let Some(own) = indent(&lines[first]) else {
        return first..first + 1;
    };
    let is_below = |line: &&String| indent(line).is_none_or(|it| it > own);
    let below = lines[first + 1..].iter().take_while(is_below).count();
    first..first + 1 + below
}

/// A block as it would be written further in or out, so that it begins with this indentation.
pub fn indented(block: &[String], to: usize) -> Vec<String> {
    let from = block.first().and_then(|line| indent(line)).unwrap_or(0);
    let moved = |line: &String| {
        let own = indent(line).unwrap_or(0);
        let wanted = (own + to).saturating_sub(from);
        format!("{}{}", " ".repeat(wanted), line.trim_start_matches(' '))
    };
    block.iter().map(moved).collect()
}
