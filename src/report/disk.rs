//! The few things that are done with the file system, behind a trait, so that tests can let any of them fail.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What stands at a path. Links are not followed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Nothing.
    Nothing,
    /// A folder.
    Folder,
    /// A regular file.
    File,
    /// A symbolic link, whatever it leads to, or something odder.
    Other,
}

/// A file system. Every method names the path it is about through its arguments; errors are those of the system.
pub trait Disk {
    /// What stands at a path.
    fn kind(&self, path: &Path) -> io::Result<Kind>;
    /// The content of a file.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// Makes a folder and all above it; it may exist.
    fn make_folders(&self, path: &Path) -> io::Result<()>;
    /// Makes a folder that does not exist yet.
    fn make_folder(&self, path: &Path) -> io::Result<()>;
    /// Writes a file that does not exist yet, down to the medium.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;
    /// Brings the list of a folder's entries down to the medium.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;
    /// Gives something another name; the new name must be free.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a folder with everything in it; links in it are removed, not followed.
    fn remove_folder(&self, path: &Path) -> io::Result<()>;
    /// What lies in a folder, in order.
    fn names(&self, path: &Path) -> io::Result<Vec<OsString>>;
    /// Waits until no other process writes results into a folder, and keeps others waiting as long as the lock lives.
    fn lock(&self, path: &Path) -> io::Result<Lock>;
}

/// The sole right to write results into a folder.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "open as long as it is held")] Option<fs::File>);

/// The real file system.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn kind(&self, path: &Path) -> io::Result<Kind> {
        let found = match fs::symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Kind::Nothing),
            found => found?.file_type(),
        };
        Ok(match found {
            kind if kind.is_dir() => Kind::Folder,
            kind if kind.is_file() => Kind::File,
            _ => Kind::Other,
        })
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn make_folders(&self, path: &Path) -> io::Result<()> {
        fs::create_dir_all(path)
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        fs::create_dir(path)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        // Only Unix lets a folder be opened and synced; elsewhere the rename itself has to do.
        if cfg!(unix) {
            fs::File::open(path)?.sync_all()
        } else {
            Ok(())
        }
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        fs::remove_dir_all(path)
    }

    fn names(&self, path: &Path) -> io::Result<Vec<OsString>> {
        let name = |entry: io::Result<fs::DirEntry>| entry.map(|it| it.file_name());
        let names = fs::read_dir(path)?.map(name);
        let mut names = names.collect::<io::Result<Vec<_>>>()?;
        names.sort();
        Ok(names)
    }

    fn lock(&self, path: &Path) -> io::Result<Lock> {
        // Only Unix lets a folder be opened, and not every file system knows locks: there nobody waits.
        if !cfg!(unix) {
            return Ok(Lock(None));
        }
        let folder = fs::File::open(path)?;
        match folder.lock() {
            Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(Lock(None)),
            locked => locked.map(|()| Lock(Some(folder))),
        }
    }
}

/// An error of the file system with the path it is about.
#[derive(Debug, thiserror::Error)]
pub enum DiskProblem {
    /// The system refused something.
    #[error("cannot {doing} `{}`: {error}", .path.display())]
    Refused {
        /// What was tried: `write`, `rename`.
        doing: &'static str,
        /// With what.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// Something is in the way that is not ours to replace.
    #[error("`{}` {reason}", .path.display())]
    InTheWay {
        /// What.
        path: PathBuf,
        /// Why it stays.
        reason: &'static str,
    },
    /// Results cannot be named so.
    #[error("`{name}` cannot name a folder of results: small letters, digits and `-`, at most 64")]
    BadName {
        /// The name.
        name: String,
    },
}

/// Puts what was tried, and with what, to an error.
pub(super) trait Trying<T> {
    /// Names the deed and the path.
    fn trying(self, doing: &'static str, path: &Path) -> Result<T, DiskProblem>;
}

impl<T> Trying<T> for io::Result<T> {
    fn trying(self, doing: &'static str, path: &Path) -> Result<T, DiskProblem> {
        self.map_err(|error| DiskProblem::Refused {
            doing,
            path: path.to_owned(),
            error,
        })
    }
}
