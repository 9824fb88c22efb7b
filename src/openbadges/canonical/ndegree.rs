//! Hash N-Degree Quads (RDFC-1.0 §4.8), Hash Related Blank Node (§4.7) and the identifier issuer.
//!
//! Where the specification leaves room, this does as `rdf-canonize` does: a related node is listed
//! once per statement that relates it, and of a list with equal members only the distinct
//! permutations are tried. The work is counted, and so are the calls, as JavaScript counts them.
//!
//! A step must cost no more for being about a long text, or counting steps bounds nothing: predicates
//! are hashed once, and of paths only what was added is compared.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::dataset::{Dataset, Quad, Text};
use super::error::{Error, Kind, Path};
use super::limits::Limits;
use super::rdfc::{Hash, State};

/// How deep the algorithm may call itself: as deep as the stack of a thread surely allows.
const MAX_DEPTH: usize = 200;

/// Gives blank nodes consecutive numbers (§4.5), in the order they come.
#[derive(Debug, Clone, Default)]
pub(super) struct Issuer {
    order: Vec<u32>,
    numbers: BTreeMap<u32, u32>,
}

impl Issuer {
    /// The number of a blank node, a new one if it has none.
    pub(super) fn issue(&mut self, blank: u32) -> u32 {
        let next = u32::try_from(self.order.len()).unwrap_or(u32::MAX);
        let order = &mut self.order;
        *self.numbers.entry(blank).or_insert_with(|| {
            order.push(blank);
            next
        })
    }

    fn get(&self, blank: u32) -> Option<u32> {
        self.numbers.get(&blank).copied()
    }

    pub(super) fn len(&self) -> usize {
        self.order.len()
    }

    /// The numbers as texts, by blank node.
    pub(super) fn names(&self, blanks: u32) -> Vec<String> {
        (0..blanks)
            .map(|blank| self.get(blank).map_or(String::new(), |n| n.to_string()))
            .collect()
    }
}

/// Tells apart blank nodes that share their first-degree hash.
#[derive(Debug)]
pub(super) struct NDegree<'s, 'd> {
    state: &'s mut State<'d>,
    relations: Relations,
    steps: usize,
    calls: usize,
}

/// Hashes of a position and a predicate, begun once for however many related blank nodes. A
/// predicate may be as long as its document.
type Relations = HashMap<(char, Text), Sha256>;

/// What Hash N-Degree Quads returns.
#[derive(Debug)]
struct Outcome {
    hash: Hash,
    issuer: Issuer,
}

impl<'s, 'd> NDegree<'s, 'd> {
    /// `ambiguous` is the number of blank nodes that share their first-degree hash.
    pub(super) fn new(state: &'s mut State<'d>, ambiguous: usize, limits: &Limits) -> Self {
        let calls = if limits.javascript {
            ambiguous
        } else {
            usize::MAX
        };
        Self {
            state,
            relations: Relations::new(),
            steps: limits.steps,
            calls,
        }
    }

    /// §4.4.3 step 5 for one list of blank nodes with the same hash.
    pub(super) fn tell_apart(&mut self, group: impl Iterator<Item = u32>) -> Result<(), Error> {
        let mut outcomes = Vec::new();
        for blank in group {
            if self.state.canonical.get(blank).is_some() {
                continue;
            }
            let mut issuer = Issuer::default();
            issuer.issue(blank);
            outcomes.push(self.hash(blank, issuer, 1)?);
        }
        outcomes.sort_by_key(|outcome| outcome.hash);
        for outcome in outcomes {
            for blank in outcome.issuer.order {
                self.state.canonical.issue(blank);
            }
        }
        Ok(())
    }

