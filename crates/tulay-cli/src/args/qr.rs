//! The arguments of `tulay qr`.

use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;
use tulay_qr::Correction;

#[derive(Debug, Subcommand)]
pub(crate) enum QrCommand {
    /// What a code says and what is wrong with it; exit 4 when it is not valid.
    Decode(DecodeArgs),
    /// Write a code from its parts, or change one.
    Encode(EncodeArgs),
    /// Draw a code: here, or as SVG or PNG.
    Render(RenderArgs),
}

/// A code: its text, or the file that holds it.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub(crate) struct CodeArgs {
    /// The code's text; - for standard input.
    #[arg(allow_hyphen_values = true)]
    pub(crate) payload: Option<String>,
    /// A file that holds the code's text; - for standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct DecodeArgs {
    #[command(flatten)]
    pub(crate) code: CodeArgs,
    /// Overlook mistakes that occur in codes in use, undo what copying did to the text, and report
    /// each of them.
    #[arg(long)]
    pub(crate) lenient: bool,
}

#[derive(Args, Debug)]
pub(crate) struct EncodeArgs {
    /// The parts: a file with a JSON object as `decode --json` gives it of a valid code; - for
    /// standard input.
    #[arg(required_unless_present_any = ["from", "from_file"], conflicts_with_all = ["from", "from_file"])]
    pub(crate) file: Option<PathBuf>,
    /// The code to change, which must be valid: its text; - for standard input.
    #[arg(long, value_name = "PAYLOAD", group = "code", allow_hyphen_values = true)]
    pub(crate) from: Option<String>,
    /// A file that holds the code to change.
    #[arg(long, value_name = "FILE", group = "code")]
    pub(crate) from_file: Option<PathBuf>,
    /// The amount to state, such as 1250.00.
    #[arg(long, value_name = "AMOUNT", requires = "code", conflicts_with = "clear_amount")]
    pub(crate) amount: Option<String>,
    /// Leave the amount to the payer.
    #[arg(long, requires = "code")]
    pub(crate) clear_amount: bool,
    /// The reference to state.
    #[arg(long, value_name = "TEXT", requires = "code")]
    pub(crate) reference: Option<String>,
    /// Leave the point of initiation as it is; by default a code with an amount or a reference of
    /// its own becomes dynamic.
    #[arg(long, requires = "code")]
    pub(crate) keep_initiation: bool,
    /// Correct mistakes that occur in codes in use, and what copying did to the text.
    #[arg(long, requires = "code")]
    pub(crate) lenient: bool,
}

#[derive(Args, Debug)]
pub(crate) struct RenderArgs {
    #[command(flatten)]
    pub(crate) code: CodeArgs,
    /// Write an SVG picture to this file.
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
    /// Write a PNG picture to this file.
    #[arg(long, value_name = "FILE")]
    pub(crate) png: Option<PathBuf>,
    /// Pixels a module in the PNG picture.
    #[arg(long, value_name = "PIXELS", default_value = "8", value_parser = clap::value_parser!(u8).range(1..))]
    pub(crate) module_pixels: u8,
    /// How much of the symbol may be unreadable; high for symbols with a logo on them.
    #[arg(long, value_name = "LEVEL", default_value = "medium")]
    correction: Level,
    /// Draw for a terminal that writes dark on light.
    #[arg(long)]
    pub(crate) invert: bool,
    /// Draw whatever the text is, codes that are not valid included.
    #[arg(long)]
    pub(crate) unchecked: bool,
}

impl RenderArgs {
    pub(crate) const fn correction(&self) -> Correction {
        match self.correction {
            Level::Low => Correction::Low,
            Level::Medium => Correction::Medium,
            Level::Quartile => Correction::Quartile,
            Level::High => Correction::High,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Level {
    Low,
    Medium,
    Quartile,
    High,
}
