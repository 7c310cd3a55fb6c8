-- The journal on one machine. Times are microseconds since 1970, UTC. JSON is text.
-- Personal data stands in payout.request, attempt.prepared, attempt.instructions and inbox.body alone.
-- This is form 2; the form after it follows in inbox.sql.
-- The names I1 to I6 are those of the invariants that a constraint or trigger holds.

CREATE TABLE journal (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    schema INTEGER NOT NULL,        -- the form of this database
    oldest_schema INTEGER NOT NULL, -- the oldest form whose programs may still use it
    namespace TEXT NOT NULL,
    lineage TEXT NOT NULL,          -- drawn when the database is made
    doubted_at INTEGER NOT NULL,    -- when it was made, or was last found to be restored
    whole_since INTEGER,            -- NULL: it may not know every payment of its namespace
    delivers INTEGER NOT NULL DEFAULT 0 CHECK (delivers IN (0, 1)) -- 1: events go to the outbox
) STRICT;

-- What people and the journal itself did to all of it. Nothing here is of one payment.
CREATE TABLE journal_event (
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('paused', 'resumed', 'doubted', 'confirmed_whole')),
    scope TEXT, -- JSON; of 'paused' and 'resumed'
    actor TEXT, -- NULL: the journal itself
    why TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;

-- The processes that use it.
CREATE TABLE process (
    owner INTEGER PRIMARY KEY,
    version TEXT NOT NULL,
    since INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    in_flight INTEGER NOT NULL
) STRICT;

-- Those of attempts, and those of the plans that were accepted.
CREATE TABLE account (
    id INTEGER PRIMARY KEY,
    adapter TEXT NOT NULL,
    environment TEXT NOT NULL,
    account TEXT NOT NULL,
    host TEXT NOT NULL,
    UNIQUE (adapter, environment, account, host)
) STRICT;

