//! The headings we know, folded (`recognition::folding`), in French, English and Breton.
//!
//! To add one: write it folded in the list of its column; a test refuses what is there twice.

use crate::recognition::entry::Column;

/// The column a folded heading names.
pub(super) fn column(folded: &str) -> Option<Column> {
    let known = HEADINGS
        .iter()
        .find(|(_, names)| names.split(", ").any(|name| name == folded));
    known.map(|(column, _)| *column)
}

/// Headings that mean the family name beside a given name, and the whole name without one.
pub(super) const BARE_NAME: [&str; 3] = ["nom", "name", "anv"];

/// Words of headings about who paid, in the exports of ticketing services.
pub(super) const BUYER: [&str; 8] = [
    "payeur",
    "acheteur",
    "acheteuse",
    "buyer",
    "purchaser",
    "payer",
    "commande",
    "order",
];

/// Each column's headings, separated by a comma and a space.
const HEADINGS: &[(Column, &str)] = &[
    (
        Column::GivenName,
        "prenom, prenoms, prenom s, first name, firstname, given name, anv bihan",
    ),
    (
        Column::FamilyName,
        "nom, nom de famille, nom d usage, name, last name, lastname, surname, \
         family name, anv, anv familh",
    ),
    (
        Column::FullName,
        "nom complet, nom et prenom, nom prenom, prenom et nom, prenom nom, \
         full name, fullname, participant, participante, beneficiaire, titulaire, \
         recipient, anv klok, anv ha anv bihan",
    ),
    (
        Column::Email,
        "courriel, courriels, e mail, email, mail, mel, adresse mail, \
         adresse e mail, adresse email, adresse courriel, adresse electronique, \
         adresse de courriel, adresse de messagerie, e mail address, email address, \
         mail address, postel, chomlec h postel",
    ),
    (
        Column::Workshop,
        "atelier, fresque, nom de l atelier, type d atelier, type de fresque, \
         workshop, workshop name, stal, atalier, billet, type de billet, tarif, \
         ticket, ticket type, nom du billet",
    ),
    (
        Column::Role,
        "role, fonction, qualite, statut du participant, roll, perzh",
    ),
    (
        Column::Organisation,
        "organisation, organisme, organization, structure, entreprise, societe, \
         etablissement, employeur, association, raison sociale, \
         nom de l organisation, nom de l entreprise, nom de la structure, company, \
         employer, organisation name, organization name, aozadur, embregerezh, \
         kevredigezh",
    ),
    (Column::Seat, "siege, seat, place, sez"),
    (
        Column::Siret,
        "siret, n siret, no siret, numero siret, numero de siret, siret number, \
         niverenn siret",
    ),
    (
        Column::Url,
        "url, site, site web, site internet, website, web site, lien, link, \
         lec hienn",
    ),
    (
        Column::HalfDays,
        "demi journees, demi journee, nombre de demi journees, nb demi journees, \
         demi journees suivies, half days, half day, hanter devezhiou, \
         hanter devezh",
    ),
    (
        Column::WorkshopsLed,
        "ateliers animes, ateliers animes ou co animes, nombre d ateliers, nombre d ateliers animes, \
         nb ateliers, workshops led, number of workshops, niver a staliou",
    ),
    (
        Column::TrainingsLed,
        "formations animees, nombre de formations, nombre de formations animees, trainings led, \
         number of trainings",
    ),
    (
        Column::Credits,
        "credits, credits obtenus, credits ects, ects, credits earned, kreditou",
    ),
    (
        Column::Narrative,
        "additif, additif de criteres, narrative, narration, commentaire, \
         commentaires, comment, comments, remarque, remarques, precisions, \
         evezhiadenn, evezhiadennou",
    ),
    (
        Column::FifteenOrOlder,
        "15 ans ou plus, 15 ans et plus, plus de 15 ans, a 15 ans ou plus, \
         age 15 ans ou plus, 15 or older, 15 and over, 15 years or older, \
         aged 15 or older, 15 vloaz pe ouzhpenn, 15 vloaz pe muioc h",
    ),
    (
        Column::Present,
        "present, presente, presence, emargement, venu, scanne, attended, \
         checked in, attendance, bezans",
    ),
    (
        Column::Date,
        "date, date de l atelier, date de l evenement, date de l activite, \
         date de debut, debut, du, jour, start date, event date, start, day, \
         deiziad",
    ),
    (Column::EndDate, "date de fin, fin, au, end date, end"),
    (
        Column::Activity,
        "activite, evenement, nom de l evenement, nom de l activite, activity, \
         event, event name, abadenn, darvoud, obererezh",
    ),
    (
        Column::Town,
        "lieu, ville, commune, adresse du lieu, venue, city, town, place name, \
         lec h, ker",
    ),
    (
        Column::CaughtUp,
        "rattrapage, rattrape, rattrapee, session rattrapee, rattrapage fait, \
         caught up, catch up",
    ),
    (
        Column::Roadmap,
        "feuille de route, feuille de route remise, feuille de route remise le, \
         remise de la feuille de route, fdr, roadmap, roadmap handed over",
    ),
    (
        Column::Endorser,
        "endossement, endosse par, endosseur, endosseuse, endorsement, endorsed by, \
         endorser, valide par un pair",
    ),
    (
        Column::Assessor,
        "evaluateur, evaluatrice, evalue par, assessor, assessed by",
    ),
    (
        Column::Licence,
        "numero de label, n de label, numero de licence, licence, license number, \
         licence number, label number",
    ),
    (
        Column::Evidence,
        "preuve, preuves, lien vers la preuve, evidence, prouenn",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recognition::folding::fold;

    #[test]
    fn every_heading_is_folded_and_belongs_to_one_column() {
        let mut seen = std::collections::BTreeSet::new();
        for (column, names) in HEADINGS {
            for name in names.split(", ") {
                assert_eq!(name, fold(name));
                assert!(seen.insert(name), "{name} of {column:?} is there twice");
            }
        }
        assert!(seen.len() > 150);
    }
}
