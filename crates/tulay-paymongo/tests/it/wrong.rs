//! This adapter with one mistake each: the suite finds every one by the check that is meant for it.

use crate::{
    conformance::SKIPS,
    platform::{Platform, sealed},
    support::{ORGANIZATION, make, picture, qr_ph, settings},
};
use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use serde_json::Value;
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use tulay_conformance::{Seal, Suite, Verdict};
use tulay_core::{
    AdapterContext, CollectionStatus, Handling, MerchantAccount, Notification, Provider,
    ProviderId, Result, Roles, Transport, TransportError, Verified, WebhookRequest, Webhooks,
};

/// A mistake that an author could make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mistake {
    /// A live event is opened by an account of tests.
    OpensLiveEvents,
    /// The body is parsed and written again before its signature is verified.
    RewritesTheBody,
    /// The picture is shown without a comparison.
    ShowsAnyPicture,
    /// A failed attempt ends the collection.
    FailedAttemptIsFinal,
    /// The expiry is sent in milliseconds.
    ExpiryInMilliseconds,
    /// The refund's payment is not compared.
    BelievesAnyRefund,
    /// Each sending has a key of its own.
    RenewsTheKey,
    /// The key is cut to eight characters.
    CutsTheKey,
    /// A transfer that names no organization is believed as ours.
    EndsWithoutAccount,
    /// The last digit of a mobile number that names an account is not sent.
    CutsTheMobile,
}

impl Mistake {
    const ALL: [Self; 10] = [
        Self::OpensLiveEvents,
        Self::RewritesTheBody,
        Self::ShowsAnyPicture,
        Self::FailedAttemptIsFinal,
        Self::ExpiryInMilliseconds,
        Self::BelievesAnyRefund,
        Self::RenewsTheKey,
        Self::CutsTheKey,
        Self::EndsWithoutAccount,
        Self::CutsTheMobile,
    ];

    /// The check that is meant to find it.
    const fn meant(self) -> &'static str {
        match self {
            Self::OpensLiveEvents => "notifications_for_other_accounts_are_refused",
            Self::RewritesTheBody => "rewritten_notifications_are_refused",
            Self::ShowsAnyPicture => "codes_with_another_amount_are_refused",
            Self::FailedAttemptIsFinal => "notification_statuses_match_the_documents",
            Self::ExpiryInMilliseconds => "expiry_is_sent_exactly",
            Self::BelievesAnyRefund => "refunds_of_other_payments_are_not_believed",
            Self::RenewsTheKey => "resend_has_the_same_content",
            Self::CutsTheKey => "duplicates_are_recognised_by_the_whole_id",
            Self::EndsWithoutAccount => "unidentified_responses_are_not_final",
            Self::CutsTheMobile => "accounts_are_sent_verbatim_or_refused",
        }
    }

    /// The adapter with this mistake.
    pub(crate) fn provider(self, mut context: AdapterContext) -> Arc<dyn Provider> {
        let transport = Arc::clone(&context.transport);
        context.transport =
            Arc::new(Altering { mistake: self, transport, sent: AtomicUsize::new(0) });
        Arc::new(Altered { mistake: self, provider: make(settings(), context) })
    }
}

#[test]
fn every_mistake_fails_its_check() {
    for mistake in Mistake::ALL {
        let suite = Suite::new(Platform(Some(mistake)), SKIPS);
        let verdict = suite.verdict(mistake.meant());
        assert!(matches!(verdict, Verdict::Failed(_)), "{mistake:?}: {verdict:?}");
    }
}

#[test]
fn the_adapter_passes_the_checks_of_the_mistakes() {
    for mistake in Mistake::ALL {
        let verdict = Suite::new(Platform(None), SKIPS).verdict(mistake.meant());
        assert!(matches!(verdict, Verdict::Passed), "{mistake:?}: {verdict:?}");
    }
}

/// Changes requests before the platform sees them, and answers before the adapter does.
#[derive(Debug)]
struct Altering {
    mistake: Mistake,
    transport: Arc<dyn Transport>,
    sent: AtomicUsize,
}

