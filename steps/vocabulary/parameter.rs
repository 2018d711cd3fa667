//! The parameters of sentences: their names, what they match, and their meaning.

/// The kind of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// A shell command.
    Command,
    /// Expected text.
    Text,
    /// Arguments, split as in a shell.
    Arguments,
    /// The name of a Pod.
    Pod,
    /// The name of a Pod, or a label that only one Pod has.
    OnePod,
    /// A Pod, or one of its containers.
    Place,
    /// A Pod that connects.
    Peer,
    /// A Pod or a Service that is connected to.
    Target,
    /// A `ServiceAccount`, a user, or a user of a group.
    Holder,
    /// The phase of a Pod.
    Phase,
    /// A label with its value.
    Label,
    /// The name of a Service.
    Service,
    /// A quantity of memory or CPU.
    Quantity,
    /// The name of an image.
    Image,
    /// The name of a container of the engine.
    Container,
    /// The name of a kind cluster.
    Cluster,
    /// The name of a namespace.
    Namespace,
    /// A manifest of the lab.
    Manifest,
    /// A file of expected text.
    Expected,
    /// A file of the terminal.
    File,
    /// A task of the lab.
    Task,
    /// A folder of the learner's home.
    Folder,
    /// A TCP port.
    Port,
    /// An exit status.
    Status,
    /// A whole number.
    Number,
    /// A line typed into a session.
    Line,
    /// A key pressed in a session.
    Key,
    /// A duration.
    Duration,
    /// A path in a container.
    Path,
    /// A kind of object other than Pod.
    ObjectKind,
    /// A kind of object that runs Pods.
    Workload,
    /// A kind of object that routes requests.
    Router,
    /// The URL of a request.
    Url,
    /// A kind of object that holds values.
    Store,
    /// A key of such an object.
    Entry,
    /// A kind of object that controllers make.
    Owned,
    /// The name of an object.
    Object,
    /// A field of an object.
    Field,
    /// The value of a field.
    Value,
    /// The type of a condition.
    Condition,
    /// A verb of the API.
    Verb,
    /// A resource of the API.
    Resource,
}

impl ParameterKind {
    /// Whether such a parameter names something in one of several ways, which [`super::named::Named`] reads.
    #[must_use]
    pub(super) fn may_be_named_in_several_ways(self) -> bool {
        matches!(self, Self::OnePod | Self::Place | Self::Peer | Self::Target | Self::Holder)
    }
}

/// A parameter of sentences.
pub struct Parameter {
    /// Its kind, for the code.
    pub kind: ParameterKind,
    /// Its name, as written in braces.
    pub name: &'static str,
    /// The regular expression that it matches.
    pub expression: &'static str,
    /// Its meaning, for readers.
    pub meaning: &'static str,
}

/// Text in double quotes, in which `\"` stands for a quote.
const QUOTED: &str = r#""(?:[^"\\]|\\.)*""#;

/// A name in double quotes.
const NAME: &str = r#""[^"\s]+""#;

/// A kind other than Pod, and perhaps its group.
const NO_POD: &str = r"(?:[A-OQ-Z][A-Za-z0-9]*|P(?:[A-Za-np-z0-9][A-Za-z0-9]*)?|Po(?:[A-Za-ce-z0-9][A-Za-z0-9]*)?|Pod[A-Za-z0-9]+)(?:\.[a-z0-9.-]+)?";

