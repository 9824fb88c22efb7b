//! The keywords of JSON-LD 1.1 (§1.7).

macro_rules! keywords {
    ($($name:ident = $text:literal),* $(,)?) => {
        /// A keyword of JSON-LD.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(super) enum Keyword { $($name,)* }

        impl Keyword {
            /// The keyword a text is, if it is one.
            pub(super) fn parse(text: &str) -> Option<Self> {
                if !text.starts_with('@') {
                    return None;
                }
                match text { $($text => Some(Self::$name),)* _ => None }
            }
        }
    };
}

keywords! {
    Base = "@base", Container = "@container", Context = "@context", Direction = "@direction",
    Graph = "@graph", Id = "@id", Import = "@import", Included = "@included", Index = "@index",
    Json = "@json", Language = "@language", List = "@list", Nest = "@nest", None = "@none",
    Prefix = "@prefix", Preserve = "@preserve", Propagate = "@propagate", Protected = "@protected",
    Reverse = "@reverse", Set = "@set", Type = "@type", Value = "@value", Version = "@version",
    Vocab = "@vocab",
}
