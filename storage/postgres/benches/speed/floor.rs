//! The floor: commits of a single row, each by a prepared statement that is a transaction of its own.

use std::sync::Barrier;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, NoTls, Statement};

use crate::database::Database;

/// Connections that insert rows; each has a thread.
pub struct Floor {
    connections: Vec<Connection>,
    /// The number of the next row.
    next: i64,
}

/// What a commit of the floor writes beside its row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    Nothing,
    /// The row of a key, as calls hold it that look for their key in a whole correlation.
    Key,
}

struct Connection {
    // Declared before the runtime, and so dropped before it.
    client: Client,
    runtime: Runtime,
    insert: Statement,
}

impl Floor {
    /// Makes a table of this name, and connections to it, through an address of a role that may do everything.
    pub fn new(database: &Database, address: &str, name: &str, connections: usize, beside: Beside) -> Self {
        let table = format!("public.floor_{name}");
        let made = format!("CREATE TABLE {table} (number bigint NOT NULL PRIMARY KEY, body text NOT NULL)");
        database.raw().run(&made).unwrap_or_else(|error| panic!("{error}"));
        let insert = format!("INSERT INTO {table} (number, body) VALUES ($1, $2)");
        let insert = match beside {
            Beside::Nothing => insert,
            Beside::Key => format!(
                "WITH key AS (INSERT INTO selene.commit_keys (key_digest) VALUES (decode(md5('{name} ' || $1::bigint), 'hex'))
                 ON CONFLICT (key_digest) DO UPDATE SET key_digest = commit_keys.key_digest) {insert}"
            ),
        };
        let connections = (0..connections).map(|_| Connection::open(address, &insert)).collect();
        Self { connections, next: 0 }
    }

    /// Commits so many rows, shared out among the connections.
    pub fn commit(&mut self, count: usize) -> Duration {
        let share = count / self.connections.len();
        let barrier = &Barrier::new(self.connections.len());
        let firsts = (self.next..).step_by(share);
        self.next += i64::try_from(count).expect("a slice is small");
        let started: Vec<Instant> = std::thread::scope(|scope| {
            let threads: Vec<_> = self
                .connections
                .iter_mut()
                .zip(firsts)
                .map(|(connection, first)| {
                    scope.spawn(move || {
                        barrier.wait();
                        let start = Instant::now();
                        connection.commit(first, share);
                        start
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().expect("rows are committed")).collect()
        });
        started.iter().min().map_or(Duration::ZERO, Instant::elapsed)
    }
}

impl Connection {
    fn open(address: &str, insert: &str) -> Self {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
        let (client, driving) =
            runtime.block_on(tokio_postgres::connect(address, NoTls)).expect("the server lets it in");
        runtime.spawn(async move { driving.await.unwrap_or_default() });
        let insert = runtime.block_on(client.prepare(insert)).expect("the table is there");
        Self { client, runtime, insert }
    }

    fn commit(&mut self, first: i64, count: usize) {
        let body = "a row of the floor has as many bytes as fit into one short line of text";
        for number in (first..).take(count) {
            let values: [&(dyn ToSql + Sync); 2] = [&number, &body];
            let inserted = self.client.execute(&self.insert, &values);
            self.runtime.block_on(inserted).expect("a row is committed");
        }
    }
}
