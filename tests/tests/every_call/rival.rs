//! Another process that makes the calls of this one, each at the same moment.

use std::hint;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use selene_acceptance::Shared;
use selene_contracts::CallContext;
use serde_json::{Value, json};

use crate::dispatch::{self, Written};

/// Names the place of the rows to the other process; without it, it does nothing.
const ADDRESS: &str = "SELENE_RIVAL_ADDRESS";
/// What its lines begin with: those of the test runner stand between them.
const LINE: &str = "rival: ";
/// How long before the moment both are asked.
const NOTICE: Duration = Duration::from_micros(400);
/// How much earlier than the other one of them begins, in turn.
const LEAD: Duration = Duration::from_micros(50);

/// The other process, and for whom calls were applied.
pub struct Rival {
    process: Child,
    calls: ChildStdin,
    answers: BufReader<ChildStdout>,
    own: u64,
    others: u64,
}

impl Rival {
    /// Starts it: the ignored test of a module of this program.
    pub fn start(address: &str, module: &str) -> Self {
        let (_, module) = module.split_once("::").expect("the module lies in the crate");
        let mut process = Command::new(std::env::current_exe().expect("this program has a path"))
            .args(["--ignored", "--exact", "--nocapture", &format!("{module}::the_other_process")])
            .env(ADDRESS, address)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program starts once more");
        let calls = process.stdin.take().expect("its input is a pipe");
        let answers = BufReader::new(process.stdout.take().expect("its output is a pipe"));
        let mut rival = Self { process, calls, answers, own: 0, others: 0 };
        assert_eq!(rival.line(), "ready");
        rival
    }

    /// Both make a call at one moment. Gives what it gave to the one for whom it was applied.
    pub fn race(&mut self, call: &Value, own: impl FnOnce() -> Written) -> Written {
        let moment = now() + NOTICE;
        let is_first = (self.own + self.others).is_multiple_of(2);
        let (here, there) = if is_first { (moment, moment + LEAD) } else { (moment + LEAD, moment) };
        writeln!(self.calls, "{}", json!({"at": micros(there), "call": call})).expect("it takes calls");
        wait_for(here);
        let own = own();
        let other: Value = serde_json::from_str(&self.line()).expect("an answer is JSON");
        assert_eq!(other["refused"], Value::Null, "refused in the other process: {call}");
        assert_eq!(other["is_applied"], json!(!own.is_applied), "one of them is a replay: {call}");
        assert_eq!(other["event_id"], json!(own.event_id), "{call}");
        assert_eq!(other["value"], own.value, "{call}");
        if own.is_applied {
            self.own += 1;
        } else {
            self.others += 1;
        }
        Written { is_applied: true, ..own }
    }

    /// Ends the other process. Says how many calls were applied in this one, and in that one.
    pub fn end(self) -> (u64, u64) {
        let Self { mut process, calls, answers, own, others } = self;
        drop(calls);
        // Read to the end, so that it can say all it has to say.
        let _ = answers.lines().count();
        assert!(process.wait().expect("it ends").success(), "the other process failed");
        (own, others)
    }

    fn line(&mut self) -> String {
        loop {
            let mut line = String::new();
            let length = self.answers.read_line(&mut line).expect("its output is a text");
            assert!(length > 0, "the other process is gone");
            if let Some((_, rest)) = line.split_once(LINE) {
                return rest.trim_end().to_owned();
            }
        }
    }
}

/// What the other process does: the calls that it is asked for, until there are no more. A context is made of the time and the turn.
pub fn run(harness: &impl Shared, context: impl Fn(u64, u64) -> CallContext) {
    let Ok(address) = std::env::var(ADDRESS) else { return };
    let store = harness.open_at(&address);
    println!("{LINE}ready");
    for line in std::io::stdin().lines() {
        let asked: Value = serde_json::from_str(&line.expect("a call is a text")).expect("a call is JSON");
        let call = &asked["call"];
        let number = |name: &str| call[name].as_u64().expect("a number");
        let (context, id) = (context(number("now"), number("turn")), call["id"].as_str().expect("an id"));
        wait_for(Duration::from_micros(asked["at"].as_u64().expect("a moment")));
        let answer = match dispatch::write(&store, &context, id, &call["input"]).expect("a write") {
            Ok(done) => {
                json!({"is_applied": done.is_applied, "event_id": done.event_id, "value": done.value})
            }
            Err(error) => json!({"refused": error.to_string()}),
        };
        println!("{LINE}{answer}");
    }
}

/// The time that both processes share.
fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("it is later than 1970")
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).expect("it is not that late")
}

/// Waits without sleeping: who sleeps wakes up late.
fn wait_for(moment: Duration) {
    while now() < moment {
        hint::spin_loop();
    }
}
