//! What the repository says of itself is true today: the floors of the code, and every page that is made from it.
//!
//! `UPDATE_GOLDEN=1 cargo test --test repository` rewrites the pages.

mod catalogue;
mod declarations;
mod floors;
mod limits;
mod model_limits;
mod readme;
mod schema;
mod sources;

use std::fs;

use sources::root;

/// Compares a committed file with what it should be, or writes it if `UPDATE_GOLDEN` is set.
fn assert_current(file: &str, text: &str) {
    let path = root().join(file);
    let committed = fs::read_to_string(&path).unwrap_or_default();
    if committed == text {
        return;
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, text).unwrap();
        return;
    }
    let (mut new, mut old) = (text.lines(), committed.lines());
    let mut lines = std::iter::repeat_with(|| (new.next(), old.next()));
    let difference = lines.find(|(new, old)| new != old || new.is_none());
    panic!(
        "{file} is not what the code makes of it; `UPDATE_GOLDEN=1 cargo test --test repository` writes it. \
         The first difference: {difference:?}"
    );
}
