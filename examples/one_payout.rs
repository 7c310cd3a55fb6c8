//! One payout through `dyn Provider`: `cargo run -p tulay-examples --bin one-payout`.
//!
//! The provider is simulated in this process, and reached by HTTP like a real one. Which provider
//! it is, only the configuration says.

use std::{error::Error, sync::Arc, time::Duration};
use tulay::{
    Country, Currency, Destination, Effect, Found, Money, Name, Operation, OrderId, Party,
    PayoutRequest, PayoutStatus, ProviderExt, Reference, SecretFiles, Tulay, WalletAccount,
};
use tulay_sandbox::{Sandbox, starpay};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::start().await?;
    let tulay = configured(&sandbox)?;
    let provider = tulay.providers().next().ok_or("the configuration names no provider")?;
    let payouts = provider.payouts()?;

    let reference = Reference::new("INV-2026-0001")?;
    let request = PayoutRequest::new(
        reference.clone(),
        Country::PH,
        Money::parse("1250.00", Currency::PHP)?,
        Destination::wallet("gcash", WalletAccount::phone("+639175992001")?)?, // the response is lost
    )
    .with_beneficiary(Party::default().with_name(Name::parts("Ana", "Reyes")?));

    // The same reference always makes the same order id, so the provider refuses a second copy.
    let rules = payouts.capability().ids;
    // attempt 1
    let order_id = OrderId::derive(rules, tulay.namespace(), Operation::Payout, &reference, 1);
    let prepared = payouts.prepare(&request, &order_id)?; // pure: write this down before sending

    match payouts.create(&prepared).await {
        Ok(payout) => println!("accepted: {}", payout.status),
        Err(error) => match error.effect() {
            Effect::NotSent | Effect::Rejected => return Err(error.into()),
            Effect::Unknown => println!("{error}: it may have been paid, so ask and send nothing"),
        },
    }
    loop {
        tokio::time::sleep(Duration::from_millis(100)).await;
        match payouts.find(&prepared.lookup).await? {
            Found::Found(payout) if payout.status == PayoutStatus::Pending => println!("pending"),
            Found::Found(payout) => {
                println!("{reference} {}: {}", request.amount, payout.status);
                let times = sandbox.ledger().times_paid(order_id.as_str());
                println!("the simulator's ledger: paid {times} time(s)");
                return Ok(());
            }
            Found::Absent(_) => println!("not known there (yet)"),
        }
    }
}

fn configured(sandbox: &Sandbox) -> Result<Tulay, Box<dyn Error>> {
    let platform_key = sandbox.platform_key("starpay")?;
    let secrets = SecretFiles::beside("").environment(move |name| match name {
        "MERCHANT_KEY" => Some(starpay::DEMO_MERCHANT_PRIVATE_KEY.to_owned()),
        "STARPAY_KEY" => Some(platform_key.clone()),
        _ => None,
    });
    let configuration = format!(
        r#"
        namespace = "example"

        [providers.starpay]
        adapter = "starpay"
        environment = "sandbox"
        base_url = "{}"
        merchant_id = "{}"
        private_key = {{ env = "MERCHANT_KEY" }}
        platform_key = {{ env = "STARPAY_KEY" }}
        "#,
        sandbox.base_url("starpay")?,
        starpay::DEMO_MERCHANT_ID,
    );
    Ok(Tulay::builder().secrets(Arc::new(secrets)).read("this program", &configuration)?)
}
