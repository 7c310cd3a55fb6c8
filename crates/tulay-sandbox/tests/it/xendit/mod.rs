//! The simulated Xendit from outside.

mod accounts;
mod answers;
mod collecting;
mod idempotency;
mod notifications;
mod properties;
mod refunding;
mod rejections;
mod settling;
mod shop;
mod sockets;
mod triggers;
