//! The codes by which a look-up says that there is no such order: the adapter's own, or those that
//! the configuration gives in their place under `not_found_codes`.
//!
//! A rejected payout is final, and a copy is sent again, only after such a response. So a wrong code
//! here either pays twice or leaves payouts in doubt.

use crate::codes::{Row, Table, Verdict};
use std::{collections::BTreeMap, fmt};
use tulay_core::{Error, ErrorKind, Invalid, Operation, ProviderResponse, Result};

/// The key of the configuration.
const KEY: &str = "not_found_codes";

/// Longest code, in characters.
const LONGEST: usize = 64;

/// `not_found_codes` of a configuration: look-ups, and the codes that replace those of the adapter.
/// A look-up that it does not name keeps the adapter's own.
pub type ConfiguredCodes = BTreeMap<Operation, Vec<String>>;

/// What an adapter knows of the codes that say "no such order".
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "adapters make it")]
pub struct NotFound {
    /// The form of the provider's codes. A configured code of another form is a mistake.
    pub form: CodeForm,
    /// The look-ups that have such codes.
    pub look_ups: &'static [LookUp],
}

impl NotFound {
    /// Of a provider whose look-ups say it without a code.
    pub const NONE: Self = Self { form: CodeForm::Any, look_ups: &[] };
}

/// A look-up with codes that say "no such order".
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "adapters make it")]
pub struct LookUp {
    /// The operation: a look-up.
    pub operation: Operation,
    /// The codes of its responses.
    pub table: &'static Table,
    /// Those that say "no such order", where the configuration gives no others. Each has its row in
    /// the table.
    pub codes: &'static [&'static str],
}

/// The form of a provider's codes. `Display` describes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CodeForm {
    /// So many digits: `565`.
    Digits(usize),
    /// Capital letters, digits and `_`: `DATA_NOT_FOUND`.
    Capitals,
    /// Small letters, digits and `_`: `not_found`.
    SmallLetters,
    /// Visible characters of ASCII.
    Any,
}

impl CodeForm {
    /// Whether a code has this form.
    fn fits(self, code: &str) -> bool {
        let all = |is: fn(&u8) -> bool| code.bytes().all(|byte| is(&byte));
        let words = |is_letter: fn(&u8) -> bool| {
            code.bytes().all(|byte| is_letter(&byte) || byte.is_ascii_digit() || byte == b'_')
        };
        (1..=LONGEST).contains(&code.len())
            && match self {
                Self::Digits(count) => code.len() == count && all(u8::is_ascii_digit),
                Self::Capitals => words(u8::is_ascii_uppercase),
                Self::SmallLetters => words(u8::is_ascii_lowercase),
                Self::Any => all(u8::is_ascii_graphic),
            }
    }
}

impl fmt::Display for CodeForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Digits(count) => write!(f, "{count} digits"),
            Self::Capitals => f.write_str("capital letters, digits and _"),
            Self::SmallLetters => f.write_str("small letters, digits and _"),
            Self::Any => f.write_str("visible characters without blanks"),
        }
    }
}

/// The codes that say "no such order" at one account.
///
/// ```
/// use tulay_adapter::codes::{Row, Table, Verdict::Nothing};
/// use tulay_adapter::not_found::{CodeForm, ConfiguredCodes, LookUp, NotFound, NotFoundCodes};
/// use tulay_core::{ErrorKind, Operation, ProviderResponse, Trust};
/// const CODES: Table = Table {
///     provider: "acme",
///     success: Some("0"),
///     rows: &[Row::new("44", ErrorKind::State, Nothing, "no such payout")],
/// };
/// const NOT_FOUND: NotFound = NotFound {
///     form: CodeForm::Digits(2),
///     look_ups: &[LookUp { operation: Operation::PayoutFind, table: &CODES, codes: &["44"] }],
/// };
/// let is_absent = |configured: &ConfiguredCodes, code: &str| {
///     let (status, body) = (http::StatusCode::OK, bytes::Bytes::new());
///     let mut response = ProviderResponse::new(status, Trust::Signed, body);
///     response.code = Some(code.to_owned());
///     let error = CODES.error(Operation::PayoutFind, response);
///     NotFoundCodes::new(NOT_FOUND, configured).absent(error).is_ok()
/// };
/// let configured = ConfiguredCodes::from([(Operation::PayoutFind, vec!["45".to_owned()])]);
/// NotFoundCodes::new(NOT_FOUND, &configured).checked()?;
/// assert!(is_absent(&configured, "45") && !is_absent(&configured, "44"));
/// assert!(is_absent(&ConfiguredCodes::new(), "44"));
/// # Ok::<_, tulay_core::Invalid>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct NotFoundCodes<'a> {
    known: NotFound,
    configured: &'a ConfiguredCodes,
}

