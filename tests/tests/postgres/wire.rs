//! A wire between a store and its server that breaks where a test says: before a statement reaches the server, behind it, when the
//! server has answered and the store has not received it, or right after the store has received it. It may also fall silent, as a server that stands still does.
//!
//! It knows where a message of the protocol begins and ends, and nothing else of it.

use std::io::{self, Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

/// The name of the socket of a server, in its folder.
const SOCKET: &str = ".s.PGSQL.5432";
/// What a server sends once it has answered.
const READY: u8 = b'Z';
/// What a server sends first of all: the number of its process.
const PROCESS: u8 = b'K';

/// Where a wire breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The server never sees the statement.
    Before,
    /// The server has answered it.
    Behind,
    /// The store has received the answer, and with it that the connection ends.
    Received,
}

/// What is done to the server process at the end of a wire when it breaks, by its number.
type Strike = Box<dyn Fn(i32) + Send + Sync>;

/// A wire for every connection of a store.
pub struct Wire {
    folder: TempDir,
    plan: Arc<Plan>,
}

/// Where it breaks next.
struct Plan {
    strike: Strike,
    next: Mutex<Next>,
    /// Whether it has broken, with all that is done to the server then.
    is_broken: AtomicBool,
    /// Whether nothing is carried for the time being.
    is_silent: AtomicBool,
}

struct Next {
    /// Which of the statements from now on, from zero; none while nothing is to break.
    at: Option<usize>,
    side: Side,
}

impl Wire {
    /// A wire to the server whose socket is in a folder.
    pub fn to(server: &Path, strike: impl Fn(i32) + Send + Sync + 'static) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let listener = UnixListener::bind(folder.path().join(SOCKET)).expect("a socket can be made");
        let next = Mutex::new(Next { at: None, side: Side::Before });
        let plan = Arc::new(Plan {
            strike: Box::new(strike),
            next,
            is_broken: AtomicBool::new(false),
            is_silent: AtomicBool::new(false),
        });
        let (socket, shared) = (server.join(SOCKET), Arc::clone(&plan));
        thread::spawn(move || {
            for store in listener.incoming() {
                let Ok(store) = store else { return };
                // A server that is not there takes nobody, and so does the wire.
                let _ = connect(store, &socket, &shared);
            }
        });
        Self { folder, plan }
    }

    /// Where a store finds the wire: the address with the folder of the wire in the place of the server's.
    pub fn address(&self, address: &str, server: &Path) -> String {
        let host = |folder: &Path| folder.display().to_string().replace('/', "%2F");
        let through = address.replace(&host(server), &host(self.folder.path()));
        assert_ne!(through, address, "the address leads past the wire");
        format!("{through}?sslmode=disable")
    }

    /// The wire breaks at a statement from now on, counted from zero over all connections.
    pub fn break_at(&self, statement: usize, side: Side) {
        self.plan.is_broken.store(false, Ordering::SeqCst);
        *self.plan.next.lock().unwrap() = Next { at: Some(statement), side };
    }

    /// From now on nothing is carried, or everything again. New connections are taken all the same.
    pub fn be_silent(&self, is_silent: bool) {
        self.plan.is_silent.store(is_silent, Ordering::SeqCst);
    }

    /// The wire breaks no more. Says whether it did; then all that was done to the server is over.
    pub fn is_broken(&self) -> bool {
        if self.plan.next.lock().unwrap().at.take().is_some() {
            return false;
        }
        while !self.plan.is_broken.load(Ordering::SeqCst) {
            thread::sleep(Duration::from_millis(5));
        }
        true
    }
}

impl Plan {
    /// Whether it breaks at this statement, and on which side.
    fn breaks(&self) -> Option<Side> {
        let mut next = self.next.lock().unwrap();
        match next.at {
            Some(0) => {
                next.at = None;
                Some(next.side)
            }
            Some(more) => {
                next.at = Some(more - 1);
                None
            }
            None => None,
        }
    }

