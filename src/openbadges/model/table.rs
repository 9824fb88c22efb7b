//! What the rules know of a class: the standard's table, as [`class!`](super::class) declares it.

/// A class of the standard.
pub(super) struct Table {
    /// Its name, as the standard writes it.
    pub(super) class: &'static str,
    /// Its properties.
    pub(super) members: Vec<Member>,
}

/// The classes that take no members but their own (the schemas' `additionalProperties: false`).
const CLOSED: [&str; 3] = ["Image", "IdentityObject", "IdentifierEntry"];

impl Table {
    /// Whether the class takes no members but its own.
    pub(super) fn is_closed(&self) -> bool {
        CLOSED.contains(&self.class)
    }
}

/// A property of a class.
pub(super) struct Member {
    /// Its name in JSON.
    pub(super) name: String,
    /// How many values it has.
    pub(super) cardinality: Cardinality,
    /// What a value looks like.
    pub(super) shape: Shape,
}

/// How many values a property has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cardinality {
    /// 1
    One,
    /// 0..1
    Optional,
    /// 0..*, written as an array also when there is one.
    Many,
}

/// What a value looks like.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    /// A text.
    Text,
    /// An absolute URI that identifies something.
    Uri,
    /// An absolute URI to look something up, which nothing hangs on.
    Link,
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number,
    /// A date and time with its zone.
    Instant,
    /// A date and time, whose zone the standard lets be left out.
    Moment,
    /// A date, `YYYY-MM-DD`.
    Date,
    /// A language code.
    Language,
    /// A country code.
    Country,
    /// A word of a vocabulary, which the function knows.
    Word(fn(&str) -> bool),
    /// An array of types, with at least these.
    Types(&'static [&'static str]),
    /// One type, this one.
    Kind(&'static str),
    /// An object of this class.
    Class(fn() -> &'static Table),
    /// A profile, or its URI.
    Issuer,
    /// An endorsement that somebody else signed.
    Endorsement,
    /// A compact JWS.
    Jws,
    /// What has rules of its own elsewhere.
    Any,
}

impl Member {
    /// From the name of the field in Rust.
    pub(super) fn new(field: &str, cardinality: Cardinality, shape: Shape) -> Self {
        let name = match field {
            "kind" => "type".to_owned(),
            "context" => "@context".to_owned(),
            _ => camel_case(field),
        };
        Self {
            name,
            cardinality,
            shape,
        }
    }
}

fn camel_case(field: &str) -> String {
    let mut words = field.split('_');
    let mut name = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        name.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    name
}
