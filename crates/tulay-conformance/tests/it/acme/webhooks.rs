//! Acme's notifications.

use super::{
    Acme, Wrong, sign,
    wire::{self, Said},
};
use bytes::Bytes;
use tulay_adapter::webhooks::{Acknowledgement, read_body};
use tulay_core::{
    Error, ErrorKind, Handling, Notification, Operation, OrderId, PayoutStatus, Result, Terminal,
    Verified, WebhookRequest, Webhooks,
};

const ACKNOWLEDGEMENT: Acknowledgement = Acknowledgement {
    stored: r#"{"got":"it"}"#,
    rejected: r#"{"got":"nothing"}"#,
    busy: r#"{"got":"busy"}"#,
};

impl Webhooks for Acme {
    fn open(&self, raw: &WebhookRequest) -> Result<Verified<Vec<Notification>>> {
        let fail = |kind, message: &'static str| Error::new(Operation::Notification, kind, message);
        if self.is(Wrong::Panics) {
            assert!(raw.body[..8].starts_with(b"{\"said\":"), "what is this?");
        }
        if raw.body.len() > 64 * 1024 && !self.is(Wrong::OpensAnySize) {
            return Err(fail(ErrorKind::Unexpected, "too large"));
        }
        let parse = |text: &[u8]| match self.is(Wrong::RefusesTheUnreadable) {
            true => {
                self.event(raw.target.path(), std::str::from_utf8(text).unwrap()).map(|e| vec![e])
            }
            false => read_body(text, |text| self.event(raw.target.path(), text)),
        };
        if !self.settings.webhook_secrets.is_empty() {
            return self.open_by_own_key(raw, parse).map(|opened| self.bound(opened));
        }
        let (text, signature) =
            wire::cut(&raw.body).ok_or_else(|| fail(ErrorKind::Unexpected, "not acme's"))?;
        if let Some(token) = &self.settings.token {
            let header = raw.headers.get("acme-token").and_then(|value| value.to_str().ok());
            let begins = |header: &str| !header.is_empty() && token.starts_with(header);
            let right = match self.settings.wrong {
                Some(Wrong::ComparesTheTokensBeginning) => header.is_some_and(begins),
                Some(Wrong::ComparesTokensWithoutCase) => {
                    header.is_some_and(|header| header.eq_ignore_ascii_case(token))
                }
                _ => header == Some(token.as_str()),
            };
            let check = || match right {
                true => Ok(()),
                false => Err(fail(ErrorKind::Signature, "the token is not acme's")),
            };
            return match self.is(Wrong::TokenIsEvidence) {
                true => Verified::signed(text.as_bytes(), |_| check(), parse),
                false => Verified::token(text.as_bytes(), check, parse),
            };
        }
        let verify = |text: &[u8]| {
            let text = std::str::from_utf8(text).unwrap_or_default();
            let written = wire::rewritten(text);
            let right = match (&signature, self.settings.wrong) {
                (None, Some(Wrong::OpensUnsigned)) | (Some(_), Some(Wrong::OpensChanged)) => true,
                (Some(signature), Some(Wrong::VerifiesWhatItWroteOfNotifications)) => {
                    *signature == sign(&self.settings.platform_key, text)
                        || *signature == sign(&self.settings.platform_key, &written)
                }
                (Some(signature), Some(Wrong::VerifiesWholeNumbers)) => {
                    let whole = wire::with_whole_numbers(text);
                    *signature == sign(&self.settings.platform_key, &whole)
                }
                (Some(signature), _) => *signature == sign(&self.settings.platform_key, text),
                (None, _) => false,
            };
            if right { Ok(()) } else { Err(fail(ErrorKind::Signature, "it does not verify")) }
        };
        let opened = Verified::signed(text.as_bytes(), verify, parse)?;
        let said: Option<Said> = serde_json::from_str(text).ok();
        let names_account = said.as_ref().is_some_and(|said| said.account.is_some());
        let of_a_code = said.is_some_and(|said| said.event.as_deref() == Some("incoming_payment"));
        let is_believed = match self.settings.wrong {
            Some(Wrong::AnonymousIsEvidence) => !of_a_code,
            Some(Wrong::AnonymousPaymentIsEvidence) => of_a_code,
            _ => false,
        };
        // Acme signs every merchant's notifications with one key.
        let opened = if names_account || is_believed { opened } else { opened.as_hint() };
        Ok(self.bound(opened))
    }

