//! The languages we speak.

/// A language we speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// English.
    En,
    /// French.
    Fr,
    /// Breton.
    Br,
}

impl Language {
    /// All of them; the first is spoken to whoever asks for none.
    pub const ALL: [Self; 3] = [Self::En, Self::Fr, Self::Br];

    /// The one of that code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }

    /// Its code (BCP 47).
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
            Self::Br => "br",
        }
    }
}
