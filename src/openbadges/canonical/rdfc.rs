//! RDF Dataset Canonicalization (RDFC-1.0) with SHA-256: the algorithm of §4.4, and Hash First
//! Degree Quads (§4.6).
//!
//! Blank nodes are numbers of the dataset. Hash N-Degree Quads is in `ndegree`.

use std::collections::HashSet;

use sha2::{Digest, Sha256};

use super::dataset::{Dataset, Quad, Term, Text};
use super::error::{Error, Kind, Path};
use super::limits::Limits;
use super::ndegree::{Issuer, NDegree};

/// A SHA-256 hash in lower-case hexadecimal, which is how the algorithm passes hashes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Hash([u8; 64]);

impl Hash {
    /// The hash of the data a hasher was given.
    pub(super) fn finish(hasher: Sha256) -> Self {
        let digit = |four_bits: u8| match four_bits {
            0..10 => b'0' | four_bits,
            _ => b'`' | four_bits.wrapping_sub(9),
        };
        let mut hex = [0; 64];
        for (pair, byte) in hex.chunks_exact_mut(2).zip(hasher.finalize()) {
            pair.copy_from_slice(&[digit(byte >> 4), digit(byte & 15)]);
        }
        Self(hex)
    }

    /// The 64 hexadecimal digits.
    pub(super) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// What is known of the blank nodes of a dataset (the canonicalization state, §4.2).
#[derive(Debug)]
pub(super) struct State<'d> {
    pub(super) data: &'d Dataset,
    /// For each blank node, the statements it occurs in (the blank node to quads map).
    pub(super) quads_of: Vec<Vec<u32>>,
    /// For each blank node, its first-degree hash.
    pub(super) first_degree: Vec<Hash>,
    /// The canonical identifiers issued.
    pub(super) canonical: Issuer,
}

/// The canonical N-Quads of a dataset (§4.4.3).
pub(super) fn canonicalize(mut data: Dataset, limits: &Limits) -> Result<String, Error> {
    check_size(&data, limits)?;
    remove_duplicates(&mut data);
    if data.blanks() == 0 {
        return serialize(&data, &Issuer::default(), limits);
    }
    // Steps 2 and 3.
    let mut state = State::new(&data);
    state.hash_first_degree(limits)?;
    let mut by_hash: Vec<(Hash, u32)> = state.first_degree.iter().copied().zip(0_u32..).collect();
    // A blank node without statements (a graph without content) is in no quad, and needs no name.
    by_hash.retain(|(_, blank)| {
        state
            .quads_of
            .get(*blank as usize)
            .is_some_and(|quads| !quads.is_empty())
    });
    by_hash.sort_unstable();
    // Step 4: what is alone with its hash is named.
    let groups = || by_hash.chunk_by(|(a, _), (b, _)| a == b);
    for group in groups() {
        if let [(_, blank)] = group {
            state.canonical.issue(*blank);
        }
    }
    // Step 5: what shares its hash is told apart by its neighbourhood.
    let ambiguous = by_hash.len().saturating_sub(state.canonical.len());
    if ambiguous > 0 {
        let mut ndegree = NDegree::new(&mut state, ambiguous, limits);
        for group in groups().filter(|group| group.len() > 1) {
            ndegree.tell_apart(group.iter().map(|(_, blank)| *blank))?;
        }
    }
    // Steps 6 and 7.
    serialize(&data, &state.canonical, limits)
}

impl<'d> State<'d> {
    /// §4.4.3 step 2: where each blank node occurs.
    fn new(data: &'d Dataset) -> Self {
        let mut quads_of = vec![Vec::new(); data.blanks() as usize];
        for (number, quad) in (0_u32..).zip(&data.quads) {
            for (blank, _) in quad.blanks() {
                if let Some(quads) = quads_of.get_mut(blank as usize)
                    && quads.last() != Some(&number)
                {
                    quads.push(number);
                }
            }
        }
        Self {
            data,
            quads_of,
            first_degree: Vec::with_capacity(data.blanks() as usize),
            canonical: Issuer::default(),
        }
    }

