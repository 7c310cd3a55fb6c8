//! What is peculiar to this provider, as data.
//!
//! Sources are pages of developers.paymongo.com, named by the end of their address, as stored in
//! 2026; the README lists what is assumed.

mod capabilities;

pub(crate) use capabilities::{balances, collections, payouts, refunds};

use jiff::SignedDuration;
use tulay_core::{Country, Directory, Echo, Environment, FindBy, Guarantees, InstitutionId, Rail};

/// The adapter's name in configurations and merchant accounts.
pub(crate) const NAME: &str = "paymongo";

/// Test and live have one host; the key tells which (developer-tools-webhook-setup-management).
pub(crate) const HOSTS: &[&str] = &["api.paymongo.com"];

/// The least payment, in centavos (payment-acceptance-key-concepts, qr-ph-errors).
const LEAST_PAYMENT: i64 = 2_000;
/// The most that a code can ask for: 13 characters (EMVCo MPM 1.0, object 54).
const LARGEST_CODE: i64 = 999_999_999_999;
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

/// How long a key against duplicates is remembered (money-movement-best-practices: "about 24 hours").
pub(crate) const KEYS_LIVE_FOR: SignedDuration = SignedDuration::from_hours(24);

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
