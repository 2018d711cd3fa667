//! Slots limit how many scenarios run at the same time. A free slot goes to the waiting scenario that comes first in
//! the plan, so a scenario that waited for a claim does not also wait for all others.

use std::{
    collections::BTreeMap,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot;

/// The slots of a run.
#[derive(Clone, Debug)]
pub struct Slots(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    free: usize,
    waiting: BTreeMap<usize, oneshot::Sender<Slot>>,
}

/// A slot. When it is dropped, the next waiting scenario gets it.
#[derive(Debug)]
pub struct Slot(Slots);

impl Slots {
    /// Creates this number of slots.
    #[must_use]
    pub fn new(count: usize) -> Self {
        Self(Arc::new(Mutex::new(State { free: count, waiting: BTreeMap::new() })))
    }

    /// Waits for a slot for the scenario with this index in the plan.
    pub async fn take(&self, place: usize) -> Slot {
        let receiver = {
            let mut state = self.lock();
            if state.free > 0 {
                state.free -= 1;
                return Slot(self.clone());
            }
            let (sender, receiver) = oneshot::channel();
            state.waiting.insert(place, sender);
            receiver
        };
        match receiver.await {
            Ok(slot) => slot,
            // Impossible: a sender is dropped only after it has sent a slot, because no scenario waits twice.
            Err(_) => std::future::pending().await,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let slots = self.0.clone();
        let next = {
            let mut state = slots.lock();
            let next = state.waiting.pop_first();
            if next.is_none() {
                state.free += 1;
            }
            next
        };
        if let Some((_, sender)) = next {
            // If the receiver has stopped waiting, the slot is dropped here and goes to the next scenario.
            mem::drop(sender.send(Slot(slots)));
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::{FutureExt, poll};

    use super::*;

    #[tokio::test]
    async fn so_many_run_at_a_time() {
        let slots = Slots::new(2);
        let (one, _two) = (slots.take(0).await, slots.take(1).await);
        let mut third = Box::pin(slots.take(2));
        assert!(poll!(&mut third).is_pending());
        drop(one);
        assert!(poll!(&mut third).is_ready());
    }

    #[tokio::test]
    async fn who_comes_first_in_the_plan_is_next_however_late_it_asks() {
        let slots = Slots::new(1);
        let running = slots.take(0).await;
        let (mut late, mut early) = (Box::pin(slots.take(9)), Box::pin(slots.take(3)));
        assert!(poll!(&mut late).is_pending() && poll!(&mut early).is_pending());
        drop(running);
        assert!(poll!(&mut late).is_pending());
        assert!(early.now_or_never().is_some());
    }

    #[tokio::test]
    async fn a_turn_that_nobody_takes_any_more_goes_to_the_next() {
        let slots = Slots::new(1);
        let running = slots.take(0).await;
        let (mut gone, mut next) = (Box::pin(slots.take(1)), Box::pin(slots.take(2)));
        assert!(poll!(&mut gone).is_pending() && poll!(&mut next).is_pending());
        drop(gone);
        drop(running);
        assert!(poll!(&mut next).is_ready());
    }
}
