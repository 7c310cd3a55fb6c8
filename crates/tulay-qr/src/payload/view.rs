//! What the objects at the root mean.

use super::Payload;
use crate::{
    account::Account,
    additional::Additional,
    amount::Amount,
    currency::Currency,
    edit::Editor,
    findings::Findings,
    id::Id,
    initiation::Initiation,
    language::Language,
    scheme::{Kind, Scheme, detect},
    tip::Tip,
    validate::of_payload,
};

impl<'a> Payload<'a> {
    /// Everything that is wrong or unusual about the values, by EMVCo's rules and the scheme's.
    #[must_use]
    pub fn validate(&self) -> Findings {
        let mut findings = Findings::default();
        of_payload(self, &mut findings);
        findings
    }

    /// Begins to change the code.
    pub fn edit(&self) -> Editor<'a> {
        Editor::new(self)
    }

    /// Whose rules it follows, by the identifiers of its accounts.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        detect(self).0
    }

    /// What kind of payment it asks for, within its scheme.
    #[must_use]
    pub fn kind(&self) -> Kind {
        detect(self).1
    }

    /// Whether the code is the same for many payments, or made for one; `None` where it does not
    /// say, or says something unknown. It does not tell whether there is an amount.
    #[must_use]
    pub fn initiation(&self) -> Option<Initiation> {
        Initiation::from_code(self.value(Id::POINT_OF_INITIATION)?)
    }

    /// The amount, if one is stated in a form that can be read; without one, the payer is asked.
    #[must_use]
    pub fn amount(&self) -> Option<Amount<'a>> {
        Amount::parse(self.value(Id::AMOUNT)?)
    }

    /// The amount in the currency's minor units: 2015 for `20.15` in baht. `None` without amount
    /// or currency, or when it has more decimals than the currency.
    #[must_use]
    pub fn minor_units(&self) -> Option<u64> {
        self.amount()?.minor_units(self.currency()?.exponent())
    }

    /// The currency.
    #[must_use]
    pub fn currency(&self) -> Option<Currency> {
        Currency::from_numeric(self.value(Id::CURRENCY)?)
    }

    /// What is to be added to the amount; `None` if nothing, or if it can not be read.
    #[must_use]
    pub fn tip(&self) -> Option<Tip<'a>> {
        Tip::of(self)
    }

    /// The accounts that can be paid to, in the order in which they stand.
    pub fn accounts(&self) -> impl Iterator<Item = Account<'a>> + use<'a> {
        self.objects().filter_map(Account::of)
    }

    /// The account templates, in the order of their IDs.
    pub(crate) fn account_templates(&self) -> impl Iterator<Item = Account<'a>> {
        self.starts
            .ids(Id::of(26), Id::of(51))
            .filter_map(|id| self.get(id))
            .filter_map(Account::of)
    }

    pub(crate) fn has_primitive_account(&self) -> bool {
        self.starts.ids(Id::of(2), Id::of(25)).next().is_some()
    }

    /// The objects that anybody may use for a template of their own, 80 to 99, by ID.
    pub(crate) fn unreserved(&self) -> impl Iterator<Item = crate::object::Object<'a>> {
        self.starts.ids(Id::of(80), Id::of(99)).filter_map(|id| self.get(id))
    }

    /// The merchant category code, ISO 18245, leading zeros included.
    #[must_use]
    pub fn category_code(&self) -> Option<&'a str> {
        self.value(Id::CATEGORY_CODE)
    }

    /// The country, ISO 3166-1 alpha-2.
    #[must_use]
    pub fn country(&self) -> Option<&'a str> {
        self.value(Id::COUNTRY)
    }

    /// The merchant's name.
    #[must_use]
    pub fn merchant_name(&self) -> Option<&'a str> {
        self.value(Id::MERCHANT_NAME)
    }

    /// The merchant's city.
    #[must_use]
    pub fn merchant_city(&self) -> Option<&'a str> {
        self.value(Id::MERCHANT_CITY)
    }

    /// The postal code.
    #[must_use]
    pub fn postal_code(&self) -> Option<&'a str> {
        self.value(Id::POSTAL_CODE)
    }

    /// References, labels and the purpose: object 62.
    #[must_use]
    pub fn additional(&self) -> Additional<'a> {
        self.get(Id::ADDITIONAL_DATA).map(Additional::of).unwrap_or_default()
    }

    /// Name and city in another language: object 64.
    #[must_use]
    pub fn language(&self) -> Option<Language<'a>> {
        Language::of(self.get(Id::LANGUAGE)?)
    }
}
