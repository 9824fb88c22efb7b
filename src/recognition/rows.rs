//! What a row of any roster says: whether it counts, the person or organisation it is about, the proof
//! it names, and everything that is wrong with them.

use url::Url;

use crate::openbadges::model::Evidence;
use crate::openbadges::model::legible::command_in;

use super::award::{Organisation, Person};
use super::email::Email;
use super::entry::{Column, Correction, Entry, Field};
use super::outcome::Reason;
use super::siret::Siret;

/// The longest name of a person or an organisation, in characters.
const LONGEST_NAME: usize = 200;

/// Rows that are in order and lead to no badge.
pub(super) fn set_aside(entry: &Entry) -> Option<Reason> {
    let no = |field: &Option<Field<bool>>| field.as_ref().is_some_and(|field| !field.value);
    if no(&entry.present) {
        Some(Reason::NotPresent)
    } else if no(&entry.fifteen_or_older) {
        Some(Reason::UnderFifteen)
    } else {
        None
    }
}

/// What is wrong with the texts that a badge repeats as they are written: characters that nobody sees
/// and that a screen obeys, which a signature would make the issuer's own. Spreadsheets copied from
/// the web hold such characters, and so do those somebody made to deceive.
pub(super) fn commands(entry: &Entry) -> Vec<Correction> {
    let one_line = [
        &entry.given,
        &entry.family,
        &entry.full_name,
        &entry.organisation,
        &entry.role,
        &entry.activity,
        &entry.town,
        &entry.endorser,
        &entry.assessor,
        &entry.licence,
    ];
    let one_line = one_line.into_iter().map(|field| (field, false));
    one_line
        .chain([(&entry.narrative, true)])
        .filter_map(|(field, has_paragraphs)| {
            let field = field.as_ref()?;
            let command = command_in(&field.value, has_paragraphs)?;
            Some(if matches!(command.as_str(), "U+000A" | "U+000D") {
                Correction::of(
                    entry.row,
                    field,
                    "text.line_break",
                    "There is a line break in this text.",
                    "Write it on one line.",
                )
            } else {
                Correction::of(
                    entry.row,
                    field,
                    "text.hidden",
                    format!("There is a character in this text that nobody sees ({command})."),
                    "Empty the cell and type the text anew; a copy brings the character along.",
                )
            })
        })
        .collect()
}

/// The person of a row; `None` when something is wrong, which is then among the faults.
pub(super) fn person(entry: &Entry, faults: &mut Vec<Correction>) -> Option<Person> {
    let named = name_fields(entry);
    if named.is_empty() {
        faults.extend(entry.missing(
            &[Column::FullName, Column::FamilyName, Column::GivenName],
            "name.missing",
            "There is no name.",
            "Write the person's name, as it is to stand on the badge.",
        ));
    }
    for field in &named {
        check_name(entry.row, field, faults);
    }
    let email = email(entry, faults)?;
    match &entry.full_name {
        Some(name) => Some(Person::called(&name.value, email)),
        None if named.is_empty() => None,
        None => {
            let part = |field: &Option<Field<String>>| {
                field
                    .as_ref()
                    .map_or(String::new(), |field| field.value.clone())
            };
            Some(Person::named(
                &part(&entry.given),
                &part(&entry.family),
                email,
            ))
        }
    }
}

/// The organisation of a row; `None` when something is wrong, which is then among the faults.
pub(super) fn organisation(
    entry: &Entry,
    la_poste_exception: bool,
    faults: &mut Vec<Correction>,
) -> Option<Organisation> {
    let before = faults.len();
    let name = entry.organisation.as_ref();
    match name {
        Some(name) => check_name(entry.row, name, faults),
        None => faults.extend(entry.missing(
            &[Column::Organisation],
            "organisation.missing",
            "There is no organisation.",
            "Write its name, as it is to stand on the badge.",
        )),
    }
    let siret = entry.siret.as_ref().and_then(|field| {
        match Siret::parse(&field.value, la_poste_exception) {
            Ok(siret) => Some(siret),
            Err(fault) => {
                faults.push(Correction::of(
                    entry.row,
                    field,
                    "siret.invalid",
                    fault.to_string(),
                    fault.advice(),
                ));
                None
            }
        }
    });
    let url = entry
        .url
        .as_ref()
        .and_then(|field| web_address(entry.row, field, faults));
    let name = name.filter(|name| {
        // Of a command `commands` tells; the organisation must not go on to others' badges with it.
        faults.len() == before && command_in(&name.value, false).is_none()
    });
    let name = name?.value.clone();
    Some(Organisation { name, siret, url })
}

/// An http or https address; a bare host is taken for https.
fn web_address(row: u32, field: &Field<String>, faults: &mut Vec<Correction>) -> Option<Url> {
    let text = &field.value;
    let whole = if text.contains("://") {
        text.clone()
    } else {
        format!("https://{text}")
    };
    let url = Url::parse(&whole).ok().filter(|url| {
        let dotted = url.host_str().is_some_and(|host| host.contains('.'));
        matches!(url.scheme(), "http" | "https") && dotted && !text.contains(char::is_whitespace)
    });
    if url.is_none() {
        faults.push(Correction::of(
            row,
            field,
            "url.invalid",
            "This is not a web address.",
            "Write it whole, as in https://exemple.bzh.",
        ));
    }
    url
}

/// The proof a row names.
pub(super) fn evidence(entry: &Entry, faults: &mut Vec<Correction>) -> Vec<Evidence> {
    let url = entry
        .evidence
        .as_ref()
        .and_then(|field| web_address(entry.row, field, faults));
    url.map(|url| Evidence {
        id: Some(url.into()),
        ..Evidence::new()
    })
    .into_iter()
    .collect()
}

fn name_fields(entry: &Entry) -> Vec<&Field<String>> {
    match &entry.full_name {
        Some(name) => vec![name],
        None => [&entry.given, &entry.family]
            .into_iter()
            .flatten()
            .collect(),
    }
}

fn check_name(row: u32, field: &Field<String>, faults: &mut Vec<Correction>) {
    if field.value.contains('@') {
        faults.push(Correction::of(
            row,
            field,
            "name.address",
            "There is an address where a name should be.",
            "Write the name here, and the address in its own column.",
        ));
    } else if field.value.chars().count() > LONGEST_NAME {
        faults.push(Correction::of(
            row,
            field,
            "name.too_long",
            "This is too long for a name.",
            format!("Write a name of at most {LONGEST_NAME} characters."),
        ));
    } else if !field.value.chars().any(char::is_alphanumeric) {
        faults.push(Correction::of(
            row,
            field,
            "name.missing",
            "There is no letter in this name.",
            "Write the name, as it is to stand on the badge.",
        ));
    }
}

fn email(entry: &Entry, faults: &mut Vec<Correction>) -> Option<Email> {
    let Some(field) = &entry.email else {
        faults.extend(entry.missing(
            &[Column::Email],
            "email.missing",
            "There is no e-mail address.",
            "Ask the person for an address; without one the badge cannot reach them.",
        ));
        return None;
    };
    match Email::parse(&field.value) {
        Ok(email) => Some(email),
        Err(fault) => {
            let advice = match &fault.suggestion {
                Some(suggestion) => format!("Write “{suggestion}”, if that is what is meant."),
                None => "Write one address, as in prenom.nom@example.org.".to_owned(),
            };
            faults.push(Correction::of(
                entry.row,
                field,
                "email.syntax",
                fault.what,
                advice,
            ));
            None
        }
    }
}
