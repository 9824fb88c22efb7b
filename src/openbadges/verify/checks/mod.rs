//! The checks, one file each, named as their ids in the report.
//!
//! A check that passes leaves a value behind which later checks demand: [`structure::Facts`] say
//! who claims to have issued, [`proof::Signed`] that a key made the signature,
//! [`issuer::Authentic`] that it was the issuer's key. The last two can be made nowhere else. Before
//! them only the addresses of keys are followed; the others in a badge (status, refresh, who
//! endorses it) need an `Authentic`.

pub(super) mod claims;
pub(super) mod context;
pub(super) mod creator;
pub(super) mod endorsements;
pub(super) mod issuer;
pub(super) mod parse;
pub(super) mod proof;
pub(super) mod recipient;
pub(super) mod refresh;
pub(super) mod schema;
pub(super) mod status;
pub(super) mod structure;
pub(super) mod validity;
