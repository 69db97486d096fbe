//! A folder of results: the old one stays until the new one is complete.
//!
//! A new folder is written as `.new-NAME` beside the old one and brought down to the medium. Then the old one steps
//! aside as `.old-NAME`, the new one takes its name, and the old one goes. Whatever fails, `NAME` is the old folder
//! or the new one, and `.new-NAME` is removed; only a machine that dies between the two renames leaves the old
//! results under `.old-NAME`, and the next writer puts them back first. What lies among the old results and is none
//! moves into the new folder before the old one goes. Of several processes that write into one
//! folder at once, one after the other does so: each holds a lock on the folder above while it writes.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::disk::{Disk, DiskProblem, Kind, Trying};
use super::summary::TOOL;

/// A file of a results folder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ResultFile {
    /// Its name, without any folder.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// The names that results may have, with the ending of a table or a picture. A folder that was written by an earlier
/// version is replaced too: what it may have written stays in this list.
const TABLES_AND_PICTURES: [&str; 12] = [
    "containers",
    "estimates",
    "faults",
    "latency",
    "latency-over-time",
    "ledger",
    "runs",
    "sessions",
    "status",
    "timeline",
    "traffic",
    "variants",
];

/// Whether a file of such a name may be one of results.
fn is_result(name: &str) -> bool {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    match ending {
        "csv" | "png" | "svg" => TABLES_AND_PICTURES.contains(&stem),
        _ => ["scenario.yaml", "summary.json"].contains(&name),
    }
}

/// Looks whether a folder of results can be written and may be replaced, and changes nothing but that the folders
/// above it exist: hours of runs should not end with what could have been said before.
///
/// # Errors
/// As [`write_folder`], as far as can be known beforehand.
pub fn prepare(disk: &dyn Disk, root: &Path, name: &str, force: bool) -> Result<(), DiskProblem> {
    let place = Place::of(root, name)?;
    disk.make_folders(root).trying("make", root)?;
    let _lock = disk.lock(root).trying("lock", root)?;
    place.put_back(disk)?;
    place.is_occupied(disk, force)?;
    place.clear_new(disk)?;
    disk.make_folder(&place.new).trying("make", &place.new)?;
    disk.remove_folder(&place.new).trying("remove", &place.new)
}

/// Writes a folder of results in the place of an earlier one, and says where it is.
///
/// An existing folder is replaced only if its summary.json says that we wrote it, if it is empty, or if `force` is set.
/// What else lies in a folder of ours stays there. Links are never followed nor replaced.
///
/// # Errors
/// When the name is unfit, something foreign is in the way, or the file system refuses anything. The folder is then
/// as it was before.
pub fn write_folder(
    disk: &dyn Disk,
    root: &Path,
    name: &str,
    files: &[ResultFile],
    force: bool,
) -> Result<PathBuf, DiskProblem> {
    let place = Place::of(root, name)?;
    disk.make_folders(root).trying("make", root)?;
    let _lock = disk.lock(root).trying("lock", root)?;
    place.put_back(disk)?;
    let is_occupied = place.is_occupied(disk, force)?;
    place.clear_new(disk)?;
    let written = place
        .fill(disk, files)
        .and_then(|()| place.swap(disk, is_occupied));
    if written.is_err() {
        // The first error is the one to tell; what is left over is removed by the next writer.
        let _ = disk.remove_folder(&place.new);
    }
    written?;
    disk.sync_folder(root).trying("sync", root)?;
    Ok(place.last)
}

/// Whether results may have this name: `[a-z0-9][a-z0-9-]{0,63}`.
fn is_fit(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=64).contains(&name.len()) && !name.starts_with('-') && name.bytes().all(fits)
}

/// The three names that a folder has in the course of its writing.
struct Place {
    last: PathBuf,
    new: PathBuf,
    old: PathBuf,
}

impl Place {
    fn of(root: &Path, name: &str) -> Result<Place, DiskProblem> {
        if !is_fit(name) {
            return Err(DiskProblem::BadName {
                name: name.to_owned(),
            });
        }
        let beside = |prefix: &str| root.join(format!("{prefix}{name}"));
        Ok(Place {
            last: root.join(name),
            new: beside(".new-"),
            old: beside(".old-"),
        })
    }

