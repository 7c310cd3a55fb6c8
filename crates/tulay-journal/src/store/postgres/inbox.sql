-- Form 3: notifications that verified. What they say is applied in a later transaction. A program of
-- form 2 keeps none, and its attempts find what others keep.

CREATE TABLE tulay.inbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES tulay.account (id),
    dedupe_key bytea NOT NULL CHECK (length(dedupe_key) = 32), -- a digest of what it says
    authenticity text NOT NULL CHECK (authenticity IN ('signed', 'shared_key', 'shared_token')),
    said text, -- JSON, no personal data; NULL: this version cannot read it
    target text NOT NULL, -- where it arrived
    body bytea NOT NULL, -- personal data
    order_id text,
    provider_reference text,
    states_amount boolean NOT NULL, -- of an order
    received_at bigint NOT NULL,
    apply_at bigint, -- NULL: it is applied, or nothing is known that it is about
    applied_at bigint,
    payout_id bigint REFERENCES tulay.payout (id), -- what it is about
    UNIQUE (account_id, dedupe_key),
    CONSTRAINT applied_is_not_due CHECK (apply_at IS NULL OR applied_at IS NULL)
) WITH (autovacuum_vacuum_scale_factor = 0.02);
CREATE INDEX inbox_due ON tulay.inbox (apply_at) WHERE apply_at IS NOT NULL;
CREATE INDEX inbox_order ON tulay.inbox (order_id, account_id) WHERE order_id IS NOT NULL;
CREATE INDEX inbox_reference ON tulay.inbox (provider_reference, account_id)
    WHERE provider_reference IS NOT NULL;
CREATE INDEX inbox_open ON tulay.inbox (id) WHERE applied_at IS NULL;
CREATE INDEX inbox_of_payout ON tulay.inbox (payout_id) WHERE payout_id IS NOT NULL;

CREATE TRIGGER notification_is_not_changed BEFORE UPDATE OF
    id, account_id, dedupe_key, authenticity, target, body, received_at
ON tulay.inbox
    FOR EACH ROW EXECUTE FUNCTION tulay.refuse('a notification is never changed');
CREATE TRIGGER notification_is_not_deleted BEFORE DELETE ON tulay.inbox
    FOR EACH ROW EXECUTE FUNCTION tulay.refuse('a notification is never deleted');
CREATE TRIGGER notification_is_not_emptied BEFORE TRUNCATE ON tulay.inbox
    FOR EACH STATEMENT EXECUTE FUNCTION tulay.refuse('a notification is never deleted');
CREATE TRIGGER notification_is_applied_once BEFORE UPDATE OF applied_at, payout_id ON tulay.inbox
    FOR EACH ROW WHEN (OLD.applied_at IS NOT NULL)
    EXECUTE FUNCTION tulay.refuse('a notification is applied once');

CREATE FUNCTION tulay.attempt_has_notifications() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE tulay.inbox SET apply_at = received_at
    WHERE account_id = NEW.account_id AND order_id = NEW.order_id AND applied_at IS NULL;
    -- An order that was found and adopted has its reference at once.
    UPDATE tulay.inbox SET apply_at = received_at
    WHERE account_id = NEW.account_id AND provider_reference = NEW.provider_reference
        AND order_id IS NULL AND applied_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER attempt_has_notifications AFTER INSERT ON tulay.attempt
    FOR EACH ROW EXECUTE FUNCTION tulay.attempt_has_notifications();

CREATE FUNCTION tulay.reference_has_notifications() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE tulay.inbox SET apply_at = received_at
    WHERE account_id = NEW.account_id AND provider_reference = NEW.provider_reference
        AND order_id IS NULL AND applied_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER reference_has_notifications AFTER UPDATE OF provider_reference ON tulay.attempt
    FOR EACH ROW WHEN (NEW.provider_reference IS DISTINCT FROM OLD.provider_reference)
    EXECUTE FUNCTION tulay.reference_has_notifications();