    /// §4.8.3.
    fn hash(&mut self, blank: u32, mut issuer: Issuer, depth: usize) -> Result<Outcome, Error> {
        if self.calls == 0 || depth > MAX_DEPTH {
            return Err(Path::ROOT.fault(Kind::TooMuchWork));
        }
        self.calls = self.calls.saturating_sub(1);
        let mut hasher = Sha256::new();
        for (hash, related) in self.related(blank, &issuer)? {
            hasher.update(hash.as_str());
            let (path, chosen) = self.choose(related, issuer, depth)?;
            hasher.update(path);
            issuer = chosen;
        }
        Ok(Outcome {
            hash: Hash::finish(hasher),
            issuer,
        })
    }

    /// Step 3 of §4.8.3: the related blank nodes by the hash of how they are related.
    fn related(&mut self, blank: u32, issuer: &Issuer) -> Result<BTreeMap<Hash, Vec<u32>>, Error> {
        let mut related: BTreeMap<Hash, Vec<u32>> = BTreeMap::new();
        let count = self.state.quads_of.get(blank as usize).map_or(0, Vec::len);
        self.work(count)?;
        let (state, begun) = (&self.state, &mut self.relations);
        let quads = state.quads_of.get(blank as usize).into_iter().flatten();
        for quad in quads.filter_map(|number| state.data.quads.get(*number as usize)) {
            for (other, position) in quad.blanks().filter(|(other, _)| *other != blank) {
                let hash = state.hash_related(other, quad, issuer, position, begun);
                related.entry(hash).or_default().push(other);
            }
        }
        Ok(related)
    }

    /// Step 5.4 of §4.8.3: the least path of all permutations, and the issuer that made it.
    fn choose(
        &mut self,
        mut related: Vec<u32>,
        mut issuer: Issuer,
        depth: usize,
    ) -> Result<(String, Issuer), Error> {
        related.sort_unstable();
        let mut chosen: Option<(String, Issuer)> = None;
        loop {
            let mut next = related.clone();
            let is_last = !next_permutation(&mut next);
            // The last permutation may have the issuer itself; often it is the only one.
            let copy = if is_last {
                std::mem::take(&mut issuer)
            } else {
                issuer.clone()
            };
            self.work(if is_last { 0 } else { copy.len() })?;
            let best = chosen.as_ref().map(|(path, _)| path.as_str());
            if let Some(better) = self.path(&related, copy, best, depth)? {
                chosen = Some(better);
            }
            if is_last {
                return Ok(chosen.unwrap_or_default());
            }
            related = next;
        }
    }

    /// Steps 5.4.1 to 5.4.6: the path of one permutation, if none was better before.
    fn path(
        &mut self,
        permutation: &[u32],
        mut issuer: Issuer,
        best: Option<&str>,
        depth: usize,
    ) -> Result<Option<(String, Issuer)>, Error> {
        self.work(permutation.len())?;
        let mut rival = Rival { best, same: 0 };
        let mut path = String::new();
        let mut recursion = Vec::new();
        for related in permutation {
            if let Some(number) = self.state.canonical.get(*related) {
                push_name(&mut path, "c14n", number);
            } else {
                if issuer.get(*related).is_none() {
                    recursion.push(*related);
                }
                push_name(&mut path, "b", issuer.issue(*related));
            }
            if rival.beats(&path) {
                return Ok(None);
            }
        }
        for related in recursion {
            let number = issuer.issue(related);
            let outcome = self.hash(related, issuer, depth.saturating_add(1))?;
            push_name(&mut path, "b", number);
            for part in ["<", outcome.hash.as_str(), ">"] {
                path.push_str(part);
            }
            issuer = outcome.issuer;
            if rival.beats(&path) {
                return Ok(None);
            }
        }
        Ok(if best.is_some_and(|best| path.as_str() >= best) {
            None
        } else {
            Some((path, issuer))
        })
    }

    fn work(&mut self, steps: usize) -> Result<(), Error> {
        match self.steps.checked_sub(steps.max(1)) {
            Some(rest) => self.steps = rest,
            None => return Err(Path::ROOT.fault(Kind::TooMuchWork)),
        }
        Ok(())
    }
}

