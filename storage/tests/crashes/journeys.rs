//! A process that takes people through their onboarding is killed over and over, and goes on each time: every
//! answered step is there once, is replayed bit for bit, and nothing is there that nobody waited for.
//!
//! `SELENE_JOURNEY_KILLS` says how many kills there are; with `SELENE_PROOF` there are ten thousand.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Lines};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use selene_contracts::Disposition;
use selene_contracts::ph1_f::{Ph1fFoundationRepo as _, Ph1fReadIdentityRow};
use selene_contracts::ph1_j::{Ph1jAuditRepo as _, Ph1jReadRows};
use selene_contracts::ph1_link::{Ph1LinkRepo as _, Ph1linkReadLinkRow};
use selene_contracts::ph1_onb::{Ph1OnbRepo as _, Ph1onbSessionRow};
use selene_contracts::ph2_access::{Ph2AccessRepo as _, Ph2accessReadInstanceRow};
use selene_contracts::shared::{AuditEventRecord, CorrelationId};
use selene_storage::{SavedHead, SqliteStore};
use serde::{Deserialize, Serialize};

use crate::common::journeys::{Answer, Journey, STEPS, staffed_workplace};
use crate::common::{World, context, count};
use crate::proof;

/// Names the database of the child; without it the child does nothing.
const DATABASE: &str = "SELENE_JOURNEY_DATABASE";
/// The journeys that the child goes on with, one of each lane.
const GO_ON: &str = "SELENE_JOURNEY_GO_ON";
/// How many kills there are.
const KILLS: &str = "SELENE_JOURNEY_KILLS";

const KILLS_IN_CI: usize = 100;
const KILLS_OF_A_PROOF: usize = 10_000;
/// Files whose children are killed side by side, where there are many kills.
const FILES_AT_ONCE: usize = 6;
/// A file that dies so often is whole; the next one begins empty.
const KILLS_OF_A_FILE: usize = 10;
/// Threads that commit side by side, each one journey after the other.
const LANES: usize = 4;
const SIGKILL: i32 = 9;

/// A line that the child prints.
#[derive(Serialize, Deserialize)]
enum Line {
    /// A step of a journey was answered.
    Answer { lane: usize, number: usize, step: usize, answer: Answer },
    /// The ends of the chains, as anybody could have saved them.
    Heads(Vec<SavedHead>),
}

fn tenant(lane: usize) -> &'static str {
    ["harbour", "meadow"][lane % 2]
}

fn journey(lane: usize, number: usize) -> Journey {
    let correlation_id = u128::try_from((lane + 1) * 1_000_000 + number).unwrap();
    Journey::new(&format!("{lane}-{number}"), tenant(lane), correlation_id)
}

/// The child: it goes on with a journey in every lane and says what it was answered, until it is killed.
#[test]
#[ignore = "run by the test below, in a process of its own"]
fn child_that_onboards_until_it_is_killed() {
    let Some(path) = std::env::var_os(DATABASE) else { return };
    let go_on = std::env::var(GO_ON).unwrap();
    let store = SqliteStore::open(path).unwrap();
    // The harness began a line.
    println!();
    for lane in 0..2 {
        staffed_workplace(&store, tenant(lane));
    }
    std::thread::scope(|scope| {
        for (lane, first) in go_on.split(',').enumerate() {
            let (store, first) = (store.clone(), first.parse().unwrap());
            scope.spawn(move || {
                for number in first.. {
                    let mut journey = journey(lane, number);
                    for step in 0..STEPS.len() {
                        let (answer, _) = journey.take(&store, step).unwrap();
                        print(&Line::Answer { lane, number, step, answer });
                    }
                    print(&Line::Heads(store.chain_heads().unwrap()));
                }
            });
        }
    });
}

fn print(line: &Line) {
    println!("{}", serde_json::to_string(line).unwrap());
}

#[test]
fn journeys_survive_every_kill() {
    let kills = std::env::var(KILLS).map(|text| text.parse().expect("a number of kills"));
    let kills = kills.unwrap_or(if proof::is_whole() { KILLS_OF_A_PROOF } else { KILLS_IN_CI });
    let moments: Vec<Moment> = (0..kills).map(Moment::of).collect();
    // Children mostly wait, for a disk and for their end.
    let files_at_once = if kills > KILLS_IN_CI { FILES_AT_ONCE } else { 1 };
    let files = Mutex::new(moments.chunks(KILLS_OF_A_FILE));
    let completed = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..files_at_once {
            scope.spawn(|| {
                loop {
                    let Some(moments) = files.lock().unwrap().next() else { break };
                    completed.fetch_add(kill_over_and_over(moments), Ordering::Relaxed);
                }
            });
        }
    });
    let completed = completed.into_inner();
    println!("{kills} kills, {completed} journeys came to their end");
    // Otherwise the kills came too early to show anything.
    assert!(
        kills < KILLS_IN_CI || completed * 4 > kills,
        "only {completed} journeys came to their end in {kills} lives"
    );
}

