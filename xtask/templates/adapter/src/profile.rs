//! What is peculiar to the provider, as data.

use jiff::SignedDuration;
use tulay_adapter::{codes::institutions, policy::Policy};
use tulay_core::{
    Capability, Channel, Corridor, Country, Currency, Echo, Field, FindBy, Guarantees, IdRules,
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

/// The banks it pays to: the neutral id, and the provider's own code.
const BANKS: &[(&str, &str)] = &[("BNORPHMM", "BDO"), ("BOPIPHMM", "BPI"), ("MBTCPHMM", "MBTC")];

/// Payouts in pesos, to banks.
pub(crate) fn payouts(policy: &Policy<'_>, guarantees: Guarantees) -> Capability {
    let mut banks = Corridor::new(Country::PH, Currency::PHP, Channel::Bank, 1);
    banks.max = Some(Money::from_minor(5_000_000, Currency::PHP));
    banks.required = vec![Field::Name, Field::Institution];
    // A payout that cannot be looked up must not be sent.
    policy.offer(&mut banks, &[Operation::Payout, Operation::PayoutFind]);
    let mut payouts = Capability::new(vec![banks], IdRules::STANDARD, guarantees);
    payouts.institutions = institutions(Country::PH, BANKS);
    payouts
}

/// How far this provider's word goes. What is left out is not trusted.
pub(crate) fn guarantees() -> Guarantees {
    let mut guarantees = Guarantees::default();
    guarantees.version = 1;
    guarantees.resend_for = Some(SignedDuration::from_hours(24));
    guarantees.find_by = FindBy::OrderId;
    guarantees.unsigned_rejections = true;
    guarantees.anonymous_rejections = true;
    guarantees.failure_final_after = Some(SignedDuration::from_mins(10));
    guarantees.echoes = vec![Echo::OrderId, Echo::Amount];
    guarantees
}
