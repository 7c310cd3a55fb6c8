//! What is configured apart from keys.

use crate::{
    assumptions::ASSUMPTIONS,
    codes::NOT_FOUND,
    profile::{self, PRODUCTION_HOSTS, Profile, UAT_HOSTS},
};
use jiff::{fmt::strtime, tz::Offset};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use tulay_adapter::{defaults, hosts, settings};
use tulay_core::{
    BaseUrl, Channel, Country, Directory, InstitutionId, Invalid, KeySource, SecretSources,
};

settings! {
    RegionalConfig, Settings("https://globalapi-dev.paycools.com:8902"),
    keys {
        /// The merchant's private key, or a registered signer.
        private_key: KeySource,
        /// The platform's public key, which notifications verify under.
        platform_key: SecretSources,
    }
    required {
        /// `appId`, as the provider gave it (published examples are 32 or 33 hexadecimal digits).
        app_id: String,
        /// The countries that the account is open in: `["PH", "ID"]`. A notification names no
        /// currency, so its amount is read once for each of them.
        countries: Vec<Country>,
    }
    optional {
        /// Paths that differ from the known ones.
        paths: Paths = Paths::default(),
        /// `payMethodCode` values that differ from the known ones.
        pay_methods: PayMethods = PayMethods::default(),
        /// `transferCode` spellings by country: neutral id → the provider's code for it.
        institutions: BTreeMap<Country, BTreeMap<InstitutionId, String>> = BTreeMap::new(),
        /// `channelCode` spellings by country, for collections and static codes.
        channels: BTreeMap<Country, Channels> = BTreeMap::new(),
        /// The offset of times that name none; `+08:00` unless it is given. Their text is kept
        /// beside it.
        utc_offset: Option<String> = Some("+08:00".into()),
    }
    guarantees: profile::guarantees,
    assumptions: ASSUMPTIONS,
    not_found: NOT_FOUND,
}

impl Settings {
    /// The profiles of the countries that are configured.
    pub(crate) fn profiles(&self) -> Vec<&'static Profile> {
        self.countries.iter().copied().filter_map(Profile::of).collect()
    }

    /// Refuses what cannot work, and above all a test flag on a live host. What remains is the base
    /// URL.
    pub(crate) fn checked(&self) -> Result<BaseUrl, Invalid> {
        let url = hosts::base_url(self.environment, &self.base_url, UAT_HOSTS, PRODUCTION_HOSTS)?;
        let plain = self.app_id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !(1..=64).contains(&self.app_id.len()) || !plain {
            return Err(Invalid::new(
                "app_id",
                "1 to 64 letters and digits, as the provider gave it",
            ));
        }
        if self.guarantees.answers_signed {
            let expected = "false: this provider signs no answers";
            return Err(Invalid::new("guarantees.answers_signed", expected));
        }
        if self.utc_offset.is_some() && self.offset().is_none() {
            return Err(Invalid::new("utc_offset", "an offset such as +08:00"));
        }
        self.not_found().checked()?;
        self.check_countries()?;
        Ok(url)
    }

    fn check_countries(&self) -> Result<(), Invalid> {
        let mut known = BTreeSet::new();
        let is_new = |country: &Country| Profile::of(*country).is_some() && known.insert(*country);
        if self.countries.is_empty() || !self.countries.iter().all(is_new) {
            let expected = format!("some of {}, each once", Profile::countries());
            return Err(Invalid::new("countries", expected));
        }
        let stray = |country: &&Country| !self.countries.contains(country);
        let institutions =
            self.institutions.keys().find(stray).map(|c| format!("institutions.{c}"));
        let channels = || self.channels.keys().find(stray).map(|c| format!("channels.{c}"));
        match institutions.or_else(channels) {
            Some(field) => Err(Invalid::new(field, "a country that `countries` names")),
            None => Ok(()),
        }
    }

    /// The zone of times that name none, where it is configured.
    pub(crate) fn offset(&self) -> Option<Offset> {
        strtime::parse("%:z", self.utc_offset.as_deref()?).ok()?.offset()
    }

    /// `transferCode` of an institution in a country, where one is known. What the directory has
    /// several names for is one institution, whichever the configuration uses; and what is no bank
    /// is not paid as one, whatever code it has.
    pub(crate) fn transfer_code(
        &self,
        profile: &Profile,
        id: &InstitutionId,
        channel: Channel,
    ) -> Option<&str> {
        let directory = Directory::of(profile.country);
        let row = |id: &InstitutionId| directory.and_then(|directory| directory.get(id));
        let known = row(id);
        if known.is_some_and(|institution| institution.channel != channel) {
            return None;
        }
        let same = |other: &InstitutionId| {
            other == id || known.is_some_and(|known| row(other).is_some_and(|o| o.id == known.id))
        };
        let configured = self.institutions.get(&profile.country);
        let configured = configured.and_then(|codes| {
            codes.get(id).or_else(|| codes.iter().find(|(other, _)| same(other)).map(|(_, c)| c))
        });
        configured.map(String::as_str).or_else(|| profile.transfer_code(id, channel))
    }
}

