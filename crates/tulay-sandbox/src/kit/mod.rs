//! What simulated providers are made of, whatever they simulate.
//!
//! A provider implements [`SimulatedProvider`]: it answers one request at a time with a [`Reply`],
//! and does everything else through its [`World`]: it asks for the time, asks to be woken at a
//! later moment, writes down money that moved, and hands over notifications. It opens no socket,
//! starts no task and reads no clock, so that a run under a manual clock repeats exactly.

mod accounts;
mod agenda;
pub(crate) mod answers;
mod clock;
mod faults;
pub mod json;
pub mod keys;
mod ledger;
mod lock;
mod loopback;
mod notification;
mod notifier;
mod provider;
mod reply;
mod trouble;
mod world;

pub use clock::SandboxClock;
pub use faults::{Faults, Shape};
pub use ledger::{Direction, Ledger, Movement};
pub use notification::{
    Delivery, DeliveryOutcome, Notification, NotificationRecord, NotificationState, Sample,
};
pub use provider::SimulatedProvider;
pub use reply::Reply;
pub use world::World;

pub(crate) use accounts::{Account, Accounts, PlatformMerchant};
pub(crate) use agenda::{Agenda, Job};
pub(crate) use clock::after;
pub(crate) use faults::another_id;
pub(crate) use lock::locked;
pub(crate) use loopback::{Loopback, Nowhere};
pub(crate) use notifier::{Notifier, default_retries};
pub(crate) use trouble::{Trouble, final_after, last_six, troubled};
pub(crate) use world::Shared;
