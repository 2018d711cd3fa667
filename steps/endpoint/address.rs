//! The address of an engine that is reached over a network.

/// The name or address in a URL.
pub(super) fn of(url: &str) -> &str {
    let authority = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = authority.split('/').next().unwrap_or_default();
    match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => authority.rsplit_once(':').map_or(authority, |(name, _)| name),
    }
}

/// A name or an address as a URL has it: an IPv6 address in brackets.
#[must_use]
pub fn in_url(address: &str) -> String {
    if address.contains(':') { format!("[{address}]") } else { address.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_url_has_the_brackets_of_an_address() {
        for (url, address, again) in [
            ("tcp://[::1]:2375", "::1", "[::1]"),
            ("tcp://[fd00::2]", "fd00::2", "[fd00::2]"),
            ("tcp://10.0.0.1:2376", "10.0.0.1", "10.0.0.1"),
            ("https://docker/x", "docker", "docker"),
        ] {
            assert_eq!((of(url), &*in_url(of(url))), (address, again), "{url}");
        }
    }
}