/// All parameters.
pub const PARAMETERS: &[Parameter] = &[
    Parameter {
        kind: ParameterKind::Command,
        name: "command",
        expression: QUOTED,
        meaning: "a shell command, typed in the scenario's terminal",
    },
    Parameter {
        kind: ParameterKind::Text,
        name: "text",
        expression: QUOTED,
        meaning: "expected text, which may contain wildcards such as [IP] and [...]",
    },
    Parameter {
        kind: ParameterKind::Arguments,
        name: "arguments",
        expression: QUOTED,
        meaning: "arguments as a shell splits them",
    },
    Parameter {
        kind: ParameterKind::Pod,
        name: "pod",
        expression: NAME,
        meaning: "the name of a Pod in the scenario's namespace",
    },
    Parameter {
        kind: ParameterKind::OnePod,
        name: "which",
        expression: r#""[^"\s]+"|labelled "[^"\s=]+=[^"\s=]*""#,
        meaning: "the name of a Pod in the scenario's namespace, or labelled \"app=web\" for the only Pod there with this label: a Pod that a Deployment or a Job makes has no name that a lab could know",
    },
    Parameter {
        kind: ParameterKind::Place,
        name: "place",
        expression: r#"(?:the container "[^"\s]+" of )?the Pod (?:"[^"\s]+"|labelled "[^"\s=]+=[^"\s=]*")"#,
        meaning: "the Pod \"hello\", where it has one container besides init and ephemeral ones, or the container \"web\" of the Pod \"hello\", which may be an init container or a sidecar; labelled \"app=web\" may stand in place of the Pod's name",
    },
    Parameter {
        kind: ParameterKind::Peer,
        name: "peer",
        expression: r#"the Pod "[^"\s]+"(?: in the namespace "[^"\s]+")?|the Pod labelled "[^"\s=]+=[^"\s=]*""#,
        meaning: "the Pod \"hello\" or the Pod labelled \"app=web\", which connects; a Pod of another namespace is the Pod \"hello\" in the namespace \"shop\"",
    },
    Parameter {
        kind: ParameterKind::Target,
        name: "target",
        expression: r#"the (?:Pod|Service) "[^"\s]+"(?: in the namespace "[^"\s]+")?|the Pod labelled "[^"\s=]+=[^"\s=]*""#,
        meaning: "the Pod \"hello\", the Pod labelled \"app=web\" or the Service \"web\", at the other end of a connection; one of another namespace is the Service \"web\" in the namespace \"shop\"",
    },
    Parameter {
        kind: ParameterKind::Holder,
        name: "who",
        expression: r#"the ServiceAccount "[^"\s]+"|the user "[^"\s]+"|a user of the group "[^"\s]+""#,
        meaning: "the ServiceAccount \"viewer\" of the scenario's namespace, the user \"ana\", or a user of the group \"developers\"",
    },
    Parameter {
        kind: ParameterKind::Phase,
        name: "phase",
        expression: "Pending|Running|Succeeded|Failed|Unknown",
        meaning: "the phase of a Pod: Pending, Running, Succeeded, Failed or Unknown",
    },
    Parameter {
        kind: ParameterKind::Label,
        name: "label",
        expression: r#""[^"\s=]+=[^"\s=]*""#,
        meaning: "a label with its value",
    },
    Parameter { kind: ParameterKind::Service, name: "service", expression: NAME, meaning: "the name of a Service" },
    Parameter {
        kind: ParameterKind::Quantity,
        name: "quantity",
        expression: r#""[\d.]+[A-Za-z]{0,2}""#,
        meaning: "a quantity, such as 100Mi or 200m",
    },
    Parameter { kind: ParameterKind::Image, name: "image", expression: NAME, meaning: "the name of an image" },
    Parameter {
        kind: ParameterKind::Container,
        name: "container",
        expression: NAME,
        meaning: "the name of a container of the Docker engine",
    },
    Parameter {
        kind: ParameterKind::Cluster,
        name: "cluster",
        expression: NAME,
        meaning: "the name of a kind cluster",
    },
    Parameter {
        kind: ParameterKind::Namespace,
        name: "namespace",
        expression: NAME,
        meaning: "the name of a namespace",
    },
    Parameter {
        kind: ParameterKind::Manifest,
        name: "manifest",
        expression: NAME,
        meaning: "a manifest of the lab, relative to the lab's folder",
    },
    Parameter {
        kind: ParameterKind::Expected,
        name: "expected",
        expression: r#""[^"\s/]+""#,
        meaning: "a file of the folder expected/ in the lab's folder: expected text, with wildcards as in any other",
    },
    Parameter {
        kind: ParameterKind::File,
        name: "file",
        expression: NAME,
        meaning: "a file, relative to the terminal's folder",
    },
    Parameter {
        kind: ParameterKind::Task,
        name: "task",
        expression: r#""[a-z0-9-]+""#,
        meaning: "a task of `submission` in lab.yaml",
    },
    Parameter {
        kind: ParameterKind::Folder,
        name: "folder",
        expression: r#""(?:\.?[^"\s/.~][^"\s/]*)(?:/\.?[^"\s/.][^"\s/]*)*/?""#,
        meaning: "a folder in the learner's home, by its path from there",
    },
    Parameter { kind: ParameterKind::Port, name: "port", expression: r"\d{1,5}", meaning: "a TCP port" },
    Parameter { kind: ParameterKind::Status, name: "status", expression: r"\d{1,3}", meaning: "an exit status" },
    Parameter { kind: ParameterKind::Number, name: "number", expression: r"\d{1,10}", meaning: "a whole number" },
    Parameter {
        kind: ParameterKind::Line,
        name: "line",
        expression: QUOTED,
        meaning: "a line that is typed into a session",
    },
    Parameter {
        kind: ParameterKind::Key,
        name: "key",
        expression: "Ctrl-C|Ctrl-D",
        meaning: "a key: Ctrl-C or Ctrl-D",
    },
    Parameter {
        kind: ParameterKind::Path,
        name: "path",
        expression: r#""/[^"]*""#,
        meaning: "a path in a container, from its root",
    },
    Parameter {
        kind: ParameterKind::ObjectKind,
        name: "kind",
        expression: NO_POD,
        meaning: "a kind as manifests name it, such as Deployment or Node, custom kinds included; if several groups have it, \
                  with its group: Ingress.networking.k8s.io. Pods have sentences of their own",
    },
    Parameter {
        kind: ParameterKind::Workload,
        name: "workload",
        expression: "Deployment|StatefulSet|DaemonSet|ReplicaSet",
        meaning: "a kind that keeps Pods running: Deployment, StatefulSet, DaemonSet or ReplicaSet",
    },
    Parameter {
        kind: ParameterKind::Object,
        name: "name",
        expression: NAME,
        meaning: "the name of an object in the scenario's namespace, or of the cluster if its kind belongs to no namespace",
    },
    Parameter {
        kind: ParameterKind::Router,
        name: "router",
        expression: "Ingress|Gateway",
        meaning: "a kind that routes requests from outside: Ingress or Gateway",
    },
    Parameter {
        kind: ParameterKind::Url,
        name: "url",
        expression: r#""https?://[^"\s]+""#,
        meaning: "the URL of a request",
    },
    Parameter {
        kind: ParameterKind::Store,
        name: "store",
        expression: "ConfigMap|Secret",
        meaning: "a kind that holds values: ConfigMap or Secret",
    },
    Parameter {
        kind: ParameterKind::Entry,
        name: "entry",
        expression: NAME,
        meaning: "a key of a ConfigMap or a Secret",
    },
    Parameter {
        kind: ParameterKind::Owned,
        name: "owned",
        expression: "(?:ReplicaSet|Job|Pod|ControllerRevision|EndpointSlice)s?",
        meaning: "a kind that controllers make: ReplicaSets, Jobs, Pods, ControllerRevisions or EndpointSlices",
    },
    Parameter {
        kind: ParameterKind::Field,
        name: "field",
        expression: r#"[a-z]\w*(?:\.\w+|\[\d+\]|\[(?:\w+=)?"[^"]+"\])*"#,
        meaning: "the path of a field, such as type, spec.replicas or spec.template.spec.containers[0].image. A key that has dots or slashes stands in brackets and quotes: metadata.labels[\"app.kubernetes.io/name\"], status.used[\"requests.cpu\"]. The item of a list may be named by one of its fields: spec.taints[key=\"dedicated\"].effect, status.conditions[type=\"Ready\"].reason",
    },
    Parameter {
        kind: ParameterKind::Value,
        name: "value",
        expression: r#""(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|at (?:least|most) \d+|true|false"#,
        meaning: "the value of a field: a number, at least 3, at most 3, true, false, or a text in quotes, which may contain wildcards",
    },
    Parameter {
        kind: ParameterKind::Condition,
        name: "condition",
        expression: NAME,
        meaning: "the type of a condition in an object's status, such as Available",
    },
    Parameter {
        kind: ParameterKind::Verb,
        name: "verb",
        expression: "[a-z]+",
        meaning: "a verb of the API, such as get, list, watch, create, update, patch or delete",
    },
    Parameter {
        kind: ParameterKind::Resource,
        name: "resource",
        expression: r"[a-z]+(?:/[a-z]+)?(?:\.[a-z0-9.-]+)?",
        meaning: "a resource of the API in the plural, such as pods, pods/log or deployments.apps",
    },
    Parameter {
        kind: ParameterKind::Duration,
        name: "duration",
        expression: r"[1-9]\d* ?(?:seconds?|minutes?|s|sec|m|min)",
        meaning: "a duration in whole seconds or minutes, from 1 up, such as 60 seconds, 2 minutes or 1m",
    },
];
