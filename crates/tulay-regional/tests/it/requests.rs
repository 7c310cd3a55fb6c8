//! What is sent, byte for byte, and what is refused before.

use crate::support::*;
use http::Method;
use insta::assert_snapshot;
use tulay_core::*;

fn offline() -> std::sync::Arc<Platform> {
    Platform::new(|_| panic!("nothing may be sent"))
}

fn body(request: &PayoutRequest) -> Result<String> {
    Payouts::prepare(&regional(&offline()), request, &order_id()).map(|prepared| prepared.body)
}

#[test]
fn payout_bodies() {
    let mut request = payout();
    assert_snapshot!("payout_to_a_bank", body(&request).unwrap());
    request.destination = wallet("gcash", "+639171234567");
    request.remark = Some("Salary for \"November\", peñas".into());
    request.beneficiary.name = Some(parts("Juan Miguel", Some("O'Reyes-Cruz"), "Muñoz Jr."));
    assert_snapshot!("payout_to_a_wallet", body(&request).unwrap());

    let mut request = indonesian();
    assert_snapshot!("payout_to_an_indonesian_bank", body(&request).unwrap());
    request.destination = wallet("ovo", "+6281234567890");
    request.beneficiary.name = Some(Name::Full(NamePart::new("PT Jembatan & Rekan").unwrap()));
    assert_snapshot!("payout_to_an_indonesian_wallet", body(&request).unwrap());

    let mut request = malaysian();
    assert_snapshot!("payout_to_a_malaysian_bank", body(&request).unwrap());
    request.destination = wallet("tng", "+60123456789");
    assert_snapshot!("payout_to_a_malaysian_wallet", body(&request).unwrap());

    let mut request = thai();
    request.beneficiary.relationship = Some("supplier".into());
    assert_snapshot!("payout_to_a_thai_bank", body(&request).unwrap());
    request.destination = wallet("truemoney", "+66612345678");
    assert_snapshot!("payout_to_a_thai_wallet", body(&request).unwrap());
    request.destination = Destination::Proxy(Proxy::Phone(Phone::new("+66812345678").unwrap()));
    assert_snapshot!("payout_to_a_promptpay_mobile", body(&request).unwrap());
    request.beneficiary = Party::default();
    let id = TaxId::new("1101700207030").unwrap();
    request.destination = Destination::Proxy(Proxy::NationalId(id));
    assert_snapshot!("payout_to_a_promptpay_id", body(&request).unwrap());
}

#[test]
fn prepare_is_deterministic() {
    let (one, two) = (regional(&offline()), regional(&offline()));
    for request in [payout(), indonesian(), malaysian(), thai()] {
        let prepared = Payouts::prepare(&one, &request, &order_id()).unwrap();
        assert_eq!(prepared, Payouts::prepare(&two, &request, &order_id()).unwrap());
        assert_eq!(prepared.lookup.order_id, order_id());
        assert_eq!(prepared.lookup.amount, Some(request.amount));
        assert_eq!(&prepared.merchant_account, one.merchant_account());
        assert!(!prepared.body.contains("timestamp"));
    }
}

