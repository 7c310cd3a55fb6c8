//! The journal: whether it opens, knows every payment, and lets payouts be sent.

use super::check::Check;
use crate::session::Session;
use std::path::Path;
use tulay::Tulay;

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
    let hindrances = match session.hindrances(&journal).await {
        Ok(hindrances) => hindrances,
        Err(error) => return vec![Check::bad("journal", error.to_string())],
    };
    let hindrances = hindrances.into_iter().map(|hindrance| Check::note("journal", hindrance));
    let checks = [Check::good("journal", opened)].into_iter();
    checks.chain(state(tulay)).chain(hindrances).collect()
}

/// A copy of a folder that has both brings both back.
fn state(tulay: &Tulay) -> Option<Check> {
    let state = tulay.journal_state()?;
    let folder = |path: &Path| std::fs::canonicalize(path).ok();
    let database =
        tulay.journal_file()?.parent().and_then(|it| match it.as_os_str().is_empty() {
            true => folder(Path::new(".")),
            false => folder(it),
        })?;
    let shown = state.display();
    let is_simulated = tulay
        .providers()
        .all(|provider| provider.merchant_account().environment == tulay::Environment::Sandbox);
    if is_simulated || !folder(&state)?.starts_with(database) {
        return Some(Check::good("journal state", format!("{shown} notices a restored database")));
    }
    let problem = format!(
        "{shown} is in the folder of the database: where the folder is restored, nothing notices it"
    );
    let check = Check::note("journal state", problem);
    Some(check.fix("name a folder away from the database in [journal] state"))
}