impl State<'_> {
    /// §4.7.3.
    fn hash_related(
        &self,
        related: u32,
        quad: &Quad,
        issuer: &Issuer,
        position: char,
        begun: &mut Relations,
    ) -> Hash {
        let mut hasher = if position == 'g' {
            Sha256::new_with_prefix("g")
        } else {
            begun
                .entry((position, quad.predicate))
                .or_insert_with(|| {
                    let predicate = Dataset::text(self.data, quad.predicate);
                    Sha256::new_with_prefix(String::from(position)).chain_update(predicate)
                })
                .clone()
        };
        let mut name = String::new();
        if let Some(number) = self.canonical.get(related) {
            push_name(&mut name, "c14n", number);
        } else if let Some(number) = issuer.get(related) {
            push_name(&mut name, "b", number);
        } else if let Some(hash) = self.first_degree.get(related as usize) {
            name.push_str(hash.as_str());
        }
        hasher.update(name);
        Hash::finish(hasher)
    }
}

/// The least path so far, compared with one that grows.
struct Rival<'b> {
    best: Option<&'b str>,
    /// How many bytes at the beginning are known to be the same.
    same: usize,
}

impl Rival<'_> {
    /// Whether the best path comes before this one, which may only have grown since it was asked.
    fn beats(&mut self, path: &str) -> bool {
        let Some(best) = self.best else {
            return false;
        };
        let (grown, known) = [path, best]
            .map(|text| text.as_bytes().get(self.same..).unwrap_or_default())
            .into();
        let equal = grown.iter().zip(known).take_while(|(a, b)| a == b).count();
        let beats = grown.get(equal..) > known.get(equal..);
        self.same = self.same.saturating_add(equal);
        beats
    }
}

fn push_name(text: &mut String, prefix: &str, number: u32) {
    let written = write!(text, "_:{prefix}{number}");
    debug_assert!(written.is_ok(), "writing to a string cannot fail");
}

/// Rearranges a list into its next permutation in lexicographic order; `false` after the last.
fn next_permutation(list: &mut [u32]) -> bool {
    let Some(descent) = list.windows(2).rposition(|pair| pair.first() < pair.last()) else {
        return false;
    };
    let (head, tail) = list.split_at_mut(descent.saturating_add(1));
    if let Some(pivot) = head.last_mut()
        && let Some(larger) = tail.iter_mut().rev().find(|item| **item > *pivot)
    {
        std::mem::swap(pivot, larger);
    }
    tail.reverse();
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_distinct_permutations_are_tried() {
        let mut list = [1, 1, 2, 2];
        let mut all = vec![list];
        while next_permutation(&mut list) {
            all.push(list);
        }
        assert_eq!(all.len(), 6);
        assert!(all.is_sorted());
    }

    #[test]
    fn a_path_is_beaten_by_the_best_one_as_texts_are() {
        let mut rival = Rival {
            best: Some("_:b1_:b3"),
            same: 0,
        };
        let grown = ["_:b1", "_:b1_:b3", "_:b1_:b3_:b0"];
        assert_eq!(grown.map(|path| rival.beats(path)), [false, false, true]);
        rival.same = 0;
        let less = ["_:b1", "_:b1_:b2", "_:b1_:b2_:b9"];
        assert_eq!(less.map(|path| rival.beats(path)), [false; 3]);
        assert!(rival.beats("_:b1_:b4"));
        assert!(
            !Rival {
                best: None,
                same: 0
            }
            .beats("_:b9")
        );
    }

    #[test]
    fn an_issuer_numbers_in_the_order_of_asking() {
        let mut issuer = Issuer::default();
        assert_eq!([7, 3, 7, 9].map(|blank| issuer.issue(blank)), [0, 1, 0, 2]);
        assert_eq!(issuer.order, [7, 3, 9]);
    }
}
