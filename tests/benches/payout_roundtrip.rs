//! A payout through an adapter, whole: prepare, sign, HTTP on loopback, verify, map. Beside it the
//! signature alone, which is the floor, and a bare HTTP call.
//!
//! The server answers from memory, with an answer that was signed beforehand.

#![allow(missing_docs, clippy::unwrap_used, reason = "a bench may stop")]

mod harness;
mod stub;

use async_trait::async_trait;
use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeyPair,
    signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256},
};
use criterion::{Criterion, criterion_group, criterion_main};
use harness::{Case, compare};
use std::{future::Future, hint::black_box, sync::Arc};
use stub::Stub;
use tokio::{runtime::Runtime, task::JoinSet};
use tulay::{
    AdapterContext, Environment, HttpSettings, HttpTransport, PayoutRequest, Payouts, ProviderId,
    RandomMessageIds, SecretFiles, SystemClock,
    starpay::{Keys, Settings, Starpay},
};
use tulay_crypto::{
    PrivateKey, PublicKey, RsaSigner, SignError, Signature, Signer, Verifier, VerifyError,
};
use tulay_tests::{order_id, payout};

const MERCHANT_KEY: &[u8] =
    include_bytes!("../../crates/tulay-crypto/tests/data/rsa2048.pkcs8.der");
const MERCHANT_PUBLIC_KEY: &[u8] =
    include_bytes!("../../crates/tulay-crypto/tests/data/rsa2048.spki.der");
const PLATFORM_KEY: &[u8] = include_bytes!("../../crates/tulay-starpay/tests/it/data/platform.pem");

/// An adapter connected to a server that always gives the same answer.
struct Bench {
    stub: Stub,
    starpay: Arc<Starpay>,
    request: Arc<PayoutRequest>,
    /// The text that is signed, and the one that is verified with its signature.
    signed: String,
    answered: String,
    signature: Signature,
}

