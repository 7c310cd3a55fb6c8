//! `tulay payout list`

use super::{opened::open, show};
use crate::{
    args::{Global, ListArgs},
    error::CliError,
    exit::Exit,
    report::Report,
};
use tulay::{Builder, journal::Filter};

/// At most so many are read from the journal at once.
const PAGE: usize = 500;

pub(super) async fn run(
    global: &Global,
    args: &ListArgs,
    builder: Builder,
) -> Result<Exit, CliError> {
    let session = open(global, builder, false).await?;
    let mut filter = Filter::default();
    filter.status = args.status;
    filter.in_review = args.review;
    filter.most = args.limit.clamp(1, PAGE);
    let mut pages = session.tulay.payouts().list(filter).await?;
    let mut records = Vec::new();
    while records.len() < args.limit
        && let Some(record) = pages.next().await?
    {
        records.push(record);
    }
    let report = Report::new("tulay.payouts/1", session.environment())
        .results("payouts", &records)
        .table(&show::HEADER, records.iter().map(show::row).collect());
    let report = if records.is_empty() { report.line("no payouts") } else { report };
    report.print(global.format(), Exit::Done)
}
