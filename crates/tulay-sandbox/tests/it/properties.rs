//! Whatever arrives, the sandbox answers, and no money moves without a valid signature.

use crate::shop::{BALANCE, DISBURSE, QUERY, RECEIVERS, Shop, disbursement, signed};
use bytes::Bytes;
use http::Request;
use proptest::prelude::*;
use tokio::runtime::Runtime;
use tulay_core::TransportErrorKind;

const PATHS: [&str; 12] = [
    "/starpay/v1/disburse",
    "/starpay/v1/disburse/query",
    "/starpay/v1/disburse/query/receivers",
    "/starpay/v1/disburse/inquireBalance",
    "/starpay/checkconnections",
    "/starpay",
    "/_sandbox/advance",
    "/_sandbox/faults",
    "/_sandbox/ledger",
    "/_sandbox/starpay/merchants/101510000001",
    "/_sandbox/%00/platform-key",
    "/",
];

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Text that is more like a request than arbitrary bytes are.
fn nearly() -> impl Strategy<Value = Vec<u8>> {
    let fragment = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"request\"",
        "\"signature\"",
        "\"mchId\"",
        "\"msgId\"",
        "\"101510000001\"",
        "\"service\"",
        "\"pay.starpay.instapay.disburse\"",
        "null",
        "1",
        "\"\"",
        "\"\\ud800\"",
        " ",
        "1e999",
        "\"trxAmount\"",
        "{\"request\":{\"mchId\":\"101510000001\"},",
    ]);
    prop::collection::vec(fragment, 0..24).prop_map(|parts| parts.concat().into_bytes())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn arbitrary_bytes_are_answered_and_move_nothing(
        path in prop::sample::select(PATHS.to_vec()),
        method in prop::sample::select(vec!["GET", "POST", "PUT", "DELETE"]),
        body in prop_oneof![prop::collection::vec(any::<u8>(), 0..200), nearly()],
    ) {
        runtime().block_on(async {
            let shop = Shop::open().await;
            let request = Request::builder()
                .method(method)
                .uri(format!("{}{path}", shop.sandbox.origin()))
                .header("content-type", "application/json")
                .body(Bytes::from(body))
                .unwrap();
            let answer = shop.sandbox.transport().send(request).await.unwrap();
            assert!(answer.status().as_u16() < 500);
            shop.advance("1h").await;
            assert!(shop.sandbox.ledger().movements().is_empty());
        });
    }

    /// One byte of a genuine request changed, and it is genuine no more.
    #[test]
    fn a_changed_byte_is_refused(place: prop::sample::Index, byte: u8) {
        runtime().block_on(async {
            let shop = Shop::open().await;
            let mut body = signed(&disbursement("M1", "09171234567").text()).into_bytes();
            let place = place.index(body.len());
            if body[place] == byte {
                return;
            }
            body[place] = byte;
            let answer = shop.post(DISBURSE, body).await.unwrap();
            let text = String::from_utf8(answer.body().to_vec()).unwrap();
            let begin = "{\"response\":{\"code\":\"";
            let code = text.strip_prefix(begin).and_then(|rest| rest.get(..3));
            assert!(matches!(code, Some("400" | "401" | "402" | "513")), "{text}");
            shop.advance("1h").await;
            assert!(shop.sandbox.ledger().movements().is_empty());
        });
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// However often and whatever the losses, an id is paid at most once, and exactly once if any
    /// copy was answered with success.
    #[test]
    fn an_id_is_paid_at_most_once(
        copies in prop::collection::vec((0_u8..4, 0_i64..700), 1..6),
        digits in prop::sample::select(vec!["123456", "992001", "992002", "992003", "993002"]),
    ) {
        runtime().block_on(async {
            let shop = Shop::open().await;
            let mut accepted = false;
            for (fault, pause) in copies {
                let mut faults = tulay_sandbox::kit::Faults::default();
                match fault {
                    1 => faults.lose_requests = 1,
                    2 => faults.lose_answers = 1,
                    3 => faults.half_answer = 1,
                    _ => {}
                }
                shop.faults(faults);
                let success = b"{\"response\":{\"code\":\"200\"";
                match shop.send(DISBURSE, &disbursement("M1", &format!("0917{digits}"))).await {
                    Ok(answer) => accepted |= answer.body().starts_with(success),
                    Err(kind) => assert_eq!(kind, TransportErrorKind::Interrupted),
                }
                shop.sandbox.advance(jiff::SignedDuration::from_secs(pause)).await;
            }
            shop.faults(tulay_sandbox::kit::Faults::default());
            shop.advance("1h").await;
            let times = shop.sandbox.ledger().times_paid("M1");
            assert!(times <= 1 && (!accepted || times == 1));
            assert_eq!(shop.state("M1").await == "SUCCESS", times == 1);
            assert!(shop.sandbox.ledger().paid_more_than_once().is_empty());
        });
    }
}

#[test]
fn the_paths_above_are_the_ones_there_are() {
    for path in [DISBURSE, QUERY, RECEIVERS, BALANCE] {
        assert!(PATHS.contains(&format!("/starpay{path}").as_str()));
    }
}
