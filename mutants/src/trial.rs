//! Which tests reach a mutant, and whether one of them fails with it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::compile::Program;

/// A test, how long it takes without a mutant, and which mutants it reaches.
pub struct Test<'a> {
    pub program: &'a Program,
    pub name: String,
    pub took: Duration,
    pub reaches: BTreeSet<usize>,
}

/// How a trial ended.
pub enum Verdict {
    /// A test failed, of one of these.
    Failed(Vec<String>),
    /// Tests took far longer than without the mutant.
    TooLong(Vec<String>),
    /// All tests passed that reach it.
    Survived { tests: usize },
    /// No test reaches it.
    NotReached,
}

/// How a program of tests ended.
enum End {
    Passed,
    Failed,
    TooLong,
}

/// Tests that run together take about so long; the next ones run only if these passed.
const TOGETHER: Duration = Duration::from_millis(400);

/// The names of a program's tests.
///
/// # Errors
/// The program does not list them.
pub fn names(program: &Program, skipped: &[String]) -> Result<Vec<String>, String> {
    let output = Command::new(&program.path)
        .args(["--list", "--format", "terse"])
        .current_dir(&program.folder)
        .output()
        .map_err(|error| format!("{}: {error}", program.path.display()))?;
    let names = String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| line.strip_suffix(": test"))
        .filter(|name| !skipped.iter().any(|part| name.contains(part)))
        .map(str::to_owned)
        .collect();
    Ok(names)
}

/// Runs a test alone and notes what it reaches. None where it fails or takes longer than `at_most`.
pub fn record<'a>(program: &'a Program, name: &str, file: &Path, at_most: Duration) -> Option<Test<'a>> {
    let _ = fs::remove_file(file);
    let begin = Instant::now();
    let end = run(program, &[name], &[("SELENE_REACHED", &file.to_string_lossy())], at_most);
    let took = begin.elapsed();
    let reached = fs::read_to_string(file).unwrap_or_default();
    let reaches = reached.lines().filter_map(|line| line.parse().ok()).collect();
    matches!(end, End::Passed).then(|| Test { program, name: name.to_owned(), took, reaches })
}

/// Tries a mutant with the tests that reach it, the quickest first.
pub fn try_mutant(mutant: usize, tests: &[Test<'_>]) -> Verdict {
    let mut reaching: Vec<&Test<'_>> = tests.iter().filter(|test| test.reaches.contains(&mutant)).collect();
    if reaching.is_empty() {
        return Verdict::NotReached;
    }
    reaching.sort_by_key(|test| test.took);
    let count = reaching.len();
    let number = mutant.to_string();
    while !reaching.is_empty() {
        let program = reaching[0].program;
        let mut together = Vec::new();
        let mut takes = Duration::ZERO;
        reaching.retain(|test| {
            let is_next = std::ptr::eq(test.program, program) && (takes < TOGETHER || together.is_empty());
            if is_next {
                takes += test.took;
                together.push(test.name.as_str());
            }
            !is_next
        });
        let shown = || together.iter().map(|name| format!("{} {name}", program.name)).collect();
        let limit = takes * 5 + Duration::from_secs(20);
        match run(program, &together, &[("SELENE_MUTANT", &number)], limit) {
            End::Passed => {}
            End::Failed => return Verdict::Failed(shown()),
            End::TooLong => return Verdict::TooLong(shown()),
        }
    }
    Verdict::Survived { tests: count }
}

/// Does `work` for each item, so many at a time; what it gives comes in the order of the items.
pub fn at_once<T: Sync, R: Send>(
    items: &[T],
    threads: usize,
    work: impl Fn(usize, &T) -> R + Sync,
) -> Vec<R> {
    let next = Mutex::new(0);
    let results = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let (next, results, work) = (&next, &results, &work);
            scope.spawn(move || {
                loop {
                    let number = {
                        let mut next = next.lock().expect("no thread panics with it");
                        *next += 1;
                        *next - 1
                    };
                    let Some(item) = items.get(number) else { return };
                    let result = work(thread, item);
                    results.lock().expect("no thread panics with it").insert(number, result);
                }
            });
        }
    });
    results.into_inner().expect("no thread panics with it").into_values().collect()
}

fn run(program: &Program, names: &[&str], environment: &[(&str, &str)], limit: Duration) -> End {
    let child = Command::new(&program.path)
        .args(["--exact", "--test-threads", "1"])
        .args(names)
        .envs(environment.iter().copied())
        .env("CARGO_MANIFEST_DIR", &program.folder)
        .current_dir(&program.folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    child.map_or(End::Failed, |child| wait(child, limit))
}

fn wait(mut child: Child, limit: Duration) -> End {
    let begin = Instant::now();
    let mut pause = Duration::from_millis(2);
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return End::Passed,
            Ok(None) if begin.elapsed() > limit => {
                let _ = child.kill();
                let _ = child.wait();
                return End::TooLong;
            }
            Ok(None) => std::thread::sleep(pause),
            Ok(Some(_)) | Err(_) => return End::Failed,
        }
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}
