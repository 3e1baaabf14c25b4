//! sqlx as its documentation has it: a pool, prepared statements that the connection keeps, a transaction for each event. One connection
//! writes, because SQLite has one writer: with more of them they wait for each other's locks.

use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, SqlSafeStr as _};

use crate::work::{Value, Work};

/// Commits all events and gives the time of it.
pub fn run(database: &str, work: Work, tasks: usize) -> Result<Duration, String> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    runtime.block_on(commit(database, work, tasks)).map_err(|error| error.to_string())
}

async fn commit(database: &str, work: Work, tasks: usize) -> Result<Duration, sqlx::Error> {
    let mut options = SqliteConnectOptions::new().filename(database).statement_cache_capacity(64);
    for (name, value) in &work.pragmas {
        options = options.pragma(name.clone(), value.clone());
    }
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
    let statements: Arc<Vec<String>> = Arc::new(work.statements.clone());
    let shares = work.shares(tasks);
    // Statements are compiled before the clock starts, as those of the other contestants are.
    let mut connection = pool.acquire().await?;
    for statement in statements.iter() {
        connection.prepare(AssertSqlSafe(statement.clone()).into_sql_str()).await?;
    }
    drop(connection);
    let began = Instant::now();
    let shares = shares.into_iter().map(|share| {
        let (pool, statements) = (pool.clone(), Arc::clone(&statements));
        tokio::spawn(async move {
            for event in share {
                commit_one(&pool, &statements, event).await?;
            }
            Ok::<(), sqlx::Error>(())
        })
    });
    for share in shares.collect::<Vec<_>>() {
        share.await.expect("a task does not panic")?;
    }
    let elapsed = began.elapsed();
    pool.close().await;
    Ok(elapsed)
}

async fn commit_one(
    pool: &SqlitePool,
    statements: &[String],
    event: Vec<Vec<Value>>,
) -> Result<(), sqlx::Error> {
    let mut connection = pool.acquire().await?;
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    for (statement, values) in statements.iter().zip(event) {
        let mut query = sqlx::query(AssertSqlSafe(statement.clone()));
        for value in values {
            query = match value {
                Value::Null => query.bind(None::<i64>),
                Value::Integer(number) => query.bind(number),
                Value::Text(text) => query.bind(text),
                Value::Bytes(bytes) => query.bind(bytes),
            };
        }
        if statement.starts_with("SELECT") {
            query.fetch_optional(&mut *transaction).await?;
        } else {
            query.execute(&mut *transaction).await?;
        }
    }
    transaction.commit().await
}
