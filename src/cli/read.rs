//! The bytes of files, up to a limit.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use crate::notation::FILE_BYTES_MAX;
use crate::scenario::limits::TRACE_BYTES_MAX;

/// The endings of scenario files.
pub const ENDINGS: [&str; 2] = ["yaml", "yml"];

/// A file's bytes. Its size is looked at before it is read.
///
/// # Errors
/// What is in the way, to follow the file's name.
pub fn read_file(path: &Path, limit: usize) -> Result<Vec<u8>, String> {
    let about = fs::metadata(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => "does not exist".to_owned(),
        _ => format!("cannot be read: {error}"),
    })?;
    if about.is_dir() {
        return Err("is a directory; a file is wanted here".to_owned());
    }
    if about.len() > limit as u64 {
        return Err(too_long(limit));
    }
    let file = File::open(path).map_err(|error| format!("cannot be read: {error}"))?;
    read_limited(file, limit)
}

/// All bytes of a source that does not know its size.
///
/// # Errors
/// When it has more than the limit, or cannot be read.
pub fn read_limited(source: impl Read, limit: usize) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut limited = source.take(limit as u64 + 1);
    limited
        .read_to_end(&mut bytes)
        .map_err(|error| format!("cannot be read: {error}"))?;
    if bytes.len() > limit {
        Err(too_long(limit))
    } else {
        Ok(bytes)
    }
}

fn too_long(limit: usize) -> String {
    format!("is too long: at most {} MiB are read", limit >> 20)
}

/// How long a file may be that a scenario names: traces are longer than scenarios.
pub fn limit_of(name: &str) -> usize {
    let is_scenario = ENDINGS
        .iter()
        .any(|ending| Path::new(name).extension().is_some_and(|it| it == *ending));
    if is_scenario {
        FILE_BYTES_MAX
    } else {
        TRACE_BYTES_MAX
    }
}

/// A path without `.` and, where possible, `..`, so that the same file has the same name however it was reached.
pub fn normal(path: &Path) -> String {
    let mut parts: Vec<Component<'_>> = Vec::new();
    for part in path.components() {
        match (part, parts.last()) {
            (Component::CurDir, _) => {}
            (Component::ParentDir, Some(Component::Normal(_))) => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    if parts.is_empty() {
        return ".".to_owned();
    }
    parts.iter().collect::<PathBuf>().display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_file_has_one_name() {
        assert_eq!(
            normal(Path::new("scenarios/./configs/../base.yaml")),
            "scenarios/base.yaml"
        );
        assert_eq!(normal(Path::new("../base.yaml")), "../base.yaml");
        assert_eq!(normal(Path::new("/a/../b.yaml")), "/b.yaml");
        assert_eq!(normal(Path::new("scenarios/..")), ".");
    }

    #[test]
    fn an_endless_source_is_refused_at_the_limit() {
        let refused = read_limited(io::repeat(b'x'), FILE_BYTES_MAX).unwrap_err();
        assert!(refused.contains("too long"), "{refused}");
    }
}
