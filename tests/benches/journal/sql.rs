//! The statements of the journal.

pub(crate) const SCHEMA: &str =
    include_str!("../../../crates/tulay-journal/src/store/sqlite/schema.sql");

pub(crate) const PAUSES: &str = "SELECT scope, by_whom, why FROM pause ORDER BY rowid";
pub(crate) const WHOLE: &str = "SELECT doubted_at, whole_since, oldest_schema FROM journal";
pub(crate) const BY_REFERENCE: &str =
    "SELECT id FROM payout WHERE namespace = ?1 AND operation = ?2 AND reference = ?3";
pub(crate) const NEXT_ID: &str = "SELECT 1 + coalesce(max(id), 0) FROM payout";
pub(crate) const ADD_PAYOUT: &str = "INSERT INTO payout (id, operation, namespace, reference, \
    amount, currency, country, request, plan, replaces, created_at, version, status, review, \
    next_at, progress, payee) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, \
    ?14, ?15, ?16, ?17)";
pub(crate) const ADD_EVENT: &str = "INSERT INTO event (payout_id, n, kind, actor, body, at, \
    status) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";

pub(crate) const OWNERS: &str =
    "SELECT DISTINCT owner FROM payout WHERE owner IS NOT NULL AND owner <> ?1";
pub(crate) const DUE: &str = "SELECT id FROM payout WHERE next_at <= ?1 AND (owner IS NULL OR \
    lease_until <= ?1) ORDER BY next_at, id LIMIT ?2";
pub(crate) const TAKE: &str = "UPDATE payout SET owner = ?2, lease_until = ?3 WHERE id = ?1";

pub(crate) const PAYOUT: &str = "SELECT id, operation, reference, amount, currency, country, \
    request, plan, replaces, created_at, version, status, review, next_at, owner, lease_until, \
    progress, payee FROM payout WHERE id = ?1";
pub(crate) const ATTEMPTS: &str = "SELECT n, adapter, environment, account, host, order_id, \
    prepared, digest, guarantees, proof, closed_as, resend_until, provider_reference, facts \
    FROM attempt JOIN account ON account.id = account_id WHERE payout_id = ?1 ORDER BY n";
pub(crate) const SENDINGS: &str =
    "SELECT at, outcome FROM sending WHERE payout_id = ?1 AND n = ?2 ORDER BY s";

pub(crate) const TAKEN: &str = "SELECT 1 FROM attempt JOIN account ON account.id = account_id \
    WHERE adapter = ?1 AND environment = ?2 AND account = ?3 AND host = ?4 AND order_id = ?5";
pub(crate) const ACCOUNT: &str = "SELECT id FROM account \
    WHERE adapter = ?1 AND environment = ?2 AND account = ?3 AND host = ?4";
pub(crate) const ADD_ACCOUNT: &str =
    "INSERT INTO account (adapter, environment, account, host) VALUES (?1, ?2, ?3, ?4)";
pub(crate) const ADD_ATTEMPT: &str = "INSERT INTO attempt (payout_id, n, account_id, order_id, \
    prepared, digest, guarantees, slot, proof, closed_as, resend_until, provider_reference, facts) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
pub(crate) const ADD_SENDING: &str =
    "INSERT INTO sending (payout_id, n, s, at, outcome) VALUES (?1, ?2, ?3, ?4, ?5)";
pub(crate) const SET_PAYOUT: &str = "UPDATE payout SET version = ?2, status = ?3, review = ?4, \
    next_at = ?5, owner = ?6, lease_until = ?7, progress = ?8 WHERE id = ?1";

pub(crate) const SET_ATTEMPT: &str = "UPDATE attempt SET slot = ?3, proof = ?4, closed_as = ?5, \
    resend_until = ?6, provider_reference = ?7, facts = ?8 WHERE payout_id = ?1 AND n = ?2";
pub(crate) const SET_SENDING: &str =
    "UPDATE sending SET outcome = ?4 WHERE payout_id = ?1 AND n = ?2 AND s = ?3";
pub(crate) const SHARED: &str = "SELECT payout_id, n FROM attempt \
    JOIN account ON account.id = account_id \
    WHERE adapter = ?1 AND environment = ?2 AND account = ?3 AND host = ?4 \
    AND provider_reference = ?5 AND NOT (payout_id = ?6 AND n = ?7)";

pub(crate) const LAST_TO_PAYEE: &str = "SELECT max(sending.at) FROM payout \
    CROSS JOIN attempt ON attempt.payout_id = payout.id JOIN account ON account.id = account_id \
    JOIN sending ON sending.payout_id = payout.id AND sending.n = attempt.n \
    WHERE payee = ?1 AND payout.id <> ?2 \
    AND adapter = ?3 AND environment = ?4 AND account = ?5 AND host = ?6 \
    AND json_extract(outcome, '$.not_sent') IS NULL";
pub(crate) const REPLACEMENT: &str = "SELECT id FROM payout WHERE replaces = ?1";

const ALL: [&str; 24] = [
    PAUSES,
    WHOLE,
    BY_REFERENCE,
    NEXT_ID,
    ADD_PAYOUT,
    ADD_EVENT,
    OWNERS,
    DUE,
    TAKE,
    PAYOUT,
    ATTEMPTS,
    SENDINGS,
    TAKEN,
    ACCOUNT,
    ADD_ACCOUNT,
    ADD_ATTEMPT,
    ADD_SENDING,
    SET_PAYOUT,
    SET_ATTEMPT,
    SET_SENDING,
    SHARED,
    LAST_TO_PAYEE,
    REPLACEMENT,
    "BEGIN IMMEDIATE",
];

const SOURCES: [&str; 4] = [
    include_str!("../../../crates/tulay-journal/src/store/sqlite/journal.rs"),
    include_str!("../../../crates/tulay-journal/src/store/sqlite/mod.rs"),
    include_str!("../../../crates/tulay-journal/src/store/sqlite/rows.rs"),
    include_str!("../../../crates/tulay-journal/src/store/sqlite/threads.rs"),
];

/// Stops where the journal has another statement by now: what is compared must be the same.
pub(crate) fn check() {
    let sources: String = SOURCES.iter().map(|source| one_line(source)).collect();
    for text in ALL {
        assert!(sources.contains(&one_line(text)), "the journal does not have this one: {text}");
    }
}

/// Without the breaks of a string literal.
fn one_line(text: &str) -> String {
    text.replace('\\', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}
