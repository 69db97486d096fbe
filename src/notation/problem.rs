//! What is wrong with a scenario file, in the words a user sees.

use super::limits::PROBLEMS_KEPT_MAX;
use super::source::Position;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The file is refused.
    Error,
    /// The file is accepted, but its author should look here.
    Warning,
}

/// One problem at one place of a file.
///
/// ```
/// use tunnelsim::notation::{Position, Problem, Sources};
/// let mut sources = Sources::default();
/// let here = Position::start_of(sources.add("a.yaml", "vps-fr"));
/// let problem = Problem::error(here, "no replica is called `vps-fr`")
///     .label("not listed under `replicas`")
///     .did_you_mean("vps-fra")
///     .note("replicas: onprem-qro, vps-fra");
/// assert_eq!(problem.message, "no replica is called `vps-fr`");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Error or warning.
    pub severity: Severity,
    /// The rule that is broken, in one sentence without a full stop.
    pub message: String,
    /// Where.
    pub position: Position,
    /// What stands there, shown beside the caret; may be empty.
    pub label: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Text to put in place of what stands at the position; shown as an edit below the help.
    pub replacement: Option<String>,
    /// Further facts, such as the names that exist.
    pub notes: Vec<String>,
}

impl Problem {
    /// A problem that makes the file unusable.
    pub fn error(position: Position, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, position, message.into())
    }

    /// A problem that the file's author should know of.
    pub fn warning(position: Position, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, position, message.into())
    }

    fn new(severity: Severity, position: Position, message: String) -> Self {
        Self {
            severity,
            message,
            position,
            label: String::new(),
            help: None,
            replacement: None,
            notes: Vec::new(),
        }
    }

    /// Says what stands at the position.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Shows the edit that would mend the line.
    #[must_use]
    pub fn replace_with(mut self, replacement: impl Into<String>) -> Self {
        self.replacement = Some(replacement.into());
        self
    }

    /// Asks "did you mean" and shows the edit.
    #[must_use]
    pub fn did_you_mean(self, replacement: impl Into<String>) -> Self {
        let replacement = replacement.into();
        self.help(format!("did you mean `{replacement}`?"))
            .replace_with(replacement)
    }

    /// Asks "did you mean" with the candidate closest to `written`, if one is close enough.
    #[must_use]
    pub fn did_you_mean_one_of<'a>(
        self,
        written: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        match nearest(written, candidates) {
            Some(candidate) => self.did_you_mean(candidate),
            None => self,
        }
    }

    /// Adds a further fact.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }
}

/// The candidate that `written` is most likely a slip for: at most a third of its characters differ.
///
/// Case and the choice between `-` and `_` count for nothing, so `Service-Time` finds `service_time`.
/// Of equally close candidates the first one wins.
pub fn nearest<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let written = folded(written);
    // Something must be left of what was written: `b` is no slip for `a`.
    let allowed = (written.len().max(3) / 3).min(written.len().saturating_sub(1));
    candidates
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(written.len()) <= allowed)
        .map(|candidate| {
            (
                strsim::osa_distance(&written, &folded(candidate)),
                candidate,
            )
        })
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn folded(text: &str) -> String {
    text.to_ascii_lowercase().replace('-', "_")
}

/// Settings and kinds as a message lists them: `` `a`, `b`, `c` ``.
pub fn quoted_list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    list(names.into_iter().map(|name| format!("`{name}`")))
}

/// Names from the file as a message lists them: `a, b, c`.
pub fn plain_list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    list(names.into_iter().map(str::to_owned))
}

