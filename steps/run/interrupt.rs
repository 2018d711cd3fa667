//! Ctrl-C, TERM and a closed terminal: the first signal ends the run with its cleanup, the second ends the program at once.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::{progress::Progress, tool};

/// The exit status of an interrupted program, as in shells.
pub const STATUS: u8 = 130;

/// The signals that end the program.
struct Signals([Signal; 3]);

impl Signals {
    fn new() -> Option<Self> {
        let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
        let [interrupt, terminate, hangup] = kinds.map(|kind| signal(kind).ok());
        Some(Self([interrupt?, terminate?, hangup?]))
    }

    async fn next(&mut self) {
        let [interrupt, terminate, hangup] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}

/// Waits for the first signal, for a command that has no cleanup of its own. Without it, what the command has started would
/// go on after the program has ended.
pub async fn first() {
    match Signals::new() {
        Some(mut signals) => signals.next().await,
        None => std::future::pending().await,
    }
}

/// Returns a token that the first signal cancels; the second signal ends the program.
#[must_use]
pub fn watch(progress: &Progress) -> CancellationToken {
    watch_while(progress, Arc::new(AtomicBool::new(true)))
}

/// The same for a program that is idle at times: while `runs` is false, nothing needs a cleanup, and nothing is printed.
#[must_use]
pub fn watch_while(progress: &Progress, runs: Arc<AtomicBool>) -> CancellationToken {
    let cancelled = CancellationToken::new();
    let Some(mut signals) = Signals::new() else { return cancelled };
    let (token, progress) = (cancelled.clone(), progress.clone());
    tokio::spawn(async move {
        for time in 0.. {
            signals.next().await;
            if time > 0 {
                tool::kill_all();
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
