//! What is sent, byte for byte, and what is refused before.

use crate::support::*;
use insta::assert_snapshot;
use tulay_core::*;

fn prepared(request: &PayoutRequest) -> String {
    let xendit = xendit(&Script::says(500, ""), request.country);
    xendit.prepare_payout(request).unwrap().body
}

/// `prepare` of each role by one name, as the traits' names collide.
trait Prepare {
    fn prepare_payout(&self, request: &PayoutRequest) -> Result<Prepared>;
    fn prepare_collection(&self, request: &CollectionRequest) -> Result<Prepared>;
    fn prepare_refund(&self, request: &RefundRequest) -> Result<Prepared>;
}

impl Prepare for tulay_xendit::Xendit {
    fn prepare_payout(&self, request: &PayoutRequest) -> Result<Prepared> {
        Payouts::prepare(self, request, &order_id(Operation::Payout))
    }

    fn prepare_collection(&self, request: &CollectionRequest) -> Result<Prepared> {
        Collections::prepare(self, request, &order_id(Operation::Collection))
    }

    fn prepare_refund(&self, request: &RefundRequest) -> Result<Prepared> {
        Refunds::prepare(self, request, &order_id(Operation::Refund))
    }
}

#[tokio::test]
async fn every_request() {
    let script = Script::says(200, "");
    let (ph, id) = (xendit(&script, Country::PH), xendit(&script, Country::ID));
    let payout = ph.prepare_payout(&pesos("1250.50")).unwrap();
    Payouts::create(&ph, &payout).await.unwrap_err();
    let lookup = payout.lookup;
    Payouts::find(&ph, &lookup).await.unwrap_err();
    let known = lookup.with_provider_reference(ProviderReference::new("disb-7001").unwrap());
    Payouts::find(&ph, &known).await.unwrap_err();
    let code = ph.prepare_collection(&collection(Country::PH, CollectionMethod::Qr)).unwrap();
    Collections::create(&ph, &code).await.unwrap_err();
    let bank = CollectionMethod::VirtualAccount(InstitutionId::new("CENAIDJA").unwrap());
    let account = collection(Country::ID, bank)
        .with_display_name("Sari-Sari")
        .with_expires("2026-11-21T10:00:00+08:00".parse().unwrap())
        .with_remark("Invoice 1");
    let account = id.prepare_collection(&account).unwrap();
    Collections::create(&id, &account).await.unwrap_err();
    let known = account.lookup.with_provider_reference(ProviderReference::new("pr-7001").unwrap());
    Collections::find(&id, &known).await.unwrap_err();
    let back = id.prepare_refund(&refund()).unwrap();
    Refunds::create(&id, &back).await.unwrap_err();
    Refunds::find(&id, &back.lookup).await.unwrap_err();
    let known = back.lookup.with_provider_reference(ProviderReference::new("rfd-7001").unwrap());
    Refunds::find(&id, &known).await.unwrap_err();
    for (kind, _, _) in id.accounts().to_vec() {
        id.balance(kind, Country::ID, Currency::IDR).await.unwrap_err();
    }
    assert_snapshot!(script.requests().join("\n\n"));
}

