//! A worker is killed at random moments of sales: each payer is shown one code, pays once, and is given
//! back once.

use crate::{
    NOTIFIED, PATIENCE,
    folder::{Folder, again, turn},
    kill,
    random::{self, Random},
};
use std::{collections::BTreeMap, time::Duration};
use tulay::{
    CollectionMethod, CollectionRequest, Country, Currency, Email, Money, Name, Party,
    PaymentInstructions, Phone, ProviderId, Reference,
    journal::{CollectionRecord, CollectionState, Status},
};
use tulay_sandbox::kit::{Direction, Faults};

/// A process is killed within this time of its start.
const LONGEST: u64 = 450_000;
/// The first refunds nothing, and its look-ups have no way to pay.
const PROVIDERS: [&str; 2] = ["starpay", "regional"];
const ASKED: i64 = 10_000;
const BACK: i64 = 4_000;

#[derive(Default)]
struct Sale {
    code: Option<String>,
    is_paid: bool,
    is_done: bool,
    is_given_back: bool,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_worker_shows_one_code() {
    let mut random = Random::from_environment();
    let cycles = random::number("TULAY_KILL_CYCLES").unwrap_or(100);
    let folder = Folder::new(turn().await, NOTIFIED).await;
    let mut sales: BTreeMap<Reference, Sale> = BTreeMap::new();
    for cycle in 0..cycles {
        // An answer is lost now and then, of a creation, a look-up or a refund.
        let faults = Faults { lose_answers: u32::from(cycle % 3 == 0), ..Faults::default() };
        let provider = PROVIDERS[usize::try_from(random.below(2)).unwrap()];
        folder.sandbox.set_faults(provider, faults).unwrap();
        for _ in 0..random.below(3) {
            let request = request(sales.len());
            let through = PROVIDERS[sales.len() % 2];
            let create = || {
                let create = folder.tulay.collections().create(request.clone());
                let through = ProviderId::new(through).unwrap();
                create.through(through).within(Duration::ZERO).into_future()
            };
            again(create).await;
            sales.insert(request.reference, Sale::default());
        }
        let mut worker = folder.worker();
        random.wait(LONGEST);
        go_on(&folder, &mut sales).await;
        kill(&mut worker);
    }
    let mut last = folder.worker();
    let began = std::time::Instant::now();
    while sales.values().any(|sale| !sale.is_done) {
        assert!(began.elapsed() < PATIENCE, "{}", folder.log());
        go_on(&folder, &mut sales).await;
    }
    for (reference, _) in sales.iter().filter(|(_, sale)| sale.is_given_back) {
        let refund = again(|| folder.tulay.refunds().wait(reference, PATIENCE)).await;
        assert_eq!(refund.status, Status::Succeeded, "{refund}");
    }
    judge(&folder, &sales).await;
    kill(&mut last);
    println!("{cycles} processes killed (seed {}): {} sales", random.seed, sales.len());
}

fn request(number: usize) -> CollectionRequest {
    let payer = Party::default()
        .with_name(Name::parts("Luz", "Marasigan").unwrap())
        .with_email(Email::new("luz@example.com").unwrap())
        .with_mobile(Phone::new("+639175550101").unwrap());
    let reference = Reference::new(format!("SALE-{number:06}")).unwrap();
    let amount = Money::from_minor(ASKED, Currency::PHP);
    CollectionRequest::new(reference, Country::PH, amount, CollectionMethod::Qr)
        .with_return_url("https://shop.example.com/thanks")
        .with_payer(payer)
}

fn code(record: &CollectionRecord) -> Option<String> {
    Some(match record.payment_instructions.as_ref()? {
        PaymentInstructions::Qr(text) => text.expose().to_owned(),
        PaymentInstructions::Redirect(page) => page.clone(),
        other => panic!("{other:?}"),
    })
}

/// What the shop and its payers do meanwhile.
async fn go_on(folder: &Folder, sales: &mut BTreeMap<Reference, Sale>) {
    for (reference, sale) in sales.iter_mut().filter(|(_, sale)| !sale.is_done) {
        let record = again(|| folder.tulay.collections().get(reference)).await.unwrap();
        let Some(shown) = code(&record) else { continue };
        assert_eq!(*sale.code.get_or_insert_with(|| shown.clone()), shown, "{record}");
        let provider = record.provider().unwrap();
        if !sale.is_paid {
            let order = record.order().unwrap();
            folder.sandbox.pay(provider.as_str(), order.order_id.as_str(), None).unwrap();
            sale.is_paid = true;
        } else if record.status == CollectionState::Paid {
            sale.is_done = true;
            if provider.as_str() == PROVIDERS[0] {
                continue;
            }
            let (of, amount) =
                (record.refundable().unwrap(), Money::from_minor(BACK, Currency::PHP));
            let submit = || {
                let refunds = folder.tulay.refunds();
                refunds.submit(reference.clone(), of.clone(), Some(amount)).into_future()
            };
            again(submit).await;
            sale.is_given_back = true;
        }
    }
}

/// Each sale is paid once by the journal and by the ledger, and what was given back is the same in both.
async fn judge(folder: &Folder, sales: &BTreeMap<Reference, Sale>) {
    for reference in sales.keys() {
        let record = again(|| folder.tulay.collections().get(reference)).await.unwrap();
        assert_eq!(record.status, CollectionState::Paid, "{record}");
        assert_eq!((record.received.minor(), record.payments.len()), (ASKED, 1), "{record}");
        assert!(record.surprises.is_empty() && record.reviews.is_empty(), "{record}");
    }
    let ledger = folder.sandbox.ledger();
    let sum = |direction| -> i64 {
        let moved = ledger.movements().iter().filter(|it| it.direction == direction);
        moved.map(|it| it.money.minor()).sum()
    };
    let count = |count: usize| i64::try_from(count).unwrap();
    assert_eq!(sum(Direction::In), count(sales.len()) * ASKED, "each payer paid once");
    let given_back = sales.values().filter(|sale| sale.is_given_back).count();
    assert_eq!(sum(Direction::Back), count(given_back) * BACK, "each was given back once");
    assert_eq!(again(|| folder.tulay.audit()).await, [], "the audit");
}
