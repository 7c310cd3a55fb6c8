-- The journal on many machines. Times are microseconds since 1970, UTC. JSON is text.
-- Personal data stands in payout.request, attempt.prepared, attempt.instructions and inbox.body alone.
-- This is form 2; the form after it follows in inbox.sql.
-- The names I1 to I6 are those of the invariants that a constraint or trigger holds.

CREATE SCHEMA tulay;

CREATE TABLE tulay.journal (
    one bigint PRIMARY KEY CHECK (one = 1),
    schema bigint NOT NULL,        -- the form of this database
    oldest_schema bigint NOT NULL, -- the oldest form whose programs may still use it
    namespace text NOT NULL,
    lineage text NOT NULL,         -- drawn when the database is made
    doubted_at bigint NOT NULL,    -- when it was made, or was last found to be restored
    whole_since bigint,            -- NULL: it may not know every payment of its namespace
    delivers bigint NOT NULL DEFAULT 0 CHECK (delivers IN (0, 1)) -- 1: events go to the outbox
);

-- What people and the journal itself did to all of it. Nothing here is of one payment.
CREATE TABLE tulay.journal_event (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('paused', 'resumed', 'doubted', 'confirmed_whole')),
    scope text, -- JSON; of 'paused' and 'resumed'
    actor text, -- NULL: the journal itself
    why text NOT NULL,
    at bigint NOT NULL
);

-- The processes that use it.
CREATE TABLE tulay.process (
    owner bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version text NOT NULL,
    since bigint NOT NULL,
    seen_at bigint NOT NULL,
    in_flight bigint NOT NULL
);

-- Those of attempts, and those of the plans that were accepted.
CREATE TABLE tulay.account (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    adapter text NOT NULL,
    environment text NOT NULL,
    account text NOT NULL,
    host text NOT NULL,
    UNIQUE (adapter, environment, account, host)
);

CREATE TABLE tulay.pause (
    scope text PRIMARY KEY, -- JSON
    by_whom text,
    why text NOT NULL,
    at bigint NOT NULL,
    place bigint GENERATED ALWAYS AS IDENTITY
);

