//! `tulay qr render`

use super::{read::not_valid, text};
use crate::{
    args::{Global, RenderArgs},
    error::CliError,
    exit::Exit,
    keys,
    report::Report,
};
use tulay_qr::{PngOptions, Symbol, SymbolError, TerminalOptions, inspect};

pub(crate) fn run(global: &Global, args: &RenderArgs) -> Result<Exit, CliError> {
    let text = text::of(&args.code)?;
    if !args.unchecked
        && let Some(message) = not_valid(&inspect(&text))
    {
        let message = format!("{message}; --unchecked draws it nevertheless");
        return Err(CliError::unverified("payload", message).next("tulay qr decode PAYLOAD"));
    }
    let too_large = |error: SymbolError| CliError::usage("payload", error.to_string());
    let symbol = Symbol::with_correction(&text, args.correction()).map_err(too_large)?;
    let mut report = Report::new("tulay.qr-render/1", None).member("modules", symbol.size());
    if let Some(path) = &args.svg {
        keys::write_new_bytes(path, symbol.to_svg().as_bytes())?;
        report = report.member("svg", path.display().to_string());
    }
    if let Some(path) = &args.png {
        let options = PngOptions { module_pixels: args.module_pixels, ..PngOptions::default() };
        keys::write_new_bytes(path, &symbol.to_png_with(options).map_err(too_large)?)?;
        report = report.member("png", path.display().to_string());
    }
    for path in args.svg.iter().chain(&args.png) {
        global.say(&format!("written: {}", path.display()));
    }
    if args.svg.is_none() && args.png.is_none() {
        let options = TerminalOptions { invert: args.invert, ..TerminalOptions::default() };
        for line in symbol.to_terminal_with(options).lines() {
            report = report.line(line);
        }
    }
    report.print(global.format(), Exit::Done)
}
