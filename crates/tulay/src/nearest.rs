//! The known name that is nearest to an unknown one.

/// The known name that differs by a typing mistake: by at most a third of the letters.
pub(crate) fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let wanted = word.to_lowercase();
    let length = wanted.chars().count();
    let distance = |name: &str| strsim::osa_distance(&name.to_lowercase(), &wanted);
    let near = known.into_iter().map(|name| (distance(name), name));
    let (distance, name) = near.min_by_key(|(distance, _)| *distance)?;
    (distance.saturating_mul(3) <= length).then_some(name)
}

/// The end of an error message: the name that may have been meant, or nothing.
pub(crate) fn did_you_mean<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    nearest(word, known).map(|name| format!("; did you mean {name}?")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typing_mistake_is_not_another_word() {
        let keys = ["amount", "operation", "use", "regional"];
        for (word, meant) in [
            ("ammount", Some("amount")),
            ("regionl", Some("regional")),
            ("USE", Some("use")),
            ("weight", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, keys), meant, "{word}");
        }
        assert_eq!(did_you_mean("weight", keys), "");
    }
}
