//! The same payout, the same QR code to be paid once, and the same to be paid again and again,
//! through whichever provider the configuration prefers: `cargo run -p tulay-examples --bin swap`,
//! or with a configuration of your own after it.
//!
//! Nothing below `main` names a provider. The requests hold what either provider asks for; what one
//! of them does not need, it leaves out.

mod simulator;

use simulator::Simulator;
use std::{error::Error, fs, sync::Arc, time::Duration};
use tulay::{
    Channel, CollectionMethod, CollectionRequest, CollectionStatus, Country, Currency, Destination,
    Email, Found, Money, Name, Operation, OrderId, Party, PaymentInstructions, PayoutRequest,
    Phone, Provider, ProviderExt, Reference, StaticCodeRequest, Terminal, Tulay, WalletAccount,
    routing::Payment,
};
use tulay_sandbox::Sandbox;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1);
    let text = match &file {
        Some(file) => fs::read_to_string(file)?,
        None => include_str!("swap.toml").to_owned(),
    };
    for line in run(file.as_deref().unwrap_or("swap.toml"), &text).await? {
        println!("{line}");
    }
    Ok(())
}

/// Pays and collects as a configuration says, and tells what happened.
pub(crate) async fn run(file: &str, text: &str) -> Result<Vec<String>, Box<dyn Error>> {
    let simulator = Simulator::start(file, text).await?;
    let (tulay, sandbox) = (&simulator.tulay, &simulator.sandbox);
    Ok(vec![
        pay_out(tulay).await?,
        collect(tulay, sandbox).await?,
        collect_again_and_again(tulay, sandbox).await?,
    ])
}

async fn pay_out(tulay: &Tulay) -> Result<String, Box<dyn Error>> {
    let worker = tulay.worker().start().await?;
    let reference = tulay.payouts().submit(payout()?).await?.reference;
    let payout = tulay.payouts().wait(&reference, Duration::from_secs(30)).await?;
    worker.stop().await?;
    let provider = payout.last().and_then(|attempt| attempt.provider.as_ref());
    let provider = provider.ok_or("it was not sent")?;
    Ok(format!("{provider}: {reference} {}: {}", payout.amount, payout.status))
}

async fn collect(tulay: &Tulay, sandbox: &Sandbox) -> Result<String, Box<dyn Error>> {
    let amount = Money::parse("350.00", Currency::PHP)?;
    let reference = Reference::new("SALE-2026-0002")?;
    let terminal = Terminal::new("T1")?;
    let request = CollectionRequest::new(reference, Country::PH, amount, CollectionMethod::Qr)
        .with_payer(party()?)
        .with_terminal(terminal.clone())
        .with_return_url("https://shop.example.com/thanks");

    let provider = chosen(tulay, &by_qr(Operation::Collection))?;
    let collections = provider.collections()?;
    let (rules, reference) = (collections.capability().ids, &request.reference);
    // attempt 1
    let order_id = OrderId::derive(rules, tulay.namespace(), Operation::Collection, reference, 1);
    let prepared = collections.prepare(&request, &order_id)?;
    let shown = collections.create(&prepared).await?;
    sandbox.pay(provider.id().as_str(), &code(shown.payment_instructions)?, None)?;

    let status = match collections.find(&prepared.lookup).await? {
        Found::Found(collection) => collection.observation.status,
        Found::Absent(_) => CollectionStatus::Pending,
    };
    Ok(format!("{}: {reference} {amount}: {status}", provider.id()))
}

async fn collect_again_and_again(
    tulay: &Tulay,
    sandbox: &Sandbox,
) -> Result<String, Box<dyn Error>> {
    let reference = Reference::new("TILL-2")?;
    let request =
        StaticCodeRequest::new(reference, Country::PH, Currency::PHP, CollectionMethod::Qr)
            .with_holder(party()?)
            .with_terminal(Terminal::new("T2")?);

    let provider = chosen(tulay, &by_qr(Operation::StaticCode))?;
    let codes = provider.static_codes()?;
    let (rules, reference) = (codes.capability().ids, &request.reference);
    // attempt 1
    let order_id = OrderId::derive(rules, tulay.namespace(), Operation::StaticCode, reference, 1);
    let made = codes.create(&codes.prepare(&request, &order_id)?).await?;
    let code = code(made.payment_instructions)?;
    let first = sandbox.pay(provider.id().as_str(), &code, Some("75.00"))?.money;
    let second = sandbox.pay(provider.id().as_str(), &code, Some("25.00"))?.money;
    Ok(format!("{}: {reference} {}: paid {first}, then {second}", provider.id(), made.status))
}

fn chosen<'t>(
    tulay: &'t Tulay,
    payment: &Payment<'_>,
) -> Result<&'t Arc<dyn Provider>, Box<dyn Error>> {
    Ok(tulay.plan(payment).first()?.provider)
}

fn by_qr(operation: Operation) -> Payment<'static> {
    Payment::new(operation, Country::PH, Currency::PHP, Channel::Qr)
}

fn code(payment_instructions: Option<PaymentInstructions>) -> Result<String, Box<dyn Error>> {
    match payment_instructions {
        Some(PaymentInstructions::Qr(text)) => Ok(text.expose().to_owned()),
        _ => Err("no code was shown".into()),
    }
}

fn party() -> Result<Party, Box<dyn Error>> {
    Ok(Party::default()
        .with_name(Name::full("Luz Marasigan")?)
        .with_email(Email::new("luz@example.com")?)
        .with_mobile(Phone::new("+639175550160")?))
}

fn payout() -> Result<PayoutRequest, Box<dyn Error>> {
    let request = PayoutRequest::new(
        Reference::new("INV-2026-0002")?,
        Country::PH,
        Money::parse("1250.00", Currency::PHP)?,
        Destination::wallet("gcash", WalletAccount::phone("+639175550101")?)?,
    );
    Ok(request.with_beneficiary(Party::default().with_name(Name::parts("Ana", "Reyes")?)))
}
