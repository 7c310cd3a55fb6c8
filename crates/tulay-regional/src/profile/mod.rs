//! What is peculiar to this provider and differs by country, as data: one file per country.

mod capabilities;
mod fields;
mod id;
mod my;
mod ph;
mod ru;
mod th;

pub(crate) use capabilities::{balances, collections, payouts, refunds, static_codes};
pub(crate) use fields::{name, order_id};

use jiff::SignedDuration;
use std::{collections::BTreeSet, ops::RangeInclusive};
use tulay_core::{
    Channel, Corridor, Country, Currency, Directory, Echo, Environment, Field, FindBy, Guarantees,
    Institution, InstitutionId, Money, Phone,
};

/// The adapter's name in configurations and merchant accounts.
pub(crate) const NAME: &str = "regional";

/// The provider's developer site: test and production.
pub(crate) const UAT_HOSTS: &[&str] = &["globalapi-dev.paycools.com"];
pub(crate) const PRODUCTION_HOSTS: &[&str] = &["openapi.paycools.com"];

/// Longest `accountName` and `remark`, in characters (2.1.1, 3.1.1).
pub(crate) const LONGEST_NAME: usize = 128;
pub(crate) const LONGEST_REMARK: usize = 256;

/// One country of the provider.
#[derive(Debug)]
pub(crate) struct Profile {
    pub(crate) country: Country,
    pub(crate) currency: Currency,
    /// The word that stands for the country in paths.
    pub(crate) word: &'static str,
    /// How many ISO minor units one unit on the wire is: 1 where the wire has centavos, 100 where
    /// it has whole rupiah.
    pub(crate) unit: i64,
    /// How mobile numbers begin, and how long they are. Where nothing is said of how they begin,
    /// they are written with the country's calling code.
    pub(crate) mobile: (&'static [&'static str], RangeInclusive<usize>),
    /// What a payout looks like; `None` where none is offered.
    pub(crate) payout: Option<PayoutRules>,
    /// What a collection looks like.
    pub(crate) collection: CollectionRules,
    /// What a static code looks like; `None` where none is offered.
    pub(crate) code: Option<CodeRules>,
}

/// One `channelCode`: a way to pay.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) channel: Channel,
    /// The bank, wallet or shop, where the way is one of several.
    pub(crate) institution: Option<&'static str>,
    pub(crate) code: &'static str,
    /// Whether no document of this version, nor of the next, has the code.
    pub(crate) assumed: bool,
}

impl Line {
    const fn qr(code: &'static str) -> Self {
        Self { channel: Channel::Qr, institution: None, code, assumed: false }
    }

    const fn redirect(institution: &'static str, code: &'static str) -> Self {
        Self { channel: Channel::Redirect, institution: Some(institution), code, assumed: false }
    }

    const fn virtual_account(institution: &'static str, code: &'static str) -> Self {
        let channel = Channel::VirtualAccount;
        Self { channel, institution: Some(institution), code, assumed: false }
    }

    const fn assumed(self) -> Self {
        Self { assumed: true, ..self }
    }

    /// Whether no document has a code of this channel.
    pub(crate) fn all_assumed(lines: &[Self], channel: Channel) -> bool {
        lines.iter().filter(|line| line.channel == channel).all(|line| line.assumed)
    }
}

/// What a collection in one country looks like.
#[derive(Debug)]
pub(crate) struct CollectionRules {
    /// Longest `customerName`, in characters.
    pub(crate) longest_name: usize,
    /// Whether every channel requires `redirectUrl`, and not pages alone.
    pub(crate) always_returns: bool,
    /// Whether there is a member `expireSeconds`.
    pub(crate) expires: bool,
    /// Whether WeChat's own members are required.
    pub(crate) wechat: bool,
    pub(crate) lines: &'static [Line],
}

/// What a static code in one country looks like.
#[derive(Debug)]
pub(crate) struct CodeRules {
    /// Whether it can be cancelled.
    pub(crate) cancel: bool,
    pub(crate) lines: &'static [Line],
}

/// The fields that are required of payers and holders, everywhere.
const PAYER: [Field; 3] = [Field::Name, Field::Email, Field::Mobile];

/// Payouts to banks and wallets, with what every country asks for.
const BANKS_AND_WALLETS: &[(Channel, &[Field])] = &[
    (Channel::Bank, &[Field::Name, Field::Institution]),
    (Channel::Wallet, &[Field::Name, Field::Institution]),
];

