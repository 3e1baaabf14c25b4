//! Where the next page of a list begins, as an opaque text.
//!
//! A cursor holds the order of the last row that was given, so a page begins behind that row whatever was written meanwhile. It
//! says where, and never whose: what a page shows follows from the call alone, which is admitted anew for every page. So nothing is
//! secret in it, and nothing is gained by making one up. What must not live here: how a store finds the rows behind one.
//!
//! Form, in URL-safe base64 without padding: one byte of version, sixteen of the call, the values of the order, and eight bytes of a hash
//! of all that, which shows damage. A value is a byte of its kind, and its bytes: eight of a number, sixteen of a wide one, and those
//! of a text or of bytes behind their length in four.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as TEXT;
use serde::{Deserialize, Serialize};

use crate::row::Value;

/// The version of the form. Cursors of another one are refused.
const VERSION: u8 = 1;
/// Bytes that stand for the call.
const CALL_BYTES: usize = 16;
/// Bytes of the hash of everything before them.
const CHECK: usize = 8;
/// The longest text that is looked at. Keys of a list have at most a few hundred bytes.
const MAX_TEXT: usize = 4_096;

/// Where the next page of a list begins: [`Page::next`](crate::Page::next) of the page before, handed back as it is.
///
/// Its text has letters, digits, `-` and `_` only, so it stands in an address as it is. It belongs to one capability and one input; with any other
/// call it is refused, and so is a text that is no cursor. Like an id it takes any text, and the call that it is given to checks it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(String);

/// Why a cursor does not lead on in a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CursorProblem {
    /// A text that no page gave, or not in this form.
    #[error("is no cursor: hand `next` of the page before back as it is, or leave it out to begin anew")]
    Damaged,
    /// A cursor of a build with another form of cursors.
    #[error("is a cursor of another version of the store: leave it out to begin anew")]
    OtherVersion,
    /// A cursor of another capability, or of the same one with another input.
    #[error("belongs to another call: a cursor leads on only with the capability and the input that gave it")]
    OtherCall,
}

impl Cursor {
    /// The cursor of a text, whatever it is: the call that it is given to checks it.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, as it is handed back.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The cursor behind the row with this order, in the list of a call.
    pub(crate) fn behind(call: &Call, order: &[Value<'_>]) -> Self {
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(&call.0);
        for value in order {
            write(value, &mut bytes);
        }
        bytes.extend_from_slice(&check(&bytes));
        Self(TEXT.encode(bytes))
    }

    /// The order of the row that this cursor stands behind, in the list of a call.
    pub(crate) fn order(&self, call: &Call) -> Result<Vec<Value<'static>>, CursorProblem> {
        if self.0.len() > MAX_TEXT {
            return Err(CursorProblem::Damaged);
        }
        let bytes = TEXT.decode(&self.0).map_err(|_| CursorProblem::Damaged)?;
        let (body, found) = bytes.split_last_chunk::<CHECK>().ok_or(CursorProblem::Damaged)?;
        if *found != check(body) {
            return Err(CursorProblem::Damaged);
        }
        let (version, rest) = body.split_first().ok_or(CursorProblem::Damaged)?;
        if *version != VERSION {
            return Err(CursorProblem::OtherVersion);
        }
        let (found, values) = rest.split_first_chunk::<CALL_BYTES>().ok_or(CursorProblem::Damaged)?;
        if *found != call.0 {
            return Err(CursorProblem::OtherCall);
        }
        read_all(values).ok_or(CursorProblem::Damaged)
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Cursor {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::new(text))
    }
}

