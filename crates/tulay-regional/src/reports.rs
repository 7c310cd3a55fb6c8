//! Report Download (1.2): a link to a day's file.

use crate::{
    provider::Regional,
    wire::{ReportInquiry, ReportPlace},
};
use async_trait::async_trait;
use jiff::civil::Date;
use tulay_adapter::json::to_json;
use tulay_core::{
    AccountKind, Country, Error, ErrorKind, Operation, ReportLink, Reports, Result, Secret, link,
};

const OPERATION: Operation = Operation::Report;

#[async_trait]
impl Reports for Regional {
    async fn report(
        &self,
        account: AccountKind,
        country: Country,
        day: Date,
    ) -> Result<ReportLink> {
        self.allow(&[OPERATION], country)?;
        let profile = self.client.profile(OPERATION, country)?;
        let trans_type = match account {
            AccountKind::Payout if profile.payout.is_some() => 1,
            AccountKind::Collection => 2,
            _ => {
                let message = format!(
                    "{country} has reports of collections, and of payouts where there are any"
                );
                return Err(Error::unsupported(OPERATION, message).with_field("account"));
            }
        };
        self.check_is_over(day)?;
        let asked = to_json(&ReportInquiry {
            country_code: country.as_str(),
            trans_date: &day.to_string(),
            trans_type,
        });
        let path = profile.path(&self.client.settings.paths.report);
        let reply = self.client.exchange(OPERATION, &path, None, &asked).await?;
        let place: ReportPlace<'_> = reply.read()?;
        let url = place.download_url.0;
        let is_safe = link::allows(self.client.settings.environment, &url);
        // The link gives access to the report.
        let link = is_safe.then(|| Secret::new(url.clone()).ok()).flatten();
        let Some(link) = link else {
            let message = "regional's downloadUrl is no https address on the Internet";
            let error = Error::new(OPERATION, ErrorKind::Unexpected, message);
            return Err(error.with_field("downloadUrl").with_response(reply.response));
        };
        let mut link = ReportLink::new(link);
        link.file_name = file_name(&url);
        Ok(link)
    }
}

impl Regional {
    /// Refuses a day that is not over where the provider is: its report does not exist yet. Without
    /// a known offset, any day may be over there.
    fn check_is_over(&self, day: Date) -> Result<()> {
        let Some(offset) = self.client.settings.offset() else { return Ok(()) };
        let today = offset.to_datetime(self.client.context.clock.now()).date();
        if day < today {
            return Ok(());
        }
        let when = if day == today { "is today" } else { "is still to come" };
        let message = format!(
            "{day} {when} at the provider (UTC{offset}), so there is no report of it yet: ask \
             for {} or an earlier day",
            today.yesterday().unwrap_or(today)
        );
        Err(Error::new(OPERATION, ErrorKind::TooEarly, message).with_field("day"))
    }
}

/// The last part of the path, where it could not lead anywhere else as a file's name.
fn file_name(url: &str) -> Option<String> {
    let uri = url.parse::<http::Uri>().ok()?;
    let name = uri.path().rsplit('/').next()?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    let fits = !name.is_empty() && name.len() <= 128 && !name.starts_with('.');
    (fits && name.bytes().all(plain)).then(|| name.to_owned())
}
