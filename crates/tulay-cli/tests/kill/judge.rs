//! Payouts and refunds whose fate the simulators decide by account and telephone numbers, and what
//! became of them by the ledger.

use crate::{
    PATIENCE,
    folder::{Folder, again},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};
use tulay::{
    CollectionMethod, CollectionRequest, Country, Currency, Destination, Email, Money, Name,
    Operation, OrderId, Party, PayoutRequest, Phone, ProviderExt, ProviderId, Reference, Tulay,
    adapter::IdRules,
    journal::{Event, Filter, JournalError, PaymentRecord, ReviewReason, Status},
};
use tulay_sandbox::kit::{Direction, Ledger, Movement};

/// How the account of a payout ends, and whether the money moves at last; `None`: either may happen,
/// since a second provider may pay what the first refuses.
const FATES: [(&str, Option<bool>); 10] = [
    ("550101", Some(true)),
    ("992001", Some(true)),  // the answer is lost
    ("991001", Some(false)), // it fails after it was accepted
    ("550102", Some(true)),
    ("992003", Some(true)), // HTTP 502 after it was made
    ("990418", None),       // rejected by the first
    ("992004", Some(true)), // half of the answer comes
    ("992002", Some(true)), // the first request is lost
    ("550103", Some(true)),
    ("993002", Some(true)), // the answer takes three seconds
];

/// How the telephone number of a payer ends, and whether a refund of the payment is made at last.
const REFUND_FATES: [(&str, bool); 5] = [
    ("550101", true),
    ("995003", true),  // the answer is lost
    ("995001", false), // it fails after it was accepted
    ("550102", true),
    ("995002", false), // it is withdrawn
];

/// A payout or refund that was acknowledged.
pub(crate) struct Row {
    operation: Operation,
    reference: Reference,
    moves: Option<bool>,
}

/// Accepts the payout of this number; from now on it must not be lost.
pub(crate) async fn submit(tulay: &Tulay, number: usize) -> Row {
    let reference = Reference::new(format!("ROW-{number:06}")).unwrap();
    let (end, moves) = FATES[number % FATES.len()];
    let is_abroad = number % 7 == 3 && moves == Some(true) && end.starts_with("5501");
    // Small enough for the simulated balance to last.
    let (country, amount, bank, mobile) = match is_abroad {
        true => (Country::ID, (1_000_000, Currency::IDR), "BNIAIDJA", "+6281255550101"),
        false => (Country::PH, (100, Currency::PHP), "BOPIPHMM", "+639175550101"),
    };
    let account = format!("{number:06}{end}");
    let amount = Money::from_minor(amount.0, amount.1);
    let party = Party::default()
        .with_name(Name::parts("Ana", "Reyes").unwrap())
        .with_mobile(Phone::new(mobile).unwrap());
    let request = PayoutRequest::new(
        reference.clone(),
        country,
        amount,
        Destination::bank(bank, &account).unwrap(),
    )
    .with_beneficiary(party);
    again(|| tulay.payouts().submit(request.clone()).into_future()).await;
    Row { operation: Operation::Payout, reference, moves }
}

/// Lets a payment come in, and accepts the refund of it; from now on it must not be lost.
pub(crate) async fn submit_refund(folder: &Folder, number: usize) -> Row {
    let (tulay, name) =
        (&folder.tulay, |kind: &str| Reference::new(format!("{kind}-{number:06}")).unwrap());
    let (end, is_made) = REFUND_FATES[number % REFUND_FATES.len()];
    let payer = Party::default()
        .with_name(Name::parts("Luz", "Marasigan").unwrap())
        .with_email(Email::new("luz@example.com").unwrap())
        .with_mobile(Phone::new(format!("+639175{end}")).unwrap());
    let amount = Money::from_minor(100, Currency::PHP);
    let sale = CollectionRequest::new(name("SALE"), Country::PH, amount, CollectionMethod::Qr)
        .with_return_url("https://shop.example.com/thanks")
        .with_payer(payer);
    let provider = tulay.provider(&ProviderId::new("regional").unwrap()).unwrap();
    let collections = provider.collections().unwrap();
    let order_id = tulay.order_id(collections.capability(), &sale);
    collections.create(&collections.prepare(&sale, &order_id).unwrap()).await.unwrap();
    folder.sandbox.pay("regional", order_id.as_str(), None).unwrap();
    let paid = again(async || tulay.find_collection(&sale.reference).await?.unwrap().refundable());
    let (reference, of) = (name("BACK"), paid.await);
    again(|| tulay.refunds().submit(reference.clone(), of.clone(), None).into_future()).await;
    Row { operation: Operation::Refund, reference, moves: Some(is_made) }
}

/// The rows that may still be open.
const YOUNG: usize = 60;
/// Five sendings of which no process wrote down what it saw are a crash loop, which a person ends.
const MOST_SENDINGS: usize = 3;

/// Waits for the end of payouts that were killed in the middle of a sending again and again.
pub(crate) async fn spare(folder: &Folder) {
    for record in again(|| youngest(folder)).await {
        let sendings = record.last().map_or(0, |last| last.sendings);
        if sendings >= MOST_SENDINGS && !record.status.is_final() {
            again(|| wait(folder, record.operation, &record.reference)).await;
        }
    }
}

