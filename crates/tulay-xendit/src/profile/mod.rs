//! What is peculiar to this provider, as data: one profile for each country.
//!
//! Sources are pages of docs.xendit.co as of 2025-07-31 (payouts v2) and 2026-04-23 (the rest).

mod capabilities;
mod id;
mod ph;

pub(crate) use capabilities::{balances, collections, payouts, refunds};

use jiff::SignedDuration;
use tulay_core::{
    Channel, Country, Currency, Directory, Echo, Environment, FindBy, Guarantees, Institution,
    InstitutionId, Rail,
};

/// The adapter's name in configurations and merchant accounts.
pub(crate) const NAME: &str = "xendit";

/// Test and live have one host (quick setup; payouts).
pub(crate) const HOSTS: &[&str] = &["api.xendit.co"];

/// Longest name and description of a payout, in characters (create a payout).
pub(crate) const LONGEST_NAME: usize = 100;
pub(crate) const LONGEST_PAYOUT_REMARK: usize = 100;
/// Longest description of a payment request, in characters (create a payment request).
pub(crate) const LONGEST_COLLECTION_REMARK: usize = 1000;
/// Longest name that is shown to a payer, in characters (assumption: 25, what fits into a code).
pub(crate) const LONGEST_DISPLAY_NAME: usize = 25;

/// `reason` of a refund (refund a payment request).
pub(crate) const REFUND_REASONS: &[&str] =
    &["FRAUDULENT", "DUPLICATE", "REQUESTED_BY_CUSTOMER", "CANCELLATION", "OTHERS"];

/// One country: one currency, one dashboard account, one API key (test scenarios).
pub(crate) struct Profile {
    country: Country,
    pub(crate) currency: Currency,
    /// The step of amounts, in minor units: PHP takes two decimals, IDR none (create a payout).
    unit: i64,
    /// The rails of payouts to banks. The amount decides which one carries a payout.
    rails: &'static [RailLimits],
    /// Limits of payouts to wallets, in minor units, where the wallets are reached by a rail.
    wallets: RailLimits,
    payout_channels: &'static [PayoutChannel],
    /// Collections by code.
    pub(crate) code: Code,
    pub(crate) virtual_accounts: &'static [VirtualAccount],
}

/// A rail, and the amounts that go by it, in minor units.
struct RailLimits {
    rail: Option<Rail>,
    min: Option<i64>,
    max: Option<i64>,
}

/// A bank or wallet that is paid.
pub(crate) struct PayoutChannel {
    institution: &'static str,
    pub(crate) channel: Channel,
    pub(crate) code: &'static str,
}

/// Codes of the country's scheme.
pub(crate) struct Code {
    pub(crate) channel_code: &'static str,
    min: i64,
    max: i64,
    /// Whether what was paid by code can be refunded.
    is_refundable: bool,
}

/// A bank that gives virtual accounts.
pub(crate) struct VirtualAccount {
    institution: &'static str,
    pub(crate) channel_code: &'static str,
    min: i64,
    max: i64,
}

impl Profile {
    /// The profile of a country.
    pub(crate) fn of(country: Country) -> Option<&'static Self> {
        [&ph::PROFILE, &id::PROFILE].into_iter().find(|profile| profile.country == country)
    }

    /// The row of a bank or wallet, by any of its neutral ids.
    pub(crate) fn payout_channel(&self, id: &InstitutionId) -> Option<&'static PayoutChannel> {
        let id = self.canonical(id);
        self.payout_channels.iter().find(|row| row.institution == id)
    }

    /// The row of a bank that gives virtual accounts, by any of its neutral ids.
    pub(crate) fn virtual_account(&self, id: &InstitutionId) -> Option<&'static VirtualAccount> {
        let id = self.canonical(id);
        self.virtual_accounts.iter().find(|row| row.institution == id)
    }

    /// Whether an institution is a bank or a wallet, where the directory knows it.
    pub(crate) fn paid_by(&self, id: &InstitutionId) -> Option<Channel> {
        self.listed(id).map(|institution| institution.channel)
    }

    /// Whether two neutral ids name one institution.
    pub(crate) fn are_one(&self, one: &InstitutionId, other: &InstitutionId) -> bool {
        self.canonical(one) == self.canonical(other)
    }

    fn canonical<'a>(&self, id: &'a InstitutionId) -> &'a str {
        self.listed(id).map_or(id.as_str(), |institution| institution.id)
    }

    fn listed(&self, id: &InstitutionId) -> Option<&'static Institution> {
        Directory::of(self.country)?.get(id)
    }
}

const fn bank(institution: &'static str, code: &'static str) -> PayoutChannel {
    PayoutChannel { institution, channel: Channel::Bank, code }
}

const fn wallet(institution: &'static str, code: &'static str) -> PayoutChannel {
    PayoutChannel { institution, channel: Channel::Wallet, code }
}

/// How far this provider's word goes. What is left out is not trusted.
///
/// A repeated key with the same text "will return the same payout as the original request" (test
/// scenarios), with "no expiration" (xendit-go); half of a memory is used, and a day of an endless
/// one.
pub(crate) fn guarantees(environment: Environment) -> Guarantees {
    let mut guarantees = Guarantees::default();
    guarantees.version = 1;
    guarantees.replays_for = Some(SignedDuration::from_hours(24));
    guarantees.find_by = FindBy::Both;
    guarantees.unsigned_rejections = true;
    guarantees.anonymous_rejections = true;
    guarantees.failure_final_after = Some(match environment {
        Environment::Sandbox => SignedDuration::from_secs(1),
        Environment::Uat | Environment::Production => SignedDuration::from_mins(10),
    });
    guarantees.echoes = vec![Echo::OrderId, Echo::Amount, Echo::Currency];
    guarantees
}
