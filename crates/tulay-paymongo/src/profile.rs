//! What is peculiar to this provider, as data.
//!
//! Sources are pages of developers.paymongo.com, named by the end of their address, as stored in
//! 2026; the README lists what is assumed.

use crate::settings::Settings;
use jiff::SignedDuration;
use tulay_core::{
    AccountKind, Capability, Channel, Corridor, Country, Currency, Directory, Echo, Environment,
    Field, FindBy, Guarantees, IdRules, Institution, InstitutionCode, InstitutionId, Money,
    Operation, Rail,
};

/// The adapter's name in configurations and merchant accounts.
pub(crate) const NAME: &str = "paymongo";

/// Test and live have one host; the key tells which (developer-tools-webhook-setup-management).
pub(crate) const HOSTS: &[&str] = &["api.paymongo.com"];

/// The least payment, in centavos (payment-acceptance-key-concepts, qr-ph-errors).
const LEAST_PAYMENT: i64 = 2_000;
/// The least refund (reference/refund-resource).
const LEAST_REFUND: i64 = 100;
/// The rails of transfers, the fastest first, and the most that each carries
/// (money-movement-send-money).
const RAILS: [(Rail, i64); 2] = [(Rail::InstaPay, 5_000_000), (Rail::PesoNet, 1_000_000_000)];

/// How long a code may be open, in seconds, from when it is attached (customizing-qr-ph-code-expiry).
pub(crate) const EXPIRY_SECONDS: std::ops::RangeInclusive<i64> = 60..=9_000;

/// Longest `notes` of a refund (reference/refund-resource), and longest descriptions (assumption).
pub(crate) const LONGEST_REMARK: usize = 255;

/// `reason` of a refund (reference/refund-resource). The last is sent where the request has none.
pub(crate) const REFUND_REASONS: &[&str] =
    &["duplicate", "fraudulent", "requested_by_customer", "others"];

/// Wallets whose pages a payer is sent to, and the type of their payment methods (pipm-workflow).
const WALLETS: &[(&str, &str)] =
    &[("gcash", "gcash"), ("maya", "paymaya"), ("grabpay", "grab_pay")];

/// The type of the payment method of a wallet.
pub(crate) fn wallet_type(id: &InstitutionId) -> Option<&'static str> {
    let id = Directory::of(Country::PH)?.get(id)?.id;
    WALLETS.iter().find(|(wallet, _)| *wallet == id).map(|(_, method)| *method)
}

/// How far this provider's word goes.
pub(crate) fn guarantees(environment: Environment) -> Guarantees {
    let mut guarantees = Guarantees::default();
    guarantees.version = 1;
    // "About 24 hours" (money-movement-best-practices), of which half: the second payment that a
    // forgotten key would make is worse than a question to a person.
    guarantees.replays_for = Some(SignedDuration::from_hours(12));
    guarantees.find_by = FindBy::ProviderReference;
    guarantees.unsigned_rejections = true;
    guarantees.anonymous_rejections = true;
    guarantees.failure_final_after = Some(match environment {
        Environment::Sandbox => SignedDuration::from_secs(1),
        Environment::Uat | Environment::Production => SignedDuration::from_mins(20),
    });
    // The webhook's secret is this account's alone, and so stands for its name.
    guarantees.echoes = vec![Echo::OrderId, Echo::Amount, Echo::Currency, Echo::Account];
    guarantees
}

/// The guarantees of orders that have no idempotency key: what was sent once is never sent again.
fn without_replays(settings: &Settings) -> Guarantees {
    let mut guarantees = settings.guarantees.clone();
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

/// Collections by QR Ph and on wallets' pages.
pub(crate) fn collections(settings: &Settings) -> Capability {
    let corridor = |channel| {
        let mut corridor = Corridor::new(Country::PH, Currency::PHP, channel, 1);
        corridor.min = Some(Money::from_minor(LEAST_PAYMENT, Currency::PHP));
        settings
            .policy()
            .offer(&mut corridor, &[Operation::Collection, Operation::CollectionFind]);
        corridor
    };
    let mut pages = corridor(Channel::Redirect);
    pages.required = vec![Field::Institution, Field::ReturnUrl];
    let corridors = vec![corridor(Channel::Qr), pages];
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
