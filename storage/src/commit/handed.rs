//! Writes that are handed over without waiting for them.

use std::sync::Arc;

use selene_contracts::{Admitted, CallContext};

use crate::commit::calls::{Serves, prepare};
use crate::commit::driver::{About, Driver};
use crate::commit::names;
use crate::commit::operation::Operation;
use crate::commit::queue::BATCH_AT_MOST;
use crate::commit::spread::{HandedOver, Place};
use crate::commit::store::Store;
use crate::commit::ticket::Ticket;
use crate::rows::stored::StoredWrite;

type Connection<S> = <<<S as Store>::Leader as Serves>::Driver as Driver>::Connection;
type Operations<S> = Vec<Box<dyn Operation<Connection<S>>>>;

/// Hands a write over without waiting for it.
pub fn submit<S: Store, C: StoredWrite>(
    store: &Arc<S>,
    context: &CallContext,
    input: C,
) -> Ticket<C::Output> {
    let call = Admitted::admit(context, input);
    let Some(spread) = store.spread() else {
        let leader = store.common_leader();
        let (ticket, operation) = prepare(leader, call);
        if let Some(operation) = operation {
            leader.commits().enqueue_one(operation);
        }
        return ticket;
    };
    let place = call.as_ref().ok().map(|call| place(store, call));
    let (mut ticket, operation) = prepare(spread.common(), call);
    if let Some((place, operation)) = place.zip(operation)
        && let Some(leader) = spread.hand_over(vec![HandedOver { place, operation }]).pop()
    {
        ticket.leads = leader;
    }
    ticket
}

/// Hands several writes of one capability over in their order. Those that wait in one queue are committed next to each other.
pub fn submit_all<S: Store, C: StoredWrite>(
    store: &Arc<S>,
    calls: impl IntoIterator<Item = (CallContext, C)>,
) -> Vec<Ticket<C::Output>> {
    let mut tickets = Vec::new();
    let mut places: Vec<(usize, Place)> = Vec::new();
    let mut operations = Vec::new();
    for (context, input) in calls {
        let call = Admitted::admit(&context, input);
        let spread = store.spread().and(call.as_ref().ok());
        places.extend(spread.map(|call| (tickets.len(), place(store, call))));
        let (ticket, operation) = prepare(store.common_leader(), call);
        if operation.is_none() {
            places.pop_if(|(number, _)| *number == tickets.len());
        }
        tickets.push(ticket);
        operations.extend(operation);
        if operations.len() == BATCH_AT_MOST {
            queue(store, &mut places, &mut operations, &mut tickets);
        }
    }
    queue(store, &mut places, &mut operations, &mut tickets);
    tickets
}

/// Queues operations; where they are spread, with their tickets and places.
fn queue<S: Store, T>(
    store: &Arc<S>,
    places: &mut Vec<(usize, Place)>,
    operations: &mut Operations<S>,
    tickets: &mut [Ticket<T>],
) {
    if operations.is_empty() {
        return;
    }
    let Some(spread) = store.spread() else {
        store.common_leader().commits().enqueue(operations);
        return;
    };
    let (numbers, places): (Vec<usize>, Vec<Place>) = places.drain(..).unzip();
    let writes = places.into_iter().zip(operations.drain(..));
    let writes = writes.map(|(place, operation)| HandedOver { place, operation }).collect();
    for (number, leader) in numbers.into_iter().zip(spread.hand_over(writes)) {
        tickets[number].leads = leader;
    }
}

fn place<S: Store, C: StoredWrite>(store: &Arc<S>, call: &Admitted<C>) -> Place {
    let mut names = names::of_write(call);
    let home = store.likely_leader(&About::input(call.input()));
    names.extend(home.as_ref().map(|(chain_id, _)| names::of_chain(chain_id)));
    Place { names, home: home.map(|(_, queue)| queue) }
}
