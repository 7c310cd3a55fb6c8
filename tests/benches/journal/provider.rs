//! Providers that answer from memory, and the plan that names one of them.

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use std::{
    collections::HashMap,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};
use tokio::sync::Notify;
use tulay::{
    Country, Currency, Environment, ErrorKind, Found, Lookup, MerchantAccount, Namespace,
    Observation, Operation, OrderId, Payout, PayoutRequest, PayoutStatus, Payouts, Prepared,
    Provider, ProviderExt, ProviderId, ProviderReference, SecretFiles,
    adapter::{
        AdapterContext, Capability, Echo, Error, FindBy, Guarantees, IdRules, RandomMessageIds,
        Result, Roles, SystemClock, Transport, TransportError,
    },
    readings::StatedAmount,
    starpay::{Keys, Settings, Starpay},
};
use tulay_crypto::{PrivateKey, RsaSigner, RsaVerifier};
use tulay_journal::{
    DeadlineTransport, Planned, Planner, Time,
    record::{Configured, Policy, Record},
};
use tulay_tests::payout;

const MERCHANT_KEY: &[u8] =
    include_bytes!("../../../crates/tulay-crypto/tests/data/rsa2048.pkcs8.der");
const PLATFORM_KEY: &[u8] =
    include_bytes!("../../../crates/tulay-starpay/tests/it/data/platform.pem");
const MERCHANT: &str = "101510000001";

/// The policy of a journal that pays through one provider.
pub(crate) fn policy(provider: &dyn Provider) -> Policy {
    let guarantees = provider.payouts().unwrap().capability().guarantees.clone();
    let account = provider.merchant_account().clone();
    let configured =
        Configured::new(account, Operation::Payout, [(Country::PH, Currency::PHP)], guarantees);
    Policy::production(namespace(), vec![configured])
}

fn namespace() -> Namespace {
    Namespace::new("acme-ph").unwrap()
}

/// Every payout goes through one provider.
#[derive(Debug)]
pub(crate) struct Only {
    provider: Arc<dyn Provider>,
    expected: usize,
    answered: AtomicUsize,
    first: OnceLock<Instant>,
    all: Notify,
}

impl Only {
    pub(crate) fn new(provider: &Arc<dyn Provider>, expected: usize) -> Self {
        let provider = Arc::clone(provider);
        let (first, all) = (OnceLock::new(), Notify::new());
        Self { provider, expected, answered: AtomicUsize::new(0), first, all }
    }

    /// Waits until so many were answered.
    pub(crate) async fn all_answered(&self) {
        self.all.notified().await;
    }

    pub(crate) fn first_answered(&self) -> Instant {
        *self.first.get().unwrap()
    }
}

impl Planner for Only {
    fn plan(&self, _: &Record, _: Timestamp) -> Planned {
        Planned::Now(Arc::clone(&self.provider))
    }

    fn provider(&self, account: &MerchantAccount) -> Option<Arc<dyn Provider>> {
        (account == self.provider.merchant_account()).then(|| Arc::clone(&self.provider))
    }

    fn answered(&self, _: &MerchantAccount, _: Operation, why: Option<ErrorKind>, _: Timestamp) {
        assert_eq!(why, None);
        self.first.get_or_init(Instant::now);
        if self.answered.fetch_add(1, Ordering::Relaxed) + 1 == self.expected {
            self.all.notify_one();
        }
    }
}

/// Accepts everything and signs nothing.
#[derive(Debug)]
struct Unsigned {
    id: ProviderId,
    account: MerchantAccount,
    capability: Capability,
}

/// A provider without signatures.
pub(crate) fn unsigned() -> Arc<dyn Provider> {
    let mut guarantees = Guarantees::default();
    guarantees.find_by = FindBy::OrderId;
    guarantees.resend_for = Some(jiff::SignedDuration::from_hours(24));
    guarantees.failure_final_after = Some(jiff::SignedDuration::from_mins(10));
    guarantees.echoes = vec![Echo::OrderId, Echo::Amount];
    Arc::new(Unsigned {
        id: ProviderId::new("unsigned").unwrap(),
        account: MerchantAccount::new("unsigned", Environment::Sandbox, MERCHANT, "127.0.0.1:1"),
        capability: Capability::new(Vec::new(), IdRules::STANDARD, guarantees),
    })
}

impl Provider for Unsigned {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn merchant_account(&self) -> &MerchantAccount {
        &self.account
    }

    fn roles(&self) -> Roles<'_> {
        Roles::none().payouts(self)
    }
}

#[async_trait]
impl Payouts for Unsigned {
    fn capability(&self) -> &Capability {
        &self.capability
    }

