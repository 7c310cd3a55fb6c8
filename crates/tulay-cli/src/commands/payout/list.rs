//! `tulay payout list`, `tulay refund list`

use super::{opened::open, show};
use crate::{
    args::{Global, ListArgs},
    error::CliError,
    exit::Exit,
    report::Report,
};
use tulay::{Builder, Operation, journal::Filter};

/// At most so many are read from the journal at once.
const PAGE: usize = 500;

pub(in crate::commands) async fn run(
    global: &Global,
    operation: Operation,
    args: &ListArgs,
    builder: Builder,
) -> Result<Exit, CliError> {
    let session = open(global, builder, false).await?;
    let mut filter = Filter::default();
    filter.status = args.status;
    filter.in_review = args.review;
    filter.most = args.limit.clamp(1, PAGE);
    let mut pages = match operation {
        Operation::Refund => session.tulay.refunds().list(filter).await?,
        _ => session.tulay.payouts().list(filter).await?,
    };
    let mut records = Vec::new();
    while records.len() < args.limit
        && let Some(record) = pages.next().await?
    {
        records.push(record);
    }
    let (form, name) = match operation {
        Operation::Refund => ("tulay.refunds/1", "refunds"),
        _ => ("tulay.payouts/1", "payouts"),
    };
    let report = Report::new(form, session.environment())
        .results(name, &records)
        .table(&show::HEADER, records.iter().map(show::row).collect());
    let report = if records.is_empty() { report.line(format!("no {name}")) } else { report };
    report.print(global.format(), Exit::Done)
}
