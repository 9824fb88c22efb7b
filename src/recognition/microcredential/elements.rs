//! What the European elements ask for and Open Badges has no place for.

/// What the European elements ask for and Open Badges has no place for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elements {
    /// What the learner is able to do; each shown by a result of the achievement.
    pub learning_outcomes: Vec<LearningOutcome>,
    /// The learner's work, in minutes.
    pub workload_minutes: u32,
    /// Credits of the European system (ECTS), where there are.
    pub ects: Option<u16>,
    /// The level in the European Qualifications Framework.
    pub level: EqfLevel,
    /// How it is assessed.
    pub assessment: Vec<AssessmentType>,
    /// How one takes part.
    pub participation: Option<Participation>,
    /// By what its quality is assured.
    pub quality_assurance: Option<QualityAssurance>,
    /// What one must have done before (optional element).
    pub prerequisites: Option<String>,
    /// Whether it counts towards something larger (optional element).
    pub stackable: Option<bool>,
}

/// What a learner is able to do, and the result that shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LearningOutcome {
    /// In a sentence that begins with a verb.
    pub name: String,
    /// The achievement's result that shows it: its identifier, or its key in a template.
    pub result: String,
}

/// A level of the European Qualifications Framework, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EqfLevel {
    /// 1 to 8.
    Level(u8),
    /// No level was assessed.
    NotApplicable {
        /// Why.
        reason: String,
    },
}

/// By what the quality of a micro-credential is assured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QualityAssurance {
    /// Its name.
    pub name: String,
    /// Where it is described.
    pub url: String,
}

macro_rules! vocabulary {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            /// As it is written in a badge.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// All of them.
            pub const ALL: [Self; [$($text),*].len()] = [$(Self::$variant),*];
        }
    };
}

vocabulary! {
    /// How a learner is assessed.
    AssessmentType {
        /// A written examination.
        WrittenExam = "written_exam",
        /// A report.
        Report = "report",
        /// Observed behaviour.
        Behavioural = "behavioural",
        /// A product.
        Product = "product",
        /// A reflection.
        Reflection = "reflection",
        /// A portfolio.
        Portfolio = "portfolio",
        /// An oral examination.
        Oral = "oral",
        /// Observation by a peer.
        PeerObservation = "peer_observation",
        /// Recognition of prior learning.
        PriorLearning = "recognition_of_prior_learning",
    }
}

vocabulary! {
    /// How a learner takes part.
    Participation {
        /// Online.
        Online = "online",
        /// On site.
        Onsite = "onsite",
        /// Both.
        Blended = "blended",
        /// At work.
        WorkExperience = "work_experience",
        /// As a volunteer.
        Volunteering = "volunteering",
    }
}
