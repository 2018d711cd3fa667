//! What a step names in one of several ways: a Pod by its name or a label, a container of a Pod, an object of another
//! namespace, or somebody with rights.

use std::sync::LazyLock;

use regex::Regex;

use crate::{
    actions::{
        access::Holder,
        connections::{Peer, PeerKind},
        container_ref::ContainerRef,
    },
    expression::regex,
};

/// What a step names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its kind.
    pub kind: NamedKind,
    /// Its name; or the label that only it has.
    pub name: String,
    /// Whether the name is a label.
    pub is_label: bool,
    /// The container of the Pod, if the step names one.
    pub container: Option<String>,
    /// The namespace, if the step names one.
    pub namespace: Option<String>,
}

/// The kind of what a step names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamedKind {
    /// A Pod.
    Pod,
    /// A Service.
    Service,
    /// A `ServiceAccount`.
    ServiceAccount,
    /// A user.
    User,
    /// A group of users.
    Group,
}

/// A text of the parameters in [`super::PARAMETERS`] that name something.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r#"^(?:the container "(?<container>[^"]+)" of )?(?:(?<kind>the Pod|the Service|the ServiceAccount|the user|a user of the group) )?(?:"(?<name>[^"]+)"|labelled "(?<label>[^"]+)")(?: in the namespace "(?<namespace>[^"]+)")?$"#,
    )
});

impl Named {
    /// Reads a text of a step; `None` if it names nothing. A text without a kind names a Pod, because its sentence says
    /// `the Pod` before it.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let captures = NAMED.captures(text)?;
        let part = |name: &str| captures.name(name).map(|part| part.as_str().to_owned());
        let kind = match captures.name("kind").map(|kind| kind.as_str()) {
            None | Some("the Pod") => NamedKind::Pod,
            Some("the Service") => NamedKind::Service,
            Some("the ServiceAccount") => NamedKind::ServiceAccount,
            Some("the user") => NamedKind::User,
            Some("a user of the group") => NamedKind::Group,
            Some(_) => return None,
        };
        let (label, container, namespace) = (part("label"), part("container"), part("namespace"));
        Some(Self { kind, is_label: label.is_some(), name: part("name").or(label)?, container, namespace })
    }

    /// The Pod or its container; `None` if it is neither.
    pub(super) fn container(self) -> Option<ContainerRef> {
        (self.kind == NamedKind::Pod).then_some(ContainerRef { pod: self.name, container: self.container })
    }

    /// The end of a connection; `None` if it can be none.
    pub(super) fn peer(self) -> Option<Peer> {
        let kind = match self.kind {
            NamedKind::Pod => PeerKind::Pod,
            NamedKind::Service => PeerKind::Service,
            NamedKind::ServiceAccount | NamedKind::User | NamedKind::Group => return None,
        };
        Some(Peer { kind, name: self.name, namespace: self.namespace })
    }

    /// Who may have rights; `None` if it has none.
    pub(super) fn holder(self) -> Option<Holder> {
        match self.kind {
            NamedKind::ServiceAccount => Some(Holder::ServiceAccount(self.name)),
            NamedKind::User => Some(Holder::User(self.name)),
            NamedKind::Group => Some(Holder::Group(self.name)),
            NamedKind::Pod | NamedKind::Service => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::{ParameterKind, Step, sentences};

    fn read(text: &str) -> Named {
        Named::read(text).unwrap()
    }

    #[test]
    fn a_peer_is_a_pod_or_a_service_perhaps_of_another_namespace() {
        let peer =
            |kind, namespace: Option<&str>| Peer { kind, name: "web".into(), namespace: namespace.map(Into::into) };
        assert_eq!(read(r#"the Service "web""#).peer(), Some(peer(PeerKind::Service, None)));
        assert_eq!(read(r#"the Pod "web" in the namespace "shop""#).peer(), Some(peer(PeerKind::Pod, Some("shop"))));
        assert_eq!(read(r#"the ServiceAccount "web""#).peer(), None);
    }

    #[test]
    fn a_holder_is_a_service_account_a_user_or_a_group() {
        assert_eq!(read(r#"the ServiceAccount "web""#).holder(), Some(Holder::ServiceAccount("web".into())));
        assert_eq!(read(r#"a user of the group "dev""#).holder(), Some(Holder::Group("dev".into())));
        assert_eq!(read(r#"the user "ana""#).holder(), Some(Holder::User("ana".into())));
        assert_eq!(read(r#"the Pod "web""#).holder(), None);
    }

    #[test]
    fn a_place_is_a_pod_or_a_container_of_one() {
        let place = |container: Option<&str>| ContainerRef { pod: "web".into(), container: container.map(Into::into) };
        assert_eq!(read(r#"the Pod "web""#).container(), Some(place(None)));
        assert_eq!(read(r#"the container "sidecar" of the Pod "web""#).container(), Some(place(Some("sidecar"))));
        assert_eq!(read(r#"the Service "web""#).container(), None);
    }

    #[test]
    fn a_pod_has_a_name_or_a_label() {
        let pod = read(r#""web""#);
        assert_eq!((pod.kind, pod.name.as_str(), pod.is_label), (NamedKind::Pod, "web", false));
        let pod = read(r#"the container "a" of the Pod labelled "app=web""#);
        assert_eq!((pod.name.as_str(), pod.is_label, pod.container.as_deref()), ("app=web", true, Some("a")));
        assert_eq!(Named::read(r#"the Node "web""#), None);
    }

    #[test]
    fn each_parameter_that_names_something_is_read() {
        for sentence in sentences().filter(|sentence| sentence.kinds().any(ParameterKind::may_be_named_in_several_ways))
        {
            let sheet = format!("Feature: f\n  Scenario: s\n    {} {}\n", sentence.keyword(), sentence.example);
            let step = Step::matched(crate::sheet::read(&sheet).unwrap().scenarios[0].steps[0].clone());
            let (_, arguments) = step.sentence().unwrap();
            let wanted = sentence.kinds().filter(|kind| kind.may_be_named_in_several_ways()).count();
            assert_eq!(arguments.named().count(), wanted, "{}", sentence.expression);
        }
    }
}