    fn prepare(&self, request: &PayoutRequest, order_id: &OrderId) -> Result<Prepared> {
        let body = format!(
            r#"{{"msgId":"{order_id}","mchId":"{MERCHANT}","acctNo":"001234567890","acctName":"Maria","acctLastName":"Dela Cruz","receivingBank":"BOPIPHMM","trxAmount":"10000","currency":"PHP","service":"payout","notifyUrl":"http://127.0.0.1:1/notify/unsigned/payout"}}"#
        );
        Ok(Prepared::new(request.lookup(order_id), self.account.clone(), 1, 1, body))
    }

    async fn create(&self, prepared: &Prepared) -> Result<Payout> {
        let lookup = &prepared.lookup;
        let mut payout = Observation::new(PayoutStatus::Succeeded);
        payout.order_id = Some(lookup.order_id.clone());
        payout.amount = lookup.amount.map(StatedAmount::known);
        payout.provider_reference = ProviderReference::new(format!("U-{}", lookup.order_id)).ok();
        Ok(payout)
    }

    async fn find(&self, _: &Lookup) -> Result<Found<Payout>> {
        Err(Error::new(Operation::PayoutFind, ErrorKind::Unavailable, "nothing is in doubt"))
    }
}

/// Answers each order with what was signed beforehand.
#[derive(Debug)]
struct Answers(HashMap<String, Bytes>);

#[async_trait]
impl Transport for Answers {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> std::result::Result<http::Response<Bytes>, TransportError> {
        let body = str::from_utf8(request.body()).unwrap();
        let (_, rest) = body.split_once(r#""msgId":""#).unwrap();
        let (order_id, _) = rest.split_once('"').unwrap();
        Ok(http::Response::new(self.0[order_id].clone()))
    }
}

/// The signatures of one payout, without anything else.
pub(crate) struct Signatures {
    signer: RsaSigner,
    verifier: RsaVerifier,
    signed: String,
    verified: String,
    signature: tulay_crypto::Signature,
}

impl Signatures {
    pub(crate) fn once(&self) {
        std::hint::black_box(self.signer.sign_blocking(self.signed.as_bytes()).unwrap());
        tulay_crypto::Verifier::verify(&self.verifier, self.verified.as_bytes(), &self.signature)
            .unwrap();
    }
}

/// Starpay with RSA-2048, whose platform takes these references, and its signatures alone.
pub(crate) fn starpay(
    references: impl Iterator<Item = String>,
    time: Arc<dyn Time>,
) -> (Arc<dyn Provider>, Signatures) {
    let platform = PrivateKey::parse(PLATFORM_KEY).unwrap();
    let signer = RsaSigner::new(&platform).unwrap();
    let (mut answers, mut last) = (HashMap::new(), None);
    for reference in references {
        let reference = tulay::Reference::new(reference).unwrap();
        let rules = IdRules::STANDARD;
        let order_id = OrderId::derive(rules, &namespace(), Operation::Payout, &reference, 1);
        let text = answer(&order_id);
        let signature = signer.sign_blocking(text.as_bytes()).unwrap();
        let body = format!(r#"{{"response":{text},"signature":"{}"}}"#, signature.to_base64());
        answers.insert(order_id.to_string(), Bytes::from(body));
        last = Some((order_id, text, signature));
    }
    let transport = Arc::new(DeadlineTransport::new(Arc::new(Answers(answers)), time));
    let context = AdapterContext::new(
        transport,
        Arc::new(SystemClock::new()),
        Arc::new(RandomMessageIds::new()),
        Arc::new(SecretFiles::beside("")),
    );
    let settings = Settings::new(Environment::Sandbox, "http://127.0.0.1:1", MERCHANT);
    let merchant = || RsaSigner::new(&PrivateKey::parse(MERCHANT_KEY).unwrap()).unwrap();
    let verifier = || RsaVerifier::new(platform.public_key()).unwrap();
    let keys = Keys::new(Arc::new(merchant()), Arc::new(verifier()));
    let id = ProviderId::new("starpay").unwrap();
    let starpay = Starpay::new(id, settings, keys, context).unwrap();
    assert_eq!(Payouts::capability(&starpay).ids, IdRules::STANDARD);
    let (order_id, verified, signature) = last.unwrap();
    let signed = starpay.prepare(&payout("R1", "001234567890"), &order_id).unwrap().body;
    let (signer, verifier) = (merchant(), verifier());
    (Arc::new(starpay), Signatures { signer, verifier, signed, verified, signature })
}

fn answer(order_id: &OrderId) -> String {
    format!(
        r#"{{"code":"200","message":"success","msgId":"{order_id}","mchId":"{MERCHANT}","trxDate":"2026-11-20T10:00:00+08:00","trxAmount":10000,"trxState":"SUCCESS","originalMsgId":"{order_id}","orderNo":"N{order_id}"}}"#
    )
}
