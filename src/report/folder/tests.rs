use std::cell::Cell;
use std::collections::BTreeMap;
use std::{fs, io};

use super::*;
use crate::report::disk::{Lock, RealDisk};

/// A file system whose n-th change fails, and every change after it if the disk is to stay broken.
struct Failing {
    allowed: Cell<usize>,
    is_lasting: bool,
    kind: io::ErrorKind,
}

impl Failing {
    fn try_to(&self, act: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        match self.allowed.get().checked_sub(1) {
            Some(left) => {
                self.allowed.set(left);
                act()
            }
            None => {
                if !self.is_lasting {
                    self.allowed.set(usize::MAX);
                }
                Err(self.kind.into())
            }
        }
    }
}

impl Disk for Failing {
    fn kind(&self, path: &Path) -> io::Result<Kind> {
        RealDisk.kind(path)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        RealDisk.read(path)
    }

    fn make_folders(&self, path: &Path) -> io::Result<()> {
        self.try_to(|| RealDisk.make_folders(path))
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        self.try_to(|| RealDisk.make_folder(path))
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let whole = self.try_to(|| RealDisk.write(path, bytes));
        if whole.is_err() {
            // A full disk leaves half a file.
            let _ = RealDisk.write(path, &bytes[..bytes.len() / 2]);
        }
        whole
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.try_to(|| RealDisk.sync_folder(path))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.try_to(|| RealDisk.rename(from, to))
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        self.try_to(|| RealDisk.remove_folder(path))
    }

    fn names(&self, path: &Path) -> io::Result<Vec<std::ffi::OsString>> {
        RealDisk.names(path)
    }

    fn lock(&self, path: &Path) -> io::Result<Lock> {
        RealDisk.lock(path)
    }
}

fn files(content: &str) -> Vec<ResultFile> {
    let file = |name: &str, bytes: String| ResultFile {
        name: name.to_owned(),
        bytes: bytes.into_bytes(),
    };
    vec![
        file(
            "summary.json",
            format!("{{\"tool\": \"tunnelsim\", \"content\": \"{content}\"}}"),
        ),
        file("ledger.csv", content.to_owned()),
    ]
}

/// Every file below a folder with its content.
fn listing(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        if entry.file_type().unwrap().is_dir() {
            let inner = listing(&entry.path());
            found.extend(
                inner
                    .into_iter()
                    .map(|(path, bytes)| (format!("{name}/{path}"), bytes)),
            );
            found.entry(format!("{name}/")).or_default();
        } else {
            found.insert(name, fs::read(entry.path()).unwrap());
        }
    }
    found
}

fn write(root: &Path, content: &str, force: bool) -> Result<PathBuf, DiskProblem> {
    write_folder(&RealDisk, root, "shop", &files(content), force)
}

#[test]
fn a_folder_of_ours_is_replaced_and_nothing_else_is_left() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "one", false).unwrap();
    let place = write(root.path(), "two", false).unwrap();
    assert_eq!(place, root.path().join("shop"));
    let names: Vec<String> = listing(root.path()).into_keys().collect();
    assert_eq!(names, ["shop/", "shop/ledger.csv", "shop/summary.json"]);
    assert_eq!(fs::read(place.join("ledger.csv")).unwrap(), b"two");
}

#[test]
fn a_foreign_folder_stays_unless_it_is_forced() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("shop")).unwrap();
    fs::write(root.path().join("shop/thesis.txt"), "years of work").unwrap();
    let before = listing(root.path());
    let refused = write(root.path(), "one", false).unwrap_err().to_string();
    assert!(
        refused.contains("shop` was not written by tunnelsim"),
        "{refused}"
    );
    fs::write(
        root.path().join("shop/summary.json"),
        "{\"tool\": \"other\"}",
    )
    .unwrap();
    assert!(write(root.path(), "one", false).is_err());
    fs::remove_file(root.path().join("shop/summary.json")).unwrap();
    assert_eq!(listing(root.path()), before);
    write(root.path(), "one", true).unwrap();
    assert!(!root.path().join("shop/thesis.txt").exists());
}

