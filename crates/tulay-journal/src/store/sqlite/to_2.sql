-- From form 1 to form 2: what is done to the whole journal, its processes, and the outbox. A program
-- of form 1 would put no event into the outbox, so none may run on it any more.

ALTER TABLE journal ADD COLUMN delivers INTEGER NOT NULL DEFAULT 0 CHECK (delivers IN (0, 1));
ALTER TABLE event ADD COLUMN status TEXT;

CREATE TABLE journal_event (
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('paused', 'resumed', 'doubted', 'confirmed_whole')),
    scope TEXT, -- JSON; of 'paused' and 'resumed'
    actor TEXT, -- NULL: the journal itself
    why TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE TABLE process (
    owner INTEGER PRIMARY KEY,
    version TEXT NOT NULL,
    since INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    in_flight INTEGER NOT NULL
) STRICT;

CREATE TABLE outbox (
    event_seq INTEGER PRIMARY KEY REFERENCES event (seq),
    payout_id INTEGER NOT NULL REFERENCES payout (id),
    next_try_at INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    owner INTEGER,
    lease_until INTEGER,
    CHECK ((owner IS NULL) = (lease_until IS NULL))
) STRICT;
CREATE INDEX outbox_due ON outbox (next_try_at);
CREATE INDEX outbox_of_payout ON outbox (payout_id, event_seq);
CREATE INDEX outbox_owned ON outbox (owner) WHERE owner IS NOT NULL;
CREATE TRIGGER event_is_to_be_delivered AFTER INSERT ON event
WHEN (SELECT delivers FROM journal) = 1
BEGIN
    INSERT INTO outbox (event_seq, payout_id, next_try_at, tries)
    VALUES (NEW.seq, NEW.payout_id, NEW.at, 0);
END;

CREATE TRIGGER journal_event_is_not_changed BEFORE UPDATE ON journal_event
BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END;
CREATE TRIGGER journal_event_is_not_deleted BEFORE DELETE ON journal_event
BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END;
