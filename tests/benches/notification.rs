//! What opening a notification costs beside the bare RSA verification of the same bytes, and how
//! soon a malformed one is refused, at each adapter.

#![allow(missing_docs, clippy::unwrap_used, reason = "a bench may stop")]

mod harness;

use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use criterion::{Criterion, criterion_group, criterion_main};
use harness::{Case, compare};
use std::{hint::black_box, sync::Arc};
use tulay::{
    Country, Environment, ProviderId, SecretFiles,
    adapter::{AdapterContext, HttpSettings, HttpTransport, RandomMessageIds, SystemClock},
    regional::{self, Regional},
    starpay::{self, Starpay},
    webhook::{WebhookRequest, Webhooks},
};
use tulay_crypto::{PrivateKey, aws_lc};

const KEY: &[u8] = include_bytes!("../../crates/tulay-crypto/tests/data/rsa2048.pkcs8.der");
const PUBLIC: &[u8] = include_bytes!("../../crates/tulay-crypto/tests/data/rsa2048.spki.der");

/// One adapter, and how its provider notifies.
struct Subject {
    name: &'static str,
    notifications: Box<dyn Webhooks>,
    /// The text that is signed.
    text: &'static str,
    /// Where the text stands in a body, and the name of the signature.
    members: (String, &'static str),
}

/// The sample of 6.3, compact, its payer made up.
fn starpay() -> Subject {
    const TEXT: &str = r#"{"code":"200","message":"success","trxDate":"2024-01-26T11:35:05+08:00","trxAmount":100,"displayName":"Test merchant","trxState":"SUCCESS","originalMsgId":"CAAAAAAAAAAAAAAAAAAAAAAAAA","orderNo":"202401081744178350932496384","payAcctBank":"GCash","payAcctName":"Test Payer","payAcctNo":"639170000000","mchId":"101510000001"}"#;
    let merchant = tulay_sandbox::starpay::DEMO_MERCHANT_PRIVATE_KEY;
    let keys = starpay::Keys::parse(merchant.as_bytes(), PUBLIC).unwrap();
    let base_url = "http://127.0.0.1:1";
    let settings = starpay::Settings::new(Environment::Sandbox, base_url, "101510000001");
    let id = ProviderId::new("starpay").unwrap();
    Subject {
        name: "starpay",
        notifications: Box::new(Starpay::new(id, settings, keys, context()).unwrap()),
        text: TEXT,
        members: (format!(r#""request":{TEXT}"#), "signature"),
    }
}

/// The sample of 2.1.3, of a collection, with a reference of the rail.
fn regional() -> Subject {
    const TEXT: &str = r#"{"amount":10000,"createTime":"2023-03-02 09:25:12","eventName":"payment.success","mchOrderId":"CAAAAAAAAAAAAAAAAAAAAAAAAA","referenceNumber":"BR123456789012","remark":"remark","returnTime":"2023-03-02 09:25:12","transactionId":"D1631118424367169536", "transactionStatus":"COMPLETED"}"#;
    let merchant = tulay_sandbox::regional::DEMO_MERCHANT_PRIVATE_KEY;
    let keys = regional::Keys::parse(merchant.as_bytes(), PUBLIC).unwrap();
    let app_id = tulay_sandbox::regional::DEMO_APP_ID;
    let countries = vec![Country::PH, Country::ID, Country::MY, Country::TH, Country::RU];
    let base_url = "http://127.0.0.1:1";
    let settings = regional::Settings::new(Environment::Sandbox, base_url, app_id, countries);
    let id = ProviderId::new("regional").unwrap();
    Subject {
        name: "regional",
        notifications: Box::new(Regional::new(id, settings, keys, context()).unwrap()),
        text: TEXT,
        members: (format!(r#""param":{}"#, serde_json::to_string(TEXT).unwrap()), "sign"),
    }
}

fn context() -> AdapterContext {
    AdapterContext::new(
        Arc::new(HttpTransport::new(&HttpSettings::default()).unwrap()),
        Arc::new(SystemClock::new()),
        Arc::new(RandomMessageIds::new()),
        Arc::new(SecretFiles::beside("")),
    )
}

fn open(criterion: &mut Criterion) {
    let signer = aws_lc::RsaSigner::new(&PrivateKey::parse(KEY).unwrap()).unwrap();
    let bare = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, PUBLIC).unwrap();
    for subject in [starpay(), regional()] {
        let Subject { name, notifications, text, members: (content, sign) } = subject;
        let signature = signer.sign_blocking(text.as_bytes()).unwrap();
        let raw = |body: String| {
            let target = format!("/notify/{name}/collection").parse().unwrap();
            WebhookRequest::new(target, http::HeaderMap::new(), body.into())
        };
        let genuine = raw(format!(r#"{{{content},"{sign}":"{}"}}"#, signature.to_base64()));
        let malformed = raw(format!(r#"{{{content},"{sign}":"AAAA"#));
        let unsigned = raw(format!("{{{content}}}"));
        let cases = vec![
            Case::new("bare RSA", 128, |times| {
                for _ in 0..times {
                    bare.verify_sig(text.as_bytes(), signature.as_bytes()).unwrap();
                }
            }),
            Case::new("open", 128, |times| {
                for _ in 0..times {
                    black_box(notifications.open(&genuine).unwrap());
                }
            }),
            Case::new("refuse what is cut short", 512, |times| {
                for _ in 0..times {
                    assert!(black_box(notifications.open(&malformed)).is_err());
                }
            }),
            Case::new("refuse what is not signed", 512, |times| {
                for _ in 0..times {
                    assert!(black_box(notifications.open(&unsigned)).is_err());
                }
            }),
        ];
        compare(criterion, &format!("open a notification of {name}"), cases);
    }
}

criterion_group!(benches, open);
criterion_main!(benches);
