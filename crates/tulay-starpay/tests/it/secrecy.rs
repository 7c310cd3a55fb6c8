//! Planted personal data and secrets appear nowhere but on the wire.

use crate::support::*;
use tulay_core::*;

const PLANTED: [&str; 4] = ["Planted", "998877665544", "Geheim", "BEGIN PRIVATE"];

fn planted() -> PayoutRequest {
    let mut request = payout();
    request.destination = Destination::Bank {
        institution: InstitutionId::new("SUSVPHM1").unwrap(),
        account: AccountNumber::new("998877665544").unwrap(),
    };
    request.beneficiary.name = Some(parts("Planted", None, "Geheim"));
    request
}

fn assert_clean(printed: &str) {
    for planted in PLANTED {
        assert!(!printed.contains(planted), "{planted} in {printed}");
    }
}

#[tokio::test]
async fn nothing_planted_is_printed() {
    let words = r#","payAcctName":"Planted Geheim","payAcctNo":"998877665544","errorCode":"998877665544","errorMessage":"Planted 998877665544""#;
    let id = order_id();
    let bodies = [
        signed("response", &order(id.as_str(), "FAIL", words)),
        signed("response", &order(id.as_str(), "SUCCESS", words).replace("10000", "10001")),
        signed("response", r#"{"code":"412","message":"Planted 998877665544"}"#),
        signed("response", r#"{"code":"Planted 998877665544"}"#),
        signed("response", r#"{"code":"998877665544"}"#),
        signed("response", r#"{"code":{"Geheim":"998877665544"}}"#),
        r#"{"response":"Planted 998877665544"}"#.to_owned(),
        "Planted 998877665544".to_owned(),
    ];
    for body in bodies {
        let starpay = starpay(&Platform::says(200, body));
        let prepared = Payouts::prepare(&starpay, &planted(), &id).unwrap();
        assert!(prepared.body.contains("998877665544"), "it is on the wire");
        assert_clean(&format!("{starpay:?} {prepared:?} {:?}", starpay.keys_printed()));
        match Payouts::create(&starpay, &prepared).await {
            Ok(payout) => {
                assert_clean(&format!("{payout:?} {}", Notification::Payout(payout.clone()).key()))
            }
            Err(error) => assert_clean(&format!("{error} {error:?} {error:#?}")),
        }
        match Payouts::find(&starpay, &prepared.lookup).await {
            Ok(found) => assert_clean(&format!("{found:?}")),
            Err(error) => assert_clean(&format!("{error} {error:?}")),
        }
    }
}

#[test]
fn a_refused_request_does_not_repeat_itself() {
    let starpay = starpay(&Platform::says(500, ""));
    let mut request = planted();
    request.remark = Some("Geheim".repeat(30));
    let error = Payouts::prepare(&starpay, &request, &order_id()).unwrap_err();
    assert_clean(&format!("{error} {error:?}"));
}

/// PHP 100.00 to a shop whose name, account and city are somebody's.
fn planted_code() -> String {
    let account = tulay_qr::qrph::P2m {
        acquirer: "SRCPPHM2XXX",
        merchant_id: Some("MRCHNT-AB12C"),
        account: Some("998877665544"),
        ..Default::default()
    };
    let draft = tulay_qr::Draft {
        amount: Some("100.00"),
        category_code: Some("5999"),
        merchant_name: Some("Planted Geheim"),
        merchant_city: Some("Geheim"),
        ..Default::default()
    };
    account.build(&draft).unwrap()
}

#[tokio::test]
async fn neither_codes_nor_payers_are_printed() {
    let code = planted_code();
    let amount = Money::from_minor(10_000, Currency::PHP);
    let reference = Reference::new("R1").unwrap();
    let request = CollectionRequest::new(reference, Country::PH, amount, CollectionMethod::Qr);
    let id = OrderId::parse("CAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
    let payer = r#","payAcctName":"Planted Geheim","payAcctNo":"998877665544""#;
    let said = order(id.as_str(), "PROCESSING", payer).replace(order_id().as_str(), id.as_str());
    for code in [code.clone(), code.replace("100.00", "998877665544"), "Planted Geheim".into()] {
        let answer = said.replace("}", &format!(r#","codeUrl":"{code}"}}"#));
        let starpay = starpay(&Platform::says(200, signed("response", &answer)));
        match collect(&starpay, &request, &id).await {
            Ok(made) => assert_clean(&format!("{made:?}")),
            Err(error) => assert_clean(&format!("{error} {error:?}")),
        }
        let text = QrText::new(code).unwrap();
        match starpay.inspect(&text).await {
            Ok(read) => assert_clean(&format!("{read:?}")),
            Err(error) => assert_clean(&format!("{error} {error:?}")),
        }
        let mut request = payout();
        request.destination = Destination::Qr(text);
        match Payouts::prepare(&starpay, &request, &order_id()) {
            Ok(prepared) => assert_clean(&format!("{request:?} {prepared:?}")),
            Err(error) => assert_clean(&format!("{error} {error:?}")),
        }
    }
    let notice = said.replace(&format!(r#""msgId":"{id}","#), "");
    let starpay = starpay(&Platform::says(500, ""));
    let body = signed("request", &notice).into();
    let raw = WebhookRequest::new("/".parse().unwrap(), http::HeaderMap::new(), body);
    let events = starpay.open(&raw).unwrap();
    assert_clean(&format!("{events:?} {}", events.get()[0].key()));
}

trait Printed {
    fn keys_printed(&self) -> String;
}

impl Printed for tulay_starpay::Starpay {
    fn keys_printed(&self) -> String {
        let keys = tulay_starpay::Keys::parse(MERCHANT_KEY, PLATFORM_PUBLIC_KEY).unwrap();
        format!("{keys:?} {:?}", keys.signer)
    }
}
