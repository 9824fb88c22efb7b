//! What holds while a batch is interrupted in every way that happens: its worker killed, the database
//! restarted or full, the same file sent twice at the same time. After each no row is lost, none is
//! doubled, and the report is true.
//!
//! They take minutes, so only `run.sh` runs them (`cargo test faults:: -- --ignored`).

mod batch;

use std::process::Command;
use std::time::Duration;

use badgeons::config::Database;

use self::batch::{Batch, ROWS};
use crate::harness::databases::{on_each_empty_database, say};

/// How often the worker is killed.
const KILLS: u32 = 50;

#[test]
#[ignore = "takes a minute for each database; tests/run.sh runs it"]
fn killed_fifty_times_at_random_moments_a_batch_ends_whole() {
    on_each_empty_database(|database| async move {
        let batch = Batch::new(&database);
        let mut moments = Moments::default();
        let mut interrupted = 0;
        for _ in 0..KILLS {
            let mut worker = batch.start();
            std::thread::sleep(moments.next());
            if worker.try_wait().unwrap().is_none() {
                worker.kill().unwrap();
                interrupted += 1;
            }
            worker.wait().unwrap();
        }
        assert!(interrupted > KILLS / 2, "only {interrupted} were under way");
        let report = batch.issue().succeeded().json();
        batch.is_whole(&[report]).await;
    });
}

#[test]
#[ignore = "takes half a minute for each database; tests/run.sh runs it"]
fn sent_twice_at_the_same_time_each_row_is_issued_once() {
    on_each_empty_database(|database| async move {
        let batch = Batch::new(&database);
        let reports = std::thread::scope(|scope| {
            let both = [(); 2].map(|()| scope.spawn(|| batch.issue().succeeded().json()));
            both.map(|one| one.join().unwrap())
        });
        batch.is_whole(&reports).await;
    });
}

#[test]
#[ignore = "takes half a minute; tests/run.sh runs it"]
fn when_postgresql_restarts_a_batch_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("pg");
    let Some(cluster) = Cluster::start(&folder) else {
        return say("not run: PostgreSQL could not be started");
    };
    let database = Database::parse(cluster.address.clone().into()).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let batch = Batch::new(&database);
        let mut worker = batch.start();
        let mut restarts = 0;
        while restarts < 4 {
            std::thread::sleep(Duration::from_millis(900));
            if worker.try_wait().unwrap().is_some() {
                break;
            }
            cluster.run("restart");
            restarts += 1;
        }
        assert!(
            restarts > 0,
            "the batch was over before the server restarted:\n{}",
            batch.said()
        );
        assert!(worker.wait().unwrap().success(), "{}", batch.said());
        let report = batch.report();
        batch.is_whole(&[report]).await;
    });
}

#[test]
#[ignore = "needs a file system of its own; tests/run.sh runs it"]
fn on_a_full_disk_a_batch_waits_and_goes_on_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::of(folder.path(), "6m") else {
        return say("not run: no small file system can be made here");
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let batch = Batch::new(&Database::Sqlite(folder.path().join("badgeons.db")));
        let ran = batch.issue();
        assert_eq!(
            ran.code,
            1,
            "{}{}",
            String::from_utf8_lossy(&ran.stdout),
            ran.stderr
        );
        let told = format!("{}{}", String::from_utf8_lossy(&ran.stdout), ran.stderr);
        assert!(told.contains("no room left"), "{told}");
        let issued = batch.credentials().await;
        assert!(issued < ROWS, "the disk was large enough");
        disk.grow("200m");
        let report = batch.issue().succeeded().json();
        batch.is_whole(&[report]).await;
    });
}

/// Moments that differ, and are the same in each run (a linear congruential generator).
#[derive(Default)]
struct Moments(u64);

impl Moments {
    fn next(&mut self) -> Duration {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        Duration::from_millis(100 + (self.0 >> 33) % 1900)
    }
}

/// A PostgreSQL server of its own, to be restarted.
struct Cluster {
    folder: String,
    address: String,
}

impl Cluster {
    fn start(folder: &std::path::Path) -> Option<Self> {
        let folder = folder.to_str()?.to_owned();
        let started = Command::new("tests/harness/postgres.sh")
            .args(["start", &folder])
            .output();
        let started = started.ok().filter(|started| started.status.success())?;
        let address = String::from_utf8(started.stdout).ok()?.trim().to_owned();
        Some(Self { folder, address })
    }

    fn run(&self, what: &str) {
        let ran = Command::new("tests/harness/postgres.sh")
            .args([what, &self.folder])
            .status();
        assert!(ran.unwrap().success(), "{what}");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.run("stop");
    }
}

/// A small file system in memory.
struct Disk<'a>(&'a std::path::Path);

impl<'a> Disk<'a> {
    fn of(folder: &'a std::path::Path, size: &str) -> Option<Self> {
        let size = format!("size={size}");
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(folder);
        mount.status().ok()?.success().then_some(Self(folder))
    }

    fn grow(&self, size: &str) {
        let size = format!("remount,size={size}");
        let grown = Command::new("mount")
            .args(["-o", &size])
            .arg(self.0)
            .status();
        assert!(grown.unwrap().success());
    }
}

impl Drop for Disk<'_> {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("-l").arg(self.0).status());
    }
}