-- A claim changes no column of an index, so its new version fits on the page of the old one.
CREATE TABLE tulay.payout (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    operation text NOT NULL CHECK (operation IN ('payout', 'refund')),
    namespace text NOT NULL,
    reference text NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0), -- minor units
    currency text NOT NULL,
    country text NOT NULL,
    request text NOT NULL, -- personal data
    plan text NOT NULL,
    payee bytea CHECK (length(payee) = 32), -- a digest of whom it is paid to
    replaces bigint UNIQUE REFERENCES tulay.payout (id),
    created_at bigint NOT NULL,
    version bigint NOT NULL, -- the number of its last event
    status text NOT NULL CHECK (status IN
        ('created', 'sending', 'in_doubt', 'pending', 'succeeded', 'failed', 'reversed', 'cancelled')),
    review text, -- JSON; NULL: nothing to look at
    next_at bigint,
    owner bigint,
    lease_until bigint,
    progress text NOT NULL, -- JSON
    UNIQUE (namespace, operation, reference),
    CONSTRAINT owner_has_lease CHECK ((owner IS NULL) = (lease_until IS NULL)),
    CONSTRAINT "I5" CHECK (next_at IS NOT NULL
        OR status IN ('succeeded', 'failed', 'reversed', 'cancelled'))
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);
CREATE INDEX payout_due ON tulay.payout (next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX payout_payee ON tulay.payout (payee) WHERE payee IS NOT NULL;
CREATE INDEX payout_status ON tulay.payout (status, id);
CREATE INDEX payout_in_review ON tulay.payout (id) WHERE review IS NOT NULL;

CREATE TABLE tulay.event (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    payout_id bigint NOT NULL REFERENCES tulay.payout (id),
    n bigint NOT NULL,
    kind text NOT NULL,
    actor text,
    body text NOT NULL, -- JSON, no personal data
    at bigint NOT NULL,
    status text, -- of the payout after it
    UNIQUE (payout_id, n)
);

-- Events that the application has not taken yet.
CREATE TABLE tulay.outbox (
    event_seq bigint PRIMARY KEY REFERENCES tulay.event (seq),
    payout_id bigint NOT NULL REFERENCES tulay.payout (id),
    next_try_at bigint NOT NULL,
    tries bigint NOT NULL,
    owner bigint,
    lease_until bigint,
    CONSTRAINT owner_has_lease CHECK ((owner IS NULL) = (lease_until IS NULL))
) WITH (autovacuum_vacuum_scale_factor = 0.02);
CREATE INDEX outbox_due ON tulay.outbox (next_try_at);
CREATE INDEX outbox_of_payout ON tulay.outbox (payout_id, event_seq);

CREATE TABLE tulay.attempt (
    payout_id bigint NOT NULL REFERENCES tulay.payout (id),
    n bigint NOT NULL CHECK (n BETWEEN 1 AND 8),
    account_id bigint NOT NULL REFERENCES tulay.account (id),
    order_id text NOT NULL,
    prepared text NOT NULL, -- personal data
    digest bytea NOT NULL CHECK (length(digest) = 32),
    guarantees text NOT NULL, -- JSON
    slot bigint CHECK (slot = 1),
    proof bigint, -- the number of the event that closed it
    closed_as text CHECK (closed_as IN ('unsent', 'rejected', 'failed', 'declared')),
    resend_until bigint,
    provider_reference text,
    facts text NOT NULL, -- JSON
    PRIMARY KEY (payout_id, n),
    UNIQUE (order_id, account_id),
    FOREIGN KEY (payout_id, proof) REFERENCES tulay.event (payout_id, n),
    CONSTRAINT "I2" CHECK ((slot IS NULL) = (proof IS NOT NULL)
        AND (slot IS NULL) = (closed_as IS NOT NULL))
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX "I1_one_slot" ON tulay.attempt (payout_id) WHERE slot = 1;
CREATE INDEX attempt_reference ON tulay.attempt (provider_reference)
    WHERE provider_reference IS NOT NULL;

CREATE TABLE tulay.sending (
    payout_id bigint NOT NULL,
    n bigint NOT NULL,
    s bigint NOT NULL,
    at bigint NOT NULL,
    outcome text, -- JSON; NULL: unknown
    PRIMARY KEY (payout_id, n, s),
    FOREIGN KEY (payout_id, n) REFERENCES tulay.attempt (payout_id, n)
) WITH (fillfactor = 80);

-- The text of a trigger's refusal is the trigger's argument.
CREATE FUNCTION tulay.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0];
END $$;

CREATE TRIGGER event_is_not_changed BEFORE UPDATE ON tulay.event
    FOR EACH ROW EXECUTE FUNCTION tulay.refuse('an event is never changed');
CREATE TRIGGER event_is_not_deleted BEFORE DELETE ON tulay.event
    FOR EACH ROW EXECUTE FUNCTION tulay.refuse('an event is never deleted');
CREATE TRIGGER event_is_not_emptied BEFORE TRUNCATE ON tulay.event
    FOR EACH STATEMENT EXECUTE FUNCTION tulay.refuse('an event is never deleted');
CREATE FUNCTION tulay.event_is_next() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.n IS DISTINCT FROM
        (SELECT 1 + COALESCE(MAX(n), 0) FROM tulay.event WHERE payout_id = NEW.payout_id)
    THEN
        RAISE EXCEPTION 'events have no gaps';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER "I6_event_is_next" BEFORE INSERT ON tulay.event
    FOR EACH ROW EXECUTE FUNCTION tulay.event_is_next();

CREATE FUNCTION tulay.event_is_to_be_delivered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT delivers FROM tulay.journal) = 1 THEN
        INSERT INTO tulay.outbox (event_seq, payout_id, next_try_at, tries)
        SELECT seq, payout_id, at, 0 FROM added;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER event_is_to_be_delivered AFTER INSERT ON tulay.event
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION tulay.event_is_to_be_delivered();

CREATE TRIGGER journal_event_is_not_changed BEFORE UPDATE ON tulay.journal_event
    FOR EACH ROW EXECUTE FUNCTION tulay.refuse('an event is never changed');
CREATE TRIGGER journal_event_is_not_deleted BEFORE DELETE ON tulay.journal_event
    FOR EACH ROW EXECUTE FUNCTION tulay.refuse('an event is never deleted');
CREATE TRIGGER journal_event_is_not_emptied BEFORE TRUNCATE ON tulay.journal_event
    FOR EACH STATEMENT EXECUTE FUNCTION tulay.refuse('an event is never deleted');

CREATE TRIGGER payout_identity BEFORE UPDATE OF
    id, operation, namespace, reference, amount, currency, country, request, plan, payee, replaces,
    created_at
ON tulay.payout FOR EACH ROW EXECUTE FUNCTION tulay.refuse('a payment is the same for ever');
CREATE TRIGGER payout_is_not_deleted BEFORE DELETE ON tulay.payout
    FOR EACH ROW EXECUTE FUNCTION tulay.refuse('a payment is never deleted');
CREATE TRIGGER payout_is_not_emptied BEFORE TRUNCATE ON tulay.payout
    FOR EACH STATEMENT EXECUTE FUNCTION tulay.refuse('a payment is never deleted');
CREATE TRIGGER payout_stays_ended BEFORE UPDATE OF status ON tulay.payout
    FOR EACH ROW
    WHEN (OLD.status IN ('failed', 'cancelled') AND NEW.status IS DISTINCT FROM OLD.status)
    EXECUTE FUNCTION tulay.refuse('a payment that has ended stays ended');
