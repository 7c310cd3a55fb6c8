//! What the journal may send through: the payouts and refunds of every configured account.

use super::times::Profile;
use jiff::SignedDuration;
use tulay_core::{Guarantees, Operation, Provider};
use tulay_journal::record::Configured;

/// The failure window of simulated accounts.
const SHORT_WINDOW: SignedDuration = SignedDuration::from_secs(1);
/// How long a copy of a request to a simulator may live.
const SHORT_LIFE: SignedDuration = SignedDuration::from_secs(2);

/// The payouts and refunds of each account.
pub(crate) fn configured<'p>(
    providers: impl Iterator<Item = &'p dyn Provider>,
    profile: Profile,
) -> Vec<Configured> {
    let mut configured = Vec::new();
    for provider in providers {
        let roles = provider.roles();
        let payouts = roles.payouts.map(|role| (Operation::Payout, role.capability()));
        let refunds = roles.refunds.map(|role| (Operation::Refund, role.capability()));
        for (operation, capability) in payouts.into_iter().chain(refunds) {
            let corridors = capability.corridors.iter();
            let corridors = corridors.filter(|it| it.operations.contains(&operation));
            let serves = corridors.map(|corridor| (corridor.country, corridor.currency));
            let account = provider.merchant_account().clone();
            let guarantees = scaled(capability.guarantees.clone(), profile);
            configured.push(Configured::new(account, operation, serves, guarantees));
        }
    }
    configured
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
