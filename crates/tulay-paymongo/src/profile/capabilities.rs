//! What an account can do, as it is configured.

use super::{LARGEST_CODE, LEAST_PAYMENT, LEAST_REFUND, RAILS};
use crate::settings::Settings;
use tulay_core::{
    AccountKind, Capability, Channel, Corridor, Country, Currency, Directory, Field, Guarantees,
    IdRules, Institution, InstitutionCode, Money, Operation,
};

/// The guarantees of orders that have no idempotency key: what was sent once is never sent again.
fn without_replays(settings: &Settings) -> Guarantees {
    let mut guarantees = settings.guarantees.clone();
    guarantees.resend_for = None;
    guarantees.replays_for = None;
    guarantees.replays_rejections = false;
    guarantees
}

/// Transfers by InstaPay and PESONet, from the configured account; none without one.
pub(crate) fn payouts(settings: &Settings) -> Capability {
    let mut corridors = Vec::new();
    if settings.source_account.is_some() {
        for channel in [Channel::Bank, Channel::Wallet] {
            for (rail, most) in RAILS {
                let mut corridor = Corridor::new(Country::PH, Currency::PHP, channel, 1);
                corridor.rail = Some(rail);
                corridor.max = Some(Money::from_minor(most, Currency::PHP));
                corridor.required = vec![Field::Name, Field::Institution];
                // A payout that cannot be looked up must not be sent.
                let operations = [Operation::Payout, Operation::PayoutFind];
                settings.policy().offer(&mut corridor, &operations);
                corridors.push(corridor);
            }
        }
    }
    let guarantees = settings.guarantees.clone();
    let mut capability = Capability::new(corridors, IdRules::STANDARD, guarantees);
    capability.institutions = institutions(settings);
    capability
}

/// The code of each bank and wallet: as configured, else by default.
fn institutions(settings: &Settings) -> Vec<InstitutionCode> {
    let rows = Directory::of(Country::PH).into_iter().flat_map(Directory::institutions);
    let listed = rows.filter_map(Institution::institution_id);
    let listed = listed.filter(|id| !settings.institutions.contains_key(id));
    let all = settings.institutions.keys().cloned().chain(listed);
    let codes = all.filter_map(|id| {
        let code = settings.bic(&id)?;
        Some(InstitutionCode::new(Country::PH, id, code))
    });
    codes.collect()
}

/// Collections by QR Ph, where codes may be shown, and on wallets' pages.
pub(crate) fn collections(settings: &Settings) -> Capability {
    let corridor = |channel| {
        let mut corridor = Corridor::new(Country::PH, Currency::PHP, channel, 1);
        corridor.min = Some(Money::from_minor(LEAST_PAYMENT, Currency::PHP));
        settings.policy().offer(&mut corridor, &[Operation::Collection, Operation::CollectionFind]);
        corridor
    };
    let mut pages = corridor(Channel::Redirect);
    pages.required = vec![Field::Institution, Field::ReturnUrl];
    let mut codes = corridor(Channel::Qr);
    codes.max = Some(Money::from_minor(LARGEST_CODE, Currency::PHP));
    let codes = Some(codes).filter(|_| settings.may_show_codes());
    let corridors = codes.into_iter().chain([pages]).collect();
    Capability::new(corridors, IdRules::STANDARD, without_replays(settings))
}

/// Refunds of what was paid on a wallet's page. QR Ph has none (refunding-transactions).
pub(crate) fn refunds(settings: &Settings) -> Capability {
    let mut pages = Corridor::new(Country::PH, Currency::PHP, Channel::Redirect, 1);
    pages.min = Some(Money::from_minor(LEAST_REFUND, Currency::PHP));
    settings.policy().offer(&mut pages, &[Operation::Refund, Operation::RefundFind]);
    Capability::new(vec![pages], IdRules::STANDARD, without_replays(settings))
}

/// The balances of the configured wallet: what can be spent, and what is not cleared yet.
pub(crate) fn balances(settings: &Settings) -> Vec<(AccountKind, Country, Currency)> {
    let accepted = settings.policy().accepted(&[Operation::Balance], Country::PH);
    let readable = settings.wallet_id.is_some() && !accepted.is_empty();
    let accounts = [AccountKind::Payout, AccountKind::Held].into_iter().filter(|_| readable);
    accounts.map(|account| (account, Country::PH, Currency::PHP)).collect()
}