/// A list that a reader can still take in.
fn list(mut names: impl Iterator<Item = String>) -> String {
    const SHOWN: usize = 40;
    let shown: Vec<String> = names.by_ref().take(SHOWN).collect();
    match names.count() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// All problems found so far, each once, in any order; [`Problems::sorted`] puts them into the file's order.
///
/// The first [`PROBLEMS_KEPT_MAX`] are kept, further ones are counted, so that a hostile file cannot fill the memory.
#[derive(Debug, Clone, Default)]
pub struct Problems {
    kept: Vec<Problem>,
    errors: usize,
    warnings: usize,
}

impl Problems {
    /// Adds a problem, unless it is known: what is read in two ways is told once.
    pub fn report(&mut self, problem: Problem) {
        if self.kept.contains(&problem) {
            return;
        }
        match problem.severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
        }
        if self.kept.len() < PROBLEMS_KEPT_MAX {
            self.kept.push(problem);
        } else if problem.severity == Severity::Error {
            // An error matters more than a warning that came first.
            if let Some(warning) = self
                .kept
                .iter_mut()
                .rfind(|kept| kept.severity == Severity::Warning)
            {
                *warning = problem;
            }
        }
    }

    /// Adds an error that is only put into words if it will be shown.
    ///
    /// A hostile file can have hundreds of thousands of them.
    pub fn report_error(&mut self, problem: impl FnOnce() -> Problem) {
        let full = self.kept.len() == PROBLEMS_KEPT_MAX
            && self
                .kept
                .iter()
                .all(|kept| kept.severity == Severity::Error);
        if full {
            self.errors += 1;
        } else {
            self.report(problem());
        }
    }

    /// Whether the same was found already.
    pub fn contains(&self, problem: &Problem) -> bool {
        self.kept.contains(problem)
    }

    /// Puts a problem in place of the errors at its position, if there are any: they are its consequences.
    pub fn replace_errors_with(&mut self, problem: &Problem) {
        let follows =
            |kept: &Problem| kept.severity == Severity::Error && kept.position == problem.position;
        let before = self.kept.len();
        self.kept.retain(|kept| !follows(kept));
        let removed = before - self.kept.len();
        if removed > 0 {
            self.errors -= removed;
            self.report(problem.clone());
        }
    }

    /// Adds a warning that is only put into words if it will be shown.
    pub fn report_warning(&mut self, problem: impl FnOnce() -> Problem) {
        match self.kept.len() < PROBLEMS_KEPT_MAX {
            true => self.report(problem()),
            false => self.warnings += 1,
        }
    }

    /// Whether the file must be refused.
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// How many errors were found, those not kept included.
    pub fn errors(&self) -> usize {
        self.errors
    }

    /// Whether something at this very place is wrong.
    pub fn are_at(&self, position: Position) -> bool {
        self.kept.iter().any(|problem| problem.position == position)
    }

    /// How many warnings were found, those not kept included.
    pub fn warnings(&self) -> usize {
        self.warnings
    }

    /// Whether nothing at all was found.
    pub fn is_empty(&self) -> bool {
        self.errors + self.warnings == 0
    }

    /// The kept problems in the order of the file, each once.
    pub fn sorted(&self) -> Vec<&Problem> {
        let mut sorted: Vec<&Problem> = self.kept.iter().collect();
        sorted.sort_by(|left, right| {
            (left.position, left.severity).cmp(&(right.position, right.severity))
        });
        sorted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::source::Sources;

    fn here() -> Position {
        Position::start_of(Sources::default().add("a.yaml", "a"))
    }

    #[test]
    fn the_nearest_name_ignores_case_and_kind_of_hyphen() {
        assert_eq!(nearest("latencey", ["colo", "latency"]), Some("latency"));
        assert_eq!(
            nearest("Service-Time", ["service_time"]),
            Some("service_time")
        );
        assert_eq!(
            nearest("vps-fr", ["onprem-qro", "vps-fra"]),
            Some("vps-fra")
        );
    }

    #[test]
    fn nothing_is_suggested_when_no_name_is_close() {
        assert_eq!(nearest("colour", ["latency", "services"]), None);
        assert_eq!(nearest("a", ["xyz"]), None);
        assert_eq!(nearest("b", ["a"]), None);
    }

    #[test]
    fn long_lists_are_cut_short() {
        assert_eq!(quoted_list(["a", "b"]), "`a`, `b`");
        assert_eq!(plain_list([]), "");
        assert!(plain_list(vec!["x"; 43]).ends_with("x and 3 more"));
    }

    #[test]
    fn a_problem_that_is_found_twice_is_told_and_counted_once() {
        let mut problems = Problems::default();
        for message in ["wrong", "wrong", "bad"] {
            problems.report(Problem::error(here(), message));
        }
        assert_eq!((problems.errors(), problems.sorted().len()), (2, 2));
    }

    #[test]
    fn a_cause_takes_the_place_of_its_consequences_and_of_nothing_else() {
        let mut problems = Problems::default();
        let cause = Problem::error(here(), "no tunnel is called `prd`");
        problems.replace_errors_with(&cause);
        assert!(
            problems.is_empty(),
            "without consequences there is no cause"
        );
        problems.report(Problem::error(here(), "this block needs `replicas`"));
        problems.report(Problem::warning(here(), "careful"));
        problems.replace_errors_with(&cause);
        assert_eq!((problems.errors(), problems.warnings()), (1, 1));
        assert!(problems.contains(&cause));
    }

    #[test]
    fn the_hundredth_problem_is_kept_and_the_next_is_counted() {
        let mut problems = Problems::default();
        for number in 0..=PROBLEMS_KEPT_MAX {
            problems.report(Problem::error(here(), format!("problem {number}")));
        }
        assert_eq!(problems.errors(), PROBLEMS_KEPT_MAX + 1);
        assert_eq!(problems.sorted().len(), PROBLEMS_KEPT_MAX);
    }

    #[test]
    fn an_error_takes_the_place_of_a_warning_when_there_are_too_many() {
        let mut problems = Problems::default();
        for number in 0..PROBLEMS_KEPT_MAX {
            problems.report(Problem::warning(here(), format!("careful {number}")));
        }
        problems.report(Problem::error(here(), "wrong"));
        assert!(
            problems
                .sorted()
                .iter()
                .any(|kept| kept.severity == Severity::Error)
        );
        assert_eq!(problems.warnings(), PROBLEMS_KEPT_MAX);
    }
}
