//! The arguments of `tulay static-code`.

use super::collection::CollectionArgs;
use clap::{Args, Subcommand};
use jiff::civil::Date;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum StaticCodeCommand {
    /// Make a code that is paid again and again. The same reference again makes nothing new.
    Create(StaticCodeArgs),
    /// Look up a static code.
    Get(CollectionArgs),
    /// List the payments of a static code.
    Payments(PaymentsArgs),
    /// Let a code be paid again.
    Enable(CollectionArgs),
    /// Let a code not be paid for now.
    Disable(CollectionArgs),
    /// Let a code never be paid again.
    Cancel(CollectionArgs),
}

#[derive(Args, Debug)]
pub(crate) struct StaticCodeArgs {
    /// The merchant's name as the payer sees it.
    #[arg(long, value_name = "TEXT")]
    pub(crate) display_name: Option<String>,
    /// A remark; limits are the provider's.
    #[arg(long, value_name = "TEXT")]
    pub(crate) remark: Option<String>,
    /// In whose name it stands: a JSON object with name, mobile, email, tax_id; - for standard
    /// input.
    #[arg(long, value_name = "FILE")]
    pub(crate) holder: Option<PathBuf>,
    /// Write the code as an SVG picture to this file.
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
    /// Write the code as a PNG picture to this file.
    #[arg(long, value_name = "FILE")]
    pub(crate) png: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) code: CollectionArgs,
}

#[derive(Args, Debug)]
pub(crate) struct PaymentsArgs {
    /// The first day, in the provider's zone.
    #[arg(long, value_name = "DAY")]
    pub(crate) from: Date,
    /// The last day, itself included.
    #[arg(long, value_name = "DAY")]
    pub(crate) to: Date,
    #[command(flatten)]
    pub(crate) code: CollectionArgs,
}
