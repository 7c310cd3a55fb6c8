//! A genuine response of a call that was carried out.

use crate::json::{Members, Reader, Text};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::{borrow::Cow, fmt};
use tulay_core::{
    Echo, Error, ErrorKind, Found, Lookup, Observation, Operation, ProviderResponse, Result, Status,
};

/// A response that the adapter found genuine and whose code says that the call was carried out,
/// with the text that it reads. What became of the money is in that text.
///
/// ```
/// use tulay_adapter::{json::Text, reply::Reply};
/// use tulay_core::{ProviderResponse, Operation, Trust};
/// #[derive(serde::Deserialize)]
/// struct Order<'a> {
///     #[serde(borrow)]
///     state: Text<'a>,
/// }
/// let response = ProviderResponse::new(http::StatusCode::OK, Trust::Signed, bytes::Bytes::new());
/// let text = r#"{"state":"paid"}"#.to_owned();
/// let reply = Reply::new("acme", Operation::PayoutFind, response, Some(text));
/// let order: Order<'_> = reply.read()?;
/// assert_eq!(&*order.state.0, "paid");
/// # Ok::<_, tulay_core::Error>(())
/// ```
pub struct Reply {
    /// The response, kept as evidence.
    pub response: ProviderResponse,
    provider: &'static str,
    operation: Operation,
    text: Option<String>,
}

impl Reply {
    /// A reply to a call of this operation. `text` is what it says: JSON, verified where the
    /// provider signs; `None` where the response holds no data.
    #[must_use]
    pub const fn new(
        provider: &'static str,
        operation: Operation,
        response: ProviderResponse,
        text: Option<String>,
    ) -> Self {
        Self { response, provider, operation, text }
    }

    /// The text.
    ///
    /// # Errors
    /// `Unexpected` at `data` where there is none.
    pub fn text(&self) -> Result<&str> {
        self.text.as_deref().ok_or_else(|| {
            let error = Error::new(self.operation, ErrorKind::Unexpected, "there is no data");
            error.with_field("data").with_response_from(self.provider, self.response.clone())
        })
    }

    /// The text, which is an object.
    ///
    /// # Errors
    /// As [`Reader::read`], with the answer.
    pub fn read<'a, T: Deserialize<'a>>(&'a self) -> Result<T> {
        let read = self.reader().read(self.text()?);
        read.map_err(|error| self.attach(error))
    }

    /// The text, which is a list of objects.
    ///
    /// # Errors
    /// As [`Reader::rows`], with the answer.
    pub fn rows<'a, T: Deserialize<'a>>(&'a self) -> Result<Vec<T>> {
        let rows = self.reader().rows(self.text()?);
        rows.map_err(|error| self.attach(error))
    }

    /// The rows of the only list among the text's members, whatever its name.
    ///
    /// # Errors
    /// `Unexpected` where there is not exactly one list; as [`Reader::rows`], with the answer.
    pub fn only_list<'a, T: Deserialize<'a>>(&'a self) -> Result<Vec<T>> {
        let members: Option<Members<'a>> = serde_json::from_str(self.text()?).ok();
        let list = members.as_ref().and_then(Members::only_list).ok_or_else(|| {
            let message = format!("{}'s answer does not hold exactly one list", self.provider);
            self.error(ErrorKind::Unexpected, message)
        })?;
        self.reader().rows(list).map_err(|error| self.attach(error))
    }

    /// The reply to a look-up by an id of ours that is answered by a list of orders: the one order,
    /// as a reply of its own, or the response that says that there is none.
    ///
    /// # Errors
    /// As [`rows`](Self::rows) and [`at_most_one`](Self::at_most_one).
    pub fn only_row(self) -> Result<Found<Self>> {
        let rows: Vec<&RawValue> = self.rows()?;
        let row = self.at_most_one(rows)?.map(|row| row.get().to_owned());
        Ok(match row {
            Some(row) => Found::Found(Self { text: Some(row), ..self }),
            None => Found::Absent(self.response),
        })
    }