/// What a payout in one country looks like.
#[derive(Debug)]
pub(crate) struct PayoutRules {
    /// The least amount, in units on the wire.
    pub(crate) least: Option<i64>,
    /// How long `mchOrderId` and `idempotencyId` may both be; letters and digits alone.
    pub(crate) order_id: RangeInclusive<usize>,
    /// The characters beside letters, digits and blanks that a name may have; `None`: any.
    pub(crate) name_marks: Option<&'static [char]>,
    /// The channels, and the fields that each requires. No other field is sent, except the name.
    pub(crate) channels: &'static [(Channel, &'static [Field])],
    /// Whether there is a member `relationship`.
    pub(crate) relationship: bool,
    /// `transferCode` by neutral id. All but CIMB of Indonesia is assumption.
    pub(crate) transfer_codes: &'static [(&'static str, &'static str)],
    /// Whether a bank that the table leaves out goes by its BIC8 (assumption).
    pub(crate) banks_by_bic: bool,
}

impl PayoutRules {
    /// Whether a payout by this channel carries a field.
    pub(crate) fn wants(&self, channel: Channel, field: Field) -> bool {
        let known = self.channels.iter().find(|(known, _)| *known == channel);
        known.is_some_and(|(_, fields)| fields.contains(&field))
    }

    fn transfer_code(
        &self,
        institution: &'static Institution,
        channel: Channel,
    ) -> Option<&'static str> {
        let known = self.transfer_codes.iter().find(|(id, _)| *id == institution.id);
        known.map(|(_, code)| *code).or_else(|| {
            let by_bic = self.banks_by_bic && channel == Channel::Bank;
            institution.bic.filter(|_| by_bic)
        })
    }
}

/// One row for each file beside this one.
static PROFILES: [&Profile; 5] =
    [&id::PROFILE, &my::PROFILE, &ph::PROFILE, &ru::PROFILE, &th::PROFILE];

impl Profile {
    /// The profile of a country, where there is one.
    pub(crate) fn of(country: Country) -> Option<&'static Self> {
        PROFILES.iter().copied().find(|profile| profile.country == country)
    }

    /// The countries there are, in alphabetical order.
    pub(crate) fn countries() -> String {
        let countries: Vec<_> = PROFILES.iter().map(|profile| profile.country.as_str()).collect();
        countries.join(", ")
    }

    /// A path of this country's.
    pub(crate) fn path(&self, path: &str) -> String {
        path.replace("{country}", self.word)
    }

    /// An amount as it stands on the wire; `None` when it cannot stand there whole.
    pub(crate) fn on_wire(&self, amount: Money) -> Option<i64> {
        let whole = amount.currency() == self.currency
            && amount.minor().checked_rem(self.unit).is_some_and(|rest| rest == 0);
        if whole { amount.minor().checked_div(self.unit) } else { None }
    }

    /// An amount as it stood on the wire; `None` beyond 64 bits.
    pub(crate) fn read_wire(&self, number: i64) -> Option<Money> {
        Some(Money::from_minor(number.checked_mul(self.unit)?, self.currency))
    }

    /// `transferCode` of an institution, by default; `None` when it has no code here, or is not
    /// reached by this channel.
    pub(crate) fn transfer_code(
        &self,
        id: &InstitutionId,
        channel: Channel,
    ) -> Option<&'static str> {
        let institution = Directory::of(self.country)?.get(id)?;
        if institution.channel != channel {
            return None;
        }
        self.payout.as_ref()?.transfer_code(institution, channel)
    }

    /// Whether a number is a mobile number as the country writes it.
    pub(crate) fn is_mobile(&self, number: &str) -> bool {
        let (starts, length) = &self.mobile;
        (starts.is_empty() || starts.iter().any(|start| number.starts_with(start)))
            && length.contains(&number.len())
            && number.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// A mobile number as the country writes it; `None` when it is not one of its.
    pub(crate) fn written(&self, phone: &Phone) -> Option<String> {
        let international = || {
            let digits = phone.expose().trim_start_matches('+').to_owned();
            self.mobile.0.is_empty().then_some(digits)
        };
        let number = phone.national(self.country).or_else(international);
        number.filter(|number| self.is_mobile(number))
    }

    /// Payouts, by each channel that there is.
    fn payout_corridors(&self) -> Vec<Corridor> {
        let rules = self.payout.iter().flat_map(|rules| {
            let least = rules.least.and_then(|least| self.read_wire(least));
            rules.channels.iter().map(move |(channel, fields)| (least, *channel, *fields))
        });
        let corridor = |(least, channel, fields): (Option<Money>, Channel, &[Field])| {
            let mut corridor = Corridor::new(self.country, self.currency, channel, self.unit);
            corridor.min = least;
            corridor.required = fields.to_vec();
            corridor
        };
        rules.map(corridor).collect()
    }

    /// Collections, by each channel that there is or is configured.
    fn collection_corridors(&self, configured: &[Channel]) -> Vec<Corridor> {
        let lines = self.collection.lines;
        self.corridors_of(lines, configured, |channel| {
            let page = matches!(channel, Channel::Redirect | Channel::InApp);
            let returns = page || self.collection.always_returns;
            // WeChat's page asks for it (5.2.1), and there is no other page unless one is configured.
            let by_wechat = self.collection.wechat
                && channel == Channel::Redirect
                && !configured.contains(&channel);
            let also = [(returns, Field::ReturnUrl), (by_wechat, Field::Ip)];
            also.into_iter().filter(|(asked, _)| *asked).map(|(_, field)| field).collect()
        })
    }

    /// Static codes, by each channel that there is or is configured.
    fn code_corridors(&self, rules: &CodeRules, configured: &[Channel]) -> Vec<Corridor> {
        self.corridors_of(rules.lines, configured, |_| Vec::new())
    }

    fn corridors_of(
        &self,
        lines: &[Line],
        configured: &[Channel],
        also: impl Fn(Channel) -> Vec<Field>,
    ) -> Vec<Corridor> {
        let known = lines.iter().map(|line| line.channel).chain(configured.iter().copied());
        let channels: BTreeSet<Channel> = known.collect();
        let corridor = |channel| {
            let mut corridor = Corridor::new(self.country, self.currency, channel, self.unit);
            corridor.required = PAYER.to_vec();
            if matches!(channel, Channel::Redirect | Channel::VirtualAccount) {
                corridor.required.push(Field::Institution);
            }
            corridor.required.extend(also(channel));
            corridor
        };
        channels.into_iter().map(corridor).collect()
    }
}

