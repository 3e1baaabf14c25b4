//! Requests that are sent together and answered in their order: one way to the server and back for all of them.
//!
//! What must not live here: what is sent, and when.

use std::future::{Future as _, poll_fn};
use std::pin::pin;
use std::task::Poll;

use futures_util::TryStreamExt as _;
use futures_util::future::maybe_done;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Error, Row, RowStream, Statement};

/// A parameter of a statement.
pub(crate) type Parameter<'a> = Box<dyn ToSql + Sync + 'a>;

/// What the server is asked: a prepared statement, and its parameters.
pub(crate) struct Request<'a> {
    pub(crate) statement: Statement,
    pub(crate) parameters: Vec<Parameter<'a>>,
}

/// The answer of the server to one statement.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) rows: Vec<Row>,
    /// How many rows a statement changed or gave.
    pub(crate) count: u64,
}

/// Sends requests and gives their answers, in the same order. After one that fails, the server refuses the rest of its transaction.
pub(crate) async fn send(client: &Client, requests: &[Request<'_>]) -> Vec<Result<Answer, Error>> {
    let mut asked: Vec<_> =
        requests.iter().map(|request| Box::pin(maybe_done(answer(client, request)))).collect();
    // The first look at each of them sends it.
    poll_fn(|context| {
        for request in &mut asked {
            let _ = request.as_mut().poll(context);
        }
        Poll::Ready(())
    })
    .await;
    let mut answers = Vec::with_capacity(asked.len());
    for mut request in asked {
        request.as_mut().await;
        answers.extend(request.as_mut().take_output());
    }
    answers
}

/// Sends requests and behind them a statement whose rows are not held in memory. A request that fails is the error.
pub(crate) async fn send_before<'a>(
    client: &Client,
    requests: &[Request<'_>],
    statement: &Statement,
    parameters: impl ExactSizeIterator<Item = &'a (dyn ToSql + Sync)>,
) -> Result<(Vec<Answer>, RowStream), Error> {
    let mut before = pin!(maybe_done(send(client, requests)));
    let mut asked = pin!(maybe_done(client.query_raw(statement, parameters)));
    poll_fn(|context| {
        let _ = before.as_mut().poll(context);
        let _ = asked.as_mut().poll(context);
        Poll::Ready(())
    })
    .await;
    before.as_mut().await;
    let before = before.as_mut().take_output().unwrap_or_default();
    let before = before.into_iter().collect::<Result<Vec<_>, _>>()?;
    asked.as_mut().await;
    let rows = asked.as_mut().take_output().expect("it was waited for and is taken once")?;
    Ok((before, rows))
}

async fn answer(client: &Client, request: &Request<'_>) -> Result<Answer, Error> {
    let parameters = request.parameters.iter().map(|value| &**value);
    let mut stream = pin!(client.query_raw(&request.statement, parameters).await?);
    let mut rows = Vec::new();
    while let Some(row) = stream.try_next().await? {
        rows.push(row);
    }
    Ok(Answer { rows, count: stream.rows_affected().unwrap_or(0) })
}
