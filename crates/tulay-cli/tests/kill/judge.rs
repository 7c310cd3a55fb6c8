//! Payouts whose fate the simulators decide by their account numbers, and what became of them by the
//! ledger.

use crate::{
    PATIENCE,
    folder::{Folder, again},
};
use std::{collections::BTreeMap, fmt};
use tulay::{
    Country, Currency, Destination, Money, Name, Operation, OrderId, Party, PayoutRequest, Phone,
    Reference, Tulay,
    adapter::IdRules,
    journal::{Filter, JournalError, PaymentRecord, ReviewReason, Status},
};
use tulay_sandbox::kit::{Direction, Ledger};

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

/// A payout that was acknowledged.
pub(crate) struct Row {
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
    Row { reference, moves }
}

/// The rows that may still be open.
const YOUNG: usize = 60;
/// Five sendings of which no process wrote down what it saw are a crash loop, which a person ends.
const MOST_SENDINGS: usize = 3;

/// Waits for the end of payouts that were killed in the middle of a sending again and again.
pub(crate) async fn spare(folder: &Folder) {
    let payouts = folder.tulay.payouts();
    for record in again(|| youngest(folder)).await {
        let sendings = record.last().map_or(0, |last| last.sendings);
        if sendings >= MOST_SENDINGS && !record.status.is_final() {
            again(|| payouts.wait(&record.reference, PATIENCE)).await;
        }
    }
}

async fn youngest(folder: &Folder) -> Result<Vec<PaymentRecord>, JournalError> {
    let mut filter = Filter::default();
    filter.most = YOUNG;
    let mut records = folder.tulay.payouts().list(filter).await?;
    let mut youngest = Vec::new();
    while youngest.len() < YOUNG
        && let Some(record) = records.next().await?
    {
        youngest.push(record);
    }
    Ok(youngest)
}

/// What became of all payouts.
#[derive(Default)]
pub(crate) struct Judged {
    statuses: BTreeMap<&'static str, usize>,
    sendings: usize,
    attempts: usize,
    /// The sum of what succeeded, in each currency.
    paid: BTreeMap<Currency, i64>,
}

/// Waits until every payout is final, and compares each with the ledger.
pub(crate) async fn judge(folder: &Folder, rows: &[Row]) -> Judged {
    let mut judged = Judged::default();
    for row in rows {
        let payouts = folder.tulay.payouts();
        let record = again(|| payouts.wait(&row.reference, PATIENCE)).await;
        let events = || again(|| payouts.timeline(&row.reference));
        assert!(record.status.is_final(), "{record}\n{:#?}\n{}", events().await, folder.log());
        let mut reviews = record.reviews.iter().filter(|it| **it != ReviewReason::Slow);
        assert_eq!(reviews.next(), None, "{record}\n{:#?}", events().await);
        let ledger = folder.sandbox.ledger();
        let paid: usize = (1..=8)
            .map(|attempt| {
                let id = OrderId::derive(
                    IdRules::STANDARD,
                    folder.tulay.namespace(),
                    Operation::Payout,
                    &row.reference,
                    attempt,
                );
                ledger.times_paid(id.as_str())
            })
            .sum();
        assert!(paid <= 1, "paid {paid} times: {record}\n{:#?}", events().await);
        let is_paid = record.status == Status::Succeeded;
        if is_paid {
            *judged.paid.entry(record.amount.currency()).or_default() += record.amount.minor();
        }
        assert_eq!(is_paid, paid == 1, "{record}\n{:#?}", events().await);
        if let Some(moves) = row.moves {
            assert_eq!(is_paid, moves, "{record}\n{:#?}", events().await);
        }
        *judged.statuses.entry(record.status.as_str()).or_default() += 1;
        judged.attempts += record.attempts.len();
        judged.sendings += record.attempts.iter().map(|attempt| attempt.sendings).sum::<usize>();
    }
    assert!(rows.is_empty() || judged.statuses.contains_key("succeeded"));
    assert_eq!(judged.paid, moved(&folder.sandbox.ledger()), "journal and ledger");
    assert_eq!(again(|| folder.tulay.audit()).await, [], "the audit");
    judged
}

/// What went out less what came back, in each currency.
fn moved(ledger: &Ledger) -> BTreeMap<Currency, i64> {
    let mut moved = BTreeMap::new();
    for movement in ledger.movements() {
        let sum: &mut i64 = moved.entry(movement.money.currency()).or_default();
        match movement.direction {
            Direction::Out => *sum += movement.money.minor(),
            Direction::Back => *sum -= movement.money.minor(),
            other => panic!("no payout moves money {other:?}"),
        }
    }
    moved
}

impl fmt::Display for Judged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let payouts: usize = self.statuses.values().sum();
        write!(f, "{payouts} payouts, {} attempts, {} sendings", self.attempts, self.sendings)?;
        self.statuses.iter().try_for_each(|(status, count)| write!(f, ", {count} {status}"))
    }
}
