//! The same payout through whichever provider the configuration prefers:
//! `cargo run -p tulay-examples --bin swap`, or with a configuration of your own after it.
//!
//! Nothing below `main` names a provider but the two simulators that take part.

use std::{error::Error, fs, sync::Arc, time::Duration};
use tulay::{
    Country, Currency, Destination, Found, InstitutionId, Money, Name, NamePart, Operation,
    OrderId, Payment, PayoutRequest, PayoutStatus, Phone, ProviderExt, Reference, SecretFiles,
    Tulay, WalletAccount,
};
use tulay_sandbox::{Sandbox, regional, starpay};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::start().await?;
    let tulay = configured(&sandbox)?;
    let request = request()?;

    // The rules choose; `plan` also says who was left out, and why.
    let plan = tulay.plan(&Payment::payout(&request));
    let chosen = plan.first()?;
    println!("{}: {}", chosen.provider.id(), chosen.reasons().join("; "));

    let payouts = chosen.provider.payouts()?;
    let rules = payouts.capability().ids;
    let reference = &request.reference;
    let order_id = OrderId::derive(rules, tulay.namespace(), Operation::Payout, reference, 1);
    let prepared = payouts.prepare(&request, &order_id)?;
    let mut status = payouts.create(&prepared).await?.status;
    while status == PayoutStatus::Pending {
        tokio::time::sleep(Duration::from_millis(100)).await;
        if let Found::Found(payout) = payouts.find(&prepared.lookup).await? {
            status = payout.status;
        }
    }
    println!("{reference} {}: {status}", request.amount);
    Ok(())
}

fn request() -> Result<PayoutRequest, Box<dyn Error>> {
    let mut request = PayoutRequest::new(
        Reference::new("INV-2026-0002")?,
        Country::PH,
        Money::parse("1250.00", Currency::PHP)?,
        Destination::Wallet {
            institution: InstitutionId::new("gcash")?,
            account: WalletAccount::Phone(Phone::new("+639175550101")?),
        },
    );
    request.beneficiary.name = Some(Name::Parts {
        given: NamePart::new("Ana")?,
        middle: None,
        family: NamePart::new("Reyes")?,
        suffix: None,
    });
    Ok(request)
}

fn configured(sandbox: &Sandbox) -> Result<Tulay, Box<dyn Error>> {
    let file = std::env::args().nth(1);
    let text = match &file {
        Some(file) => fs::read_to_string(file)?,
        None => include_str!("swap.toml").to_owned(),
    };
    let text = text
        .replace("{starpay}", &sandbox.base_url("starpay")?)
        .replace("{regional}", &sandbox.base_url("regional")?);
    let keys = [sandbox.platform_key("starpay")?, sandbox.platform_key("regional")?];
    let secrets = SecretFiles::beside("").environment(move |name| match name {
        "STARPAY_MERCHANT_KEY" => Some(starpay::DEMO_MERCHANT_PRIVATE_KEY.to_owned()),
        "STARPAY_KEY" => Some(keys[0].clone()),
        "REGIONAL_MERCHANT_KEY" => Some(regional::DEMO_MERCHANT_PRIVATE_KEY.to_owned()),
        "REGIONAL_KEY" => Some(keys[1].clone()),
        _ => None,
    });
    let name = file.as_deref().unwrap_or("swap.toml");
    Ok(Tulay::builder().secrets(Arc::new(secrets)).read(name, &text)?)
}
