//! What is peculiar to the provider, as data.

use jiff::SignedDuration;
use tulay_core::{
    Bound, Channel, Contract, Corridor, Country, Currency, Field, FindBy, Money, Operation,
};

/// The adapter's name in configurations and merchant accounts.
pub(crate) const NAME: &str = "balsa";

/// Where real money moves.
pub(crate) const PRODUCTION_HOSTS: &[&str] = &["api.balsa.example"];

/// Longest remark, in characters.
pub(crate) const LONGEST_REMARK: usize = 50;

/// Longest name, in characters.
pub(crate) const LONGEST_NAME: usize = 70;

/// The banks it pays to, by their neutral ids, which are its own codes too.
pub(crate) const BANKS: &[&str] = &["BNORPHMM", "BOPIPHMM", "MBTCPHMM"];

/// Payouts in pesos, to banks.
pub(crate) fn corridors(operations: &[Operation]) -> Vec<Corridor> {
    let mut banks = Corridor::new(Country::PH, Currency::PHP, Channel::Bank, 1);
    banks.max = Some(Money::from_minor(5_000_000, Currency::PHP));
    banks.required = vec![Field::Name, Field::Institution];
    banks.operations = operations.to_vec();
    vec![banks]
}

/// How far this provider's word goes. What is left out is not trusted.
pub(crate) fn contract() -> Contract {
    let mut contract = Contract::default();
    contract.version = 1;
    contract.find_by = FindBy::ProviderReference;
    contract.answers_signed = false;
    contract.anonymous_notifications = true;
    contract.unsigned_refusals = true;
    contract.anonymous_refusals = true;
    contract.settle = Some(SignedDuration::from_mins(10));
    contract.bound = vec![Bound::ProviderReference];
    contract
}
