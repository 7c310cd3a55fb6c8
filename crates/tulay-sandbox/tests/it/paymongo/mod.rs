//! The simulated PayMongo from outside.

mod collecting;
mod notifications;
mod refunding;
mod rejections;
mod shop;
mod sockets;
mod transferring;