    fn read(&self, target: &http::Uri, body: &[u8]) -> Result<Vec<Notification>> {
        let fail = || Error::new(Operation::Notification, ErrorKind::Unexpected, "not acme's");
        if self.is(Wrong::ForgetsHowToRead) {
            return Ok(vec![Notification::Unreadable]);
        }
        let text = match self.settings.webhook_secrets.is_empty() {
            true => wire::cut(body).ok_or_else(fail)?.0.as_bytes(),
            false => body,
        };
        read_body(text, |text| self.event(target.path(), text))
    }

    fn acknowledge(&self, handling: Handling) -> http::Response<Bytes> {
        let handling = match handling {
            Handling::Busy if self.is(Wrong::AcknowledgesAll) => Handling::Stored,
            handling => handling,
        };
        ACKNOWLEDGEMENT.json(handling)
    }
}

impl Acme {
    fn bound(&self, opened: Verified<Vec<Notification>>) -> Verified<Vec<Notification>> {
        match self.is(Wrong::UnboundIsEvidence) {
            true => opened,
            false => opened.bound_by(&self.settings.guarantees.echoes),
        }
    }

    fn event(&self, path: &str, text: &str) -> Result<Notification> {
        let fail = |kind, message: &'static str| Error::new(Operation::Notification, kind, message);
        let said: Said = wire::read(text, self.settings.wrong)
            .map_err(|_| fail(ErrorKind::Unexpected, "the notification cannot be read"))?;
        if said.event.is_none() && !self.is(Wrong::OpensAnswers) {
            return Err(fail(ErrorKind::Unrelated, "it is no event"));
        }
        let (kind, ours) = match said.account.as_deref() {
            Some(account) => (
                ErrorKind::Mismatch,
                self.is(Wrong::OpensOthers)
                    || match self.is(Wrong::OpensLongerAccounts) {
                        true => account.starts_with(&self.settings.account),
                        false => account == self.settings.account,
                    },
            ),
            None => (
                ErrorKind::Unrelated,
                self.settings.guarantees.anonymous_notifications
                    || self.is(Wrong::OpensAnonymous)
                    || !self.settings.webhook_secrets.is_empty(),
            ),
        };
        let other_mode = said.mode.as_deref().is_some_and(|mode| mode != "test");
        if other_mode && !self.is(Wrong::OpensTheOtherMode) {
            return Err(fail(ErrorKind::Mismatch, "it is of live mode").with_field("mode"));
        }
        if !ours {
            return Err(fail(kind, "it is not this account's").with_field("account"));
        }
        let event = said.event.clone();
        let terminal = said.terminal.clone();
        let mut seen = self.observation(Operation::Notification, said.clone(), None)?;
        if self.is(Wrong::BelievesTheAddress) {
            let last = path.rsplit('/').next().unwrap_or_default();
            seen.order_id = OrderId::parse(last).ok();
        }
        match event.as_deref() {
            // An attempt to pay it failed: it stays open.
            Some("collection")
                if seen.status == "failed" && !self.is(Wrong::FailedAttemptIsFinal) =>
            {
                let open = seen.map(|_| "accepted".to_owned());
                return Ok(Notification::Collection(self.collected(open)));
            }
            Some("collection") => return Ok(Notification::Collection(self.collected(seen))),
            Some("incoming_payment") => {
                return Ok(Notification::IncomingPayment(self.incoming_payment(seen, terminal)));
            }
            Some("refund") => return Ok(Notification::Refund(self.refunded(seen))),
            _ => {}
        }
        let word = said.state.clone().unwrap_or_default();
        let mut payout = self.payout(Operation::Notification, said, None, None)?;
        // Only the journal knows whose number it is.
        if payout.order_id.is_none() && !self.is(Wrong::TellsANamelessPayout) {
            let terminal = terminal.and_then(|text| Terminal::new(text).ok());
            return Ok(Notification::Unmatched { observation: payout.map(|_| word), terminal });
        }
        if self.is(Wrong::BelievesTheAddress) {
            payout.order_id = seen.order_id;
        }
        if self.is(Wrong::NotifiedIsPending) {
            payout.status = PayoutStatus::Pending;
        }
        if self.is(Wrong::ForgetsTheAmount) {
            payout.amount = None;
        }
        Ok(Notification::Payout(payout))
    }
}
