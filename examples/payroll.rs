//! A payroll in two countries, paid through whom the rules of `tulay.toml` say:
//! `cargo run -p tulay-examples --bin payroll`, or with a configuration of your own after it.
//!
//! Nothing below `main` names a provider but the simulators that take part.

mod follow;

use std::{collections::BTreeMap, error::Error, fs, sync::Arc};
use tokio::task::JoinSet;
use tulay::{
    Country, Currency, Destination, Money, Name, Operation, OrderId, Party, PayoutRequest,
    PayoutStatus, Phone, Provider, ProviderExt, Reference, SecretFiles, Tulay, WalletAccount,
    routing::Payment,
};
use tulay_sandbox::{Sandbox, regional, starpay};

type Failure = Box<dyn Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let sandbox = Sandbox::start().await?;
    let tulay = Arc::new(configured(&sandbox)?);
    let mut tasks = JoinSet::new();
    for request in payroll()? {
        let tulay = Arc::clone(&tulay);
        tasks.spawn(async move { pay(&tulay, &request).await });
    }
    let mut shares: BTreeMap<(Country, String), u32> = BTreeMap::new();
    let mut large = Vec::new();
    for paid in tasks.join_all().await {
        let (request, provider, status) = paid?;
        *shares.entry((request.country, provider.clone())).or_default() += 1;
        if request.amount.currency() == Currency::PHP && request.amount.minor() > 5_000_000 {
            large.push(format!("{} {}: {provider}, {status}", request.reference, request.amount));
        }
    }
    for ((country, provider), payouts) in shares {
        println!("{country}: {payouts} through {provider}");
    }
    large.sort();
    large.iter().for_each(|line| println!("{line}"));
    Ok(())
}

/// Pays one, and follows it to its end.
async fn pay(
    tulay: &Tulay,
    request: &PayoutRequest,
) -> Result<(PayoutRequest, String, PayoutStatus), Failure> {
    // The rules choose; a plan also says who was left out, and why.
    let payment = Payment::payout(request);
    let provider: &Arc<dyn Provider> = tulay.plan(&payment).first()?.provider;
    let payouts = provider.payouts()?;
    let (rules, reference) = (payouts.capability().ids, &request.reference);
    // attempt 1
    let order_id = OrderId::derive(rules, tulay.namespace(), Operation::Payout, reference, 1);
    let prepared = payouts.prepare(request, &order_id)?;
    let status = follow::send(payouts, &prepared).await?;
    Ok((request.clone(), provider.id().to_string(), status))
}

/// Ten in the Philippines, two of them large, and forty in Indonesia.
fn payroll() -> Result<Vec<PayoutRequest>, Failure> {
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
) -> Result<PayoutRequest, Failure> {
    let phone = Phone::new(format!("{phone}01{number:02}"))?;
    let reference = Reference::new(format!("WAGE-2026-11-{number:02}"))?;
    let destination = Destination::wallet(wallet, WalletAccount::Phone(phone.clone()))?;
    let employee = Party::default().with_name(Name::parts("Ana", "Reyes")?).with_mobile(phone);
    Ok(PayoutRequest::new(reference, country, amount, destination).with_beneficiary(employee))
}

fn configured(sandbox: &Sandbox) -> Result<Tulay, Failure> {
    let file = std::env::args().nth(1);
    let text = match &file {
        Some(file) => fs::read_to_string(file)?,
        None => include_str!("tulay.toml").to_owned(),
    };
    let text = text
        .replace("http://127.0.0.1:8400/starpay", &sandbox.base_url("starpay")?)
        .replace("http://127.0.0.1:8400/regional", &sandbox.base_url("regional")?);
    let second = "9d2f4b6a8c0e41d7b3a5c7e9f1d3b5a7";
    sandbox.register_merchant("regional", second, regional::DEMO_MERCHANT_PUBLIC_KEY)?;
    let keys = [sandbox.platform_key("starpay")?, sandbox.platform_key("regional")?];
    let secrets = SecretFiles::beside("").environment(move |name| match name {
        "STARPAY_MERCHANT_KEY" => Some(starpay::DEMO_MERCHANT_PRIVATE_KEY.to_owned()),
        "STARPAY_KEY" => Some(keys[0].clone()),
        "REGIONAL_MERCHANT_KEY" => Some(regional::DEMO_MERCHANT_PRIVATE_KEY.to_owned()),
        "REGIONAL_KEY" => Some(keys[1].clone()),
        _ => None,
    });
    let name = file.as_deref().unwrap_or("tulay.toml");
    Ok(Tulay::builder().secrets(Arc::new(secrets)).read(name, &text)?)
}
