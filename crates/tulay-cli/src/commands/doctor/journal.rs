//! The journal: whether it opens, knows every payment, and lets payouts be sent.

use super::check::Check;
use crate::session::Session;

pub(super) async fn examine(session: &Session) -> Vec<Check> {
    let tulay = &session.tulay;
    let url = tulay.journal_url();
    // Opening would make it, and a journal that is made later is as new.
    if tulay.journal_file().is_some_and(|file| !file.exists()) {
        let problem = format!("{url} does not exist yet; the first payout makes it");
        let check = Check::note("journal", problem);
        return vec![check.fix(
            "if nothing was sent under this namespace before, then run `tulay resume --whole \
             --reason TEXT`",
        )];
    }
    let journal = match tulay.journal().await {
        Ok(journal) => journal,
        // The text has the fix.
        Err(error) => return vec![Check::bad("journal", error.to_string())],
    };
    let whole = journal.whole_since.map(|since| format!(", whole since {since:.0}"));
    let opened = format!("{url} is opened{}", whole.unwrap_or_default());
    let hindrances = session.hindrances(&journal).into_iter();
    let hindrances = hindrances.map(|hindrance| Check::note("journal", hindrance));
    [Check::good("journal", opened)].into_iter().chain(hindrances).collect()
}
