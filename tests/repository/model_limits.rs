//! What the model leaves out is a list collected from the code: `docs/model-limits.md`.

use crate::assert_current;
use crate::sources::{sources, text_of};

const MARK: &str = "Simplification:";

/// Words at the beginning that lean on a sentence which the page does not show.
const LEANING: [&str; 12] = [
    "it", "its", "both", "they", "their", "there", "unless", "constant", "then", "so", "but", "one",
];

/// The text of a comment from the mark to the end of its paragraph.
fn paragraph(lines: &[&str], start: usize) -> String {
    let text_of = |line: &str| {
        let trimmed = line.trim_start();
        let comment = trimmed
            .strip_prefix("///")
            .or_else(|| trimmed.strip_prefix("//!"))
            .or_else(|| trimmed.strip_prefix("//"))?;
        Some(comment.trim().to_owned())
    };
    let first = lines[start].split(MARK).nth(1).unwrap().trim().to_owned();
    let rest = lines[start + 1..]
        .iter()
        .map_while(|line| text_of(line))
        .take_while(|text| !text.is_empty() && !text.starts_with('#') && !text.contains(MARK));
    let mut words = first;
    for text in rest {
        words.push(' ');
        words.push_str(&text);
    }
    words
}

/// The text as a sentence of its own, which a reader understands who has not the code before them.
fn sentence(text: &str) -> String {
    let first = text.split([' ', ',']).next().unwrap_or_default();
    assert!(
        !LEANING.contains(&first),
        "a simplification names what it is about: {text}"
    );
    let mut letters = text.chars();
    let capital = letters.next().map(|letter| letter.to_ascii_uppercase());
    capital.into_iter().chain(letters).collect()
}

fn page() -> String {
    let mut page = String::from(
        "# What the model leaves out\n\nEach line is a comment of the code, at the place that makes the simplification. This page is collected by\n\
         `UPDATE_GOLDEN=1 cargo test --test repository`.\n",
    );
    let mut folder = String::new();
    for path in sources("src") {
        let text = text_of(&path);
        let lines: Vec<&str> = text.lines().collect();
        for (index, line) in lines.iter().enumerate() {
            if !line.contains(MARK) || !line.trim_start().starts_with("//") {
                continue;
            }
            let name = path.to_string_lossy().replace('\\', "/");
            let here = name.split('/').nth(1).unwrap().to_owned();
            if here != folder {
                page.push_str(&format!("\n## `src/{here}/`\n\n"));
                folder = here;
            }
            let text = sentence(&paragraph(&lines, index));
            page.push_str(&format!("* {text} (`{name}`)\n"));
        }
    }
    page
}

#[test]
fn the_page_lists_every_simplification_of_the_code() {
    let page = page();
    assert!(
        page.matches("\n* ").count() > 10,
        "the marks were not found"
    );
    assert_current("docs/model-limits.md", &page);
}
