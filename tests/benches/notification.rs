//! What opening a Starpay notification costs beside the bare RSA verification of the same bytes,
//! and how soon a malformed one is refused.

#![allow(missing_docs, clippy::unwrap_used, reason = "a bench may stop")]

mod harness;

use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use criterion::{Criterion, criterion_group, criterion_main};
use harness::{Case, compare};
use std::{hint::black_box, sync::Arc};
use tulay::{
    AdapterContext, Environment, HttpSettings, HttpTransport, Notifications, ProviderId,
    RandomMessageIds, RawNotification, SecretFiles, SystemClock,
    starpay::{Keys, Settings, Starpay},
};
use tulay_crypto::{PrivateKey, aws_lc};

const KEY: &[u8] = include_bytes!("../../crates/tulay-crypto/tests/data/rsa2048.pkcs8.der");
const PUBLIC: &[u8] = include_bytes!("../../crates/tulay-crypto/tests/data/rsa2048.spki.der");

/// The sample of 6.3, compact, its payer made up.
const TEXT: &str = r#"{"code":"200","message":"success","trxDate":"2024-01-26T11:35:05+08:00","trxAmount":100,"displayName":"Test merchant","trxState":"SUCCESS","originalMsgId":"CAAAAAAAAAAAAAAAAAAAAAAAAA","orderNo":"202401081744178350932496384","payAcctBank":"GCash","payAcctName":"Test Payer","payAcctNo":"639170000000","mchId":"101510000001"}"#;

fn starpay() -> Starpay {
    let context = AdapterContext::new(
        Arc::new(HttpTransport::new(&HttpSettings::default()).unwrap()),
        Arc::new(SystemClock::new()),
        Arc::new(RandomMessageIds::new()),
        Arc::new(SecretFiles::beside("")),
    );
    let merchant = tulay_sandbox::starpay::DEMO_MERCHANT_PRIVATE_KEY;
    let keys = Keys::parse(merchant.as_bytes(), PUBLIC).unwrap();
    let settings = Settings::new(Environment::Sandbox, "http://127.0.0.1:1", "101510000001");
    Starpay::new(ProviderId::new("starpay").unwrap(), settings, keys, context).unwrap()
}

fn open(criterion: &mut Criterion) {
    let signer = aws_lc::RsaSigner::new(&PrivateKey::parse(KEY).unwrap()).unwrap();
    let signature = signer.sign_blocking(TEXT.as_bytes()).unwrap();
    let bare = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, PUBLIC).unwrap();
    let starpay = starpay();
    let raw = |body: String| {
        let target = "/notify/starpay/collection".parse().unwrap();
        RawNotification::new(target, http::HeaderMap::new(), body.into())
    };
    let genuine = raw(format!(r#"{{"request":{TEXT},"signature":"{}"}}"#, signature.to_base64()));
    let malformed = raw(format!(r#"{{"request":{TEXT},"signature":"AAAA"#));
    let unsigned = raw(format!(r#"{{"request":{TEXT}}}"#));
    let cases = vec![
        Case::new("bare RSA", 128, |times| {
            for _ in 0..times {
                bare.verify_sig(TEXT.as_bytes(), signature.as_bytes()).unwrap();
            }
        }),
        Case::new("open", 128, |times| {
            for _ in 0..times {
                black_box(starpay.open(&genuine).unwrap());
            }
        }),
        Case::new("refuse what is cut short", 512, |times| {
            for _ in 0..times {
                assert!(black_box(starpay.open(&malformed)).is_err());
            }
        }),
        Case::new("refuse what is not signed", 512, |times| {
            for _ in 0..times {
                assert!(black_box(starpay.open(&unsigned)).is_err());
            }
        }),
    ];
    compare(criterion, "open a notification", cases);
}

criterion_group!(benches, open);
criterion_main!(benches);
