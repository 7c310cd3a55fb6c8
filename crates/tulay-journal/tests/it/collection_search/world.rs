//! What may happen in a world.

use jiff::{SignedDuration, Timestamp};
use tulay_core::{Currency, Money, OrderId};
use tulay_journal::collection::{Order, Terms};

/// So many orders a collection has at most, in a state that is searched.
pub(super) const ORDERS: usize = 6;
pub(super) const PAYMENTS: usize = 2;
/// What is asked, in centavos.
pub(super) const ASKED: i64 = 2;
pub(super) const EXPIRY: i64 = 120;
/// The moments at which something may happen, in seconds: a lost answer is given up, and the expiry and
/// the grace after it pass.
pub(super) const MOMENTS: [i64; 6] = [0, 40, 110, 160, 215, 100_000];

/// How a provider notifies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notifies {
    Never,
    WithEvidence,
    WithHints,
}

/// How a look-up names a payment. A notification that is evidence states everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Names {
    Payment,
    Order,
    Nothing,
}

/// What a world allows, and how often.
#[derive(Clone, Copy, Debug)]
pub(super) struct World {
    pub(super) name: &'static str,
    pub(super) can_ask: bool,
    pub(super) can_withdraw: bool,
    /// A look-up brings the way to pay back.
    pub(super) shows_way: bool,
    pub(super) notifies: Notifies,
    pub(super) names: Names,
    /// Payments have the provider's time.
    pub(super) has_times: bool,
    /// The provider closes what expired.
    pub(super) closes: bool,
    /// What each payment amounts to; 0: there is none.
    pub(super) amounts: [i64; PAYMENTS],
    /// How often one order is paid.
    pub(super) per_order: usize,
    /// An order is paid also after it expired or was withdrawn.
    pub(super) pays_late: bool,
    /// An order is paid also where it was never shown.
    pub(super) pays_hidden: bool,
    pub(super) workers: usize,
    /// How many requests, answers and notifications are lost.
    pub(super) losses: u8,
    /// How many processes are killed.
    pub(super) kills: u8,
    /// How often a connection is refused.
    pub(super) refusals: u8,
    /// How many creations are rejected.
    pub(super) rejections: u8,
    /// How many payments are reversed.
    pub(super) reversals: u8,
    /// How many hints are forged.
    pub(super) forged: u8,
    /// Whether the application withdraws it.
    pub(super) cancels: bool,
}

/// A provider that is asked by our id, brings the way back and notifies with evidence.
pub(super) const BASE: World = World {
    name: "",
    can_ask: true,
    can_withdraw: false,
    shows_way: true,
    notifies: Notifies::WithEvidence,
    names: Names::Payment,
    has_times: true,
    closes: false,
    amounts: [2, 2],
    per_order: 1,
    pays_late: true,
    pays_hidden: false,
    workers: 2,
    losses: 1,
    kills: 1,
    refusals: 0,
    rejections: 0,
    reversals: 0,
    forged: 0,
    cancels: false,
};

/// A provider that withdraws orders and whose look-ups bring no way back.
pub(super) const HIDDEN: World = World {
    can_withdraw: true,
    shows_way: false,
    names: Names::Order,
    has_times: false,
    closes: true,
    pays_hidden: true,
    ..BASE
};

impl World {
    pub(super) fn terms(&self) -> Terms {
        let mut terms = Terms::new(pesos(ASKED), at(0));
        terms.expires = Some(at(EXPIRY));
        terms.window = SignedDuration::from_hours(48);
        terms
    }

    pub(super) fn orders(&self) -> Vec<Order> {
        let id = |number| OrderId::parse(&format!("C{}", "ABCDEF"[number..=number].repeat(25)));
        let order = |number| Order {
            id: id(number).unwrap(),
            can_ask: self.can_ask,
            can_withdraw: self.can_withdraw,
        };
        (0..ORDERS).map(order).collect()
    }
}

pub(super) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

pub(super) fn pesos(minor: i64) -> Money {
    Money::from_minor(minor, Currency::PHP)
}

/// Worlds in which every rule holds.
pub(super) fn honest() -> Vec<World> {
    let deaf = World { notifies: Notifies::Never, ..BASE };
    let blind = World { can_ask: false, losses: 0, ..BASE };
    vec![
        World { name: "a look-up brings the way back", ..BASE },
        World { name: "no notification arrives", kills: 0, losses: 2, ..deaf },
        World { name: "hints alone", notifies: Notifies::WithHints, forged: 1, kills: 0, ..BASE },
        World { name: "one code is paid twice", per_order: 2, losses: 0, kills: 2, ..BASE },
        World { name: "halves", amounts: [1, 1], per_order: 2, losses: 0, ..BASE },
        World { name: "half and whole", amounts: [1, 2], per_order: 2, losses: 0, ..BASE },
        World { name: "one too much", amounts: [3, 0], ..BASE },
        World { name: "orders are withdrawn", ..HIDDEN },
        World { name: "orders are withdrawn, unnamed", names: Names::Nothing, ..HIDDEN },
        World { name: "orders are withdrawn, two losses", losses: 2, kills: 0, ..HIDDEN },
        World {
            name: "orders are withdrawn, no notification",
            notifies: Notifies::Never,
            ..HIDDEN
        },
        World { name: "cancelled", cancels: true, ..HIDDEN },
        World { name: "cancelled where nothing is withdrawn", cancels: true, kills: 0, ..BASE },
        World { name: "rejected and refused", rejections: 1, refusals: 1, kills: 0, ..BASE },
        World { name: "reversed", reversals: 1, kills: 0, ..deaf },
        World { name: "reversed, and paid again", reversals: 1, losses: 0, ..HIDDEN },
        World { name: "nothing can be looked up", ..blind },
        World {
            name: "nothing can be looked up, hidden",
            pays_hidden: true,
            per_order: 2,
            ..blind
        },
    ]
}
