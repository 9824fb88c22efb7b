use badgeons::ids::BatchId;
use badgeons::store::BatchCounts;

use super::*;

#[test]
fn an_import_begins_and_ends_once() {
    in_each_world(|world| async move {
        let id = BatchId::mint(&SystemEntropy).unwrap();
        let counts = BatchCounts {
            issued: 96,
            already_issued: 3,
            to_correct: 1,
        };
        let mut tx = world.store.write().await.unwrap();
        tx.insert_batch(id, world.issuer, [5; 32], "fresquathon.csv", NOW)
            .await
            .unwrap();
        let begun = tx.batch(id).await.unwrap().unwrap();
        assert_eq!(
            (begun.digest, begun.name.as_str()),
            ([5; 32], "fresquathon.csv")
        );
        assert_eq!(
            (begun.finished_at, begun.counts),
            (None, BatchCounts::default())
        );

        assert!(tx.finish_batch(id, counts, LATER).await.unwrap());
        let ended = tx.batch(id).await.unwrap().unwrap();
        assert_eq!((ended.started_at, ended.finished_at), (NOW, Some(LATER)));
        assert_eq!(ended.counts, counts);
        assert!(
            !tx.finish_batch(id, BatchCounts::default(), LATER)
                .await
                .unwrap()
        );
        assert_eq!(
            tx.batch(BatchId::mint(&SystemEntropy).unwrap())
                .await
                .unwrap(),
            None
        );
    });
}

#[test]
fn the_same_file_may_come_again_and_the_latest_comes_first() {
    in_each_world(|world| async move {
        let ids = [(); 2].map(|()| BatchId::mint(&SystemEntropy).unwrap());
        let mut tx = world.store.write().await.unwrap();
        for id in ids {
            tx.insert_batch(id, world.issuer, [5; 32], "fresquathon.csv", NOW)
                .await
                .unwrap();
        }
        let listed: Vec<_> = tx
            .batches(world.issuer)
            .await
            .unwrap()
            .iter()
            .map(|b| b.id)
            .collect();
        assert_eq!(listed, [ids[1], ids[0]]);
    });
}
