//! References that occur on several lines. All of these lines are bad, as the intended one is not
//! known. A line that is bad for another reason counts too, as it will be paid once it is
//! corrected.

use super::table::Record;
use crate::payout_file::mistake::Mistake;
use std::collections::HashMap;

/// On which lines each reference stands.
pub(super) struct References(HashMap<String, Places>);

/// The first two lines are enough to name another one to each of them.
struct Places {
    first: u64,
    second: Option<u64>,
    count: u64,
}

impl References {
    pub(super) fn of(records: &[Record]) -> Self {
        let mut known: HashMap<String, Places> = HashMap::new();
        for record in records {
            let Some(reference) = &record.reference else { continue };
            match known.get_mut(reference) {
                Some(places) => {
                    places.second.get_or_insert(record.line);
                    places.count += 1;
                }
                None => {
                    let places = Places { first: record.line, second: None, count: 1 };
                    known.insert(reference.clone(), places);
                }
            }
        }
        Self(known)
    }

    /// That a record's reference stands elsewhere too.
    pub(super) fn mistake(&self, record: &Record) -> Option<Mistake> {
        let places = self.0.get(record.reference.as_ref()?)?;
        let other = if places.first == record.line { places.second? } else { places.first };
        places.second?;
        let others = match places.count.saturating_sub(2) {
            0 => String::new(),
            1 => " and one more".into(),
            more => format!(" and {more} others"),
        };
        let message = format!("the same reference is on line {other}{others}");
        Some(Mistake::new("reference", message))
    }
}
