-- A journal of form 1 with three payouts: succeeded, failed, and one that waits for a pause.
-- The journal on one machine. Times are microseconds since 1970, UTC. JSON is text.
-- Personal data stands in payout.request and attempt.prepared alone.
-- The names I1 to I6 are those of the invariants that a constraint or trigger holds.

CREATE TABLE journal (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    schema INTEGER NOT NULL,        -- the form of this database
    oldest_schema INTEGER NOT NULL, -- the oldest form whose programs may still use it
    namespace TEXT NOT NULL,
    lineage TEXT NOT NULL,          -- drawn when the database is made
    doubted_at INTEGER NOT NULL,    -- when it was made, or was last found to be restored
    whole_since INTEGER             -- NULL: it may not know every payment of its namespace
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
    UNIQUE (payout_id, n)
) STRICT;

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

INSERT INTO "journal" VALUES(1,1,1,'acme-ph','359a821fe6e5f775c689c65b20f26a7a',1796058989447563,1796058989459079);
INSERT INTO "account" VALUES(1,'starpay','sandbox','101510000001','127.0.0.1');
INSERT INTO "pause" VALUES('"all"','ana','drill',1796059030199067);
INSERT INTO "payout" VALUES(1,'payout','acme-ph','R1',8000,'PHP','PH','{"version":2,"reference":"R1","country":"PH","amount":{"amount":"80.00","currency":"PHP"},"destination":{"wallet_phone":{"institution":"gcash","phone":"+639171234567"}},"beneficiary":{"name":{"parts":{"given":"Ana","middle":null,"family":"Reyes","suffix":null}}}}','{"version":1,"providers":[{"provider":"starpay","account":{"adapter":"starpay","environment":"sandbox","account":"101510000001","host":"127.0.0.1"}}]}',X'C7ECDBC3C897DD6A51C7D6BD3D31CD4676BFBED09E15D9A67ED3E537BD2E6394',NULL,1796059025747120,7,'succeeded',NULL,1796059720403495,NULL,NULL,'{"last_at":"2026-11-30T17:17:06.611495Z","is_mismatched":false,"lookups":0,"is_looked_up":true}');
INSERT INTO "payout" VALUES(2,'payout','acme-ph','R2',8000,'PHP','PH','{"version":2,"reference":"R2","country":"PH","amount":{"amount":"80.00","currency":"PHP"},"destination":{"wallet_phone":{"institution":"gcash","phone":"+639175991001"}},"beneficiary":{"name":{"parts":{"given":"Ana","middle":null,"family":"Reyes","suffix":null}}}}','{"version":1,"providers":[{"provider":"starpay","account":{"adapter":"starpay","environment":"sandbox","account":"101510000001","host":"127.0.0.1"}}]}',X'C9EA41B11B94160F1BEE149AC5F55E1B1C2E57561CD44E5D42E54D4339FA27C9',NULL,1796059026659700,10,'failed',NULL,1796059064195868,NULL,NULL,'{"last_at":"2026-11-30T17:17:10.103868Z","ending":"failed","reason":{"kind":{"error":"beneficiary"},"code":"AC01"},"is_mismatched":false,"lookups":0,"is_looked_up":true}');
INSERT INTO "payout" VALUES(3,'payout','acme-ph','R3',8000,'PHP','PH','{"version":2,"reference":"R3","country":"PH","amount":{"amount":"80.00","currency":"PHP"},"destination":{"wallet_phone":{"institution":"gcash","phone":"+639171234599"}},"beneficiary":{"name":{"parts":{"given":"Ana","middle":null,"family":"Reyes","suffix":null}}}}','{"version":1,"providers":[{"provider":"starpay","account":{"adapter":"starpay","environment":"sandbox","account":"101510000001","host":"127.0.0.1"}}]}',X'ACBF03BA7AADE3C0F1281A80526F68FB749E4632FDBD4A7038EF2CEA60D6D962',NULL,1796059030163846,1,'created',NULL,1796059030163846,NULL,NULL,'{"last_at":"2026-11-30T17:17:10.163846Z","is_mismatched":false,"lookups":0,"is_looked_up":false}');
INSERT INTO "event" VALUES(1,1,1,'accepted','ana','{"kind":"accepted"}',1796059025747120);
INSERT INTO "event" VALUES(2,1,2,'intended',NULL,'{"kind":"intended","attempt":1,"resend_until":"2026-12-01T17:17:05.763815Z","begins":{"merchant_account":{"adapter":"starpay","environment":"sandbox","account":"101510000001","host":"127.0.0.1"},"order_id":"PQZXXAMLGYPXEAH4V3LPPQES2D","digest":"676e655e3ef4a3eba4481f09581066b544e3d6e656186c83973ed79c52a9012e","guarantees":{"version":1,"resend_for":"PT24H","replays_for":null,"replays_rejections":false,"copy_lives_for":"PT2S","volatile":[],"find_by":"order_id","answers_signed":true,"unsigned_rejections":false,"anonymous_rejections":false,"anonymous_notifications":false,"failure_final_after":"PT1S","payee_spacing":"PT10M","echoes":["order_id","amount","account"]}}}',1796059025763815);
INSERT INTO "event" VALUES(3,1,3,'answered',NULL,'{"kind":"answered","attempt":1,"sending":0,"outcome":"accepted","word":"pending","provider_reference":"202612010000000001","reason":null,"is_mismatch":false}',1796059025795720);
INSERT INTO "event" VALUES(4,1,4,'looked_up',NULL,'{"kind":"looked_up","attempt":1,"asked":"2026-11-30T17:17:05.820442Z","finding":{"found":"pending"},"provider_reference":"202612010000000001","reason":null}',1796059025824715);
INSERT INTO "event" VALUES(5,1,5,'looked_up',NULL,'{"kind":"looked_up","attempt":1,"asked":"2026-11-30T17:17:05.895142Z","finding":{"found":"pending"},"provider_reference":"202612010000000001","reason":null}',1796059025902404);
INSERT INTO "event" VALUES(6,1,6,'looked_up',NULL,'{"kind":"looked_up","attempt":1,"asked":"2026-11-30T17:17:06.079503Z","finding":{"found":"pending"},"provider_reference":"202612010000000001","reason":null}',1796059026084229);
INSERT INTO "event" VALUES(7,1,7,'looked_up',NULL,'{"kind":"looked_up","attempt":1,"asked":"2026-11-30T17:17:06.601553Z","finding":{"found":"succeeded"},"provider_reference":"202612010000000001","reason":null}',1796059026611495);
INSERT INTO "event" VALUES(8,2,1,'accepted','ana','{"kind":"accepted"}',1796059026659700);
INSERT INTO "event" VALUES(9,2,2,'intended',NULL,'{"kind":"intended","attempt":1,"resend_until":"2026-12-01T17:17:06.667064Z","begins":{"merchant_account":{"adapter":"starpay","environment":"sandbox","account":"101510000001","host":"127.0.0.1"},"order_id":"PH4JNL34STUNCEAMSF7II5CMUG","digest":"bb6e65e78eb018922481082747973c14075c715f6098baca7256b8d85c3545cb","guarantees":{"version":1,"resend_for":"PT24H","replays_for":null,"replays_rejections":false,"copy_lives_for":"PT2S","volatile":[],"find_by":"order_id","answers_signed":true,"unsigned_rejections":false,"anonymous_rejections":false,"anonymous_notifications":false,"failure_final_after":"PT1S","payee_spacing":"PT10M","echoes":["order_id","amount","account"]}}}',1796059026667064);
INSERT INTO "event" VALUES(10,2,3,'answered',NULL,'{"kind":"answered","attempt":1,"sending":0,"outcome":"accepted","word":"pending","provider_reference":"202612010000000002","reason":null,"is_mismatch":false}',1796059026710526);
INSERT INTO "event" VALUES(11,2,4,'looked_up',NULL,'{"kind":"looked_up","attempt":1,"asked":"2026-11-30T17:17:06.740282Z","finding":{"found":"pending"},"provider_reference":"202612010000000002","reason":null}',1796059026749199);
INSERT INTO "event" VALUES(12,2,5,'looked_up',NULL,'{"kind":"looked_up","attempt":1,"asked":"2026-11-30T17:17:06.795058Z","finding":{"found":"pending"},"provider_reference":"202612010000000002","reason":null}',1796059026805437);
INSERT INTO "event" VALUES(13,2,6,'looked_up',NULL,'{"kind":"looked_up","attempt":1,"asked":"2026-11-30T17:17:06.959359Z","finding":{"found":"pending"},"provider_reference":"202612010000000002","reason":null}',1796059026967989);
INSERT INTO "event" VALUES(14,2,7,'looked_up',NULL,'{"kind":"looked_up","attempt":1,"asked":"2026-11-30T17:17:07.469616Z","finding":{"found":"failed"},"provider_reference":"202612010000000002","reason":{"kind":{"error":"beneficiary"},"code":"AC01"}}',1796059027481676);
INSERT INTO "event" VALUES(15,2,8,'looked_up',NULL,'{"kind":"looked_up","attempt":1,"asked":"2026-11-30T17:17:10.095727Z","finding":{"found":"failed"},"provider_reference":"202612010000000002","reason":{"kind":{"error":"beneficiary"},"code":"AC01"}}',1796059030100843);
INSERT INTO "event" VALUES(16,2,9,'closed',NULL,'{"kind":"closed","attempt":1,"standing":"failed"}',1796059030103868);
INSERT INTO "event" VALUES(17,2,10,'ended',NULL,'{"kind":"ended","ending":"failed","reason":{"kind":{"error":"beneficiary"},"code":"AC01"}}',1796059030103868);
INSERT INTO "event" VALUES(18,3,1,'accepted','ana','{"kind":"accepted"}',1796059030163846);
INSERT INTO "attempt" VALUES(1,1,1,'PQZXXAMLGYPXEAH4V3LPPQES2D','{"version":1,"order":{"lookup":{"order_id":"PQZXXAMLGYPXEAH4V3LPPQES2D","country":"PH","amount":{"amount":"80.00","currency":"PHP"},"currency":"PHP","channel":"wallet","institution":"gcash","terminal":null,"provider_reference":null,"payment":null,"rail_reference":null,"original":null},"merchant_account":{"adapter":"starpay","environment":"sandbox","account":"101510000001","host":"127.0.0.1"},"guarantees":1,"form":1,"body":"{\"msgId\":\"PQZXXAMLGYPXEAH4V3LPPQES2D\",\"mchId\":\"101510000001\",\"acctNo\":\"09171234567\",\"acctName\":\"Ana\",\"acctLastName\":\"Reyes\",\"receivingBank\":\"GCash\",\"trxAmount\":\"8000\",\"currency\":\"PHP\",\"service\":\"pay.starpay.instapay.disburse\",\"notifyUrl\":\"http://127.0.0.1:8300/notify/starpay/payout\"}"}}',X'676E655E3EF4A3EBA4481F09581066B544E3D6E656186C83973ED79C52A9012E','{"version":1,"resend_for":"PT24H","replays_for":null,"replays_rejections":false,"copy_lives_for":"PT2S","volatile":[],"find_by":"order_id","answers_signed":true,"unsigned_rejections":false,"anonymous_rejections":false,"anonymous_notifications":false,"failure_final_after":"PT1S","payee_spacing":"PT10M","echoes":["order_id","amount","account"]}',1,NULL,NULL,1796145425763815,'202612010000000001','{"order_exists":true,"succeeded":true,"failed":{"asked":[],"broken":"2026-11-30T17:17:06.601553Z"},"reversed":{"asked":[],"broken":"2026-11-30T17:17:06.601553Z"},"absent_last":null,"found_last":"2026-11-30T17:17:06.601553Z","provider_references":["202612010000000001"],"is_reference_shared":false,"is_notified":false,"is_notified_failed":false,"not_executed":0,"declared_paid":false,"declared_returned":null,"paid_last":"2026-11-30T17:17:06.601553Z","heard_of":[0],"is_order_gone":false,"adopted_at":null}');
INSERT INTO "attempt" VALUES(2,1,1,'PH4JNL34STUNCEAMSF7II5CMUG','{"version":1,"order":{"lookup":{"order_id":"PH4JNL34STUNCEAMSF7II5CMUG","country":"PH","amount":{"amount":"80.00","currency":"PHP"},"currency":"PHP","channel":"wallet","institution":"gcash","terminal":null,"provider_reference":null,"payment":null,"rail_reference":null,"original":null},"merchant_account":{"adapter":"starpay","environment":"sandbox","account":"101510000001","host":"127.0.0.1"},"guarantees":1,"form":1,"body":"{\"msgId\":\"PH4JNL34STUNCEAMSF7II5CMUG\",\"mchId\":\"101510000001\",\"acctNo\":\"09175991001\",\"acctName\":\"Ana\",\"acctLastName\":\"Reyes\",\"receivingBank\":\"GCash\",\"trxAmount\":\"8000\",\"currency\":\"PHP\",\"service\":\"pay.starpay.instapay.disburse\",\"notifyUrl\":\"http://127.0.0.1:8300/notify/starpay/payout\"}"}}',X'BB6E65E78EB018922481082747973C14075C715F6098BACA7256B8D85C3545CB','{"version":1,"resend_for":"PT24H","replays_for":null,"replays_rejections":false,"copy_lives_for":"PT2S","volatile":[],"find_by":"order_id","answers_signed":true,"unsigned_rejections":false,"anonymous_rejections":false,"anonymous_notifications":false,"failure_final_after":"PT1S","payee_spacing":"PT10M","echoes":["order_id","amount","account"]}',NULL,9,'failed',1796145426667064,'202612010000000002','{"order_exists":true,"succeeded":false,"failed":{"asked":["2026-11-30T17:17:07.469616Z","2026-11-30T17:17:10.095727Z"],"broken":"2026-11-30T17:17:06.959359Z"},"reversed":{"asked":[],"broken":"2026-11-30T17:17:10.095727Z"},"absent_last":null,"found_last":"2026-11-30T17:17:10.095727Z","provider_references":["202612010000000002"],"is_reference_shared":false,"is_notified":false,"is_notified_failed":false,"not_executed":0,"declared_paid":false,"declared_returned":null,"paid_last":null,"heard_of":[0],"is_order_gone":false,"adopted_at":null}');
INSERT INTO "sending" VALUES(1,1,0,1796059025763815,'"accepted"');
INSERT INTO "sending" VALUES(2,1,0,1796059026667064,'"accepted"');

CREATE TRIGGER event_is_not_changed BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END;
CREATE TRIGGER event_is_not_deleted BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END;
CREATE TRIGGER I6_event_is_next BEFORE INSERT ON event
WHEN NEW.n IS NOT (SELECT 1 + COALESCE(MAX(n), 0) FROM event WHERE payout_id = NEW.payout_id)
BEGIN SELECT RAISE(ABORT, 'events have no gaps'); END;

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
