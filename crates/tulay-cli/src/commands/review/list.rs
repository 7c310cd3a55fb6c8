//! `tulay review list`

use super::super::payout::opened::open;
use crate::{
    args::{Global, GroupBy, ListReviewsArgs},
    error::CliError,
    exit::Exit,
    report::Report,
    session::Session,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::collections::BTreeMap;
use tulay::{
    Builder,
    adapter::{Clock, SystemClock},
    journal::{Filter, OpenNotification, PaymentRecord, ReviewReason},
};

/// At most so many are read from the journal at once.
const PAGE: usize = 500;
const NOTHING: &str = "nothing waits for a person";

pub(super) async fn run(
    global: &Global,
    args: &ListReviewsArgs,
    builder: Builder,
) -> Result<Exit, CliError> {
    let session = open(global, builder, false).await?;
    if !args.group.is_empty() {
        return groups(global, args, &session).await;
    }
    let mut filter = Filter::default();
    filter.reason = args.reason;
    if let Some(id) = &args.provider {
        filter.account = Some(session.provider(Some(id))?.merchant_account().clone());
    }
    filter.accepted_before = args.older_than.and_then(|age| {
        let age = SignedDuration::try_from(age).ok()?;
        SystemClock::new().now().checked_sub(age).ok()
    });
    filter.most = args.limit.clamp(1, PAGE);
    let mut pages = session.tulay.reviews().list(filter).await?;
    let mut records = Vec::new();
    while records.len() < args.limit
        && let Some(record) = pages.next().await?
    {
        records.push(record);
    }
    // The filters are those of payouts.
    let is_filtered = args.reason.is_some() || args.provider.is_some() || args.older_than.is_some();
    let notifications = match is_filtered {
        true => Vec::new(),
        false => session.tulay.reviews().notifications(args.limit).await?,
    };
    let header = ["reference", "provider", "amount", "status", "review", "accepted"];
    let report = Report::new("tulay.reviews/1", session.environment())
        .results("payments", &records)
        .member("notifications", json!(notifications))
        .table(&header, records.iter().map(row).collect());
    let report = notifications.iter().fold(report, |report, it| report.line(sentence(it)));
    let report = match records.is_empty() && notifications.is_empty() {
        true => report.line(NOTHING),
        false => report,
    };
    report.print(global.format(), Exit::Done)
}

/// `starpay: a notification of 2026-01-05T02:00:00Z is unmatched: payout, order PCCT…, PHP10.00`.
fn sentence(notification: &OpenNotification) -> String {
    let OpenNotification { reason, received, order_id, provider_reference, amount, .. } =
        notification;
    let provider = notification
        .provider
        .as_ref()
        .map_or("an account that is not configured", |it| it.as_str());
    let parts = [
        notification.about.map(str::to_owned),
        order_id.as_ref().map(|id| format!("order {id}")),
        provider_reference.as_ref().map(|id| format!("the provider's {id}")),
        amount.clone(),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let said = if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", ")) };
    format!("{provider}: a notification of {received:.0} is {}{said}", reason.as_str())
}

fn row(record: &PaymentRecord) -> Vec<String> {
    let provider = record.last().and_then(|attempt| attempt.provider.as_ref());
    let reasons: Vec<&str> = record.reviews.iter().map(|reason| reason.as_str()).collect();
    vec![
        record.reference.to_string(),
        provider.map_or_else(|| "-".into(), ToString::to_string),
        record.amount.to_string(),
        record.status.to_string(),
        reasons.join(", "),
        format!("{:.0}", record.accepted_at),
    ]
}

async fn groups(
    global: &Global,
    args: &ListReviewsArgs,
    session: &Session,
) -> Result<Exit, CliError> {
    type Key = (Option<ReviewReason>, Option<String>);
    let mut groups: BTreeMap<Key, (u64, Timestamp)> = BTreeMap::new();
    for group in session.tulay.reviews().groups().await? {
        let by = |by: GroupBy| args.group.contains(&by);
        let account = group.account.as_ref();
        let name = match (&group.provider, account) {
            (Some(provider), _) => provider.to_string(),
            (None, Some(account)) => format!("{} (mch {})", account.adapter, account.masked()),
            (None, None) => "-".into(),
        };
        let key = (
            Some(group.reason).filter(|_| by(GroupBy::Reason)),
            Some(name).filter(|_| by(GroupBy::Provider)),
        );
        let (payouts, oldest) = groups.entry(key).or_insert((0, group.oldest));
        *payouts = payouts.saturating_add(group.payouts);
        *oldest = group.oldest.min(*oldest);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, (payouts, _))| std::cmp::Reverse(*payouts));
    let values = groups.iter().map(|((reason, provider), (payouts, oldest))| {
        let reason = reason.map(ReviewReason::as_str);
        json!({ "reason": reason, "provider": provider, "payouts": payouts, "oldest": oldest })
    });
    let rows = groups.iter().map(|((reason, provider), (payouts, oldest))| {
        let reason = reason.map(|reason| reason.as_str().to_owned());
        let parts = args.group.iter().map(|by| match by {
            GroupBy::Reason => reason.clone().unwrap_or_default(),
            GroupBy::Provider => provider.clone().unwrap_or_default(),
        });
        parts.chain([payouts.to_string(), format!("{oldest:.0}")]).collect()
    });
    let names = args.group.iter().map(|by| match by {
        GroupBy::Reason => "reason",
        GroupBy::Provider => "provider",
    });
    let header: Vec<&str> = names.chain(["payouts", "oldest"]).collect();
    let report = Report::new("tulay.review-groups/1", session.environment())
        .list("groups", values.collect())
        .table(&header, rows.collect());
    let report = if groups.is_empty() { report.line(NOTHING) } else { report };
    report.print(global.format(), Exit::Done)
}
