//! What tests that cross rooms have in common: adapters connected to simulated providers.

#![allow(clippy::unwrap_used, reason = "support of tests")]

use std::sync::Arc;
use tulay::{
    AccountNumber, AdapterContext, Country, Currency, Destination, Environment, InstitutionId,
    Money, Name, NamePart, Namespace, Operation, OrderId, PayoutRequest, Payouts, ProviderId,
    RandomMessageIds, Reference, SecretFiles, Transport,
    starpay::{Keys, Settings, Starpay},
};
use tulay_sandbox::{Sandbox, starpay};

/// An adapter connected to a simulated Starpay, through the given transport.
#[must_use]
pub fn starpay(sandbox: &Sandbox, transport: Arc<dyn Transport>) -> Starpay {
    let mut context = AdapterContext::new(
        transport,
        sandbox.clock(),
        Arc::new(RandomMessageIds::new()),
        Arc::new(SecretFiles::beside("")),
    );
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

/// PHP 100.00 to an account; its last six digits may ask the simulator for trouble.
#[must_use]
pub fn payout(reference: &str, account: &str) -> PayoutRequest {
    let mut request = PayoutRequest::new(
        Reference::new(reference).unwrap(),
        Country::PH,
        Money::from_minor(10_000, Currency::PHP),
        Destination::Bank {
            institution: InstitutionId::new("BOPIPHMM").unwrap(),
            account: AccountNumber::new(account).unwrap(),
        },
    );
    request.beneficiary.name = Some(Name::Parts {
        given: NamePart::new("Maria").unwrap(),
        middle: None,
        family: NamePart::new("Dela Cruz").unwrap(),
        suffix: None,
    });
    request
}

/// The order id of a payout's first attempt.
#[must_use]
pub fn order_id(payouts: &dyn Payouts, request: &PayoutRequest) -> OrderId {
    let namespace = Namespace::new("tests").unwrap();
    let rules = payouts.capability().ids;
    OrderId::derive(rules, &namespace, Operation::Payout, &request.reference, 1)
}
