//! Names of what a schema holds beside its tables: indices and triggers.

/// Most bytes of a name. PostgreSQL cuts longer ones off without a word.
const MAX_BYTES: usize = 63;

/// `audit_events_no_update`. One that is too long ends with a digest of itself.
pub(super) fn of_table(table: &str, what: &str) -> String {
    let whole = format!("{table}_{what}");
    if whole.len() <= MAX_BYTES {
        return whole;
    }
    let digest = format!("_{:08x}", digest(&whole));
    let end = (0..=MAX_BYTES - digest.len()).rev().find(|end| whole.is_char_boundary(*end)).unwrap_or(0);
    format!("{}{digest}", &whole[..end])
}

/// FNV-1a with 32 bits: it only keeps names of one table apart, and needs no more.
fn digest(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut_and_stays_its_own() {
        assert_eq!(of_table("links", "no_update"), "links_no_update");
        let long = |what: &str| of_table(&"t".repeat(60), what);
        assert_eq!(long("no_update").len(), MAX_BYTES);
        assert_ne!(long("no_update"), long("no_delete"));
    }
}