    /// Undoes the first half of a swap that was cut short.
    fn put_back(&self, disk: &dyn Disk) -> Result<(), DiskProblem> {
        let at = |path: &Path| disk.kind(path).trying("look at", path);
        if at(&self.old)? != Kind::Folder {
            return Ok(());
        }
        match at(&self.last)? {
            Kind::Nothing => disk
                .rename(&self.old, &self.last)
                .trying("rename", &self.old),
            _ => self.retire_old(disk),
        }
    }

    /// Whether there is a folder to be replaced, and we may do so.
    fn is_occupied(&self, disk: &dyn Disk, force: bool) -> Result<bool, DiskProblem> {
        let in_the_way = |reason| {
            Err(DiskProblem::InTheWay {
                path: self.last.clone(),
                reason,
            })
        };
        match disk.kind(&self.last).trying("look at", &self.last)? {
            Kind::Nothing => Ok(false),
            Kind::File => in_the_way("is a file, where a folder of results should be"),
            Kind::Other => in_the_way("is a link, and results are never written through one"),
            Kind::Folder if force || is_ours(disk, &self.last) => Ok(true),
            Kind::Folder => match disk.names(&self.last).trying("read", &self.last)? {
                names if names.is_empty() => Ok(true),
                _ => in_the_way("was not written by tunnelsim; --force replaces it"),
            },
        }
    }

    /// Removes the old folder, once what lies in it and is not ours has moved to the new one.
    fn retire_old(&self, disk: &dyn Disk) -> Result<(), DiskProblem> {
        if is_ours(disk, &self.old) {
            let names = disk.names(&self.old).trying("read", &self.old)?;
            let is_foreign = |name: &&OsString| !name.to_str().is_some_and(is_result);
            for name in names.iter().filter(is_foreign) {
                let (from, to) = (self.old.join(name), self.last.join(name));
                if disk.kind(&to).trying("look at", &to)? != Kind::Nothing {
                    let reason = "has a namesake among the new results; move one of the two";
                    return Err(DiskProblem::InTheWay { path: from, reason });
                }
                disk.rename(&from, &to).trying("rename", &from)?;
            }
        }
        disk.remove_folder(&self.old).trying("remove", &self.old)
    }

    /// Removes what an earlier writer could not.
    fn clear_new(&self, disk: &dyn Disk) -> Result<(), DiskProblem> {
        match disk.kind(&self.new).trying("look at", &self.new)? {
            Kind::Nothing => Ok(()),
            Kind::Folder => disk.remove_folder(&self.new).trying("remove", &self.new),
            Kind::File | Kind::Other => {
                let (path, reason) = (self.new.clone(), "is in the way, and is not a folder");
                Err(DiskProblem::InTheWay { path, reason })
            }
        }
    }

    fn fill(&self, disk: &dyn Disk, files: &[ResultFile]) -> Result<(), DiskProblem> {
        disk.make_folder(&self.new).trying("make", &self.new)?;
        for file in files {
            debug_assert!(is_result(&file.name), "the next run would not replace it");
            let path = self.new.join(&file.name);
            disk.write(&path, &file.bytes).trying("write", &path)?;
        }
        disk.sync_folder(&self.new).trying("sync", &self.new)
    }

    fn swap(&self, disk: &dyn Disk, is_occupied: bool) -> Result<(), DiskProblem> {
        if is_occupied {
            disk.rename(&self.last, &self.old)
                .trying("rename", &self.last)?;
        }
        let renamed = disk
            .rename(&self.new, &self.last)
            .trying("rename", &self.new);
        if is_occupied {
            // The new results are in place, or the old ones return; neither is worth an error of its own.
            let _ = match renamed {
                Ok(()) => self.retire_old(disk),
                Err(_) => disk
                    .rename(&self.old, &self.last)
                    .trying("rename", &self.old),
            };
        }
        renamed
    }
}

/// Whether a folder has a summary.json that says so.
fn is_ours(disk: &dyn Disk, folder: &Path) -> bool {
    #[derive(Deserialize)]
    struct Signature {
        tool: String,
    }
    let path = folder.join("summary.json");
    let is_file = disk.kind(&path).is_ok_and(|kind| kind == Kind::File);
    let signature = is_file.then(|| disk.read(&path).ok()).flatten();
    let signature = signature.and_then(|bytes| serde_json::from_slice::<Signature>(&bytes).ok());
    signature.is_some_and(|signature| signature.tool == TOOL)
}

#[cfg(test)]
mod tests;
