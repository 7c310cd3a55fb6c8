//! `channelCode`: which one a way to pay goes by, from the profile or the configuration.

use crate::profile::{Line, Profile};
use serde::Deserialize;
use std::collections::BTreeMap;
use tulay_core::{Channel, InstitutionId};

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

    fn of_collection(&self, channel: Channel, institution: Option<&InstitutionId>) -> Option<&str> {
        match channel {
            Channel::Qr => self.qr.as_deref(),
            Channel::InApp => self.in_app.as_deref(),
            Channel::Redirect => self.redirect.get(institution?).map(String::as_str),
            Channel::VirtualAccount => self.virtual_account.get(institution?).map(String::as_str),
            _ => None,
        }
    }

    fn of_code(&self, channel: Channel, institution: Option<&InstitutionId>) -> Option<&str> {
        match channel {
            Channel::Qr => self.static_qr.as_deref(),
            Channel::VirtualAccount => {
                self.static_virtual_account.get(institution?).map(String::as_str)
            }
            _ => None,
        }
    }
}

/// A `channelCode`, and whether it is only assumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Known<'a> {
    pub(crate) code: &'a str,
    pub(crate) assumed: bool,
}

/// The code of a collection's channel; `None` where there is none.
pub(crate) fn of_collection<'a>(
    configured: Option<&'a Channels>,
    profile: &Profile,
    channel: Channel,
    institution: Option<&InstitutionId>,
) -> Option<Known<'a>> {
    let own = configured.and_then(|channels| channels.of_collection(channel, institution));
    chosen(own, profile.collection.lines, channel, institution)
}

/// The code of a static code's channel; `None` where there is none.
pub(crate) fn of_code<'a>(
    configured: Option<&'a Channels>,
    profile: &Profile,
    channel: Channel,
    institution: Option<&InstitutionId>,
) -> Option<Known<'a>> {
    let rules = profile.code.as_ref()?;
    let own = configured.and_then(|channels| channels.of_code(channel, institution));
    chosen(own, rules.lines, channel, institution)
}

/// What is configured goes first: nobody configures what they have not been told.
fn chosen<'a>(
    configured: Option<&'a str>,
    lines: &'static [Line],
    channel: Channel,
    institution: Option<&InstitutionId>,
) -> Option<Known<'a>> {
    let wanted = institution.map(InstitutionId::as_str);
    let line = || lines.iter().find(|line| line.channel == channel && line.institution == wanted);
    let known = |code| Known { code, assumed: false };
    configured
        .map(known)
        .or_else(|| line().map(|line| Known { code: line.code, assumed: line.assumed }))
}
