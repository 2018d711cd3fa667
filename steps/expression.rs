//! Regular expressions that are constants of the program.

use regex::Regex;

/// Compiles an expression that is a constant, or made of constants and escaped text.
///
/// # Panics
/// If it is no regular expression: an error of labproof, which the tests of the expression find.
#[expect(clippy::expect_used, reason = "the expressions are constants, and the tests use each")]
#[must_use]
pub fn regex(expression: &str) -> Regex {
    Regex::new(expression).expect("a correct expression")
}

/// What authors call kubectl in their own shells.
pub const ALIASES: [&str; 5] = ["k", "kk", "kc", "kctl", "kubecolor"];

/// The same for an expression in which `KUBECTL` stands for kubectl and what authors call it.
#[must_use]
pub fn kubectl_regex(expression: &str) -> Regex {
    regex(&expression.replace("KUBECTL", &format!(r"\b(?:kubectl|{})", ALIASES.join("|"))))
}

#[cfg(test)]
mod tests {
    use super::kubectl_regex;

    #[test]
    fn kubectl_is_known_by_the_names_that_authors_give_it() {
        let gets = kubectl_regex(r"^(?:sudo )?KUBECTL\s+get\b");
        for command in ["kubectl get pods", "sudo k get pods", "kubecolor get pods", "kc  get pods"] {
            assert!(gets.is_match(command), "{command}");
        }
        for command in ["kube get pods", "kck get pods", "kubectl-get get pods"] {
            assert!(!gets.is_match(command), "{command}");
        }
        assert!(!kubectl_regex(r"KUBECTL\s+get").is_match("networks get"));
    }
}
