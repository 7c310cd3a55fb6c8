//! What is peculiar to the provider, as data.

use crate::settings::Settings;
use jiff::SignedDuration;
use tulay_core::{
    Bound, Capability, Channel, Contract, Corridor, Country, Currency, Field, FindBy, IdRules,
    Money, Operation,
};

/// The adapter's name in configurations and merchant accounts.
pub(crate) const NAME: &str = "kawayan";

/// The provider's hosts: its test system, and where real money moves.
pub(crate) const UAT_HOSTS: &[&str] = &["test.kawayan.example"];
pub(crate) const PRODUCTION_HOSTS: &[&str] = &["api.kawayan.example"];

/// Longest remark and name, in characters.
pub(crate) const LONGEST_REMARK: usize = 50;
pub(crate) const LONGEST_NAME: usize = 70;

/// The banks it pays to, by their neutral ids, which are its own codes too.
pub(crate) const BANKS: &[&str] = &["BNORPHMM", "BOPIPHMM", "MBTCPHMM"];

/// Payouts in pesos, to banks.
pub(crate) fn payouts(settings: &Settings) -> Capability {
    let mut banks = Corridor::new(Country::PH, Currency::PHP, Channel::Bank, 1);
    banks.max = Some(Money::from_minor(5_000_000, Currency::PHP));
    banks.required = vec![Field::Name, Field::Institution];
    // A payout that cannot be looked up must not be sent.
    settings.policy().offer(&mut banks, &[Operation::Payout, Operation::PayoutFind]);
    Capability::new(vec![banks], IdRules::STANDARD, settings.contract.clone())
}

/// How far this provider's word goes. What is left out is not trusted.
pub(crate) fn contract() -> Contract {
    let mut contract = Contract::default();
    contract.version = 1;
    contract.resend_for = Some(SignedDuration::from_hours(24));
    contract.find_by = FindBy::OrderId;
    contract.unsigned_refusals = true;
    contract.anonymous_refusals = true;
    contract.settle = Some(SignedDuration::from_mins(10));
    contract.bound = vec![Bound::OrderId, Bound::Amount];
    contract
}
