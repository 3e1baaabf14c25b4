//! The hash of a device's fingerprint, under the token of one link. The fingerprint itself is not stored.

use selene_contracts::Digest;
use selene_contracts::shared::{DeviceFingerprint, TokenId};

/// The key derivation context of BLAKE3. Another use of fingerprints needs another context, so that the hashes differ.
const CONTEXT: &str = "selene-storage device fingerprint of one invitation link v1";

/// The hash of the fingerprint of a device that opens the link of this token.
///
/// It includes the token: one device under two links, of two tenants for instance, has two hashes that cannot be matched. 32 bytes;
/// both parts are prefixed with their length as a big-endian u64.
pub(crate) fn of_link(token_id: &TokenId, fingerprint: &DeviceFingerprint) -> Digest {
    let mut hasher = blake3::Hasher::new_derive_key(CONTEXT);
    for part in [token_id.as_str(), fingerprint.as_str()] {
        hasher.update(&(part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    Digest(*hasher.finalize().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(token: &str, fingerprint: &str) -> Digest {
        of_link(&token.into(), &fingerprint.into())
    }

    #[test]
    fn a_hash_is_of_one_device_under_one_link() {
        assert_eq!(hash("t", "phone"), hash("t", "phone"));
        assert_ne!(hash("t", "phone"), hash("t", "phone "));
        assert_ne!(hash("t", "phone"), hash("u", "phone"));
        assert_ne!(hash("ab", "c"), hash("a", "bc"));
    }

    #[test]
    fn it_is_not_the_plain_hash_of_the_fingerprint() {
        assert_ne!(hash("t", "phone").as_bytes(), blake3::hash(b"phone").as_bytes());
    }

    #[test]
    fn it_stays_the_same_for_ever() {
        // Rows hold it: with another hash every bound device would be refused.
        assert_eq!(
            hash("tok_1", "phone").to_string(),
            "aff9fcb65d0ae2beda4871560339da25256a1a5ad1eac8bb302f190858b1c4da"
        );
    }
}
