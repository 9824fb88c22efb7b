//! What the core says is said in every language, and nothing is translated that nobody says.

mod findings;
mod reports;
mod requests;
mod rosters;
mod scan;
