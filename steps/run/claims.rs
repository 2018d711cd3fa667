//! Waiting for what another run uses, and saying so.

use std::{collections::BTreeSet, time::Duration};

use crate::{
    machine::claim::{Claim, Held},
    progress::Progress,
    verdict::Outcome,
};

/// How long a wait may take before it is explained.
const SOON: Duration = Duration::from_secs(3);

/// Takes claims. After some seconds, says what it may be waiting for.
///
/// # Errors
/// If a claim cannot be written down.
pub async fn take(claims: BTreeSet<Claim>, progress: &Progress) -> Outcome<Held> {
    let words: Vec<String> = claims.iter().map(Claim::in_words).collect();
    let mut taking = std::pin::pin!(Held::take(claims));
    if let Ok(held) = tokio::time::timeout(SOON, &mut taking).await {
        return held;
    }
    progress.line(&format!("waiting for another run, which uses one of these: {}", words.join(", ")));
    taking.await
}
