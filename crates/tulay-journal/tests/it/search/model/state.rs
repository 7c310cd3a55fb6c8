//! A state of a world, small and of fixed size.

use super::{
    provider::{Answer, Entry},
    world::{ACCOUNTS, World},
};

pub(super) const ATTEMPTS: usize = 3;
pub(super) const PARCELS: usize = 4;

/// A copy of a request on its way, or the answer to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Parcel {
    pub(super) attempt: u8,
    pub(super) sending: u8,
    pub(super) left: u8,
    /// Its account does not reject its content for good.
    pub(super) content: bool,
    pub(super) is_twin: bool,
    pub(super) answer: Option<Answer>,
}

/// What a worker does. It may stop after each step for ever, or go on at any later time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Worker {
    Idle,
    /// It wrote an intent down; no byte has left.
    Intends {
        attempt: u8,
        sending: u8,
        since: u8,
        content: bool,
    },
    Waits {
        attempt: u8,
        sending: u8,
        since: u8,
    },
    /// It asked what became of an attempt.
    Asks {
        attempt: u8,
        asked: u8,
    },
    /// It was answered, and has not written it down.
    Heard {
        attempt: u8,
        asked: u8,
        says: super::provider::Order,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Ending {
    None,
    Failed,
    Cancelled,
}

/// What the world may still do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Left {
    pub(super) losses: u8,
    pub(super) kills: u8,
    pub(super) balance_changes: u8,
    pub(super) refusals: u8,
    pub(super) returns: u8,
    pub(super) lost_orders: u8,
    pub(super) flaps: u8,
    pub(super) notifications: u8,
    pub(super) hints: u8,
    pub(super) declarations: u8,
    pub(super) switches: u8,
    pub(super) edits: u8,
    pub(super) twins: u8,
}

/// A state of a world. Attempts are numbers of [`super::known::Known`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct State {
    pub(super) now: u8,
    pub(super) count: u8,
    pub(super) attempts: [u32; ATTEMPTS],
    pub(super) accounts: [u8; ATTEMPTS],
    /// Whether what was prepared for an attempt is a content that its account takes.
    pub(super) contents: [bool; ATTEMPTS],
    pub(super) ending: Ending,
    pub(super) workers: [Worker; 2],
    pub(super) parcels: [Option<Parcel>; PARCELS],
    pub(super) orders: [Entry; ATTEMPTS],
    pub(super) has_money: [bool; ACCOUNTS],
    /// Whether what is prepared now is a content that an account takes.
    pub(super) content: [bool; ACCOUNTS],
    pub(super) is_paused: bool,
    pub(super) is_account_paused: [bool; ACCOUNTS],
    pub(super) was_sent_while_paused: bool,
    /// It failed early, for a reason that time removes.
    pub(super) has_failed_for_now: bool,
    pub(super) left: Left,
}

impl State {
    pub(super) fn first(world: &World) -> Self {
        Self {
            now: 0,
            count: 0,
            attempts: [0; ATTEMPTS],
            accounts: [0; ATTEMPTS],
            contents: [true; ATTEMPTS],
            ending: Ending::None,
            workers: [Worker::Idle; 2],
            parcels: [None; PARCELS],
            orders: [Entry::NONE; ATTEMPTS],
            has_money: [true; ACCOUNTS],
            content: world.rejects.map(|rejects| !rejects),
            is_paused: false,
            is_account_paused: [false; ACCOUNTS],
            was_sent_while_paused: false,
            has_failed_for_now: false,
            left: Left {
                losses: world.losses,
                kills: world.kills,
                balance_changes: world.balance_changes,
                refusals: world.refusals,
                returns: world.returns,
                lost_orders: world.lost_orders,
                flaps: world.flaps,
                notifications: world.notifications,
                hints: world.hints,
                declarations: world.declarations,
                switches: world.switches,
                edits: world.edits,
                twins: world.twins,
            },
        }
    }

    pub(super) fn last(&self) -> Option<usize> {
        usize::from(self.count).checked_sub(1)
    }

    /// The open attempts and the closed ones.
    pub(super) fn places(&self) -> std::ops::Range<usize> {
        0..usize::from(self.count)
    }

    /// Puts a copy on its way. `false`: there is no space for it.
    pub(super) fn post(&mut self, parcel: Parcel) -> bool {
        let free = self.parcels.iter_mut().find(|it| it.is_none());
        free.map(|space| *space = Some(parcel)).is_some()
    }

    /// Whether a copy of an attempt is on its way.
    pub(super) fn is_flying(&self, attempt: usize) -> bool {
        self.parcels
            .iter()
            .flatten()
            .any(|it| usize::from(it.attempt) == attempt && it.answer.is_none())
    }

    /// The place of the answer that a worker waits for.
    pub(super) fn answer(&self, attempt: u8, sending: u8) -> Option<(usize, Answer)> {
        self.parcels.iter().enumerate().find_map(|(place, parcel)| {
            let parcel = parcel.filter(|it| it.attempt == attempt && it.sending == sending)?;
            Some((place, parcel.answer?))
        })
    }

    /// States that differ only in the order of workers and parcels are one. An answer that no worker
    /// waits for changes nothing.
    pub(super) fn tidy(&mut self) {
        let workers = self.workers;
        for parcel in &mut self.parcels {
            let waits = |it: &Parcel| {
                workers.iter().any(|worker| {
                    matches!(worker, Worker::Waits { attempt, sending, .. }
                        if *attempt == it.attempt && *sending == it.sending)
                })
            };
            *parcel = parcel.filter(|it| it.answer.is_none() || waits(it));
        }
        self.parcels.sort_unstable();
        // Idle ones last: a single worker is the first.
        self.workers.sort_unstable_by(|one, other| other.cmp(one));
    }

    /// Time passes.
    pub(super) fn pass(&mut self, world: &World) {
        self.now += 1;
        for parcel in &mut self.parcels {
            let lives = |it: &Parcel| it.answer.is_some() || self.now <= it.left + world.life;
            *parcel = parcel.filter(lives);
        }
    }
}
