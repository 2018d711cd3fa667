//! Turns: so many scenarios run at a time, and of those that wait the one that comes first in the plan is next. So one
//! that had to wait for a claim does not wait for all others as well.

use std::{
    collections::BTreeMap,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot;

/// The turns of a run.
#[derive(Clone, Debug)]
pub struct Turns(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    free: usize,
    waiting: BTreeMap<usize, oneshot::Sender<Turn>>,
}

/// A turn; dropping it gives it to the next who waits.
#[derive(Debug)]
pub struct Turn(Turns);

impl Turns {
    /// So many turns at a time.
    #[must_use]
    pub fn new(count: usize) -> Self {
        Self(Arc::new(Mutex::new(State { free: count, waiting: BTreeMap::new() })))
    }

    /// Waits for the turn of the scenario at this place of the plan.
    pub async fn take(&self, place: usize) -> Turn {
        let receiver = {
            let mut state = self.lock();
            if state.free > 0 {
                state.free -= 1;
                return Turn(self.clone());
            }
            let (sender, receiver) = oneshot::channel();
            state.waiting.insert(place, sender);
            receiver
        };
        match receiver.await {
            Ok(turn) => turn,
            // Nobody drops a sender without giving a turn; a place that waited twice would be the only way here.
            Err(_) => std::future::pending().await,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let turns = self.0.clone();
        let next = {
            let mut state = turns.lock();
            let next = state.waiting.pop_first();
            if next.is_none() {
                state.free += 1;
            }
            next
        };
        if let Some((_, sender)) = next {
            // One who does not wait any more gives it back at once, to the next.
            mem::drop(sender.send(Turn(turns)));
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::{FutureExt, poll};

    use super::*;

    #[tokio::test]
    async fn so_many_run_at_a_time() {
        let turns = Turns::new(2);
        let (one, _two) = (turns.take(0).await, turns.take(1).await);
        let mut third = Box::pin(turns.take(2));
        assert!(poll!(&mut third).is_pending());
        drop(one);
        assert!(poll!(&mut third).is_ready());
    }

    #[tokio::test]
    async fn who_comes_first_in_the_plan_is_next_however_late_it_asks() {
        let turns = Turns::new(1);
        let running = turns.take(0).await;
        let (mut late, mut early) = (Box::pin(turns.take(9)), Box::pin(turns.take(3)));
        assert!(poll!(&mut late).is_pending() && poll!(&mut early).is_pending());
        drop(running);
        assert!(poll!(&mut late).is_pending());
        assert!(early.now_or_never().is_some());
    }

    #[tokio::test]
    async fn a_turn_that_nobody_takes_any_more_goes_to_the_next() {
        let turns = Turns::new(1);
        let running = turns.take(0).await;
        let (mut gone, mut next) = (Box::pin(turns.take(1)), Box::pin(turns.take(2)));
        assert!(poll!(&mut gone).is_pending() && poll!(&mut next).is_pending());
        drop(gone);
        drop(running);
        assert!(poll!(&mut next).is_ready());
    }
}
