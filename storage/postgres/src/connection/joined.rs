//! Requests that are sent at once end with one Sync, and their client does not notice.
//!
//! The client puts a Sync behind every statement. The server answers each of them with a write of its own, which wakes whoever waits, and
//! that costs more than a short statement. So of statements that are sent together all Syncs but the last are left out, and the client is
//! shown the answers that the server would have given to them. Statements are sent together only within an explicit transaction, in
//! which a Sync changes nothing but what is said here: after a statement that fails the server answers none of those behind it,
//! so they are shown the answer that they would have had.
//!
//! What must not live here: reading and writing.

use std::collections::VecDeque;

use bytes::{Buf as _, BufMut as _, BytesMut};

/// The first byte of a message, and four bytes of length.
const HEAD: usize = 5;

/// What a client sends.
const BIND: u8 = b'B';
const EXECUTE: u8 = b'E';
const SYNC: u8 = b'S';
const QUERY: u8 = b'Q';

/// What a server answers.
const COMPLETE: u8 = b'C';
const EMPTY_QUERY: u8 = b'I';
const SUSPENDED: u8 = b's';
const ERROR: u8 = b'E';
const READY: u8 = b'Z';
const COPY_IN: u8 = b'G';

/// That the transaction is open, or failed.
const IN_TRANSACTION: u8 = b'T';
const IN_FAILED_TRANSACTION: u8 = b'E';

/// The field of an error that has the same words in every language, and those of one that ends the connection.
const SEVERITY: u8 = b'V';
const ENDS_CONNECTION: [&[u8]; 2] = [b"FATAL", b"PANIC"];

/// What the server says of a statement behind one that failed.
const REFUSED: &[u8] = b"SERROR\0VERROR\0C25P02\0Mcurrent transaction is aborted, commands ignored until end of transaction block\0\0";

/// How the server ends its answer to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// It says that it is ready.
    Ready,
    /// It does not, because the Sync was left out.
    LeftOut,
}

/// The requests that are not answered yet.
#[derive(Debug, Default)]
pub(crate) struct Joined {
    /// Whether the server has let in: what the client sends before has another form.
    is_let_in: bool,
    unanswered: VecDeque<End>,
    /// The beginning of a message of the client, and one of the server, whose rest is not there yet.
    request: BytesMut,
    answer: BytesMut,
}

impl Joined {
    /// What the server is sent in the place of what the client sends at once.
    pub(crate) fn send(&mut self, sent: &[u8], out: &mut BytesMut) {
        if !self.is_let_in {
            out.extend_from_slice(sent);
            return;
        }
        self.request.extend_from_slice(sent);
        // A Sync waits here until the next request shows whether it is left out.
        let mut waits = false;
        let mut request = BytesMut::new();
        let mut kinds = Vec::new();
        while let Some(message) = next(&mut self.request) {
            let kind = message[0];
            kinds.push(kind);
            match kind {
                SYNC | QUERY => {
                    let is_statement = kinds == [BIND, EXECUTE, SYNC];
                    if waits {
                        self.end_request(if is_statement { End::LeftOut } else { End::Ready }, out);
                    }
                    out.extend_from_slice(&request.split());
                    kinds.clear();
                    waits = is_statement;
                    if !is_statement {
                        out.extend_from_slice(&message);
                        self.unanswered.push_back(End::Ready);
                    }
                }
                _ => request.extend_from_slice(&message),
            }
        }
        if waits {
            self.end_request(End::Ready, out);
        }
        out.extend_from_slice(&request);
    }

    fn end_request(&mut self, end: End, out: &mut BytesMut) {
        if end == End::Ready {
            put(SYNC, &[], out);
        }
        self.unanswered.push_back(end);
    }

    /// What the client is shown in the place of what the server answers.
    pub(crate) fn receive(&mut self, received: &[u8], out: &mut BytesMut) {
        self.answer.extend_from_slice(received);
        while let Some(message) = next(&mut self.answer) {
            out.extend_from_slice(&message);
            match (message[0], self.unanswered.front()) {
                // The server reads past the Sync that was sent with the request.
                (READY | COPY_IN, _) => {
                    self.is_let_in = true;
                    self.unanswered.pop_front();
                }
                (COMPLETE | EMPTY_QUERY | SUSPENDED, Some(End::LeftOut)) => {
                    self.unanswered.pop_front();
                    put(READY, &[IN_TRANSACTION], out);
                }
                (ERROR, Some(End::LeftOut)) if !ends_connection(&message) => self.refuse_rest(out),
                _ => {}
            }
        }
    }

    /// A statement failed. Up to the next Sync the server answers nothing.
    fn refuse_rest(&mut self, out: &mut BytesMut) {
        while let Some(End::LeftOut) = self.unanswered.front() {
            self.unanswered.pop_front();
            put(READY, &[IN_FAILED_TRANSACTION], out);
            put(ERROR, REFUSED, out);
        }
    }
}

/// Takes the next message that is there as a whole.
fn next(bytes: &mut BytesMut) -> Option<BytesMut> {
    let length = bytes.get(1..HEAD)?.get_u32();
    let length = usize::try_from(length).ok()?.checked_add(1)?;
    // One that is shorter than its length is no message; whoever reads it says so.
    let length = length.max(HEAD);
    (bytes.len() >= length).then(|| bytes.split_to(length))
}

/// Writes a message.
fn put(kind: u8, body: &[u8], out: &mut BytesMut) {
    out.put_u8(kind);
    out.put_u32(u32::try_from(body.len() + HEAD - 1).expect("a message of this crate is short"));
    out.put_slice(body);
}