async fn youngest(folder: &Folder) -> Result<Vec<PaymentRecord>, JournalError> {
    let mut filter = Filter::default();
    filter.most = YOUNG;
    let mut youngest = Vec::new();
    for mut records in [
        folder.tulay.payouts().list(filter.clone()).await?,
        folder.tulay.refunds().list(filter).await?,
    ] {
        for _ in 0..YOUNG {
            youngest.extend(records.next().await?);
        }
    }
    Ok(youngest)
}

/// A payment at its end, or as it stands after a long time.
async fn wait(
    folder: &Folder,
    operation: Operation,
    reference: &Reference,
) -> Result<PaymentRecord, JournalError> {
    match operation {
        Operation::Refund => folder.tulay.refunds().wait(reference, PATIENCE).await,
        _ => folder.tulay.payouts().wait(reference, PATIENCE).await,
    }
}

async fn timeline(folder: &Folder, row: &Row) -> Result<Vec<Event>, JournalError> {
    match row.operation {
        Operation::Refund => folder.tulay.refunds().timeline(&row.reference).await,
        _ => folder.tulay.payouts().timeline(&row.reference).await,
    }
}

/// What became of all payments.
#[derive(Default)]
pub(crate) struct Judged {
    statuses: BTreeMap<(Operation, &'static str), usize>,
    sendings: usize,
    attempts: usize,
    /// The sum of what succeeded, of each operation and in each currency.
    paid: BTreeMap<(Operation, Currency), i64>,
}

/// Waits until every payment is final, and compares each with the ledger.
pub(crate) async fn judge(folder: &Folder, rows: &[Row]) -> Judged {
    let mut judged = Judged::default();
    for row in rows {
        let record = again(|| wait(folder, row.operation, &row.reference)).await;
        let events = || again(|| timeline(folder, row));
        assert!(record.status.is_final(), "{record}\n{:#?}\n{}", events().await, folder.log());
        let mut reviews = record.reviews.iter().filter(|it| **it != ReviewReason::Slow);
        assert_eq!(reviews.next(), None, "{record}\n{:#?}", events().await);
        let ledger = folder.sandbox.ledger();
        let paid: usize = (1..=8)
            .map(|attempt| {
                let id = OrderId::derive(
                    IdRules::STANDARD,
                    folder.tulay.namespace(),
                    row.operation,
                    &row.reference,
                    attempt,
                );
                let makes = |movement: &&Movement| movement.direction == out(row.operation);
                ledger.of_order(id.as_str()).filter(makes).count()
            })
            .sum();
        assert!(paid <= 1, "paid {paid} times: {record}\n{:#?}", events().await);
        let is_paid = record.status == Status::Succeeded;
        if is_paid {
            let key = (row.operation, record.amount.currency());
            *judged.paid.entry(key).or_default() += record.amount.minor();
        }
        assert_eq!(is_paid, paid == 1, "{record}\n{:#?}", events().await);
        if let Some(moves) = row.moves {
            assert_eq!(is_paid, moves, "{record}\n{:#?}", events().await);
        }
        *judged.statuses.entry((row.operation, record.status.as_str())).or_default() += 1;
        judged.attempts += record.attempts.len();
        judged.sendings += record.attempts.iter().map(|attempt| attempt.sendings).sum::<usize>();
    }
    let succeeded = judged.statuses.keys().filter(|(_, status)| *status == "succeeded");
    let operations: BTreeSet<_> = rows.iter().map(|row| row.operation).collect();
    assert_eq!(succeeded.count(), operations.len(), "{judged}");
    assert_eq!(judged.paid, moved(&folder.sandbox.ledger()), "journal and ledger");
    assert_eq!(again(|| folder.tulay.audit()).await, [], "the audit");
    judged
}

/// Which way the money of an operation moves.
fn out(operation: Operation) -> Direction {
    if operation == Operation::Refund { Direction::Back } else { Direction::Out }
}

/// What went out less what came back, of each operation and in each currency.
fn moved(ledger: &Ledger) -> BTreeMap<(Operation, Currency), i64> {
    let mut moved = BTreeMap::new();
    for movement in ledger.movements() {
        let operation = OrderId::parse(&movement.order_id).unwrap().operation().unwrap();
        if movement.direction == Direction::In {
            assert_eq!(operation, Operation::Collection);
            continue;
        }
        let sum: &mut i64 = moved.entry((operation, movement.money.currency())).or_default();
        match movement.direction == out(operation) {
            true => *sum += movement.money.minor(),
            false => *sum -= movement.money.minor(),
        }
    }
    moved
}

impl fmt::Display for Judged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let payments: usize = self.statuses.values().sum();
        write!(f, "{payments} payments, {} attempts, {} sendings", self.attempts, self.sendings)?;
        let mut counts = self.statuses.iter();
        counts.try_for_each(|((of, status), count)| write!(f, ", {count} {of}s {status}"))
    }
}
