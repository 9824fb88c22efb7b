//! The kinds of workshop the collective knows, and what people call them.
//!
//! Names as trouver-une-fresque lists them (`WORKSHOPS.md`). Each fresque belongs to its own
//! association: our badges say that somebody took part or led one at an event of the collective.

use std::sync::LazyLock;

use super::folding::{distance, fold};

/// A kind of workshop.
#[derive(Debug, PartialEq, Eq)]
pub struct Workshop {
    /// As in the slugs of its badges.
    pub slug: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What it is about, which decides on the skills its badge may be aligned with.
    pub theme: Theme,
}

/// What a workshop is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Climate change.
    Climate,
    /// Nature and living beings.
    Nature,
    /// Ways of working and producing.
    Practices,
    /// Society and the future.
    Society,
}

/// The workshop a text names: case, accents, articles and “Fresque” or “Atelier” do not count.
///
/// # Errors
/// The nearest names, when none is meant for certain.
pub fn find(text: &str) -> Result<&'static Workshop, Vec<&'static str>> {
    let wanted = core(text);
    if let Some((_, workshop)) = CORES.iter().find(|(core, _)| *core == wanted) {
        return Ok(workshop);
    }
    let length = wanted.chars().count();
    let mut near: Vec<(usize, &str)> = CORES
        .iter()
        .filter_map(|(known, workshop)| {
            let letters = known.chars().count();
            let slips = letters / 3;
            if letters > 3 && wanted.contains(known) {
                return Some((0, workshop.name));
            }
            // Texts that differ more in length differ more in letters; long ones cost nothing.
            let away = (length.abs_diff(letters) <= slips).then(|| distance(&wanted, known))?;
            (away <= slips).then_some((away, workshop.name))
        })
        .collect();
    near.sort_by_key(|(away, _)| *away);
    near.dedup_by_key(|(_, name)| *name);
    Err(near.into_iter().take(3).map(|(_, name)| name).collect())
}

/// What tells each name from the others, and the workshop it names.
static CORES: LazyLock<Vec<(String, &'static Workshop)>> = LazyLock::new(|| {
    let own = WORKSHOPS
        .iter()
        .map(|workshop| (core(workshop.name), workshop));
    let also = ALSO
        .iter()
        .filter_map(|(name, slug)| by_slug(slug).map(|workshop| (core(name), workshop)));
    own.chain(also).collect()
});

/// The workshop with that slug.
pub fn by_slug(slug: &str) -> Option<&'static Workshop> {
    WORKSHOPS.iter().find(|workshop| workshop.slug == slug)
}

/// What tells a workshop's name from another's: “La Fresque de l'Eau” is “eau”.
fn core(name: &str) -> String {
    const EMPTY: [&str; 18] = [
        "la", "le", "les", "l", "un", "une", "atelier", "ateliers", "workshop", "stal", "fresque",
        "fresques", "du", "de", "des", "d", "sur", "the",
    ];
    let folded = fold(name);
    let words = folded.split(' ').skip_while(|word| EMPTY.contains(word));
    words.collect()
}

/// Other names some workshops go by.
const ALSO: &[(&str, &str)] = &[
    ("Climate Fresk", "climat"),
    ("Fresque Climat classique", "climat"),
    ("Fresque Océan", "oceane"),
    ("Fresque de l'Océan", "oceane"),
    ("Digital Collage", "numerique"),
    ("Fresque de l'Agriculture et de l'Alimentation", "agrialim"),
];

const fn workshop(slug: &'static str, name: &'static str, theme: Theme) -> Workshop {
    Workshop { slug, name, theme }
}

