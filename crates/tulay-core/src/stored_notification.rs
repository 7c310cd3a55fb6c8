//! The journal's form of notifications, without personal data: the body that it was read from is
//! stored beside it and removed earlier.

use crate::{
    collected::IncomingPayment,
    effect::ErrorKind,
    error::{Failure, has_few_digits, is_plain_code},
    ids::{ProviderReference, Terminal},
    invalid::Invalid,
    money::Money,
    notification::Notification,
    observation::Observation,
    order_id::OrderId,
    rail::Rail,
    stated::{ProviderTime, StatedAmount},
    status::{CollectionStatus, PayoutStatus, RefundStatus, Status},
};
use StoredStatus::{Known, Unknown};
use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

const VERSION: u32 = 1;

/// Stands where a text of the provider's own could be personal data.
const HIDDEN: &str = "***";

impl Notification {
    /// The journal's form: JSON without personal data.
    ///
    /// Kept are kind, status, ids, rail, amounts, fee, times, terminal, and a failure's kind and
    /// [`shown_code`](Failure::shown_code). The counterparty and a failure's message are left out. A
    /// text of the provider's own stays only where it is a plain word: an unknown status is `***`
    /// otherwise, and a rail's number is left out. A time keeps its instant, and its text where that is
    /// digits and separators with a colon; `***` otherwise.
    #[must_use]
    pub fn store(&self) -> Bytes {
        let stored = Stored { version: VERSION, notification: self.into() };
        // Text and numbers: there is nothing in it that JSON cannot hold.
        serde_json::to_vec(&stored).map(Bytes::from).unwrap_or_default()
    }

    /// Reads what [`store`](Self::store) wrote.
    ///
    /// # Errors
    /// When it is damaged, or of a version that this build does not know. The error does not repeat
    /// what it read.
    pub fn restore(stored: &[u8]) -> Result<Self, Invalid> {
        let damaged = || Invalid::new("stored", "a notification as this version stores it");
        let Version { version } = serde_json::from_slice(stored).map_err(|_| damaged())?;
        if version != VERSION {
            return Err(Invalid::new("stored.version", VERSION.to_string()));
        }
        let stored: Stored = serde_json::from_slice(stored).map_err(|_| damaged())?;
        stored.notification.restored().ok_or_else(damaged)
    }
}

