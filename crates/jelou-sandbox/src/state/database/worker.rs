//! The thread that owns the database, so that no async task blocks on disk I/O.

use std::{fmt, sync::mpsc};

use redb::{Database, ReadOnlyTable, ReadableDatabase, Table};
use tokio::sync::oneshot;

use super::{CONVERSATIONS, INTEGRATIONS};

/// Maximum number of changes per commit.
const BATCH: usize = 256;

/// Notifies a caller of the result of its change, after the commit.
pub(super) type Notify = Box<dyn FnOnce() + Send>;

/// The tables in a transaction.
pub(super) struct Tables<'a> {
    pub(super) integrations: Table<'a, &'static str, &'static [u8]>,
    pub(super) conversations: Table<'a, &'static str, &'static [u8]>,
}

type Change = Box<dyn FnOnce(&mut Tables<'_>) -> Result<Notify, redb::Error> + Send>;
type Read = Box<dyn FnOnce(&ReadOnlyTable<&str, &[u8]>) -> Result<(), redb::Error> + Send>;

/// A request to the thread.
pub(super) enum Job {
    Change(Change),
    Read(Read),
    Close(oneshot::Sender<()>),
}

/// Runs jobs until told to close the file, or until all handles are dropped. Also ends after an error, because the content of
/// the disk is then unknown.
pub(super) fn work(database: Database, jobs: &mpsc::Receiver<Job>) -> Result<(), redb::Error> {
    let mut left = None;
    while let Some(job) = left.take().or_else(|| jobs.recv().ok()) {
        match job {
            Job::Change(change) => left = change_all(&database, change, jobs)?,
            Job::Read(read) => read(&database.begin_read()?.open_table(INTEGRATIONS)?)?,
            Job::Close(closed) => {
                drop(database);
                // The caller may have given up in the meantime.
                _ = closed.send(());
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Performs this change and those queued after it in one transaction; returns the first job that is not a change.
fn change_all(
    database: &Database,
    first: Change,
    jobs: &mpsc::Receiver<Job>,
) -> Result<Option<Job>, redb::Error> {
    let transaction = database.begin_write()?;
    let mut tables = Tables {
        integrations: transaction.open_table(INTEGRATIONS)?,
        conversations: transaction.open_table(CONVERSATIONS)?,
    };
    let mut changed = vec![first(&mut tables)?];
    let mut left = None;
    while changed.len() < BATCH && left.is_none() {
        match jobs.try_recv() {
            Ok(Job::Change(change)) => changed.push(change(&mut tables)?),
            Ok(other) => left = Some(other),
            Err(_) => break,
        }
    }
    drop(tables);
    transaction.commit()?;
    for notify in changed {
        notify();
    }
    Ok(left)
}

impl fmt::Debug for Job {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Job")
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        sync::{
            Arc,
            atomic::{AtomicBool, AtomicUsize, Ordering},
        },
    };

    use redb::{StorageBackend, backends::InMemoryBackend};

    use super::*;

    /// A disk that can become full, and counts how often data is synced to it.
    #[derive(Debug, Default)]
    struct Disk {
        memory: InMemoryBackend,
        is_full: Arc<AtomicBool>,
        syncs: Arc<AtomicUsize>,
    }

    impl StorageBackend for Disk {
        fn len(&self) -> Result<u64, io::Error> {
            self.memory.len()
        }

        fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), io::Error> {
            self.memory.read(offset, out)
        }

        fn set_len(&self, len: u64) -> Result<(), io::Error> {
            self.memory.set_len(len)
        }

        fn sync_data(&self) -> Result<(), io::Error> {
            if self.is_full.load(Ordering::SeqCst) {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.syncs.fetch_add(1, Ordering::SeqCst);
            self.memory.sync_data()
        }

        fn write(&self, offset: u64, data: &[u8]) -> Result<(), io::Error> {
            self.memory.write(offset, data)
        }
    }

    /// A change of this project, and where its result is sent.
    fn change(project_id: &'static str) -> (Job, oneshot::Receiver<()>) {
        let (done, told) = oneshot::channel();
        let change: Change = Box::new(move |tables| {
            tables.integrations.insert(project_id, &b"{}"[..])?;
            Ok(Box::new(|| _ = done.send(())))
        });
        (Job::Change(change), told)
    }

    /// Runs these jobs, and counts the syncs. If `is_full`, the disk becomes full once the database exists.
    fn work_on(is_full: bool, jobs: Vec<Job>) -> Result<usize, redb::Error> {
        let disk = Disk::default();
        let (full, syncs) = (Arc::clone(&disk.is_full), Arc::clone(&disk.syncs));
        let database = redb::Builder::new().create_with_backend(disk)?;
        full.store(is_full, Ordering::SeqCst);
        let (sender, receiver) = mpsc::channel();
        jobs.into_iter().for_each(|job| sender.send(job).unwrap());
        drop(sender);
        syncs.store(0, Ordering::SeqCst);
        work(database, &receiver)?;
        Ok(syncs.load(Ordering::SeqCst))
    }

    #[test]
    fn waiting_changes_are_committed_together_up_to_a_limit() {
        let syncs = |changes: usize| {
            let jobs = (0..changes).map(|_| change("A").0).collect();
            work_on(false, jobs).unwrap()
        };
        let (none, one) = (syncs(0), syncs(1));
        assert!(one > none);
        assert_eq!(syncs(BATCH), one);
        assert_eq!(syncs(BATCH + 1) - none, 2 * (one - none));
    }

    #[test]
    fn all_changes_in_a_commit_are_reported() {
        let (jobs, told): (Vec<_>, Vec<_>) = (0..2 * BATCH).map(|_| change("A")).unzip();
        work_on(false, jobs).unwrap();
        assert!(told.into_iter().all(|mut told| told.try_recv().is_ok()));
    }

    #[test]
    fn a_change_that_is_not_on_disk_is_not_reported() {
        let (jobs, told): (Vec<_>, Vec<_>) = ["A", "B"].into_iter().map(change).unzip();
        let error = work_on(true, jobs).unwrap_err();
        assert_eq!(error.to_string(), "I/O error: no storage space");
        assert!(told.into_iter().all(|mut told| told.try_recv().is_err()));
    }

    #[test]
    fn a_read_sees_the_change_queued_before_it() {
        let (changed, _told) = change("A");
        let (done, mut seen) = oneshot::channel();
        let read: Read = Box::new(|table| {
            _ = done.send(table.get("A")?.is_some());
            Ok(())
        });
        work_on(false, vec![changed, Job::Read(read)]).unwrap();
        assert_eq!(seen.try_recv(), Ok(true));
    }
}
