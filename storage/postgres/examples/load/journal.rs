//! The journal: a line for every answer, `MILLISECONDS CALL ANSWER [EVENT]`. It is written outside of the servers.

use std::fmt;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use selene_contracts::{Disposition, StorageError};

use crate::calls::{Call, Done};
use crate::errors::Error;

/// What a call was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It was applied, with this event.
    Applied(String),
    /// It was there already, the very same call, with this event.
    Replayed(String),
    /// Nobody knows whether it is there.
    Unknown,
    /// Nothing was written.
    Refused,
    /// Anything else: no fault may lead to it.
    Failed(String),
}

impl Answer {
    /// The answer of the store.
    pub fn of(answer: Result<Done, StorageError>) -> Self {
        match answer {
            Ok(Done { event_id, disposition: Disposition::Applied }) => Self::Applied(event_id.to_string()),
            Ok(Done { event_id, disposition: Disposition::Replayed { identical: true } }) => {
                Self::Replayed(event_id.to_string())
            }
            Ok(Done { event_id, .. }) => Self::Failed(format!("another request has event {event_id}")),
            Err(StorageError::OutcomeUnknown { .. }) => Self::Unknown,
            Err(StorageError::BackendUnavailable { .. }) => Self::Refused,
            Err(error) => Self::Failed(error.to_string()),
        }
    }

    /// The event, where the store says that the call is done.
    pub fn event(&self) -> Option<&str> {
        match self {
            Self::Applied(event) | Self::Replayed(event) => Some(event),
            Self::Unknown | Self::Refused | Self::Failed(_) => None,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
        match word {
            "applied" => Some(Self::Applied(rest.to_owned())),
            "replayed" => Some(Self::Replayed(rest.to_owned())),
            "unknown" => Some(Self::Unknown),
            "refused" => Some(Self::Refused),
            "failed" => Some(Self::Failed(rest.to_owned())),
            _ => None,
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Applied(event) => write!(f, "applied {event}"),
            Self::Replayed(event) => write!(f, "replayed {event}"),
            Self::Unknown => f.write_str("unknown"),
            Self::Refused => f.write_str("refused"),
            Self::Failed(what) => write!(f, "failed {}", what.replace('\n', " ")),
        }
    }
}

/// A journal that is being written.
pub struct Journal {
    file: Mutex<File>,
    began: Instant,
}

impl Journal {
    /// Creates the file; fails where it exists.
    ///
    /// # Errors
    /// It exists, or the system refuses it.
    pub fn create(path: &Path) -> Result<Self, Error> {
        let file = File::create_new(path).map_err(|error| Error::File { path: path.to_path_buf(), error })?;
        Ok(Self { file: Mutex::new(file), began: Instant::now() })
    }

    /// Writes an answer down.
    ///
    /// # Panics
    /// The disk does not take it: what follows would prove nothing.
    pub fn write(&self, call: Call, answer: &Answer) {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let line = format!("{} {call} {answer}\n", self.began.elapsed().as_millis());
        file.write_all(line.as_bytes()).expect("the disk takes a line");
    }
}

/// A line of a journal.
pub struct Line {
    /// Milliseconds since the journal began.
    pub at_ms: u64,
    /// The call that was answered.
    pub call: Call,
    /// Its answer: the event, or the error.
    pub answer: Answer,
}

/// The lines of a journal, in the order of the answers.
///
/// # Errors
/// It cannot be read, or a line is none of this program.
pub fn read(path: &Path) -> Result<Vec<Line>, Error> {
    let text =
        std::fs::read_to_string(path).map_err(|error| Error::File { path: path.to_path_buf(), error })?;
    let parse = |(index, line): (usize, &str)| {
        let mut words = line.splitn(3, ' ');
        let at_ms = words.next().and_then(|word| word.parse().ok());
        let call = words.next().and_then(|word| word.parse().ok());
        let answer = words.next().and_then(Answer::parse);
        match (at_ms, call, answer) {
            (Some(at_ms), Some(call), Some(answer)) => Ok(Line { at_ms, call, answer }),
            _ => Err(Error::Unreadable { path: path.to_path_buf(), line: index + 1 }),
        }
    };
    text.lines().enumerate().map(parse).collect()
}
