//! The same script under a manual clock gives the same bytes.

use crate::shop::{DISBURSE, QUERY, Shop, disbursement, query};
use tulay_sandbox::kit::Faults;

#[tokio::test]
async fn two_runs_are_alike_byte_for_byte() {
    assert_eq!(run().await, run().await);
}

async fn run() -> String {
    let shop = Shop::open().await;
    shop.receiver.answer_first([(500, ""), (200, "{\"code\":\"500\"}"), (0, "")]);
    shop.faults(Faults { duplicate_notifications: 2, lose_answers: 1, ..Faults::default() });
    let mut transcript = String::new();
    let accounts =
        ["0917111", "0917991001", "0917994001", "0917993001", "0917993002", "0917990418"];
    for (n, account) in accounts.into_iter().enumerate() {
        let sent = shop.send(DISBURSE, &disbursement(&format!("M{n}"), account)).await;
        transcript += &format!("{:?}\n", sent.map(http::Response::into_body));
        shop.advance("250ms").await;
    }
    shop.advance("20m").await;
    for n in 0..accounts.len() {
        let sent = shop.send(QUERY, &query(&format!("Q{n}"), &format!("M{n}"))).await;
        transcript += &format!("{:?}\n", sent.map(http::Response::into_body));
    }
    for request in shop.receiver.received() {
        transcript += &format!("{:?}\n", request.body());
    }
    transcript + &format!("{:?}\n{:?}", shop.sandbox.ledger(), shop.sandbox.notifications())
}
