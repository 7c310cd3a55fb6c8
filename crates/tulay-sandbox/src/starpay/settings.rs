//! How the simulated Starpay is to behave.

use super::demo::{DEMO_MERCHANT_ID, DEMO_MERCHANT_PUBLIC_KEY};
use http::Uri;
use jiff::{SignedDuration, Timestamp};

/// How the simulated Starpay is to behave.
///
/// ```
/// use tulay_sandbox::{Sandbox, starpay::{Merchant, Settings, SignedText, Starpay}};
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let closed = Merchant { active: false, ..Merchant::demo() };
/// let settings = Settings {
///     signed_text: SignedText::AsSent,
///     merchants: vec![closed],
///     ..Settings::default()
/// };
/// let sandbox = Sandbox::builder().provider(Starpay::new(settings)?).start().await?;
/// # drop(sandbox); Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Settings {
    /// The text that a request's signature may be over: either, by default.
    pub signed_text: SignedText,
    /// How long after an accepted disbursement the same account at the same bank is refused: 10
    /// minutes by default, as at the real Starpay. Zero ends the rule.
    pub payee_interval: SignedDuration,
    /// What must not be open at the same time, lest the second request be refused with 511: two
    /// collections at one terminal, by default.
    pub collision: Collision,
    /// When which bank is being maintained and refused with 577: never, by default.
    pub maintenance: Vec<Maintenance>,
    /// The merchants known at the start: the published one, by default.
    pub merchants: Vec<Merchant>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            signed_text: SignedText::Either,
            payee_interval: SignedDuration::from_mins(10),
            collision: Collision::Terminal,
            maintenance: Vec::new(),
            merchants: vec![Merchant::demo()],
        }
    }
}

/// Which collections are in each other's way. The documents do not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Collision {
    /// Those of one terminal (`deviceInfo`).
    Terminal,
    /// All of one merchant.
    Merchant,
    /// None.
    Off,
}

/// A time in which a bank or wallet takes nothing.
#[derive(Clone, Debug)]
pub struct Maintenance {
    /// Its name, exactly as in 5.1.
    pub bank: String,
    /// From when on.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

/// The text that a request's signature may be over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignedText {
    /// Either of the two below.
    Either,
    /// The value of `request`, byte for byte as sent.
    AsSent,
    /// The value of `request`, written again without blanks and needless escapes, its members in
    /// the order in which they were sent.
    Compact,
}

/// A merchant of the simulated Starpay.
#[derive(Clone, Debug)]
pub struct Merchant {
    /// Its `mchId`: 1 to 32 ASCII letters and digits.
    pub id: String,
    /// Its public key: SubjectPublicKeyInfo in PEM or bare base64, RSA of 2048 to 4096 bits.
    pub public_key: String,
    /// Whether its status is in order; otherwise everything is refused with 414.
    pub active: bool,
    /// Whether it may disburse; otherwise what section 5 has is refused with 415.
    pub may_disburse: bool,
    /// Whether it may collect; otherwise what section 6 has is refused with 416.
    pub may_collect: bool,
    /// The services that it is not opened for, refused with 417 (`pay.starpay.p2m.disburse`).
    pub closed_services: Vec<String>,
    /// Where its notifications go when a request names no `notifyUrl`.
    pub notify_url: Option<Uri>,
    /// What its payroll account holds at the start, in centavos.
    pub opening_balance: i64,
}

impl Merchant {
    /// A merchant in good standing with PHP 1,000,000.00.
    #[must_use]
    pub fn new(id: impl Into<String>, public_key: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            public_key: public_key.into(),
            active: true,
            may_disburse: true,
            may_collect: true,
            closed_services: Vec::new(),
            notify_url: None,
            opening_balance: 100_000_000,
        }
    }

    /// The published merchant.
    #[must_use]
    pub fn demo() -> Self {
        Self::new(DEMO_MERCHANT_ID, DEMO_MERCHANT_PUBLIC_KEY)
    }
}
