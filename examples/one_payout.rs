//! One payout whose answer is lost: `cargo run -p tulay-examples --bin one-payout`.
//!
//! The providers are simulated in this process, and reached by HTTP like real ones. Which of them
//! pays, only the configuration says.

mod simulator;

use simulator::Simulator;
use std::{error::Error, time::Duration};
use tulay::{
    Country, Currency, Destination, Money, Name, Party, PayoutRequest, Reference, WalletAccount,
    journal::Status,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let simulator = Simulator::start("swap.toml", include_str!("swap.toml")).await?;
    let tulay = &simulator.tulay; // an application calls `Tulay::open("tulay.toml")`
    let worker = tulay.worker().start().await?; // sends what is accepted, and follows it

    let reference = Reference::new("INV-2026-0001")?;
    let request = PayoutRequest::new(
        reference.clone(),
        Country::PH,
        Money::parse("1250.00", Currency::PHP)?,
        Destination::wallet("gcash", WalletAccount::phone("+639175992001")?)?, // the answer is lost
    )
    .with_beneficiary(Party::default().with_name(Name::parts("Ana", "Reyes")?));

    let accepted = tulay.payouts().submit(request.clone()).await?; // durable, and nothing was sent
    println!("{accepted}");
    let payout = tulay.payouts().wait(&reference, Duration::from_secs(30)).await?;
    println!("{payout}");
    match payout.status {
        Status::Succeeded => println!("paid"),
        Status::Reversed => println!("paid, and the money is back"),
        Status::Failed | Status::Cancelled => println!("not paid, with proof"),
        Status::InDoubt => println!("it may have been paid: pay it no other way"),
        Status::Created | Status::Sending | Status::Pending => println!("not final yet"),
    }
    // The same reference is the same payout.
    println!("{}", tulay.payouts().submit(request).await?);
    worker.stop().await?;
    println!("the simulators' ledger: paid {} time(s)", simulator.times_paid());
    Ok(())
}
