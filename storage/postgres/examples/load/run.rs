//! Callers that make calls and write their answers down, until the input of the program ends.

use std::io::Read as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use selene_storage_postgres::PostgresStore;

use crate::calls::{Call, Errand};
use crate::errors::Error;
use crate::heads::Heads;
use crate::journal::{Answer, Journal};

/// Callers at the same time.
const CALLERS: usize = 16;

/// What a caller waits after an answer. So all callers together are below what the servers can take.
const PAUSE: Duration = Duration::from_millis(20);

/// What a caller waits after a call that was not done.
const PAUSE_AFTER_TROUBLE: Duration = Duration::from_millis(100);

/// How often heads are saved.
const HEADS_EVERY: Duration = Duration::from_secs(1);

/// What the callers share.
struct Load<'a> {
    store: &'a PostgresStore,
    journal: Journal,
    next: AtomicU64,
    is_over: AtomicBool,
}

/// Makes calls, numbered from `first`, until the input ends.
///
/// # Errors
/// The folder takes no files.
pub fn run(store: &PostgresStore, folder: &Path, name: &str, first: u64) -> Result<(), Error> {
    let mut heads = Heads::of(folder)?;
    let load = Load {
        store,
        journal: Journal::create(&folder.join(format!("{name}.journal")))?,
        next: AtomicU64::new(first),
        is_over: AtomicBool::new(false),
    };
    thread::scope(|scope| {
        for _ in 0..CALLERS {
            scope.spawn(|| load.call_until_over());
        }
        let saving = scope.spawn(|| load.save_heads_until_over(&mut heads));
        // Whether it ends or breaks, nobody is there any more who reads what follows.
        std::io::stdin().read_to_end(&mut Vec::new()).unwrap_or_default();
        load.is_over.store(true, Ordering::Relaxed);
        saving.join().expect("saving heads does not panic")
    })
}

impl Load<'_> {
    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }

    fn call_until_over(&self) {
        while !self.is_over() {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let mut errand = Errand::new(number);
            for kind in errand.kinds() {
                if !self.call(&mut errand, Call { number, kind: *kind }) {
                    break;
                }
            }
        }
    }

    /// Makes a call, and makes it again while its outcome is unknown. Says whether it is done. One that was refused is left: it has to
    /// be absent, which the check looks at.
    fn call(&self, errand: &mut Errand, call: Call) -> bool {
        let mut is_unknown = false;
        loop {
            let answer = Answer::of(errand.make(self.store, call.kind));
            self.journal.write(call, &answer);
            if answer.event().is_some() {
                thread::sleep(PAUSE);
                return true;
            }
            thread::sleep(PAUSE_AFTER_TROUBLE);
            is_unknown |= answer == Answer::Unknown;
            if !is_unknown || self.is_over() || matches!(answer, Answer::Failed(_)) {
                return false;
            }
        }
    }

    /// Saves heads while there is a server to ask.
    fn save_heads_until_over(&self, heads: &mut Heads) -> Result<(), Error> {
        while !self.is_over() {
            if let Ok(newest) = self.store.chain_heads() {
                heads.keep(newest)?;
            }
            thread::sleep(HEADS_EVERY);
        }
        Ok(())
    }
}
