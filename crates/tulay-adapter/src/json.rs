//! JSON as providers write it: texts borrowed from the message, and errors that name the member
//! and never its value.

mod decimal;
mod text;

pub use decimal::{Decimal, Number, Whole, whole_number};
pub use text::{IfText, Members, Text, order_id, present, provider_reference, unquoted};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tulay_core::{Currency, Error, ErrorKind, Money, Operation, Result, StatedAmount};

/// Compact JSON of a request. It is empty where a value cannot be written, so a request holds
/// texts, whole numbers and truth values only.
#[must_use]
pub fn to_json(request: &impl Serialize) -> String {
    serde_json::to_string(request).unwrap_or_default()
}

/// Reads a body that is an object; `None` for anything else.
///
/// ```
/// #[derive(serde::Deserialize)]
/// struct Envelope<'a> {
///     #[serde(borrow)]
///     response: &'a serde_json::value::RawValue,
/// }
/// let envelope: Envelope<'_> = tulay_adapter::json::object(br#"{"response":{ "a": 1.10 }}"#).unwrap();
/// assert_eq!(envelope.response.get(), "{ \"a\": 1.10 }"); // the text as it arrived
/// assert!(tulay_adapter::json::object::<Envelope<'_>>(br#"[{}]"#).is_none());
/// ```
#[must_use]
pub fn object<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Option<T> {
    // serde would read a list as an object whose members come in order.
    body.trim_ascii_start().strip_prefix(b"{")?;
    serde_json::from_str(std::str::from_utf8(body).ok()?).ok()
}

/// Whether a body is a whole list.
pub(crate) fn is_list(body: &[u8]) -> bool {
    let list = body.trim_ascii_start().starts_with(b"[");
    list && serde_json::from_slice::<Vec<&RawValue>>(body).is_ok()
}

/// Reads messages of a provider in answer to an operation. Every error is `Unexpected`, names the
/// member that cannot be read, and never repeats a value.
///
/// ```
/// use tulay_adapter::json::{Reader, Text};
/// use tulay_core::Operation;
/// #[derive(Debug, serde::Deserialize)]
/// struct Order<'a> {
///     #[serde(borrow)]
///     amount: Text<'a>,
/// }
/// let reader = Reader::new("acme", Operation::PayoutFind);
/// let order: Order<'_> = reader.read(r#"{"amount":1250}"#)?;
/// assert_eq!(&*order.amount.0, "1250");
/// let error = reader.read::<Order<'_>>(r#"{"amount":12.5}"#).unwrap_err();
/// assert_eq!(error.to_string(), "acme's message cannot be read at \"amount\"");
/// # Ok::<_, tulay_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    provider: &'static str,
    operation: Operation,
}

impl Reader {
    /// A reader of one provider's messages.
    #[must_use]
    pub const fn new(provider: &'static str, operation: Operation) -> Self {
        Self { provider, operation }
    }

    /// Reads a text that is an object.
    ///
    /// # Errors
    /// At the member.
    pub fn read<'a, T: Deserialize<'a>>(&self, text: &'a str) -> Result<T> {
        let provider = self.provider;
        // serde would read a list as an object whose members come in order.
        if !text.trim_start().starts_with('{') {
            return Err(self.error(format!("{provider}'s message is no JSON object")));
        }
        serde_json::from_str(text).map_err(|_| {
            // Tracking the path costs more than reading, so it is done only after a failure.
            let mut json = serde_json::Deserializer::from_str(text);
            let member = match serde_path_to_error::deserialize::<_, T>(&mut json) {
                Ok(_) => "the end".to_owned(),
                Err(error) => error.path().to_string(),
            };
            self.error(format!("{provider}'s message cannot be read at {member:?}"))
                .with_field(member)
        })
    }

    /// Reads a text that is a list of objects.
    ///
    /// # Errors
    /// At `data` where it is no list; at the member where a row cannot be read.
    pub fn rows<'a, T: Deserialize<'a>>(&self, text: &'a str) -> Result<Vec<T>> {
        let rows: Vec<&'a RawValue> = serde_json::from_str(text).map_err(|_| {
            self.error(format!("{}'s data is no list", self.provider)).with_field("data")
        })?;
        rows.into_iter().map(|row| self.read(row.get())).collect()
    }

    /// The amount that two members hold, as decimal text in major units and its currency, where the
    /// amount is there.
    ///
    /// # Errors
    /// At the member.
    pub fn amount(
        &self,
        member: &'static str,
        text: Option<Text<'_>>,
        currency_member: &'static str,
        currency: Option<Text<'_>>,
    ) -> Result<Option<StatedAmount>> {
        let Some(text) = text else { return Ok(None) };
        let currency = currency.and_then(|currency| Currency::new(&currency.0).ok());
        let currency = currency.ok_or_else(|| self.unreadable(currency_member))?;
        let money = Money::parse(&text.0, currency).map_err(|_| self.unreadable(member))?;
        Ok(Some(StatedAmount::known(money)))
    }

    /// The same of an amount that is a number in the message, and its currency, where the amount is
    /// there.
    ///
    /// # Errors
    /// At the member.
    pub fn number(
        &self,
        member: &'static str,
        number: Option<&Decimal<'_>>,
        currency_member: &'static str,
        currency: &IfText<'_>,
    ) -> Result<Option<StatedAmount>> {
        let Some(number) = number else { return Ok(None) };
        let currency = currency.as_str().and_then(|currency| Currency::new(currency).ok());
        let currency = currency.ok_or_else(|| self.unreadable(currency_member))?;
        let money = number.money(currency).ok_or_else(|| self.unreadable(member))?;
        Ok(Some(StatedAmount::known(money)))
    }

    /// The error of a member whose value is not what it must be.
    #[must_use]
    pub fn unreadable(&self, member: &'static str) -> Error {
        self.error(format!("{}'s {member} cannot be read", self.provider)).with_field(member)
    }

    fn error(&self, message: String) -> Error {
        Error::new(self.operation, ErrorKind::Unexpected, message)
    }
}
