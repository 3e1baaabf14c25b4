//! How a device's fingerprint is kept: as a hash that means nothing anywhere else.

use selene_contracts::Digest;
use selene_contracts::shared::{DeviceFingerprint, TokenId};

/// Names the one use of these hashes; another use must name another.
const CONTEXT: &str = "selene-storage device fingerprint of one invitation link v1";

/// The hash of the fingerprint of a device that opens the link of this token.
///
/// The token is part of it: the same device under two links, maybe of two tenants, leaves two hashes that nobody can
/// tell to be of one device.
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
        // Rows hold it: a change here locks every invited person out.
        assert_eq!(
            hash("tok_1", "phone").to_string(),
            "aff9fcb65d0ae2beda4871560339da25256a1a5ad1eac8bb302f190858b1c4da"
        );
    }
}
