//! Links in Markdown: each relative link names a file that is there, and a heading that is in it.

use crate::markdown::{pages, prose, without_code};
use std::{collections::BTreeSet, fs, path::Path};

/// A complaint for each link that leads nowhere.
pub(crate) fn complaints(root: &Path) -> Result<Vec<String>, String> {
    let mut complaints = Vec::new();
    for page in pages(root, root).map_err(|error| error.to_string())? {
        let text = fs::read_to_string(&page).map_err(|error| error.to_string())?;
        let name = page.strip_prefix(root).unwrap_or(&page).display().to_string();
        for (line, target) in links(&text) {
            if let Some(problem) = problem(&page, &target) {
                complaints
                    .push(format!("{name}:{line}: the link {target} leads nowhere: {problem}"));
            }
        }
    }
    complaints.sort();
    Ok(complaints)
}

/// What is wrong with a link from this page, if anything is.
fn problem(page: &Path, target: &str) -> Option<&'static str> {
    // Addresses, and the paths of items in rustdoc.
    if target.contains(':') {
        return None;
    }
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let path = match file {
        "" => page.to_owned(),
        file => page.parent()?.join(file),
    };
    if !path.exists() {
        return Some("there is no such file");
    }
    if anchor.is_empty() {
        return None;
    }
    let text = fs::read_to_string(&path).unwrap_or_default();
    (!anchors(&text).contains(anchor)).then_some("there is no such heading")
}

/// The targets of `[text](target)`, each with its line; code has no links.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut links = Vec::new();
    for (line, text) in prose(text) {
        let text = without_code(text);
        let mut rest = text.as_str();
        while let Some((_, after)) = rest.split_once("](") {
            let (target, after) = after.split_once(')').unwrap_or((after, ""));
            links.push((line, target.to_owned()));
            rest = after;
        }
    }
    links
}

/// The anchors of a page's headings, as GitHub makes them.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut anchors = BTreeSet::new();
    for (_, line) in prose(text) {
        let heading = line.trim_start_matches('#');
        if heading.len() == line.len() || !heading.starts_with(' ') {
            continue;
        }
        let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
        let anchor: String = heading.trim().to_lowercase().chars().filter(kept).collect();
        let anchor = anchor.replace(' ', "-");
        let numbered = (1..).map(|number| format!("{anchor}-{number}"));
        let free = [anchor.clone()].into_iter().chain(numbered).find(|a| !anchors.contains(a));
        anchors.extend(free);
    }
    anchors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_read_outside_code() {
        let page = "[a](b.md) and [`c`](d.md#e)\n`[no](code)`\n```text\n[no](x)\n```\n[f](#g)\n";
        let found = [(1, "b.md"), (1, "d.md#e"), (6, "#g")];
        assert_eq!(links(page), found.map(|(line, target)| (line, target.to_owned())));
    }

    #[test]
    fn anchors_are_those_of_github() {
        let page = "# Can it pay twice?\n## `payout`: what, and why\n## Same\n## Same\n#no\n```sh\n# no\n```\n";
        let found = ["can-it-pay-twice", "payout-what-and-why", "same", "same-1"];
        assert_eq!(anchors(page), found.map(str::to_owned).into());
    }

    #[test]
    fn a_link_to_a_missing_file_or_heading_is_a_problem() {
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
        for target in ["README.md", "docs", "#see-it-work", "docs/guides/routing.md#limits"] {
            assert_eq!(problem(&page, target), None, "{target}");
        }
        for target in ["https://example.com/x", "mailto:a@example.com", "crate::Error"] {
            assert_eq!(problem(&page, target), None, "{target}");
        }
        for target in ["docs/no.md", "#no-such-heading", "docs/guides/routing.md#no"] {
            assert!(problem(&page, target).is_some(), "{target}");
        }
    }
}
