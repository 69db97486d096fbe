//! Where the program writes: the answer to standard output, everything else to standard error.

use std::io::{self, ErrorKind, IsTerminal, Write};

use anstream::AutoStream;
use clap::ValueEnum;

use super::exit::Failure;
use crate::notation::Style;

/// When colour is used. It never carries meaning of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub enum Colour {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The two outputs.
pub struct Terminal<'a> {
    answer: Box<dyn Write + 'a>,
    other: Box<dyn Write + 'a>,
    is_closed: bool,
    /// Whether messages on standard error may use colour.
    pub style: Style,
    /// Whether a person watches standard error.
    pub is_watched: bool,
    /// Characters of a line of the answer, if somebody has said it or a person reads it.
    pub width: Option<usize>,
}

impl Terminal<'static> {
    /// The outputs of the process.
    pub fn of_process(colour: Colour) -> Terminal<'static> {
        let choice = match colour {
            Colour::Auto => anstream::ColorChoice::Auto,
            Colour::Always => anstream::ColorChoice::Always,
            Colour::Never => anstream::ColorChoice::Never,
        };
        let other = AutoStream::new(io::stderr(), choice);
        let style = match other.current_choice() {
            anstream::ColorChoice::Never => Style::Plain,
            _ => Style::Coloured,
        };
        Terminal {
            answer: Box::new(AutoStream::new(io::stdout(), choice)),
            other: Box::new(other),
            is_closed: false,
            style,
            is_watched: io::stderr().is_terminal(),
            width: columns(),
        }
    }
}

/// The width of the terminal that the answer goes to, unless COLUMNS says another.
fn columns() -> Option<usize> {
    let said = std::env::var("COLUMNS").ok();
    let said = said.and_then(|text| text.parse().ok()).filter(|&n| n > 0);
    said.or_else(|| {
        let size = terminal_size::terminal_size_of(io::stdout());
        size.map(|(width, _)| usize::from(width.0))
    })
}

impl Terminal<'_> {
    /// Writes a part of the answer. Once the reader has closed the pipe nothing is written any more, and that is no
    /// error: who reads only the beginning has what they wanted.
    ///
    /// # Errors
    /// When standard output cannot be written for another reason.
    pub fn answer(&mut self, text: &str) -> Result<(), Failure> {
        self.answer_bytes(text.as_bytes())
    }

    /// Writes bytes of the answer, as [`Terminal::answer`] does.
    ///
    /// # Errors
    /// As there.
    pub fn answer_bytes(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        if self.is_closed {
            return Ok(());
        }
        match self
            .answer
            .write_all(bytes)
            .and_then(|()| self.answer.flush())
        {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.is_closed = true;
                Ok(())
            }
            Err(error) => Err(Failure::output(format!(
                "standard output cannot be written: {error}"
            ))),
        }
    }

    /// Says something that is not the answer. If even that cannot be written there is nobody left to tell.
    pub fn say(&mut self, text: &str) {
        let _ = self.other.write_all(text.as_bytes());
        let _ = self.other.flush();
    }

    /// Says why a command failed.
    pub fn fail(&mut self, message: &str) {
        let (start, end) = match self.style {
            Style::Coloured => ("\u{1b}[1m\u{1b}[31m", "\u{1b}[0m"),
            Style::Plain => ("", ""),
        };
        self.say(&format!("{start}error{end}: {message}\n"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An output whose n-th write fails in some way, or takes only a byte.
    struct Failing<'a> {
        taken: &'a mut Vec<u8>,
        allowed: usize,
        failure: Option<ErrorKind>,
    }

    impl Write for Failing<'_> {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let Some(left) = self.allowed.checked_sub(1) else {
                // An interruption passes; whatever else ails an output stays.
                if let Some(kind) = self.failure {
                    self.allowed = usize::from(kind == ErrorKind::Interrupted) * usize::MAX;
                    return Err(kind.into());
                }
                self.taken.push(bytes[0]);
                return Ok(1);
            };
            self.allowed = left;
            self.taken.extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What three parts of an answer come to, when the n-th write fails.
    fn answered(allowed: usize, failure: Option<ErrorKind>) -> (Result<(), Failure>, Vec<u8>) {
        let mut taken = Vec::new();
        let answer = Failing {
            taken: &mut taken,
            allowed,
            failure,
        };
        let mut terminal = Terminal {
            answer: Box::new(answer),
            other: Box::new(io::sink()),
            is_closed: false,
            style: Style::Plain,
            is_watched: false,
            width: None,
        };
        let mut parts = ["one ", "two ", "three"].into_iter();
        let ending = parts.try_for_each(|part| terminal.answer(part));
        drop(terminal);
        (ending, taken)
    }

    #[test]
    fn interruptions_and_short_writes_lose_nothing() {
        for allowed in 0..4 {
            for failure in [None, Some(ErrorKind::Interrupted)] {
                let (ending, taken) = answered(allowed, failure);
                assert_eq!((ending, taken.as_slice()), (Ok(()), &b"one two three"[..]));
            }
        }
    }

    #[test]
    fn an_output_that_fails_is_told_and_a_closed_pipe_is_not() {
        for allowed in 0..3 {
            for kind in [ErrorKind::StorageFull, ErrorKind::PermissionDenied] {
                let (ending, taken) = answered(allowed, Some(kind));
                let failure = ending.unwrap_err();
                assert_eq!(failure.exit.code(), 4);
                assert!(
                    failure
                        .message
                        .starts_with("standard output cannot be written: ")
                );
                assert!(b"one two three".starts_with(&taken));
            }
            assert_eq!(answered(allowed, Some(ErrorKind::BrokenPipe)).0, Ok(()));
        }
    }
}
