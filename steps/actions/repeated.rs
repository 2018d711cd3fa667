//! Repeats an action that looks at something that cannot be watched, such as a file in a container.

use std::time::Duration;

use tokio::time::Instant;

use crate::verdict::{Fault, Outcome, Verdict, seconds};

/// The pause between two tries.
const PAUSE: Duration = Duration::from_millis(200);

/// How long a try has that begins when the time is over.
const LAST: Duration = Duration::from_secs(5);

/// Repeats `ask` until it succeeds or `limit` is over; it asks at least once, and tells each try how long it may take. Only
/// what may still come is waited for: a fault with another verdict than `failed` ends it at once.
///
/// # Errors
/// The last fault.
pub async fn until<T>(limit: Duration, mut ask: impl AsyncFnMut(Duration) -> Outcome<T>) -> Outcome<T> {
    let deadline = Instant::now() + limit;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        match ask(if left.is_zero() { LAST } else { left }).await {
            Err(fault) if fault.verdict == Verdict::Failed && Instant::now() < deadline => {
                tokio::time::sleep(PAUSE).await;
            }
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
        let third = until(Duration::from_mins(1), async |_| {
            tries += 1;
            if tries < 3 { Err(Fault::failed("not yet")) } else { Ok(()) }
        });
        assert_eq!(third.await, Ok(()));
        let refused = until(Duration::from_mins(1), async |_| Outcome::<()>::Err(Fault::refused("never"))).await;
        assert_eq!(refused.unwrap_err().reason, "never");
        let late = until(Duration::ZERO, async |_| Outcome::<()>::Err(Fault::failed("not yet"))).await;
        assert_eq!(late.unwrap_err().reason, "after 0 seconds: not yet");
    }

    #[tokio::test(start_paused = true)]
    async fn a_try_that_hangs_has_the_time_that_is_left() {
        let (mut given, started) = (Vec::new(), Instant::now());
        let hung = until(Duration::from_secs(10), async |left| {
            given.push(left);
            tokio::time::sleep(if given.len() == 1 { Duration::from_secs(4) } else { left }).await;
            Outcome::<()>::Err(Fault::failed("it hangs"))
        });
        assert_eq!(hung.await.unwrap_err().reason, "after 10 seconds: it hangs");
        assert_eq!(given, [Duration::from_secs(10), Duration::from_millis(5800)]);
        assert!(started.elapsed() < Duration::from_secs(11));
    }
}
