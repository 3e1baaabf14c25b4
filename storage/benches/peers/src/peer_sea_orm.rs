//! sea-orm by its statements of raw SQL, which spares it the making of them: a pool with one connection that writes, a transaction for each event.

use std::sync::Arc;
use std::time::{Duration, Instant};

use sea_orm::{
    ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, DbBackend, DbErr,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait as _,
};

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

async fn commit(database: &str, work: Work, tasks: usize) -> Result<Duration, DbErr> {
    let mut options = ConnectOptions::new(format!("sqlite://{database}"));
    options.max_connections(1).sqlx_logging(false);
    let pragmas = work.pragmas.clone();
    options.map_sqlx_sqlite_opts(move |options| {
        let options = options.statement_cache_capacity(64);
        pragmas.iter().fold(options, |options, (name, value)| options.pragma(name.clone(), value.clone()))
    });
    let connection = Database::connect(options).await?;
    let statements: Arc<Vec<String>> = Arc::new(work.statements.clone());
    let shares = work.shares(tasks);
    let began = Instant::now();
    let shares = shares.into_iter().map(|share| {
        let (connection, statements) = (connection.clone(), Arc::clone(&statements));
        tokio::spawn(async move {
            for event in share {
                commit_one(&connection, &statements, event).await?;
            }
            Ok::<(), DbErr>(())
        })
    });
    for share in shares.collect::<Vec<_>>() {
        share.await.expect("a task does not panic")?;
    }
    let elapsed = began.elapsed();
    connection.close().await?;
    Ok(elapsed)
}

async fn commit_one(
    connection: &DatabaseConnection,
    statements: &[String],
    event: Vec<Vec<Value>>,
) -> Result<(), DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let transaction = connection.begin_with_options(options).await?;
    for (sql, values) in statements.iter().zip(event) {
        let statement = Statement::from_sql_and_values(
            DbBackend::Sqlite,
            sql,
            values.into_iter().map(sea_orm::Value::from),
        );
        if sql.starts_with("SELECT") {
            transaction.query_one_raw(statement).await?;
        } else {
            transaction.execute_raw(statement).await?;
        }
    }
    transaction.commit().await
}

impl From<Value> for sea_orm::Value {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => None::<i64>.into(),
            Value::Integer(number) => number.into(),
            Value::Text(text) => text.into(),
            Value::Bytes(bytes) => bytes.into(),
        }
    }
}
