//! What is decided by the rules. The search takes the functions of the journal; a broken rule takes the
//! place of one of them.

use jiff::Timestamp;
use tulay_journal::collection::{
    Circumstances, Collected, Evidence, Payment, Status, Surprises, Terms, Todo, due, new_payments,
    status, surprises,
};

pub(super) type Due = Option<(Timestamp, Todo)>;

/// What is decided by the rules.
#[derive(Clone, Copy)]
pub(super) struct Decisions {
    pub(super) join: fn(&mut Collected, Evidence),
    pub(super) new_payments: fn(&Collected, &Collected) -> Vec<Payment>,
    pub(super) status: fn(&Collected, &Terms) -> Status,
    pub(super) surprises: fn(&Collected, &Terms) -> Surprises,
    pub(super) due: fn(&Collected, &Terms, &Circumstances<'_>) -> Due,
    /// The order whose way to pay the application gets.
    pub(super) shown: fn(&Collected) -> Option<u8>,
    /// A claimed collection is left to its worker until the lease ends.
    pub(super) has_leases: bool,
    /// What fails gives its last order up.
    pub(super) failure_gives_up: bool,
}

/// The rules as they are.
pub(super) const TRUE: Decisions = Decisions {
    join: Collected::join,
    new_payments,
    status,
    surprises,
    due,
    shown: |facts| facts.shown().map(|(number, _)| number),
    has_leases: true,
    failure_gives_up: true,
};
