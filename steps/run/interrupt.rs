//! Ctrl-C and TERM: the first ends the run with its cleanup, the second ends the program at once.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::progress::Progress;

/// The exit status of an interrupted program, as in shells.
pub const STATUS: u8 = 130;

/// Returns a token that the first signal cancels; the second signal ends the program.
#[must_use]
pub fn watch(progress: &Progress) -> CancellationToken {
    watch_while(progress, Arc::new(AtomicBool::new(true)))
}

/// The same for a program that is idle at times: while `runs` is false, nothing needs a cleanup, and nothing is printed.
#[must_use]
pub fn watch_while(progress: &Progress, runs: Arc<AtomicBool>) -> CancellationToken {
    let cancelled = CancellationToken::new();
    let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return cancelled;
    };
    let (token, progress) = (cancelled.clone(), progress.clone());
    tokio::spawn(async move {
        for time in 0.. {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            if time > 0 {
                std::process::exit(STATUS.into());
            }
            if runs.load(Ordering::Relaxed) {
                let next = "press Ctrl-C again to stop at once, and the next run removes what is left";
                progress.line(&format!("interrupted: cleaning up; {next}"));
            }
            token.cancel();
        }
    });
    cancelled
}
