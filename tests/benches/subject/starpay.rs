//! Starpay: the request is signed, and so is the answer.

use super::{Signatures, Signing, Subject, context, signed_by_platform};
use std::sync::Arc;
use tulay::{
    Environment, Payouts, ProviderId,
    starpay::{Keys, Settings, Starpay},
};
use tulay_tests::{order_id, payout};

pub(crate) fn subject(signing: Signing) -> Subject {
    let request = payout("R1", "001234567890");
    let probe = connect("http://127.0.0.1:1", signing);
    let order_id = order_id(&probe, &request);
    let signed = probe.prepare(&request, &order_id).unwrap().body;
    let verified = format!(
        r#"{{"code":"200","message":"success","msgId":"{order_id}","mchId":"101510000001","trxDate":"2026-11-20T10:00:00+08:00","trxAmount":10000,"trxState":"PROCESSING","originalMsgId":"{order_id}","orderNo":"202611201000000001"}}"#
    );
    let signature = signed_by_platform(&verified);
    Subject {
        connect: Box::new(move |url| Arc::new(connect(url, signing))),
        request: Arc::new(request),
        answer: format!(r#"{{"response":{verified},"signature":"{signature}"}}"#),
        body: format!(r#"{{"request":{signed},"signature":"{signature}"}}"#),
        headers: Vec::new(),
        signatures: Some(Signatures { signed, verified: Some(verified) }),
    }
}

fn connect(url: &str, signing: Signing) -> Starpay {
    let settings = Settings::new(Environment::Sandbox, url, "101510000001");
    let keys = Keys::new(signing.signer(), signing.verifier());
    Starpay::new(ProviderId::new("starpay").unwrap(), settings, keys, context()).unwrap()
}
