//! A state of a world, small and of fixed size. The facts are a number of [`super::model::Model`].

use super::world::{EXPIRY, MOMENTS, ORDERS, PAYMENTS, World};

/// What a worker does. It may stop after each step for ever, or go on at any later time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Worker {
    Idle,
    /// It wrote an intent down; no byte has left.
    Intends {
        order: u8,
        sending: u32,
    },
    Waits {
        order: u8,
    },
    /// It was answered, and has not written it down.
    Asked {
        order: u8,
        asked: i64,
        says: Says,
        has_way: bool,
    },
    Withdrew {
        order: u8,
        asked: i64,
        is_done: bool,
    },
}

/// What a look-up says of an order. Payments are named by their place in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Says {
    Absent,
    Waiting,
    Closed,
    Paid(usize),
    Reversed(usize),
}

/// A request for a creation on its way, or the answer to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Flight {
    None,
    Out,
    Accepted,
    Rejected,
}

/// An order at the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Made {
    No,
    Open,
    Withdrawn,
}

/// A payment that was really made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Real {
    pub(super) order: u8,
    pub(super) at: i64,
    pub(super) is_reversed: bool,
    /// How often its notification may still arrive.
    pub(super) notifications: u8,
}

/// What the world may still do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Left {
    pub(super) losses: u8,
    pub(super) kills: u8,
    pub(super) refusals: u8,
    pub(super) rejections: u8,
    pub(super) reversals: u8,
    pub(super) forged: u8,
    pub(super) cancels: bool,
}

/// A state of a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct State {
    pub(super) now: i64,
    pub(super) facts: u32,
    /// Each with the moment since when it works.
    pub(super) workers: [(Worker, i64); 2],
    pub(super) flights: [Flight; ORDERS],
    pub(super) made: [Made; ORDERS],
    pub(super) ledger: [Option<Real>; PAYMENTS],
    /// How often each payment of the ledger was reported.
    pub(super) reported: [u8; PAYMENTS],
    /// Which orders the application ever got the way to pay of.
    pub(super) shown: [bool; ORDERS],
    pub(super) flaw: Option<&'static str>,
    pub(super) left: Left,
}

impl State {
    pub(super) fn first(world: &World) -> Self {
        Self {
            now: 0,
            facts: 0,
            workers: [(Worker::Idle, 0); 2],
            flights: [Flight::None; ORDERS],
            made: [Made::No; ORDERS],
            ledger: [None; PAYMENTS],
            reported: [0; PAYMENTS],
            shown: [false; ORDERS],
            flaw: None,
            left: Left {
                losses: world.losses,
                kills: world.kills,
                refusals: world.refusals,
                rejections: world.rejections,
                reversals: world.reversals,
                forged: world.forged,
                cancels: world.cancels,
            },
        }
    }

    /// The next moment at which something may happen.
    pub(super) fn next_moment(&self) -> Option<i64> {
        MOMENTS.into_iter().find(|moment| *moment > self.now)
    }

    /// What was really paid and not returned; with `is_ever`, what was ever paid.
    pub(super) fn paid(&self, world: &World, is_ever: bool) -> i64 {
        let paid = world.amounts.iter().zip(&self.ledger);
        let counts = |real: &Option<Real>| real.is_some_and(|it| is_ever || !it.is_reversed);
        paid.filter(|(_, real)| counts(real)).map(|(amount, _)| *amount).sum()
    }

    /// What a look-up says of an order now. `is_lagging`: it does not see what was paid just now.
    pub(super) fn says(&self, world: &World, order: u8, is_lagging: bool) -> Says {
        let made = self.made[place(order)];
        if made == Made::No {
            return Says::Absent;
        }
        let paid = self.ledger.iter().enumerate().rev().find_map(|(number, real)| {
            let real = real.filter(|it| it.order == order && !(is_lagging && it.at == self.now))?;
            Some((number, real))
        });
        match paid {
            Some((number, real)) if real.is_reversed => Says::Reversed(number),
            Some((number, _)) => Says::Paid(number),
            None if made == Made::Withdrawn => Says::Closed,
            None if world.closes && self.now >= EXPIRY => Says::Closed,
            None => Says::Waiting,
        }
    }

    /// A request for a creation arrives.
    pub(super) fn arrive(&mut self, order: u8, is_rejected: bool) {
        let place = place(order);
        self.flights[place] = if is_rejected { Flight::Rejected } else { Flight::Accepted };
        if !is_rejected {
            self.made[place] = Made::Open;
        }
    }

    /// A request for a withdrawal arrives. Whether the order is withdrawn.
    pub(super) fn withdraw(&mut self, order: u8) -> bool {
        let is_paid = self.ledger.iter().flatten().any(|it| it.order == order);
        let made = &mut self.made[place(order)];
        let is_done = *made == Made::Open && !is_paid || *made == Made::Withdrawn;
        if is_done {
            *made = Made::Withdrawn;
        }
        is_done
    }

    /// States that differ only in the order of workers are one. An answer that no worker waits for
    /// changes nothing.
    pub(super) fn tidy(&mut self) {
        for (flight, order) in self.flights.iter_mut().zip(1_u8..) {
            let is_awaited = self.workers.iter().any(|(it, _)| *it == Worker::Waits { order });
            if *flight != Flight::Out && !is_awaited {
                *flight = Flight::None;
            }
        }
        for (worker, since) in &mut self.workers {
            if *worker == Worker::Idle {
                *since = 0;
            }
        }
        // Idle ones last: a single worker is the first.
        self.workers.sort_unstable_by(|one, other| other.cmp(one));
    }
}

/// The place of an order among the orders.
pub(super) fn place(order: u8) -> usize {
    usize::from(order) - 1
}
