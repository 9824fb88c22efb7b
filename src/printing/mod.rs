//! Sheets and pictures made from a badge: a certificate as PDF, a card for social networks as PNG, and
//! the square that leads from paper back to the badge.
//!
//! Pure: texts, already in the reader's language, and a picture come in; bytes go out, always the same
//! ones. What a badge says and in which words is for the caller; what a picture may contain is
//! `services::drawable`'s to see to, before it comes here.
//!
//! Everything that comes in is somebody else's text. Each field has its room on the sheet: it is set
//! smaller, then wrapped, then shortened with an ellipsis; letters that no font here has become “?”,
//! other signs vanish; a picture that can't be drawn is left out. So printing does not fail on what
//! a badge contains.
//!
//! - [`certificate`] and [`card`] lay out, each its own sheet; `qr` draws the square.
//! - `typesetting` makes lines out of text, with the letters of [`fonts`].
//! - `picture` opens the picture of a badge; `colours` and `sea` are the look that both sheets share.

#![expect(
    clippy::cast_precision_loss,
    reason = "lines, modules, pixels and font units are counted in small numbers"
)]

pub mod card;
pub mod certificate;
mod colours;
pub mod fonts;
mod picture;
mod qr;
mod sea;
mod typesetting;

pub use picture::Picture;

/// A sheet that could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// The PDF was refused when it was written.
    #[error("the certificate can't be written as PDF: {0}")]
    Pdf(String),
    /// The picture could not be written.
    #[error("the card can't be written as PNG: {0}")]
    Png(#[from] png::EncodingError),
    /// There is no room for the pixels.
    #[error("there is not enough memory to draw the card")]
    Memory,
}
