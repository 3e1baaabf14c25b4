//! Ed25519 keys as OpenSSL writes them: PKCS#8 and SubjectPublicKeyInfo, in PEM.

use std::path::Path;

use ed25519_dalek::pkcs8::{DecodePrivateKey as _, DecodePublicKey as _};
use ed25519_dalek::{SigningKey, VerifyingKey};

use crate::command::failure::{Failure, KeyKind};

/// The private key of a file.
pub fn private(path: &Path) -> Result<SigningKey, Failure> {
    let pem = std::fs::read_to_string(path).map_err(Failure::read(path))?;
    SigningKey::from_pkcs8_pem(&pem).map_err(|error| refused(path, KeyKind::Private, error))
}

/// The public key of a file.
pub fn public(path: &Path) -> Result<VerifyingKey, Failure> {
    let pem = std::fs::read_to_string(path).map_err(Failure::read(path))?;
    VerifyingKey::from_public_key_pem(&pem).map_err(|error| refused(path, KeyKind::Public, error))
}

fn refused(path: &Path, kind: KeyKind, error: impl std::fmt::Display) -> Failure {
    Failure::Key { path: path.to_owned(), kind, what: error.to_string() }
}

/// So many bytes of hex digits; none where they are something else.
pub fn bytes<const N: usize>(digits: &str) -> Option<[u8; N]> {
    if digits.len() != 2 * N || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; N];
    for (place, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&digits[2 * place..2 * place + 2], 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::hexadecimal;

    #[test]
    fn digits_are_read_as_they_were_written() {
        assert_eq!(bytes::<3>(&hexadecimal(&[0, 0x5f, 255])), Some([0, 0x5f, 255]));
        for other in ["", "00", "00ff0", "00ff00ff", "00fg00", "+0ff00", "ä0ff0"] {
            assert_eq!(bytes::<3>(other), None, "{other}");
        }
    }
}
