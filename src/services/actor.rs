//! Who acts: the command line, or the holder of an access token; and whom they may act for.

use crate::ids::IssuerId;

use super::Services;

/// Who asks for something to be done. Noted in the audit log; never a person's name or address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// `cli`, or an access token by its name and identifier.
    pub name: String,
    /// The one issuer they may act for and see anything of; `None` is every issuer.
    pub issuer: Option<IssuerId>,
    /// The request it came with, as the server's log names it.
    pub request: Option<String>,
}

impl Actor {
    /// Whoever runs the program on the machine itself.
    pub fn cli() -> Self {
        Self {
            name: "cli".into(),
            issuer: None,
            request: None,
        }
    }

    /// Whether things of this issuer are theirs to see and touch. Others' are answered as not found.
    pub(super) fn reaches(&self, issuer: IssuerId) -> bool {
        self.issuer.is_none_or(|own| own == issuer)
    }
}

impl Services {
    /// The same installation, with somebody else acting.
    #[must_use]
    pub fn acting_as(&self, actor: Actor) -> Self {
        Self {
            actor: actor.into(),
            ..self.clone()
        }
    }
}
