//! The command to run next: what asks for something later, as a shell takes it.

use crate::{args::Global, terminal::quoted};
use tulay::Reference;

/// What finds an order at providers that look it up by their own id alone; nothing without one.
pub(crate) fn by_own_id(what: &str, providers: &[&str]) -> String {
    if providers.is_empty() {
        return String::new();
    }
    format!(
        "A {what} at {} is looked up by the provider's own id: pass --provider NAME \
         --provider-reference ID",
        providers.join(" or ")
    )
}

/// `tulay WORDS REFERENCE --option value …`; `None` if the simulator would not remember the order.
pub(crate) fn command(
    global: &Global,
    words: &str,
    reference: &Reference,
    options: &[(&str, Option<String>)],
) -> Option<String> {
    if global.sandbox() {
        return None;
    }
    let reference = quoted(reference.as_str());
    // A reference may look like an option.
    let (first, last) = if reference.starts_with('-') {
        (String::new(), format!(" -- {reference}"))
    } else {
        (format!(" {reference}"), String::new())
    };
    let config = global.config.as_ref().map(|file| file.display().to_string());
    let config = ("config", config);
    let options = options.iter().chain([&config]).filter_map(|(name, value)| {
        value.as_ref().map(|value| format!(" --{name} {}", quoted(value)))
    });
    Some(format!("tulay {words}{first}{}{last}", options.collect::<String>()))
}