/// Puts what is nobody's among results; the names and contents of those files.
fn litter(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fs::create_dir(folder.join("thesis")).unwrap();
    for name in [
        "notes.txt",
        "ledger.xlsx",
        "mine.csv",
        "thesis/years-of-work",
    ] {
        fs::write(folder.join(name), name).unwrap();
    }
    let mut found = listing(folder);
    found.retain(|name, _| !["ledger.csv", "summary.json"].contains(&name.as_str()));
    found
}

#[test]
fn what_is_nobodys_among_results_stays_there() {
    for force in [false, true] {
        let root = tempfile::tempdir().unwrap();
        let folder = write(root.path(), "one", false).unwrap();
        let litter = litter(&folder);
        write(root.path(), "two", force).unwrap();
        let mut after = listing(&folder);
        assert_eq!(after.remove("ledger.csv").unwrap(), b"two");
        after.remove("summary.json");
        assert_eq!(after, litter);
    }
}

#[cfg(unix)]
#[test]
fn a_name_that_is_no_text_stays_as_it_is() {
    use std::os::unix::ffi::OsStrExt;
    let root = tempfile::tempdir().unwrap();
    let folder = write(root.path(), "one", false).unwrap();
    let strange = folder.join(std::ffi::OsStr::from_bytes(b"caf\xe9"));
    fs::write(&strange, "mine").unwrap();
    write(root.path(), "two", false).unwrap();
    assert_eq!(fs::read(strange).unwrap(), b"mine");
}

#[test]
fn what_is_nobodys_is_not_lost_whatever_fails() {
    for allowed in 0.. {
        let root = tempfile::tempdir().unwrap();
        let folder = write(root.path(), "one", false).unwrap();
        let litter = litter(&folder);
        let disk = Failing {
            allowed: Cell::new(allowed),
            is_lasting: true,
            kind: io::ErrorKind::PermissionDenied,
        };
        let _ = write_folder(&disk, root.path(), "shop", &files("two"), false);
        write(root.path(), "three", false).unwrap();
        let mut after = listing(&folder);
        assert_eq!(after.remove("ledger.csv").unwrap(), b"three");
        after.remove("summary.json");
        assert_eq!(after, litter, "after {allowed} changes");
        if disk.allowed.get() > 0 {
            assert!(allowed > 7);
            break;
        }
    }
}

#[test]
fn a_file_left_aside_takes_the_place_of_none_of_its_name() {
    let root = tempfile::tempdir().unwrap();
    let folder = write(root.path(), "one", false).unwrap();
    let aside = root.path().join(".old-shop");
    fs::create_dir(&aside).unwrap();
    fs::copy(folder.join("summary.json"), aside.join("summary.json")).unwrap();
    fs::write(aside.join("notes.txt"), "from before").unwrap();
    fs::write(folder.join("notes.txt"), "from today").unwrap();
    let refused = write(root.path(), "two", false).unwrap_err().to_string();
    assert!(refused.contains("namesake"), "{refused}");
    assert_eq!(fs::read(folder.join("notes.txt")).unwrap(), b"from today");
    fs::remove_file(folder.join("notes.txt")).unwrap();
    write(root.path(), "two", false).unwrap();
    assert_eq!(fs::read(folder.join("notes.txt")).unwrap(), b"from before");
}

#[test]
fn an_empty_folder_is_nobodys() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("shop")).unwrap();
    write(root.path(), "one", false).unwrap();
}

#[test]
fn a_file_in_the_way_stays_even_if_forced() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("shop"), "mine").unwrap();
    let refused = write(root.path(), "one", true).unwrap_err().to_string();
    assert!(refused.contains("is a file"), "{refused}");
    assert_eq!(fs::read(root.path().join("shop")).unwrap(), b"mine");
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link() {
    let root = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), root.path().join("shop")).unwrap();
    let refused = write(root.path(), "one", true).unwrap_err().to_string();
    assert!(refused.contains("is a link"), "{refused}");
    std::os::unix::fs::symlink(elsewhere.path(), root.path().join(".new-other")).unwrap();
    assert!(write_folder(&RealDisk, root.path(), "other", &files("one"), true).is_err());
    assert!(listing(elsewhere.path()).is_empty());
}

