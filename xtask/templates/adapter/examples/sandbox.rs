//! The simulated provider on a socket of this machine, until it is stopped:
//! `cargo run --example sandbox`. No money moves.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "shared with the tests")]

#[path = "../tests/it/simulator.rs"]
mod simulator;

use simulator::{API_KEY, Simulator};
use std::net::Ipv4Addr;
use tulay_sandbox::Sandbox;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::builder().listen((Ipv4Addr::LOCALHOST, 8400).into());
    let sandbox = sandbox.provider(Simulator::default()).start().await?;
    println!("base_url = \"{}\"", sandbox.base_url("kawayan")?);
    println!("KAWAYAN_KEY=\"{API_KEY}\"");
    std::future::pending().await
}
