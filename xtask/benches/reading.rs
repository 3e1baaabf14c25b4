//! How long reading takes, and how much memory: `cargo bench -p xtask`.
//!
//! Every figure is a ratio within one run: to half as many documents or bytes, and to a program that opens the same files
//! and only lets pulldown-cmark iterate them. The documents are the pages of `specs/`, over and over.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use pulldown_cmark::Parser;

/// Rounds of which the median counts.
const ROUNDS: usize = 7;

fn main() {
    // `cargo test --benches` asks for nothing but that it builds.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let pages = pages();
    println!("| what | time | of half as much | of pulldown-cmark alone | peak memory |");
    println!("|---|--:|--:|--:|--:|");
    let mut half = None;
    for count in [100, 200, 400, 800] {
        let documents = write_documents(&folder.path().join(format!("documents-{count}")), &pages, count);
        half = Some(line(&format!("{count} documents"), &documents, "text", half));
    }
    half = None;
    for kilobytes in [160, 320, 640, 1_280] {
        let page = folder.path().join(format!("page-{kilobytes}"));
        write_long_page(&page, kilobytes * 1_024);
        half = Some(line(&format!("one page of {kilobytes} KB"), &page, "text", half));
    }
    let documents = write_documents(&folder.path().join("documents-10000"), &pages, 10_000);
    line("10,000 documents, outline", &documents, "text", None);
    line("10,000 documents, JSON", &documents, "json", None);
}

/// Measures one folder and prints its line; gives the time.
fn line(name: &str, folder: &Path, format: &str, half: Option<Duration>) -> Duration {
    let mut ours = Vec::new();
    let mut theirs = Vec::new();
    let mut peak_kilobytes = 0;
    // In turn, so that a machine whose speed drifts treats both alike.
    for _ in 0..ROUNDS {
        let (time, peak) = run_parse(folder, format);
        ours.push(time);
        peak_kilobytes = peak_kilobytes.max(peak);
        theirs.push(iterate_only(folder));
    }
    let (ours, theirs) = (median(ours), median(theirs));
    let growth =
        half.map_or_else(String::new, |half| format!("{:.2}", ours.as_secs_f64() / half.as_secs_f64()));
    println!(
        "| {name} | {:.1} ms | {growth} | {:.2} | {} MB |",
        ours.as_secs_f64() * 1e3,
        ours.as_secs_f64() / theirs.as_secs_f64(),
        peak_kilobytes / 1_024
    );
    ours
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Runs the program itself, start and printing included; its time and the most memory that it had.
fn run_parse(folder: &Path, format: &str) -> (Duration, u64) {
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["parse", "--format", format])
        .arg(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("xtask starts");
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut peak_kilobytes = 0;
    while child.try_wait().expect("the run can be asked").is_none() {
        peak_kilobytes = peak_kilobytes.max(peak_of(&status).unwrap_or_default());
        std::thread::sleep(Duration::from_micros(500));
    }
    (start.elapsed(), peak_kilobytes)
}

/// The most memory that a process had, in kilobytes; Linux says it.
fn peak_of(status: &Path) -> Option<u64> {
    let text = fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// What reading cannot do without: opening every file and iterating its Markdown, on one thread.
fn iterate_only(folder: &Path) -> Duration {
    let start = Instant::now();
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    let mut events = 0_usize;
    for path in paths {
        let text = fs::read_to_string(path).expect("a document");
        events += Parser::new(&text).into_offset_iter().map(black_box).count();
    }
    black_box(events);
    start.elapsed()
}

/// The pages of the workspace's own specs.
fn pages() -> Vec<String> {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo runs the benchmark");
    let specs = Path::new(&package).join("../specs");
    let mut paths: Vec<PathBuf> = ["ecm", "db_wiring"]
        .iter()
        .flat_map(|folder| fs::read_dir(specs.join(folder)).expect("the specs are there"))
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    paths.iter().map(|path| fs::read_to_string(path).expect("a page")).collect()
}

/// Writes that many documents of about 5 KB into a folder.
fn write_documents(folder: &Path, pages: &[String], count: usize) -> PathBuf {
    fs::create_dir_all(folder).expect("a folder can be made");
    for index in 0..count {
        fs::write(folder.join(format!("{index:05}.md")), &pages[index % pages.len()]).expect("a document");
    }
    folder.to_owned()
}

/// Writes one page of that many bytes: capabilities without number, and as many reason codes.
fn write_long_page(folder: &Path, size_bytes: usize) {
    use std::fmt::Write as _;
    let mut text = String::from(
        "# PH1.T ECM Spec\n\n## Engine Header\n- `engine_id`: `PH1.T`\n- `purpose`: Measure.\n- `version`: `v1`\n\
         - `status`: `ACTIVE`\n\n## Capability List\n",
    );
    let mut codes = String::from("\n## Failure Modes + Reason Codes\n");
    let mut index = 0;
    while text.len() + codes.len() < size_bytes {
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "\n### `PH1T_NUMBER_{index}_ROW`\n- `name`: Commit one row\n\
             - `input_schema`: `(now, user_id, title?, tags[], stars, idempotency_key)`\n\
             - `output_schema`: `Result<NoteRecord, StorageError>`\n- `allowed_callers`: `SELENE_OS_ONLY`\n\
             - `side_effects`: `DECLARED (DB_WRITE)`\n"
        );
        let _ = writeln!(codes, "- the row cannot be committed: `T_NUMBER_{index}_REFUSED`");
        index += 1;
    }
    text.push_str(&codes);
    text.push_str(
        "\n## Audit Emission Requirements Per Capability\n- Every applied write emits one event.\n\n## Sources\n\
         - `crates/notes/src/repo.rs` (`Ph1tNoteRepo`)\n",
    );
    fs::create_dir_all(folder).expect("a folder can be made");
    fs::write(folder.join("page.md"), text).expect("a page");
}
