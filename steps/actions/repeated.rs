//! Repeats an action that looks at something that cannot be watched, such as a file in a container.

use std::time::{Duration, Instant};

use crate::verdict::{Fault, Outcome, Verdict, seconds};

/// The pause between two tries.
const PAUSE: Duration = Duration::from_millis(200);

/// Repeats `ask` until it succeeds or `limit` is over; it asks at least once. Only what may still come is waited for: a
/// fault with another verdict than `failed` ends it at once.
///
/// # Errors
/// The last fault.
pub async fn until<T>(limit: Duration, mut ask: impl AsyncFnMut() -> Outcome<T>) -> Outcome<T> {
    let deadline = Instant::now() + limit;
    loop {
        let is_last = Instant::now() >= deadline;
        match ask().await {
            Err(fault) if fault.verdict == Verdict::Failed && !is_last => tokio::time::sleep(PAUSE).await,
            Err(fault) if fault.verdict == Verdict::Failed => {
                let reason = format!("after {}: {}", seconds(limit), fault.reason);
                return Err(Fault { reason, ..fault });
            }
            answer => return answer,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_what_may_still_come_is_waited_for() {
        let mut tries = 0;
        let third = until(Duration::from_mins(1), async || {
            tries += 1;
            if tries < 3 { Err(Fault::failed("not yet")) } else { Ok(()) }
        });
        assert_eq!(third.await, Ok(()));
        let refused = until(Duration::from_mins(1), async || Outcome::<()>::Err(Fault::refused("never"))).await;
        assert_eq!(refused.unwrap_err().reason, "never");
        let late = until(Duration::ZERO, async || Outcome::<()>::Err(Fault::failed("not yet"))).await;
        assert_eq!(late.unwrap_err().reason, "after 0 seconds: not yet");
    }
}
