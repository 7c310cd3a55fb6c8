//! A payout through an adapter, whole: prepare, sign, HTTP on loopback, verify, map. Beside it the
//! signature alone, which is the floor, where there is one, and a bare HTTP call with the same headers.
//!
//! The server answers from memory, with an answer that was signed beforehand.

#![allow(missing_docs, clippy::unwrap_used, reason = "a bench may stop")]

mod harness;
mod stub;
mod subject;

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeyPair,
    signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256},
};
use criterion::{Criterion, criterion_group, criterion_main};
use harness::{Case, compare};
use reqwest::RequestBuilder;
use std::{future::Future, hint::black_box, sync::Arc};
use stub::Stub;
use subject::{MERCHANT_KEY, MERCHANT_PUBLIC_KEY, Make, SUBJECTS, Signatures, Signing, Subject};
use tokio::{runtime::Runtime, task::JoinSet};
use tulay::Payouts;
use tulay_crypto::{PrivateKey, RsaSigner};
use tulay_tests::order_id;

/// An adapter against its server, and the same without it.
struct Bench {
    subject: Subject,
    payouts: Arc<dyn Payouts>,
    stub: Stub,
}

impl Bench {
    fn new(make: Make, signing: Signing) -> Self {
        let subject = make(signing);
        let stub = Stub::start(subject.answer.clone());
        let payouts = (subject.connect)(&stub.url);
        Self { subject, payouts, stub }
    }

    fn roundtrip(&self, runtime: &Runtime, in_flight: u64, times: u64) {
        at_once(runtime, in_flight, times, |share| {
            let (payouts, request) = (Arc::clone(&self.payouts), Arc::clone(&self.subject.request));
            async move {
                for _ in 0..share {
                    let order_id = order_id(payouts.as_ref(), &request);
                    let prepared = payouts.prepare(&request, &order_id).unwrap();
                    black_box(payouts.create(&prepared).await.unwrap());
                }
            }
        });
    }

    /// The same bytes out and in, with or without the work of signatures, and nothing else.
    fn bare_http(
        &self,
        runtime: &Runtime,
        client: &reqwest::Client,
        in_flight: u64,
        times: u64,
        rsa: Option<&Arc<BareRsa>>,
    ) {
        at_once(runtime, in_flight, times, |share| {
            let (client, url) = (client.clone(), self.stub.url.clone());
            let (body, rsa) = (self.subject.body.clone(), rsa.cloned());
            let headers = self.subject.headers.clone();
            async move {
                for _ in 0..share {
                    rsa.iter().for_each(|rsa| rsa.sign());
                    let request = client.post(&url).header("content-type", "application/json");
                    let with = |request: RequestBuilder, (name, value): &(&str, String)| {
                        request.header(*name, value)
                    };
                    let request = headers.iter().fold(request, with);
                    let answer = request.body(body.clone()).send().await.unwrap();
                    black_box(answer.bytes().await.unwrap());
                    rsa.iter().for_each(|rsa| rsa.verify());
                }
            }
        });
    }
}

/// What the signatures of a payout cost, without anything of ours.
struct BareRsa {
    key: KeyPair,
    public: ParsedPublicKey,
    signed: String,
    /// What is verified, where answers are signed, and its signature.
    verified: Option<(String, Vec<u8>)>,
}

impl BareRsa {
    fn new(texts: &Signatures) -> Self {
        let signer = RsaSigner::new(&PrivateKey::parse(MERCHANT_KEY).unwrap()).unwrap();
        let verified = texts.verified.clone().map(|text| {
            let signature = signer.sign_blocking(text.as_bytes()).unwrap();
            (text, signature.as_bytes().to_vec())
        });
        let algorithm = &RSA_PKCS1_2048_8192_SHA256;
        Self {
            key: KeyPair::from_pkcs8(MERCHANT_KEY).unwrap(),
            public: ParsedPublicKey::new(algorithm, MERCHANT_PUBLIC_KEY).unwrap(),
            signed: texts.signed.clone(),
            verified,
        }
    }

    fn sign(&self) {
        let mut signature = vec![0; self.key.public_modulus_len()];
        let (random, text) = (SystemRandom::new(), self.signed.as_bytes());
        self.key.sign(&RSA_PKCS1_SHA256, &random, text, &mut signature).unwrap();
        black_box(signature);
    }

    fn verify(&self) {
        if let Some((text, signature)) = &self.verified {
            self.public.verify_sig(text.as_bytes(), signature).unwrap();
        }
    }
}

/// The adapters against the floor of RSA: `ceiling` ÷ `roundtrip` is what is left of it.
fn with_signatures(criterion: &mut Criterion) {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let runtime = runtime();
    for (name, make) in SUBJECTS {
        let bench = Bench::new(*make, Signing::Real);
        let Some(texts) = &bench.subject.signatures else { continue };
        let bare = Arc::new(BareRsa::new(texts));
        for in_flight in [1, 16] {
            let cases = vec![
                Case::new("bare signatures (the ceiling)", 16, |times| {
                    for _ in 0..times {
                        bare.sign();
                        bare.verify();
                    }
                }),
                Case::new("bare signatures and reqwest", 16, |times| {
                    bench.bare_http(&runtime, &client, in_flight, times, Some(&bare));
                }),
                Case::new("roundtrip", 16, |times| bench.roundtrip(&runtime, in_flight, times)),
            ];
            compare(criterion, &format!("{name} payout, {in_flight} in flight"), cases);
        }
    }
}

/// The adapters' own cost: signatures that cost nothing, beside a bare call.
fn without_signatures(criterion: &mut Criterion) {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let runtime = runtime();
    for (name, make) in SUBJECTS {
        let bench = Bench::new(*make, Signing::Free);
        for in_flight in [1, 16] {
            let cases = vec![
                Case::new("bare reqwest", 128, |times| {
                    bench.bare_http(&runtime, &client, in_flight, times, None);
                }),
                Case::new("roundtrip, null signer", 128, |times| {
                    bench.roundtrip(&runtime, in_flight, times);
                }),
            ];
            compare(criterion, &format!("{name}, null signer, {in_flight} in flight"), cases);
        }
    }
}

/// Everything of the client runs on the thread that is measured.
fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Shares the calls out to so many tasks, each of which makes one after another.
fn at_once<F>(runtime: &Runtime, tasks: u64, times: u64, share: impl Fn(u64) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    runtime.block_on(async {
        let mut running = JoinSet::new();
        for task in 0..tasks {
            running.spawn(share(times / tasks + u64::from(task < times % tasks)));
        }
        while let Some(ended) = running.join_next().await {
            ended.unwrap();
        }
    });
}

criterion_group!(benches, with_signatures, without_signatures);
criterion_main!(benches);
