#![doc = include_str!("../README.md")]

pub mod kit;
pub mod paymongo;
pub mod regional;
mod sandbox;
pub mod starpay;
pub mod xendit;

pub use sandbox::{Sandbox, SandboxBuilder, SandboxError};
