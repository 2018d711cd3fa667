//! Work that is done once for each of several things, however many ask for it.

use std::{
    collections::HashMap,
    future::Future,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::OnceCell;

use crate::verdict::Outcome;

/// The outcomes so far. Everybody who asks for the same thing gets the same outcome, also if it is a fault.
#[derive(Debug)]
pub struct OnceEach<K, V>(Mutex<HashMap<K, Arc<OnceCell<Outcome<V>>>>>);

impl<K, V> Default for OnceEach<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Clone + Eq + Hash, V: Clone> OnceEach<K, V> {
    /// The outcome of `work` for this thing. Whoever asks first does it; the others wait for that.
    ///
    /// # Errors
    /// If the work fails.
    pub async fn get<F: Future<Output = Outcome<V>>>(&self, thing: &K, work: impl FnOnce() -> F) -> Outcome<V> {
        let cell = self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(thing.clone()).or_default().clone();
        cell.get_or_init(work).await.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::Fault;

    #[tokio::test]
    async fn each_thing_has_an_outcome_of_its_own_and_it_stays() {
        let each = OnceEach::<&str, u8>::default();
        assert!(each.get(&"bad", async || Err(Fault::broken("no"))).await.is_err());
        assert_eq!(each.get(&"good", async || Ok(1)).await, Ok(1));
        assert_eq!(each.get(&"good", async || Ok(2)).await, Ok(1));
        assert!(each.get(&"bad", async || Ok(3)).await.is_err());
    }
}