/// All of them.
pub static WORKSHOPS: [Workshop; 33] = [
    workshop("climat", "Fresque du Climat", Theme::Climate),
    workshop("2tonnes", "Atelier 2tonnes", Theme::Climate),
    workshop("biodiversite", "Fresque de la Biodiversité", Theme::Nature),
    workshop("oceane", "Fresque Océane", Theme::Nature),
    workshop("agrialim", "Fresque Agri’Alim", Theme::Practices),
    workshop("numerique", "Fresque du Numérique", Theme::Practices),
    workshop(
        "nouveaux-recits",
        "Fresque des Nouveaux Récits",
        Theme::Society,
    ),
    workshop("mobilite", "Fresque de la Mobilité", Theme::Practices),
    workshop(
        "alimentation",
        "Fresque de l’Alimentation",
        Theme::Practices,
    ),
    workshop(
        "construction",
        "Fresque de la Construction",
        Theme::Practices,
    ),
    workshop("sexisme", "Fresque du Sexisme", Theme::Society),
    workshop("ogre", "Atelier OGRE", Theme::Climate),
    workshop(
        "nos-vies-bas-carbone",
        "Fresque Nos Vies Bas Carbone",
        Theme::Climate,
    ),
    workshop("eau", "Fresque de l’Eau", Theme::Nature),
    workshop("futurs-proches", "Atelier futurs proches", Theme::Society),
    workshop("diversite", "Fresque de la Diversité", Theme::Society),
    workshop(
        "economie-circulaire",
        "Fresque de l’Économie Circulaire",
        Theme::Practices,
    ),
    workshop("textile", "Fresque du Textile", Theme::Practices),
    workshop("dechets", "Fresque des Déchets", Theme::Practices),
    workshop(
        "frontieres-planetaires",
        "Fresque des Frontières Planétaires",
        Theme::Nature,
    ),
    workshop("finance", "Fresque de la Finance", Theme::Society),
    workshop("puzzle-climat", "Puzzle Climat", Theme::Climate),
    workshop(
        "horizons-decarbones",
        "Atelier Horizons Décarbonés",
        Theme::Climate,
    ),
    workshop("2030-glorieuses", "2030 Glorieuses", Theme::Society),
    workshop("rse", "Fresque de la RSE", Theme::Practices),
    workshop("renovation", "Fresque de la Rénovation", Theme::Practices),
    workshop("energie", "Fresque de l’Énergie", Theme::Practices),
    workshop("possibles", "Fresque des Possibles", Theme::Society),
    workshop(
        "communication",
        "Fresque de la Communication",
        Theme::Society,
    ),
    workshop("zoofresque", "Zoofresque", Theme::Nature),
    workshop("compte-gouttes", "Compte-Gouttes", Theme::Nature),
    workshop("benevolat", "Fresque du Bénévolat", Theme::Society),
    workshop("plastique", "Fresque du Plastique", Theme::Practices),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn slug(text: &str) -> Option<&'static str> {
        find(text).ok().map(|workshop| workshop.slug)
    }

    #[test]
    fn names_are_found_as_people_write_them() {
        for (text, expected) in [
            ("Fresque du climat", "climat"),
            ("LA FRESQUE DU CLIMAT", "climat"),
            ("climat", "climat"),
            ("Climate Fresk", "climat"),
            ("fresque du numerique", "numerique"),
            ("2 tonnes", "2tonnes"),
            ("2tonnes", "2tonnes"),
            ("Fresque Agri'Alim", "agrialim"),
            ("fresque agri alim", "agrialim"),
            ("Fresque de l'économie circulaire", "economie-circulaire"),
            ("Fresque Zoofresque", "zoofresque"),
            ("compte gouttes", "compte-gouttes"),
        ] {
            assert_eq!(slug(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn every_workshop_is_found_by_its_name_and_its_slug() {
        for workshop in &WORKSHOPS {
            assert_eq!(slug(workshop.name), Some(workshop.slug));
            assert_eq!(slug(workshop.slug), Some(workshop.slug));
            assert_eq!(by_slug(workshop.slug), Some(workshop));
        }
        for (name, expected) in ALSO {
            assert_eq!(slug(name), Some(*expected));
        }
    }

    #[test]
    fn what_is_not_known_gets_the_nearest_names() {
        assert_eq!(
            find("Fresque du climta").unwrap_err()[0],
            "Fresque du Climat"
        );
        assert_eq!(
            find("Fresque du Climat junior").unwrap_err(),
            ["Fresque du Climat"]
        );
        assert_eq!(
            find("Fresque de la diversité biologique").unwrap_err(),
            ["Fresque de la Diversité"]
        );
        assert_eq!(find("Atelier inconnu").unwrap_err(), [""; 0]);
        assert_eq!(find("").unwrap_err(), [""; 0]);
    }
}
