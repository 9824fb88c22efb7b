//! Places in status lists that are taken in advance: a badge that is asked for alone then waits for one
//! write to the database, not for two.
//!
//! The more badges are asked for one by one, the more places are taken at once. Those left when the process
//! ends are nobody's, and stay clear.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::issuers::Issuer;
use super::{Error, Services};
use crate::config::signing::{STATUS_LIST_CAPACITY, STATUS_LIST_SIZE};
use crate::ids::IssuerId;
use crate::store::{StatusPlan, StatusPurpose, StatusSlot, Tx};

/// The places of one badge, one in a list of each purpose.
pub(super) type Places = Vec<StatusSlot>;

/// The most that are taken in advance: some 0.3 percent of a list.
const MOST: usize = 256;

/// Places that no badge has yet, by issuer.
#[derive(Debug, Default)]
pub(super) struct Stock(Mutex<BTreeMap<IssuerId, Shelf>>);

#[derive(Debug, Default)]
struct Shelf {
    places: Vec<Places>,
    /// How many are taken in advance when there are too few the next time.
    ahead: usize,
}

impl Stock {
    fn shelves(&self) -> MutexGuard<'_, BTreeMap<IssuerId, Shelf>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Places for so many badges, or for as many as there are.
    fn take(&self, issuer: IssuerId, badges: usize) -> Vec<Places> {
        let mut shelves = self.shelves();
        let places = &mut shelves.entry(issuer).or_default().places;
        places.split_off(places.len().saturating_sub(badges))
    }

    /// Keeps places until a badge needs them.
    pub(super) fn keep(&self, issuer: IssuerId, places: Vec<Places>) {
        let mut shelves = self.shelves();
        shelves.entry(issuer).or_default().places.extend(places);
    }

    /// Throws away what there is for an issuer.
    pub(super) fn forget(&self, issuer: IssuerId) {
        let mut shelves = self.shelves();
        shelves.entry(issuer).or_default().places.clear();
    }

    /// How many to take in advance.
    fn ahead(&self, issuer: IssuerId) -> usize {
        let mut shelves = self.shelves();
        let ahead = &mut shelves.entry(issuer).or_default().ahead;
        let next = ahead.saturating_mul(2).clamp(1, MOST);
        std::mem::replace(ahead, next)
    }
}

impl Services {
    /// Places in the status list for so many badges, of those in stock or else taken now. They are nobody
    /// else's from then on, whatever becomes of those badges.
    pub(super) async fn places(
        &self,
        issuer: &Issuer,
        badges: usize,
    ) -> Result<Vec<Places>, Error> {
        let (mut places, lacking) = self.in_stock(issuer, badges);
        if lacking > 0 {
            let ahead = self.stock.ahead(issuer.id);
            let mut tx = self.store.write().await?;
            let taken = self.take_places(&mut tx, issuer, lacking.saturating_add(ahead));
            let mut taken = taken.await?;
            tx.commit().await?;
            self.stock.keep(issuer.id, taken.split_off(lacking));
            places.extend(taken);
        }
        Ok(places)
    }

    /// The same, for whoever writes something else too.
    pub(super) async fn places_in(
        &self,
        tx: &mut Tx,
        issuer: &Issuer,
        badges: u32,
    ) -> Result<Vec<Places>, Error> {
        let badges = usize::try_from(badges).unwrap_or(usize::MAX);
        let (mut places, lacking) = self.in_stock(issuer, badges);
        places.extend(self.take_places(tx, issuer, lacking).await?);
        Ok(places)
    }

    /// What is in stock for so many badges, and for how many there is none.
    fn in_stock(&self, issuer: &Issuer, badges: usize) -> (Vec<Places>, usize) {
        // A list that nobody can fetch would make every verifier elsewhere unsure.
        let badges = if self.is_public() { badges } else { 0 };
        let places = self.stock.take(issuer.id, badges);
        let lacking = badges.saturating_sub(places.len());
        (places, lacking)
    }

    async fn take_places(
        &self,
        tx: &mut Tx,
        issuer: &Issuer,
        badges: usize,
    ) -> Result<Vec<Places>, Error> {
        let plan = StatusPlan {
            purposes: &[StatusPurpose::Revocation],
            size: STATUS_LIST_SIZE,
            capacity: STATUS_LIST_CAPACITY,
        };
        let (now, entropy) = (self.world.clock.now(), self.world.entropy.as_ref());
        let places = tx.take_places(issuer.id, &plan, badges, now, entropy);
        Ok(places.await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::StatusListId;

    fn places(indexes: std::ops::Range<u32>) -> Vec<Places> {
        let slot = |index| StatusSlot {
            purpose: StatusPurpose::Revocation,
            list: StatusListId(uuid::Uuid::nil()),
            index,
        };
        indexes.map(|index| vec![slot(index)]).collect()
    }

    #[test]
    fn a_place_is_given_once_and_only_to_its_issuer() {
        let (stock, one) = (Stock::default(), IssuerId(uuid::Uuid::from_u128(1)));
        let other = IssuerId(uuid::Uuid::from_u128(2));
        stock.keep(one, places(0..5));
        assert!(stock.take(other, 1).is_empty());
        let mut given = stock.take(one, 2);
        assert_eq!(given.len(), 2);
        given.extend(stock.take(one, 9));
        given.sort();
        assert_eq!(given, places(0..5));
        assert!(stock.take(one, 1).is_empty());
    }

    #[test]
    fn whoever_asks_once_takes_nothing_in_advance_and_whoever_asks_often_takes_more_each_time() {
        let (stock, one) = (Stock::default(), IssuerId(uuid::Uuid::from_u128(1)));
        let ahead: Vec<_> = (0..12).map(|_| stock.ahead(one)).collect();
        assert_eq!(ahead, [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 256, 256]);
    }
}
