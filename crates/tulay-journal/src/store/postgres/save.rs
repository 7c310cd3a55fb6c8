//! Records as rows: writing what a step changed. Each table takes the rows of all payments in one
//! statement.

use super::{
    events,
    rows::{Result, column, micros, text},
    statement::Statement,
};
use crate::{
    machine::{ReviewReason, Sending, Standing},
    record::{AttemptRecord, Event, Record},
    store::StoreError,
};
use std::collections::BTreeSet;
use tulay_core::{MerchantAccount, ProviderReference};

const ADD_ACCOUNTS: &str = "INSERT INTO tulay.account (adapter, environment, account, host) \
    SELECT * FROM unnest($1, $2, $3, $4) ON CONFLICT DO NOTHING";
const ADD_EVENTS: &str = "INSERT INTO tulay.event (payout_id, n, kind, actor, body, at, \
    status) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)";
const ADD_ATTEMPTS: &str = "INSERT INTO tulay.attempt (payout_id, n, account_id, order_id, \
    prepared, digest, guarantees, slot, proof, closed_as, resend_until, provider_reference, facts, \
    instructions) \
    SELECT payout_id, n, account.id, order_id, prepared, digest, guarantees, slot, proof, \
    closed_as, resend_until, provider_reference, facts, instructions FROM unnest($1, $2, $3, $4, \
    $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) AS added (payout_id, n, adapter, \
    environment, account, host, order_id, prepared, digest, guarantees, slot, proof, closed_as, \
    resend_until, provider_reference, facts, instructions) JOIN tulay.account USING (adapter, environment, account, host)";
const SET_ATTEMPTS: &str = "UPDATE tulay.attempt SET slot = new.slot, proof = new.proof, \
    closed_as = new.closed_as, resend_until = new.resend_until, \
    provider_reference = new.provider_reference, facts = new.facts, \
    instructions = new.instructions \
    FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) AS new (payout_id, n, slot, proof, closed_as, \
    resend_until, provider_reference, facts, instructions) \
    WHERE attempt.payout_id = new.payout_id AND attempt.n = new.n";
const ADD_SENDINGS: &str = "INSERT INTO tulay.sending (payout_id, n, s, at, outcome) \
    SELECT * FROM unnest($1, $2, $3, $4, $5)";
const SET_SENDINGS: &str = "UPDATE tulay.sending SET outcome = new.outcome \
    FROM unnest($1, $2, $3, $4) AS new (payout_id, n, s, outcome) \
    WHERE sending.payout_id = new.payout_id AND sending.n = new.n AND sending.s = new.s";
const SET_PAYOUTS: &str = "UPDATE tulay.payout SET version = new.version, status = new.status, \
    review = new.review, next_at = new.next_at, owner = new.owner, lease_until = new.lease_until, \
    progress = new.progress FROM unnest($1, $2, $3, $4, $5, $6, $7, $8) AS new (id, version, \
    status, review, next_at, owner, lease_until, progress) WHERE payout.id = new.id";

/// A payment before and after its steps, and their events.
pub(super) struct Change {
    pub(super) before: Record,
    pub(super) after: Record,
    pub(super) events: Vec<Event>,
}

