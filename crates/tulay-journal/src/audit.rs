//! What must hold of every payment, checked against its rows. The rules that wrote the rows are not
//! used: a fault of theirs would hide itself.

use crate::{
    machine::Standing,
    record::{Change, Ending, Event, Personal, Policy, Record, Status, begun_by},
    store::{Store, StoreError},
};
use std::{collections::BTreeMap, fmt};
use tulay_core::Prepared;

/// Payments that are read at once.
const PAGE: usize = 500;

/// One payment of which something does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// The application's name for the payment.
    pub reference: String,
    /// What does not hold.
    pub rule: Rule,
}

/// What must hold of every payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Rule {
    /// At most one attempt is open.
    I1OneSlot,
    /// An attempt is closed with its proof, and a payment ends after its attempts.
    I2Proof,
    /// The first sending of an attempt comes after the proof of the one before.
    I3Order,
    /// Account, order id, text and guarantees of an attempt are those of its first sending.
    I4Identity,
    /// A payment that is not final is due at some time.
    I5Due,
    /// The events have no gaps, and make the row.
    I6Replay,
    /// A payment does not fail for a reason that time removes.
    I12Transient,
    /// Every sending of an attempt had the same text.
    I13OneText,
    /// At most one attempt was paid.
    PaidOnce,
    /// The refunds of a payment add up to at most what was paid.
    RefundsFit,
    /// This version can read the rows.
    Readable,
}

impl Rule {
    /// Every rule.
    pub const ALL: [Self; 11] = [
        Self::I1OneSlot,
        Self::I2Proof,
        Self::I3Order,
        Self::I4Identity,
        Self::I5Due,
        Self::I6Replay,
        Self::I12Transient,
        Self::I13OneText,
        Self::PaidOnce,
        Self::RefundsFit,
        Self::Readable,
    ];

    /// Its name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::I1OneSlot => "I1",
            Self::I2Proof => "I2",
            Self::I3Order => "I3",
            Self::I4Identity => "I4",
            Self::I5Due => "I5",
            Self::I6Replay => "I6",
            Self::I12Transient => "I12",
            Self::I13OneText => "I13",
            Self::PaidOnce => "paid_once",
            Self::RefundsFit => "refunds_fit",
            Self::Readable => "readable",
        }
    }

    /// What was found instead.
    const fn text(self) -> &'static str {
        match self {
            Self::I1OneSlot => "two attempts are open at once",
            Self::I2Proof => "an attempt was given up without proof",
            Self::I3Order => "an attempt was sent before the one before it had its proof",
            Self::I4Identity => "an attempt is not what its first sending states",
            Self::I5Due => "it is not final, and never due",
            Self::I6Replay => "its events have a gap, or make another row",
            Self::I12Transient => "it failed for a reason that time removes",
            Self::I13OneText => "one order id was sent with two texts",
            Self::PaidOnce => "two of its attempts were paid",
            Self::RefundsFit => "the refunds of its payment add up to more than was paid",
            Self::Readable => "a row does not have the form in which it was written",
        }
    }

    fn holds(self, record: &Record, events: &[Event], policy: &Policy) -> bool {
        match self {
            Self::I1OneSlot => open(record) <= 1,
            Self::I2Proof => has_proof(record, events),
            Self::I3Order => follows_proof(record, events),
            Self::I4Identity => is_identical(record, events),
            Self::I5Due => record.status.is_final() || record.next_at.is_some(),
            Self::I6Replay => is_gapless(record, events) && record.follows_from(events, policy),
            Self::I12Transient => has_lasting_reason(record),
            Self::I13OneText => record.attempts.iter().all(|attempt| {
                let mut digests = attempt.attempt.sendings.iter().map(|sending| sending.digest);
                digests.all(|digest| digest == attempt.digest.0)
            }),
            Self::PaidOnce => {
                let facts = record.attempts.iter().map(|it| &it.attempt.facts);
                facts.filter(|facts| facts.succeeded || facts.declared_paid).count() <= 1
            }
            // No row alone shows it.
            Self::RefundsFit | Self::Readable => true,
        }
    }
}

/// What was found instead: `two attempts are open at once`.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// `INV-1: two attempts are open at once (I1)`.
impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.reference, self.rule, self.rule.as_str())
    }
}

/// Checks every payment. Returns what does not hold, the oldest payment first.
///
/// It reads one page after the other, and payments go on meanwhile.
///
/// # Errors
/// When the journal cannot be read. A row that cannot be read is a violation, and no error.
pub async fn audit(store: &dyn Store, policy: &Policy) -> Result<Vec<Violation>, StoreError> {
    let mut violations = Vec::new();
    let mut given_back = BTreeMap::new();
    let mut after = None;
    loop {
        let page = store.examine(after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(violations) };
        after = Some(last.id);
        for examined in &page {
            let reference = &examined.reference;
            let violation = |rule| Violation { reference: reference.clone(), rule };
            match &examined.rows {
                Some((record, events)) => {
                    violations.extend(broken(record, events, policy).map(violation));
                    let fits = fits(record, &mut given_back);
                    violations.extend((!fits).then(|| violation(Rule::RefundsFit)));
                }
                None => violations.push(violation(Rule::Readable)),
            }
        }
    }
}

