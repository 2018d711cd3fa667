//! Conditions: pure functions that judge what was observed. They use neither the cluster nor the machine, and are
//! tested on literal text or YAML.

mod cause;
pub mod container;
pub mod data;
pub mod endpoints;
pub mod listed;
pub mod network;
mod node_fault;
pub mod object;
pub mod placement;
pub mod pod;
mod pull;
pub mod quantity;
pub mod restart;
pub mod route;
pub mod runtime;
pub mod scheduling;
pub mod start;
mod statuses;
pub mod text;
pub mod wildcard;
pub mod workload;

pub use cause::Cause;

/// A condition's judgement of an observed state.
///
/// ```
/// use labproof::internal::conditions::{Judgement, pod};
///
/// let seen = serde_yaml::from_str("status: {phase: Running, conditions: [{type: Ready, status: 'True'}]}").unwrap();
/// assert_eq!(pod::is_ready(Some(&seen)), Judgement::Holds);
/// assert!(matches!(pod::is_ready(None), Judgement::NotYet(_)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// The condition holds.
    Holds,
    /// The condition does not hold yet; the cause says what was observed instead.
    NotYet(Cause),
    /// The condition does not hold and never will, so waiting is pointless.
    Hopeless(Cause),
}