#[async_trait]
impl Transport for Altering {
    async fn send(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let sent = self.sent.fetch_add(1, Ordering::Relaxed);
        if let Some(key) = request.headers_mut().get_mut("idempotency-key") {
            let text = key.to_str().unwrap().to_owned();
            match self.mistake {
                Mistake::RenewsTheKey => *key = format!("{text}-{sent}").parse().unwrap(),
                Mistake::CutsTheKey => *key = text[..8].parse().unwrap(),
                _ => {}
            }
        }
        if self.mistake == Mistake::ExpiryInMilliseconds {
            edit(request.body_mut(), |body| {
                let seconds = body.pointer_mut("/data/attributes/expiry_seconds");
                if let Some(seconds) = seconds {
                    *seconds = (seconds.as_i64().unwrap() * 1_000).into();
                }
            });
        }
        if self.mistake == Mistake::CutsTheMobile {
            edit(request.body_mut(), |body| {
                let number = body.pointer_mut("/transfers/0/destination_account/number");
                if let Some(Value::String(number)) = number
                    && number.starts_with("09")
                {
                    number.pop();
                }
            });
        }
        let mut response = self.transport.send(request).await?;
        match self.mistake {
            Mistake::EndsWithoutAccount => edit(response.body_mut(), |body| {
                for place in ["/data/merchant_id", "/data/transfers/0/merchant_id"] {
                    if let Some(organization) = body.pointer_mut(place) {
                        *organization = ORGANIZATION.into();
                    }
                }
            }),
            Mistake::BelievesAnyRefund => edit(response.body_mut(), |body| {
                if let Some(payment) = body.pointer_mut("/data/attributes/payment_id") {
                    *payment = crate::things::PAYMENT.into();
                }
            }),
            Mistake::ShowsAnyPicture => edit(response.body_mut(), |body| {
                let amount = body.pointer("/data/attributes/amount").and_then(Value::as_i64);
                let shown = body.pointer_mut("/data/attributes/next_action/code/image_url");
                if let (Some(amount), Some(shown)) = (amount, shown) {
                    *shown = picture(&qr_ph(amount, "SARI-SARI STORE")).into();
                }
            }),
            _ => {}
        }
        Ok(response)
    }
}

/// Changes a body that is JSON.
fn edit(body: &mut Bytes, change: impl FnOnce(&mut Value)) {
    if let Ok(mut value) = serde_json::from_slice(body) {
        change(&mut value);
        *body = value.to_string().into();
    }
}

/// The adapter with other notifications.
struct Altered {
    mistake: Mistake,
    provider: Arc<dyn Provider>,
}

impl fmt::Debug for Altered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.provider.fmt(f)
    }
}

impl Provider for Altered {
    fn id(&self) -> &ProviderId {
        self.provider.id()
    }

    fn merchant_account(&self) -> &MerchantAccount {
        self.provider.merchant_account()
    }

    fn roles(&self) -> Roles<'_> {
        self.provider.roles().webhooks(self)
    }
}

impl Webhooks for Altered {
    fn open(&self, raw: &WebhookRequest) -> Result<Verified<Vec<Notification>>> {
        let webhooks = self.provider.roles().webhooks.unwrap();
        let mut raw = raw.clone();
        let text = String::from_utf8_lossy(&raw.body).into_owned();
        match self.mistake {
            Mistake::OpensLiveEvents if text.contains("\"livemode\":true") => {
                let test = text.replace("\"livemode\":true", "\"livemode\":false");
                raw = sealed(&test, Seal::Genuine);
            }
            Mistake::RewritesTheBody => edit(&mut raw.body, |_| {}),
            _ => {}
        }
        let opened = webhooks.open(&raw)?;
        if self.mistake != Mistake::FailedAttemptIsFinal || !text.contains("payment.failed") {
            return Ok(opened);
        }
        let failed = |notification| match notification {
            Notification::Collection(mut observation) => {
                observation.status = CollectionStatus::Failed;
                Notification::Collection(observation)
            }
            other => other,
        };
        let failed = opened.into_inner().into_iter().map(failed).collect();
        Verified::signed(&raw.body, |_| Ok(()), |_| Ok(failed))
    }

    fn read(&self, target: &http::Uri, body: &[u8]) -> Result<Vec<Notification>> {
        self.provider.roles().webhooks.unwrap().read(target, body)
    }

    fn acknowledge(&self, handling: Handling) -> Response<Bytes> {
        self.provider.roles().webhooks.unwrap().acknowledge(handling)
    }
}
