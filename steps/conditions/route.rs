//! Conditions of what routes requests from outside: the address that a controller gives an Ingress or a Gateway.

use serde_json::Value;

use super::{Judgement, object};

/// The object has an address.
#[must_use]
pub fn has_address(kind: &str, seen: Option<&Value>) -> Judgement {
    let Some(seen) = seen else { return object::missing() };
    match address(kind, seen) {
        Some(_) => Judgement::Holds,
        None => Judgement::NotYet("no controller has given it an address: its class may be wrong, or none runs".into()),
    }
}

/// The address, an IP address or a name.
#[must_use]
pub fn address<'a>(kind: &str, object: &'a Value) -> Option<&'a str> {
    if kind == "Gateway" {
        return object["status"]["addresses"][0]["value"].as_str();
    }
    let first = &object["status"]["loadBalancer"]["ingress"][0];
    first["ip"].as_str().or_else(|| first["hostname"].as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_controller_gives_an_address() {
        let of = |first: Value| json!({"status": {"loadBalancer": {"ingress": [first]}}});
        assert_eq!(address("Ingress", &of(json!({"ip": "10.0.0.1"}))), Some("10.0.0.1"));
        assert_eq!(address("Ingress", &of(json!({"hostname": "localhost"}))), Some("localhost"));
        let gateway = json!({"status": {"addresses": [{"type": "IPAddress", "value": "10.0.0.2"}]}});
        assert_eq!(has_address("Gateway", Some(&gateway)), Judgement::Holds);
        assert!(matches!(has_address("Ingress", Some(&json!({}))), Judgement::NotYet(_)));
    }
}
