//! Ctrl-C.

use std::sync::Arc;

use super::exit::Exit;
use crate::experiment::Progress;

/// The first Ctrl-C asks the runs to stop; the second ends the program at once.
pub fn listen(progress: &Arc<Progress>) {
    let progress = Arc::clone(progress);
    // Where the system gives no such signal, Ctrl-C ends the program as it always does.
    let _ = ctrlc::set_handler(move || {
        if progress.is_interrupted() {
            std::process::exit(i32::from(Exit::Interrupted.code()));
        }
        progress.interrupt();
    });
}
