//! Payers and beneficiaries.

use crate::{
    field::Field,
    invalid::Invalid,
    sensitive::{Email, NamePart, Phone, TaxId},
    with::with_optional,
};
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// Person or organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "there is no third")]
pub enum PartyKind {
    /// A natural person.
    Person,
    /// A company, association or authority.
    Organization,
}

/// A name. Some providers need its parts, others the full name. The full name follows from the
/// parts. Parts do not follow from a full name ("Maria Dela Cruz Santos Jr."), and are not guessed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Name {
    /// As written in full.
    Full(NamePart),
    /// In parts.
    Parts {
        /// Given name, or names.
        given: NamePart,
        /// Middle name.
        middle: Option<NamePart>,
        /// Family name.
        family: NamePart,
        /// `Jr.`, `III`.
        suffix: Option<NamePart>,
    },
}

impl Name {
    /// A name as it is written in full.
    ///
    /// # Errors
    /// When it is not a [`NamePart`].
    pub fn full(name: impl Into<String>) -> Result<Self, Invalid> {
        NamePart::new(name).map(Self::Full)
    }

    /// A name in parts, without middle name and suffix.
    ///
    /// # Errors
    /// When one of the two is not a [`NamePart`].
    pub fn parts(given: impl Into<String>, family: impl Into<String>) -> Result<Self, Invalid> {
        let (given, family) = (NamePart::new(given)?, NamePart::new(family)?);
        Ok(Self::Parts { given, middle: None, family, suffix: None })
    }

    /// The whole name, parts joined by blanks: at most 515 characters.
    #[must_use]
    pub fn whole(&self) -> NamePart {
        match self {
            Self::Full(name) => name.clone(),
            Self::Parts { given, middle, family, suffix } => {
                let parts = [Some(given), middle.as_ref(), Some(family), suffix.as_ref()];
                NamePart::joined(&parts.into_iter().flatten().collect::<Vec<_>>())
            }
        }
    }
}

/// A beneficiary or payer. Everything is optional here; a [`Corridor`](crate::Corridor) says what
/// a country and provider ask for, and a request without it is refused before it is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Party {
    /// Person or organization.
    pub kind: Option<PartyKind>,
    /// Name.
    pub name: Option<Name>,
    /// Mobile number.
    pub mobile: Option<Phone>,
    /// Address for mail.
    pub email: Option<Email>,
    /// Tax, identity or registration number.
    pub tax_id: Option<TaxId>,
    /// The relationship to the payer, in the provider's terms.
    pub relationship: Option<String>,
    /// Address of the payer's device.
    pub ip: Option<IpAddr>,
}

impl Party {
    with_optional! {
        /// Sets whether it is a person or an organization.
        with_kind(kind: PartyKind);
        /// Sets the name.
        with_name(name: Name);
        /// Sets the mobile number.
        with_mobile(mobile: Phone);
        /// Sets the e-mail address.
        with_email(email: Email);
        /// Sets the tax, identity or registration number.
        with_tax_id(tax_id: TaxId);
        /// Sets the relationship to the payer, in the provider's terms.
        with_relationship(relationship: impl Into<String>);
        /// Sets the address of the payer's device.
        with_ip(ip: IpAddr);
    }

    pub(crate) fn has(&self, field: Field) -> bool {
        match field {
            Field::Name => self.name.is_some(),
            Field::FamilyName => match (&self.name, self.kind) {
                (Some(Name::Full(_)), kind) => kind == Some(PartyKind::Organization),
                (name, _) => name.is_some(),
            },
            Field::Mobile => self.mobile.is_some(),
            Field::Email => self.email.is_some(),
            Field::TaxId => self.tax_id.is_some(),
            Field::Kind => self.kind.is_some(),
            Field::Ip => self.ip.is_some(),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_name_follows_from_its_parts() {
        let part = |text: &str| NamePart::new(text).unwrap();
        let name = Name::Parts {
            given: part("Maria"),
            middle: None,
            family: part("Dela Cruz"),
            suffix: Some(part("III")),
        };
        assert_eq!(name.whole().expose(), "Maria Dela Cruz III");
    }
}
