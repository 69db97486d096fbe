//! A bar on standard error for work that takes a while, and nothing for work that does not.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work that is shorter has no bar.
const PATIENCE: Duration = Duration::from_secs(1);

const TEMPLATE: &str = "{msg} {wide_bar} {percent} %  {eta} left";

/// Progress of a known amount of work. Threads may share it.
pub struct Progress {
    bar: ProgressBar,
    began: Instant,
    may_show: bool,
    is_shown: AtomicBool,
}

impl Progress {
    /// Work of so many steps. It is shown only if standard error is a terminal, and never if `quiet`.
    #[expect(
        clippy::disallowed_methods,
        reason = "a bar may look at the clock; no result does"
    )]
    pub fn new(steps: u64, what: &str, quiet: bool) -> Progress {
        let bar = ProgressBar::with_draw_target(Some(steps), ProgressDrawTarget::hidden());
        let style = ProgressStyle::with_template(TEMPLATE).expect("the template is well-formed");
        bar.set_style(style.progress_chars("━╸ "));
        bar.set_message(what.to_owned());
        let may_show = !quiet && std::io::stderr().is_terminal();
        Progress {
            bar,
            began: Instant::now(),
            may_show,
            is_shown: AtomicBool::new(false),
        }
    }

    /// So many steps are done altogether.
    pub fn reach(&self, steps: u64) {
        self.bar.set_position(steps);
        self.show_if_due();
    }

    /// Lets a line be printed without tearing the bar.
    pub fn pause<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bar.suspend(print)
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn show_if_due(&self) {
        let is_due = self.may_show && self.began.elapsed() >= PATIENCE;
        if is_due && !self.is_shown.swap(true, Ordering::Relaxed) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.finish();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(
        clippy::disallowed_methods,
        reason = "a bar may look at the clock; no result does"
    )]
    fn short_work_and_quiet_work_have_no_bar() {
        let mut progress = Progress::new(10, "runs", true);
        progress.may_show = true;
        progress.reach(1);
        assert!(!progress.is_shown.load(Ordering::Relaxed));
        let mut quiet = Progress::new(10, "runs", true);
        quiet.began = Instant::now()
            .checked_sub(PATIENCE)
            .expect("the clock is older than a second");
        quiet.reach(5);
        assert!(!quiet.is_shown.load(Ordering::Relaxed));
        assert_eq!(quiet.bar.position(), 5);
    }
}
