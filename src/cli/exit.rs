//! How the program ends.

use std::process::ExitCode;

use crate::measure::expectation::Verdict as Met;

/// The exit codes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exit {
    /// Everything is as expected.
    Pass,
    /// An expectation is not met.
    Failed,
    /// A scenario or an argument is wrong.
    Usage,
    /// A rule that never breaks has broken.
    Defect,
    /// An output could not be written.
    Output,
    /// The runs do not suffice to tell.
    Inconclusive,
    /// Somebody asked to stop.
    Interrupted,
}

impl Exit {
    /// The number that the shell sees.
    pub fn code(self) -> u8 {
        match self {
            Exit::Pass => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Defect => 3,
            Exit::Output => 4,
            Exit::Inconclusive => 5,
            Exit::Interrupted => 130,
        }
    }

    /// Of two endings the one that matters more: 130, then 3 > 2 > 4 > 1 > 5 > 0.
    #[must_use]
    pub fn and(self, other: Exit) -> Exit {
        if other.weight() > self.weight() {
            other
        } else {
            self
        }
    }

    fn weight(self) -> u8 {
        match self {
            Exit::Pass => 0,
            Exit::Inconclusive => 1,
            Exit::Failed => 2,
            Exit::Output => 3,
            Exit::Usage => 4,
            Exit::Defect => 5,
            Exit::Interrupted => 6,
        }
    }
}

impl From<Met> for Exit {
    fn from(met: Met) -> Exit {
        match met {
            Met::Passed => Exit::Pass,
            Met::Failed => Exit::Failed,
            Met::Inconclusive => Exit::Inconclusive,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.code())
    }
}

/// Why a command ends early, in words for the user.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// How the program ends.
    pub exit: Exit,
    /// What to print; empty if everything has been said.
    pub message: String,
}

impl Failure {
    /// A scenario or an argument is wrong.
    pub fn usage(message: impl Into<String>) -> Failure {
        Failure {
            exit: Exit::Usage,
            message: message.into(),
        }
    }

    /// An output could not be written.
    pub fn output(message: impl Into<String>) -> Failure {
        Failure {
            exit: Exit::Output,
            message: message.into(),
        }
    }

    /// Somebody asked to stop.
    pub fn interrupted() -> Failure {
        Failure {
            exit: Exit::Interrupted,
            message: "interrupted".to_owned(),
        }
    }

    /// A rule that never breaks has broken.
    pub fn defect(broken: &dyn std::fmt::Display) -> Failure {
        Failure {
            exit: Exit::Defect,
            message: broken.to_string(),
        }
    }

    /// Everything has been said already.
    pub fn said(exit: Exit) -> Failure {
        Failure {
            exit,
            message: String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_many_files_the_ending_that_matters_most_wins() {
        let order = [
            Exit::Pass,
            Exit::Inconclusive,
            Exit::Failed,
            Exit::Output,
            Exit::Usage,
            Exit::Defect,
            Exit::Interrupted,
        ];
        for pair in order.windows(2) {
            assert_eq!(pair[0].and(pair[1]), pair[1]);
            assert_eq!(pair[1].and(pair[0]), pair[1]);
        }
        assert_eq!(order.map(Exit::code), [0, 5, 1, 4, 2, 3, 130]);
    }
}
