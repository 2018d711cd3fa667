//! What is judged: pure functions of what was seen. They reach no cluster and no machine: each is tested on
//! literal text or YAML.

mod cause;
pub mod container;
pub mod endpoints;
pub mod listed;
pub mod object;
pub mod pod;
mod pull;
pub mod quantity;
pub mod runtime;
pub mod scheduling;
pub mod start;
mod statuses;
pub mod text;
pub mod wildcard;
pub mod workload;

pub use cause::Cause;

/// What a condition says of the state it is shown.
///
/// ```
/// use labproof::conditions::{Judgement, pod};
///
/// let seen = serde_yaml::from_str("status: {phase: Running, conditions: [{type: Ready, status: 'True'}]}").unwrap();
/// assert_eq!(pod::is_ready(Some(&seen)), Judgement::Holds);
/// assert!(matches!(pod::is_ready(None), Judgement::NotYet(_)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// It holds.
    Holds,
    /// It does not hold yet, because of what is seen instead.
    NotYet(Cause),
    /// It does not hold and will not: waiting on is of no use.
    Hopeless(Cause),
}
