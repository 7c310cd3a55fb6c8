//! Payers and beneficiaries.

use super::{
    RequestErrors, Text,
    members::json_object,
    reader::{Reader, given},
};
use tulay_core::{Country, Email, Invalid, Name, NamePart, Party, PartyKind, text};

json_object! {
    /// A payer or beneficiary as JSON: `{"name":"Ana Reyes","mobile":"09171234567"}`.
    PartyJson {
        /// The whole name; not beside its parts.
        name: Option<Text>,
        /// Given name, or names.
        given_name: Option<Text>,
        /// Middle name.
        middle_name: Option<Text>,
        /// Family name.
        family_name: Option<Text>,
        /// `Jr.`, `III`.
        suffix: Option<Text>,
        /// `person` or `organization`.
        kind: Option<Text>,
        /// A mobile number as the country writes it, `09171234567`, or as E.164.
        mobile: Option<Text>,
        /// E-mail address.
        email: Option<Text>,
        /// Tax, identity or registration number, as its country writes it.
        tax_id: Option<Text>,
        /// Relationship to the payer, in the provider's words.
        relationship: Option<Text>,
        /// Address of the payer's device.
        ip: Option<Text>,
    }
}

impl PartyJson {
    /// The party; its mobile number and tax id are read as this country writes them.
    ///
    /// # Errors
    /// Every member that does not fit.
    pub fn to_party(&self, country: Country) -> Result<Party, RequestErrors> {
        Reader::read(|reader| Some(self.read_with(reader, Some(country))))
    }

    /// Reads what can be read; without a country, a mobile number is not judged.
    pub(super) fn read_with(&self, reader: &mut Reader, country: Option<Country>) -> Party {
        let mut party = Party::default();
        party.kind = reader.optional("kind", &self.kind, |text| match text {
            "person" => Ok(PartyKind::Person),
            "organization" => Ok(PartyKind::Organization),
            _ => Err(Invalid::new("kind", "person or organization")),
        });
        party.name = self.name(reader);
        if let Some((text, country)) = given(&self.mobile).zip(country) {
            party.mobile = reader.keep("mobile", text::mobile(text, country));
        }
        party.email = reader.optional("email", &self.email, |text| Email::new(text));
        party.tax_id = reader.optional("tax_id", &self.tax_id, |text| text::tax_id(text, country));
        party.relationship = reader.line("relationship", &self.relationship);
        party.ip = reader.ip(&self.ip);
        party
    }

    /// Whole or in parts, never both: they might differ.
    fn name(&self, reader: &mut Reader) -> Option<Name> {
        let parts = [&self.given_name, &self.middle_name, &self.family_name, &self.suffix];
        let in_parts = parts.iter().any(|part| given(part).is_some());
        if given(&self.name).is_some() && in_parts {
            reader.refuse("name", "expected either name, or given_name and family_name");
            return None;
        }
        if !in_parts {
            return reader.optional("name", &self.name, text::name).map(Name::Full);
        }
        let given = reader.required("given_name", &self.given_name, text::name);
        let family = reader.required("family_name", &self.family_name, text::name);
        let middle = reader.optional("middle_name", &self.middle_name, text::name);
        let suffix = reader.optional("suffix", &self.suffix, text::name);
        Some(Name::Parts { given: given?, middle, family: family?, suffix })
    }
}

impl From<&Party> for PartyJson {
    fn from(party: &Party) -> Self {
        let mut json = Self::default();
        let text = |part: &NamePart| Some(Text::from(part.expose()));
        match &party.name {
            Some(Name::Full(name)) => json.name = text(name),
            Some(Name::Parts { given, middle, family, suffix }) => {
                json.given_name = text(given);
                json.middle_name = middle.as_ref().and_then(text);
                json.family_name = text(family);
                json.suffix = suffix.as_ref().and_then(text);
            }
            // A form of name that this version does not know is written in full.
            Some(other) => json.name = text(&other.whole()),
            None => {}
        }
        json.kind = party.kind.map(|kind| match kind {
            PartyKind::Person => "person".into(),
            PartyKind::Organization => "organization".into(),
        });
        json.mobile = party.mobile.as_ref().map(|mobile| mobile.expose().into());
        json.email = party.email.as_ref().map(|email| email.expose().into());
        json.tax_id = party.tax_id.as_ref().map(|tax_id| tax_id.expose().into());
        json.relationship = party.relationship.as_deref().map(Text::from);
        json.ip = party.ip.map(|ip| ip.to_string().into());
        json
    }
}
