//! A file of heads, to be kept elsewhere: JSON lines, and with a key a signature of every byte before it.
//!
//! ```text
//! {"format":"selene.heads.v1","heads":2}
//! {"tenant_id":null,"sequence":6,"hash":"<64 hex digits>"}
//! {"tenant_id":"acme","sequence":31,"hash":"<64 hex digits>"}
//! {"signature":{"algorithm":"ed25519","public_key":"<64 hex digits>","value":"<128 hex digits>"}}
//! ```
//!
//! docs/FORMAT.md is for who reads it without this program. A plain JSON list of heads, as a program of one's own may have kept it,
//! is read too.

pub mod keys;

use std::path::Path;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

use crate::check::SavedHead;
use crate::command::failure::Failure;
use crate::encode::hexadecimal;

const FORMAT: &str = "selene.heads.v1";
const ALGORITHM: &str = "ed25519";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    format: String,
    heads: usize,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signed {
    signature: Seal,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seal {
    algorithm: String,
    public_key: String,
    value: String,
}

/// The text of a file of heads, signed where there is a key.
pub fn write(heads: &[SavedHead], key: Option<&SigningKey>) -> serde_json::Result<String> {
    let mut text = String::new();
    push(&mut text, &Header { format: FORMAT.to_owned(), heads: heads.len() })?;
    for head in heads {
        push(&mut text, head)?;
    }
    if let Some(key) = key {
        let signature = Seal {
            algorithm: ALGORITHM.to_owned(),
            public_key: hexadecimal(key.verifying_key().as_bytes()),
            value: hexadecimal(&key.sign(text.as_bytes()).to_bytes()),
        };
        push(&mut text, &Signed { signature })?;
    }
    Ok(text)
}

fn push(text: &mut String, line: &impl Serialize) -> serde_json::Result<()> {
    text.push_str(&serde_json::to_string(line)?);
    text.push('\n');
    Ok(())
}

/// Heads that were kept.
#[derive(Debug)]
pub struct SavedHeads {
    pub heads: Vec<SavedHead>,
    /// Whether a signature stands in the file.
    pub is_signed: bool,
    /// Whether it was made by the key that was asked for.
    pub is_proven: bool,
}

/// Reads a file of heads. With a key, they must be signed by it.
///
/// # Errors
/// The file cannot be read, is no file of heads, or was not signed by the key.
pub fn read(path: &Path, key: Option<&VerifyingKey>) -> Result<SavedHeads, Failure> {
    let bytes = std::fs::read(path).map_err(Failure::read(path))?;
    let text = String::from_utf8(bytes).map_err(|_| Failure::Heads {
        path: path.to_owned(),
        line: 1,
        column: 1,
        what: "the file is no text".to_owned(),
    })?;
    let wrong = |what| Failure::Signature { path: path.to_owned(), what };
    if text.trim_start().starts_with('[') {
        let heads = serde_json::from_str(&text).map_err(|error| refused(path, 0, &error))?;
        return match key {
            None => Ok(SavedHeads { heads, is_signed: false, is_proven: false }),
            Some(_) => Err(wrong("the heads are not signed")),
        };
    }
    let Parsed { body, heads, seal } = parse(path, &text)?;
    match (key, &seal) {
        (None, _) => {}
        (Some(_), None) => return Err(wrong("the heads are not signed")),
        (Some(key), Some(seal)) => {
            let is_by_key =
                signature(&seal.value).is_some_and(|value| key.verify_strict(body, &value).is_ok());
            if seal.algorithm != ALGORITHM || !is_by_key {
                return Err(wrong("the heads are not what this key signed"));
            }
        }
    }
    Ok(SavedHeads { heads, is_signed: seal.is_some(), is_proven: key.is_some() })
}

fn signature(digits: &str) -> Option<Signature> {
    keys::bytes(digits).map(|bytes| Signature::from_bytes(&bytes))
}

/// What stands in a file of heads.
struct Parsed<'a> {
    /// The bytes that are signed.
    body: &'a [u8],
    heads: Vec<SavedHead>,
    seal: Option<Seal>,
}

fn parse<'a>(path: &Path, text: &'a str) -> Result<Parsed<'a>, Failure> {
    let malformed =
        |line: usize, what: String| Failure::Heads { path: path.to_owned(), line, column: 1, what };
    let mut lines = text.split_inclusive('\n').zip(1..);
    let (first, _) = lines.next().ok_or_else(|| malformed(1, "the file is empty".to_owned()))?;
    let header: Header = serde_json::from_str(first).map_err(|error| refused(path, 0, &error))?;
    if header.format != FORMAT {
        return Err(malformed(1, format!("the format is {:?}, this build reads {FORMAT}", header.format)));
    }
    let (mut heads, mut body) = (Vec::new(), first.len());
    for (line, number) in lines.by_ref().take(header.heads) {
        heads.push(serde_json::from_str(line).map_err(|error| refused(path, number - 1, &error))?);
        body += line.len();
    }
    let (found, stated) = (heads.len(), header.heads);
    if found < stated {
        return Err(malformed(found + 2, format!("the file is cut: the first line states {stated} heads")));
    }
    if !text[..body].ends_with('\n') {
        return Err(malformed(found + 1, "the line is cut: a line feed is missing".to_owned()));
    }
    let seal = match lines.next() {
        None => None,
        Some((line, number)) => {
            let signed: Signed =
                serde_json::from_str(line).map_err(|error| refused(path, number - 1, &error))?;
            Some(signed.signature)
        }
    };
    match lines.next() {
        None => Ok(Parsed { body: &text.as_bytes()[..body], heads, seal }),
        Some((_, number)) => Err(malformed(number, "nothing may follow the signature".to_owned())),
    }
}

/// What the JSON reader says of a line behind so many others.
fn refused(path: &Path, lines_before: usize, error: &serde_json::Error) -> Failure {
    let what = error.to_string();
    // The message has the place in front.
    let what = what.split(" at line ").next().unwrap_or_default().to_owned();
    let line = lines_before + error.line().max(1);
    Failure::Heads { path: path.to_owned(), line, column: error.column().max(1), what }
}
