//! What the journal costs beside the same SQL on a bare connection, as wall time: ratios of one
//! run, medians of five rounds. Beside each figure stands how often the disk alone can be made
//! durable at that moment.
//!
//! `cargo bench -p tulay-tests --bench journal` runs all but those with `large` in their names, which
//! take minutes and seven gigabytes. Those with `postgres` need Debian's package, and measure on a
//! server of their own. A name runs what has it in its name: `-- accepts`, `-- postgres`. With
//! `--quick` there is one small round.

#![allow(missing_docs, clippy::indexing_slicing, clippy::unwrap_used, reason = "a bench may stop")]

mod accepts;
mod bare;
mod large;
mod lists;
mod measure;
mod notifications;
mod payouts;
#[cfg(unix)]
mod postgres;
mod provider;
mod row;
mod sql;
mod standing;
mod submit;
mod world;

use measure::Effort;

type Bench = (&'static str, fn(Effort));

const BENCHES: &[Bench] = &[
    ("standing", standing::run),
    ("accepts", accepts::run),
    ("payouts", payouts::run),
    ("submit", submit::run),
    #[cfg(unix)]
    ("postgres payouts", postgres::payouts),
    #[cfg(unix)]
    ("postgres tls", postgres::tls),
    #[cfg(unix)]
    ("postgres large", postgres::large),
    #[cfg(unix)]
    ("postgres large memory", postgres::memory),
    ("notifications stored", notifications::stored),
    ("notifications waits", notifications::waits),
    ("notifications duplicates", notifications::duplicates),
    ("large", large::run),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let effort = Effort::of(&arguments);
    let (_, names): (Vec<_>, Vec<_>) = arguments.iter().partition(|it| it.starts_with("--"));
    sql::check();
    for &(name, bench) in BENCHES {
        let is_named = names.iter().any(|part| name.contains(part.as_str()));
        if is_named || names.is_empty() && !name.contains("large") {
            bench(effort);
        }
    }
}