impl From<&str> for Cursor {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

/// What stands for a call in its cursors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Call([u8; CALL_BYTES]);

impl Call {
    /// A call of a capability, under the first name that it had, with every field of its input that is given.
    pub(crate) fn of<'a>(capability: &str, asked: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut hash = blake3::Hasher::new();
        let mut text = |text: &str| {
            hash.update(&(text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        };
        text("selene.cursor.v1");
        text(capability);
        for (field, value) in asked {
            text(field);
            text(value);
        }
        Self(first(hash.finalize().as_bytes()))
    }
}

fn check(bytes: &[u8]) -> [u8; CHECK] {
    first(blake3::hash(bytes).as_bytes())
}

fn first<const N: usize>(hash: &[u8; 32]) -> [u8; N] {
    std::array::from_fn(|place| hash[place])
}

fn write(value: &Value<'_>, bytes: &mut Vec<u8>) {
    let mut sized = |kind: u8, content: &[u8]| {
        bytes.push(kind);
        // A value of a row is far shorter than 4 GiB.
        bytes.extend_from_slice(&u32::try_from(content.len()).unwrap_or(u32::MAX).to_be_bytes());
        bytes.extend_from_slice(content);
    };
    match value {
        Value::Text(text) => sized(b't', text.as_bytes()),
        Value::Bytes(content) => sized(b'b', content),
        Value::Null => bytes.push(b'n'),
        Value::Integer(number) => {
            bytes.push(b'i');
            bytes.extend_from_slice(&number.to_be_bytes());
        }
        Value::Real(number) => {
            bytes.push(b'r');
            bytes.extend_from_slice(&number.to_be_bytes());
        }
        Value::Wide(content) => {
            bytes.push(b'w');
            bytes.extend_from_slice(content);
        }
    }
}

/// Every value, and nothing behind the last one.
fn read_all(mut bytes: &[u8]) -> Option<Vec<Value<'static>>> {
    let mut values = Vec::new();
    while let Some((kind, rest)) = bytes.split_first() {
        bytes = rest;
        values.push(match kind {
            b'n' => Value::Null,
            b'i' => Value::Integer(i64::from_be_bytes(take(&mut bytes)?)),
            b'r' => Value::Real(f64::from_be_bytes(take(&mut bytes)?)),
            b'w' => Value::Wide(take(&mut bytes)?),
            b't' => Value::Text(String::from_utf8(sized(&mut bytes)?.to_vec()).ok()?.into()),
            b'b' => Value::Bytes(sized(&mut bytes)?.to_vec().into()),
            _ => return None,
        });
    }
    Some(values)
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (found, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*found)
}

fn sized<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = usize::try_from(u32::from_be_bytes(take(bytes)?)).ok()?;
    let (found, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(found)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn input(user_id: &str) -> Call {
        Call::of("READ_ROWS", [("user_id", user_id)])
    }

    fn value() -> impl Strategy<Value = Value<'static>> {
        prop_oneof![
            Just(Value::Null),
            any::<i64>().prop_map(Value::Integer),
            (-1e300..1e300).prop_map(Value::Real),
            any::<[u8; 16]>().prop_map(Value::Wide),
            ".{0,40}".prop_map(|text| Value::Text(text.into())),
            prop::collection::vec(any::<u8>(), 0..40).prop_map(|bytes| Value::Bytes(bytes.into())),
        ]
    }

    proptest! {
        #[test]
        fn a_cursor_leads_back_to_the_row_that_it_stands_behind(order in prop::collection::vec(value(), 0..4), user in ".{1,20}") {
            let input = input(&user);
            let cursor = Cursor::behind(&input, &order);
            prop_assert!(cursor.as_str().chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)), "{}", cursor);
            let text = cursor.to_string();
            prop_assert_eq!(text.parse::<Cursor>().unwrap().order(&input), Ok(order.clone()));
            let json = serde_json::to_string(&cursor).unwrap();
            prop_assert_eq!(serde_json::from_str::<Cursor>(&json).unwrap().order(&input), Ok(order));
        }

        #[test]
        fn any_text_is_refused_and_none_panics(text in ".{0,200}") {
            prop_assert_eq!(Cursor::new(text).order(&input("ann")), Err(CursorProblem::Damaged));
        }

        #[test]
        fn a_cursor_with_another_character_is_damaged(place in 0_usize..60, other in "[A-Za-z0-9_-]") {
            let text = Cursor::behind(&input("ann"), &[Value::Integer(7), Value::Text("a".into())]).to_string();
            let place = place % text.len();
            let mut damaged = text.clone();
            damaged.replace_range(place..=place, &other);
            prop_assume!(damaged != text);
            prop_assert_eq!(Cursor::new(damaged).order(&input("ann")), Err(CursorProblem::Damaged));
        }

        // Made up by somebody who knows the form.
        #[test]
        fn values_that_no_cursor_has_are_damage(values in prop::collection::vec(any::<u8>(), 0..60)) {
            let mut bytes = vec![VERSION];
            bytes.extend_from_slice(&input("ann").0);
            bytes.extend_from_slice(&values);
            bytes.extend_from_slice(&check(&bytes));
            let order = Cursor::new(TEXT.encode(bytes)).order(&input("ann"));
            prop_assert!(matches!(order, Ok(_) | Err(CursorProblem::Damaged)));
        }
    }

    #[test]
    fn a_cursor_of_another_call_is_refused() {
        let cursor = Cursor::behind(&input("ann"), &[Value::Integer(7)]);
        assert_eq!(cursor.order(&input("bob")), Err(CursorProblem::OtherCall));
        for other in [
            Call::of("READ_OTHER_ROWS", [("user_id", "ann")]),
            Call::of("READ_ROWS", [("device_id", "ann")]),
            Call::of("READ_ROWS", [("user_id", "ann"), ("device_id", "phone")]),
            Call::of("READ_ROWS", []),
        ] {
            assert_eq!(cursor.order(&other), Err(CursorProblem::OtherCall));
        }
    }

    #[test]
    fn a_cursor_of_another_version_and_one_that_is_too_long_are_refused() {
        let mut bytes = vec![VERSION + 1, 9, 9];
        bytes.extend_from_slice(&check(&bytes));
        assert_eq!(Cursor::new(TEXT.encode(bytes)).order(&input("ann")), Err(CursorProblem::OtherVersion));
        assert_eq!(Cursor::new("A".repeat(MAX_TEXT + 1)).order(&input("ann")), Err(CursorProblem::Damaged));
    }
}