    /// The one thing of a list that is looked up by an id of ours, or none.
    ///
    /// # Errors
    /// `Mismatch`, with the answer, where there are several: one id of ours makes one order, so a
    /// person has to decide.
    pub fn at_most_one<T>(&self, found: impl IntoIterator<Item = T>) -> Result<Option<T>> {
        let mut found = found.into_iter();
        let first = found.next();
        if found.next().is_some() {
            let message = format!("{} knows several orders under one id of ours", self.provider);
            return Err(self.error(ErrorKind::Mismatch, message).with_field("order_id"));
        }
        Ok(first)
    }

    /// One member of the text, by a name that is known only at run time.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<String> {
        let members: Members<'_> = serde_json::from_str(self.text.as_deref()?).ok()?;
        let value = members.0.get(name)?.get();
        serde_json::from_str(value).ok().map(Text::into_string)
    }

    /// The observation that `read` makes of the text, which is an object. Observation and errors
    /// get the answer.
    ///
    /// # Errors
    /// As [`read`](Self::read); whatever `read` returns.
    pub fn observe<'a, T: Deserialize<'a>, S>(
        &'a self,
        read: impl FnOnce(T) -> Result<Observation<S>>,
    ) -> Result<Observation<S>> {
        let mut observation = read(self.read()?).map_err(|error| self.attach(error))?;
        observation.response = Some(self.response.clone());
        Ok(observation)
    }

    /// The order that `read` makes of the text, concluded for the look-up and compared with it, as
    /// every reading of an order must end: see [`matched_by_id`].
    ///
    /// # Errors
    /// As [`observe`](Self::observe) and [`matched_by_id`].
    pub fn order<'a, T: Deserialize<'a>, S: Status>(
        &'a self,
        echoes: &[Echo],
        asked: &Lookup,
        read: impl FnOnce(T) -> Result<Observation<S>>,
    ) -> Result<Observation<S>> {
        matched_by_id(self.observe(read)?, self.operation, echoes, asked)
    }

    /// An error about what the reply says. The effect is `Unknown`.
    pub fn error(&self, kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Error {
        self.attach(Error::new(self.operation, kind, message))
    }

    /// A reader of such messages.
    #[must_use]
    pub const fn reader(&self) -> Reader {
        Reader::new(self.provider, self.operation)
    }

    /// The error with the answer that it is about.
    pub fn attach(&self, error: Error) -> Error {
        error.with_response(self.response.clone())
    }
}

/// An observation with the status that the provider's word means, as far as the message can prove
/// it: [`Observation::conclude`].
#[must_use]
pub fn conclude<S: Status>(
    observation: Observation<Cow<'_, str>>,
    status: fn(&str) -> S,
    echoes: &[Echo],
) -> Observation<S> {
    observation.map(|word| status(&word)).conclude(echoes)
}

/// The observation in an answer of a provider that looks orders up by its own id, concluded for the
/// look-up and compared with it: [`Observation::conclude_for`], then
/// [`Observation::check_matches`]. An answer with another id of the provider's than the look-up has is
/// about another order, whatever else it repeats: several orders may have one reference.
///
/// # Errors
/// `Unrelated`, `Unknown`, at `provider_reference` for another id; as
/// [`Observation::check_matches`].
pub fn matched_by_id<S: Status>(
    observation: Observation<S>,
    operation: Operation,
    echoes: &[Echo],
    asked: &Lookup,
) -> Result<Observation<S>> {
    let (stated, of) = (&observation.provider_reference, &asked.provider_reference);
    if of.is_some() && stated.is_some() && stated != of {
        let message = "the answer has another id of the provider's";
        let error = Error::new(operation, ErrorKind::Unrelated, message);
        let error = error.with_field("provider_reference");
        return Err(match observation.response {
            Some(response) => error.with_response(response),
            None => error,
        });
    }
    observation.conclude_for(echoes, asked).check_matches(operation, asked)
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reply({}, {:?})", self.operation, self.response)
    }
}
