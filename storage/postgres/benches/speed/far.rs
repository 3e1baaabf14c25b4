//! A network between a store and its server: whatever is sent arrives later by half of the time of a way there and back.

use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// The name of the socket of a server, in its folder.
const SOCKET: &str = ".s.PGSQL.5432";
/// What is on its way in one direction at most, in pieces.
const PIECES: usize = 1_024;

/// A network to a server; it is there as long as the program runs.
pub struct Far {
    folder: TempDir,
    server: String,
}

impl Far {
    /// A network to the server of an address; none where the address leads to no socket.
    pub fn to(address: &str, there_and_back: Duration) -> Option<Self> {
        let host = address.split_once("://")?.1.split('/').next()?.rsplit('@').next()?;
        let server = host.replace("%2F", "/");
        if !server.starts_with('/') {
            return None;
        }
        let folder = tempfile::tempdir().expect("a temporary folder");
        let listener = UnixListener::bind(folder.path().join(SOCKET)).expect("a socket can be made");
        let socket = Path::new(&server).join(SOCKET);
        thread::spawn(move || {
            for store in listener.incoming() {
                connect(&store.expect("a connection is taken"), &socket, there_and_back / 2);
            }
        });
        Some(Self { folder, server: host.to_owned() })
    }

    /// The address of the same database, through the network.
    pub fn address(&self, address: &str) -> String {
        let through = self.folder.path().display().to_string().replace('/', "%2F");
        address.replace(&self.server, &through)
    }
}

fn connect(store: &UnixStream, socket: &PathBuf, delay: Duration) {
    let server = UnixStream::connect(socket).expect("the server takes connections");
    let copy = |stream: &UnixStream| stream.try_clone().expect("a stream has two ends");
    carry(copy(store), copy(&server), delay);
    carry(copy(&server), copy(store), delay);
}

/// Carries what comes from one side to the other, each piece so much later than it came.
fn carry(mut from: UnixStream, mut to: UnixStream, delay: Duration) {
    let (sent, on_its_way) = mpsc::sync_channel::<(Instant, Vec<u8>)>(PIECES);
    thread::spawn(move || {
        let mut buffer = vec![0; 64 * 1_024];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            if sent.send((Instant::now() + delay, buffer[..count].to_vec())).is_err() {
                return;
            }
        }
    });
    thread::spawn(move || {
        for (arrives, piece) in on_its_way {
            thread::sleep(arrives.saturating_duration_since(Instant::now()));
            if to.write_all(&piece).is_err() {
                return;
            }
        }
        let _ = to.shutdown(Shutdown::Write);
    });
}
