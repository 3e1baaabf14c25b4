//! How connections to a server are encrypted.
//!
//! `sslmode` and `sslrootcert` have the meanings that [`crate::PostgresStore::open`] documents, and are taken out of the address: the client
//! knows fewer modes. What must not live here: hosts and time limits.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::open_error::OpenError;

/// What an address says of encryption.
pub(crate) enum Asked {
    /// Connections are encrypted, and the server is verified.
    For(MakeRustlsConnect),
    /// They are not, as the address says.
    Not,
    /// The address does not set `sslmode`.
    Nothing,
}

/// Takes the parameters of encryption out of a connection string, and gives what they ask for.
///
/// # Errors
/// The mode is not supported, or the root certificates cannot be read.
pub(crate) fn take(address: &str) -> Result<(String, Asked), OpenError> {
    let (rest, parameters) = take_parameters(address);
    let encryption = match parameters.mode.as_deref() {
        Some("disable") => Asked::Not,
        None if parameters.roots.is_none() => Asked::Nothing,
        Some("require" | "verify-full") | None => Asked::For(encryption(parameters.roots)?),
        Some(other) => return Err(OpenError::SslMode(other.to_owned())),
    };
    Ok((rest, encryption))
}

/// The parameters that are this crate's.
#[derive(Debug, Default, PartialEq, Eq)]
struct Parameters {
    mode: Option<String>,
    roots: Option<PathBuf>,
}

/// The address without them, in either of its forms.
fn take_parameters(text: &str) -> (String, Parameters) {
    let mut parameters = Parameters::default();
    let mut rest = String::new();
    let is_url = text.contains("://");
    let pairs = match text.split_once("://") {
        Some(_) => match text.split_once('?') {
            Some((head, tail)) => {
                rest.push_str(head);
                rest.push('?');
                tail.split_inclusive('&').collect()
            }
            None => return (text.to_owned(), parameters),
        },
        None => pairs(text),
    };
    for pair in pairs {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = if is_url { unescaped(value.trim_end_matches('&')) } else { unquoted(value.trim()) };
        match name.trim() {
            "sslmode" => parameters.mode = Some(value),
            "sslrootcert" => parameters.roots = Some(PathBuf::from(value)),
            _ => rest.push_str(pair),
        }
    }
    (rest, parameters)
}

/// The parts `name = value` of an address, one after the other with the white space behind each. There may be white space around `=`, and a
/// value may stand in quotes; a backslash takes its meaning from a quote.
fn pairs(text: &str) -> Vec<&str> {
    let mut pairs = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let name = rest.find('=').map_or(rest.len(), |equals| equals + 1);
        let value = rest.len() - rest[name..].trim_start().len();
        let end = value + length_of_value(&rest[value..]);
        let next = rest.len() - rest[end..].trim_start().len();
        let (pair, others) = rest.split_at(next);
        pairs.push(pair);
        rest = others;
    }
    pairs
}

/// Up to the white space behind a value. In a quoted one, white space is a part of it.
fn length_of_value(text: &str) -> usize {
    let is_quoted = text.starts_with('\'');
    let (mut is_open, mut is_escaped) = (is_quoted, false);
    for (place, letter) in text.char_indices().skip(usize::from(is_quoted)) {
        if letter.is_whitespace() && !is_open && !is_escaped {
            return place;
        }
        is_open &= letter != '\'' || is_escaped;
        is_escaped = letter == '\\' && !is_escaped;
    }
    text.len()
}

/// A value without its quotes and backslashes.
fn unquoted(value: &str) -> String {
    let inner = value.strip_prefix('\'').and_then(|value| value.strip_suffix('\'')).unwrap_or(value);
    let mut letters = inner.chars();
    let mut text = String::new();
    while let Some(letter) = letters.next() {
        text.extend(if letter == '\\' { letters.next() } else { Some(letter) });
    }
    text
}

/// A value of a URL with the letters for which `%` and two digits stand. What is no such escape stays as it is.
fn unescaped(value: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = value.as_bytes();
    while let Some((&byte, others)) = rest.split_first() {
        let digits =
            others.get(..2).filter(|digits| byte == b'%' && digits.iter().all(u8::is_ascii_hexdigit));
        let escaped = digits
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(escaped.unwrap_or(byte));
        rest = if escaped.is_some() { &others[2..] } else { others };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| value.to_owned())
}