CREATE FUNCTION tulay.payout_ends_with_proof() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM tulay.attempt WHERE payout_id = NEW.id AND slot = 1) THEN
        RAISE EXCEPTION 'I2: a payment ends after its attempts have';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payout_ends_with_proof BEFORE UPDATE OF status ON tulay.payout
    FOR EACH ROW WHEN (NEW.status IN ('failed', 'cancelled'))
    EXECUTE FUNCTION tulay.payout_ends_with_proof();
CREATE FUNCTION tulay.payout_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version < OLD.version OR NEW.version IS DISTINCT FROM
        (SELECT MAX(n) FROM tulay.event WHERE payout_id = NEW.id)
    THEN
        RAISE EXCEPTION 'I6: the version is the number of the last event';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payout_goes_on BEFORE UPDATE OF version ON tulay.payout
    FOR EACH ROW EXECUTE FUNCTION tulay.payout_goes_on();

CREATE TRIGGER "I4_attempt_identity" BEFORE UPDATE OF
    payout_id, n, account_id, order_id, prepared, digest, guarantees
ON tulay.attempt
    FOR EACH ROW EXECUTE FUNCTION tulay.refuse('I4: an attempt is the same for ever');
CREATE TRIGGER attempt_is_not_deleted BEFORE DELETE ON tulay.attempt
    FOR EACH ROW EXECUTE FUNCTION tulay.refuse('an attempt is never deleted');
CREATE TRIGGER attempt_is_not_emptied BEFORE TRUNCATE ON tulay.attempt
    FOR EACH STATEMENT EXECUTE FUNCTION tulay.refuse('an attempt is never deleted');
CREATE FUNCTION tulay.slot_needs_proof() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM tulay.event WHERE payout_id = NEW.payout_id AND n = NEW.proof AND kind = 'closed'
            AND (body::json ->> 'attempt')::bigint = NEW.n
            AND body::json ->> 'standing' = NEW.closed_as)
    THEN
        RAISE EXCEPTION 'I2: a slot is given up with proof';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER "I2_slot_needs_proof" BEFORE UPDATE OF slot ON tulay.attempt
    FOR EACH ROW WHEN (OLD.slot = 1 AND NEW.slot IS NULL)
    EXECUTE FUNCTION tulay.slot_needs_proof();
CREATE TRIGGER "I2_slot_is_gone" BEFORE UPDATE OF slot, proof, closed_as ON tulay.attempt
    FOR EACH ROW WHEN (OLD.slot IS NULL AND (NEW.slot IS NOT NULL
        OR NEW.proof IS DISTINCT FROM OLD.proof OR NEW.closed_as IS DISTINCT FROM OLD.closed_as))
    EXECUTE FUNCTION tulay.refuse('I2: a slot that is given up stays so');
-- An order that a search found is adopted under its own number, whatever is known of earlier ones.
CREATE FUNCTION tulay.attempt_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.slot IS NULL
        OR NEW.n <=
            (SELECT COALESCE(MAX(n), 0) FROM tulay.attempt WHERE payout_id = NEW.payout_id)
        OR NEW.n > 1 AND NEW.facts::json ->> 'adopted_at' IS NULL AND NOT EXISTS (
            SELECT FROM tulay.attempt
            WHERE payout_id = NEW.payout_id AND n = NEW.n - 1 AND slot IS NULL)
    THEN
        RAISE EXCEPTION 'I3: an attempt follows the proof of the one before';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER "I3_attempt_follows" BEFORE INSERT ON tulay.attempt
    FOR EACH ROW EXECUTE FUNCTION tulay.attempt_follows();

CREATE TRIGGER sending_identity BEFORE UPDATE OF payout_id, n, s, at ON tulay.sending
    FOR EACH ROW EXECUTE FUNCTION tulay.refuse('a sending is the same for ever');
CREATE TRIGGER sending_outcome BEFORE UPDATE OF outcome ON tulay.sending
    FOR EACH ROW WHEN (OLD.outcome IS NOT NULL AND NEW.outcome IS DISTINCT FROM OLD.outcome)
    EXECUTE FUNCTION tulay.refuse('an outcome is written once');
CREATE TRIGGER sending_is_not_deleted BEFORE DELETE ON tulay.sending
    FOR EACH ROW EXECUTE FUNCTION tulay.refuse('a sending is never deleted');
CREATE TRIGGER sending_is_not_emptied BEFORE TRUNCATE ON tulay.sending
    FOR EACH STATEMENT EXECUTE FUNCTION tulay.refuse('a sending is never deleted');
CREATE FUNCTION tulay.sending_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.s IS DISTINCT FROM
            (SELECT COUNT(*) FROM tulay.sending WHERE payout_id = NEW.payout_id AND n = NEW.n)
        OR NOT EXISTS (
            SELECT FROM tulay.attempt WHERE payout_id = NEW.payout_id AND n = NEW.n AND slot = 1)
    THEN
        RAISE EXCEPTION 'only the open attempt is sent';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sending_follows BEFORE INSERT ON tulay.sending
    FOR EACH ROW EXECUTE FUNCTION tulay.sending_follows();
