//! What an account can do, as it is configured.

use super::{PayoutChannel, Profile, RailLimits};
use crate::settings::Settings;
use tulay_adapter::policy::Policy;
use tulay_core::{
    AccountKind, Capability, Channel, Corridor, Country, Currency, Field, FindBy, Guarantees,
    IdRules, InstitutionCode, InstitutionId, InstitutionLimit, Money, Operation,
};

/// Payouts to banks, one corridor for each rail, and to wallets.
pub(crate) fn payouts(settings: &Settings) -> Capability {
    let policy = settings.policy();
    let corridor = |profile: &Profile, channel, limits: &RailLimits| {
        let mut corridor = of(profile, channel);
        corridor.rail = limits.rail;
        corridor.min = limits.min.map(|minor| Money::from_minor(minor, profile.currency));
        corridor.max = limits.max.map(|minor| Money::from_minor(minor, profile.currency));
        corridor.required = vec![Field::Name, Field::Institution];
        offer(&policy, &mut corridor, Operation::Payout, Operation::PayoutFind);
        corridor
    };
    let corridors = Profile::of(settings.country).into_iter().flat_map(|profile| {
        let banks = profile.rails.iter().map(|rail| corridor(profile, Channel::Bank, rail));
        let wallets = corridor(profile, Channel::Wallet, &profile.wallets);
        banks.chain([wallets]).collect::<Vec<_>>()
    });
    let ids = IdRules::STANDARD;
    let mut capability = Capability::new(corridors.collect(), ids, settings.guarantees.clone());
    capability.institutions = payout_channels(settings);
    capability
}

/// `channel_code` of each institution: as configured, else by default.
fn payout_channels(settings: &Settings) -> Vec<InstitutionCode> {
    let country = settings.country;
    let rows = Profile::of(country).map(|profile| profile.payout_channels).unwrap_or_default();
    let by_default = |row: &PayoutChannel| {
        let id = InstitutionId::new(row.institution).ok()?;
        let code = settings.channel_code(&id, row.channel)?;
        Some(InstitutionCode::new(country, id.clone(), code))
    };
    let mut codes: Vec<_> = rows.iter().filter_map(by_default).collect();
    for (id, code) in &settings.institutions {
        if !codes.iter().any(|known| known.institution == *id) {
            codes.push(InstitutionCode::new(country, id.clone(), code));
        }
    }
    codes
}

/// Collections by code, and where the country has them into virtual accounts.
pub(crate) fn collections(settings: &Settings) -> Capability {
    let policy = settings.policy();
    let mut corridors = Vec::new();
    if let Some(profile) = Profile::of(settings.country) {
        let money = |minor| Some(Money::from_minor(minor, profile.currency));
        let mut code = of(profile, Channel::Qr);
        (code.min, code.max) = (money(profile.code.min), money(profile.code.max));
        offer(&policy, &mut code, Operation::Collection, Operation::CollectionFind);
        corridors.push(code);
        if !profile.virtual_accounts.is_empty() {
            let mut accounts = of(profile, Channel::VirtualAccount);
            accounts.required = vec![Field::Institution];
            accounts.institution_limits = profile
                .virtual_accounts
                .iter()
                .filter_map(|row| {
                    let id = InstitutionId::new(row.institution).ok()?;
                    Some(InstitutionLimit::new(id, money(row.min), money(row.max)))
                })
                .collect();
            offer(&policy, &mut accounts, Operation::Collection, Operation::CollectionFind);
            corridors.push(accounts);
        }
    }
    Capability::new(corridors, IdRules::STANDARD, without_key(settings, FindBy::ProviderReference))
}

/// Refunds of what was paid by code, where the country's scheme has them.
pub(crate) fn refunds(settings: &Settings) -> Capability {
    let refundable = Profile::of(settings.country).filter(|profile| profile.code.is_refundable);
    let corridors = refundable.map(|profile| {
        let mut code = of(profile, Channel::Qr);
        offer(&settings.policy(), &mut code, Operation::Refund, Operation::RefundFind);
        code
    });
    let corridors = corridors.into_iter().collect();
    Capability::new(corridors, IdRules::STANDARD, without_key(settings, FindBy::Both))
}

/// The guarantees of orders whose documents know no key against duplicates, so that what was sent is
/// never sent again.
fn without_key(settings: &Settings, find_by: FindBy) -> Guarantees {
    let mut narrower = settings.guarantees.clone();
    narrower.find_by = find_by;
    narrower.resend_for = None;
    narrower.replays_for = None;
    settings.guarantees.stricter(&narrower)
}

/// The accounts whose balance can be read (get balance).
pub(crate) fn balances(settings: &Settings) -> Vec<(AccountKind, Country, Currency)> {
    let currency = Profile::of(settings.country).map(|profile| profile.currency);
    let accounts = [AccountKind::Single, AccountKind::Held].into_iter();
    let account = |kind| Some((kind, settings.country, currency?));
    accounts.filter_map(account).collect()
}

/// An order that cannot be looked up must not be made. One that was made is looked up also where no
/// further one may be.
fn offer(policy: &Policy<'_>, corridor: &mut Corridor, make: Operation, find: Operation) {
    policy.offer(corridor, &[make, find]);
    if corridor.operations.is_empty() {
        corridor.operations = policy.accepted(&[find], corridor.country);
    }
}

fn of(profile: &Profile, channel: Channel) -> Corridor {
    Corridor::new(profile.country, profile.currency, channel, profile.unit)
}
