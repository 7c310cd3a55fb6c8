//! Signatures and tokens of messages: genuine, false and damaged ones.

/// The signature or token of a message. [`apply`](Self::apply) makes most of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Seal {
    /// The platform's own.
    Genuine,
    /// The platform's own, by the second of two keys or tokens that
    /// [`Harness::provider`](crate::Harness::provider) configures at once, as during a rotation. The
    /// harness has no such message if only one can be configured.
    Rotated,
    /// Without signature or token.
    None,
    /// With an empty signature or token.
    Empty,
    /// Well-formed, with a key or token that is not the platform's.
    OtherKey,
    /// The platform's own token, each letter in its other case. A signature in another case is not
    /// tried: hexadecimal digits mean the same in both.
    OtherCase,
    /// The platform's own signature where that of another mode belongs, such as live for test, and
    /// none where its own belongs. The harness has no such message if there is one place.
    OtherPlace,
    /// The platform's own without its last character.
    Cut,
    /// The first character of the platform's own.
    Beginning,
    /// The platform's own with one character more.
    Grown,
}

impl Seal {
    /// The seals that are made of the platform's own, and prove nothing.
    pub(crate) const DAMAGED: [Self; 3] = [Self::Cut, Self::Beginning, Self::Grown];

    /// What stands in place of this signature or token, as the message has it; `None`: nothing
    /// does. For [`Rotated`](Self::Rotated) and [`OtherKey`](Self::OtherKey) the harness gives the
    /// one by the other key, and for [`OtherPlace`](Self::OtherPlace) it chooses the place.
    ///
    /// ```
    /// use tulay_conformance::Seal;
    /// assert_eq!(Seal::Genuine.apply("aB7"), Some("aB7".into()));
    /// assert_eq!(Seal::OtherCase.apply("aB7"), Some("Ab7".into()));
    /// assert_eq!((Seal::Cut.apply("aB7"), Seal::None.apply("aB7")), (Some("aB".into()), None));
    /// ```
    #[must_use]
    pub fn apply(self, seal: &str) -> Option<String> {
        let other_case = |c: char| match c.is_ascii_uppercase() {
            true => c.to_ascii_lowercase(),
            false => c.to_ascii_uppercase(),
        };
        let mut chars = seal.chars();
        Some(match self {
            Self::None => return None,
            Self::Empty => String::new(),
            Self::Genuine | Self::Rotated | Self::OtherKey | Self::OtherPlace => seal.to_owned(),
            Self::OtherCase => chars.map(other_case).collect(),
            Self::Cut => {
                chars.next_back();
                chars.as_str().to_owned()
            }
            Self::Beginning => chars.take(1).collect(),
            Self::Grown => format!("{seal}0"),
        })
    }
}
