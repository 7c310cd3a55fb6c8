//! What a world is given: the accounts, what each is sent, and what processes are configured with.

use super::world::{Finds, World};
use crate::store::{account, guarantees, namespace};
use jiff::SignedDuration;
use std::sync::LazyLock;
use tulay_core::{
    Channel, Country, Currency, Echo, FindBy, Guarantees, IdRules, Lookup, MerchantAccount, Money,
    Operation, OrderId, Prepared, Reference,
};
use tulay_journal::record::{Configured, Policy};

pub(super) static ACCOUNTS: LazyLock<[MerchantAccount; 2]> =
    LazyLock::new(|| [account(1), account(2)]);

/// What each account is sent, attempt by attempt. Only the account and the number differ.
pub(super) static PREPARED: LazyLock<[Vec<Prepared>; 2]> = LazyLock::new(|| {
    [0, 1].map(|desk: usize| {
        let prepared = |attempt| {
            let reference = Reference::new("R1").unwrap();
            let (rules, operation) = (IdRules::STANDARD, Operation::Payout);
            let id = OrderId::derive(rules, &namespace(), operation, &reference, attempt);
            let lookup = Lookup::new(id, Country::PH, Currency::PHP, Channel::Bank)
                .with_amount(Money::from_minor(10_000, Currency::PHP));
            Prepared::new(lookup, ACCOUNTS[desk].clone(), 1, 1, "text".into())
        };
        (1..=8).map(prepared).collect()
    })
});

/// What a process may be configured with: all there is, and less.
pub(super) fn policies(world: &World) -> Vec<Policy> {
    let given = world.desks.map(|desk| {
        let mut guarantees = guarantees();
        guarantees.find_by = match desk.finds {
            Finds::Ours => FindBy::OrderId,
            Finds::Theirs => FindBy::ProviderReference,
            Finds::Neither => FindBy::None,
        };
        guarantees.resend_for = guarantees.resend_for.filter(|_| desk.finds == Finds::Ours);
        guarantees.replays_for = desk.replays.then_some(SignedDuration::from_hours(12));
        guarantees.replays_rejections = desk.replays_rejections;
        guarantees.failure_final_after = Some(desk.failure_window);
        if desk.finds == Finds::Theirs {
            guarantees.echoes = vec![Echo::ProviderReference];
        }
        guarantees
    });
    let policy = |accounts: [MerchantAccount; 2], guarantees: [&Guarantees; 2]| {
        let configured = |(account, guarantees): (_, &Guarantees)| {
            Configured::new(
                account,
                Operation::Payout,
                [(Country::PH, Currency::PHP)],
                guarantees.clone(),
            )
        };
        let configured = accounts.into_iter().zip(guarantees).map(configured);
        Policy::production(namespace(), configured.collect())
    };
    let [one, other] = ACCOUNTS.clone();
    let mut moved = one.clone();
    moved.host = "pay.example.org".into();
    let weak = Guarantees::default();
    let mut short = given[0].clone();
    short.resend_for = short.resend_for.map(|_| SignedDuration::from_mins(20));
    short.failure_final_after = Some(SignedDuration::from_hours(1));
    let all = [&given[0], &given[1]];
    let mut without = policy([one.clone(), other.clone()], all);
    without.configured.remove(0);
    vec![
        policy([one.clone(), other.clone()], all),
        without,
        policy([moved, other.clone()], all),
        policy([one.clone(), other.clone()], [&weak, &given[1]]),
        policy([one, other], [&short, &given[1]]),
    ]
}
