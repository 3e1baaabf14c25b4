//! What the last run of `regenerate` printed, for a run over the very same bytes: nobody waits for an answer that is known.
//!
//! Kept is one answer, beside the program, and only of a run over the folders of the workspace that found nothing and changed nothing. It
//! holds for one program, one pair of folders and the bytes of every file in them. Whatever cannot be read, or is neither file nor folder,
//! is no reason to fail here: the phases run and say so.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use crate::written;

/// Beside the program; the first line is what the answer is for, the rest is the answer.
const KEPT: &str = "xtask.unchanged";
/// A folder with more entries is not looked through: whoever names another one by mistake does not wait for it.
const MAX_ENTRIES: usize = 10_000;

/// A question to `regenerate`, together with all that its answer depends on.
#[derive(Debug)]
pub struct Question {
    kept: PathBuf,
    digest: String,
}

impl Question {
    /// The question that this program asks in a mode over two folders; nothing where something cannot be read.
    pub fn new(mode: &str, folders: [&Path; 2]) -> Option<Self> {
        Self::of_program(&std::env::current_exe().ok()?, mode, folders)
    }

    fn of_program(program: &Path, mode: &str, folders: [&Path; 2]) -> Option<Self> {
        let mut parts = Parts(Vec::new());
        parts.add(mode.as_bytes());
        // Cargo gives a program that it builds again another time.
        let metadata = program.metadata().ok()?;
        let built = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        parts.add(&metadata.len().to_le_bytes());
        parts.add(&built.as_nanos().to_le_bytes());
        let mut entries_left = MAX_ENTRIES;
        for folder in folders {
            parts.add(std::path::absolute(folder).ok()?.as_os_str().as_encoded_bytes());
            parts.add_folder(folder, &mut entries_left)?;
        }
        Some(Self { kept: program.with_file_name(KEPT), digest: written::digest(&parts.0) })
    }

    /// The answer that is kept for exactly this question.
    pub fn answer(&self) -> Option<String> {
        let text = fs::read_to_string(&self.kept).ok()?;
        let (digest, answer) = text.split_once('\n')?;
        (digest == self.digest).then(|| answer.to_owned())
    }

    /// Keeps an answer. Where that is not possible, the next run takes its time.
    pub fn keep(&self, answer: &str) {
        let folder = self.kept.parent().unwrap_or(Path::new("."));
        let Ok(mut file) = tempfile::NamedTempFile::new_in(folder) else { return };
        if write!(file, "{}\n{answer}", self.digest).is_ok() {
            // Two runs at one moment leave the answer of one of them.
            let _ = file.persist(&self.kept);
        }
    }
}

/// Parts of what is digested, each with its length before it, so that no two lists of parts are the same bytes.
struct Parts(Vec<u8>);

impl Parts {
    fn add(&mut self, bytes: &[u8]) {
        self.0.extend((bytes.len() as u64).to_le_bytes());
        self.0.extend(bytes);
    }

    /// Adds names and bytes of everything in a folder, by name; nothing where something cannot be read or is too much.
    fn add_folder(&mut self, folder: &Path, entries_left: &mut usize) -> Option<()> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(folder).ok()? {
            *entries_left = entries_left.checked_sub(1)?;
            entries.push(entry.ok()?);
        }
        entries.sort_by_key(fs::DirEntry::file_name);
        self.0.extend((entries.len() as u64).to_le_bytes());
        for entry in entries {
            self.add(entry.file_name().as_encoded_bytes());
            let kind = entry.file_type().ok()?;
            self.0.push(u8::from(kind.is_dir()));
            if kind.is_dir() {
                self.add_folder(&entry.path(), entries_left)?;
            } else if kind.is_file() {
                self.add(&fs::read(entry.path()).ok()?);
            } else {
                return None;
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name and what it does to a place.
    type Change<'a> = (&'a str, &'a dyn Fn(&Place));

    struct Place {
        folder: tempfile::TempDir,
    }

    impl Place {
        /// A program and two folders with a file each.
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            for name in ["specs/a", "out/contracts"] {
                fs::create_dir_all(folder.path().join(name)).unwrap();
            }
            let place = Self { folder };
            place.write("xtask", "program");
            place.write("specs/a/page.md", "page");
            place.write("out/contracts/page.yaml", "contract");
            place
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        fn write(&self, name: &str, text: &str) {
            fs::write(self.path(name), text).unwrap();
        }

        fn question(&self, mode: &str) -> Option<Question> {
            Question::of_program(&self.path("xtask"), mode, [&self.path("specs"), &self.path("out")])
        }

        fn answer(&self) -> Option<String> {
            self.question("write")?.answer()
        }
    }

    #[test]
    fn an_answer_is_kept_for_the_same_bytes() {
        let place = Place::new();
        assert_eq!(place.answer(), None);
        place.question("write").unwrap().keep("nothing\nchanged\n");
        assert_eq!(place.answer().as_deref(), Some("nothing\nchanged\n"));
        assert_eq!(place.question("check").unwrap().answer(), None, "another mode prints another text");
    }

    #[test]
    fn any_difference_is_another_question() {
        let changes: [Change<'_>; 8] = [
            ("a byte of a page", &|place| place.write("specs/a/page.md", "pagE")),
            ("a byte of a contract", &|place| place.write("out/contracts/page.yaml", "contracT")),
            ("a new page", &|place| place.write("specs/a/other.md", "")),
            ("a page that is gone", &|place| fs::remove_file(place.path("specs/a/page.md")).unwrap()),
            ("another name", &|place| {
                fs::rename(place.path("specs/a/page.md"), place.path("specs/a/home.md")).unwrap();
            }),
            ("a page elsewhere", &|place| {
                fs::rename(place.path("specs/a/page.md"), place.path("specs/page.md")).unwrap();
            }),
            ("an empty folder", &|place| fs::create_dir(place.path("out/contracts/empty")).unwrap()),
            ("another program", &|place| place.write("xtask", "another program")),
        ];
        for (name, change) in changes {
            let place = Place::new();
            place.question("write").unwrap().keep("known");
            change(&place);
            assert_eq!(place.answer(), None, "{name}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_left_to_the_phases() {
        let place = Place::new();
        std::os::unix::fs::symlink(place.path("specs/a/page.md"), place.path("specs/a/link.md")).unwrap();
        assert!(place.question("write").is_none());
    }

    #[test]
    fn a_kept_answer_that_is_damaged_is_none() {
        let place = Place::new();
        for text in ["", "known", "0000\nknown"] {
            place.write(KEPT, text);
            assert_eq!(place.answer(), None, "{text:?}");
        }
    }
}
