//! Badges found by when they were signed, among others that fill several stretches of the order of entry.

use time::Duration;

use super::*;

/// More than two stretches of 4096 positions.
const MANY: u32 = 8_300;

impl World {
    /// Issues awards that nobody has at that instant, in one call, each with a key of its own.
    async fn issued_at(&self, at: OffsetDateTime, keys: std::ops::Range<u32>) -> Vec<CredentialId> {
        let new = self.signed_at(at, keys).await;
        let ids: Vec<_> = new.iter().map(|new| new.id).collect();
        assert_eq!(self.store(&new).await, ids.iter().copied().collect());
        ids
    }

    async fn signed_at(
        &self,
        at: OffsetDateTime,
        keys: std::ops::Range<u32>,
    ) -> Vec<NewCredential> {
        let places = self.places(keys.len()).await;
        let both = keys.zip(places);
        both.map(|(key, slots)| {
            let mut award_key = [0; 32];
            award_key[..4].copy_from_slice(&key.to_be_bytes());
            let award = NewAward {
                award_key,
                ..self.award(0)
            };
            let mut new = self.signed(award, slots);
            new.signed.issued_at = at;
            new
        })
        .collect()
    }

    /// What was issued from one instant until before another, the first first.
    async fn between(
        &self,
        from: Option<OffsetDateTime>,
        before: Option<OffsetDateTime>,
    ) -> Vec<CredentialId> {
        let filter = CredentialFilter {
            issued_from: from,
            issued_before: before,
            ..CredentialFilter::default()
        };
        let mut tx = self.store.read().await.unwrap();
        let found = tx.credentials(&filter, None, 100_000).await.unwrap();
        found.iter().rev().map(|found| found.id).collect()
    }
}

#[test]
fn badges_are_found_by_their_day_wherever_they_stand() {
    in_each_world(|world| async move {
        let day = |number| NOW + Duration::days(number);
        let first = world.issued_at(day(0), 0..2).await;
        let many = world.issued_at(day(1), 10..10 + MANY).await;
        let last = world.issued_at(day(2), 2..3).await;
        // A clock that was set back.
        let late = world.issued_at(day(0), 3..4).await;

        let of_first: Vec<_> = first.iter().chain(&late).copied().collect();
        let noon = Duration::hours(12);
        assert_eq!(world.between(None, Some(day(0) + noon)).await, of_first);
        assert_eq!(
            world.between(Some(day(0)), Some(day(1))).await,
            of_first,
            "the instant it begins counts, the one it ends with does not"
        );
        assert_eq!(world.between(Some(day(1)), Some(day(2))).await, many);
        assert_eq!(world.between(Some(day(2)), None).await, last);
        assert_eq!(world.between(None, None).await.len(), many.len() + 4);
        for (from, before) in [
            (Some(day(2) + noon), None),
            (None, Some(day(0))),
            (Some(day(2)), Some(day(1))),
            (Some(day(-400)), Some(day(-300))),
        ] {
            assert_eq!(world.between(from, before).await, [], "{from:?} {before:?}");
        }
    });
}

#[test]
fn a_page_goes_on_within_its_days() {
    in_each_world(|world| async move {
        let expected = world.issued_at(NOW, 0..5).await;
        world.issued_at(NOW + Duration::DAY, 5..7).await;
        let filter = CredentialFilter {
            achievement: Some(world.achievement),
            issued_before: Some(NOW + Duration::DAY),
            ..CredentialFilter::default()
        };
        let mut tx = world.store.read().await.unwrap();
        let (mut listed, mut before) = (Vec::new(), None);
        loop {
            let page = tx.credentials(&filter, before, 2).await.unwrap();
            let Some(last) = page.last() else { break };
            before = Some(last.position);
            listed.extend(page.iter().map(|credential| credential.id));
        }
        listed.reverse();
        assert_eq!(listed, expected);
    });
}

#[test]
fn what_is_stored_together_may_be_of_two_days_or_have_been_awarded_already() {
    in_each_world(|world| async move {
        let midnight = NOW.date().midnight().assume_utc() + Duration::DAY;
        world.issued_at(NOW, 1..2).await;
        let mut new = world.signed_at(midnight - Duration::SECOND, 1..3).await;
        new.extend(world.signed_at(midnight, 3..4).await);
        // The first of them was awarded already.
        assert_eq!(world.store(&new).await.len(), 2);
        assert_eq!(world.between(Some(midnight), None).await, [new[2].id]);
        let evening = midnight - Duration::HOUR;
        assert_eq!(
            world.between(Some(evening), Some(midnight)).await,
            [new[1].id]
        );
    });
}
