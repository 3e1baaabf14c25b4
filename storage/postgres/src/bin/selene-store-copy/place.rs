//! Where a store lies: in a file, or on a server.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::PathBuf;

use selene_storage::command::address::is_address;
use selene_storage_postgres::copy;

/// Where a store lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    File(PathBuf),
    Server(String),
}

impl Place {
    /// The place that a word of the command line names. An address without a password gets the one that is given.
    pub fn of(word: &OsStr, password: Option<&OsString>) -> Self {
        let Some(address) = word.to_str().filter(|text| is_address(text)) else {
            return Self::File(word.into());
        };
        match password.and_then(|password| password.to_str()) {
            Some(password) => Self::Server(copy::with_password(address, password)),
            None => Self::Server(address.to_owned()),
        }
    }
}

/// A file by its name; of an address nothing that could be a password.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = match self {
            Self::File(path) => return path.display().fmt(f),
            Self::Server(address) => address,
        };
        match copy::database_name(address) {
            Some(name) => write!(f, "database {name}"),
            None => f.write_str("the database"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(word: &str) -> Place {
        Place::of(word.as_ref(), Some(&"it's 100%".into()))
    }

    #[test]
    fn files_and_addresses_are_distinguished() {
        for file in ["selene.db", "./host=a", "a=b.db", "/postgres://", "data/selene=1.db"] {
            assert_eq!(place(file), Place::File(file.into()));
        }
        for address in [
            "postgres://u:p@h/d",
            "postgresql://u:p@h/d?sslmode=verify-full",
            "host=a password=p",
            "dbname = x password=p",
        ] {
            assert_eq!(place(address), Place::Server(address.to_owned()));
        }
    }

    #[test]
    fn a_password_is_added_where_none_is_and_never_shown() {
        for address in [
            "postgres://u@h/d",
            "postgres://u@h/d?sslmode=require",
            "host=h user=u dbname=d sslmode=verify-full",
        ] {
            let place = place(address);
            let Place::Server(with) = &place else { panic!("{place:?}") };
            assert!(with.starts_with(address) && with.len() > address.len(), "{with}");
            assert_eq!(place.to_string(), "database d");
        }
        assert_eq!(place("host='").to_string(), "the database");
    }
}
