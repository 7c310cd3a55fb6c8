//! How a payer can pay.

use crate::{
    ids::InstitutionId,
    sensitive::{AccountNumber, NamePart, QrText},
};
use bytes::Bytes;
use std::{collections::BTreeMap, fmt};

/// How the payer pays: what the application shows or opens. `Debug` prints the kind and, of an
/// address, only the host: the rest gives access to the payment.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PaymentInstructions {
    /// The text of a QR symbol.
    Qr(QrText),
    /// A QR symbol as a picture.
    QrImage {
        /// Its media type.
        mime: String,
        /// The picture.
        bytes: Bytes,
    },
    /// An account to transfer to.
    VirtualAccount {
        /// The bank.
        institution: Option<InstitutionId>,
        /// The account.
        number: AccountNumber,
        /// The account holder's name.
        name: Option<NamePart>,
    },
    /// A page to open.
    Redirect(String),
    /// Parameters of a call inside the wallet's own browser.
    WalletCall(BTreeMap<String, String>),
}

impl fmt::Debug for PaymentInstructions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let secret = format_args!("***");
        match self {
            Self::Qr(text) => f.debug_tuple("Qr").field(text).finish(),
            Self::QrImage { mime, .. } => {
                f.debug_struct("QrImage").field("mime", mime).field("bytes", &secret).finish()
            }
            Self::VirtualAccount { institution, number, name } => f
                .debug_struct("VirtualAccount")
                .field("institution", institution)
                .field("number", number)
                .field("name", name)
                .finish(),
            Self::Redirect(address) => {
                f.debug_tuple("Redirect").field(&format_args!("{}/***", host(address))).finish()
            }
            Self::WalletCall(_) => f.debug_tuple("WalletCall").field(&secret).finish(),
        }
    }
}

/// The host of an address; nothing of one that is written in any unusual way.
fn host(address: &str) -> &str {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    let authority = rest.and_then(|rest| rest.split(['/', '?', '#', '\\']).next());
    let authority = authority.filter(|authority| !authority.contains('@'));
    let host = authority.and_then(|authority| authority.split(':').next());
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
    host.filter(|host| host.len() <= 253 && host.bytes().all(plain)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payment_instructions_print_nothing_usable() {
        let parameters = BTreeMap::from([("paySign".to_owned(), "planted".to_owned())]);
        let ways = [
            PaymentInstructions::Qr(QrText::new("planted").unwrap()),
            PaymentInstructions::QrImage {
                mime: "image/png".into(),
                bytes: Bytes::from_static(b"planted"),
            },
            PaymentInstructions::WalletCall(parameters),
            PaymentInstructions::VirtualAccount {
                institution: InstitutionId::new("CENAIDJA").ok(),
                number: AccountNumber::new("planted").unwrap(),
                name: NamePart::new("planted").ok(),
            },
        ];
        for way in ways {
            let printed = format!("{way:?}");
            let other =
                ["planted", "paySign", "112, 108"].iter().any(|text| printed.contains(text));
            assert!(!other && printed.contains("***"), "{printed}");
        }
        for (address, host) in [
            ("https://pay.example.com/planted?token=planted", "pay.example.com"),
            ("https://pay.example.com?planted", "pay.example.com"),
            ("https://pay.example.com:8443#planted", "pay.example.com"),
            ("https://planted@pay.example.com/", ""),
            ("https://planted:planted@pay.example.com/", ""),
            ("wallet://planted", ""),
            ("planted", ""),
        ] {
            let printed = format!("{:?}", PaymentInstructions::Redirect(address.to_owned()));
            assert_eq!(printed, format!("Redirect({host}/***)"), "{address}");
        }
    }
}
