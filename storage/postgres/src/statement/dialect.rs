//! What PostgreSQL needs beyond the statements that every database takes: which rows a reading statement locks.
//!
//! A rule decides by what it has read, and other transactions may write meanwhile. So a transaction that writes locks every row
//! that it reads and that may change, until it ends: `FOR NO KEY UPDATE`, which other readers, and rows that only refer to it, do not
//! wait for. Rows of ledgers never change, and the role of a store may not lock them. What is read as absent, or counted, has no row to
//! lock: docs/POSTGRES.md lists these reads and what keeps each of them true.

use selene_storage::backend::current_tables;

use crate::statement::words::words;

/// The statement with the locks that it takes in a transaction that writes.
pub(crate) fn locking(sql: &str) -> String {
    let locked = locked(sql);
    if locked.is_empty() {
        sql.to_owned()
    } else {
        format!("{sql} FOR NO KEY UPDATE OF {}", locked.join(", "))
    }
}

/// The tables of a statement whose rows can be locked, by their names in it: those that may change, outside of parentheses. The other
/// side of a LEFT JOIN may be absent, and a count has no rows.
fn locked(sql: &str) -> Vec<&str> {
    let words: Vec<&str> = words(sql).filter(|word| word.depth == 0).map(|word| word.text).collect();
    if words.first() != Some(&"SELECT") || ["count", "max"].contains(words.get(1).unwrap_or(&"")) {
        return Vec::new();
    }
    let mut locked = Vec::new();
    for (place, word) in words.iter().enumerate() {
        let is_left = *word == "JOIN" && words[place - 1] == "LEFT";
        if (*word == "FROM" || *word == "JOIN") && !is_left {
            let table = words.get(place + 1).filter(|table| current_tables().contains(*table));
            let alias =
                words.get(place + 2..place + 4).filter(|words| words[0] == "AS").map(|words| words[1]);
            locked.extend(table.map(|table| alias.unwrap_or(table)));
        }
    }
    locked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_may_change_are_locked() {
        assert_eq!(locked("SELECT user_id, status FROM identities WHERE user_id = $1"), ["identities"]);
        let joined = "SELECT session.user_id, CASE WHEN device.tenant_id IS NULL
                             THEN (SELECT home.tenant_id FROM identities AS home WHERE home.user_id = device.user_id) END
                      FROM sessions AS session JOIN devices AS device ON device.device_id = session.device_id
                      WHERE session.session_id = $1";
        assert_eq!(locked(joined), ["session", "device"]);
        assert!(locking(joined).ends_with("$1 FOR NO KEY UPDATE OF session, device"));
    }

    #[test]
    fn what_may_be_absent_counts_and_ledgers_are_not() {
        let outer = "SELECT session.tenant_id, coalesce(access.user_id, device.user_id)
                     FROM onboarding_sessions AS session
                     LEFT JOIN access_instances AS access ON access.access_instance_id = session.access_engine_instance_id
                     WHERE session.onboarding_session_id = $1";
        assert_eq!(locked(outer), ["session"]);
        for sql in [
            "SELECT count(*) FROM identities WHERE tenant_id = $1",
            "SELECT max(memory_seq) FROM memory_ledger WHERE user_id = $1",
            "SELECT event_id FROM audit_events WHERE chain_id = $1",
            "UPDATE devices SET tenant_id = $1 WHERE device_id = $2 RETURNING device_id",
        ] {
            assert_eq!(locking(sql), sql);
        }
    }

    #[test]
    fn what_is_locked_in_a_list_is_locked_outside_of_it_only() {
        let listed = "SELECT campaign.campaign_id, open_target.open_status
                      FROM onboarding_backfill_campaigns AS campaign
                      JOIN (SELECT target.campaign_id AS open_campaign_id FROM onboarding_backfill_targets AS target) AS open_target
                        ON open_target.open_campaign_id = campaign.campaign_id
                      WHERE campaign.tenant_id = $5 ORDER BY campaign.campaign_id LIMIT $9";
        assert_eq!(locked(listed), ["campaign"]);
    }
}
