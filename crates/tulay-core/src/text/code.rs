//! Countries, currencies and payment rails by their codes.

use crate::{
    invalid::Invalid,
    money::{Country, Currency},
    rail::Rail,
};

/// Reads a country that a person or program typed: an ISO 3166 code of two capitals.
///
/// # Errors
/// When it is none: with the codes to choose from. Of the text, a country's name alone is repeated.
/// Nothing was sent.
///
/// ```
/// use tulay_core::{Country, text};
/// assert_eq!(text::country(" TH ")?, Country::TH);
/// let reason = |text| text::country(text).unwrap_err().to_string();
/// assert_eq!(reason("ph"), "country: unknown country \"ph\": use PH");
/// assert_eq!(
///     reason("Philippines"),
///     "country: unknown country \"Philippines\": use PH, ID, MY, TH or RU"
/// );
/// # Ok::<_, tulay_core::Invalid>(())
/// ```
pub fn country(text: &str) -> Result<Country, Invalid> {
    Country::new(text.trim())
}

/// Reads a currency that a person or program typed: an ISO 4217 code of three capitals.
///
/// # Errors
/// When it is none: with the code of the sign or name, where it is known. Nothing was sent.
///
/// ```
/// use tulay_core::{Currency, text};
/// assert_eq!(text::currency("PHP")?, Currency::PHP);
/// let invalid = text::currency("Rp").unwrap_err();
/// assert_eq!(invalid.to_string(), "currency: unknown currency \"Rp\": use IDR");
/// # Ok::<_, tulay_core::Invalid>(())
/// ```
pub fn currency(text: &str) -> Result<Currency, Invalid> {
    Currency::new(text.trim())
}

/// Reads a payment rail that a person or program typed: `instapay`.
///
/// # Errors
/// When it is none: with the rails to choose from. Nothing was sent.
///
/// ```
/// use tulay_core::{Rail, text};
/// assert_eq!(text::rail("pesonet")?, Rail::PesoNet);
/// assert!(text::rail("swift").unwrap_err().to_string().starts_with("rail: expected one of instapay"));
/// # Ok::<_, tulay_core::Invalid>(())
/// ```
pub fn rail(text: &str) -> Result<Rail, Invalid> {
    let text = text.trim();
    Rail::ALL.iter().copied().find(|rail| rail.as_str() == text).ok_or_else(|| {
        let names: Vec<&str> = Rail::ALL.iter().map(|rail| rail.as_str()).collect();
        Invalid::new("rail", format!("one of {}", names.join(", ")))
    })
}
