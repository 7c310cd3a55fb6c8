//! The truth about money: what the simulated rails did, whatever was answered.

use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;
use tulay_core::Money;

/// Every movement of money so far. It is the oracle of "nothing is paid twice": answers may be
/// lost, late or false, this is what happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    movements: Vec<Movement>,
}

/// Money that moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Movement {
    /// The simulated provider's name.
    pub provider: &'static str,
    /// The merchant's account there.
    pub account: String,
    /// The merchant's id for the order.
    pub order_id: String,
    /// The provider's id for the order.
    pub provider_reference: String,
    /// Which way.
    pub direction: Direction,
    /// How much: never negative.
    #[serde(rename = "amount")]
    pub money: Money,
    /// When, by the sandbox's clock.
    pub at: Timestamp,
}

/// Which way money moved, seen from the merchant's account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Direction {
    /// To a beneficiary.
    Out,
    /// From a payer.
    In,
    /// Out or in before, and now returned.
    Back,
}

impl Ledger {
    /// All movements, oldest first.
    #[must_use]
    pub fn movements(&self) -> &[Movement] {
        &self.movements
    }

    /// The movements of the order with this id of the merchant's, at whichever provider.
    pub fn of_order(&self, order_id: &str) -> impl Iterator<Item = &Movement> {
        self.movements.iter().filter(move |movement| movement.order_id == order_id)
    }

    /// How often money went out under this order id. More than once is a double payment.
    #[must_use]
    pub fn times_paid(&self, order_id: &str) -> usize {
        self.of_order(order_id).filter(|movement| movement.direction == Direction::Out).count()
    }

    /// The order ids under which money went out more than once, in alphabetical order; money that
    /// came back changes nothing.
    #[must_use]
    pub fn paid_more_than_once(&self) -> Vec<&str> {
        let mut paid: BTreeMap<&str, usize> = BTreeMap::new();
        for movement in self.movements.iter().filter(|m| m.direction == Direction::Out) {
            *paid.entry(&movement.order_id).or_default() += 1;
        }
        paid.into_iter().filter(|(_, times)| *times > 1).map(|(order_id, _)| order_id).collect()
    }

    pub(crate) fn record(&mut self, movement: Movement) {
        self.movements.push(movement);
    }
}