    /// §4.6 for all blank nodes: the hash of the statements a node occurs in, the node itself
    /// written `_:a` and all others `_:z`.
    fn hash_first_degree(&mut self, limits: &Limits) -> Result<(), Error> {
        let mut text = String::new();
        let mut lines: Vec<(usize, usize)> = Vec::new();
        let mut budget = limits.bytes;
        let mut known = self.data.hashed.iter().peekable();
        for (quads, reference) in self.quads_of.iter().zip(0_u32..) {
            if let Some((_, hash)) = known.next_if(|(blank, _)| *blank == reference) {
                self.first_degree.push(*hash);
                continue;
            }
            text.clear();
            lines.clear();
            for quad in quads
                .iter()
                .filter_map(|number| self.data.quads.get(*number as usize))
            {
                let start = text.len();
                quad.write_line(self.data, &mut text, |blank, line| {
                    line.push(if blank == reference { 'a' } else { 'z' });
                });
                lines.push((start, text.len()));
                if text.len() > budget {
                    return Err(Path::ROOT.fault(Kind::TooLarge));
                }
            }
            budget = budget.saturating_sub(text.len());
            let mut sorted: Vec<&str> = lines
                .iter()
                .map(|(start, end)| text.get(*start..*end).unwrap_or_default())
                .collect();
            sorted.sort_unstable();
            let mut hasher = Sha256::new();
            for line in sorted {
                hasher.update(line);
            }
            self.first_degree.push(Hash::finish(hasher));
        }
        Ok(())
    }
}

/// The first-degree hash of each blank node of a dataset (§4.6).
pub(super) fn first_degree(mut data: Dataset, limits: &Limits) -> Result<Vec<Hash>, Error> {
    check_size(&data, limits)?;
    remove_duplicates(&mut data);
    let mut state = State::new(&data);
    state.hash_first_degree(limits)?;
    Ok(state.first_degree)
}

/// Refuses what would become too long as N-Quads, before any statement is looked at: one text can
/// stand in each of them, and comparing statements reads it as often.
fn check_size(data: &Dataset, limits: &Limits) -> Result<(), Error> {
    let mut bytes = 0_usize;
    for quad in &data.quads {
        bytes = bytes.saturating_add(quad.bytes());
        if bytes > limits.bytes {
            return Err(Path::ROOT.fault(Kind::TooLarge));
        }
    }
    Ok(())
}

/// A dataset is a set. Statements without blank nodes are sorted out at the end anyway.
fn remove_duplicates(data: &mut Dataset) {
    let Some(doubtful) = doubtful(data) else {
        return;
    };
    let mut quads = std::mem::take(&mut data.quads);
    let mut seen = HashSet::new();
    quads.retain(|quad| !doubtful.contains(&outline(quad)) || seen.insert(key(data, quad)));
    drop(seen);
    data.quads = quads;
}

/// The outlines that several statements with blank nodes share; none in most documents, and then no
/// text has to be compared.
fn doubtful(data: &Dataset) -> Option<HashSet<Outline>> {
    let with_blanks = |quad: &&Quad| quad.blanks().next().is_some();
    let mut outlines: Vec<_> = data.quads.iter().filter(with_blanks).map(outline).collect();
    outlines.sort_unstable();
    let groups = outlines.chunk_by(|a, b| a == b);
    let shared: HashSet<_> = groups
        .filter(|group| group.len() > 1)
        .filter_map(|group| group.first().copied())
        .collect();
    (!shared.is_empty()).then_some(shared)
}

/// The blank nodes of a statement, and how long its texts are: what equal statements have in common.
type Outline = [Result<usize, u32>; 4];

fn outline(quad: &Quad) -> Outline {
    let term = |term| match term {
        Term::Text(piece) => Ok(Text::bytes(piece)),
        Term::Blank(blank) => Err(blank),
    };
    [
        term(quad.subject),
        Ok(quad.predicate.bytes()),
        term(quad.object),
        quad.graph.map_or(Ok(0), term),
    ]
}

/// What makes a statement this statement.
fn key<'d>(data: &'d Dataset, quad: &Quad) -> [Result<&'d str, u32>; 4] {
    let text = |text: Text| Ok(data.text(text));
    let term = |term| match term {
        Term::Text(piece) => text(piece),
        Term::Blank(blank) => Err(blank),
    };
    [
        term(quad.subject),
        text(quad.predicate),
        term(quad.object),
        quad.graph.map_or(Ok(""), term),
    ]
}

/// Steps 6 and 7: the statements with their canonical names, in code point order, each once.
fn serialize(data: &Dataset, issuer: &Issuer, limits: &Limits) -> Result<String, Error> {
    let names = issuer.names(data.blanks());
    let mut text = String::with_capacity(data.bytes().saturating_mul(2));
    let mut lines = Vec::with_capacity(data.quads.len());
    for quad in &data.quads {
        let start = text.len();
        quad.write_line(data, &mut text, |blank, line| {
            line.push_str("c14n");
            line.push_str(names.get(blank as usize).map_or("", String::as_str));
        });
        lines.push((start, text.len()));
        if text.len() > limits.bytes {
            return Err(Path::ROOT.fault(Kind::TooLarge));
        }
    }
    let mut sorted: Vec<&str> = lines
        .iter()
        .map(|(start, end)| text.get(*start..*end).unwrap_or_default())
        .collect();
    sorted.sort_unstable();
    sorted.dedup();
    Ok(sorted.concat())
}
