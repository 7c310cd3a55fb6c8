//! What is sent, byte for byte, and what is refused before.

use crate::support::*;
use http::Method;
use insta::assert_snapshot;
use tulay_core::*;
use tulay_starpay::NameSplit;

fn offline() -> std::sync::Arc<Platform> {
    Platform::new(|_| panic!("nothing may be sent"))
}

fn body(request: &PayoutRequest) -> Result<String> {
    Payouts::prepare(&starpay(&offline()), request, &order_id()).map(|prepared| prepared.body)
}

#[test]
fn payout_bodies() {
    let mut request = payout();
    assert_snapshot!("payout_to_a_bank", body(&request).unwrap());

    request.destination = wallet("gcash", "+639171234567");
    request.remark = Some("Salary for November, peñas".into());
    request.beneficiary.name = Some(Name::Parts {
        given: NamePart::new("Juan Miguel").unwrap(),
        middle: Some(NamePart::new("Reyes").unwrap()),
        family: NamePart::new("Muñoz").unwrap(),
        suffix: Some(NamePart::new("Jr.").unwrap()),
    });
    assert_snapshot!("payout_to_a_wallet", body(&request).unwrap());

    let mut request = payout();
    let phone = WalletAccount::Phone(Phone::new("+639171234567").unwrap());
    request.destination = Destination::ProviderAccount(phone);
    assert_snapshot!("payout_to_a_starpay_account", body(&request).unwrap());

    let mut request = payout();
    request.destination = Destination::Qr(QrText::new(DYNAMIC_CODE).unwrap());
    request.beneficiary.name = None;
    assert_snapshot!("payout_to_a_merchant_s_code", body(&request).unwrap());
    let person = tulay_qr::qrph::P2p {
        acquirer: "GXCHPHM2XXX",
        account: "09171234567",
        ..Default::default()
    };
    let draft = tulay_qr::Draft {
        merchant_name: Some("J** C*****"),
        merchant_city: Some("Manila"),
        ..Default::default()
    };
    request.destination = Destination::Qr(QrText::new(person.build(&draft).unwrap()).unwrap());
    assert_snapshot!("payout_to_a_person_s_code", body(&request).unwrap());

    let mut request = payout();
    request.beneficiary.kind = Some(PartyKind::Organization);
    request.beneficiary.name =
        Some(Name::Full(NamePart::new("Ugnayan \"Bridge\" Trading").unwrap()));
    assert_snapshot!("payout_to_an_organization", body(&request).unwrap());
}

#[test]
fn the_request_carries_the_notification_address() {
    let mut context = context(offline());
    context.notify_url = Some("https://pay.example.com/notify/starpay".parse().unwrap());
    let keys = tulay_starpay::Keys::parse(MERCHANT_KEY, PLATFORM_PUBLIC_KEY).unwrap();
    let id = ProviderId::new("starpay").unwrap();
    let starpay = tulay_starpay::Starpay::new(id, settings(), keys, context).unwrap();
    assert_snapshot!(Payouts::prepare(&starpay, &payout(), &order_id()).unwrap().body);
}

#[test]
fn prepare_is_deterministic() {
    let (one, two) = (starpay(&offline()), starpay(&offline()));
    let prepared = Payouts::prepare(&one, &payout(), &order_id()).unwrap();
    assert_eq!(prepared, Payouts::prepare(&two, &payout(), &order_id()).unwrap());
    assert_eq!(prepared.lookup.order_id, order_id());
    assert_eq!(prepared.lookup.amount, Some(payout().amount));
    assert_eq!(&prepared.merchant_account, one.merchant_account());
}

#[tokio::test]
async fn two_sendings_are_the_same_bytes() {
    let answer = signed("response", &order(order_id().as_str(), "PROCESSING", ""));
    let platform = Platform::says(200, answer);
    let starpay = starpay(&platform);
    let prepared = Payouts::prepare(&starpay, &payout(), &order_id()).unwrap();
    Payouts::create(&starpay, &prepared).await.unwrap();
    Payouts::create(&starpay, &prepared).await.unwrap();
    let sent = platform.sent.lock().unwrap();
    assert_eq!(sent[0].body(), sent[1].body());
    assert_eq!(sent[0].method(), Method::POST);
    assert_eq!(sent[0].uri(), "http://127.0.0.1:8400/starpay/v1/disburse");
    assert_eq!(sent[0].headers()["content-type"], "application/json");
    assert_eq!(request_text(&sent[0]), prepared.body);
}

#[tokio::test]
async fn queries() {
    let platform = Platform::says(500, "");
    let starpay = starpay(&platform);
    let lookup = Payouts::prepare(&starpay, &payout(), &order_id()).unwrap().lookup;
    assert!(Payouts::find(&starpay, &lookup).await.is_err());
    assert!(starpay.list(Country::PH).await.is_err());
    assert!(starpay.balance(AccountKind::Payout, Country::PH, Currency::PHP).await.is_err());
    let collected = starpay.balance(AccountKind::Collection, Country::PH, Currency::PHP).await;
    assert!(collected.is_err());
    assert!(starpay.check().await.is_err());
    let sent = platform.sent.lock().unwrap();
    let shown: Vec<String> = sent
        .iter()
        .map(|sent| {
            let text =
                if sent.method() == Method::POST { request_text(sent) } else { String::new() };
            format!("{} {} {text}", sent.method(), sent.uri().path())
        })
        .collect();
    assert_snapshot!(shown.join("\n"));
}

