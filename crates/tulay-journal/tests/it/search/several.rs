//! Several payouts at one account, and ids of the provider's: every order of a few steps, on the
//! store.

use crate::store::{Hand, acceptance, account, next, policy};
use std::sync::Arc;
use tulay_core::{ErrorKind, ProviderReference};
use tulay_journal::{
    Time,
    machine::{ReviewReason, facts::Word},
    record::{Finding, Lease, Record, RecordId, Refused, Seen, Step, Write},
    store::{Accepted, Claim, Memory, Store},
};

/// Payouts that were accepted, the first of them already sent through account 1.
struct Journal {
    store: Memory,
    time: Arc<Hand>,
    ids: Vec<RecordId>,
}

impl Journal {
    async fn new(payouts: usize, sent: usize) -> Self {
        let time = Hand::new();
        let store = Memory::new(policy(), time.clone());
        store.confirm_whole("ops", "it is new").await.unwrap();
        let mut ids = Vec::new();
        for number in 0..payouts {
            let answer = store.accept(vec![acceptance(&format!("R{number}"))]).await.unwrap();
            let [Ok(Accepted::New(record))] = &answer[..] else { panic!("{answer:?}") };
            ids.push(record.id);
        }
        let journal = Self { store, time, ids };
        for payout in 0..sent {
            journal.sends(payout, 1).await.unwrap();
        }
        journal
    }

    async fn record(&self, payout: usize) -> Record {
        self.store.get(vec![self.ids[payout]]).await.unwrap().pop().unwrap().unwrap()
    }

    async fn write(&self, payout: usize, step: Step) -> Result<Record, Refused> {
        let write = Write::claimed(&self.record(payout).await, step);
        assert_eq!(write.id, self.ids[payout]);
        self.store.write(vec![write]).await.unwrap().pop().unwrap()
    }

    /// Sends a payout through an account, as a next attempt.
    async fn sends(&self, payout: usize, number: u8) -> Result<Record, Refused> {
        let mut record = self.record(payout).await;
        if record.lease.is_none() {
            let claim = Claim::only(vec![record.id]);
            record = match self.store.claim(claim).await.unwrap().records.pop() {
                Some(record) => record,
                None => return Err(Refused::Overtaken),
            };
        }
        let sent = self.store.write(vec![next(&record, number)]).await.unwrap().pop().unwrap();
        if sent.is_err() {
            let lease: Lease = record.lease.unwrap();
            self.store.release(vec![(record.id, lease)]).await.unwrap();
        }
        sent
    }

    async fn answers(&self, payout: usize, seen: Seen, reference: Option<&str>) -> Record {
        let provider_reference = reference.map(|it| ProviderReference::new(it).unwrap());
        let (attempt, sending, word, reason) = (1, 0, None, None);
        let sent_at = self.record(payout).await.sent_at(attempt, sending).unwrap();
        let step =
            Step::Answer { attempt, sending, sent_at, seen, word, provider_reference, reason };
        self.write(payout, step).await.unwrap()
    }

    async fn finds(&self, payout: usize, reference: &str) -> Record {
        let provider_reference = Some(ProviderReference::new(reference).unwrap());
        let (attempt, asked, reason) = (1, self.time.now(), None);
        let finding = Finding::Found(Word::Pending);
        let step = Step::LookUp { attempt, asked, finding, provider_reference, reason };
        self.write(payout, step).await.unwrap()
    }
}

/// Every list of so many numbers below `below`.
fn lists(length: u32, below: usize) -> impl Iterator<Item = Vec<usize>> {
    (0..below.pow(length)).map(move |mut number| {
        let digits = (0..length).map(|_| {
            let digit = number % below;
            number /= below;
            digit
        });
        digits.collect()
    })
}

/// Two payouts learn ids of the provider's in every order. Those that share one, or have two,
/// contradict themselves, and no other does.
#[tokio::test]
async fn ids_of_two_orders_are_contradictions() {
    let mut lists_seen = 0;
    for list in lists(4, 8) {
        let journal = Journal::new(2, 2).await;
        let mut known = [[false; 2]; 2];
        for number in list {
            let (payout, id, is_found) = (number % 2, number / 2 % 2, number / 4 == 1);
            let reference = ["T-A", "T-B"][id];
            match is_found {
                true => journal.finds(payout, reference).await,
                false => journal.answers(payout, Seen::Accepted, Some(reference)).await,
            };
            known[payout][id] = true;
        }
        // Look-ups carry the first id that was learned: it is what the store compares.
        let records = [journal.record(0).await, journal.record(1).await];
        let first = records.each_ref().map(|it| it.attempts[0].provider_reference.clone());
        for payout in [0, 1] {
            let has_two = known[payout] == [true, true];
            let shares = first[0].is_some() && first[0] == first[1];
            let is_contradictory = records[payout].reviews.contains(&ReviewReason::Contradiction);
            assert_eq!(is_contradictory, has_two || shares, "{known:?} {:?}", records[payout]);
        }
        lists_seen += 1;
    }
    println!("{lists_seen} orders of learning ids");
}

/// Three payouts, of which one is sent through account 1: what their answers do in every order.
#[tokio::test]
async fn a_duplicate_stops_every_payout_of_its_account() {
    let mut lists_seen = 0;
    for list in lists(4, 12) {
        let journal = Journal::new(3, 1).await;
        let mut is_paused = false;
        let mut is_answered = [false; 3];
        for number in list {
            let (payout, step) = (number % 3, number / 3);
            let is_sent = !journal.record(payout).await.attempts.is_empty();
            match step {
                0 if !is_sent => {
                    let sent = journal.sends(payout, 1).await;
                    assert_eq!(sent.is_err(), is_paused, "{sent:?}");
                    assert!(sent.is_ok() || sent == Err(Refused::Paused));
                }
                1 if is_sent && !is_answered[payout] => {
                    journal.answers(payout, Seen::Accepted, None).await;
                    is_answered[payout] = true;
                }
                2 if is_sent && !is_answered[payout] => {
                    journal.answers(payout, Seen::Duplicate, None).await;
                    (is_answered[payout], is_paused) = (true, true);
                }
                3 if is_sent && !is_answered[payout] => {
                    let seen = Seen::Rejected { kind: ErrorKind::Beneficiary, is_permanent: true };
                    journal.answers(payout, seen, None).await;
                    is_answered[payout] = true;
                }
                _ => {}
            }
        }
        // No payout has another's order id, and the other account goes on.
        let mut ids = Vec::new();
        for payout in 0..3 {
            ids.extend(journal.record(payout).await.attempts.iter().map(|it| it.order_id.clone()));
        }
        let count = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), count);
        let pauses = journal.store.journal().await.unwrap().pauses;
        assert_eq!(pauses.len(), usize::from(is_paused));
        for payout in 0..3 {
            if journal.record(payout).await.attempts.is_empty() {
                journal.sends(payout, 2).await.unwrap();
                assert_eq!(journal.record(payout).await.attempts[0].merchant_account, account(2));
            }
        }
        lists_seen += 1;
    }
    println!("{lists_seen} orders of answers to three payouts");
}
