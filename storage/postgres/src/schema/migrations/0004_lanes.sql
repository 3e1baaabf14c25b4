-- Whoever appends to a chain locks the row of the chain's lane first. No call makes or removes a lane.

CREATE TABLE commit_lanes (
    lane     bigint NOT NULL PRIMARY KEY CHECK (lane >= 0),
    commits  bigint NOT NULL CHECK (commits >= 0)
) WITH (fillfactor = 10);
INSERT INTO commit_lanes (lane, commits) SELECT lane, 0 FROM generate_series(0, 15) AS lane;
