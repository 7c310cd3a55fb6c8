//! One exchange with Acme: stamped, signed, sent once, verified, read.

use super::{
    Acme, Wrong,
    codes::{self, SUCCESS},
    sign,
    wire::{self, Query, Said},
};
use bytes::Bytes;
use std::sync::atomic::Ordering;
use tulay_core::*;

impl Acme {
    pub(super) async fn ask(
        &self,
        operation: Operation,
        path: &str,
        order: Option<&str>,
    ) -> Result<(Said, ProviderResponse)> {
        let order = order.map(|id| match self.settings.wrong {
            Some(Wrong::LooksUpSomethingElse) => "PAAAAAAAAAAAAAAAAAAAAAAAAA",
            _ => id,
        });
        self.query(operation, path, Query { order, ..Query::default() }).await
    }

    pub(super) async fn query(
        &self,
        operation: Operation,
        path: &str,
        query: Query<'_>,
    ) -> Result<(Said, ProviderResponse)> {
        let message = self.context.message_ids.fresh();
        let account = match self.settings.wrong {
            Some(Wrong::AsksAnotherAccount) => "shop-8",
            _ => &self.settings.account,
        };
        let query = Query { message: &message, account, ..query };
        self.exchange(operation, path, &message, &serde_json::to_string(&query).unwrap()).await
    }

    /// Asks for an order by the id that it goes by here.
    pub(super) async fn looked_up(
        &self,
        operation: Operation,
        path: &str,
        lookup: &Lookup,
    ) -> Result<Found<(Said, ProviderResponse)>> {
        let theirs = lookup.provider_reference.as_ref().map(ProviderReference::as_str);
        let by = match (self.settings.two_steps, theirs) {
            (true, Some(number)) => number,
            (true, None) if !self.is(Wrong::AsksWithoutTheirId) => {
                let error = Error::new(operation, ErrorKind::State, "its number is not known");
                return Err(error.with_field("provider_reference"));
            }
            _ => lookup.order_id.as_str(),
        };
        let asked = match self.settings.wrong {
            Some(Wrong::GoesAstray) => self.ask(operation, &format!("{path}/{by}"), None).await,
            _ => self.ask(operation, path, Some(by)).await,
        };
        match asked {
            Ok(said) => Ok(Found::Found(said)),
            Err(error) => self.absent(error, self.settings.listed).map(Found::Absent),
        }
    }

    /// The answer that says there is no such order; with `bare`, by an empty HTTP 404 alone.
    pub(super) fn absent(&self, error: Error, bare: bool) -> Result<ProviderResponse> {
        let Some(response) = error.response().cloned() else { return Err(error) };
        let code = response.code.clone().unwrap_or_default();
        let bare = bare && response.body.is_empty();
        let absent = match self.settings.wrong {
            _ if bare && response.status == http::StatusCode::NOT_FOUND => true,
            Some(Wrong::NotFoundIsAbsent | Wrong::AnyNotFoundIsAbsent)
                if response.status == http::StatusCode::NOT_FOUND =>
            {
                true
            }
            Some(Wrong::AmbiguousIsAbsent | Wrong::AmbiguousIsFailed) if code == "B1" => true,
            _ => {
                let failing = response.status.is_server_error();
                error.kind() == ErrorKind::State && code == "N1" && !failing
            }
        };
        if absent { Ok(response) } else { Err(error) }
    }

    /// Stamps, signs, sends once, verifies, reads.
    pub(super) async fn exchange(
        &self,
        operation: Operation,
        path: &str,
        message: &str,
        text: &str,
    ) -> Result<(Said, ProviderResponse)> {
        let now = self.context.clock.now().to_string();
        let stamp = match self.settings.wrong {
            Some(Wrong::KeepsTheTimeStamp) => self.first_stamp.get_or_init(|| now).clone(),
            _ => now,
        };
        let mut stamped = format!("{{\"stamp\":\"{stamp}\",{}", &text[1..]);
        if self.is(Wrong::CountsSendings) {
            let sending = self.sendings.fetch_add(1, Ordering::Relaxed);
            stamped = format!("{{\"sending\":{sending},{}", &stamped[1..]);
        }
        if self.is(Wrong::LogsTheAccount) {
            tracing::debug!(request = text, "asking acme");
        }
        let body = wire::sealed(&self.settings.merchant_key, &stamped, self.settings.wrong);
        let request = || {
            let address = format!("https://acme.example{path}");
            let mut request = http::Request::post(address).body(Bytes::from(body.clone())).unwrap();
            let header = match self.settings.wrong {
                Some(Wrong::PrintsTheKeyOfAHeader) => {
                    Some(("acme-key", self.settings.merchant_key.as_str()))
                }
                // "merchant key, planted:", as HTTP Basic has it.
                Some(Wrong::PrintsTheKeyInBase64) => {
                    Some(("acme-key", "Basic bWVyY2hhbnQga2V5LCBwbGFudGVkOg=="))
                }
                Some(Wrong::PrintsItsAuthorization) => Some(("authorization", "Bearer 7")),
                _ => None,
            };
            if let Some((name, value)) = header {
                request.headers_mut().insert(name, value.parse().unwrap());
            }
            request
        };
        let mut http_response = self.context.transport.send(request()).await;
        let again = match (&http_response, self.settings.wrong) {
            (Err(e), Some(Wrong::RetriesOnReset)) => {
                operation == Operation::Payout && e.kind == TransportErrorKind::Interrupted
            }
            (Err(e), Some(Wrong::RetriesLookUps)) => {
                operation == Operation::PayoutFind && e.kind == TransportErrorKind::Timeout
            }
            (Err(_), Some(Wrong::RetriesBalances)) => operation == Operation::Balance,
            _ => false,
        };
        if again {
            http_response = self.context.transport.send(request()).await;
        }
        let reported = match (operation, self.settings.wrong) {
            (Operation::PayoutFind, Some(Wrong::FailedLookUpIsNotSent)) => Operation::Payout,
            _ => operation,
        };
        let http_response = http_response.map_err(|failure| Error::transport(reported, failure))?;
        self.open(operation, message, http_response)
    }

