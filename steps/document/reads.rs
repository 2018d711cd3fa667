//! Which commands only read: they may be typed again, and later commands do not need them.

use std::sync::LazyLock;

use crate::expression::kubectl_regex;
use regex::Regex;

/// Whether a command only reads, and may therefore be typed again.
#[must_use]
pub fn only_reads(command: &str) -> bool {
    static READS: LazyLock<Regex> = LazyLock::new(|| {
        kubectl_regex(
            r#"^(?:sudo\s+)?KUBECTL\s+(?:-n\s+\S+\s+)?(?:get|describe|logs?|top|version|cluster-info|api-resources|api-versions|explain|config (?:view|current-context|get-contexts)|auth can-i|rollout (?:status|history)|events)\b|^KUBECTL\s+exec\b.*\s(?:--\s+)?(?:wget|curl|cat|ls|ps|env|printenv|nslookup|ping|id|whoami|date|hostname|df|mount|head|tail|grep|nginx -v|uname|pwd)\b|^(?:curl|wget|docker (?:ps|images|logs|inspect|image ls|container ls)|cat|ls|echo|ps|env|kind get)\b|^(?:export\s+)?[A-Za-z_]\w*=["']?\$\(\s*(?:KUBECTL|docker)\s+(?:get|inspect|ps)\b"#,
        )
    });
    static WRITES: LazyLock<Regex> = LazyLock::new(|| {
        kubectl_regex(
            r"\s(-X|--request|-d|--data\S*|-F|-T)\b|[^2&]>{1,2}\s*[^&\s/]|\|\s*KUBECTL\b|--watch|KUBECTL\s[^|]*\s-w\b",
        )
    });
    READS.is_match(command.trim()) && !WRITES.is_match(command) && !command.contains('\n')
}

/// Whether a command only reads what changes by itself.
#[must_use]
pub fn reads_the_cluster(command: &str) -> bool {
    static ASKS: LazyLock<Regex> = LazyLock::new(|| kubectl_regex(r"KUBECTL\s|\b(?:curl|docker|wget)\b"));
    only_reads(command) && ASKS.is_match(command)
}