#[test]
fn a_name_that_leads_elsewhere_is_refused() {
    let root = tempfile::tempdir().unwrap();
    let long = "a".repeat(65);
    for name in [
        "",
        "..",
        "a/b",
        ".hidden",
        "-flag",
        "Big",
        "a\\b",
        "a b",
        long.as_str(),
    ] {
        let refused = write_folder(&RealDisk, root.path(), name, &files("one"), true).unwrap_err();
        assert!(matches!(refused, DiskProblem::BadName { .. }), "{name}");
    }
    assert!(listing(root.path()).is_empty());
    write_folder(
        &RealDisk,
        root.path(),
        &"a".repeat(64),
        &files("one"),
        false,
    )
    .unwrap();
}

#[test]
fn whatever_fails_there_is_the_old_folder_or_the_new_one() {
    let (old, new) = (files("old"), files("new"));
    for is_lasting in [false, true] {
        for kind in [io::ErrorKind::StorageFull, io::ErrorKind::PermissionDenied] {
            for has_old in [false, true] {
                let failures = (0..).take_while(|&allowed| {
                    let root = tempfile::tempdir().unwrap();
                    if has_old {
                        write_folder(&RealDisk, root.path(), "shop", &old, false).unwrap();
                    }
                    let before = listing(root.path());
                    let disk = Failing {
                        allowed: Cell::new(allowed),
                        is_lasting,
                        kind,
                    };
                    let written = write_folder(&disk, root.path(), "shop", &new, false);
                    check(root.path(), &before, &written, is_lasting);
                    // The next writer always gets through.
                    write(root.path(), "third", false).unwrap();
                    assert_eq!(listing(root.path()).len(), 3);
                    let had_nothing_to_refuse =
                        disk.allowed.get() > 0 && disk.allowed.get() != usize::MAX;
                    !(written.is_ok() && had_nothing_to_refuse)
                });
                assert!(failures.count() >= 7);
            }
        }
    }
}

/// After a failure nothing has changed under the final name, unless only the last sync failed.
fn check(
    root: &Path,
    before: &BTreeMap<String, Vec<u8>>,
    written: &Result<PathBuf, DiskProblem>,
    is_lasting: bool,
) {
    let after = listing(root);
    let is_new = after
        .get("shop/ledger.csv")
        .is_some_and(|bytes| bytes == b"new");
    let visible = |list: &BTreeMap<String, Vec<u8>>| -> BTreeMap<String, Vec<u8>> {
        let is_visible = |(name, _): &(&String, &Vec<u8>)| name.starts_with("shop");
        list.iter()
            .filter(is_visible)
            .map(|(name, bytes)| (name.clone(), bytes.clone()))
            .collect()
    };
    match written {
        Ok(_) => assert!(is_new),
        Err(problem) if is_new => {
            assert!(problem.to_string().starts_with("cannot sync"), "{problem}")
        }
        // A disk that refuses everything from the second rename on cannot even get the old name back.
        Err(_) if is_lasting && after.keys().any(|name| name.starts_with(".old-")) => {}
        Err(problem) => {
            assert_eq!(visible(&after), visible(before), "{problem}");
            assert!(
                problem.to_string().contains("shop") || problem.to_string().contains("make"),
                "{problem}"
            );
            assert!(
                is_lasting || after.keys().all(|name| !name.starts_with(".new-")),
                "{after:?}"
            );
        }
    }
}

#[cfg(unix)]
#[test]
fn a_folder_without_permission_is_named_in_the_error() {
    use std::os::unix::fs::PermissionsExt;
    let root = tempfile::tempdir().unwrap();
    let locked = root.path().join("locked");
    fs::create_dir(&locked).unwrap();
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o555)).unwrap();
    // The superuser may write everywhere, so there is nothing to see for it.
    if fs::write(locked.join("probe"), "").is_err() {
        let refused = write(&locked, "one", false).unwrap_err().to_string();
        assert!(
            refused.starts_with("cannot make `") && refused.contains(".new-shop"),
            "{refused}"
        );
    }
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn results_that_a_dying_machine_left_aside_come_back() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "one", false).unwrap();
    fs::rename(root.path().join("shop"), root.path().join(".old-shop")).unwrap();
    fs::create_dir(root.path().join(".new-shop")).unwrap();
    let disk = Failing {
        allowed: Cell::new(2),
        is_lasting: true,
        kind: io::ErrorKind::StorageFull,
    };
    assert!(write_folder(&disk, root.path(), "shop", &files("two"), false).is_err());
    assert_eq!(
        fs::read(root.path().join("shop/ledger.csv")).unwrap(),
        b"one"
    );
}
