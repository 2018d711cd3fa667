//! The variables of labproof's own environment that a terminal inherits.

use crate::endpoint;

/// The variables that a terminal inherits from labproof's own environment: where programs are, and how to reach the
/// network. Programs with their own certificates need the paths of this machine's certificates.
pub(super) fn inherited() -> impl Iterator<Item = (String, String)> {
    const KEPT: [&str; 17] = [
        "PATH",
        "XDG_RUNTIME_DIR", // the engine's socket of an ordinary user is there
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "NO_PROXY",
        "http_proxy",
        "https_proxy",
        "all_proxy",
        "no_proxy",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "CURL_CA_BUNDLE",
        "GIT_SSL_CAINFO",
        "NODE_EXTRA_CA_CERTS",
        "REQUESTS_CA_BUNDLE",
        "PIP_CERT",
    ];
    std::env::vars()
        .filter(|(name, _)| KEPT.contains(&&**name) || endpoint::VARIABLES.contains(&&**name) || is_of_npm(name))
}

/// Whether a variable configures npm's access to the network; npm ignores the case of its variables.
pub(super) fn is_of_npm(name: &str) -> bool {
    const KEPT: [&str; 7] = ["registry", "proxy", "https_proxy", "noproxy", "cafile", "ca", "strict_ssl"];
    let name = name.to_ascii_lowercase();
    name.strip_prefix("npm_config_").is_some_and(|setting| KEPT.contains(&setting))
}