#[test]
fn amounts_are_numbers_without_a_float() {
    for (amount, number) in [
        ("0.01", "0.01"),
        ("1.15", "1.15"),
        ("1250", "1250"),
        ("1250.50", "1250.50"),
        ("90071992547409.93", "90071992547409.93"),
    ] {
        let body = prepared(&pesos(amount));
        assert!(body.contains(&format!(r#""amount":{number},"#)), "{body}");
    }
    let body = prepared(&rupiah("250000001"));
    assert!(body.contains(r#""amount":250000001,"#), "{body}");
}

#[test]
fn wallets_take_the_national_number() {
    for (country, id, mobile, national) in [
        (Country::PH, "gcash", "+639171234567", "09171234567"),
        (Country::ID, "ovo", "+6281234567890", "081234567890"),
    ] {
        let mut request = if country == Country::PH { pesos("100") } else { rupiah("100") };
        let account = WalletAccount::phone(mobile).unwrap();
        request.destination = Destination::wallet(id, account).unwrap();
        let body = prepared(&request);
        assert!(body.contains(&format!(r#""account_number":"{national}""#)), "{body}");
    }
}

#[test]
fn the_amount_decides_the_rail() {
    let ph = xendit(&Script::says(500, ""), Country::PH);
    let rail = |request: &PayoutRequest| {
        Payouts::capability(&ph).admit_request(request).map(|corridor| corridor.rail)
    };
    assert_eq!(rail(&pesos("50000.00")).unwrap(), Some(Rail::InstaPay));
    assert_eq!(rail(&pesos("50000.01")).unwrap(), Some(Rail::PesoNet));
    for (request, rail) in [("50000.01", Rail::InstaPay), ("50000.00", Rail::PesoNet)] {
        let error = ph.prepare_payout(&pesos(request).with_rail(rail)).unwrap_err();
        assert_eq!((error.kind(), error.effect()), (ErrorKind::Limit, Effect::NotSent));
        assert_eq!(error.field(), Some("amount"));
    }
    let id = xendit(&Script::says(500, ""), Country::ID);
    assert!(id.prepare_payout(&rupiah("250000000").with_rail(Rail::BiFast)).is_ok());
    assert!(id.prepare_payout(&rupiah("250000001").with_rail(Rail::Rtgs)).is_ok());
}

#[test]
fn bad_input_is_not_sent_and_its_field_is_named() {
    let script = Script::says(500, "");
    let (ph, id) = (xendit(&script, Country::PH), xendit(&script, Country::ID));
    let payout = |change: fn(&mut PayoutRequest)| {
        let mut request = pesos("100");
        change(&mut request);
        ph.prepare_payout(&request).unwrap_err()
    };
    let long = |length: usize| Some(Name::Full(NamePart::new("n".repeat(length)).unwrap()));
    let mut longest = pesos("100");
    longest.beneficiary.name = long(100);
    assert!(ph.prepare_payout(&longest).is_ok());
    let bank = |id: &str| CollectionMethod::VirtualAccount(InstitutionId::new(id).unwrap());
    let mut little = collection(Country::ID, bank("CENAIDJA"));
    little.amount = Money::parse("9999", Currency::IDR).unwrap();
    for (error, kind, field) in [
        (
            payout(|r| r.destination = Destination::bank("NOBKPHMM", "1").unwrap()),
            ErrorKind::Unsupported,
            "institution",
        ),
        // A wallet is no bank, whatever code it has.
        (
            payout(|r| r.destination = Destination::bank("gcash", "1").unwrap()),
            ErrorKind::Unsupported,
            "institution",
        ),
        (
            payout(|r| {
                r.beneficiary.name = Some(Name::Full(NamePart::new("n".repeat(101)).unwrap()));
            }),
            ErrorKind::InvalidRequest,
            "name",
        ),
        (payout(|r| r.beneficiary.name = None), ErrorKind::InvalidRequest, "name"),
        (
            id.prepare_refund(&refund().with_reason("broken")).unwrap_err(),
            ErrorKind::InvalidRequest,
            "reason",
        ),
        (id.prepare_payout(&rupiah("100.50")).unwrap_err(), ErrorKind::InvalidRequest, "amount"),
        (id.prepare_collection(&little).unwrap_err(), ErrorKind::Limit, "amount"),
        (
            id.prepare_collection(&collection(Country::ID, bank("BTANIDJA"))).unwrap_err(),
            ErrorKind::Unsupported,
            "institution",
        ),
    ] {
        assert_eq!((error.kind(), error.field()), (kind, Some(field)), "{error}");
        assert_eq!(error.effect(), Effect::NotSent, "{error}");
    }
    let unsupported = ph.prepare_payout(&rupiah("100")).unwrap_err();
    assert_eq!(unsupported.kind(), ErrorKind::Unsupported);
    assert_eq!(script.requests(), [""; 0]);
}

#[tokio::test]
async fn an_id_that_would_change_the_path_is_not_sent() {
    let script = Script::says(500, "");
    let ph = xendit(&script, Country::PH);
    let lookup = ph.prepare_payout(&pesos("100")).unwrap().lookup;
    let astray = ProviderReference::new("../v3/payouts?x").unwrap();
    let lookup = lookup.with_provider_reference(astray);
    let error = Payouts::find(&ph, &lookup).await.unwrap_err();
    assert_eq!(error.field(), Some("provider_reference"));
    assert_eq!(script.requests(), [""; 0]);
}

#[tokio::test]
async fn the_account_of_another_country_is_not_asked() {
    let script = Script::says(200, "[]");
    let (ph, id) = (xendit(&script, Country::PH), xendit(&script, Country::ID));
    let lookup = ph.prepare_payout(&pesos("100")).unwrap().lookup;
    let error = Payouts::find(&id, &lookup).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::Unsupported, Effect::Unknown));
    assert_eq!(script.requests(), [""; 0]);
}

#[tokio::test]
async fn what_expired_is_not_sent() {
    let script = Script::says(500, "");
    let id = xendit(&script, Country::ID);
    let bank = CollectionMethod::VirtualAccount(InstitutionId::new("CENAIDJA").unwrap());
    let request =
        collection(Country::ID, bank).with_expires("2026-11-20T09:59:59+08:00".parse().unwrap());
    let prepared = id.prepare_collection(&request).unwrap();
    let error = Collections::create(&id, &prepared).await.unwrap_err();
    assert_eq!((error.field(), error.effect()), (Some("expires"), Effect::NotSent));
    assert_eq!(script.requests(), [""; 0]);
}
