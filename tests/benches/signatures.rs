//! What `tulay-crypto` costs beside bare calls of aws-lc-rs, 2048 bits.

#![allow(missing_docs, clippy::unwrap_used, reason = "a bench may stop")]

mod harness;

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeyPair,
    signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256},
};
use criterion::{Criterion, criterion_group, criterion_main};
use harness::{Case, compare};
use std::{
    hint::black_box,
    pin::pin,
    task::{Context, Waker},
};
use tulay_crypto::{PrivateKey, Signer, Verifier, aws_lc, rsa};

const KEY: &[u8] = include_bytes!("../../crates/tulay-crypto/tests/data/rsa2048.pkcs8.der");
const PUBLIC: &[u8] = include_bytes!("../../crates/tulay-crypto/tests/data/rsa2048.spki.der");
const MESSAGE: &[u8] = &[b'm'; 321];

fn sign(criterion: &mut Criterion) {
    let key = PrivateKey::parse(KEY).unwrap();
    let bare = KeyPair::from_pkcs8(KEY).unwrap();
    let fast = aws_lc::RsaSigner::new(&key).unwrap();
    let object: &dyn Signer = &fast;
    let pure = rsa::RsaSigner::new(&key).unwrap();
    let cases = vec![
        Case::new("bare aws-lc-rs", 8, |times| {
            for _ in 0..times {
                let mut signature = vec![0; bare.public_modulus_len()];
                let random = SystemRandom::new();
                bare.sign(&RSA_PKCS1_SHA256, &random, MESSAGE, &mut signature).unwrap();
                black_box(signature);
            }
        }),
        Case::new("aws-lc", 8, |times| {
            for _ in 0..times {
                black_box(fast.sign_blocking(MESSAGE).unwrap());
            }
        }),
        Case::new("aws-lc as dyn Signer", 8, |times| {
            let mut context = Context::from_waker(Waker::noop());
            for _ in 0..times {
                assert!(black_box(pin!(object.sign(MESSAGE)).poll(&mut context)).is_ready());
            }
        }),
        Case::new("rsa, blinded", 4, |times| {
            for _ in 0..times {
                black_box(pure.sign_blocking(MESSAGE).unwrap());
            }
        }),
    ];
    compare(criterion, "sign 2048", cases);
}

fn verify(criterion: &mut Criterion) {
    let key = PrivateKey::parse(KEY).unwrap();
    let signature = aws_lc::RsaSigner::new(&key).unwrap().sign_blocking(MESSAGE).unwrap();
    let bare = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, PUBLIC).unwrap();
    let fast = aws_lc::RsaVerifier::new(key.public_key()).unwrap();
    let object: &dyn Verifier = &fast;
    let pure = rsa::RsaVerifier::new(key.public_key()).unwrap();
    let cases = vec![
        Case::new("bare aws-lc-rs", 128, |times| {
            for _ in 0..times {
                bare.verify_sig(MESSAGE, signature.as_bytes()).unwrap();
            }
        }),
        Case::new("aws-lc", 128, |times| {
            for _ in 0..times {
                fast.verify(MESSAGE, &signature).unwrap();
            }
        }),
        Case::new("aws-lc as dyn Verifier", 128, |times| {
            for _ in 0..times {
                object.verify(MESSAGE, &signature).unwrap();
            }
        }),
        Case::new("rsa", 16, |times| {
            for _ in 0..times {
                pure.verify(MESSAGE, &signature).unwrap();
            }
        }),
    ];
    compare(criterion, "verify 2048", cases);
}

criterion_group!(benches, sign, verify);
criterion_main!(benches);