/// Read first: a later version may have other members.
#[derive(Deserialize)]
struct Version {
    version: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    version: u32,
    notification: StoredNotification,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredNotification {
    Payout(StoredObservation),
    Collection(StoredObservation),
    IncomingPayment(AtTerminal),
    Refund(StoredObservation),
    Unmatched(AtTerminal),
    Unreadable,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AtTerminal {
    observation: StoredObservation,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    terminal: Option<Terminal>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredObservation {
    status: StoredStatus,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    order_id: Option<OrderId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    provider_reference: Option<ProviderReference>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payment: Option<ProviderReference>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rail: Option<Rail>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rail_reference: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    amount: Option<Vec<Money>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fee: Option<Vec<Money>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    failure: Option<StoredFailure>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    created: Option<StoredTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    finished: Option<StoredTime>,
}

/// An unknown status may have the text of a known one.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredStatus {
    Known(String),
    Unknown(String),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredFailure {
    kind: ErrorKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredTime {
    text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<Timestamp>,
}

impl From<&Notification> for StoredNotification {
    fn from(notification: &Notification) -> Self {
        match notification {
            Notification::Payout(payout) => Self::Payout(of_order(payout)),
            Notification::Collection(collection) => Self::Collection(of_order(collection)),
            Notification::IncomingPayment(payment) => Self::IncomingPayment(AtTerminal {
                observation: of_order(&payment.observation),
                terminal: payment.terminal.clone(),
            }),
            Notification::Refund(refund) => Self::Refund(of_order(refund)),
            Notification::Unmatched { observation, terminal } => Self::Unmatched(AtTerminal {
                observation: of(observation, unknown(&observation.status)),
                terminal: terminal.clone(),
            }),
            Notification::Unreadable => Self::Unreadable,
        }
    }
}

fn of_order<S: Status>(observation: &Observation<S>) -> StoredObservation {
    let status = &observation.status;
    of(observation, status.unknown().map_or_else(|| Known(status.to_string()), unknown))
}

fn of<S>(observation: &Observation<S>, status: StoredStatus) -> StoredObservation {
    let amounts = |stated: &StatedAmount| stated.all().to_vec();
    let rail_reference = observation.rail_reference.as_ref();
    StoredObservation {
        status,
        order_id: observation.order_id.clone(),
        provider_reference: observation.provider_reference.clone(),
        payment: observation.payment.clone(),
        rail: observation.rail,
        rail_reference: rail_reference.filter(|text| is_plain_word(text)).cloned(),
        amount: observation.amount.as_ref().map(amounts),
        fee: observation.fee.as_ref().map(amounts),
        failure: observation.failure.as_ref().map(|failure| StoredFailure {
            kind: failure.kind,
            code: failure.code.as_ref().map(|_| failure.shown_code().to_owned()),
        }),
        created: observation.created.as_ref().map(StoredTime::from),
        finished: observation.finished.as_ref().map(StoredTime::from),
    }
}

fn unknown(word: &str) -> StoredStatus {
    let plain = word.is_empty() || is_plain_word(word);
    Unknown(if plain { word } else { HIDDEN }.to_owned())
}

/// As a plain code, or several with full stops or `#` between them: `payment.paid`, `OR#T35T1`.
fn is_plain_word(text: &str) -> bool {
    text.len() <= 64 && text.split(['.', '#']).all(is_plain_code) && has_few_digits(text)
}

impl From<&ProviderTime> for StoredTime {
    fn from(time: &ProviderTime) -> Self {
        // Digits without a colon may be a number of anything.
        let of_a_clock = |byte: u8| byte.is_ascii_digit() || b" -/:.,+TZ".contains(&byte);
        let text = time.text.as_str();
        let plain = text.len() <= 40 && text.contains(':') && text.bytes().all(of_a_clock);
        let text = if plain { text } else { HIDDEN };
        Self { text: text.to_owned(), at: time.at }
    }
}

impl StoredNotification {
    /// `None` for a status that this version does not know.
    fn restored(self) -> Option<Notification> {
        use CollectionStatus as Collection;
        Some(match self {
            Self::Payout(payout) => {
                let status = payout.status.restored(PayoutStatus::named, PayoutStatus::Unknown)?;
                Notification::Payout(payout.restored(status))
            }
            Self::Collection(collection) => {
                let status = collection.status.restored(Collection::named, Collection::Unknown)?;
                Notification::Collection(collection.restored(status))
            }
            Self::IncomingPayment(AtTerminal { observation, terminal }) => {
                let status = observation.status.restored(Collection::named, Collection::Unknown)?;
                let mut payment = IncomingPayment::new(observation.restored(status));
                payment.terminal = terminal;
                Notification::IncomingPayment(payment)
            }
            Self::Refund(refund) => {
                let status = refund.status.restored(RefundStatus::named, RefundStatus::Unknown)?;
                Notification::Refund(refund.restored(status))
            }
            Self::Unmatched(AtTerminal { observation, terminal }) => {
                let status = observation.status.restored(|_| None, |word| word)?;
                Notification::Unmatched { observation: observation.restored(status), terminal }
            }
            Self::Unreadable => Notification::Unreadable,
        })
    }
}

impl StoredStatus {
    fn restored<S>(
        &self,
        known: impl FnOnce(&str) -> Option<S>,
        unknown: impl FnOnce(String) -> S,
    ) -> Option<S> {
        match self {
            Known(name) => known(name),
            Unknown(word) => Some(unknown(word.clone())),
        }
    }
}

impl StoredObservation {
    fn restored<S>(self, status: S) -> Observation<S> {
        let mut observation = Observation::new(status);
        observation.order_id = self.order_id;
        observation.provider_reference = self.provider_reference;
        observation.payment = self.payment;
        observation.rail = self.rail;
        observation.rail_reference = self.rail_reference;
        observation.amount = self.amount.map(StatedAmount::readings);
        observation.fee = self.fee.map(StatedAmount::readings);
        observation.failure = self.failure.map(|StoredFailure { kind, code }| {
            let mut failure = Failure::new(kind);
            failure.code = code;
            failure
        });
        let time = |time: StoredTime| ProviderTime::new(time.text, time.at);
        observation.created = self.created.map(time);
        observation.finished = self.finished.map(time);
        observation
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Currency, Name, NamePart, ProviderResponse, Trust,
        sensitive::{Email, Phone, TaxId},
    };
    use proptest::{option, prelude::*, sample::select};

    /// Texts that stay as they are.
    fn word() -> impl Strategy<Value = String> {
        "[A-Z][A-Za-z_-]{0,20}[0-9]{0,6}|OR#T[0-9]{1,3}|[a-z_]{1,20}\\.[a-z_]{1,20}"
    }

    fn reference() -> impl Strategy<Value = ProviderReference> {
        "[!-~]{1,128}".prop_map(|text| ProviderReference::new(text).unwrap())
    }

    fn stated() -> impl Strategy<Value = StatedAmount> {
        let currencies = [Currency::PHP, Currency::IDR];
        let reading =
            move |minor: i64| currencies.map(|currency| Money::from_minor(minor, currency));
        (any::<i64>(), 0..=2_usize)
            .prop_map(move |(minor, n)| StatedAmount::readings(reading(minor)[..n].to_vec()))
    }

    fn time() -> impl Strategy<Value = ProviderTime> {
        let at = (0..4_000_000_000_i64).prop_map(|second| Timestamp::from_second(second).unwrap());
        let known = at.prop_map(|at| ProviderTime::new(at.to_string(), Some(at)));
        let without = "20[0-9]{2}-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9]";
        prop_oneof![known, without.prop_map(|text| ProviderTime::new(text, None))]
    }

    fn failure() -> impl Strategy<Value = Failure> {
        let kinds = select(vec![ErrorKind::Beneficiary, ErrorKind::Funds, ErrorKind::Unexpected]);
        (kinds, option::of("[A-Z]{2}[0-9]{2}")).prop_map(|(kind, code)| {
            let mut failure = Failure::new(kind);
            failure.code = code;
            failure
        })
    }

    fn observation<S: std::fmt::Debug + Clone + 'static>(
        status: impl Strategy<Value = S>,
    ) -> impl Strategy<Value = Observation<S>> {
        let order_id = "[A-Z0-9]{10,31}".prop_map(|text| OrderId::parse(&text).unwrap());
        let ids = (option::of(order_id), option::of(reference()), option::of(reference()));
        let rail = (option::of(select(Rail::ALL)), option::of(word()));
        let rest = (option::of(stated()), option::of(stated()), option::of(failure()));
        let times = (option::of(time()), option::of(time()));
        (status, ids, rail, rest, times).prop_map(|(status, ids, rail, rest, times)| {
            let mut observation = Observation::new(status);
            (observation.order_id, observation.provider_reference, observation.payment) = ids;
            (observation.rail, observation.rail_reference) = rail;
            (observation.amount, observation.fee, observation.failure) = rest;
            (observation.created, observation.finished) = times;
            observation
        })
    }

    fn notification() -> impl Strategy<Value = Notification> {
        use CollectionStatus as Collection;
        let payout = prop_oneof![
            select(vec![
                PayoutStatus::Pending,
                PayoutStatus::Succeeded,
                PayoutStatus::Failed,
                PayoutStatus::Reversed,
                PayoutStatus::Cancelled
            ]),
            word().prop_map(PayoutStatus::Unknown),
        ];
        let collection = || {
            prop_oneof![
                select(vec![
                    Collection::Pending,
                    Collection::Paid,
                    Collection::Failed,
                    Collection::Expired,
                    Collection::Closed,
                    Collection::Reversed
                ]),
                // The provider's own text may be the name of a known status.
                Just(Collection::Unknown("paid".into())),
            ]
        };
        let refund = select(vec![
            RefundStatus::Pending,
            RefundStatus::Succeeded,
            RefundStatus::Failed,
            RefundStatus::Cancelled,
        ]);
        let terminal = || option::of("[!-~]{1,25}".prop_map(|text| Terminal::new(text).unwrap()));
        prop_oneof![
            observation(payout).prop_map(Notification::Payout),
            observation(collection()).prop_map(Notification::Collection),
            (observation(collection()), terminal()).prop_map(|(observation, terminal)| {
                let mut payment = IncomingPayment::new(observation);
                payment.terminal = terminal;
                Notification::IncomingPayment(payment)
            }),
            observation(refund).prop_map(Notification::Refund),
            (observation(word()), terminal()).prop_map(|(observation, terminal)| {
                Notification::Unmatched { observation, terminal }
            }),
            Just(Notification::Unreadable),
        ]
    }

    proptest! {
        #[test]
        fn what_is_not_personal_is_not_lost(notification in notification()) {
            let restored = Notification::restore(&notification.store()).unwrap();
            prop_assert_eq!(restored, notification);
        }

        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            let _ = Notification::restore(&bytes);
        }

        #[test]
        fn no_damage_panics(notification in notification(), at: prop::sample::Index, byte: u8) {
            let mut stored = notification.store().to_vec();
            let at = at.index(stored.len());
            stored[at] = byte;
            let _ = Notification::restore(&stored);
        }

        #[test]
        fn a_text_of_digits_is_not_stored(account in "[0-9]{7,20}") {
            let mut observation = Observation::new(account.clone());
            observation.rail_reference = Some(account.clone());
            observation.created = Some(ProviderTime::new(account.clone(), None));
            let stored = Notification::Unmatched { observation, terminal: None }.store();
            prop_assert!(!String::from_utf8(stored.to_vec()).unwrap().contains(&account));
        }
    }

    const NAME: &str = "Ana Reyes";
    const ACCOUNT: &str = "0012-3456-7890";

    /// Personal data in every place that takes a text.
    fn planted<S>(status: S, text: &str) -> Observation<S> {
        let mut observation = Observation::new(status);
        observation.rail_reference = Some(text.into());
        let mut failure = Failure::new(ErrorKind::Beneficiary);
        (failure.code, failure.message) = (Some(text.into()), Some(text.into()));
        observation.failure = Some(failure);
        observation.created = Some(ProviderTime::new(text, None));
        observation.finished = Some(ProviderTime::new(text, Some(Timestamp::UNIX_EPOCH)));
        let party = &mut observation.counterparty;
        party.name = Some(Name::Full(NamePart::new(NAME).unwrap()));
        party.mobile = Some(Phone::new("+639171234567").unwrap());
        party.email = Some(Email::new("ana@example.com").unwrap());
        party.tax_id = Some(TaxId::new("123456789").unwrap());
        party.relationship = Some(text.into());
        let mut response = ProviderResponse::new(
            http::StatusCode::OK,
            Trust::Signed,
            Bytes::from(text.to_owned()),
        );
        (response.code, response.message) = (Some(text.into()), Some(text.into()));
        observation.response = Some(response);
        observation
    }

    #[test]
    fn no_personal_data_is_stored() {
        for text in [NAME, "Ana.Reyes@example.com", "+639171234567", "Рейес", "123.456.789"] {
            for said in [
                Notification::Payout(planted(PayoutStatus::Unknown(text.into()), text)),
                Notification::Refund(planted(RefundStatus::Unknown(text.into()), text)),
                Notification::Collection(planted(CollectionStatus::Unknown(text.into()), text)),
                Notification::Unmatched { observation: planted(text.into(), text), terminal: None },
            ] {
                let stored = String::from_utf8(said.store().to_vec()).unwrap();
                for personal in [text, NAME, "639171234567", "ana@example.com", "123456789"] {
                    assert!(!stored.contains(personal), "{stored}");
                }
                let restored = Notification::restore(stored.as_bytes()).unwrap();
                assert_eq!(restored.store(), stored.as_bytes(), "the form is stable");
            }
        }
        let account = planted(PayoutStatus::Succeeded, ACCOUNT);
        let stored = Notification::Payout(account).store();
        assert!(!String::from_utf8(stored.to_vec()).unwrap().contains(ACCOUNT));
    }

    #[test]
    fn the_stored_form_is_pinned() {
        let mut observation = planted(PayoutStatus::Failed, NAME);
        observation.order_id = OrderId::parse("PCCT4DQCA7IYPBOIHLLI5GBEMB").ok();
        observation.provider_reference = ProviderReference::new("7001").ok();
        observation.payment = ProviderReference::new("pay_1").ok();
        observation.rail = Some(Rail::InstaPay);
        observation.rail_reference = Some("IP-7001".into());
        observation.amount = Some(StatedAmount::readings(vec![
            Money::from_minor(10_000, Currency::PHP),
            Money::from_minor(1_000_000, Currency::IDR),
        ]));
        observation.fee = Some(StatedAmount::known(Money::from_minor(500, Currency::PHP)));
        if let Some(failure) = &mut observation.failure {
            failure.code = Some("AC01".into());
        }
        observation.created = Some(ProviderTime::new("2026-11-30 21:00:00", None));
        observation.finished =
            Some(ProviderTime::new("20261130210100", Some(Timestamp::UNIX_EPOCH)));
        let text = |said: &Notification| String::from_utf8(said.store().to_vec()).unwrap();
        let payout = text(&Notification::Payout(observation));
        insta::assert_snapshot!(payout, @r#"{"version":1,"notification":{"payout":{"status":{"known":"failed"},"order_id":"PCCT4DQCA7IYPBOIHLLI5GBEMB","provider_reference":"7001","payment":"pay_1","rail":"instapay","rail_reference":"IP-7001","amount":[{"amount":"100.00","currency":"PHP"},{"amount":"10000.00","currency":"IDR"}],"fee":[{"amount":"5.00","currency":"PHP"}],"failure":{"kind":"beneficiary","code":"AC01"},"created":{"text":"2026-11-30 21:00:00"},"finished":{"text":"***","at":"1970-01-01T00:00:00Z"}}}}"#);
        let unmatched = Notification::Unmatched {
            observation: planted("wallet.moved".into(), NAME),
            terminal: Terminal::new("8CYGISAS").ok(),
        };
        insta::assert_snapshot!(text(&unmatched), @r#"{"version":1,"notification":{"unmatched":{"observation":{"status":{"unknown":"wallet.moved"},"failure":{"kind":"beneficiary","code":"***"},"created":{"text":"***"},"finished":{"text":"***","at":"1970-01-01T00:00:00Z"}},"terminal":"8CYGISAS"}}}"#);
        insta::assert_snapshot!(text(&Notification::Unreadable), @r#"{"version":1,"notification":"unreadable"}"#);
        let mut payment = IncomingPayment::new(Observation::new(CollectionStatus::Paid));
        payment.terminal = Terminal::new("8CYGISAS").ok();
        insta::assert_snapshot!(text(&Notification::IncomingPayment(payment)), @r#"{"version":1,"notification":{"incoming_payment":{"observation":{"status":{"known":"paid"}},"terminal":"8CYGISAS"}}}"#);
    }

    #[test]
    fn other_forms_are_refused() {
        let mut payment = IncomingPayment::new(planted(CollectionStatus::Paid, NAME));
        payment.terminal = Terminal::new("8CYGISAS").ok();
        let text = String::from_utf8(Notification::IncomingPayment(payment).store().to_vec());
        let text = text.unwrap();
        let newer = text.replace("\"version\":1", "\"version\":2,\"more\":1");
        let refused = Notification::restore(newer.as_bytes()).unwrap_err();
        assert_eq!(refused.to_string(), "stored.version: expected 1");
        for (member, with) in [
            ("{\"version\"", "{\"more\":1,\"version\""),
            ("\"incoming_payment\":{", "\"incoming_payment\":{\"more\":1,"),
            ("\"observation\":{", "\"observation\":{\"more\":1,"),
            ("\"failure\":{", "\"failure\":{\"more\":1,"),
            ("\"created\":{", "\"created\":{\"more\":1,"),
            ("\"paid\"", "\"settled\""),
            ("incoming_payment", "rebate"),
        ] {
            let other = text.replace(member, with);
            assert_ne!(other, text, "{member}");
            let refused = Notification::restore(other.as_bytes()).unwrap_err().to_string();
            assert_eq!(refused, "stored: expected a notification as this version stores it");
        }
    }
}
