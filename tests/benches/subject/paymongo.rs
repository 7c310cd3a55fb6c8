//! PayMongo: no answer is signed; the key goes in a header.

use super::{Subject, basic, context};
use std::sync::Arc;
use tulay::{
    Environment, Payouts, ProviderId,
    adapter::Secret,
    paymongo::{Keys, Paymongo, Settings, SourceAccount},
};
use tulay_tests::{order_id, payout};

const SECRET_KEY: &str = "sk_test_bench";
const ORGANIZATION: &str = "org_7000000000000000000000ab";

pub(crate) fn subject() -> Subject {
    let request = payout("R1", "001234567890");
    let probe = connect("http://127.0.0.1:1");
    let order_id = order_id(&probe, &request);
    Subject {
        connect: Box::new(|url| Arc::new(connect(url))),
        body: probe.prepare(&request, &order_id).unwrap().body,
        request: Arc::new(request),
        answer: format!(
            r#"{{"data":{{"id":"batch_tr_1","transfers":[{{"id":"tr_1","livemode":false,"merchant_id":"{ORGANIZATION}","amount":10000,"fee":1000,"currency":"PHP","provider":"instapay","status":"pending","reference_number":"{order_id}","destination_account":{{"number":"001234567890","name":"Maria Dela Cruz","bic":"BOPIPHMMXXX"}}}}]}}}}"#
        ),
        headers: vec![
            ("authorization", basic(SECRET_KEY)),
            ("idempotency-key", order_id.to_string()),
        ],
        signatures: None,
    }
}

fn connect(url: &str) -> Paymongo {
    let mut settings = Settings::new(Environment::Sandbox, url, ORGANIZATION);
    settings.source_account = Some(SourceAccount::new("000070010020", "Example Shop Inc."));
    let keys = Keys::new(Secret::new(SECRET_KEY).unwrap(), Vec::new());
    Paymongo::new(ProviderId::new("paymongo").unwrap(), settings, keys, context()).unwrap()
}