impl Bench {
    fn new(keys: impl Fn() -> Keys) -> Self {
        let request = payout("R1", "001234567890");
        let probe = starpay("http://127.0.0.1:1", keys());
        let order_id = order_id(&probe, &request);
        let signed = probe.prepare(&request, &order_id).unwrap().body;
        let answered = format!(
            r#"{{"code":"200","message":"success","msgId":"{order_id}","mchId":"101510000001","trxDate":"2026-11-20T10:00:00+08:00","trxAmount":10000,"trxState":"PROCESSING","originalMsgId":"{order_id}","orderNo":"202611201000000001"}}"#
        );
        let platform = RsaSigner::new(&PrivateKey::parse(PLATFORM_KEY).unwrap()).unwrap();
        let signature = platform.sign_blocking(answered.as_bytes()).unwrap();
        let body = format!(r#"{{"response":{answered},"signature":"{}"}}"#, signature.to_base64());
        let stub = Stub::start(body);
        let starpay = Arc::new(starpay(&stub.url, keys()));
        Self { stub, starpay, request: Arc::new(request), signed, answered, signature }
    }

    fn roundtrip(&self, runtime: &Runtime, in_flight: u64, times: u64) {
        at_once(runtime, in_flight, times, |share| {
            let (starpay, request) = (Arc::clone(&self.starpay), Arc::clone(&self.request));
            async move {
                for _ in 0..share {
                    let order_id = order_id(starpay.as_ref(), &request);
                    let prepared = starpay.prepare(&request, &order_id).unwrap();
                    black_box(starpay.create(&prepared).await.unwrap());
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
        let body = format!(
            r#"{{"request":{},"signature":"{}"}}"#,
            self.signed,
            self.signature.to_base64()
        );
        at_once(runtime, in_flight, times, |share| {
            let (client, url, body) = (client.clone(), self.stub.url.clone(), body.clone());
            let rsa = rsa.cloned();
            async move {
                for _ in 0..share {
                    rsa.iter().for_each(|rsa| rsa.sign());
                    let request = client.post(&url).header("content-type", "application/json");
                    let answer = request.body(body.clone()).send().await.unwrap();
                    black_box(answer.bytes().await.unwrap());
                    rsa.iter().for_each(|rsa| rsa.verify());
                }
            }
        });
    }
}

/// What the two signatures of a payout cost, without anything of ours.
struct BareRsa {
    key: KeyPair,
    public: ParsedPublicKey,
    signed: String,
    answered: String,
    signature: Vec<u8>,
}

impl BareRsa {
    fn new(bench: &Bench) -> Self {
        let signer = RsaSigner::new(&PrivateKey::parse(MERCHANT_KEY).unwrap()).unwrap();
        let signature = signer.sign_blocking(bench.answered.as_bytes()).unwrap();
        let algorithm = &RSA_PKCS1_2048_8192_SHA256;
        Self {
            key: KeyPair::from_pkcs8(MERCHANT_KEY).unwrap(),
            public: ParsedPublicKey::new(algorithm, MERCHANT_PUBLIC_KEY).unwrap(),
            signed: bench.signed.clone(),
            answered: bench.answered.clone(),
            signature: signature.as_bytes().to_vec(),
        }
    }

    fn sign(&self) {
        let mut signature = vec![0; self.key.public_modulus_len()];
        let (random, text) = (SystemRandom::new(), self.signed.as_bytes());
        self.key.sign(&RSA_PKCS1_SHA256, &random, text, &mut signature).unwrap();
        black_box(signature);
    }

    fn verify(&self) {
        self.public.verify_sig(self.answered.as_bytes(), &self.signature).unwrap();
    }
}

/// The adapter against the floor of RSA: `ceiling` ÷ `roundtrip` is what is left of it.
fn with_signatures(criterion: &mut Criterion) {
    let keys = || {
        let platform = PrivateKey::parse(PLATFORM_KEY).unwrap();
        let public = platform.public_key().to_spki_pem();
        Keys::parse(MERCHANT_KEY, public.as_bytes()).unwrap()
    };
    let bench = Bench::new(keys);
    let bare = Arc::new(BareRsa::new(&bench));
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let runtime = runtime();
    for (title, in_flight) in [("payout, 1 in flight", 1), ("payout, 16 in flight", 16)] {
        let cases = vec![
            Case::new("bare sign + verify (the ceiling)", 16, |times| {
                for _ in 0..times {
                    bare.sign();
                    bare.verify();
                }
            }),
            Case::new("sign, bare reqwest, verify", 16, |times| {
                bench.bare_http(&runtime, &client, in_flight, times, Some(&bare));
            }),
            Case::new("roundtrip", 16, |times| bench.roundtrip(&runtime, in_flight, times)),
        ];
        compare(criterion, title, cases);
    }
}

/// The adapter's own cost: signatures that cost nothing, beside a bare call.
fn without_signatures(criterion: &mut Criterion) {
    let keys = || Keys::new(Arc::new(Free(vec![7; 256])), Arc::new(Free(Vec::new())));
    let bench = Bench::new(keys);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let runtime = runtime();
    for (title, in_flight) in [("null signer, 1 in flight", 1), ("null signer, 16 in flight", 16)] {
        let cases = vec![
            Case::new("bare reqwest", 128, |times| {
                bench.bare_http(&runtime, &client, in_flight, times, None);
            }),
            Case::new("roundtrip, null signer", 128, |times| {
                bench.roundtrip(&runtime, in_flight, times);
            }),
        ];
        compare(criterion, title, cases);
    }
}

/// Signs with the same bytes and believes everything.
#[derive(Debug)]
struct Free(Vec<u8>);

#[async_trait]
impl Signer for Free {
    async fn sign(&self, _: &[u8]) -> Result<Signature, SignError> {
        Ok(Signature::from_bytes(self.0.clone()))
    }

    fn public_key(&self) -> Option<&PublicKey> {
        None
    }
}

impl Verifier for Free {
    fn verify(&self, _: &[u8], _: &Signature) -> Result<(), VerifyError> {
        Ok(())
    }

    fn verify_digest(&self, _: &[u8; 32], _: &Signature) -> Result<(), VerifyError> {
        Ok(())
    }
}

fn starpay(url: &str, keys: Keys) -> Starpay {
    let context = AdapterContext::new(
        Arc::new(HttpTransport::new(&HttpSettings::default()).unwrap()),
        Arc::new(SystemClock::new()),
        Arc::new(RandomMessageIds::new()),
        Arc::new(SecretFiles::beside("")),
    );
    let settings = Settings::new(Environment::Sandbox, url, "101510000001");
    Starpay::new(ProviderId::new("starpay").unwrap(), settings, keys, context).unwrap()
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
