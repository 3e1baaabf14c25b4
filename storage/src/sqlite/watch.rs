//! Asks the system whether a file was deleted, renamed or replaced, so that no commit has to look for it by its path.
//!
//! Linux reports such a change before the call that makes it returns (inotify). To ask for reports costs a tenth of looking
//! for three files by their paths. Elsewhere, and where the system refuses to watch, nothing is reported and the files are
//! looked for. A report says only that something changed; whether it matters is found by looking.

use std::path::Path;

/// Watches some files and folders.
#[derive(Debug)]
pub(crate) struct Watch {
    #[cfg(target_os = "linux")]
    events: std::os::fd::OwnedFd,
}

#[cfg(target_os = "linux")]
impl Watch {
    /// Watches files and all folders that lead to them. `None` where the system refuses any of it.
    pub(crate) fn of(files: &[&Path]) -> Option<Self> {
        use rustix::fs::inotify::{CreateFlags, WatchFlags, add_watch, init};
        let events = init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC).ok()?;
        // The number of links of an open file changes when one of its names goes.
        let gone = WatchFlags::DELETE_SELF | WatchFlags::MOVE_SELF | WatchFlags::ATTRIB;
        for file in files {
            add_watch(&events, *file, gone).ok()?;
            for folder in file.ancestors().skip(1) {
                add_watch(&events, folder, WatchFlags::DELETE_SELF | WatchFlags::MOVE_SELF).ok()?;
            }
        }
        Some(Self { events })
    }

    /// Whether nothing was reported since this was asked last.
    pub(crate) fn is_quiet(&self) -> bool {
        use rustix::fs::inotify::Reader;
        use rustix::io::Errno;
        let mut buffer = [std::mem::MaybeUninit::uninit(); 1_024];
        let mut reports = Reader::new(&self.events, &mut buffer);
        let mut is_quiet = true;
        loop {
            match reports.next() {
                Ok(_) => is_quiet = false,
                Err(Errno::AGAIN) => return is_quiet,
                // Without reports the files must be looked for.
                Err(_) => return false,
            }
        }
    }
}

#[cfg(not(target_os = "linux"))]
impl Watch {
    /// `None`: other systems report nothing.
    pub(crate) fn of(_files: &[&Path]) -> Option<Self> {
        None
    }

    /// Never asked: there is no watch.
    pub(crate) fn is_quiet(&self) -> bool {
        false
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn every_way_of_losing_a_file_is_reported_and_writing_is_not() {
        let losses: [fn(&Path); 4] = [
            |file| fs::remove_file(file).unwrap(),
            |file| fs::rename(file, file.with_extension("moved")).unwrap(),
            |file| {
                let other = file.with_extension("other");
                fs::write(&other, "other").unwrap();
                fs::rename(other, file).unwrap();
            },
            |file| {
                let folder = file.parent().unwrap();
                fs::rename(folder, folder.with_extension("moved")).unwrap();
            },
        ];
        for (index, lose) in losses.iter().enumerate() {
            let root = tempfile::tempdir().unwrap();
            let folder = root.path().canonicalize().unwrap().join("folder");
            fs::create_dir(&folder).unwrap();
            let file = folder.join("file");
            fs::write(&file, "one").unwrap();
            // A file that is open keeps its bytes, whatever becomes of its name.
            let open = fs::OpenOptions::new().append(true).open(&file).unwrap();
            let watch = Watch::of(&[&file]).expect("the system watches");
            assert!(watch.is_quiet(), "{index}");
            std::io::Write::write_all(&mut &open, b"two").unwrap();
            open.sync_all().unwrap();
            open.set_len(3).unwrap();
            assert!(watch.is_quiet(), "{index}: writing is no loss");
            lose(&file);
            assert!(!watch.is_quiet(), "{index}");
            assert!(watch.is_quiet(), "{index}: it is reported once");
        }
    }
}
