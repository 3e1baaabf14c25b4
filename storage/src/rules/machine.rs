//! A state machine as it is written down for readers: the states of one column, and what every call does in them.
//!
//! What lives here: the form. What must not: a move. Moves are read from the tables of the rules, or taken from what the rules
//! decide when they are asked for every state.

use selene_contracts::{Capability, ReasonCode};
use serde::Serialize;

use super::enrollment::Enrollment;
use super::enrollment::moves::{Line, On, Reason, To, When};

/// The states of one column, and what moves a row from one to another.
#[derive(Debug, Serialize)]
pub(crate) struct Machine {
    /// What goes through the states, for people.
    pub(crate) title: &'static str,
    /// The engine that states it.
    pub(crate) engine: &'static str,
    /// The table and its column.
    pub(crate) table: &'static str,
    pub(crate) column: &'static str,
    /// Where the rules stand.
    pub(crate) source: &'static str,
    /// Every state, in the order of the contract.
    pub(crate) states: Vec<&'static str>,
    /// Every move, state by state.
    pub(crate) moves: Vec<Move>,
}

/// What a call does in a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Move {
    /// The id of the capability: `PH1W_ENROLL_SAMPLE_COMMIT_ROW`.
    pub(crate) call: &'static str,
    /// The state before; none where the call makes the row.
    pub(crate) from: Option<&'static str>,
    /// The condition in words; empty where there is none.
    pub(crate) when: &'static str,
    /// The state after; none where the call is refused.
    pub(crate) to: Option<&'static str>,
    /// The reason code of the refusal, or the one that the row gets; empty where there is none.
    pub(crate) reason: &'static str,
}

impl Move {
    /// A call of a capability in a state, and what came of it: the state after, or the code of the refusal.
    pub(crate) fn new<C: Capability>(
        from: Option<&'static str>,
        when: &'static str,
        came: Result<&'static str, ReasonCode>,
    ) -> Self {
        let (to, reason) = match came {
            Ok(to) => (Some(to), ""),
            Err(code) => (None, code.as_str()),
        };
        Self { call: C::SPEC.id, from, when, to, reason }
    }
}

/// The capabilities of an enrollment: its start, and the three that the table of moves names.
pub(crate) struct EnrollmentCalls {
    pub(crate) start: &'static str,
    pub(crate) sample: &'static str,
    pub(crate) complete: &'static str,
    pub(crate) defer: &'static str,
}

/// The moves of an enrollment, line by line of its table. `all` are its statuses with their names; `start` is the first.
pub(crate) fn of_enrollment<E: Enrollment>(
    calls: &EnrollmentCalls,
    start: &'static str,
    all: &[(E::Status, &'static str)],
) -> Vec<Move> {
    let first = Move { call: calls.start, from: None, when: "", to: Some(start), reason: "" };
    let name = |status: E::Status| {
        all.iter().find(|(known, _)| *known == status).expect("a status of the contract").1
    };
    let mut moves = vec![first];
    for (status, before) in all {
        let lines: Vec<&Line<E::Status, E::Code>> =
            E::MOVES.iter().filter(|line| line.from.contains(status)).collect();
        for line in &lines {
            let is_last_of_several = lines.iter().filter(|other| other.on == line.on).count() > 1;
            let when = match line.when {
                When::Always if is_last_of_several => "else",
                When::Always => "",
                When::Reached => "enough passes",
                When::Late => "too late",
                When::UsedUp => "attempts used up",
                When::Taken => "another in progress",
            };
            let (to, reason) = match line.to {
                To::Become(after, reason) => (Some(name(after)), words(reason)),
                To::Stay => (Some(*before), ""),
                To::Refuse(code, _) => (None, code_name(code)),
            };
            let call = match line.on {
                On::Sample => calls.sample,
                On::Complete => calls.complete,
                On::Defer => calls.defer,
            };
            moves.push(Move { call, from: Some(before), when, to, reason });
        }
    }
    moves
}

/// The code that a row gets, where the table names one.
fn words<R: Into<ReasonCode>>(reason: Reason<R>) -> &'static str {
    match reason {
        Reason::GivenOr(code) => code_name(code),
        Reason::Cleared | Reason::Before | Reason::Given => "",
    }
}

fn code_name(code: impl Into<ReasonCode>) -> &'static str {
    let code: ReasonCode = code.into();
    code.as_str()
}
