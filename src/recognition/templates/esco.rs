//! Skills of ESCO that our badges are aligned with: French labels as the Commission publishes them.
//!
//! URIs and labels come from ESCO's own French tables (2020 edition); to be compared with version 1.2
//! before the first publication.

/// A skill or a piece of knowledge in ESCO.
#[derive(Debug)]
pub(super) struct Skill {
    id: &'static str,
    /// Its French label.
    pub(super) name: &'static str,
}

impl Skill {
    /// Its URI.
    pub(super) fn url(&self) -> String {
        format!("http://data.europa.eu/esco/skill/{}", self.id)
    }
}

macro_rules! skills {
    ($($name:ident = $id:literal, $label:literal;)*) => {
        $(pub(super) static $name: Skill = Skill { id: $id, name: $label };)*
    };
}

skills! {
    SUSTAINABILITY = "469e19ed-a0bd-445a-ae2d-4ba9430e296b", "promouvoir la durabilité";
    AWARENESS = "8abdc43c-2bfd-417c-97c2-27fcdaf53171", "promouvoir la sensibilisation à l'environnement";
    DEBATE = "689ab3c4-aa1d-4fc6-9725-499326c9780d", "animer un débat";
    CLIMATE = "1565b401-1754-4b07-8f1a-eb5869e64d95", "impact du changement climatique";
    NATURE = "76f552ef-bb2d-4f66-83a8-ad205086967e", "informer les gens sur la nature";
    MANAGEMENT = "6742977a-aa00-4c8c-9861-898b0373907e", "promouvoir la gestion durable";
    RESPONSIBILITY = "66db424f-2abe-420d-8e5b-186607266b61", "responsabilité sociale des entreprises";
    STRATEGY = "ba2c6181-b036-40b4-8f6d-51499463ccbb", "élaborer des stratégies d'entreprise";
    STAKEHOLDERS = "477173ca-5fc2-406b-9122-95d92811f284", "communiquer avec les parties intéressées";
    PRACTICES = "a992f345-7c06-4982-8fc9-5fab55e316af", "respecter des pratiques de travail respectueuses de l'environnement";
}
