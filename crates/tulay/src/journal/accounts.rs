//! What the journal may send through: the payouts, refunds and collections of every configured
//! account.

use super::times::Profile;
use jiff::SignedDuration;
use tulay_core::{Capability, Corridor, Country, Guarantees, Operation, Provider};
use tulay_journal::record::Configured;

/// The failure window of simulated accounts.
const SHORT_WINDOW: SignedDuration = SignedDuration::from_secs(1);
/// How long a copy of a request to a simulator may live.
const SHORT_LIFE: SignedDuration = SignedDuration::from_secs(2);

/// The payouts, refunds and collections of each account.
pub(crate) fn configured<'p>(
    providers: impl Iterator<Item = &'p dyn Provider>,
    profile: Profile,
) -> Vec<Configured> {
    let mut configured = Vec::new();
    for provider in providers {
        let roles = provider.roles();
        let of = |operation, capability: &Capability, withdraws, corridors: &[&Corridor]| {
            let serves = corridors.iter().map(|corridor| (corridor.country, corridor.currency));
            let account = provider.merchant_account().clone();
            let guarantees = scaled(capability.guarantees.clone(), profile);
            Configured::new(account, operation, serves, guarantees).with_withdrawal(withdraws)
        };
        let payouts = roles.payouts.map(|role| (Operation::Payout, role.capability()));
        let refunds = roles.refunds.map(|role| (Operation::Refund, role.capability()));
        for (operation, capability) in payouts.into_iter().chain(refunds) {
            configured.push(of(operation, capability, false, &offering(capability, operation)));
        }
        if let Some(capability) = roles.collections.map(|role| role.capability()) {
            let corridors = offering(capability, Operation::Collection);
            let can_withdraw = |country: Country| {
                let mut there = corridors.iter().filter(|it| it.country == country);
                roles.collection_cancel.is_some()
                    && there.all(|it| it.operations.contains(&Operation::CollectionCancel))
            };
            let (can, cannot): (Vec<_>, Vec<_>) =
                corridors.iter().copied().partition(|it| can_withdraw(it.country));
            for (withdraws, corridors) in [(true, can), (false, cannot)] {
                if !corridors.is_empty() {
                    configured.push(of(Operation::Collection, capability, withdraws, &corridors));
                }
            }
        }
    }
    configured
}

/// The corridors that list an operation.
fn offering(capability: &Capability, operation: Operation) -> Vec<&Corridor> {
    let corridors = capability.corridors.iter();
    corridors.filter(|corridor| corridor.operations.contains(&operation)).collect()
}

/// A simulator needs no long windows.
fn scaled(mut guarantees: Guarantees, profile: Profile) -> Guarantees {
    if profile == Profile::Sandbox {
        let window = guarantees.failure_final_after.map(|window| window.min(SHORT_WINDOW));
        guarantees.failure_final_after = window;
        guarantees.copy_lives_for = guarantees.copy_lives_for.min(SHORT_LIFE);
    }
    guarantees
}
