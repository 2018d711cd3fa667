//! Slots limit how many scenarios run at the same time. A free slot goes to the waiting scenario that comes first in
//! the plan, so a scenario that waited for a claim does not also wait for all others.

use std::{
    collections::{BTreeMap, BTreeSet},
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot;

/// The slots of a run.
#[derive(Clone, Debug)]
pub struct Slots(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    free: BTreeSet<usize>,
    waiting: BTreeMap<usize, oneshot::Sender<Slot>>,
}

/// A slot. When it is dropped, the next waiting scenario gets it.
#[derive(Debug)]
pub struct Slot {
    slots: Slots,
    number: usize,
}

impl Slots {
    /// Creates this number of slots.
    #[must_use]
    pub fn new(count: usize) -> Self {
        Self(Arc::new(Mutex::new(State { free: (0..count).collect(), waiting: BTreeMap::new() })))
    }

    /// Waits for a slot for the scenario with this index in the plan.
    pub async fn take(&self, index: usize) -> Slot {
        let receiver = {
            let mut state = self.lock();
            if let Some(number) = state.free.pop_first() {
                return Slot { slots: self.clone(), number };
            }
            let (sender, receiver) = oneshot::channel();
            state.waiting.insert(index, sender);
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

impl Slot {
    /// Which slot it is, counted from 0.
    #[must_use]
    pub fn number(&self) -> usize {
        self.number
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let (slots, number) = (self.slots.clone(), self.number);
        let next = {
            let mut state = slots.lock();
            let next = state.waiting.pop_first();
            if next.is_none() {
                state.free.insert(number);
            }
            next
        };
        if let Some((_, sender)) = next {
            // If the receiver has stopped waiting, the slot is dropped here and goes to the next scenario.
            mem::drop(sender.send(Slot { slots, number }));
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
        let (one, two) = (slots.take(0).await, slots.take(1).await);
        let mut third = Box::pin(slots.take(2));
        assert!(poll!(&mut third).is_pending());
        drop(one);
        let third = third.now_or_never().unwrap();
        assert_eq!((third.number(), two.number()), (0, 1));
        drop(two);
        assert_eq!(slots.take(3).await.number(), 1);
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
    async fn a_slot_that_nobody_takes_any_more_goes_to_the_next() {
        let slots = Slots::new(1);
        let running = slots.take(0).await;
        let (mut gone, mut next) = (Box::pin(slots.take(1)), Box::pin(slots.take(2)));
        assert!(poll!(&mut gone).is_pending() && poll!(&mut next).is_pending());
        drop(gone);
        drop(running);
        assert!(poll!(&mut next).is_ready());
    }
}
