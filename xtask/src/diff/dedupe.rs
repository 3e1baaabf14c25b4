//! When two calls are the same call.

use selene_codegen::contract::Capability;

use super::change::Changes;
use super::kinds;
use super::pair::{At, Pair};

/// Holds the dedupe rules of a capability against each other. A renamed capability keeps its space by `renamed_from`.
pub(super) fn compare(
    pair: &Pair<'_>,
    (old, new): (&Capability, &Capability),
    at: &At,
    changes: &mut Changes,
) {
    if !pair.has_wirings() {
        return;
    }
    let at = at.child(&["dedupe"]);
    let id = new.id.as_str();
    let (before, now) = match (&old.dedupe, &new.dedupe) {
        (None, None) => return,
        (Some(before), Some(now)) => (before, now),
        (None, Some(now)) => {
            let words = format!("is deduplicated by {}", shown(&now.keys));
            pair.push(kinds::DEDUPE_ADDED, id, words, &at, changes);
            return;
        }
        (Some(before), None) => {
            let words = format!("is not deduplicated any more, and was by {}", shown(&before.keys));
            pair.push(kinds::DEDUPE_KEY, id, words, &at, changes);
            return;
        }
    };
    if before.keys != now.keys {
        let words = format!("is deduplicated by {}, and was by {}", shown(&now.keys), shown(&before.keys));
        pair.push(kinds::DEDUPE_KEY, id, words, &at, changes);
    }
    if before.space != now.space {
        let words = format!("keys are unique in `{}`, and were in `{}`", now.space, before.space);
        pair.push(kinds::DEDUPE_SPACE, id, words, &at, changes);
    }
}

fn shown(keys: &[Vec<String>]) -> String {
    keys.iter().map(|key| format!("`({})`", key.join(", "))).collect::<Vec<_>>().join(" or ")
}
