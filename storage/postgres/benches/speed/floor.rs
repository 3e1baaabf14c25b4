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

struct Connection {
    // Declared before the runtime, and so dropped before it.
    client: Client,
    runtime: Runtime,
    insert: Statement,
}

impl Floor {
    /// Makes the table, once for each number of connections.
    pub fn new(database: &Database, connections: usize) -> Self {
        let table = format!("public.floor_{connections}");
        let made = format!("CREATE TABLE {table} (number bigint NOT NULL PRIMARY KEY, body text NOT NULL)");
        database.raw().run(&made).unwrap_or_else(|error| panic!("{error}"));
        let connections =
            (0..connections).map(|_| Connection::open(&database.superuser_address(), &table)).collect();
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
    fn open(address: &str, table: &str) -> Self {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
        let (client, driving) =
            runtime.block_on(tokio_postgres::connect(address, NoTls)).expect("the server lets it in");
        runtime.spawn(async move { driving.await.unwrap_or_default() });
        let insert = format!("INSERT INTO {table} (number, body) VALUES ($1, $2)");
        let insert = runtime.block_on(client.prepare(&insert)).expect("the table is there");
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