/// The kills of one file; says how many journeys came to their end.
fn kill_over_and_over(moments: &[Moment]) -> usize {
    let world = World::new();
    let mut history = History::default();
    for moment in moments {
        history.live(&world.path(), moment);
        history.check(&world.path());
    }
    history.answers.values().filter(|answers| answers.len() == STEPS.len()).count()
}

/// When a child is killed: so long after it has printed so many answers.
struct Moment {
    answers: usize,
    later: Duration,
}

impl Moment {
    /// The moment of a kill, the same in every run. Every eighth one comes before any answer: while the file
    /// is made or recovered.
    fn of(number: usize) -> Self {
        let digest = blake3::hash(format!("kill {number}").as_bytes());
        let digest = digest.as_bytes();
        let micros = u64::from(u16::from_be_bytes([digest[0], digest[1]]));
        if number % 8 == 3 {
            Self { answers: 0, later: Duration::from_micros(micros) }
        } else {
            Self { answers: 1 + usize::from(digest[2]) % 100, later: Duration::from_micros(micros % 4_000) }
        }
    }
}

/// A child that does not outlive the test.
struct RunningChild(Child);

impl Drop for RunningChild {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What the children of one file were answered.
#[derive(Default)]
struct History {
    /// The answers of each journey, step by step, by lane and number.
    answers: BTreeMap<(usize, usize), Vec<Answer>>,
    heads: Vec<SavedHead>,
}

impl History {
    /// One child, from its start to its kill.
    fn live(&mut self, path: &Path, moment: &Moment) {
        let go_on: Vec<String> = (0..LANES).map(|lane| self.last(lane).to_string()).collect();
        let mut child = RunningChild(
            Command::new(std::env::current_exe().unwrap())
                .args([
                    "--ignored",
                    "--exact",
                    "--nocapture",
                    "journeys::child_that_onboards_until_it_is_killed",
                ])
                .env(DATABASE, path)
                .env(GO_ON, go_on.join(","))
                .stdout(Stdio::piped())
                .spawn()
                .unwrap(),
        );
        let mut lines = BufReader::new(child.0.stdout.take().unwrap()).lines();
        let mut answers = 0;
        while answers < moment.answers {
            answers += usize::from(self.read(&mut lines).expect("the child goes on until it is killed"));
        }
        std::thread::sleep(moment.later);
        child.0.kill().unwrap();
        // What lies in the pipe was answered too.
        while self.read(&mut lines).is_some() {}
        assert_eq!(child.0.wait().unwrap().signal(), Some(SIGKILL), "the child did not end by itself");
    }

    /// The journey that a lane is in.
    fn last(&self, lane: usize) -> usize {
        self.answers.range((lane, 0)..(lane + 1, 0)).next_back().map_or(0, |((_, number), _)| *number)
    }

    /// Reads a line; whether it is an answer. A line that the kill cut off says nothing.
    fn read(&mut self, lines: &mut Lines<BufReader<ChildStdout>>) -> Option<bool> {
        let line = lines.next()?.unwrap();
        match serde_json::from_str(&line) {
            Ok(Line::Answer { lane, number, step, answer }) => {
                let answers = self.answers.entry((lane, number)).or_default();
                if let Some(before) = answers.get(step) {
                    assert_eq!(
                        lasting(step, &answer),
                        lasting(step, before),
                        "journey {lane}-{number}, step {step}"
                    );
                } else {
                    assert_eq!(answers.len(), step, "the steps come one after the other");
                    answers.push(answer);
                }
                Some(true)
            }
            Ok(Line::Heads(heads)) => {
                self.heads = heads;
                Some(false)
            }
            Err(_) => Some(false),
        }
    }