    /// Waits while nothing is carried.
    fn wait_while_silent(&self) {
        while self.is_silent.load(Ordering::SeqCst) {
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Does to the server what the break asks for.
    fn strike(&self, known: &Known) {
        (self.strike)(known.process.load(Ordering::SeqCst));
        self.is_broken.store(true, Ordering::SeqCst);
    }
}

/// What the two directions of a connection know of each other.
#[derive(Default)]
struct Known {
    /// The process of the server.
    process: AtomicI32,
    /// The answer that is the last one, counted from one; zero where there is none.
    last: AtomicU64,
    /// Whether the store receives that one.
    is_received: AtomicBool,
}

fn connect(store: UnixStream, socket: &PathBuf, plan: &Arc<Plan>) -> io::Result<()> {
    let server = UnixStream::connect(socket)?;
    let known = Arc::new(Known::default());
    let to_server = (store.try_clone()?, server.try_clone()?, Arc::clone(plan), Arc::clone(&known));
    let plan = Arc::clone(plan);
    thread::spawn(move || {
        let (store, server, plan, known) = to_server;
        let _ = forth(&store, &server, &plan, &known);
        let _ = server.shutdown(Shutdown::Both);
    });
    thread::spawn(move || {
        let _ = back(&server, &store, &plan, &known);
        let _ = store.shutdown(Shutdown::Both);
    });
    Ok(())
}

/// Carries statements to the server, each as a whole.
fn forth(mut store: &UnixStream, mut server: &UnixStream, plan: &Plan, known: &Known) -> io::Result<()> {
    // The first message has no kind, and is answered as a statement is.
    let mut statement = Vec::new();
    body(&mut store, &mut statement)?;
    plan.wait_while_silent();
    server.write_all(&statement)?;
    let mut sent = 1;
    loop {
        statement.clear();
        loop {
            let kind = message(&mut store, &mut statement)?;
            // A simple statement, or the end of one that was prepared. Nothing else is answered by itself.
            if [b'Q', b'S', b'X'].contains(&kind) {
                break;
            }
        }
        sent += 1;
        match plan.breaks() {
            None => {}
            Some(Side::Before) => {
                plan.strike(known);
                return Ok(());
            }
            Some(side) => {
                known.is_received.store(side == Side::Received, Ordering::SeqCst);
                known.last.store(sent, Ordering::SeqCst);
            }
        }
        plan.wait_while_silent();
        server.write_all(&statement)?;
    }
}

/// Carries answers to the store.
fn back(mut server: &UnixStream, mut store: &UnixStream, plan: &Plan, known: &Known) -> io::Result<()> {
    let mut answered = 0;
    let mut answer = Vec::new();
    loop {
        answer.clear();
        let kind = message(&mut server, &mut answer)?;
        match kind {
            READY => answered += 1,
            PROCESS => {
                let number = answer[5..9].try_into().map_or(0, i32::from_be_bytes);
                known.process.store(number, Ordering::SeqCst);
            }
            _ => {}
        }
        let last = known.last.load(Ordering::SeqCst);
        let is_received = last == 0 || known.is_received.load(Ordering::SeqCst);
        if is_received {
            store.write_all(&answer)?;
        }
        if last > 0 && answered >= last {
            if is_received {
                // Both are there before the store looks again.
                store.shutdown(Shutdown::Both)?;
            }
            plan.strike(known);
            return Ok(());
        }
    }
}

/// Reads a message behind what is there already, and gives its kind.
fn message(from: &mut &UnixStream, into: &mut Vec<u8>) -> io::Result<u8> {
    let mut kind = [0];
    from.read_exact(&mut kind)?;
    into.extend(kind);
    body(from, into)?;
    Ok(kind[0])
}

/// Reads what is behind the kind: the length, which counts itself, and the rest.
fn body(from: &mut &UnixStream, into: &mut Vec<u8>) -> io::Result<()> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    into.extend(length);
    let rest = u64::from(u32::from_be_bytes(length)).saturating_sub(4);
    if from.take(rest).read_to_end(into)? as u64 == rest {
        Ok(())
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}
