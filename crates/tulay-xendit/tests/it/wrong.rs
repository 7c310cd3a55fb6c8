//! Adapters that are wrong on purpose: each fails the check of the suite that is meant for it. Most
//! are this adapter behind a transport that changes requests or answers.

use crate::platform::{BUSINESS, Platform, TOKEN};
use async_trait::async_trait;
use bytes::Bytes;
use http::{Method, Request, Response};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use tulay_conformance::{Suite, Verdict};
use tulay_core::{
    AdapterContext, Country, Handling, MerchantAccount, Notification, Provider, ProviderId, Result,
    Roles, Transport, TransportError, Verified, WebhookRequest, Webhooks,
};
use tulay_xendit::Xendit;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// The key against duplicates is cut to 8 letters.
    CutsTheKey,
    /// Each sending has a key of its own.
    RenewsTheKey,
    /// Of two orders under one reference the first is taken.
    TakesTheFirstOrder,
    /// What is no list is an empty one.
    ReadsGarbageAsNone,
    /// Amounts of answers go through a whole number, and lose their fraction.
    ReadsAmountsAsWhole,
    /// A key that was seen before is a field that is not valid.
    DuplicateIsRejection,
    /// The payment that a refund names is not compared.
    RefundsAnyPayment,
    /// A token is compared as far as the presented one goes.
    ComparesTheTokensBeginning,
    /// A token is compared without case.
    ComparesTokensWithoutCase,
    /// The first digit of an amount is sent twice.
    SendsADigitMore,
    /// A notification that names no account is believed as ours.
    EndsWithoutAccount,
    /// Accounts are sent without their leading zeros.
    DropsLeadingZeros,
}

impl Wrong {
    const ALL: [Self; 12] = [
        Self::CutsTheKey,
        Self::RenewsTheKey,
        Self::TakesTheFirstOrder,
        Self::ReadsGarbageAsNone,
        Self::ReadsAmountsAsWhole,
        Self::DuplicateIsRejection,
        Self::RefundsAnyPayment,
        Self::ComparesTheTokensBeginning,
        Self::ComparesTokensWithoutCase,
        Self::SendsADigitMore,
        Self::EndsWithoutAccount,
        Self::DropsLeadingZeros,
    ];