/// Encryption with a server whose certificate leads to one of the roots, and has the name by which it was asked for.
fn encryption(roots: Option<PathBuf>) -> Result<MakeRustlsConnect, OpenError> {
    let mut store = RootCertStore::empty();
    match roots {
        Some(path) => {
            let refused = |detail: String| OpenError::Certificates { path: path.clone(), detail };
            let read = CertificateDer::pem_file_iter(&path).map_err(|error| refused(error.to_string()))?;
            for certificate in read {
                let certificate = certificate.map_err(|error| refused(error.to_string()))?;
                store.add(certificate).map_err(|error| refused(error.to_string()))?;
            }
            if store.is_empty() {
                return Err(refused("it holds no certificate".to_owned()));
            }
        }
        // Those that cannot be read are trusted by nobody.
        None => drop(store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs)),
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the provider knows the versions of its own build")
        .with_root_certificates(store)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_taken_from_both_forms_of_an_address() {
        let expected =
            Parameters { mode: Some("verify-full".to_owned()), roots: Some(PathBuf::from("/etc/root.pem")) };
        let (rest, found) = take_parameters(
            "host=db sslmode=verify-full dbname=selene sslrootcert=/etc/root.pem user=selene",
        );
        assert_eq!((rest.as_str(), &found), ("host=db dbname=selene user=selene", &expected));
        let (rest, found) = take_parameters(
            "postgresql://selene@db/selene?sslmode=verify-full&connect_timeout=3&sslrootcert=/etc/root.pem",
        );
        assert_eq!((rest.as_str(), &found), ("postgresql://selene@db/selene?connect_timeout=3&", &expected));
        let escaped = "postgresql://selene@db/selene?sslrootcert=%2Fetc%2Froot.pem&sslmode=verify%2dfull";
        assert_eq!(take_parameters(escaped).1, expected);
        let plain = "postgresql://selene@db/selene";
        assert_eq!(take_parameters(plain), (plain.to_owned(), Parameters::default()));
    }

    #[test]
    fn a_mode_is_found_however_the_address_is_written() {
        for address in [
            "host=db sslmode = require",
            "host=db\tsslmode=require",
            "host = db\nsslmode ='require'  user=selene",
            "sslmode=require",
            "postgresql://db/selene?sslmode=require",
        ] {
            assert!(matches!(take(address).unwrap().1, Asked::For(_)), "{address}");
        }
    }

    #[test]
    fn what_stands_in_a_value_is_no_parameter() {
        for address in [
            r"host=db password='a sslmode=require \' b' user=selene",
            r"password=a\ sslmode=require user=selene",
        ] {
            assert_eq!(take_parameters(address), (address.to_owned(), Parameters::default()));
        }
        let (_, found) = take_parameters("password=it's sslmode=require");
        assert_eq!(found.mode.as_deref(), Some("require"));
    }

    #[test]
    fn connections_are_encrypted_where_the_address_says_so() {
        for (address, is_encrypted) in [
            ("host=db", false),
            ("host=db sslmode=disable", false),
            ("host=db sslmode=require", true),
            ("postgresql://db/selene?sslmode=verify-full", true),
        ] {
            let (_, found) = take(address).unwrap();
            assert_eq!(matches!(found, Asked::For(_)), is_encrypted, "{address}");
        }
    }

    #[test]
    fn what_is_no_escape_stays() {
        for (value, text) in [("%2", "%2"), ("%zz", "%zz"), ("a%", "a%"), ("%ff", "%ff"), ("%C3%AB", "ë")] {
            assert_eq!(unescaped(value), text);
        }
    }

    #[test]
    fn what_would_be_encrypted_only_perhaps_is_refused() {
        for mode in ["prefer", "allow", "verify-ca", "yes"] {
            let found = take(&format!("host=db sslmode={mode}"));
            assert!(matches!(found, Err(OpenError::SslMode(_))), "{mode}");
        }
    }

    #[test]
    fn a_file_without_certificates_is_refused() {
        let missing = take("host=db sslmode=require sslrootcert=/nowhere/root.pem");
        assert!(matches!(missing, Err(OpenError::Certificates { .. })));
    }
}