/// The statements that write changes. Events come first: a slot is given up with the event that
/// proves it. Then slots are given up, and taken after that.
pub(super) fn save(changes: &[&Change]) -> Result<Vec<Statement>> {
    let events = changes.iter().flat_map(|it| it.events.iter().map(|event| (it.after.id.0, event)));
    let events: Vec<_> = events.collect();
    let (mut new, mut changed) = (Vec::new(), Vec::new());
    let (mut sent, mut answered) = (Vec::new(), Vec::new());
    for Change { before, after, .. } in changes {
        let id = after.id.0;
        for (place, attempt) in after.attempts.iter().enumerate() {
            let known = before.attempts.get(place);
            match known {
                None => new.push((id, attempt)),
                Some(known) if known != attempt => changed.push((id, attempt)),
                Some(_) => {}
            }
            let known = known.map_or(&[][..], |known| &known.attempt.sendings);
            for (place, sending) in attempt.attempt.sendings.iter().enumerate() {
                let number = i64::try_from(place).map_err(|_| StoreError::Damaged("a number"))?;
                let row = SendingRow { id, attempt: attempt.attempt.number, number, sending };
                match known.get(place) {
                    None => sent.push(row),
                    Some(known) if known != sending => answered.push(row),
                    Some(_) => {}
                }
            }
        }
    }
    let payouts: Vec<_> = changes.iter().map(|it| &it.after).collect();
    let accounts = new.iter().map(|(_, attempt)| &attempt.merchant_account);
    let mut statements = Vec::new();
    let mut add = |is_needed: bool, statement: Result<Statement>| {
        if is_needed {
            statements.push(statement?);
        }
        Ok::<(), StoreError>(())
    };
    add(!new.is_empty(), add_accounts(accounts))?;
    add(!events.is_empty(), Ok(events::hold()))?;
    add(!events.is_empty(), add_events(&events))?;
    add(!changed.is_empty(), set_attempts(&changed))?;
    add(!new.is_empty(), add_attempts(&new))?;
    add(!sent.is_empty(), add_sendings(&sent))?;
    add(!answered.is_empty(), set_sendings(&answered))?;
    add(!payouts.is_empty(), set_payouts(&payouts))?;
    Ok(statements)
}

/// Adds accounts that are not known. All transactions add them in the same order, so that none waits
/// for another that waits for it.
pub(super) fn add_accounts<'a>(
    accounts: impl Iterator<Item = &'a MerchantAccount>,
) -> Result<Statement> {
    let parts = accounts.map(|it| {
        (it.adapter.to_string(), it.environment.to_string(), it.account.clone(), it.host.clone())
    });
    let parts: Vec<_> = parts.collect::<BTreeSet<_>>().into_iter().collect();
    let statement = Statement::new(ADD_ACCOUNTS);
    let statement = column(statement, &parts, |it| Ok(it.0.clone()))?;
    let statement = column(statement, &parts, |it| Ok(it.1.clone()))?;
    let statement = column(statement, &parts, |it| Ok(it.2.clone()))?;
    column(statement, &parts, |it| Ok(it.3.clone()))
}

pub(super) fn reviews(reviews: &BTreeSet<ReviewReason>) -> Result<Option<String>> {
    (!reviews.is_empty()).then(|| text(reviews)).transpose()
}

fn add_events(events: &[(i64, &Event)]) -> Result<Statement> {
    let statement = Statement::new(ADD_EVENTS);
    let statement = column(statement, events, |it| Ok(it.0))?;
    let statement = column(statement, events, |it| Ok(i64::from(it.1.number)))?;
    let statement = column(statement, events, |it| Ok(it.1.change.kind().to_owned()))?;
    let statement = column(statement, events, |it| Ok(it.1.actor.clone()))?;
    let statement = column(statement, events, |it| text(&it.1.change))?;
    let statement = column(statement, events, |it| Ok(micros(it.1.at)))?;
    column(statement, events, |it| Ok(it.1.status.map(|status| status.as_str().to_owned())))
}

type AttemptRow<'a> = (i64, &'a AttemptRecord);

