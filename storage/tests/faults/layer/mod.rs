//! A layer under the store that breaks what it asks of its files: a small library (`layer.c`), built by the test and preloaded
//! into a process of its own, so that everything of SQLite is as it is for everybody: its own way to the files, its locks, its
//! log and the memory that it shares.

pub mod control;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

pub use control::{Bed, EVERY_KIND, Fault, Kind, Way};
use control::{CONTROL, FOLDER, JOURNAL};

/// How long a process may take. None of them waits for anything that does not come.
const AT_MOST: Duration = Duration::from_mins(10);

/// Builds the layer, once for each run of the tests. The compiler is there: SQLite was built by it.
fn library() -> &'static Path {
    static BUILT: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, library) = BUILT.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let library = folder.path().join("layer.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults/layer/layer.c");
        let compiler = std::env::var_os("CC").unwrap_or_else(|| OsString::from("cc"));
        let built = Command::new(&compiler)
            .args(["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-o"])
            .args([&library, &source])
            .args(["-ldl", "-lpthread"])
            .output();
        let built =
            built.unwrap_or_else(|error| panic!("no fault was tried: {}: {error}", compiler.display()));
        let printed = String::from_utf8_lossy(&built.stderr);
        assert!(built.status.success(), "no fault was tried: the layer is not built: {printed}");
        (folder, library)
    });
    library
}

/// A folder in memory where the system has one: a disk that works adds nothing to one that fails.
fn bed() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

/// Runs an ignored test of this program under the layer, in a process of its own, and gives its output.
pub fn in_child(test: &str) -> String {
    let bed = bed();
    let (control, folder) = (bed.path().join("control"), bed.path().join("files"));
    std::fs::write(&control, [0; 4_096]).unwrap();
    std::fs::create_dir(&folder).unwrap();
    let printed = bed.path().join("output");
    let output = std::fs::File::create(&printed).unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture", test])
        .env("LD_PRELOAD", library())
        .env(CONTROL, control)
        .env(FOLDER, &folder)
        .env(JOURNAL, bed.path().join("journal"))
        .env("SQLITE_TMPDIR", &folder)
        .stdin(Stdio::null())
        .stdout(output.try_clone().unwrap())
        .stderr(output)
        .spawn()
        .unwrap();
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break Some(status);
        }
        if begun.elapsed() > AT_MOST * if crate::proof::is_whole() { 20 } else { 1 } {
            child.kill().unwrap();
            child.wait().unwrap();
            break None;
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    let printed = std::fs::read_to_string(printed).unwrap();
    let status = status.unwrap_or_else(|| panic!("{test} hangs:\n{printed}"));
    assert!(status.success() && printed.contains("1 passed"), "{test}: {status}\n{printed}");
    println!("{printed}");
    printed
}
