//! What the rows of a roster have to do with each other: the same award twice, one more workshop led at
//! the same event, an address that two people share.
//!
//! Of a million earlier rows only short hashes are kept, so that a roster of any size is read in one go
//! and in little memory.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::ask::Ask;
use super::award::{Person, Recipient};
use super::entry::{Correction, Entry};
use super::folding::fold;
use super::roster::Row;

/// What a row has to do with an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Among {
    /// It is the same award.
    Repeats {
        /// The number of that row.
        first: u32,
    },
    /// It gives another name to the same address.
    SharesAddress {
        /// The number of that row.
        first: u32,
    },
    /// It counts on the badge of that row.
    AddsTo {
        /// The number of that row.
        first: u32,
    },
}

impl Among {
    /// The number of that earlier row.
    pub fn first(self) -> u32 {
        let (Self::Repeats { first } | Self::SharesAddress { first } | Self::AddsTo { first }) =
            self;
        first
    }
}

/// Two texts with the same hash are the same: 96 bits, and nobody gains by finding two.
type Short = [u8; 12];

/// The rows of a roster so far.
#[derive(Debug, Default)]
pub struct Earlier {
    /// Whose each address is: the first row that has it, and the name there.
    addresses: HashMap<Short, (u32, Short)>,
    /// The first row of each award.
    awards: HashMap<Short, u32>,
    /// The workshops counted on an award, where more can be.
    led: HashMap<Short, Vec<&'static str>>,
}

impl Earlier {
    /// Notes a row, and tells what it has to do with those before it.
    pub fn note(&mut self, entry: &Entry, row: &Row, ask: &Ask<'_>) -> Option<Among> {
        let Row::Award { award, led } = row else {
            return None;
        };
        if let Recipient::Person(person) = &award.recipient
            && let Some(first) = self.claim(entry.row, person)
        {
            return Some(Among::SharesAddress { first });
        }
        if ask.repeatable.contains(&award.achievement) {
            return None;
        }
        let key = award.key();
        let key = short([&key.achievement, &key.recipient, &key.activity]);
        let Some(&first) = self.awards.get(&key) else {
            self.awards.insert(key, entry.row);
            self.led.extend(led.map(|workshop| (key, vec![workshop])));
            return None;
        };
        let counted = self.led.entry(key).or_default();
        match led.filter(|workshop| !counted.contains(workshop)) {
            Some(workshop) => {
                counted.push(workshop);
                Some(Among::AddsTo { first })
            }
            None => Some(Among::Repeats { first }),
        }
    }

    /// Notes whose address it is; the row it belongs to where that is somebody else.
    pub(super) fn claim(&mut self, row: u32, person: &Person) -> Option<u32> {
        // “Le Gabarit Añaïg” is “Añaïg Le Gabarit”.
        let folded = fold(&person.name);
        let mut words: Vec<&str> = folded.split(' ').collect();
        words.sort_unstable();
        let name = short([&words.join(" ")]);
        let address = short([&person.email.recipient_key()]);
        let (first, known) = *self.addresses.entry(address).or_insert((row, name));
        (known != name).then_some(first)
    }
}

/// That a row's address belongs to another name in an earlier row.
pub fn shared_address(entry: &Entry, first: u32) -> Option<Correction> {
    let field = entry.email.as_ref()?;
    Some(Correction::of(
        entry.row,
        field,
        "email.shared",
        format!("This address already belongs to another name, in row {first}."),
        "Give each person an address of their own, or write the name the same way in both rows.",
    ))
}

