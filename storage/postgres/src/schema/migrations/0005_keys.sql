-- Whoever looks for an idempotency key among the events of all tenants inserts its row first: another transaction with the same key waits
-- for the end of the first one. A row means nothing any more once its transaction has ended, and the owner may delete it.

CREATE TABLE commit_keys (
    key_digest  bytea NOT NULL PRIMARY KEY CHECK (octet_length(key_digest) = 16)
);
