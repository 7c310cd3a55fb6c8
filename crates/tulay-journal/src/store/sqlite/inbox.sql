-- Form 3: notifications that verified. What they say is applied in a later transaction. A program of
-- form 2 keeps none, and its attempts find what others keep.

CREATE TABLE inbox (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account (id),
    dedupe_key BLOB NOT NULL CHECK (length(dedupe_key) = 32), -- a digest of what it says
    authenticity TEXT NOT NULL CHECK (authenticity IN ('signed', 'shared_key', 'shared_token')),
    said TEXT, -- JSON, no personal data; NULL: this version cannot read it
    target TEXT NOT NULL, -- where it arrived
    body BLOB NOT NULL, -- personal data
    order_id TEXT,
    provider_reference TEXT,
    states_amount INTEGER NOT NULL CHECK (states_amount IN (0, 1)), -- of an order
    received_at INTEGER NOT NULL,
    apply_at INTEGER, -- NULL: it is applied, or nothing is known that it is about
    applied_at INTEGER,
    payout_id INTEGER REFERENCES payout (id), -- what it is about
    UNIQUE (account_id, dedupe_key),
    CHECK (apply_at IS NULL OR applied_at IS NULL)
) STRICT;
CREATE INDEX inbox_due ON inbox (apply_at) WHERE apply_at IS NOT NULL;
CREATE INDEX inbox_order ON inbox (order_id, account_id) WHERE order_id IS NOT NULL;
CREATE INDEX inbox_reference ON inbox (provider_reference, account_id)
    WHERE provider_reference IS NOT NULL;
CREATE INDEX inbox_open ON inbox (id) WHERE applied_at IS NULL;
CREATE INDEX inbox_of_payout ON inbox (payout_id) WHERE payout_id IS NOT NULL;

CREATE TRIGGER notification_is_not_changed BEFORE UPDATE OF
    id, account_id, dedupe_key, authenticity, target, body, received_at
ON inbox
BEGIN SELECT RAISE(ABORT, 'a notification is never changed'); END;
CREATE TRIGGER notification_is_not_deleted BEFORE DELETE ON inbox
BEGIN SELECT RAISE(ABORT, 'a notification is never deleted'); END;
CREATE TRIGGER notification_is_applied_once BEFORE UPDATE OF applied_at, payout_id ON inbox
WHEN OLD.applied_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a notification is applied once'); END;

CREATE TRIGGER attempt_has_notifications AFTER INSERT ON attempt
BEGIN
    UPDATE inbox SET apply_at = received_at
    WHERE account_id = NEW.account_id AND order_id = NEW.order_id AND applied_at IS NULL;
    -- An order that was found and adopted has its reference at once.
    UPDATE inbox SET apply_at = received_at
    WHERE account_id = NEW.account_id AND provider_reference = NEW.provider_reference
        AND order_id IS NULL AND applied_at IS NULL;
END;
CREATE TRIGGER reference_has_notifications AFTER UPDATE OF provider_reference ON attempt
WHEN NEW.provider_reference IS NOT OLD.provider_reference
BEGIN
    UPDATE inbox SET apply_at = received_at
    WHERE account_id = NEW.account_id AND provider_reference = NEW.provider_reference
        AND order_id IS NULL AND applied_at IS NULL;
END;
