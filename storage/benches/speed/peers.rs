//! Other libraries on the same work. They are in a program of their own (`benches/peers`), because each binds a version of SQLite of its
//! own. It gets the statements and the values of each event in a file, and a copy of the same database.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _};
use selene_contracts::ph1_w::WakeProfileId;
use selene_contracts::shared::UserId;
use serde::Serialize;

use crate::arguments::{CALLS, Extent};
use crate::bed::{Template, dump};
use crate::commits::plain;
use crate::event::{CAPABILITY, ENGINE, Event, SPACE};
use crate::raw::{Chain, Raw, STATEMENTS, WRITER_CACHE_KIB, pragmas};
use crate::report::{Aim, Line};
use crate::rounds::{self, Contestant, speed};
use crate::store::Ours;
use crate::workload::calls;

/// The libraries, by their names.
const PEERS: [&str; 3] = ["diesel", "sqlx", "sea-orm"];
/// How many callers commit at once: threads, or tasks of a runtime.
const CALLERS: [usize; 2] = [1, 64];

/// The program with the libraries in it.
pub struct Peers {
    program: PathBuf,
    folder: PathBuf,
}

#[derive(Serialize)]
struct Work {
    pragmas: Vec<(&'static str, String)>,
    statements: [&'static str; 5],
    events: Vec<Vec<Step>>,
}

/// The values of one statement.
type Step = Vec<Bound>;

/// A bound value.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Bound {
    Null,
    Integer(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl From<&str> for Bound {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i64> for Bound {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<&[u8]> for Bound {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

impl<T: Into<Self>> From<Option<T>> for Bound {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl Peers {
    /// Builds the program.
    ///
    /// # Errors
    /// It does not build.
    pub fn build(package: &Path, folder: &Path) -> std::io::Result<Self> {
        eprintln!("building the peers");
        let manifest = package.join("benches/peers/Cargo.toml");
        let target = folder.join("peers");
        let built = Command::new(env!("CARGO"))
            .args(["build", "--release", "--locked", "--quiet", "--manifest-path"])
            .arg(&manifest)
            .arg("--target-dir")
            .arg(&target)
            .status()?;
        if !built.success() {
            return Err(std::io::Error::other("the peers do not build"));
        }
        Ok(Self { program: target.join("release/selene-bench-peers"), folder: folder.to_owned() })
    }

    /// New events from so many callers on a database, by a library.
    pub fn commit(&self, peer: &str, database: &Path, next: usize, count: usize, callers: usize) -> Duration {
        let file = self.folder.join("work.json");
        let work = Work {
            pragmas: pragmas(WRITER_CACHE_KIB),
            statements: STATEMENTS,
            events: steps(database, next, count).expect("the database has heads"),
        };
        std::fs::write(&file, serde_json::to_vec(&work).expect("work has a JSON form"))
            .expect("the disk has room");
        let output = Command::new(&self.program)
            .arg(peer)
            .args([database, &file])
            .arg(callers.to_string())
            .output()
            .expect("the program starts");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Duration::from_nanos(text.trim().parse().expect("it prints nanoseconds"))
    }
}

/// Every library leaves the same rows as the plain statements do.
fn check_same(template: &Template, peers: &Peers) {
    let (count, path) = (100, template.copy("peers-same-raw"));
    let events: Vec<Event> = calls(template.events..template.events + count).iter().map(Event::of).collect();
    let mut raw = Raw::open(&path, Chain::Hashed).expect("it opens");
    raw.commit_each(&events).expect("it commits");
    drop(raw);
    let rows = |path: &Path| dump(path).expect("a table can be read");
    let expected = rows(&path);
    for peer in PEERS {
        let path = template.copy(&format!("peers-same-{peer}"));
        peers.commit(peer, &path, template.events, count, 1);
        assert_eq!(rows(&path), expected, "{peer} leaves other rows than the plain statements");
    }
}

/// The store and plain statements, against each library with as many callers on a copy of the same file.
pub fn measure(template: &Template, extent: Extent, peers: &Peers) -> Vec<Line> {
    check_same(template, peers);
    let mut lines = Vec::new();
    for callers in CALLERS {
        let name = |side: &str| format!("peers-{side}-{callers}");
        let mut ours = Ours::new(template.store(&name("ours")), template.events);
        let mut contestants = vec![
            Contestant::new(CALLS, move || ours.commit_from(callers, CALLS)),
            plain(template.raw(&name("raw"), Chain::Hashed), template.events, CALLS, 1),
        ];
        contestants.extend(PEERS.map(|peer| {
            let (database, mut next) = (template.copy(&name(peer)), template.events);
            Contestant::new(CALLS, move || {
                let elapsed = peers.commit(peer, &database, next, CALLS, callers);
                next += CALLS;
                elapsed
            })
        }));
        rounds::run(&mut contestants, extent.rounds());
        let many = if callers == 1 { "1 caller".to_owned() } else { format!("{callers} callers") };
        for (peer, of_peer) in PEERS.iter().zip(&contestants[2..]) {
            for (who, one) in [("the store", &contestants[0]), ("raw single commits", &contestants[1])] {
                let case = format!("{who}, against {peer} with {many}");
                lines.push(Line::new(
                    case,
                    Aim::None,
                    speed(one, of_peer),
                    one.nanoseconds(),
                    of_peer.nanoseconds(),
                ));
            }
        }
    }
    lines
}

/// The values of each statement of each event, as they follow the newest events of the database.
fn steps(database: &Path, next: usize, count: usize) -> rusqlite::Result<Vec<Vec<Step>>> {
    let connection = Connection::open(database)?;
    let mut heads: BTreeMap<String, (i64, [u8; 32])> = BTreeMap::new();
    let newest = "SELECT chain_sequence, hash FROM audit_events WHERE chain_id = ?1 ORDER BY chain_sequence DESC LIMIT 1";
    let mut newest = connection.prepare(newest)?;
    let events: Vec<Event> = calls(next..next + count).iter().map(Event::of).collect();
    let mut all = Vec::with_capacity(count);
    for event in &events {
        let head = match heads.get(&event.tenant_id) {
            Some(head) => *head,
            None => newest
                .query_row([&event.tenant_id], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?
                .unwrap_or((0, [0; 32])),
        };
        let sequence = head.0 + 1;
        let seals = event.seals(sequence);
        let hash = event.chain_hash(&seals, sequence, &head.1);
        all.push(event_steps(event, sequence, seals, &head.1, &hash));
        heads.insert(event.tenant_id.clone(), (sequence, hash));
    }
    Ok(all)
}

/// The values of one event, in the order of [`STATEMENTS`] and of their parameters.
fn event_steps(
    event: &Event,
    sequence: i64,
    seals: String,
    previous: &[u8; 32],
    hash: &[u8; 32],
) -> Vec<Step> {
    let row = &event.row;
    let (user, device) = (row.user_id.as_ref().map(UserId::as_str), row.device_id.as_str());
    let (tenant, wake_event) = (event.tenant_id.as_str(), row.wake_event_id.as_str());
    let created_at = row.created_at.get().cast_signed();
    let scope = event.scope.as_slice();
    vec![
        vec![event.audit_id.as_str().into(), scope.into()],
        vec![device.into(), wake_event.into()],
        vec![
            wake_event.into(),
            tenant.into(),
            sequence.into(),
            created_at.into(),
            Bound::Null,
            user.into(),
            device.into(),
            i64::from(row.accepted).into(),
            row.reason_code.as_str().into(),
            row.wake_profile_id.as_ref().map(WakeProfileId::as_str).into(),
            i64::from(row.tts_active_at_trigger).into(),
            i64::from(row.media_playback_active_at_trigger).into(),
            Bound::Null,
        ],
        vec![
            event.audit_id.as_str().into(),
            created_at.into(),
            tenant.into(),
            Bound::Null,
            Bound::Null,
            user.into(),
            device.into(),
            ENGINE.into(),
            "PERCEPTION_SIGNAL_EMITTED".into(),
            "WAKE_RUNTIME_EVENT_COMMIT".into(),
            "INFO".into(),
            event.correlation_id.as_slice().into(),
            event.turn_id.into(),
            Bound::Null,
            event.payload.as_str().into(),
            Bound::Null,
            event.key.as_str().into(),
            Bound::Text(seals),
            tenant.into(),
            sequence.into(),
            previous.as_slice().into(),
            hash.as_slice().into(),
        ],
        vec![
            tenant.into(),
            sequence.into(),
            scope.into(),
            SPACE.into(),
            ENGINE.into(),
            CAPABILITY.into(),
            tenant.into(),
            event.request.as_slice().into(),
            event.outcome.as_str().into(),
        ],
    ]
}