/// How far this provider's word goes.
pub(crate) fn guarantees(environment: Environment) -> Guarantees {
    let mut guarantees = Guarantees::default();
    guarantees.version = 1;
    guarantees.resend_for = Some(SignedDuration::from_hours(24));
    guarantees.find_by = FindBy::OrderId;
    // No answer is signed, rejections included, and the published rejections name no order: TLS, and
    // the connection they came back on, is all there is.
    guarantees.answers_signed = false;
    guarantees.unsigned_rejections = true;
    guarantees.anonymous_rejections = true;
    // A notification names no account either; the order id alone identifies the payment.
    guarantees.anonymous_notifications = true;
    guarantees.failure_final_after = Some(match environment {
        Environment::Sandbox => SignedDuration::from_secs(1),
        Environment::Uat | Environment::Production => SignedDuration::from_mins(10),
    });
    guarantees.echoes = vec![Echo::OrderId, Echo::Amount];
    guarantees.volatile = vec!["timestamp".to_owned()];
    guarantees
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_names_an_institution_of_the_directory_and_no_code_means_two() {
        for profile in PROFILES {
            let Some(directory) = Directory::of(profile.country) else { continue };
            let mut codes = BTreeSet::new();
            for (id, code) in profile.payout.iter().flat_map(|rules| rules.transfer_codes) {
                let row = directory.get(&InstitutionId::new(*id).unwrap());
                assert!(row.is_some_and(|row| row.id == *id), "{id}");
                assert!(codes.insert(code), "{code}");
            }
        }
    }

    #[test]
    fn ten_thousand_is_another_amount_in_each_country() {
        let amount = |country| Profile::of(country).unwrap().read_wire(10_000).unwrap().to_string();
        assert_eq!(amount(Country::ID), "IDR 10,000.00");
        assert_eq!(amount(Country::PH), "PHP 100.00");
        let indonesia = Profile::of(Country::ID).unwrap();
        assert_eq!(indonesia.on_wire(Money::from_minor(1_000_000, Currency::IDR)), Some(10_000));
        assert_eq!(indonesia.on_wire(Money::from_minor(1_000_001, Currency::IDR)), None);
        assert_eq!(indonesia.on_wire(Money::from_minor(10_000, Currency::PHP)), None);
        assert_eq!(indonesia.read_wire(i64::MAX), None);
    }

    #[test]
    fn a_wallet_is_not_reached_as_a_bank() {
        let philippines = Profile::of(Country::PH).unwrap();
        let code =
            |id, channel| philippines.transfer_code(&InstitutionId::new(id).unwrap(), channel);
        assert_eq!(code("gcash", Channel::Wallet), Some("GCASH"));
        assert_eq!(code("GXCHPHM2", Channel::Wallet), Some("GCASH"));
        assert_eq!(code("gcash", Channel::Bank), None);
        assert_eq!(code("BOPIPHMM", Channel::Bank), Some("BOPIPHMM"));
        assert_eq!(code("tayocash", Channel::Wallet), None);
        assert_eq!(code("CENAIDJA", Channel::Bank), None);
    }
}