#[tokio::test]
async fn paths_services_and_spellings_are_settings() {
    let platform = Platform::says(500, "");
    let mut settings = settings();
    settings.base_url = "http://127.0.0.1:8400/other/".into();
    settings.paths.payout_find = "/v2/find".into();
    settings.services.payout_find = "find.me".into();
    settings.institutions.insert(InstitutionId::new("gcash").unwrap(), "G-Xchange / GCash".into());
    settings.name_split = NameSplit::Whole;
    let starpay = starpay_with(&platform, settings);
    let mut request = payout();
    request.destination = wallet("gcash", "+639171234567");
    request.beneficiary.name = Some(Name::Full(NamePart::new("Maria Dela Cruz").unwrap()));
    let prepared = Payouts::prepare(&starpay, &request, &order_id()).unwrap();
    assert_snapshot!(prepared.body);
    request.destination = wallet("GXCHPHM2", "+639171234567");
    let by_bic = Payouts::prepare(&starpay, &request, &order_id()).unwrap();
    assert_eq!(by_bic.body, prepared.body);
    assert!(Payouts::find(&starpay, &prepared.lookup).await.is_err());
    let sent = platform.sent.lock().unwrap();
    assert_eq!(sent[0].uri(), "http://127.0.0.1:8400/other/v2/find");
    assert!(request_text(&sent[0]).contains(r#""service":"find.me""#));
}

#[test]
fn invalid_requests_are_refused_before_sending() {
    let change = |change: &dyn Fn(&mut PayoutRequest)| {
        let mut request = payout();
        change(&mut request);
        let error = body(&request).unwrap_err();
        assert_eq!(error.effect(), Effect::NotSent);
        format!("{} [{}] {error}", error.kind(), error.field().unwrap_or("-"))
    };
    let institution = |id: &str, account: &str| Destination::Bank {
        institution: InstitutionId::new(id).unwrap(),
        account: AccountNumber::new(account).unwrap(),
    };
    let php = |minor| Money::from_minor(minor, Currency::PHP);
    assert_snapshot!(
        [
            change(&|r| r.amount = php(0)),
            change(&|r| r.amount = php(-100)),
            change(&|r| r.amount = php(5_000_001)),
            change(&|r| r.amount = Money::from_minor(10_000, Currency::IDR)),
            change(&|r| r.country = Country::ID),
            change(&|r| r.destination = institution("ZZZZPHMM", "1")),
            change(&|r| r.destination = Destination::Qr(QrText::new("0002").unwrap())),
            change(&|r| {
                r.destination = Destination::Qr(QrText::new(DYNAMIC_CODE).unwrap());
                r.amount = php(9_999);
            }),
            change(&|r| r.destination = wallet("gcash", "+6281234567890")),
            change(&|r| r.beneficiary.name = None),
            change(&|r| {
                r.beneficiary.name = Some(Name::Full(NamePart::new("Maria Dela Cruz").unwrap()));
            }),
            change(&|r| r.remark = Some("x".repeat(93))),
            change(&|r| r.remark = Some("two\nlines".into())),
            change(&|r| {
                r.extras.insert("starpay.purpose".into(), Sensitive::new("x").unwrap());
            }),
        ]
        .join("\n")
    );
}

#[test]
fn another_adapter_s_extras_are_ignored() {
    let mut request = payout();
    request.extras.insert("acme.purpose".into(), Sensitive::new("x").unwrap());
    assert_eq!(body(&request).unwrap(), body(&payout()).unwrap());
}

#[tokio::test]
async fn an_order_of_another_account_is_not_sent() {
    let platform = offline();
    let mut prepared = Payouts::prepare(&starpay(&platform), &payout(), &order_id()).unwrap();
    prepared.merchant_account.account = "101510000002".into();
    let error = Payouts::create(&starpay(&platform), &prepared).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::Configuration, Effect::NotSent));
}

#[tokio::test]
async fn production_requires_accepted_assumptions() {
    let mut settings = settings();
    settings.environment = Environment::Production;
    settings.base_url = "https://financeapi.wallytglobal.com/finance-payment-service".into();
    let platform = offline();
    let cautious = starpay_with(&platform, settings.clone());
    let error = Payouts::prepare(&cautious, &payout(), &order_id()).unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::Unsupported, Effect::NotSent));
    assert_snapshot!(error);
    let corridors = &Payouts::capability(&cautious).corridors;
    assert!(corridors.iter().all(|corridor| corridor.operations.is_empty()));
    assert!(cautious.accounts().is_empty());

    settings.accept_unverified = vec![Operation::PayoutFind, Operation::Balance];
    let accepting = starpay_with(&platform, settings);
    let prepared = Payouts::prepare(&accepting, &payout(), &order_id()).unwrap();
    assert_eq!(accepting.accounts().len(), 2);
    // What was prepared before the setting was withdrawn is not sent after.
    let error = Payouts::create(&cautious, &prepared).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::Unsupported, Effect::NotSent));
    assert_eq!(platform.requests(), 0);
}
