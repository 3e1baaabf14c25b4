//! A copy of the workspace that an example may change and build.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use selene_acceptance::place;

/// The tests of every engine in the acceptance crate, by the arguments of `cargo test`.
pub const OF_EVERY_ENGINE: &[&str] = &[
    "--package",
    "selene-acceptance",
    "--test",
    "acceptance",
    "--test",
    "every_call",
    "--test",
    "expansion",
    "--test",
    "query_plans",
    "--test",
    "tidy",
];

/// The copy of the workspace. It lies in the target folder. The examples take turns with it, so that what none of them changes is built
/// once for all of them, and is there when they run again.
pub struct Checkout {
    folder: PathBuf,
    /// Locked as long as the copy is in use: another example, and another run of the tests, waits.
    _in_use: File,
}

/// What a program printed, and how it ended.
pub struct Ran {
    pub is_success: bool,
    /// Both outputs, one after the other.
    pub text: String,
}

impl Checkout {
    /// The copy, equal to the workspace. Only what differs is written: cargo goes by the times of files.
    pub fn new() -> Self {
        let folder = place::scratch("worked-examples").join("copy");
        fs::create_dir_all(&folder).expect("a folder");
        let in_use = File::create(folder.with_extension("lock")).expect("a lock file");
        in_use.lock().expect("a lock");
        bring_up_to_date(&place::workspace(), &folder);
        Self { folder, _in_use: in_use }
    }

    /// Applies a difference in the form that git shows.
    pub fn apply(&self, difference: &str) {
        let ran = run(Command::new("git").args(["apply", "-"]), self, Some(difference));
        assert!(ran.is_success, "the edit does not apply: {}", ran.text);
    }

    /// Runs cargo without the network, and without what nobody looks at: SQLite that is optimized, and what a debugger reads.
    pub fn cargo(&self, arguments: &[&str]) -> Ran {
        run(&mut cargo(arguments), self, None)
    }

    /// Runs cargo as [`Checkout::cargo`] does, and lets tests write the files that they else compare with.
    #[cfg(feature = "postgres")]
    pub fn cargo_updating_fixtures(&self, arguments: &[&str]) -> Ran {
        run(cargo(arguments).env("UPDATE_FIXTURES", "1"), self, None)
    }

    /// The place of a file.
    pub fn path(&self, file: &str) -> PathBuf {
        self.folder.join(file)
    }

    /// The text of a file.
    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    /// Writes a file.
    pub fn write(&self, file: &str, text: &str) {
        fs::write(self.folder.join(file), text).unwrap_or_else(|error| panic!("{file}: {error}"));
    }

    /// Writes lines behind a line of a file, which is counted from 1.
    pub fn insert(&self, file: &str, line: usize, lines: &str) {
        let text = self.read(file);
        let end = text.split_inclusive('\n').take(line).map(str::len).sum();
        let (before, after) = text.split_at(end);
        self.write(file, &format!("{before}{lines}{after}"));
    }

    /// The names of the files in a folder, sorted.
    pub fn files(&self, folder: &str) -> Vec<String> {
        names(&self.folder.join(folder)).into_iter().collect()
    }
}

fn cargo(arguments: &[&str]) -> Command {
    let unoptimized = "profile.dev.package.libsqlite3-sys.opt-level=0";
    let mut command = Command::new(place::cargo());
    command.args(["--offline", "--config", unoptimized, "--config", "profile.dev.debug=0"]).args(arguments);
    command
}

fn run(command: &mut Command, checkout: &Checkout, input: Option<&str>) -> Ran {
    use std::io::Write as _;
    // Cargo names what it builds of a workspace by the paths within it, so a copy must not share the folder of the workspace.
    let target = checkout.folder.with_extension("target");
    let mut child = command
        .current_dir(&checkout.folder)
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_TERM_COLOR", "never")
        // The copy has no repository of its own, and that of the workspace would have other paths.
        .env("GIT_CEILING_DIRECTORIES", place::scratch("worked-examples"))
        .env_remove("INSTA_WORKSPACE_ROOT")
        .stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    if let Some(input) = input {
        child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("the input is taken");
    }
    let Output { status, stdout, stderr } = child.wait_with_output().expect("an exit");
    let text = format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    Ran { is_success: status.success(), text }
}

/// Makes a folder equal to another one, without what is built and what git keeps.
fn bring_up_to_date(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    let wanted = names(from);
    for name in names(to).difference(&wanted) {
        remove(&to.join(name));
    }
    for name in &wanted {
        let (source, target) = (from.join(name), to.join(name));
        if source.is_dir() {
            bring_up_to_date(&source, &target);
        } else {
            let bytes = fs::read(&source).expect("a readable file");
            if fs::read(&target).ok().as_ref() != Some(&bytes) {
                fs::write(target, bytes).expect("a written file");
            }
        }
    }
}

/// The names in a folder, without those of what is built and what git keeps.
fn names(folder: &Path) -> BTreeSet<String> {
    fs::read_dir(folder)
        .expect("a readable folder")
        .map(|entry| entry.expect("a readable entry").file_name().into_string().expect("UTF-8"))
        .filter(|name| name != "target" && name != ".git")
        .collect()
}

fn remove(path: &Path) {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    removed.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
