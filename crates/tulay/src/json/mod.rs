//! Requests, results and errors as JSON: the form that the command reads and prints, for a web
//! service, a queue or a file.
//!
//! ```text
//! bytes ─ from_slice ─► …RequestJson ─ try_from ─► PayoutRequest, CollectionRequest, …
//! Payout, Collection, …  ─ new ─►  PayoutJson, CollectionJson, …  ─ serde ─► bytes
//! ```
//!
//! * Amounts are text in major units: `"1250.00"`; of a result, `{"amount":"1250.00","currency":"PHP"}`.
//! * All members of a request are text. Blank text and `null` count as absent.
//! * Unknown and duplicate members are refused. All mistakes of a request are reported at once, each
//!   with its member. A message repeats no account, tax id or name; it may show the amount, date,
//!   reference or mobile number that was probably meant.
//! * Personal data is serialised by these types alone, and their `Debug` does not print it.
//!
//! ```
//! use tulay::{PayoutRequest, json::{self, ErrorJson, PayoutRequestJson}};
//!
//! let body = br#"{
//!     "reference": "INV-2026-0001", "country": "PH", "amount": "1250.00", "currency": "PHP",
//!     "channel": "wallet", "institution": "gcash", "account": "09171234567",
//!     "given_name": "Ana", "family_name": "Reyes"
//! }"#;
//! let request = PayoutRequest::try_from(json::from_slice::<PayoutRequestJson>(body)?)?;
//! assert_eq!(request.amount.to_string(), "PHP 1,250.00");
//!
//! let body = br#"{"reference": "INV-2026-0001", "country": "PH", "amount": "1,250.00"}"#;
//! let errors = PayoutRequest::try_from(json::from_slice::<PayoutRequestJson>(body)?).unwrap_err();
//! assert_eq!(errors.errors()[0].field, "currency");
//! println!("{}", serde_json::to_string(&ErrorJson::from(&errors))?);
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod collection;
mod error;
mod instructions;
mod journal;
mod members;
mod notification;
mod party;
mod payout;
mod reader;
mod refund;
mod result;
mod static_code;
mod text;

pub use collection::{CollectionRequestJson, MethodJson};
pub use error::{ColumnJson, ErrorJson, FieldError, LineJson, RequestErrors};
pub use instructions::{PaymentInstructionsJson, Personal};
pub use notification::NotificationJson;
pub use party::PartyJson;
pub use payout::PayoutRequestJson;
pub use reader::from_slice;
pub use refund::{RefundOriginal, RefundRequestJson};
pub use result::{
    BalanceJson, CollectionJson, IncomingPaymentJson, PayoutJson, StaticCodeJson, StatusJson,
    shown_word,
};
pub use static_code::StaticCodeRequestJson;
pub use text::{ExtrasJson, Text};
