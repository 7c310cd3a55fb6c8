//! The simulated regional platform from outside.

mod collecting;
mod keys;
mod notifications;
mod properties;
mod rejections;
mod settling;
mod shop;
mod triggers;