defaults! {
    /// Paths below the base address. `{country}` stands for the country's word: `philippines`,
    /// `indonesia`, `malaysia`, `thailand`, `russia`.
    Paths {
        /// Create Payout (2.1.1, 3.1.1).
        payout = "/open-api/{country}/disbursement/transfer",
        /// Check Payout Status (2.1.2, 3.1.2); the last word is assumption.
        payout_find = "/open-api/{country}/disbursement/check",
        /// Create Payment, dynamic (2.2.1, 3.2.1, 4.2.1; that 5.2.1 and 6.1.1 are spelled alike is
        /// assumption).
        collection = "/open-api/{country}/payment/generate",
        /// Check Payment Status, dynamic (2.2.2; the others by assumption).
        collection_find = "/open-api/{country}/payment/query",
        /// Create Payment, static (2.3.1; the others by assumption).
        static_code = "/open-api/{country}/static/payment/generate",
        /// Payment Code Detail (2.3.2, 3.3.2, 5.3.2); assumption.
        static_code_find = "/open-api/{country}/static/code/detail",
        /// Query Static Payment List (2.3.3, 3.3.3, 5.3.3); assumption.
        static_code_payments = "/open-api/{country}/static/payment/list",
        /// PaymentCode Cancel (2.3.5).
        static_code_cancel = "/open-api/{country}/static/code/cancel",
        /// Refund (7.1), the same for all countries; as sibling editions have it.
        refund = "/open-api/payment/refund",
        /// Get Refund Payments (7.2), the same for all countries; as sibling editions have it.
        refund_find = "/open-api/refund/payments",
        /// Balance Inquiry (1.1), the same for all countries.
        balance = "/open-api/account/balance",
        /// Report Download (1.2), the same for all countries; as sibling editions have it.
        report = "/open-api/report/download",
    }
}

defaults! {
    /// Values of `payMethodCode`.
    PayMethods {
        /// To a bank account (2.1.1, 3.1.1).
        bank = "BANK",
        /// To a wallet (2.1.1); that Indonesia says the same is assumption.
        wallet = "EWALLET",
        /// By PromptPay (5.1.1).
        promptpay = "PROMPTPAY",
    }
}

/// `channelCode` values of one country that differ from the known ones, or are not known here.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Channels {
    /// Of a collection by QR code.
    pub qr: Option<String>,
    /// Of a collection inside WeChat (5.2.1).
    pub in_app: Option<String>,
    /// Of a collection on a page, by bank or wallet.
    pub redirect: BTreeMap<InstitutionId, String>,
    /// Of a collection into a virtual account, by bank or shop.
    pub virtual_account: BTreeMap<InstitutionId, String>,
    /// Of a static code that is a QR code.
    pub static_qr: Option<String>,
    /// Of a static code that is a virtual account, by bank or shop.
    pub static_virtual_account: BTreeMap<InstitutionId, String>,
}

impl Channels {
    /// The channels of collections that are configured.
    pub(crate) fn collected_by(&self) -> Vec<Channel> {
        let known = [
            (Channel::Qr, self.qr.is_some()),
            (Channel::InApp, self.in_app.is_some()),
            (Channel::Redirect, !self.redirect.is_empty()),
            (Channel::VirtualAccount, !self.virtual_account.is_empty()),
        ];
        known.into_iter().filter(|(_, there)| *there).map(|(channel, _)| channel).collect()
    }

    /// The channels of static codes that are configured.
    pub(crate) fn coded_by(&self) -> Vec<Channel> {
        let known = [
            (Channel::Qr, self.static_qr.is_some()),
            (Channel::VirtualAccount, !self.static_virtual_account.is_empty()),
        ];
        known.into_iter().filter(|(_, there)| *there).map(|(channel, _)| channel).collect()
    }

    pub(crate) fn of_collection(
        &self,
        channel: Channel,
        institution: Option<&InstitutionId>,
    ) -> Option<&str> {
        match channel {
            Channel::Qr => self.qr.as_deref(),
            Channel::InApp => self.in_app.as_deref(),
            Channel::Redirect => self.redirect.get(institution?).map(String::as_str),
            Channel::VirtualAccount => self.virtual_account.get(institution?).map(String::as_str),
            _ => None,
        }
    }

    pub(crate) fn of_code(
        &self,
        channel: Channel,
        institution: Option<&InstitutionId>,
    ) -> Option<&str> {
        match channel {
            Channel::Qr => self.static_qr.as_deref(),
            Channel::VirtualAccount => {
                self.static_virtual_account.get(institution?).map(String::as_str)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tulay_core::Environment;

    #[test]
    fn a_configured_code_is_its_institution_s_by_any_name_and_by_its_channel_alone() {
        let mut settings = Settings::new(Environment::Uat, "https://a", "1", vec![Country::PH]);
        let id = |text| InstitutionId::new(text).unwrap();
        let philippines = Profile::of(Country::PH).unwrap();
        for configured in ["gcash", "GXCHPHM2"] {
            let codes = [(id(configured), "GCASH_2".to_owned())].into();
            settings.institutions = [(Country::PH, codes)].into();
            for asked in ["gcash", "GXCHPHM2"] {
                let code = |channel| settings.transfer_code(philippines, &id(asked), channel);
                assert_eq!(code(Channel::Wallet), Some("GCASH_2"), "{configured} {asked}");
                assert_eq!(code(Channel::Bank), None, "a wallet is not paid as a bank");
            }
        }
        // What the directory does not have is whatever the configuration says.
        let codes = [(id("newbank"), "NEW".to_owned())].into();
        settings.institutions = [(Country::PH, codes)].into();
        let code = settings.transfer_code(philippines, &id("newbank"), Channel::Bank);
        assert_eq!(code, Some("NEW"));
    }

    #[test]
    fn offsets_are_read() {
        let mut settings = Settings::new(Environment::Uat, "https://a", "1", vec![Country::PH]);
        assert_eq!(settings.offset(), Some(jiff::tz::offset(8)));
        settings.utc_offset = Some("+07:00".into());
        assert_eq!(settings.offset(), Some(jiff::tz::offset(7)));
        settings.utc_offset = None;
        assert_eq!(settings.offset(), None);
        for text in ["8", "", "Manila", "+08:00 "] {
            settings.utc_offset = Some(text.into());
            assert_eq!(settings.checked().unwrap_err().field(), "utc_offset", "{text}");
        }
    }
}
