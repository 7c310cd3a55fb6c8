//! Support of tests that use several crates: adapters connected to simulated providers.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "support of tests")]

pub mod webhooks;

use std::sync::Arc;
use tulay::{
    Collection, CollectionRequest, Collections, Country, Currency, Destination, Environment, Money,
    Name, Namespace, Operation, OrderId, Party, PartyKind, PayoutRequest, Payouts, Phone,
    ProviderId, Reference, SecretFiles, StaticCode, StaticCodeRequest, StaticCodes, TaxId,
    adapter::{AdapterContext, RandomMessageIds, Result, Transport},
    regional::{Keys as RegionalKeys, Regional, Settings as RegionalSettings},
    starpay::{Keys, Settings, Starpay},
};
use tulay_sandbox::{Sandbox, regional, starpay};

/// An adapter connected to a simulated Starpay, through the given transport.
#[must_use]
pub fn starpay(sandbox: &Sandbox, transport: Arc<dyn Transport>) -> Starpay {
    let mut context = context(sandbox, transport);
    context.notify_url = Some("http://127.0.0.1:1/notify/starpay".parse().unwrap());
    let settings = Settings::new(
        Environment::Sandbox,
        sandbox.base_url("starpay").unwrap(),
        starpay::DEMO_MERCHANT_ID,
    );
    let keys = Keys::parse(
        starpay::DEMO_MERCHANT_PRIVATE_KEY.as_bytes(),
        sandbox.platform_key("starpay").unwrap().as_bytes(),
    );
    Starpay::new(ProviderId::new("starpay").unwrap(), settings, keys.unwrap(), context).unwrap()
}

/// An adapter connected to a simulated regional platform, in all of its countries.
#[must_use]
pub fn regional(sandbox: &Sandbox, transport: Arc<dyn Transport>) -> Regional {
    let settings = RegionalSettings::new(
        Environment::Sandbox,
        sandbox.base_url("regional").unwrap(),
        regional::DEMO_APP_ID,
        vec![Country::PH, Country::ID, Country::MY, Country::TH, Country::RU],
    );
    let keys = RegionalKeys::parse(
        regional::DEMO_MERCHANT_PRIVATE_KEY.as_bytes(),
        sandbox.platform_key("regional").unwrap().as_bytes(),
    );
    let id = ProviderId::new("regional").unwrap();
    let mut context = context(sandbox, transport);
    context.notify_url = Some("http://127.0.0.1:8300/notify/regional".parse().unwrap());
    Regional::new(id, settings, keys.unwrap(), context).unwrap()
}

fn context(sandbox: &Sandbox, transport: Arc<dyn Transport>) -> AdapterContext {
    AdapterContext::new(
        transport,
        sandbox.clock(),
        Arc::new(RandomMessageIds::new()),
        Arc::new(SecretFiles::beside("")),
    )
}

/// PHP 100.00 to an account; its last six digits may ask the simulator for trouble.
#[must_use]
pub fn payout(reference: &str, account: &str) -> PayoutRequest {
    PayoutRequest::new(
        Reference::new(reference).unwrap(),
        Country::PH,
        Money::from_minor(10_000, Currency::PHP),
        Destination::bank("BOPIPHMM", account).unwrap(),
    )
    .with_beneficiary(Party::default().with_name(Name::parts("Maria", "Dela Cruz").unwrap()))
}

/// IDR 10,000.00 to an account: the same number as [`payout`] on the regional platform's wire.
#[must_use]
pub fn indonesian_payout(reference: &str, account: &str) -> PayoutRequest {
    let beneficiary = Party::default()
        .with_name(Name::full("Siti Rahayu").unwrap())
        .with_mobile(Phone::new("+62812345678").unwrap());
    PayoutRequest::new(
        Reference::new(reference).unwrap(),
        Country::ID,
        Money::from_minor(1_000_000, Currency::IDR),
        Destination::bank("BNIAIDJA", account).unwrap(),
    )
    .with_beneficiary(beneficiary)
}

/// MYR 100.00 to an account.
#[must_use]
pub fn malaysian_payout(reference: &str, account: &str) -> PayoutRequest {
    abroad(reference, Country::MY, Currency::MYR, "MBBEMYKL", account)
}

/// THB 100.00 to an account.
#[must_use]
pub fn thai_payout(reference: &str, account: &str) -> PayoutRequest {
    let mut request = abroad(reference, Country::TH, Currency::THB, "KASITHBK", account);
    request.beneficiary.kind = Some(PartyKind::Person);
    request.beneficiary.tax_id = Some(TaxId::new("1101700207030").unwrap());
    request.beneficiary.mobile = Some(Phone::new("+66812345678").unwrap());
    request
}

fn abroad(
    reference: &str,
    country: Country,
    currency: Currency,
    bank: &str,
    account: &str,
) -> PayoutRequest {
    PayoutRequest::new(
        Reference::new(reference).unwrap(),
        country,
        Money::from_minor(10_000, currency),
        Destination::bank(bank, account).unwrap(),
    )
    .with_beneficiary(Party::default().with_name(Name::full("Aisyah Jaidee").unwrap()))
}

/// The order id of a payout's first attempt.
#[must_use]
pub fn order_id(payouts: &dyn Payouts, request: &PayoutRequest) -> OrderId {
    let namespace = Namespace::new("tests").unwrap();
    let rules = payouts.capability().ids;
    OrderId::derive(rules, &namespace, Operation::Payout, &request.reference, 1)
}

/// Prepares a collection and sends it.
///
/// # Errors
/// As [`Collections::prepare`] and [`Collections::create`].
pub async fn collect(
    provider: &impl Collections,
    request: &CollectionRequest,
    order_id: &OrderId,
) -> Result<Collection> {
    provider.create(&provider.prepare(request, order_id)?).await
}

/// Prepares a static code and sends it.
///
/// # Errors
/// As [`StaticCodes::prepare`] and [`StaticCodes::create`].
pub async fn make_code(
    provider: &impl StaticCodes,
    request: &StaticCodeRequest,
    order_id: &OrderId,
) -> Result<StaticCode> {
    provider.create(&provider.prepare(request, order_id)?).await
}
