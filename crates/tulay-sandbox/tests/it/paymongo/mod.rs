//! The simulated PayMongo from outside.

mod collecting;
mod notifications;
mod properties;
mod refunding;
mod rejections;
mod shop;
mod sockets;
mod transferring;
