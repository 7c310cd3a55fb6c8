//! The journal's form of payment instructions.

use super::{read, write};
use crate::{
    ids::InstitutionId,
    invalid::Invalid,
    payment_instructions::PaymentInstructions,
    sensitive::{AccountNumber, NamePart, QrText},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const VERSION: u32 = 1;
const EXPECTED: &str = "payment instructions as this version stores them";

impl PaymentInstructions {
    /// The journal's form: JSON, everything in clear, a picture in base64. Nothing else serialises
    /// it.
    #[must_use]
    pub fn store(&self) -> Bytes {
        write(&Stored { version: VERSION, payment_instructions: self.into() })
    }

    /// Reads what [`store`](Self::store) wrote.
    ///
    /// # Errors
    /// When it is damaged, or of a version that this build does not know. The error does not repeat
    /// what it read.
    pub fn restore(stored: &[u8]) -> Result<Self, Invalid> {
        let stored: Stored = read(stored, VERSION..=VERSION, EXPECTED)?;
        stored.payment_instructions.try_into()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    version: u32,
    payment_instructions: StoredInstructions,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum StoredInstructions {
    Qr(String),
    QrImage {
        mime: String,
        base64: String,
    },
    VirtualAccount {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        institution: Option<InstitutionId>,
        number: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
    Redirect(String),
    WalletCall(BTreeMap<String, String>),
}

impl From<&PaymentInstructions> for StoredInstructions {
    fn from(instructions: &PaymentInstructions) -> Self {
        match instructions {
            PaymentInstructions::Qr(text) => Self::Qr(text.expose().to_owned()),
            PaymentInstructions::QrImage { mime, bytes } => {
                Self::QrImage { mime: mime.clone(), base64: BASE64_STANDARD.encode(bytes) }
            }
            PaymentInstructions::VirtualAccount { institution, number, name } => {
                Self::VirtualAccount {
                    institution: institution.clone(),
                    number: number.expose().to_owned(),
                    name: name.as_ref().map(|name| name.expose().to_owned()),
                }
            }
            PaymentInstructions::Redirect(address) => Self::Redirect(address.clone()),
            PaymentInstructions::WalletCall(parameters) => Self::WalletCall(parameters.clone()),
        }
    }
}

impl TryFrom<StoredInstructions> for PaymentInstructions {
    type Error = Invalid;
    fn try_from(stored: StoredInstructions) -> Result<Self, Invalid> {
        Ok(match stored {
            StoredInstructions::Qr(text) => Self::Qr(QrText::new(text)?),
            StoredInstructions::QrImage { mime, base64 } => {
                let bytes = BASE64_STANDARD.decode(base64);
                let bytes = bytes.map_err(|_| Invalid::new("stored", EXPECTED))?;
                Self::QrImage { mime, bytes: bytes.into() }
            }
            StoredInstructions::VirtualAccount { institution, number, name } => {
                let number = AccountNumber::new(number)?;
                let name = name.map(NamePart::new).transpose()?;
                Self::VirtualAccount { institution, number, name }
            }
            StoredInstructions::Redirect(address) => Self::Redirect(address),
            StoredInstructions::WalletCall(parameters) => Self::WalletCall(parameters),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::any_request::{institution, text};
    use proptest::{
        collection::{btree_map, vec},
        option,
        prelude::*,
    };

    fn any_instructions() -> impl Strategy<Value = PaymentInstructions> {
        let picture = ("[a-z]{1,8}/[a-z+]{1,8}", vec(any::<u8>(), 0..200));
        let account = (
            option::of(institution()),
            text("[0-9A-Z-]{1,20}", AccountNumber::new),
            option::of(text("[A-Za-zñÑ'.-]{1,20}", NamePart::new)),
        );
        prop_oneof![
            text("[0-9A-Z.* ]{1,80}", QrText::new).prop_map(PaymentInstructions::Qr),
            picture.prop_map(|(mime, bytes)| {
                PaymentInstructions::QrImage { mime, bytes: bytes.into() }
            }),
            account.prop_map(|(institution, number, name)| {
                PaymentInstructions::VirtualAccount { institution, number, name }
            }),
            ".{0,80}".prop_map(PaymentInstructions::Redirect),
            btree_map(".{0,10}", ".{0,20}", 0..4).prop_map(PaymentInstructions::WalletCall),
        ]
    }

    fn json(instructions: &PaymentInstructions) -> String {
        String::from_utf8(instructions.store().to_vec()).unwrap()
    }

    fn account(name: Option<NamePart>) -> PaymentInstructions {
        PaymentInstructions::VirtualAccount {
            institution: name.as_ref().map(|_| InstitutionId::new("CENAIDJA").unwrap()),
            number: AccountNumber::new("8808001").unwrap(),
            name,
        }
    }

    fn picture() -> PaymentInstructions {
        let bytes = Bytes::from_static(b"\x89PNG");
        PaymentInstructions::QrImage { mime: "image/png".into(), bytes }
    }

    #[test]
    fn the_stored_forms_are_pinned() {
        let qr = PaymentInstructions::Qr(QrText::new("00020101").unwrap());
        insta::assert_snapshot!(json(&qr), @r#"{"version":1,"payment_instructions":{"qr":"00020101"}}"#);
        insta::assert_snapshot!(json(&picture()), @r#"{"version":1,"payment_instructions":{"qr_image":{"mime":"image/png","base64":"iVBORw=="}}}"#);
        insta::assert_snapshot!(json(&account(NamePart::new("Acme").ok())), @r#"{"version":1,"payment_instructions":{"virtual_account":{"institution":"CENAIDJA","number":"8808001","name":"Acme"}}}"#);
        insta::assert_snapshot!(json(&account(None)), @r#"{"version":1,"payment_instructions":{"virtual_account":{"number":"8808001"}}}"#);
        let page = PaymentInstructions::Redirect("https://pay.example.com/?t=1".into());
        insta::assert_snapshot!(json(&page), @r#"{"version":1,"payment_instructions":{"redirect":"https://pay.example.com/?t=1"}}"#);
        let call = BTreeMap::from([("paySign".to_owned(), "x".to_owned())]);
        insta::assert_snapshot!(json(&PaymentInstructions::WalletCall(call)), @r#"{"version":1,"payment_instructions":{"wallet_call":{"paySign":"x"}}}"#);
    }

    #[test]
    fn other_forms_are_refused() {
        let (picture, account) = (json(&picture()), json(&account(NamePart::new("Acme").ok())));
        let newer = picture.replace("\"version\":1", "\"version\":2,\"more\":1");
        let refused = PaymentInstructions::restore(newer.as_bytes()).unwrap_err();
        assert_eq!(refused.to_string(), "stored.version: expected 1");
        for (text, member, with) in [
            (&picture, "{\"version\"", "{\"more\":1,\"version\""),
            (&picture, "\"qr_image\":{", "\"qr_image\":{\"more\":1,"),
            (&picture, "iVBORw==", "iVBORw"),
            (&picture, "iVBORw==", "planted!"),
            (&picture, "qr_image", "planted"),
            (&account, "\"virtual_account\":{", "\"virtual_account\":{\"more\":1,"),
            (&account, "CENAIDJA", "planted!"),
        ] {
            let other = text.replacen(member, with, 1);
            assert_ne!(&other, text, "{member}");
            let refused = PaymentInstructions::restore(other.as_bytes()).unwrap_err();
            assert_eq!(refused.to_string(), format!("stored: expected {EXPECTED}"));
        }
        for value in ["8808001", "Acme"] {
            let other = account.replacen(value, " planted ", 1);
            let refused = PaymentInstructions::restore(other.as_bytes()).unwrap_err();
            assert!(!format!("{refused} {refused:?}").contains("planted"), "{refused}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_lost_in_storage(instructions in any_instructions()) {
            let restored = PaymentInstructions::restore(&instructions.store()).unwrap();
            prop_assert_eq!(restored, instructions);
        }

        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            let _ = PaymentInstructions::restore(&bytes);
        }

        #[test]
        fn no_damage_panics(
            instructions in any_instructions(),
            at: prop::sample::Index,
            byte: u8,
        ) {
            let mut stored = instructions.store().to_vec();
            let at = at.index(stored.len());
            stored[at] = byte;
            let _ = PaymentInstructions::restore(&stored);
        }
    }
}
