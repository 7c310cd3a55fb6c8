//! What may happen in a world.

use jiff::{SignedDuration, Timestamp};
use tulay_core::{FindBy, Guarantees, Operation};
use tulay_journal::machine::Rules;

pub(crate) const ACCOUNTS: usize = 2;
/// What happens within one tick is closer together than any window.
const TICK: SignedDuration = SignedDuration::from_mins(10);

/// What a world allows, and how often.
#[derive(Clone, Copy, Debug)]
pub(crate) struct World {
    pub(crate) name: &'static str,
    /// How each account finds orders.
    pub(crate) finds: [FindBy; ACCOUNTS],
    /// Whether each account answers a key as it answered first.
    pub(crate) replays: [bool; ACCOUNTS],
    /// Whether a replaying account remembers rejections too.
    pub(crate) remembers_rejections: bool,
    /// Whether each account rejects the content for good.
    pub(crate) rejects: [bool; ACCOUNTS],
    /// Whether a known order id is noticed before anything is checked.
    pub(crate) dedupes_first: bool,
    /// Whether a rejection uses the order id up.
    pub(crate) uses_up: bool,
    /// Whether an account forgets order ids, or keys, after twice [`Self::resend_for`].
    pub(crate) forgets: bool,
    /// The accounts that a first attempt may take.
    pub(crate) plan: [bool; ACCOUNTS],
    pub(crate) attempts: u8,
    pub(crate) sendings: u8,
    pub(crate) workers: usize,
    /// How many copies the network loses. Any answer may be lost.
    pub(crate) losses: u8,
    /// How many processes are killed.
    pub(crate) kills: u8,
    /// How often an account's money runs out or returns.
    pub(crate) balance_changes: u8,
    /// How often a connection is refused.
    pub(crate) refusals: u8,
    pub(crate) orders_fail: bool,
    /// How many payments come back.
    pub(crate) returns: u8,
    /// How many orders the provider loses.
    pub(crate) lost_orders: u8,
    /// Whether a look-up misses an order in the tick of its creation.
    pub(crate) lags: bool,
    /// How many look-ups or notifications say failed or reversed too early.
    pub(crate) flaps: u8,
    /// Whether a look-up may be answered later than it was asked.
    pub(crate) answers_late: bool,
    /// How many ticks a copy lives on the way.
    pub(crate) life: u8,
    /// For how many ticks the same order id may be sent again.
    pub(crate) resend_for: u8,
    /// The failure window and the absence window, in ticks.
    pub(crate) window: u8,
    /// Whether nothing leaves in a later tick than that of its intent, as by a lease.
    pub(crate) leases: bool,
    /// How many notifications are evidence.
    pub(crate) notifications: u8,
    /// How many hints are forged.
    pub(crate) hints: u8,
    /// How often a person says, truly, what became of it.
    pub(crate) declarations: u8,
    /// How often the kill switch is turned.
    pub(crate) switches: u8,
    /// How often the configuration changes what an account rejects for good.
    pub(crate) edits: u8,
    /// How many requests a front end repeats.
    pub(crate) twins: u8,
    /// Whether it repeats them at once.
    pub(crate) twins_at_once: bool,
    /// Whether a permanent rejection may be the answer to a duplicate.
    pub(crate) duplicates_are_rejected: bool,
    /// From this tick on an unsent payout fails.
    pub(crate) send_by: u8,
    /// Whether a person may cancel it.
    pub(crate) cancels: bool,
    pub(crate) end: u8,
    /// Whether every quiet end is final, as far as the time for the same order id suffices.
    pub(crate) ends: bool,
}

/// Two accounts that find orders by our id.
pub(crate) const BASE: World = World {
    name: "",
    finds: [FindBy::OrderId; 2],
    replays: [false; 2],
    remembers_rejections: true,
    rejects: [false; 2],
    dedupes_first: true,
    uses_up: false,
    forgets: false,
    plan: [true; 2],
    attempts: 2,
    sendings: 2,
    workers: 2,
    losses: 1,
    kills: 1,
    balance_changes: 1,
    refusals: 1,
    orders_fail: true,
    returns: 0,
    lost_orders: 0,
    lags: true,
    flaps: 0,
    answers_late: true,
    life: 9,
    resend_for: 3,
    window: 1,
    leases: false,
    notifications: 0,
    hints: 0,
    declarations: 0,
    switches: 0,
    edits: 0,
    twins: 0,
    twins_at_once: false,
    duplicates_are_rejected: false,
    send_by: 99,
    cancels: true,
    end: 3,
    ends: true,
};

/// The first account replays and finds orders by its own id alone.
pub(crate) const REPLAYS: World = World {
    finds: [FindBy::ProviderReference, FindBy::OrderId],
    replays: [true, false],
    forgets: true,
    life: 2,
    resend_for: 2,
    leases: true,
    end: 5,
    ..BASE
};

impl World {
    pub(crate) fn rules(&self) -> [Rules; ACCOUNTS] {
        [self.rules_of(0), self.rules_of(1)]
    }

    fn rules_of(&self, account: usize) -> Rules {
        let window = ticks(self.window);
        let mut guarantees = Guarantees::default();
        guarantees.failure_final_after = Some(window);
        guarantees.find_by = self.finds[account];
        if self.replays[account] {
            guarantees.replays_for = Some(ticks(self.resend_for));
            guarantees.replays_rejections = self.remembers_rejections;
        }
        Rules::new(&guarantees, Operation::Payout, true, window)
    }
}

pub(crate) fn ticks(number: u8) -> SignedDuration {
    TICK.checked_mul(i32::from(number)).unwrap()
}

pub(crate) fn at(tick: u8) -> Timestamp {
    Timestamp::UNIX_EPOCH + ticks(tick)
}
