//! The journal's form of prepared orders and look-ups: their members, beside a version.

use crate::{
    invalid::Invalid,
    prepared::{Lookup, Prepared},
};
use bytes::Bytes;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

const VERSION: u32 = 1;

impl Prepared {
    /// The journal's form: JSON, with everything in clear. The digest is the same after it was read.
    #[must_use]
    pub fn store(&self) -> Bytes {
        store(self)
    }

    /// Reads what [`store`](Self::store) wrote.
    ///
    /// # Errors
    /// When it is damaged, or of a version that this build does not know. The error does not repeat
    /// what it read.
    pub fn restore(stored: &[u8]) -> Result<Self, Invalid> {
        restore(stored)
    }
}

impl Lookup {
    /// The journal's form: JSON.
    #[must_use]
    pub fn store(&self) -> Bytes {
        store(self)
    }

    /// Reads what [`store`](Self::store) wrote.
    ///
    /// # Errors
    /// As [`Prepared::restore`].
    pub fn restore(stored: &[u8]) -> Result<Self, Invalid> {
        restore(stored)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored<T> {
    version: u32,
    order: T,
}

fn store(order: impl Serialize) -> Bytes {
    // Text and numbers: there is nothing in it that JSON cannot hold.
    let stored = serde_json::to_vec(&Stored { version: VERSION, order });
    stored.map(Bytes::from).unwrap_or_default()
}

fn restore<T: DeserializeOwned>(stored: &[u8]) -> Result<T, Invalid> {
    let stored: Stored<T> = serde_json::from_slice(stored)
        .map_err(|_| Invalid::new("stored", "an order as this version stores it"))?;
    if stored.version != VERSION {
        return Err(Invalid::new("stored.version", VERSION.to_string()));
    }
    Ok(stored.order)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Channel, Country, Currency, Environment, InstitutionId, MerchantAccount, Money, OrderId,
        ProviderReference,
    };
    use proptest::prelude::*;

    fn prepared() -> Prepared {
        let order_id = OrderId::parse("PCCT4DQCA7IYPBOIHLLI5GBEMB").unwrap();
        let lookup = Lookup::new(order_id, Country::PH, Currency::PHP, Channel::Bank)
            .with_amount(Money::from_minor(125_000, Currency::PHP))
            .with_institution(InstitutionId::new("BOPIPHMM").unwrap())
            .with_provider_reference(ProviderReference::new("D-7001").unwrap());
        let (number, host) = ("101510000001", "api.example.com");
        let account = MerchantAccount::new("starpay", Environment::Sandbox, number, host);
        Prepared::new(lookup, account, 3, 1, r#"{"name":"Ana Reyes"}"#.into())
    }

    #[test]
    fn stored_forms_are_pinned() {
        let text = |bytes: Bytes| String::from_utf8(bytes.to_vec()).unwrap();
        insta::assert_snapshot!(text(prepared().store()), @r#"{"version":1,"order":{"lookup":{"order_id":"PCCT4DQCA7IYPBOIHLLI5GBEMB","country":"PH","amount":{"amount":"1250.00","currency":"PHP"},"currency":"PHP","channel":"bank","institution":"BOPIPHMM","terminal":null,"provider_reference":"D-7001","payment":null,"rail_reference":null,"original":null},"merchant_account":{"adapter":"starpay","environment":"sandbox","account":"101510000001","host":"api.example.com"},"guarantees":3,"form":1,"body":"{\"name\":\"Ana Reyes\"}"}}"#);
        insta::assert_snapshot!(text(prepared().lookup.store()), @r#"{"version":1,"order":{"order_id":"PCCT4DQCA7IYPBOIHLLI5GBEMB","country":"PH","amount":{"amount":"1250.00","currency":"PHP"},"currency":"PHP","channel":"bank","institution":"BOPIPHMM","terminal":null,"provider_reference":"D-7001","payment":null,"rail_reference":null,"original":null}}"#);
    }

    #[test]
    fn nothing_is_lost_in_storage() {
        let restored = Prepared::restore(&prepared().store()).unwrap();
        assert_eq!((restored.digest(), &restored), (prepared().digest(), &prepared()));
        assert_eq!(Lookup::restore(&prepared().lookup.store()).unwrap(), prepared().lookup);
    }

    #[test]
    fn other_forms_are_refused() {
        let text = String::from_utf8(prepared().store().to_vec()).unwrap();
        let newer = text.replace("\"version\":1", "\"version\":2");
        let refused = Prepared::restore(newer.as_bytes()).unwrap_err();
        assert_eq!(refused.to_string(), "stored.version: expected 1");
        for (member, with) in [
            ("\"order\":{", "\"order\":{\"more\":1,"),
            ("\"lookup\":{", "\"lookup\":{\"more\":1,"),
            ("\"merchant_account\":{", "\"merchant_account\":{\"more\":1,"),
            ("{\"version\"", "{\"more\":1,\"version\""),
        ] {
            let other = text.replace(member, with);
            assert_ne!(other, text, "{member}");
            let refused = Prepared::restore(other.as_bytes()).unwrap_err().to_string();
            assert_eq!(refused, "stored: expected an order as this version stores it");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            let _ = (Prepared::restore(&bytes), Lookup::restore(&bytes));
        }
    }
}
