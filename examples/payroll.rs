//! A payroll in two countries, paid through whom the rules of `tulay.toml` say:
//! `cargo run -p tulay-examples --bin payroll`, or with a configuration of your own after it.
//!
//! Nothing here names a provider.

mod simulator;

use simulator::Simulator;
use std::{collections::BTreeMap, error::Error, fs, time::Duration};
use tulay::{
    Country, Currency, Destination, Money, Name, Party, PayoutRequest, Phone, Reference,
    WalletAccount,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1);
    let text = match &file {
        Some(file) => fs::read_to_string(file)?,
        None => include_str!("tulay.toml").to_owned(),
    };
    let simulator = Simulator::start(file.as_deref().unwrap_or("tulay.toml"), &text).await?;
    let tulay = &simulator.tulay;
    let worker = tulay.worker().start().await?;
    let mut accepted = Vec::new();
    for request in payroll()? {
        accepted.push(tulay.payouts().submit(request).await?.reference);
    }
    let mut shares: BTreeMap<(Country, String), u32> = BTreeMap::new();
    let mut large = Vec::new();
    for reference in accepted {
        let payout = tulay.payouts().wait(&reference, Duration::from_secs(60)).await?;
        let provider = payout.last().and_then(|attempt| attempt.provider.as_ref());
        let provider = provider.map_or_else(|| "none".to_owned(), ToString::to_string);
        if payout.amount.currency() == Currency::PHP && payout.amount.minor() > 5_000_000 {
            large.push(format!("{reference} {}: {provider}, {}", payout.amount, payout.status));
        }
        *shares.entry((payout.country, provider)).or_default() += 1;
    }
    worker.stop().await?;
    for ((country, provider), payouts) in shares {
        println!("{country}: {payouts} through {provider}");
    }
    large.iter().for_each(|line| println!("{line}"));
    Ok(())
}

/// Ten in the Philippines, two of them large, and forty in Indonesia.
fn payroll() -> Result<Vec<PayoutRequest>, Box<dyn Error>> {
    let mut payroll = Vec::new();
    for number in 1..=10 {
        let amount = if number > 8 { "60000.00" } else { "1250.00" };
        let amount = Money::parse(amount, Currency::PHP)?;
        payroll.push(wage(Country::PH, number, amount, "gcash", "+63917555")?);
    }
    for number in 11..=50 {
        let amount = Money::parse("150000.00", Currency::IDR)?;
        payroll.push(wage(Country::ID, number, amount, "gopay", "+62812555")?);
    }
    Ok(payroll)
}

fn wage(
    country: Country,
    number: u32,
    amount: Money,
    wallet: &str,
    phone: &str,
) -> Result<PayoutRequest, Box<dyn Error>> {
    let phone = Phone::new(format!("{phone}01{number:02}"))?;
    let reference = Reference::new(format!("WAGE-2026-11-{number:02}"))?;
    let destination = Destination::wallet(wallet, WalletAccount::Phone(phone.clone()))?;
    let employee = Party::default().with_name(Name::parts("Ana", "Reyes")?).with_mobile(phone);
    Ok(PayoutRequest::new(reference, country, amount, destination).with_beneficiary(employee))
}