fn short<const N: usize>(texts: [&str; N]) -> Short {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    }
    let mut short = Short::default();
    for (byte, hashed) in short.iter_mut().zip(hash.finalize()) {
        *byte = hashed;
    }
    short
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::ask::Wanted;
    use super::super::award::Award;
    use super::super::email::Email;
    use super::super::entry::Place;
    use super::super::outcome::Reason;
    use super::super::settings::Settings;
    use super::*;

    /// Notes rows one after the other, numbered from 2.
    fn noted(repeatable: &[&str], rows: Vec<Row>) -> Vec<Option<Among>> {
        let settings = Settings::default();
        let ask = Ask {
            wanted: Wanted::Fresques,
            activity: None,
            today: time::macros::date!(2026 - 11 - 23),
            settings: &settings,
            repeatable: repeatable
                .iter()
                .map(ToString::to_string)
                .collect::<BTreeSet<_>>(),
        };
        let mut earlier = Earlier::default();
        let rows = (2..).zip(rows);
        rows.map(|(number, row)| {
            let entry = Entry {
                row: number,
                ..Entry::default()
            };
            earlier.note(&entry, &row, &ask)
        })
        .collect()
    }

    fn row(slug: &str, name: &str, email: &str, led: Option<&'static str>) -> Row {
        let person = Person::called(name, Email::parse(email).unwrap());
        Row::Award {
            award: Box::new(Award::new(slug, Recipient::Person(person))),
            led,
        }
    }

    fn participant(name: &str, email: &str) -> Row {
        row("participant", name, email, None)
    }

    #[test]
    fn the_same_award_again_repeats_the_first_and_another_does_not() {
        let rows = vec![
            participant("Enora", "enora@example.org"),
            participant("Gwenn", "gwenn@example.org"),
            participant("ENORA", " Enora@EXAMPLE.org"),
            row("facilitator", "Enora", "enora@example.org", None),
            participant("Enora", "enora@example.org"),
        ];
        let repeats = Some(Among::Repeats { first: 2 });
        assert_eq!(noted(&[], rows), [None, None, repeats, None, repeats]);
    }

    #[test]
    fn one_more_workshop_adds_to_the_first_and_the_same_one_repeats_it() {
        let led = |workshop| row("facilitator", "Enora", "enora@example.org", Some(workshop));
        let rows = vec![
            led("climat"),
            led("oceane"),
            led("climat"),
            led("oceane"),
            led("eau"),
        ];
        let (adds, repeats) = (
            Some(Among::AddsTo { first: 2 }),
            Some(Among::Repeats { first: 2 }),
        );
        assert_eq!(noted(&[], rows), [None, adds, repeats, repeats, adds]);
    }

    #[test]
    fn an_address_is_the_first_ones_however_the_name_is_written() {
        let rows = vec![
            participant("Añaïg Le Gabarit", "anaig@example.org"),
            row("facilitator", "LE GABARIT Añaïg", "anaig@example.org", None),
            participant("Somebody Else", "anaig@example.org"),
            row("trained", "Añaïg Le Gabarit", "anaig@example.org", None),
        ];
        let shares = Some(Among::SharesAddress { first: 2 });
        assert_eq!(noted(&[], rows), [None, None, shares, None]);
    }

    #[test]
    fn what_can_be_made_again_repeats_nothing_and_still_shares_no_address() {
        let rows = || {
            vec![
                participant("Enora", "enora@example.org"),
                participant("Enora", "enora@example.org"),
                participant("Gwenn", "enora@example.org"),
            ]
        };
        let shares = Some(Among::SharesAddress { first: 2 });
        assert_eq!(noted(&["participant"], rows()), [None, None, shares]);
        let repeats = Some(Among::Repeats { first: 2 });
        assert_eq!(noted(&["facilitator"], rows()), [None, repeats, shares]);
    }

    #[test]
    fn a_row_that_leads_to_no_badge_is_nobodys_first() {
        let rows = vec![
            Row::SetAside(Reason::NotPresent),
            Row::ToCorrect(Vec::new()),
            participant("Enora", "enora@example.org"),
            participant("Enora", "enora@example.org"),
        ];
        let repeats = Some(Among::Repeats { first: 4 });
        assert_eq!(noted(&[], rows), [None, None, None, repeats]);
    }

    #[test]
    fn a_shared_address_is_told_at_its_cell_and_only_where_there_is_one() {
        let place = Place {
            column: "C".into(),
            heading: "Courriel".into(),
        };
        let mut entry = Entry {
            row: 9,
            ..Entry::default()
        };
        assert_eq!(shared_address(&entry, 2), None);
        let text = || "enora@example.org".to_owned();
        entry.email = Some(super::super::entry::Field {
            value: text(),
            text: text(),
            place,
        });
        let told = shared_address(&entry, 2).unwrap();
        assert_eq!((told.cell().as_str(), told.rule), ("C9", "email.shared"));
        assert!(told.what.contains("row 2"), "{told}");
    }

    #[test]
    fn texts_are_told_apart_wherever_one_ends() {
        assert_eq!(short(["ab", "c"]), short(["ab", "c"]));
        assert_ne!(short(["ab", "c"]), short(["a", "bc"]));
        assert_ne!(short(["ab", ""]), short(["", "ab"]));
    }
}
