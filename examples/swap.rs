//! The same payout, the same QR code to be paid once, and the same to be paid again and again,
//! through whichever provider the configuration prefers: `cargo run -p tulay-examples --bin swap`,
//! or with a configuration of your own after it.
//!
//! Nothing below `main` names a provider but the two simulators that take part. The requests hold
//! what either provider asks for; what one of them does not need, it leaves out.

mod follow;

use std::{error::Error, fs, sync::Arc};
use tulay::{
    Channel, CodeRequest, CollectionRequest, CollectionStatus, Country, Currency, Destination,
    Email, Found, InstitutionId, Method, Money, Name, NamePart, Operation, OrderId, Party, PayBy,
    Payment, PayoutRequest, Phone, Provider, ProviderExt, Reference, SecretFiles, Terminal, Tulay,
    WalletAccount,
};
use tulay_sandbox::{Sandbox, regional, starpay};

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
    let sandbox = Sandbox::start().await?;
    let tulay = configured(&sandbox, file, text)?;
    Ok(vec![
        pay_out(&tulay).await?,
        collect(&tulay, &sandbox).await?,
        collect_again_and_again(&tulay, &sandbox).await?,
    ])
}

async fn pay_out(tulay: &Tulay) -> Result<String, Box<dyn Error>> {
    let request = payout()?;
    // The rules choose; `plan` also says who was left out, and why.
    let provider = chosen(tulay, &Payment::payout(&request))?;
    let payouts = provider.payouts()?;
    let rules = payouts.capability().ids;
    let reference = &request.reference;
    let order_id = OrderId::derive(rules, tulay.namespace(), Operation::Payout, reference, 1);
    let prepared = payouts.prepare(&request, &order_id)?;
    let status = follow::send(payouts, &prepared).await?;
    Ok(format!("{}: {reference} {}: {status}", provider.id(), request.amount))
}

async fn collect(tulay: &Tulay, sandbox: &Sandbox) -> Result<String, Box<dyn Error>> {
    let amount = Money::parse("350.00", Currency::PHP)?;
    let reference = Reference::new("SALE-2026-0002")?;
    let mut request = CollectionRequest::new(reference, Country::PH, amount, Method::Qr);
    request.payer = party()?;
    request.terminal = Some(Terminal::new("T1")?);
    request.return_url = Some("https://shop.example.com/thanks".into());

    let provider = chosen(tulay, &by_qr(Operation::Collection))?;
    let collections = provider.collections()?;
    let (rules, reference) = (collections.capability().ids, &request.reference);
    let order_id = OrderId::derive(rules, tulay.namespace(), Operation::Collection, reference, 1);
    let prepared = collections.prepare(&request, &order_id)?;
    let shown = collections.create(&prepared).await?;
    sandbox.pay(provider.id().as_str(), &code(shown.pay_by)?, None)?;

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
    let mut request = CodeRequest::new(reference, Country::PH, Currency::PHP, Method::Qr);
    request.holder = party()?;
    request.terminal = Some(Terminal::new("T2")?);

    let provider = chosen(tulay, &by_qr(Operation::Code))?;
    let codes = provider.qr_codes()?;
    let (rules, reference) = (codes.capability().ids, &request.reference);
    let order_id = OrderId::derive(rules, tulay.namespace(), Operation::Code, reference, 1);
    let made = codes.create(&codes.prepare(&request, &order_id)?).await?;
    let code = code(made.pay_by)?;
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

fn code(pay_by: Option<PayBy>) -> Result<String, Box<dyn Error>> {
    match pay_by {
        Some(PayBy::Qr(text)) => Ok(text.expose().to_owned()),
        _ => Err("no code was shown".into()),
    }
}

fn party() -> Result<Party, Box<dyn Error>> {
    let mut party = Party::default();
    party.name = Some(Name::Full(NamePart::new("Luz Marasigan")?));
    party.email = Some(Email::new("luz@example.com")?);
    party.mobile = Some(Phone::new("+639175550160")?);
    Ok(party)
}

fn payout() -> Result<PayoutRequest, Box<dyn Error>> {
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

fn configured(sandbox: &Sandbox, file: &str, text: &str) -> Result<Tulay, Box<dyn Error>> {
    let text = text
        .replace("http://127.0.0.1:8400/starpay", &sandbox.base_url("starpay")?)
        .replace("http://127.0.0.1:8400/regional", &sandbox.base_url("regional")?);
    let keys = [sandbox.platform_key("starpay")?, sandbox.platform_key("regional")?];
    let secrets = SecretFiles::beside("").environment(move |name| match name {
        "STARPAY_MERCHANT_KEY" => Some(starpay::DEMO_MERCHANT_PRIVATE_KEY.to_owned()),
        "STARPAY_KEY" => Some(keys[0].clone()),
        "REGIONAL_MERCHANT_KEY" => Some(regional::DEMO_MERCHANT_PRIVATE_KEY.to_owned()),
        "REGIONAL_KEY" => Some(keys[1].clone()),
        _ => None,
    });
    Ok(Tulay::builder().secrets(Arc::new(secrets)).read(file, &text)?)
}
