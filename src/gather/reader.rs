//! Work that takes a core: at most a few pages are read at a time, so that memory follows the cores and not the
//! number of visits. A reader that has to wait for the network lets another one read meanwhile.

use std::cell::RefCell;
use std::sync::LazyLock;

use tokio::runtime::Handle;
use tokio::sync::{Semaphore, SemaphorePermit};
use url::Url;

use crate::acquire::Fetched;
use crate::acquire::fetch::Visitor;
use crate::error::Error;

static TURNS: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(std::thread::available_parallelism().map_or(2, std::num::NonZero::get) + 1));

/// A turn at reading.
pub(super) struct Reader {
    turn: RefCell<Option<SemaphorePermit<'static>>>,
    handle: Handle,
}

impl Reader {
    /// A file that a page loads; the turn is another's while it is asked for.
    pub(super) fn file(&self, visitor: &Visitor, url: &Url) -> Fetched {
        if let Some(known) = visitor.known_file(url) {
            return known;
        }
        self.turn.take();
        let file = self.handle.block_on(visitor.file(url));
        *self.turn.borrow_mut() = self.handle.block_on(TURNS.acquire()).ok();
        file
    }
}

/// Runs work that takes a core when there is a turn.
pub(super) async fn reading<T: Send + 'static>(work: impl FnOnce(&Reader) -> T + Send + 'static) -> Result<T, Error> {
    let turn = TURNS.acquire().await.ok();
    let handle = Handle::current();
    let work = tokio::task::spawn_blocking(move || work(&Reader { turn: RefCell::new(turn), handle }));
    match work.await {
        Ok(done) => Ok(done),
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(error) => Err(Error::Internal(error.to_string())),
    }
}
