//! Planted personal data and secrets appear nowhere but on the wire.

use crate::support::*;
use tulay_core::*;

const PLANTED: [&str; 5] = ["Planted", "998877665544", "Geheim", "BEGIN PRIVATE", "81234567890"];

fn planted() -> PayoutRequest {
    let mut request = indonesian();
    request.destination = bank("BNIAIDJA", "998877665544");
    request.beneficiary.name = Some(parts("Planted", None, "Geheim"));
    request.beneficiary.mobile = Some(Phone::new("+6281234567890").unwrap());
    request
}

fn assert_clean(printed: &str) {
    for planted in PLANTED {
        assert!(!printed.contains(planted), "{planted} in {printed}");
    }
}

#[tokio::test]
async fn nothing_planted_is_printed() {
    let words = r#","accountName":"Planted Geheim","accountNo":"998877665544","failedCode":"998877665544","failedMessage":"Planted 998877665544""#;
    let bodies = [
        success(&order("FAILED", words)),
        success(&order("COMPLETED", words).replace("10000", "10001")),
        success(&order("COMPLETED", "").replace("10000", "{\"Geheim\":\"998877665544\"}")),
        success(r#"{"mchOrderId":"Planted 998877665544"}"#),
        r#"{"code":21002,"message":"Planted 998877665544","data":null}"#.to_owned(),
        r#"{"code":"Planted 998877665544"}"#.to_owned(),
        r#"{"code":"998877665544"}"#.to_owned(),
        r#"{"code":{"Geheim":"998877665544"}}"#.to_owned(),
        "Planted 998877665544".to_owned(),
    ];
    for body in bodies {
        let regional = regional(&Platform::says(200, body));
        let prepared = Payouts::prepare(&regional, &planted(), &order_id()).unwrap();
        assert!(prepared.body.contains("998877665544"), "it is on the wire");
        assert!(prepared.body.contains("081234567890"), "it is on the wire");
        let keys = tulay_regional::Keys::parse(MERCHANT_KEY, PLATFORM_PUBLIC_KEY).unwrap();
        assert_clean(&format!("{regional:?} {prepared:?} {keys:?} {:?}", keys.signer));
        match Payouts::create(&regional, &prepared).await {
            Ok(payout) => {
                assert_clean(&format!("{payout:?} {}", Notification::Payout(payout.clone()).key()));
            }
            Err(error) => assert_clean(&format!("{error} {error:?} {error:#?}")),
        }
        match Payouts::find(&regional, &prepared.lookup).await {
            Ok(found) => assert_clean(&format!("{found:?}")),
            Err(error) => assert_clean(&format!("{error} {error:?}")),
        }
    }
}

#[test]
fn a_refused_request_does_not_repeat_itself() {
    let regional = regional(&Platform::says(500, ""));
    let changes: [&dyn Fn(&mut PayoutRequest); 3] = [
        &|r| r.remark = Some("Geheim".repeat(60)),
        &|r| r.beneficiary.name = Some(parts(&"Planted".repeat(9), None, &"Geheim".repeat(12))),
        &|r| r.destination = wallet("ovo", "+639981234567"),
    ];
    for change in changes {
        let mut request = planted();
        change(&mut request);
        let error = Payouts::prepare(&regional, &request, &order_id()).unwrap_err();
        assert_clean(&format!("{error} {error:?}"));
    }
}
