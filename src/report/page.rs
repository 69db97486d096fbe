//! A report as a list of blocks, before anybody decides how it looks.

use crate::measure::expectation::Verdict as Met;

/// What the colour of a word may say; the word says it too.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mood {
    /// As hoped.
    Good,
    /// Not as hoped.
    Bad,
    /// Neither, or not known.
    Open,
}

impl From<Met> for Mood {
    fn from(met: Met) -> Mood {
        match met {
            Met::Passed => Mood::Good,
            Met::Failed => Mood::Bad,
            Met::Inconclusive => Mood::Open,
        }
    }
}

/// One block of a report.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Block {
    /// The verdict, the sentence it is about, and what was run.
    Headline {
        /// What it says of the claim.
        mood: Mood,
        /// TRUE, FALSE, ONLY IF, …
        word: &'static str,
        /// The claim or title.
        sentence: String,
        /// File, seed, runs.
        facts: String,
    },
    /// A fact with its label; an empty label goes on with the one before.
    Fact {
        /// A short word.
        label: &'static str,
        /// One sentence or less.
        text: String,
    },
    /// A demand with a tick, a cross or a question mark.
    Check {
        /// A short word; empty: the label before goes on.
        label: &'static str,
        /// How it was met.
        met: Met,
        /// Demand and measurement.
        text: String,
    },
    /// A table with its label.
    Table {
        /// A short word.
        label: &'static str,
        /// The table.
        table: Table,
    },
    /// A command to copy.
    Command {
        /// A short word.
        label: &'static str,
        /// The command.
        command: String,
    },
}

/// A table of texts. Every row has as many cells as the header.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Table {
    /// Titles of the columns; a title may have two lines.
    pub header: Vec<String>,
    /// Rows from top to bottom.
    pub rows: Vec<Vec<String>>,
    /// How many columns from the left hold words; the others hold numbers.
    pub words: usize,
}

impl Table {
    /// An empty table whose first columns hold words.
    pub fn new(words: usize, header: &[&str]) -> Table {
        Table {
            header: header.iter().map(|&title| title.to_owned()).collect(),
            rows: Vec::new(),
            words,
        }
    }

    /// Without the columns in which no row says anything.
    pub fn without_empty_columns(mut self) -> Table {
        for column in (0..self.header.len()).rev() {
            if self.rows.iter().all(|row| row[column].is_empty()) {
                self.header.remove(column);
                self.rows
                    .iter_mut()
                    .for_each(|row| drop(row.remove(column)));
                self.words -= usize::from(column < self.words);
            }
        }
        self
    }
}

/// A report.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Page {
    /// Its blocks from top to bottom.
    pub blocks: Vec<Block>,
}

impl Page {
    /// Adds a fact.
    pub fn fact(&mut self, label: &'static str, text: impl Into<String>) {
        self.blocks.push(Block::Fact {
            label,
            text: text.into(),
        });
    }

    /// Adds facts under one label, which only the first one carries.
    pub fn facts(&mut self, label: &'static str, texts: impl IntoIterator<Item = String>) {
        for (index, text) in texts.into_iter().enumerate() {
            self.fact(if index == 0 { label } else { "" }, text);
        }
    }

    /// Adds a table, unless it has no rows.
    pub fn table(&mut self, label: &'static str, table: Table) {
        if !table.rows.is_empty() {
            self.blocks.push(Block::Table { label, table });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_that_says_nothing_is_left_out() {
        let mut table = Table::new(2, &["a", "b", "c"]);
        table.rows.push(["1", "", "3"].map(str::to_owned).to_vec());
        let table = table.without_empty_columns();
        let titles = ["a", "c"].map(str::to_owned).to_vec();
        assert_eq!((table.header, table.words), (titles, 1));
    }
}
