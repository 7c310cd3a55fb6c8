#![doc = include_str!("../README.md")]

mod endpoint;
mod inbox;
mod limits;
mod receiver;
mod server;
mod service;
mod signing;
mod verdict;

pub use inbox::{Inbox, InboxError, Kept, Received};
pub use limits::Limits;
pub use receiver::Receiver;
pub use server::serve;
pub use service::WebhookService;
pub use signing::SigningSecret;
pub use verdict::{Verdict, Verdicts};