    fn open(
        &self,
        operation: Operation,
        message: &str,
        http_response: http::Response<Bytes>,
    ) -> Result<(Said, ProviderResponse)> {
        let (parts, body) = http_response.into_parts();
        let mut response = ProviderResponse::new(parts.status, Trust::Channel, body.clone());
        let fail = |kind, text: &'static str, response| {
            Err(Error::new(operation, kind, text).with_response(response))
        };
        let Some((text, signature)) = wire::cut(&body) else {
            return fail(ErrorKind::Unexpected, "the answer is not acme's", response);
        };
        let Ok(said) = wire::read(text, self.settings.wrong) else {
            let right = signature.is_some_and(|s| s == sign(&self.settings.platform_key, text));
            let kind = match right || self.settings.listed {
                true => ErrorKind::Unexpected,
                false => ErrorKind::Signature,
            };
            return fail(kind, "the answer cannot be read", response);
        };
        response.code = Some(said.code.clone());
        response.message.clone_from(&said.note);
        let key = &self.settings.platform_key;
        let right = match (&signature, self.settings.wrong) {
            (Some(signature), Some(Wrong::VerifiesWhatItWrote)) => {
                *signature == sign(key, text) || *signature == sign(key, &wire::rewritten(text))
            }
            (Some(signature), Some(Wrong::AcceptsAnySignature)) => signature.len() == 64,
            (Some(signature), Some(Wrong::BelievesATestKey)) => {
                *signature == sign(key, text) || *signature == sign("other", text)
            }
            (Some(signature), _) => *signature == sign(key, text),
            (None, Some(Wrong::AcceptsUnsigned)) => true,
            (None, Some(Wrong::AcceptsUnsignedCollections)) => operation == Operation::Collection,
            (None, Some(Wrong::AcceptsUnsignedRejections)) => codes::is_rejection(&said.code),
            (None, _) => {
                let rejection = codes::is_rejection(&said.code);
                let counts = rejection && self.settings.guarantees.unsigned_rejections;
                counts || (self.settings.listed && !rejection)
            }
        };
        if !right {
            return fail(ErrorKind::Signature, "the answer does not verify", response);
        }
        if signature.is_some() && !self.is(Wrong::ForgetsTheSignature) {
            response.trust = Trust::Signed;
        }
        let may_be_anonymous = self.settings.guarantees.anonymous_rejections
            || self.is(Wrong::AcceptsAnonymousRejections);
        match said.to.as_deref() {
            Some(to) if to == message => {}
            None if said.code != SUCCESS && may_be_anonymous => {}
            _ => return fail(ErrorKind::Unrelated, "the answer is to something else", response),
        }
        let ours = said.account.as_deref().is_none_or(|account| self.is_ours(account));
        if !ours && !self.is(Wrong::SkipsTheAccount) {
            return fail(ErrorKind::Mismatch, "the answer is about another account", response);
        }
        let named = said.account.is_some()
            || said.code != SUCCESS
            || !self.settings.webhook_secrets.is_empty();
        if !named && !self.is(Wrong::UnnamedAccountIsFinal) {
            return fail(ErrorKind::Unrelated, "the answer names no account", response);
        }
        let accepted =
            said.code == SUCCESS || (self.is(Wrong::DuplicateIsSuccess) && said.code == "D1");
        if !accepted || parts.status.is_server_error() {
            let codes = said.codes.unwrap_or_else(|| vec![said.code]);
            return Err(codes::rejection(operation, &codes, response, self.settings.wrong));
        }
        Ok((said, response))
    }

    /// Whether a message names our account.
    fn is_ours(&self, account: &str) -> bool {
        match self.settings.wrong {
            Some(Wrong::AccountsMayBeLonger) => account.starts_with(&self.settings.account),
            Some(Wrong::AccountsMayBeShorter) => self.settings.account.starts_with(account),
            _ => account == self.settings.account,
        }
    }
}
