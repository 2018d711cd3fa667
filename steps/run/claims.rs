//! Waiting for what another run uses, and saying so.

use std::{collections::BTreeSet, time::Duration};

use crate::{
    machine::claim::{Claim, Held, Holder},
    progress::Progress,
    verdict::Outcome,
};

/// How long a wait may take before it is explained.
const SOON: Duration = Duration::from_secs(3);

/// How often a long wait is explained again.
const AGAIN: Duration = Duration::from_mins(1);

/// Takes claims. If another run has one of them for some time, says which, and who that is; `who` is what waits.
///
/// # Errors
/// If a claim cannot be written down.
pub async fn take(claims: BTreeSet<Claim>, who: &str, progress: &Progress) -> Outcome<Held> {
    let mut taking = std::pin::pin!(Held::take(claims.clone()));
    let mut patience = SOON;
    loop {
        if let Ok(held) = tokio::time::timeout(patience, &mut taking).await {
            return held;
        }
        if let Some(text) = claims.iter().find_map(blocked) {
            progress.line(&format!("{who} waits for {text}"));
        }
        patience = AGAIN;
    }
}

/// What another run has, and which one; `None` if no other run has this claim. A run does not report that its own scenarios
/// wait for each other.
fn blocked(claim: &Claim) -> Option<String> {
    let holder = Holder::of(claim).filter(|holder| !holder.is_this_process())?;
    Some(format!("{}: {holder} has {}", claim.in_words(), holder.what))
}
