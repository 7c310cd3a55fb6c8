//! How a payer pays, drawn or printed by its kind.

use crate::{error::CliError, keys, report::Report};
use std::path::Path;
use tulay::{InstitutionId, PaymentInstructions};
use tulay_qr::{Symbol, SymbolError};

/// Adds a way to pay to the terminal's lines of a report.
pub(crate) fn show(
    report: Report,
    payment_instructions: Option<&PaymentInstructions>,
) -> Result<Report, CliError> {
    Ok(match payment_instructions {
        Some(PaymentInstructions::Qr(text)) => {
            let symbol = symbol(text.expose())?;
            let drawn = symbol.to_terminal();
            drawn.lines().fold(report, Report::line).line(text.expose())
        }
        Some(PaymentInstructions::VirtualAccount { institution, number, .. }) => {
            let bank = institution.as_ref().map_or("", InstitutionId::as_str);
            report.line(format!("transfer to {bank} {}", number.expose()))
        }
        Some(PaymentInstructions::Redirect(url)) => report.line(format!("open {url}")),
        Some(PaymentInstructions::QrImage { mime, .. }) => {
            report.line(format!("a picture of {mime}: --png"))
        }
        Some(_) => report.line("inside the wallet's own browser; --json has the parameters"),
        None => report,
    })
}

/// Files that a code is to be drawn to.
pub(crate) struct Pictures<'a> {
    svg: Option<&'a Path>,
    png: Option<&'a Path>,
}

impl<'a> Pictures<'a> {
    /// The files to write. It is an error if one exists already; nothing is sent then.
    pub(crate) fn new(svg: Option<&'a Path>, png: Option<&'a Path>) -> Result<Self, CliError> {
        match [svg, png].into_iter().flatten().find(|path| path.exists()) {
            Some(path) => {
                let message = format!("{} exists already; nothing was sent", path.display());
                Err(CliError::usage("file", message))
            }
            None => Ok(Self { svg, png }),
        }
    }

    /// Draws.
    pub(crate) fn write(
        self,
        payment_instructions: Option<&PaymentInstructions>,
    ) -> Result<(), CliError> {
        let Self { svg, png } = self;
        if svg.is_none() && png.is_none() {
            return Ok(());
        }
        match (payment_instructions, svg, png) {
            (Some(PaymentInstructions::Qr(text)), ..) => {
                let symbol = symbol(text.expose())?;
                if let Some(path) = svg {
                    keys::write_new_bytes(path, symbol.to_svg().as_bytes())?;
                }
                if let Some(path) = png {
                    keys::write_new_bytes(path, &symbol.to_png().map_err(|e| too_large(&e))?)?;
                }
                Ok(())
            }
            (Some(PaymentInstructions::QrImage { bytes, .. }), None, Some(path)) => {
                keys::write_new_bytes(path, bytes)
            }
            _ => Err(CliError::could_not_run("picture", "there is no code to draw")),
        }
    }
}

fn symbol(text: &str) -> Result<Symbol, CliError> {
    Symbol::new(text).map_err(|error| too_large(&error))
}

fn too_large(error: &SymbolError) -> CliError {
    CliError::could_not_run("picture", error.to_string())
}