    /// Everything that must hold when a child was killed.
    fn check(&mut self, path: &Path) {
        let store = SqliteStore::open(path).unwrap();
        let report = store.verify(&self.heads).unwrap();
        assert!(report.is_intact(), "{report:?}");

        let mut events = events_of(&store, context(1).correlation_id).len();
        events += events_of(&store, crate::common::simulated(1).correlation_id).len();
        for lane in 0..LANES {
            let mut unread = 0;
            for number in 0..=self.last(lane) + 1 {
                let done = check_rows(&store, &journey(lane, number));
                let answered = self.answers.get(&(lane, number)).map_or(0, Vec::len);
                assert!(
                    done >= answered,
                    "journey {lane}-{number}: {answered} steps were answered, {done} are there"
                );
                unread += done - answered;
                events += done;
            }
            assert!(unread <= 1, "nobody begins a step before the last one was answered");
        }
        assert_eq!(report.chains.events, events as u64, "nothing is there that nobody did");
        assert_eq!(count(path, "idempotency_records"), i64::try_from(events).unwrap());

        let heads = store.chain_heads().unwrap();
        for ((lane, number), answers) in &self.answers {
            let mut journey = journey(*lane, *number);
            for (step, before) in answers.iter().enumerate() {
                let (answer, disposition) = journey.take(&store, step).unwrap();
                assert_eq!(disposition, Disposition::Replayed { identical: true });
                assert_eq!(
                    lasting(step, &answer),
                    lasting(step, before),
                    "journey {lane}-{number}, step {step}"
                );
            }
        }
        assert_eq!(store.chain_heads().unwrap(), heads, "a replay leaves nothing");
        self.heads = heads;
    }
}

/// What an answer says for good: that of a start without what follows the session.
fn lasting(step: usize, answer: &Answer) -> (serde_json::Value, &str) {
    let mut value: serde_json::Value = serde_json::from_str(&answer.value).unwrap();
    if STEPS[step] == "ONB_SESSION_START_DRAFT" {
        let fields = value.as_object_mut().unwrap();
        for following in ["status", "next_step", "missing_requirement_keys", "next_requirement_key"] {
            fields.remove(following);
        }
    }
    (value, &answer.event_id)
}

fn events_of(store: &SqliteStore, correlation_id: CorrelationId) -> Vec<AuditEventRecord> {
    // A journey begins before there is a tenant, and goes on in one; the ledger as a whole holds both, and of the
    // chain without a tenant first.
    let mut events = store.ph1j_read_rows(&context(1), Ph1jReadRows {}).unwrap();
    events.retain(|event| event.correlation_id == correlation_id);
    events
}

/// Checks that the events of a journey are the first steps, each once, and that its rows are what they lead
/// to. Gives the number of steps.
fn check_rows(store: &SqliteStore, journey: &Journey) -> usize {
    let events = events_of(store, CorrelationId::new(journey.correlation_id));
    let codes: Vec<&str> = events.iter().map(|event| event.reason_code.as_str()).collect();
    assert_eq!(codes, STEPS[..codes.len()], "journey {}", journey.name);
    let newest = |key: &str, engine: &str| {
        let of_engine = events.iter().filter(|event| event.engine.as_str() == engine);
        of_engine.filter_map(|event| event.payload_min.get(key)).next_back().map(str::to_owned)
    };

    let is_complete = codes.len() == STEPS.len();
    let link_status =
        if is_complete { Some("CONSUMED".to_owned()) } else { newest("link_status", "PH1.LINK") };
    let mut again = Journey::new(&journey.name, &journey.tenant, journey.correlation_id);
    for step in 0..codes.len().min(3) {
        again.take(store, step).unwrap();
    }
    let link = again.token_id.and_then(|token_id| {
        store.ph1link_read_link_row(&context(1), Ph1linkReadLinkRow { token_id }).unwrap()
    });
    assert_eq!(link.map(|link| link.link_status.as_str().to_owned()), link_status);

    let session = again.session_id.and_then(|onboarding_session_id| {
        store.ph1onb_session_row(&context(1), Ph1onbSessionRow { onboarding_session_id }).unwrap()
    });
    let shown = session.as_ref().map(|session| (session.status.as_str().to_owned(), session.updated_at));
    let expected = newest("status", "PH1.ONB").zip(events.last().map(|event| event.created_at));
    assert_eq!(shown, expected, "journey {}", journey.name);

    let user_id = journey.user();
    let has_access = codes.contains(&"ONB_ACCESS_INSTANCE_CREATE_COMMIT");
    let identity = Ph1fReadIdentityRow { user_id: user_id.as_str().into() };
    assert_eq!(store.ph1f_read_identity_row(&context(1), identity).unwrap().is_some(), has_access);
    let access = Ph2accessReadInstanceRow {
        tenant_id: journey.tenant.as_str().into(),
        user_id: user_id.as_str().into(),
    };
    let access = store.ph2access_read_instance_row(&context(1), access).unwrap();
    let access = access.map(|access| access.access_instance_id);
    assert_eq!(session.and_then(|session| session.access_engine_instance_id), access);
    assert_eq!(access.map(|id| id.to_string()), newest("access_engine_instance_id", "PH1.ONB"));
    codes.len()
}