impl<'a> NotFoundCodes<'a> {
    /// The adapter's codes, and those of the configuration.
    #[must_use]
    pub const fn new(known: NotFound, configured: &'a ConfiguredCodes) -> Self {
        Self { known, configured }
    }

    /// The codes of a look-up; none of any other operation.
    #[must_use]
    pub fn of(&self, operation: Operation) -> Vec<&'a str> {
        let Some(look_up) = self.look_up(operation) else { return Vec::new() };
        match self.configured.get(&operation) {
            Some(codes) => codes.iter().map(String::as_str).collect(),
            None => look_up.codes.to_vec(),
        }
    }

    /// Refuses configured codes that cannot say "no such order".
    ///
    /// # Errors
    /// At `not_found_codes` and the look-up: an operation that is no look-up of this adapter, an empty
    /// list, a code of another form, and a code whose row in a table of the adapter says something
    /// else, such as a rejection, a duplicate or success. A row that says nothing in particular
    /// (`Unexpected`) may be chosen.
    pub fn checked(&self) -> Result<(), Invalid> {
        for (operation, codes) in self.configured {
            let field = format!("{KEY}.{operation}");
            let Some(look_up) = self.look_up(*operation) else {
                return Err(Invalid::unsupported(field, self.look_ups()));
            };
            if codes.is_empty() {
                let own = look_up.codes.join(" and ");
                let expected = format!("at least one code; without this key it is {own}");
                return Err(Invalid::new(field, expected));
            }
            for code in codes {
                if !self.known.form.fits(code) {
                    let expected = format!("codes of {}", self.known.form);
                    return Err(Invalid::new(field, expected));
                }
                if let Some(meaning) = self.other_meaning(code) {
                    return Err(Invalid::unsupported(field, meaning));
                }
            }
        }
        Ok(())
    }

    /// The response that says by a code that there is no such order, or the error back, as
    /// [`absent_with`](Self::absent_with).
    ///
    /// # Errors
    /// The error that came in.
    pub fn absent(&self, error: Error) -> Result<ProviderResponse> {
        self.absent_with(error, |_| true)
    }

    /// The same where a code says so only with a certain HTTP status or certain words: `counts`
    /// decides. Only an error that the look-up's [`Table`] made counts: another one with the same code
    /// is of a response that is not genuine, or not about this order. A failed server says nothing.
    ///
    /// # Errors
    /// The error that came in.
    pub fn absent_with(
        &self,
        error: Error,
        counts: impl FnOnce(&ProviderResponse) -> bool,
    ) -> Result<ProviderResponse> {
        let operation = error.operation();
        let response = error.response().filter(|response| {
            let code = response.code.as_deref().unwrap_or_default();
            let row = self.look_up(operation).and_then(|look_up| look_up.table.row(code));
            // What a table makes of a code that it does not list.
            let kind = row.map_or(ErrorKind::Unexpected, |row| row.kind);
            self.of(operation).contains(&code)
                && error.kind() == kind
                && !response.status.is_server_error()
                && counts(response)
        });
        response.cloned().ok_or(error)
    }

    fn look_up(&self, operation: Operation) -> Option<&'static LookUp> {
        self.known.look_ups.iter().find(|look_up| look_up.operation == operation)
    }

    /// Names the look-ups.
    fn look_ups(&self) -> String {
        let names: Vec<&str> = self.known.look_ups.iter().map(|l| l.operation.as_str()).collect();
        match names.is_empty() {
            true => "no look-up of this provider says \"no such order\" by a code".to_owned(),
            false => format!("the look-ups of this provider are {}", names.join(", ")),
        }
    }

    /// What a code says instead of "no such order", where a table of the adapter lists it.
    fn other_meaning(&self, code: &str) -> Option<String> {
        let look_ups = self.known.look_ups;
        if look_ups.iter().any(|look_up| look_up.codes.contains(&code)) {
            return None;
        }
        if look_ups.iter().any(|look_up| look_up.table.success == Some(code)) {
            return Some(format!("{code} says that the look-up was carried out"));
        }
        let mut rows = look_ups.iter().filter_map(|look_up| look_up.table.row(code));
        rows.find(|row| !says_nothing_in_particular(row)).map(|row| {
            format!("{} is listed as \"{}\", which is not \"no such order\"", row.code, row.text)
        })
    }
}

fn says_nothing_in_particular(row: &Row) -> bool {
    row.kind == ErrorKind::Unexpected && row.verdict == Verdict::Nothing
}
