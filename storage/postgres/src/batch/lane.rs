//! Lanes: which chains share a row that is locked first, and a connection that writes (`leader/queue.rs`).
//!
//! A process has fewer leaders than lanes: the calls of several lanes are committed together.
//!
//! Every transaction that appends to a chain holds the row of the chain's lane in `commit_lanes` until it ends, in every process: so a
//! chain has one writer at a time, and chains of different lanes are written side by side. The row counts the transactions of its
//! lane, by which the next one knows whether somebody else has written since.

/// Rows in `commit_lanes`, numbered from zero. Every process must count the same: the migrations make the rows.
pub(crate) const LANES: i64 = 16;

/// The lane of the events without a tenant.
pub(crate) const COMMON: i64 = 0;

/// Which of so many leaders leads the calls of a chain. Each leads those of some lanes, so that no two of them wait for each other.
pub(crate) fn leader_of_chain(chain_id: &str, leaders: usize) -> Option<usize> {
    usize::try_from(of_chain(chain_id)).ok()?.checked_rem(leaders)
}

/// How many leaders a process has where it is asked for so many, beside the one of calls that lead to no lane.
pub(crate) fn leaders(asked: usize) -> usize {
    asked.clamp(1, LANES.unsigned_abs().try_into().unwrap_or(usize::MAX))
}

/// The lane of a chain: of a tenant, or of the events without one where the text is empty.
pub(crate) fn of_chain(chain_id: &str) -> i64 {
    if chain_id.is_empty() {
        return COMMON;
    }
    let hash = blake3::hash(chain_id.as_bytes());
    // The chain without a tenant is everybody's, so it has a lane of its own.
    1 + i64::from(hash.as_bytes()[0]) % (LANES - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_chain_has_a_lane_and_only_the_one_without_a_tenant_has_the_first() {
        assert_eq!(of_chain(""), COMMON);
        let lanes: std::collections::BTreeSet<i64> =
            (0..1_000).map(|tenant| of_chain(&format!("tenant_{tenant}"))).collect();
        assert_eq!(lanes, (1..LANES).collect());
    }

    #[test]
    fn every_leader_has_lanes_and_every_lane_one_leader() {
        for (asked, expected) in [(0, 1), (1, 1), (2, 2), (4, 4), (16, 16), (99, 16)] {
            let count = leaders(asked);
            assert_eq!(count, expected);
            let led: std::collections::BTreeSet<_> =
                (0..1_000).filter_map(|tenant| leader_of_chain(&format!("tenant_{tenant}"), count)).collect();
            // The chain without a tenant has a lane of its own, and so its leader where there are as many as lanes.
            let first = usize::from(count == 16);
            assert_eq!(led, (first..count).collect());
        }
        assert_eq!(leader_of_chain("", 16), Some(0));
    }
}