CREATE TABLE pause (
    scope TEXT PRIMARY KEY, -- JSON
    by_whom TEXT,
    why TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE TABLE payout (
    id INTEGER PRIMARY KEY,
    operation TEXT NOT NULL CHECK (operation IN ('payout', 'refund')),
    namespace TEXT NOT NULL,
    reference TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0), -- minor units
    currency TEXT NOT NULL,
    country TEXT NOT NULL,
    request TEXT NOT NULL, -- personal data
    plan TEXT NOT NULL,
    payee BLOB CHECK (length(payee) = 32), -- a digest of whom it is paid to
    replaces INTEGER UNIQUE REFERENCES payout (id),
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL, -- the number of its last event
    status TEXT NOT NULL CHECK (status IN
        ('created', 'sending', 'in_doubt', 'pending', 'succeeded', 'failed', 'reversed', 'cancelled')),
    review TEXT, -- JSON; NULL: nothing to look at
    next_at INTEGER,
    owner INTEGER,
    lease_until INTEGER,
    progress TEXT NOT NULL, -- JSON
    UNIQUE (namespace, operation, reference),
    CHECK ((owner IS NULL) = (lease_until IS NULL)),
    CONSTRAINT I5 CHECK (next_at IS NOT NULL
        OR status IN ('succeeded', 'failed', 'reversed', 'cancelled'))
) STRICT;
CREATE INDEX payout_due ON payout (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX payout_owned ON payout (owner) WHERE owner IS NOT NULL;
CREATE INDEX payout_payee ON payout (payee) WHERE payee IS NOT NULL;
CREATE INDEX payout_status ON payout (status);
CREATE INDEX payout_in_review ON payout (id) WHERE review IS NOT NULL;

CREATE TABLE event (
    seq INTEGER PRIMARY KEY,
    payout_id INTEGER NOT NULL REFERENCES payout (id),
    n INTEGER NOT NULL,
    kind TEXT NOT NULL,
    actor TEXT,
    body TEXT NOT NULL, -- JSON, no personal data
    at INTEGER NOT NULL,
    status TEXT, -- of the payment after it; NULL: form 1 wrote it
    UNIQUE (payout_id, n)
) STRICT;

-- Events that the application has not taken yet.
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

CREATE TABLE attempt (
    payout_id INTEGER NOT NULL REFERENCES payout (id),
    n INTEGER NOT NULL CHECK (n BETWEEN 1 AND 8),
    account_id INTEGER NOT NULL REFERENCES account (id),
    order_id TEXT NOT NULL,
    prepared TEXT NOT NULL, -- personal data
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    guarantees TEXT NOT NULL, -- JSON
    slot INTEGER CHECK (slot = 1),
    proof INTEGER, -- the number of the event that closed it
    closed_as TEXT CHECK (closed_as IN ('unsent', 'rejected', 'failed', 'declared')),
    resend_until INTEGER,
    provider_reference TEXT,
    facts TEXT NOT NULL, -- JSON
    PRIMARY KEY (payout_id, n),
    UNIQUE (account_id, order_id),
    FOREIGN KEY (payout_id, proof) REFERENCES event (payout_id, n),
    CONSTRAINT I2 CHECK ((slot IS NULL) = (proof IS NOT NULL)
        AND (slot IS NULL) = (closed_as IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX I1_one_slot ON attempt (payout_id) WHERE slot = 1;
CREATE INDEX attempt_reference ON attempt (account_id, provider_reference)
    WHERE provider_reference IS NOT NULL;

CREATE TABLE sending (
    payout_id INTEGER NOT NULL,
    n INTEGER NOT NULL,
    s INTEGER NOT NULL,
    at INTEGER NOT NULL,
    outcome TEXT, -- JSON; NULL: unknown
    PRIMARY KEY (payout_id, n, s),
    FOREIGN KEY (payout_id, n) REFERENCES attempt (payout_id, n)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER event_is_not_changed BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END;
CREATE TRIGGER event_is_not_deleted BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END;
CREATE TRIGGER I6_event_is_next BEFORE INSERT ON event
WHEN NEW.n IS NOT (SELECT 1 + COALESCE(MAX(n), 0) FROM event WHERE payout_id = NEW.payout_id)
BEGIN SELECT RAISE(ABORT, 'events have no gaps'); END;

CREATE TRIGGER journal_event_is_not_changed BEFORE UPDATE ON journal_event
BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END;
CREATE TRIGGER journal_event_is_not_deleted BEFORE DELETE ON journal_event
BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END;

CREATE TRIGGER payout_identity BEFORE UPDATE OF
    id, operation, namespace, reference, amount, currency, country, request, plan, payee, replaces,
    created_at
ON payout
BEGIN SELECT RAISE(ABORT, 'a payment is the same for ever'); END;
CREATE TRIGGER payout_is_not_deleted BEFORE DELETE ON payout
BEGIN SELECT RAISE(ABORT, 'a payment is never deleted'); END;
CREATE TRIGGER payout_stays_ended BEFORE UPDATE OF status ON payout
WHEN OLD.status IN ('failed', 'cancelled') AND NEW.status IS NOT OLD.status
BEGIN SELECT RAISE(ABORT, 'a payment that has ended stays ended'); END;
CREATE TRIGGER payout_ends_with_proof BEFORE UPDATE OF status ON payout
WHEN NEW.status IN ('failed', 'cancelled')
    AND EXISTS (SELECT 1 FROM attempt WHERE payout_id = NEW.id AND slot = 1)
BEGIN SELECT RAISE(ABORT, 'I2: a payment ends after its attempts have'); END;
CREATE TRIGGER payout_goes_on BEFORE UPDATE OF version ON payout
WHEN NEW.version < OLD.version
    OR NEW.version IS NOT (SELECT MAX(n) FROM event WHERE payout_id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'I6: the version is the number of the last event'); END;

CREATE TRIGGER I4_attempt_identity BEFORE UPDATE OF
    payout_id, n, account_id, order_id, prepared, digest, guarantees
ON attempt
BEGIN SELECT RAISE(ABORT, 'I4: an attempt is the same for ever'); END;
CREATE TRIGGER attempt_is_not_deleted BEFORE DELETE ON attempt
BEGIN SELECT RAISE(ABORT, 'an attempt is never deleted'); END;
CREATE TRIGGER I2_slot_needs_proof BEFORE UPDATE OF slot ON attempt
WHEN OLD.slot = 1 AND NEW.slot IS NULL AND NOT EXISTS (
    SELECT 1 FROM event WHERE payout_id = NEW.payout_id AND n = NEW.proof AND kind = 'closed'
        AND json_extract(body, '$.attempt') = NEW.n
        AND json_extract(body, '$.standing') = NEW.closed_as)
BEGIN SELECT RAISE(ABORT, 'I2: a slot is given up with proof'); END;
CREATE TRIGGER I2_slot_is_gone BEFORE UPDATE OF slot, proof, closed_as ON attempt
WHEN OLD.slot IS NULL AND (NEW.slot IS NOT NULL
    OR NEW.proof IS NOT OLD.proof OR NEW.closed_as IS NOT OLD.closed_as)
BEGIN SELECT RAISE(ABORT, 'I2: a slot that is given up stays so'); END;
-- An order that a search found is adopted under its own number, whatever is known of earlier ones.
CREATE TRIGGER I3_attempt_follows BEFORE INSERT ON attempt
WHEN NEW.slot IS NULL
    OR NEW.n <= (SELECT COALESCE(MAX(n), 0) FROM attempt WHERE payout_id = NEW.payout_id)
    OR NEW.n > 1 AND json_extract(NEW.facts, '$.adopted_at') IS NULL AND NOT EXISTS (
        SELECT 1 FROM attempt WHERE payout_id = NEW.payout_id AND n = NEW.n - 1 AND slot IS NULL)
BEGIN SELECT RAISE(ABORT, 'I3: an attempt follows the proof of the one before'); END;

CREATE TRIGGER sending_identity BEFORE UPDATE OF payout_id, n, s, at ON sending
BEGIN SELECT RAISE(ABORT, 'a sending is the same for ever'); END;
CREATE TRIGGER sending_outcome BEFORE UPDATE OF outcome ON sending
WHEN OLD.outcome IS NOT NULL AND NEW.outcome IS NOT OLD.outcome
BEGIN SELECT RAISE(ABORT, 'an outcome is written once'); END;
CREATE TRIGGER sending_is_not_deleted BEFORE DELETE ON sending
BEGIN SELECT RAISE(ABORT, 'a sending is never deleted'); END;
CREATE TRIGGER sending_follows BEFORE INSERT ON sending
WHEN NEW.s IS NOT (SELECT COUNT(*) FROM sending WHERE payout_id = NEW.payout_id AND n = NEW.n)
    OR NOT EXISTS (
        SELECT 1 FROM attempt WHERE payout_id = NEW.payout_id AND n = NEW.n AND slot = 1)
BEGIN SELECT RAISE(ABORT, 'only the open attempt is sent'); END;
