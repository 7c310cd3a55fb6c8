//! The regional platform: the request is signed, answers are not.

use super::{Signatures, Signing, Subject, context, signed_by_platform};
use std::sync::Arc;
use tulay::{
    Country, Environment, Payouts, ProviderId,
    regional::{Keys, Regional, Settings},
};
use tulay_tests::{order_id, payout};

const APP_ID: &str = "5a4d7b0c2e9f41638a1b2c3d4e5f6071";

pub(crate) fn subject(signing: Signing) -> Subject {
    let request = payout("R1", "001234567890");
    let probe = connect("http://127.0.0.1:1", signing);
    let order_id = order_id(&probe, &request);
    let prepared = probe.prepare(&request, &order_id).unwrap().body;
    let signed = prepared.replacen('{', r#"{"timestamp":1795161600000,"#, 1);
    let signature = signed_by_platform(&signed);
    let param = serde_json::to_string(&signed).unwrap();
    Subject {
        connect: Box::new(move |url| Arc::new(connect(url, signing))),
        request: Arc::new(request),
        answer: format!(
            r#"{{"code":10000,"message":"Success","data":{{"mchOrderId":"{order_id}","transactionId":"2026112000000001","transactionStatus":"PROCESSING"}}}}"#
        ),
        body: format!(r#"{{"appId":"{APP_ID}","sign":"{signature}","param":{param}}}"#),
        headers: Vec::new(),
        signatures: Some(Signatures { signed, verified: None }),
    }
}

fn connect(url: &str, signing: Signing) -> Regional {
    let settings = Settings::new(Environment::Sandbox, url, APP_ID, vec![Country::PH]);
    let keys = Keys::new(signing.signer(), signing.verifier());
    Regional::new(ProviderId::new("regional").unwrap(), settings, keys, context()).unwrap()
}
