//! Commands that make the same results again, ready to be pasted into a shell.

use super::input::Input;
use crate::experiment::{Breach, Experiment};

/// The command, without threads and folders; the seed is always there.
pub fn command(name: &str, input: &Input, experiment: &Experiment) -> String {
    let Experiment {
        scenario,
        replications,
        ..
    } = experiment;
    let which = match replications.end - replications.start {
        1 if *replications == (0..scenario.replications) => String::new(),
        1 => format!(" --replication {}", replications.start),
        runs => format!(" --replications {runs}"),
    };
    format!(
        "{} --seed {}{which}",
        with_overrides(name, input),
        scenario.seed
    )
}

/// The command that breaks the same rule again.
pub fn breach(breach: &Breach, input: &Input) -> String {
    let Breach {
        seed, replication, ..
    } = breach;
    format!(
        "{} --seed {seed} --replication {replication}",
        with_overrides("run", input)
    )
}

/// A command on the file with the settings that were changed, before any flag.
pub fn with_overrides(name: &str, input: &Input) -> String {
    let mut command = format!("tunnelsim {name} {}", quoted(&input.label));
    for text in input.overrides.iter().filter(|text| !has_a_flag(text)) {
        command += &format!(" --set {}", quoted(text));
    }
    command
}

/// Whether a command says it with a flag of its own.
fn has_a_flag(text: &str) -> bool {
    text.starts_with("seed=") || text.starts_with("replications=")
}

/// A word as a shell takes it.
pub fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,%+@".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    if text.chars().any(char::is_control) {
        return escaped(text);
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A word with control characters, as shells take it since POSIX.1-2024; as they are they would steer the terminal.
fn escaped(text: &str) -> String {
    let mut word = "$'".to_owned();
    for c in text.chars() {
        match c {
            '\'' | '\\' => word.extend(['\\', c]),
            c if c.is_control() => {
                let mut bytes = [0; 4];
                let bytes = c.encode_utf8(&mut bytes).bytes();
                bytes.for_each(|byte| word += &format!("\\{byte:03o}"));
            }
            c => word.push(c),
        }
    }
    word + "'"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_that_a_shell_would_take_apart_are_quoted() {
        assert_eq!(
            quoted("clients.spain.sessions=10/s"),
            "clients.spain.sessions=10/s"
        );
        assert_eq!(quoted("title=it's late"), r"'title=it'\''s late'");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("a\u{1b}[31m 'b"), r"$'a\033[31m \'b'");
    }
}
