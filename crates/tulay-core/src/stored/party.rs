//! The journal's form of a beneficiary, payer or holder.

use crate::{
    invalid::Invalid,
    party::{Name, Party, PartyKind},
    sensitive::{Email, NamePart, Phone, TaxId},
};
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct StoredParty {
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<PartyKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<StoredName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mobile: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tax_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    relationship: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ip: Option<IpAddr>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum StoredName {
    Full(String),
    Parts { given: String, middle: Option<String>, family: String, suffix: Option<String> },
}

impl From<&Party> for StoredParty {
    fn from(party: &Party) -> Self {
        Self {
            kind: party.kind,
            name: party.name.as_ref().map(StoredName::from),
            mobile: party.mobile.as_ref().map(|text| text.expose().to_owned()),
            email: party.email.as_ref().map(|text| text.expose().to_owned()),
            tax_id: party.tax_id.as_ref().map(|text| text.expose().to_owned()),
            relationship: party.relationship.clone(),
            ip: party.ip,
        }
    }
}

impl TryFrom<StoredParty> for Party {
    type Error = Invalid;
    fn try_from(stored: StoredParty) -> Result<Self, Invalid> {
        Ok(Self {
            kind: stored.kind,
            name: stored.name.map(Name::try_from).transpose()?,
            mobile: stored.mobile.map(Phone::new).transpose()?,
            email: stored.email.map(Email::new).transpose()?,
            tax_id: stored.tax_id.map(TaxId::new).transpose()?,
            relationship: stored.relationship,
            ip: stored.ip,
        })
    }
}

impl From<&Name> for StoredName {
    fn from(name: &Name) -> Self {
        let clear = |part: &NamePart| part.expose().to_owned();
        match name {
            Name::Full(whole) => Self::Full(clear(whole)),
            Name::Parts { given, middle, family, suffix } => Self::Parts {
                given: clear(given),
                middle: middle.as_ref().map(clear),
                family: clear(family),
                suffix: suffix.as_ref().map(clear),
            },
        }
    }
}

impl TryFrom<StoredName> for Name {
    type Error = Invalid;
    fn try_from(stored: StoredName) -> Result<Self, Invalid> {
        Ok(match stored {
            StoredName::Full(whole) => Self::Full(NamePart::new(whole)?),
            StoredName::Parts { given, middle, family, suffix } => Self::Parts {
                given: NamePart::new(given)?,
                middle: middle.map(NamePart::new).transpose()?,
                family: NamePart::new(family)?,
                suffix: suffix.map(NamePart::new).transpose()?,
            },
        })
    }
}