#[tokio::test]
async fn two_sendings_differ_in_the_time_stamp_alone() {
    let platform = Platform::says(200, success(&created("PENDING")));
    let regional = regional(&platform);
    let prepared = Payouts::prepare(&regional, &payout(), &order_id()).unwrap();
    Payouts::create(&regional, &prepared).await.unwrap();
    Payouts::create(&regional, &prepared).await.unwrap();
    let sent = platform.sent.lock().unwrap();
    assert_eq!(sent[0].method(), Method::POST);
    assert_eq!(
        sent[0].uri(),
        "http://127.0.0.1:8400/regional/open-api/philippines/disbursement/transfer"
    );
    assert_eq!(sent[0].headers()["content-type"], "application/json");
    let rest = &prepared.body[1..];
    assert_eq!(param(&sent[0]), format!(r#"{{"timestamp":1795140000001,{rest}"#));
    assert_eq!(param(&sent[1]), format!(r#"{{"timestamp":1795140000002,{rest}"#));
}

#[tokio::test]
async fn what_is_sent_is_an_envelope_around_text() {
    let platform = Platform::says(500, "");
    let regional = regional(&platform);
    let prepared = Payouts::prepare(&regional, &indonesian(), &order_id()).unwrap();
    assert!(Payouts::create(&regional, &prepared).await.is_err());
    assert!(Payouts::find(&regional, &prepared.lookup).await.is_err());
    for (account, country, currency) in regional.accounts() {
        assert!(regional.balance(*account, *country, *currency).await.is_err());
    }
    let sent = platform.sent.lock().unwrap();
    let shown: Vec<String> = sent
        .iter()
        .map(|sent| format!("{} {} {}", sent.method(), sent.uri().path(), param(sent)))
        .collect();
    assert_snapshot!(shown.join("\n"));
    // The signature is the only part that the text of `param` does not fix.
    let body = std::str::from_utf8(sent[1].body()).unwrap();
    let signature = sign(MERCHANT_KEY, &param(&sent[1]));
    assert_snapshot!("envelope", body.replace(&signature, "…"));
}

#[tokio::test]
async fn paths_methods_and_codes_are_settings() {
    let platform = Platform::says(500, "");
    let mut settings = settings();
    settings.base_url = "http://127.0.0.1:8400/other/".into();
    settings.paths.payout_find = "/v2/{country}/find".into();
    settings.pay_methods.wallet = "WALLET".into();
    let codes = [(InstitutionId::new("shopeepay").unwrap(), "SPAY_ID".to_owned())];
    settings.institutions.insert(Country::ID, codes.into());
    let regional = regional_with(&platform, settings);
    let mut request = indonesian();
    request.destination = wallet("shopeepay", "+62812345678");
    let prepared = Payouts::prepare(&regional, &request, &order_id()).unwrap();
    assert_snapshot!(prepared.body);
    // One id in two countries: a code belongs to one of them.
    let mut request = payout();
    request.destination = wallet("shopeepay", "+639171234567");
    let philippine = Payouts::prepare(&regional, &request, &order_id()).unwrap();
    assert!(philippine.body.contains(r#""transferCode":"SHOPEEPAY""#), "{}", philippine.body);
    assert!(Payouts::find(&regional, &prepared.lookup).await.is_err());
    let sent = platform.sent.lock().unwrap();
    assert_eq!(sent[0].uri(), "http://127.0.0.1:8400/other/v2/indonesia/find");
}

#[test]
fn invalid_requests_are_refused_before_sending() {
    let refused = |mut request: PayoutRequest, change: &dyn Fn(&mut PayoutRequest)| {
        change(&mut request);
        let error = body(&request).unwrap_err();
        assert_eq!(error.effect(), Effect::NotSent);
        format!("{} [{}] {error}", error.kind(), error.field().unwrap_or("-"))
    };
    let ph = |change: &dyn Fn(&mut PayoutRequest)| refused(payout(), change);
    let id = |change: &dyn Fn(&mut PayoutRequest)| refused(indonesian(), change);
    let my = |change: &dyn Fn(&mut PayoutRequest)| refused(malaysian(), change);
    let th = |change: &dyn Fn(&mut PayoutRequest)| refused(thai(), change);
    let proxy = |id: &str| Destination::Proxy(Proxy::NationalId(TaxId::new(id).unwrap()));
    let mobile = |number: &str| Destination::Proxy(Proxy::Phone(Phone::new(number).unwrap()));
    let php = |minor| Money::from_minor(minor, Currency::PHP);
    let idr = |minor| Money::from_minor(minor, Currency::IDR);
    let name = |text: &str| Some(Name::Full(NamePart::new(text).unwrap()));
    let number = |institution: &str, account: &str| Destination::Wallet {
        institution: InstitutionId::new(institution).unwrap(),
        account: WalletAccount::Number(AccountNumber::new(account).unwrap()),
    };
    assert_snapshot!(
        [
            ph(&|r| r.amount = php(0)),
            ph(&|r| r.amount = idr(1_000_000)),
            ph(&|r| r.country = Country::MY),
            ph(&|r| r.country = Country::RU),
            ph(&|r| r.destination = bank("ZZZZPHMM", "1")),
            ph(&|r| r.destination = bank("CENAIDJA", "1")),
            ph(&|r| r.destination = bank("gcash", "09171234567")),
            ph(&|r| r.destination = wallet("gcash", "+6281234567890")),
            ph(&|r| r.destination = number("gcash", "9171234567")),
            ph(&|r| r.destination = Destination::Qr(QrText::new("0002").unwrap())),
            ph(&|r| r.beneficiary.name = None),
            ph(&|r| r.beneficiary.name = name("Santos & Sons")),
            ph(&|r| r.beneficiary.name = Some(parts(&"x".repeat(64), None, &"y".repeat(64)))),
            ph(&|r| r.remark = Some("x".repeat(257))),
            ph(&|r| r.remark = Some("two\nlines".into())),
            ph(&|r| {
                r.extras.insert("regional.purpose".into(), Sensitive::new("x").unwrap());
            }),
            id(&|r| r.amount = idr(999_900)),
            id(&|r| r.amount = idr(1_000_050)),
            id(&|r| r.amount = php(10_000)),
            id(&|r| r.beneficiary.mobile = None),
            id(&|r| r.beneficiary.mobile = Some(Phone::new("+639171234567").unwrap())),
            id(&|r| r.beneficiary.mobile = Some(Phone::new("+62212345678").unwrap())),
            id(&|r| r.destination = bank("SUNIIDJA", "1")),
            id(&|r| r.destination = wallet("gcash", "+62812345678")),
            my(&|r| r.destination = proxy("1101700207030")),
            my(&|r| r.destination = wallet("tng", "+639171234567")),
            th(&|r| r.beneficiary.kind = None),
            th(&|r| r.beneficiary.tax_id = None),
            th(&|r| r.beneficiary.mobile = None),
            th(&|r| r.beneficiary.relationship = Some("x".repeat(51))),
            th(&|r| r.destination = wallet("wechat", "+66812345678")),
            th(&|r| r.destination = proxy("110170020703")),
            th(&|r| r.destination = proxy("1101700207031")),
            th(&|r| r.beneficiary.tax_id = TaxId::new("1101700207031").ok()),
            th(&|r| r.destination = mobile("+66212345678")),
            th(&|r| r.destination = mobile("+639171234567")),
        ]
        .join("\n")
    );
}

#[test]
fn order_ids_of_a_wrong_form_are_refused() {
    for id in ["PSHORT", "PCCT4DQCA7IYPBOIHLLI5GBEMBCCT4DQ", "PCCT-4DQCA7IYPBOIHLLI5GBEMB"] {
        let id = OrderId::parse(id).unwrap();
        let error = Payouts::prepare(&regional(&offline()), &payout(), &id).unwrap_err();
        assert_eq!((error.field(), error.effect()), (Some("order_id"), Effect::NotSent));
    }
}

#[test]
fn another_adapter_s_extras_are_ignored() {
    let mut request = payout();
    request.extras.insert("acme.purpose".into(), Sensitive::new("x").unwrap());
    assert_eq!(body(&request).unwrap(), body(&payout()).unwrap());
}

#[tokio::test]
async fn a_country_that_is_not_configured_is_not_served() {
    let mut settings = settings();
    settings.countries = vec![Country::PH];
    let platform = offline();
    let both = regional(&platform);
    let one = regional_with(&platform, settings);
    assert_eq!(one.accounts(), [(AccountKind::Single, Country::PH, Currency::PHP)]);
    assert!(Payouts::prepare(&one, &payout(), &order_id()).is_ok());
    let error = Payouts::prepare(&one, &indonesian(), &order_id()).unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::Unsupported, Effect::NotSent));
    let prepared = Payouts::prepare(&both, &indonesian(), &order_id()).unwrap();
    let error = Payouts::create(&one, &prepared).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::Unsupported, Effect::NotSent));
    assert_eq!(Payouts::find(&one, &prepared.lookup).await.unwrap_err().effect(), Effect::Unknown);
    let balance = one.balance(AccountKind::Single, Country::ID, Currency::IDR).await;
    assert_eq!(balance.unwrap_err().kind(), ErrorKind::Unsupported);
}

#[tokio::test]
async fn production_requires_accepted_assumptions() {
    let mut settings = settings();
    settings.environment = Environment::Production;
    settings.base_url = "https://openapi.paycools.com".into();
    let platform = offline();
    let cautious = regional_with(&platform, settings.clone());
    let error = Payouts::prepare(&cautious, &payout(), &order_id()).unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::Unsupported, Effect::NotSent));
    assert_snapshot!(error);
    let corridors = &Payouts::capability(&cautious).corridors;
    assert!(corridors.iter().all(|corridor| corridor.operations.is_empty()));
    assert_eq!(cautious.accounts().len(), 5, "the balance is documented");

    for half in [Operation::Payout, Operation::PayoutFind] {
        settings.accept_unverified = vec![half];
        let error =
            Payouts::prepare(&regional_with(&platform, settings.clone()), &payout(), &order_id());
        assert_eq!(error.unwrap_err().field(), Some("accept_unverified"));
    }
    settings.accept_unverified = vec![Operation::Payout, Operation::PayoutFind];
    let accepting = regional_with(&platform, settings);
    let prepared = Payouts::prepare(&accepting, &payout(), &order_id()).unwrap();
    // What was prepared before the setting was withdrawn is not sent after.
    let error = Payouts::create(&cautious, &prepared).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::Unsupported, Effect::NotSent));
    assert_eq!(platform.requests(), 0);
}