    /// The check that is meant to find it.
    const fn meant(self) -> &'static str {
        match self {
            Self::CutsTheKey => "duplicates_are_recognised_by_the_whole_id",
            Self::RenewsTheKey => "resend_has_the_same_content",
            Self::TakesTheFirstOrder => "two_orders_with_one_id_are_refused",
            Self::ReadsGarbageAsNone => "lookup_faults_prove_nothing",
            Self::ReadsAmountsAsWhole => "amounts_are_read_exactly",
            Self::DuplicateIsRejection => "duplicate_is_not_a_rejection",
            Self::RefundsAnyPayment => "refunds_of_other_payments_are_not_believed",
            Self::ComparesTheTokensBeginning | Self::ComparesTokensWithoutCase => {
                "unauthenticated_notifications_are_refused"
            }
            Self::SendsADigitMore => "amounts_are_exact_or_refused",
            Self::EndsWithoutAccount => "anonymous_notifications_need_a_guarantee",
            Self::DropsLeadingZeros => "accounts_are_sent_verbatim_or_refused",
        }
    }

    /// The context in which the adapter is wrong so.
    pub(crate) fn context(self, mut context: AdapterContext) -> AdapterContext {
        context.transport =
            Arc::new(Changing { wrong: self, inner: context.transport, sent: AtomicUsize::new(0) });
        context
    }

    /// The adapter that is wrong so.
    pub(crate) fn provider(self, xendit: Xendit) -> Arc<dyn Provider> {
        Arc::new(Lax { wrong: self, xendit })
    }

    fn request(self, request: &mut Request<Bytes>, sent: usize) {
        let key = request.headers().get("idempotency-key").cloned();
        match (self, key) {
            (Self::CutsTheKey, Some(key)) => {
                let key = key.to_str().unwrap()[..8].parse().unwrap();
                request.headers_mut().insert("idempotency-key", key);
            }
            (Self::RenewsTheKey, Some(key)) => {
                let key = format!("{}{sent}", key.to_str().unwrap()).parse().unwrap();
                request.headers_mut().insert("idempotency-key", key);
            }
            (Self::SendsADigitMore, Some(_)) => {
                let body = std::str::from_utf8(request.body()).unwrap();
                *request.body_mut() = body.replace(r#"amount":1"#, r#"amount":11"#).into();
            }
            (Self::DropsLeadingZeros, Some(_)) => {
                let body = std::str::from_utf8(request.body()).unwrap();
                let (name, short) = (r#""account_number":""#, r#""account_number":"0"#);
                *request.body_mut() = body.replace(short, name).into();
            }
            _ => {}
        }
    }

    fn answer(self, is_list: bool, body: &str) -> Option<String> {
        match self {
            Self::TakesTheFirstOrder if is_list => {
                let end = body.find("},{")?;
                let close = if body.starts_with('[') { "}]" } else { r#"}],"has_more":false}"# };
                Some(format!("{}{close}", &body[..end]))
            }
            Self::ReadsGarbageAsNone if is_list => {
                let read: Option<serde_json::Value> = serde_json::from_str(body).ok();
                let is_one = read.is_some_and(|read| read.is_array() || read["data"].is_array());
                (!is_one).then(|| "[]".to_owned())
            }
            Self::ReadsAmountsAsWhole => {
                let (before, after) = body.split_once(r#"amount":"#)?;
                let end = after.find([',', '}'])?;
                let whole = after[..end].split('.').next()?;
                Some(format!(r#"{before}amount":{whole}{}"#, &after[end..]))
            }
            Self::DuplicateIsRejection => {
                Some(body.replace("DUPLICATE_ERROR", "API_VALIDATION_ERROR"))
            }
            Self::RefundsAnyPayment if body.contains("rfd-") => {
                Some(body.replace(r#""payment_request_id""#, r#""payment""#))
            }
            _ => None,
        }
    }
}

/// A transport that changes what passes it.
#[derive(Debug)]
struct Changing {
    wrong: Wrong,
    inner: Arc<dyn Transport>,
    sent: AtomicUsize,
}

#[async_trait]
impl Transport for Changing {
    async fn send(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        self.wrong.request(&mut request, self.sent.fetch_add(1, Ordering::Relaxed));
        let is_list = request.method() == Method::GET
            && request.uri().query().is_some_and(|query| query.contains("_id="));
        let mut response = self.inner.send(request).await?;
        let body = std::str::from_utf8(response.body()).unwrap_or_default();
        if let Some(other) = self.wrong.answer(is_list, body) {
            *response.body_mut() = other.into();
        }
        Ok(response)
    }
}

/// The adapter with another comparison of tokens.
#[derive(Debug)]
struct Lax {
    wrong: Wrong,
    xendit: Xendit,
}

impl Provider for Lax {
    fn id(&self) -> &ProviderId {
        self.xendit.id()
    }

    fn merchant_account(&self) -> &MerchantAccount {
        self.xendit.merchant_account()
    }

    fn roles(&self) -> Roles<'_> {
        self.xendit.roles().webhooks(self)
    }
}

impl Webhooks for Lax {
    fn open(&self, raw: &WebhookRequest) -> Result<Verified<Vec<Notification>>> {
        let token = raw.headers.get("x-callback-token").and_then(|token| token.to_str().ok());
        let accepted = token.is_some_and(|token| match self.wrong {
            Wrong::ComparesTheTokensBeginning => !token.is_empty() && TOKEN.starts_with(token),
            Wrong::ComparesTokensWithoutCase => TOKEN.eq_ignore_ascii_case(token),
            _ => false,
        });
        let mut raw = raw.clone();
        if accepted {
            raw.headers.insert("x-callback-token", TOKEN.parse().unwrap());
        }
        if self.wrong == Wrong::EndsWithoutAccount {
            let body = String::from_utf8_lossy(&raw.body).into_owned();
            let named = format!(r#""business_id":"{BUSINESS}""#);
            raw.body = body.replace(r#""business_id":null"#, &named).into();
        }
        self.xendit.open(&raw)
    }

    fn read(&self, target: &http::Uri, body: &[u8]) -> Result<Vec<Notification>> {
        self.xendit.read(target, body)
    }

    fn acknowledge(&self, handling: Handling) -> Response<Bytes> {
        self.xendit.acknowledge(handling)
    }
}

#[test]
fn every_wrong_adapter_fails_its_check() {
    for wrong in Wrong::ALL {
        let failed = [Country::PH, Country::ID].into_iter().any(|country| {
            let suite = Suite::new(Platform { country, wrong: Some(wrong) }, &[]);
            matches!(suite.verdict(wrong.meant()), Verdict::Failed(_))
        });
        assert!(failed, "{wrong:?} passes {}", wrong.meant());
    }
}

#[test]
fn the_right_adapter_passes_these_checks() {
    for wrong in Wrong::ALL {
        let suite = Suite::new(Platform { country: Country::ID, wrong: None }, &[]);
        assert_eq!(suite.verdict(wrong.meant()), Verdict::Passed, "{}", wrong.meant());
    }
}
