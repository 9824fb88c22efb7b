//! Badgeons issues and verifies Open Badges 3.0. **This page is the map.**
//!
//! The way through the house goes one way only:
//!
//! ```text
//! cli | web  →  services  →  openbadges, recognition              (pure: values in, values out)
//!               services  →  spreadsheet, store, keystore, fetch  (the world, one door each)
//!       web  →  texts, printing                                   (pure: what people read)
//! ```
//!
//! # The life of a badge
//!
//! 1. [`cli`] or [`web`] reads what is asked for: one recipient, or a roster.
//! 2. A verb of `services::Services` loads the issuer and the achievement.
//! 3. [`recognition`] and [`openbadges::model`] compose a credential that nobody has checked yet.
//! 4. A place in a status list is taken in [`store`], before anything is signed: what was signed can
//!    always be revoked.
//! 5. `openbadges::model::rules` turns the unsigned credential into a checked one, or lists
//!    everything that is wrong with it.
//! 6. [`openbadges::proof`] signs checked credentials; it takes nothing else.
//! 7. The signed bytes are stored exactly as signed, with an entry in the audit log.
//! 8. [`openbadges::baking`] puts them in a picture when somebody asks for one.
//!    Its page (`web::pages`) is for people; on paper it is a certificate of [`printing`].
//! 9. [`openbadges::verify`] judges any badge, ours or another's, and says what it could not check.

pub mod cli;
pub mod clock;
pub mod config;
pub mod entropy;
pub mod fetch;
pub mod ids;
pub mod keystore;
pub mod openbadges;
pub mod printing;
pub mod recognition;
pub mod services;
pub mod spreadsheet;
pub mod store;
pub mod texts;
pub mod web;
