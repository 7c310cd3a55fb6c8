//! How to pay, for the payer.

use super::Text;
use serde::Serialize;
use std::collections::BTreeMap;
use tulay_core::{InstitutionId, PaymentInstructions};

/// Whether a result holds what lets a person pay or be recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is no third")]
pub enum Personal {
    /// It is left out: for logs and lists.
    Masked,
    /// It is there: for the payer.
    Revealed,
}

/// How the payer pays, as JSON: `{"kind":"qr","text":"…"}`.
///
/// It allows anyone to pay, and may name the payer. The masked form holds only the kind, the bank
/// and the media type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum PaymentInstructionsJson {
    /// The text of a QR symbol.
    Qr {
        /// The text; `None` where it is masked.
        text: Option<Text>,
    },
    /// A QR symbol as a picture.
    QrImage {
        /// Its media type.
        mime: String,
    },
    /// An account to transfer to.
    VirtualAccount {
        /// The bank, by its neutral id.
        institution: Option<InstitutionId>,
        /// The account; `None` where it is masked.
        number: Option<Text>,
        /// In whose name it stands; `None` where it is masked or not known.
        name: Option<Text>,
    },
    /// A page to open.
    Redirect {
        /// Its address; `None` where it is masked.
        url: Option<Text>,
    },
    /// Parameters of a call inside the wallet's own browser.
    WalletCall {
        /// The parameters; none where they are masked.
        parameters: BTreeMap<String, Text>,
    },
}

impl PaymentInstructionsJson {
    /// The instructions; `None` for a kind that this version does not know.
    #[must_use]
    pub fn new(payment_instructions: &PaymentInstructions, personal: Personal) -> Option<Self> {
        let revealed = personal == Personal::Revealed;
        let text = |text: &str| revealed.then(|| Text::from(text));
        Some(match payment_instructions {
            PaymentInstructions::Qr(code) => Self::Qr { text: text(code.expose()) },
            PaymentInstructions::QrImage { mime, .. } => Self::QrImage { mime: mime.clone() },
            PaymentInstructions::VirtualAccount { institution, number, name } => {
                Self::VirtualAccount {
                    institution: institution.clone(),
                    number: text(number.expose()),
                    name: name.as_ref().and_then(|name| text(name.expose())),
                }
            }
            PaymentInstructions::Redirect(url) => Self::Redirect { url: text(url) },
            PaymentInstructions::WalletCall(parameters) => {
                let shown = parameters.iter().filter(|_| revealed);
                let shown = shown.map(|(name, value)| (name.clone(), value.as_str().into()));
                Self::WalletCall { parameters: shown.collect() }
            }
            _ => return None,
        })
    }
}