fn add_attempts(rows: &[AttemptRow<'_>]) -> Result<Statement> {
    let of = |it: &AttemptRow<'_>| it.1.merchant_account.clone();
    let statement = Statement::new(ADD_ATTEMPTS);
    let statement = column(statement, rows, |it| Ok(it.0))?;
    let statement = column(statement, rows, |it| Ok(i64::from(it.1.attempt.number)))?;
    let statement = column(statement, rows, |it| Ok(of(it).adapter.into_owned()))?;
    let statement = column(statement, rows, |it| Ok(of(it).environment.to_string()))?;
    let statement = column(statement, rows, |it| Ok(of(it).account))?;
    let statement = column(statement, rows, |it| Ok(of(it).host))?;
    let statement = column(statement, rows, |it| Ok(it.1.order_id.as_str().to_owned()))?;
    let statement = column(statement, rows, |it| Ok(it.1.prepared.expose().to_owned()))?;
    let statement = column(statement, rows, |it| Ok(it.1.digest.0.to_vec()))?;
    let statement = column(statement, rows, |it| text(&it.1.guarantees))?;
    with_state(statement, rows)
}

fn set_attempts(rows: &[AttemptRow<'_>]) -> Result<Statement> {
    let statement = Statement::new(SET_ATTEMPTS);
    let statement = column(statement, rows, |it| Ok(it.0))?;
    let statement = column(statement, rows, |it| Ok(i64::from(it.1.attempt.number)))?;
    with_state(statement, rows)
}

/// The columns of an attempt that change.
fn with_state(statement: Statement, rows: &[AttemptRow<'_>]) -> Result<Statement> {
    let statement =
        column(statement, rows, |it| Ok(it.1.attempt.closed_as.is_none().then_some(1_i64)))?;
    let statement = column(statement, rows, |it| Ok(it.1.proof.map(i64::from)))?;
    let statement = column(statement, rows, |it| closed_as(it.1.attempt.closed_as))?;
    let statement = column(statement, rows, |it| Ok(it.1.attempt.resend_until.map(micros)))?;
    let statement = column(statement, rows, |it| {
        let reference = it.1.provider_reference.as_ref();
        Ok(reference.map(ProviderReference::as_str).map(str::to_owned))
    })?;
    let statement = column(statement, rows, |it| text(&it.1.attempt.facts))?;
    column(statement, rows, |it| Ok(it.1.instructions.as_ref().map(|it| it.expose().to_owned())))
}

struct SendingRow<'a> {
    id: i64,
    attempt: u8,
    number: i64,
    sending: &'a Sending,
}

fn add_sendings(rows: &[SendingRow<'_>]) -> Result<Statement> {
    let statement = with_key(Statement::new(ADD_SENDINGS), rows)?;
    let statement = column(statement, rows, |it| Ok(micros(it.sending.at)))?;
    with_outcome(statement, rows)
}

fn set_sendings(rows: &[SendingRow<'_>]) -> Result<Statement> {
    with_outcome(with_key(Statement::new(SET_SENDINGS), rows)?, rows)
}

fn with_key(statement: Statement, rows: &[SendingRow<'_>]) -> Result<Statement> {
    let statement = column(statement, rows, |it| Ok(it.id))?;
    let statement = column(statement, rows, |it| Ok(i64::from(it.attempt)))?;
    column(statement, rows, |it| Ok(it.number))
}

fn with_outcome(statement: Statement, rows: &[SendingRow<'_>]) -> Result<Statement> {
    column(statement, rows, |it| it.sending.outcome.as_ref().map(text).transpose())
}

fn set_payouts(rows: &[&Record]) -> Result<Statement> {
    let statement = Statement::new(SET_PAYOUTS);
    let statement = column(statement, rows, |it| Ok(it.id.0))?;
    let statement = column(statement, rows, |it| Ok(i64::from(it.version)))?;
    let statement = column(statement, rows, |it| Ok(it.status.as_str().to_owned()))?;
    let statement = column(statement, rows, |it| reviews(&it.reviews))?;
    let statement = column(statement, rows, |it| Ok(it.next_at.map(micros)))?;
    let statement = column(statement, rows, |it| Ok(it.lease.map(|lease| i64::from(lease.owner))))?;
    let statement = column(statement, rows, |it| Ok(it.lease.map(|lease| micros(lease.until))))?;
    column(statement, rows, |it| text(&it.progress))
}

fn closed_as(standing: Option<Standing>) -> Result<Option<String>> {
    let quoted = standing.map(|standing| text(&standing)).transpose()?;
    Ok(quoted.map(|quoted| quoted.trim_matches('"').to_owned()))
}
