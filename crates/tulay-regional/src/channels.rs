//! `channelCode`: which one a way to pay goes by, from the profile or the configuration.

use crate::{profile::Profile, settings::Settings};
use serde::Deserialize;
use std::collections::BTreeMap;
use tulay_core::{Channel, Error, ErrorKind, InstitutionId, Invalid, Operation, Result};

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

/// The `channelCode` of a collection or a static code. A new one needs a code that may be used; one
/// that exists is looked up by its code, whether or not that may be used for another.
///
/// # Errors
/// `Unsupported`, `NotSent`: at `institution` where no code is known, at `channels` for one that is
/// only assumed and that production must not use yet.
pub(crate) fn code<'a>(
    settings: &'a Settings,
    operation: Operation,
    profile: &Profile,
    channel: Channel,
    institution: Option<&InstitutionId>,
) -> Result<&'a str> {
    let collects = matches!(operation, Operation::Collection | Operation::CollectionFind);
    let configured = settings.channels.get(&profile.country).and_then(|channels| {
        if collects {
            channels.of_collection(channel, institution)
        } else {
            channels.of_code(channel, institution)
        }
    });
    // A configured code comes from the provider, so it goes first.
    if let Some(code) = configured {
        return Ok(code);
    }
    let lines = if collects {
        profile.collection.lines
    } else {
        profile.code.as_ref().map_or(&[][..], |rules| rules.lines)
    };
    let wanted = institution.map(InstitutionId::as_str);
    let line = lines.iter().find(|line| line.channel == channel && line.institution == wanted);
    let line = line.ok_or_else(|| {
        let country = profile.country;
        let expected =
            format!("a way to pay whose code is known here (or name it in channels.{country})");
        let invalid = Invalid::new("institution", expected);
        Error::invalid_as(ErrorKind::Unsupported, operation, &invalid)
    })?;
    let creates = matches!(operation, Operation::Collection | Operation::StaticCode);
    if creates && line.assumed && !settings.policy().accepts(operation) {
        let message = format!(
            "{} is only assumed to be a channelCode; name the right one in channels, or \
             {operation} in accept_unverified, to use it in production",
            line.code
        );
        return Err(Error::unsupported(operation, message).with_field("channels"));
    }
    Ok(line.code)
}
