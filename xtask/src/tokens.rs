//! A Rust file as a flat list of tokens, without comments.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// One token, and the line it begins on. `::` is one token.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) kind: Kind,
    pub(crate) line: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Word,
    Mark,
    Literal,
    /// A line of rustdoc, or a block of it.
    Doc,
}

impl Token {
    pub(crate) fn is(&self, text: &str) -> bool {
        self.text == text && matches!(self.kind, Kind::Word | Kind::Mark)
    }
}

/// The tokens of a file.
pub(crate) fn read(text: &str) -> Result<Vec<Token>, String> {
    let stream: TokenStream = text.parse().map_err(|error| format!("no Rust: {error}"))?;
    let mut tokens = Vec::new();
    flatten(stream, &mut tokens);
    Ok(tokens)
}

/// The tokens without the items that only tests have.
pub(crate) fn without_tests(tokens: &[Token]) -> Vec<Token> {
    const ONLY_TESTS: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::new();
    let mut rest = tokens;
    while let Some((first, after)) = rest.split_first() {
        let starts = rest.iter().zip(ONLY_TESTS).filter(|(token, text)| token.is(text)).count();
        if starts == ONLY_TESTS.len() {
            rest = after_item(rest.get(ONLY_TESTS.len()..).unwrap_or_default());
        } else {
            kept.push(first.clone());
            rest = after;
        }
    }
    kept
}

/// What follows an item: it ends with a semicolon or with its braces.
fn after_item(tokens: &[Token]) -> &[Token] {
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate() {
        match token.text.as_str() {
            _ if token.kind != Kind::Mark => {}
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && (token.is(";") || token.is("}")) {
            return tokens.get(index + 1..).unwrap_or_default();
        }
    }
    &[]
}

fn flatten(stream: TokenStream, tokens: &mut Vec<Token>) {
    let mut joined = false;
    for tree in stream {
        let line = tree.span().start().line;
        let mut push = |text: String, kind: Kind| tokens.push(Token { text, kind, line });
        let colon_before = std::mem::take(&mut joined);
        match tree {
            TokenTree::Ident(word) => push(word.to_string(), Kind::Word),
            TokenTree::Literal(literal) => push(literal.to_string(), Kind::Literal),
            TokenTree::Punct(mark) if mark.as_char() == ':' && colon_before => {
                if let Some(colon) = tokens.last_mut() {
                    colon.text = "::".to_owned();
                }
            }
            TokenTree::Punct(mark) => {
                joined = mark.as_char() == ':' && mark.spacing() == Spacing::Joint;
                push(mark.to_string(), Kind::Mark);
            }
            TokenTree::Group(group) => {
                if let Some(doc) = doc(&group.stream()) {
                    push(doc, Kind::Doc);
                    continue;
                }
                let (open, close) = match group.delimiter() {
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::None => ("", ""),
                };
                push(open.to_owned(), Kind::Mark);
                let end = group.span_close().start().line;
                flatten(group.stream(), tokens);
                tokens.push(Token { text: close.to_owned(), kind: Kind::Mark, line: end });
            }
        }
    }
}

/// The text of `doc = "…"`, which is what rustdoc's comments are to the compiler.
fn doc(stream: &TokenStream) -> Option<String> {
    let mut trees = stream.clone().into_iter();
    match (trees.next()?, trees.next()?, trees.next()?, trees.next()) {
        (TokenTree::Ident(name), TokenTree::Punct(equals), TokenTree::Literal(text), None)
            if name == "doc" && equals.as_char() == '=' =>
        {
            Some(text.to_string())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(tokens: &[Token]) -> Vec<&str> {
        tokens.iter().map(|token| token.text.as_str()).collect()
    }

    #[test]
    fn comments_go_and_rustdoc_stays() {
        let tokens =
            read("// use a;\n/// One.\nuse b::c; /* use d; */ const E: &str = \"use e;\";");
        let tokens = tokens.unwrap();
        assert_eq!(
            texts(&tokens),
            [
                "#",
                "\" One.\"",
                "use",
                "b",
                "::",
                "c",
                ";",
                "const",
                "E",
                ":",
                "&",
                "str",
                "=",
                "\"use e;\"",
                ";"
            ]
        );
        assert_eq!((tokens[1].kind, tokens[1].line), (Kind::Doc, 2));
        assert!(read("fn (").is_err());
    }

    #[test]
    fn items_of_tests_are_left_out() {
        let text = "use a;\n#[cfg(test)]\nuse b;\n#[cfg(test)]\nmod tests { fn c() {} }\nfn d() {}";
        assert_eq!(
            texts(&without_tests(&read(text).unwrap())),
            ["use", "a", ";", "fn", "d", "(", ")", "{", "}"]
        );
    }
}
