//! Rows as a person types them: the fields of an [`Entry`], and who they are about.

use badgeons::recognition::award::{Award, Person, Recipient};
use badgeons::recognition::email::Email;
use badgeons::recognition::entry::{Entry, Field, Place};

/// One field, as typed.
#[expect(
    clippy::unnecessary_wraps,
    reason = "it fills the optional cells of a row"
)]
pub(crate) fn field(text: &str) -> Option<Field<String>> {
    let place = Place {
        column: "".into(),
        heading: "typed".into(),
    };
    Some(Field {
        value: text.into(),
        text: text.into(),
        place,
    })
}

/// A person.
pub(crate) fn person(name: &str, email: &str) -> Entry {
    Entry {
        row: 1,
        full_name: field(name),
        email: field(email),
        ..Entry::default()
    }
}

/// The person most tests issue to.
pub(crate) fn enora() -> Entry {
    person("Enora Le Spécimen", "enora@example.org")
}

/// An organisation.
pub(crate) fn organisation(name: &str) -> Entry {
    Entry {
        row: 1,
        organisation: field(name),
        url: field("https://organisation.example.org"),
        ..Entry::default()
    }
}

/// An award to a person, as the services take it.
pub(crate) fn award(achievement: &str, name: &str, email: &str) -> Award {
    let email = Email::parse(email).unwrap();
    Award::new(achievement, Recipient::Person(Person::called(name, email)))
}
