//! What is learned gives the same facts in any order and any number of times, and so the same status
//! and surprises.

use jiff::Timestamp;
use proptest::{prelude::*, sample::Index};
use tulay_core::{Currency, Money, OrderId, ProviderReference};
use tulay_journal::collection::{
    Circumstances, Collected, Ending, Evidence, Finding, Order, PaymentId, Report, Terms, Todo,
    Withdrawal, new_payments, reviews, status, surprises, todo,
};

fn at(tick: i64) -> Timestamp {
    Timestamp::from_second(tick * 300).unwrap()
}

fn pesos(minor: i64) -> Money {
    Money::from_minor(minor, Currency::PHP)
}

fn reference(text: &str) -> ProviderReference {
    ProviderReference::new(text).unwrap()
}

/// 100.00 within half an hour.
fn terms() -> Terms {
    let mut terms = Terms::new(pesos(10_000), at(0));
    terms.expires = Some(at(6));
    terms
}

fn joined(all: impl IntoIterator<Item = Evidence>) -> Collected {
    let mut facts = Collected::default();
    all.into_iter().for_each(|it| facts.join(it));
    facts
}

fn does(facts: &Collected) -> Todo {
    let id = OrderId::parse("CCCT4DQCA7IYPBOIHLLI5GBEMB").unwrap();
    let orders = vec![Order { id, can_ask: true, can_withdraw: true }; 3];
    let (now, waits_until, is_watched) = (at(9), None, false);
    todo(facts, &terms(), &Circumstances { now, orders: &orders, waits_until, is_watched })
}

fn report() -> impl Strategy<Value = Report> {
    let name = |texts: &'static [&'static str]| {
        proptest::option::of(proptest::sample::select(texts).prop_map(reference))
    };
    let parts = (name(&["A", "B"]), name(&["X", "Y"]), 1_i64..3, proptest::option::of(0_i64..9));
    (parts, 0_i64..9).prop_map(|((payment, provider_reference, half, paid), seen)| Report {
        payment,
        provider_reference,
        amount: pesos(half * 5_000),
        paid_at: paid.map(at),
        seen_at: at(seen),
    })
}

fn evidence() -> impl Strategy<Value = Evidence> {
    let order = || 1_u8..4;
    let time = || (0_i64..9).prop_map(at);
    let finding = prop_oneof![
        3 => proptest::sample::select(vec![
            Finding::Nothing, Finding::Absent, Finding::Waiting, Finding::Expired, Finding::Closed,
            Finding::Failed, Finding::Mismatch,
        ]),
        1 => report().prop_map(Finding::Paid),
        1 => report().prop_map(Finding::Reversed),
    ];
    let outcomes = vec![Withdrawal::Open, Withdrawal::Refused, Withdrawal::Withdrawn];
    let outcome = proptest::sample::select(outcomes);
    let payment = prop_oneof![
        proptest::sample::select(&["A", "X"][..])
            .prop_map(|text| PaymentId::Provider(reference(text))),
        order().prop_map(PaymentId::Order)
    ];
    let ending = proptest::sample::select(vec![Ending::Failed, Ending::Closed]);
    prop_oneof![
        (order(), 0_u32..2, time()).prop_map(|(order, sending, at)| Evidence::Intended {
            order,
            sending,
            at
        }),
        (order(), 0_u32..2).prop_map(|(order, sending)| Evidence::NotSent { order, sending }),
        order().prop_map(|order| Evidence::Rejected { order }),
        (order(), any::<bool>(), time()).prop_map(|(order, has_way, at)| Evidence::Created {
            order,
            has_way,
            at
        }),
        (order(), time(), finding, any::<bool>()).prop_map(|(order, asked, finding, has_way)| {
            Evidence::LookedUp { order, asked, finding, has_way }
        }),
        (order(), report()).prop_map(|(order, report)| Evidence::Notified { order, report }),
        (order(), time()).prop_map(|(order, received)| Evidence::Hinted { order, received }),
        (order(), time(), outcome).prop_map(|(order, asked, outcome)| Evidence::Withdrawal {
            order,
            asked,
            outcome
        }),
        order().prop_map(|order| Evidence::GivenUp { order }),
        time().prop_map(|at| Evidence::Cancelled { at }),
        (ending, time()).prop_map(|(ending, at)| Evidence::Ended { ending, at }),
        time().prop_map(|at| Evidence::Assigned {
            payment: reference("A"),
            amount: pesos(5_000),
            paid_at: None,
            at,
        }),
        payment.prop_map(|payment| Evidence::GivenBack { payment }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn order_of_evidence_does_not_matter(
        (all, shuffled) in proptest::collection::vec(evidence(), 0..12)
            .prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
        again in any::<Index>(),
    ) {
        let repeated = (!shuffled.is_empty()).then(|| again.get(&shuffled).clone());
        let one = joined(all);
        let other = joined(shuffled.into_iter().chain(repeated));
        prop_assert_eq!(&one, &other);
        prop_assert_eq!(one.payments(), other.payments());
        prop_assert_eq!(new_payments(&one, &other), []);
        let (terms, again) = (terms(), &other);
        prop_assert_eq!(status(&one, &terms), status(again, &terms));
        prop_assert_eq!(surprises(&one, &terms), surprises(again, &terms));
        prop_assert_eq!(reviews(&one, &terms), reviews(again, &terms));
        prop_assert_eq!(does(&one), does(again));
        let text = serde_json::to_string(&one).unwrap();
        prop_assert_eq!(serde_json::from_str::<Collected>(&text).unwrap(), one);
    }

    #[test]
    fn evidence_survives_storage(evidence in evidence()) {
        let text = serde_json::to_string(&evidence).unwrap();
        prop_assert_eq!(serde_json::from_str::<Evidence>(&text).unwrap(), evidence);
    }

    /// Evidence makes no payment known that it does not name, and takes none away.
    #[test]
    fn payments_only_increase(
        all in proptest::collection::vec(evidence(), 0..12), more in evidence(),
    ) {
        let before = joined(all);
        let mut after = before.clone();
        let names_payment = matches!(
            &more,
            Evidence::Notified { .. } | Evidence::Assigned { .. }
                | Evidence::LookedUp { finding: Finding::Paid(_) | Finding::Reversed(_), .. }
        );
        after.join(more);
        prop_assert!(new_payments(&before, &after).len() <= usize::from(names_payment));
    }
}