/// Whether the server closes the connection behind an error.
fn ends_connection(error: &[u8]) -> bool {
    error[HEAD..].split(|byte| *byte == 0).any(|field| {
        field.split_first().is_some_and(|(name, value)| *name == SEVERITY && ENDS_CONNECTION.contains(&value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Messages by their kinds; a body is given where it matters.
    fn messages(kinds: &str) -> BytesMut {
        let mut bytes = BytesMut::new();
        kinds.bytes().for_each(|kind| put(kind, b"body", &mut bytes));
        bytes
    }

    fn kinds(mut bytes: BytesMut) -> String {
        let mut kinds = String::new();
        while let Some(message) = next(&mut bytes) {
            kinds.push(message[0].into());
        }
        assert!(bytes.is_empty(), "{bytes:?}");
        kinds
    }

    /// As it is once the server has let in.
    fn joined() -> Joined {
        let mut joined = Joined::default();
        assert_eq!(kinds(shown(&mut joined, &messages("RRSKZ"))), "RRSKZ");
        joined
    }

    fn sent(joined: &mut Joined, requests: &str) -> String {
        let mut out = BytesMut::new();
        joined.send(&messages(requests), &mut out);
        kinds(out)
    }

    fn shown(joined: &mut Joined, answers: &BytesMut) -> BytesMut {
        let mut out = BytesMut::new();
        joined.receive(answers, &mut out);
        out
    }

    fn error(severity: &str) -> BytesMut {
        let mut bytes = BytesMut::new();
        put(ERROR, format!("SFEHLER\0V{severity}\0C23505\0\0").as_bytes(), &mut bytes);
        bytes
    }

    #[test]
    fn statements_that_are_sent_at_once_have_one_sync_and_each_its_answer() {
        let mut joined = joined();
        assert_eq!(sent(&mut joined, "BESBESBES"), "BEBEBES");
        assert_eq!(kinds(shown(&mut joined, &messages("2C2DDC2CZ"))), "2CZ2DDCZ2CZ");
        assert_eq!(sent(&mut joined, "BES"), "BES");
        assert_eq!(kinds(shown(&mut joined, &messages("2CZ"))), "2CZ");
    }

    #[test]
    fn a_sync_is_left_out_only_between_statements() {
        let mut joined = joined();
        // A text without parameters, a statement that is prepared, and one that is given up.
        assert_eq!(sent(&mut joined, "QBESPDSBESCSBESBESQ"), "QBESPDSBESCSBEBESQ");
        let answers = "CZ2CZ1tTZ2CZ3Z2C2CZCZ";
        assert_eq!(kinds(shown(&mut joined, &messages(answers))), "CZ2CZ1tTZ2CZ3Z2CZ2CZCZ");
    }

    #[test]
    fn behind_a_statement_that_fails_each_is_refused() {
        let mut joined = joined();
        sent(&mut joined, "BESBESBESBES");
        sent(&mut joined, "Q");
        let mut answers = messages("2C");
        answers.unsplit(error("ERROR"));
        answers.unsplit(messages("Z"));
        let all = shown(&mut joined, &answers);
        assert_eq!(kinds(all.clone()), "2CZEZEZEZ");
        let refused = all.windows(5).filter(|bytes| bytes == b"25P02").count();
        assert_eq!(refused, 2);
        assert_eq!(kinds(shown(&mut joined, &messages("CZ"))), "CZ");
    }

    #[test]
    fn the_last_one_that_fails_has_its_own_error() {
        let mut joined = joined();
        sent(&mut joined, "BESBES");
        let mut answers = messages("2C");
        answers.unsplit(error("ERROR"));
        answers.unsplit(messages("Z"));
        assert_eq!(kinds(shown(&mut joined, &answers)), "2CZEZ");
        assert!(joined.unanswered.is_empty());
    }

    #[test]
    fn nothing_is_made_up_where_the_connection_ends() {
        for severity in ["FATAL", "PANIC"] {
            let mut joined = joined();
            sent(&mut joined, "BESBES");
            assert_eq!(kinds(shown(&mut joined, &error(severity))), "E");
        }
    }

    #[test]
    fn rows_that_are_copied_in_have_one_answer_to_two_syncs() {
        let mut joined = joined();
        assert_eq!(sent(&mut joined, "BES"), "BES");
        assert_eq!(kinds(shown(&mut joined, &messages("2G"))), "2G");
        assert_eq!(sent(&mut joined, "ddcS"), "ddcS");
        assert_eq!(kinds(shown(&mut joined, &messages("CZ"))), "CZ");
        assert!(joined.unanswered.is_empty());
    }

    #[test]
    fn a_message_may_come_in_pieces_and_before_the_server_lets_in_all_is_as_it_is() {
        let mut early = Joined::default();
        let mut out = BytesMut::new();
        early.send(b"\0\0\0\x08no tag", &mut out);
        assert_eq!(&out[..], b"\0\0\0\x08no tag");
        let mut joined = joined();
        sent(&mut joined, "BESBES");
        let answers = messages("2C2CZ");
        let mut shown = BytesMut::new();
        for byte in &answers {
            joined.receive(&[*byte], &mut shown);
        }
        assert_eq!(kinds(shown), "2CZ2CZ");
        let mut out = BytesMut::new();
        for byte in &messages("BESBES") {
            joined.send(&[*byte], &mut out);
        }
        assert_eq!(kinds(out), "BESBES");
    }
}