/// Whether a refund fits beside those before it.
fn fits(record: &Record, given_back: &mut BTreeMap<[u8; 32], i64>) -> bool {
    let original = record.progress.original.as_ref().filter(|_| !record.gave_nothing_back());
    let Some(original) = original else { return true };
    original.digests().iter().all(|digest| {
        let sum = given_back.entry(digest.0).or_default();
        *sum = sum.saturating_add(record.amount.minor());
        *sum <= original.paid.minor()
    })
}

/// The rules that do not hold of a payment.
pub fn broken<'a>(
    record: &'a Record,
    events: &'a [Event],
    policy: &'a Policy,
) -> impl Iterator<Item = Rule> + 'a {
    Rule::ALL.into_iter().filter(move |rule| !rule.holds(record, events, policy))
}

fn open(record: &Record) -> usize {
    record.attempts.iter().filter(|it| it.attempt.closed_as.is_none()).count()
}

fn has_proof(record: &Record, events: &[Event]) -> bool {
    // Its orders stay open when it is over: they may be paid late.
    let is_collection = record.progress.collecting.is_some();
    let is_unpaid = matches!(record.status, Status::Failed | Status::Cancelled) && !is_collection;
    let mut attempts = record.attempts.iter();
    attempts.all(|attempt| match (attempt.attempt.closed_as, attempt.proof) {
        (None, None) => !is_unpaid,
        (Some(closed_as), Some(proof)) => {
            events.iter().any(|event| {
                event.number == proof && closes(event, attempt.attempt.number, closed_as)
            }) && (closed_as != Standing::GivenUp || is_collection)
        }
        _ => false,
    })
}

/// Whether an event is the proof of an attempt. A reversed attempt is never given up.
fn closes(event: &Event, number: u8, closed_as: Standing) -> bool {
    let is_dead = matches!(
        closed_as,
        Standing::Unsent
            | Standing::Rejected
            | Standing::Failed
            | Standing::Declared
            | Standing::GivenUp
    );
    is_dead
        && matches!(&event.change, Change::Closed { attempt, standing }
            if *attempt == number && *standing == closed_as)
}

/// An order that a search found is adopted under its own number, whatever is known of earlier ones.
fn follows_proof(record: &Record, events: &[Event]) -> bool {
    record.attempts.windows(2).all(|pair| {
        let [before, after] = pair else { return true };
        match begun_by(events, after.attempt.number) {
            Some(begun) => before.proof.is_some_and(|proof| proof < begun),
            None => after.attempt.facts.adopted_at.is_some(),
        }
    })
}

fn is_identical(record: &Record, events: &[Event]) -> bool {
    record.attempts.iter().all(|attempt| {
        let begins = events.iter().find_map(|event| match &event.change {
            Change::Intended { attempt: number, begins: Some(begins), .. }
                if *number == attempt.attempt.number =>
            {
                Some(begins.as_ref())
            }
            Change::Adopted(adoption) if adoption.attempt == attempt.attempt.number => {
                Some(&adoption.begins)
            }
            _ => None,
        });
        begins.is_some_and(|begins| {
            begins.merchant_account == attempt.merchant_account
                && begins.order_id == attempt.order_id
                && begins.digest == attempt.digest
                && begins.guarantees == attempt.guarantees
        }) && has_digest(&attempt.prepared, attempt.digest.0)
    })
}

/// Whether a stored text is the one that was sent. One whose personal data was erased, or whose form
/// this version does not read, cannot be compared.
fn has_digest(prepared: &Personal, digest: [u8; 32]) -> bool {
    let restored = Prepared::restore(prepared.expose().as_bytes());
    restored.map_or(true, |prepared| prepared.digest() == digest)
}

fn is_gapless(record: &Record, events: &[Event]) -> bool {
    let numbers = events.iter().map(|event| event.number);
    numbers.eq(1..=record.version)
}

fn has_lasting_reason(record: &Record) -> bool {
    let progress = &record.progress;
    let is_late = progress.send_by.is_some_and(|send_by| send_by <= progress.last_at);
    if progress.ending != Some(Ending::Failed) || is_late {
        return true;
    }
    let Some(last) = record.attempts.last() else { return true };
    match last.attempt.closed_as {
        Some(Standing::Unsent) => false,
        Some(Standing::Rejected) => !last.kind().is_some_and(tulay_core::ErrorKind::is_transient),
        _ => true,
    }
}
