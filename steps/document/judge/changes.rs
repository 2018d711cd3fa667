//! The table of what newer versions print differently. Of each change: what an old document shows, what is printed today
//! (nothing means: no such line, or any), and since when. A group that both have must hold the same.

/// A row of the table.
pub(super) type Change = (&'static str, &'static str, &'static str);

/// What kubectl says of an object that it has changed; `{done}` in the rows.
pub(super) const DONE: &str = "(?:created|configured|unchanged|replaced|exposed|scaled|edited|labeled|annotated|patched|\
    paused|resumed|restarted|autoscaled|rolled back|image updated|env updated|resource requirements updated|cordoned|\
    uncordoned|drained|tainted|untainted|evicted|approved|denied)";

/// What kubectl and the server say.
pub(super) const MESSAGES: &[Change] = &[
    (
        r"(?<begins>The \S+ \S+ is invalid: \S+): Invalid value: v1\.",
        r"(?<begins>The \S+ \S+ is invalid: \S+): Invalid value: \{",
        "newer versions print the value as JSON",
    ),
    (
        r"(?<begins>must be less than or equal to \S+ limit)$",
        r"(?<begins>must be less than or equal to \S+ limit) of ",
        "newer versions say what the limit is",
    ),
    (
        r#"^\S+ "(?<name>\S+)" (force )?deleted$"#,
        r#"^\S+ "(?<name>\S+)" (force )?deleted from \S+ namespace"#,
        "kubectl names the namespace since 1.34",
    ),
    (
        r#"^[a-z]+(?:\.[\w.]+)? "(?<name>[\w.-]+)" {done}"#,
        r"^[a-z]+(?:\.[\w.]+)?/(?<name>[\w.-]+) {done}",
        "kubectl prints kind/name since 1.11, some commands since 1.16",
    ),
    (
        r#"^deployments? "(?<name>[\w.-]+)"$"#,
        r"^deployment\.apps/(?<name>[\w.-]+)\s*$",
        "kubectl prints kind/name since 1.11",
    ),
    (
        r"^(?<kind>deployment|replicaset|daemonset)\.extensions/(?<name>\S+)",
        r"^(?<kind>deployment|replicaset|daemonset)\.apps/(?<name>\S+)",
        "the kind moved to the group apps in 1.16",
    ),
    (
        r"^\S+/(?<name>\S+) labeled$",
        r"^\S+/(?<name>\S+) unlabeled$",
        "kubectl says unlabeled where a label goes since 1.22",
    ),
    (
        r"^No resources found\.?$",
        r"^No resources found(?: in \S+ namespace\.)?$",
        "kubectl names the namespace since 1.17",
    ),
    (
        r"^Waiting for rollout to finish:",
        r#"^Waiting for deployment "\S+" rollout to finish:"#,
        "kubectl names the Deployment since 1.12",
    ),
    (r"^warning: (?i)", r"^Warning: ", "kubectl writes warnings with a capital since 1.20"),
    (
        r"^WARNING: ignoring DaemonSet-managed",
        r"^Warning: ignoring DaemonSet-managed",
        "kubectl writes warnings with a capital since 1.20",
    ),
    (r#"^evicting pod "[\w.-]+"$"#, r"^evicting pod [\w.-]+/[\w.-]+$", "kubectl names the namespace since 1.18"),
    (
        r"^Warning: kubectl apply should be used on resource created by",
        r"^Warning: resource \S+ is missing the .*last-applied-configuration annotation",
        "the warning's words changed in 1.20",
    ),
    (
        r#"unable to recognize "(?<file>[^"]*)": no matches for kind "(?<kind>\w+)""#,
        r#"resource mapping not found for name: .* from "(?<file>[^"]*)": no matches for kind "(?<kind>\w+)""#,
        "kubectl's words changed in 1.24",
    ),
    (
        r#"ValidationError\([\w.\[\]]+\): unknown field "(?<field>\w+)""#,
        r#"strict decoding error: .*unknown field "(?:[\w.]+\.|[\w.]+(?:\[\d+\][\w.]*)*\.)?(?<field>\w+)""#,
        "the server checks the fields since 1.25",
    ),
    (
        r"(?:Invalid value|Invalid value:) ?:? ?(?:v1|core|apps|intstr|resource)\.\w+\{",
        r#"Invalid value: [{"\[\d]"#,
        "the server prints the value as JSON since 1.33",
    ),
    (
        r"pod updates may not change fields other than",
        r"pod updates may not change fields other than",
        "newer versions allow changes to more fields",
    ),
    (
        r#"User "\S+" cannot (?<verb>\w+) [a-z]+ (?:in the namespace|at the cluster scope)"#,
        r#"is forbidden: User "\S+" cannot (?<verb>\w+) resource "\w+" in API group"#,
        "the server names the resource and its group since 1.12",
    ),
    (
        r"^Error from server \(AlreadyExists\): (?<what>\w+.* already exists)$",
        r"^error: failed to create \w+: (?<what>\w+.* already exists)$",
        "kubectl says what it could not create since 1.20",
    ),
    (
        r"spec is immutable after creation except resources\.requests",
        r"spec is immutable after creation except resources\.requests and volumeAttributesClassName",
        "a claim may change its class since 1.29",
    ),
    (
        r#"unknown field "(?:[\w.]+\.)?initContainers\[\d+\]\.restartPolicy""#,
        r"^\S+ (?:created|configured)",
        "an init container may restart, as a sidecar, since 1.29",
    ),
    (r"^no - no RBAC policy matched", r"^no$", "kubectl leaves the reason out today"),
    (
        r"^error: .*DaemonSet-managed [Pp]ods",
        r"DaemonSet-managed Pods \(use --ignore-daemonsets to ignore\)",
        "kubectl's words changed in 1.21",
    ),
    (
        r"[Pp]ods with local storage \(use --delete-local-data",
        r"Pods with local storage \(use --delete-emptydir-data",
        "the option is called --delete-emptydir-data since 1.20",
    ),
    (
        r"failed quota: .*: must specify [\w.,-]+$",
        r"failed quota: .*: must specify \S+ for: ",
        "the message names the containers since 1.24",
    ),
    (
        r"^Kubernetes master is running at",
        r"^Kubernetes control plane is running at",
        "kubectl says control plane since 1.20",
    ),
    (r"^KubeDNS is running at", r"^CoreDNS is running at", "the cluster's DNS is CoreDNS since 1.13"),
    (
        r"^(?<side>Client|Server) Version: version\.Info",
        r"^(?<side>Client|Server) Version: v",
        "kubectl version prints the short form only since 1.28",
    ),
    (r"^WARNING: This version information is deprecated", "", "kubectl version prints the short form only since 1.28"),
    (
        r"^Use 'kubectl describe pod/\S+ -n \S+' to see all of the containers",
        "",
        "kubectl says `Defaulted container … out of: …` since 1.21",
    ),
    (r"^Defaulting container name to", "", "kubectl says `Defaulted container … out of: …` since 1.21"),
    (r"a container name must be specified for pod", "", "kubectl takes the first container since 1.22"),
    (
        r"OCI runtime exec failed: exec failed: container_linux\.go",
        r"OCI runtime exec failed: exec failed: unable to start container process",
        "the container runtime's words changed",
    ),
    ("^$", r"^All commands and output from this session will be recorded", "newer versions of kubectl print this note"),
    ("^$", r"^selfsubjectreviews\.authentication\.k8s\.io ", "the resource exists since 1.28"),
    (r"REDACTED$", r"DATA\+OMITTED$", "kubectl's words changed in 1.14"),
    (r"^map\[", r"^[{\[]", "kubectl prints such a value as JSON since 1.17"),
    (r"^kubectl run --generator=\S+ is DEPRECATED", "", "kubectl run makes only Pods since 1.18"),
    (r"--generator|--replicas|unknown flag: --record", "", "the option was removed in 1.18"),
    (r"^Flag --\S+ has been deprecated", "", "the option was removed"),
];

/// Messages of events.
pub(super) const EVENTS: &[Change] = &[
    (
        r"(?:Exec|Http) lifecycle hook \(.*\) for Container .* failed",
        r"(?:PostStart|PreStop)Hook failed",
        "the kubelet's words are shorter in newer versions",
    ),
    (
        r"Created container \S+$",
        r"Created container: \S+|Container created",
        "the kubelet's words changed in 1.32 and in 1.35",
    ),
    (r"Created container: \S+$", r"Container created", "the kubelet's words changed in 1.35"),
    (
        r"(?<did>Created|Started) container$",
        r"(?<did>Created|Started) container:? \S+$|Container (?:created|started)",
        "the kubelet names the container since 1.16",
    ),
    (r"Started container \S+$", r"Container started", "the kubelet's words changed in 1.35"),
    (
        r"(?:Created|Started) container with (?:docker )?id",
        r"(?:Created|Started) container|Container (?:created|started)",
        "the kubelet's words changed in 1.10",
    ),
    (
        r"Killing container with id",
        r"Container \S+ failed liveness probe|Stopping container",
        "the kubelet's words changed in 1.14",
    ),
    (r"^pulling image", r"^Pulling image", "the kubelet's words changed in 1.15"),
    (
        r"^Successfully assigned [\w.-]+ to \S+$",
        r"^Successfully assigned [\w.-]+/[\w.-]+ to \S+$",
        "the scheduler names the namespace since 1.12",
    ),
    (r"^MountVolume\.SetUp succeeded", "", "there is no such event since 1.12"),
    (
        r"^Back-off restarting failed container$",
        r"^Back-off restarting failed container \S+ in pod",
        "the kubelet names the container since 1.27",
    ),
    (
        r"^Scaled (?<way>up|down) replica set (?<set>\S+) to (?<to>\d+)(?: from \d+)?$",
        r"^Scaled (?<way>up|down) replica set (?<set>\S+) from \d+ to (?<to>\d+)$",
        "the event tells both numbers since 1.25",
    ),
    (
        r"didn't match node selector|didn't match Pod's node affinity$|node\(s\) didn't match node affinity",
        r"didn't match Pod's node affinity/selector",
        "the scheduler's words changed in 1.21",
    ),
    (
        r"node\(s\) had taints? .*(?:that the pod didn't tolerate)",
        r"node\(s\) had untolerated taint",
        "the scheduler's words changed in 1.24",
    ),
    (
        r"node\(s\) had untolerated taints? \{",
        r"node\(s\) had untolerated taint\(s\)",
        "the scheduler does not name the taints since 1.34",
    ),
    (
        r"nodes are available: .*(?<why>Insufficient [\w/-]+)\.?$",
        r"nodes are available: .*(?<why>Insufficient [\w/-]+)\..*[Pp]reemption",
        "the scheduler tells what preemption does since 1.24",
    ),
    (
        r"^Saw completed job: (?<job>\S+), status: Complete$",
        r"^Saw completed job: (?<job>\S+), condition: Complete$",
        "the controller's words changed in newer versions",
    ),
    (
        r"waiting for a volume to be created, either by external provisioner",
        r"Waiting for a volume to be created either by the external provisioner",
        "the controller's words changed in 1.28",
    ),
];

/// Lines of `kubectl describe`.
pub(super) const DESCRIPTIONS: &[Change] = &[
    (r"^PriorityClassName:\s", "^$", "newer versions show the class only if it is set, as Priority Class Name"),
    (
        r"^(?:\w+:\s+)?(?:controller-uid|job-name)=",
        r"^(?:\w+:\s+)?batch\.kubernetes\.io/(?:controller-uid|job-name)=",
        "the labels of a Job have the prefix batch.kubernetes.io since 1.27",
    ),
    (r"ConfigMapOptional:", r"^\s*Optional:", "kubectl calls the field Optional today"),
    (
        r"^Type:\s+Secret \(a volume populated by a Secret\)$",
        r"^Type:\s+Projected \(",
        "a Pod mounts the projected volume kube-api-access-… since 1.21",
    ),
    (
        r"^(?:Name:|Mountable secrets:|Tokens:|Type: )?.*\b[\w-]+-token-[a-z0-9]{5}\b",
        "",
        "there are no token Secrets since 1.24; a Pod mounts kube-api-access-…",
    ),
    (
        r"#success=(?<s>\d+) #failure=(?<f>\d+)",
        r"successThreshold=(?<s>\d+) failureThreshold=(?<f>\d+)",
        "kubectl writes out the fields of a probe since 1.37",
    ),
    ("^$", r"PodReadyToStartContainers", "the condition exists since 1.29"),
    (
        r"node\.kubernetes\.io/(?<taint>not-ready|unreachable):NoExecute for 300s",
        r"node\.kubernetes\.io/(?<taint>not-ready|unreachable):NoExecute op=Exists for 300s",
        "kubectl prints the operator since 1.20",
    ),
    (
        r"^Pods Statuses:\s+\d+ Running / (?<done>\d+) Succeeded / (?<failed>\d+) Failed",
        r"^Pods Statuses:\s+\d+ Active \(\d+ Ready\) / (?<done>\d+) Succeeded / (?<failed>\d+) Failed",
        "kubectl counts active Pods since 1.23",
    ),
    (
        r"^Pods Statuses:\s+\d+ Active / (?<done>\d+) Succeeded / (?<failed>\d+) Failed",
        r"^Pods Statuses:\s+\d+ Active \(\d+ Ready\) / (?<done>\d+) Succeeded / (?<failed>\d+) Failed",
        "kubectl counts ready Pods too in newer versions",
    ),
    (
        r"^OldReplicaSets:\s+<none>$",
        r"^OldReplicaSets:\s+\S+ \(0/0 replicas created\)",
        "newer versions list ReplicaSets of 0 replicas too",
    ),
    (r"^IP Families:\s+<none>$", r"^IP Families:\s+IPv", "a Service has families of addresses since 1.20"),
    (r"^$", r"^(?:Node-Selectors|Tolerations):\s", "newer versions print these fields of a template"),
    (
        r"^Allowing (?<way>ingress|egress) traffic:$",
        r"^Not affecting (?<way>ingress|egress) traffic$",
        "kubectl says today which traffic a policy does not affect",
    ),
    (
        r"^<none> \(Selected pods are isolated for (?:ingress|egress) connectivity\)$",
        "^$",
        "kubectl says today which traffic a policy does not affect",
    ),
    (r"^$", r"^(?:configmap/)?kube-root-ca\.crt\s+1\s", "each namespace has the ConfigMap kube-root-ca.crt since 1.20"),
    ("^$", r"^(?:IP Family Policy|IP Families|IPs):", "a Service has families of addresses since 1.20"),
    ("^$", r"^(?:Internal Traffic Policy):", "kubectl prints the policy in newer versions"),
    ("^$", r"^Service Account:", "kubectl prints the ServiceAccount since 1.22"),
    ("^$", r"^(?:Completion Mode|Suspend):", "kubectl prints the field since 1.22"),
    (r"^Mounted By:", r"^Used By:", "kubectl calls the field Used By since 1.20"),
    ("^$", r"^Used By:", "kubectl prints the field since 1.20"),
    (r"\bcontrol-plane,master\b", r"\bcontrol-plane\b", "the role is called only control-plane since 1.24"),
    (r"docker-pullable://|docker://", "containerd://|@sha256:|^$", "Kubernetes runs no Docker since 1.24"),
    (
        r"node-role\.kubernetes\.io/master",
        r"node-role\.kubernetes\.io/control-plane",
        "the label is called control-plane since 1.24, and the taint since 1.25",
    ),
];

/// Fields of objects, and cells of tables.
pub(super) const FIELDS: &[Change] = &[
    (r"creationTimestamp: null", "^$", "kubectl leaves the empty field out since 1.34"),
    (r"^\s*(?:metadata\.)?selfLink:", "^$", "the field is gone since 1.20"),
    ("^$", r"(^|\.)(observedGeneration|generation)$", "Kubernetes 1.34 counts generations in a Pod"),
    ("^$", r"status\.(hostIPs|podIPs)$", "newer versions list all addresses"),
    ("^$", r"spec\.(clusterIPs|ipFamilies|ipFamilyPolicy)$", "a Service has families of addresses since 1.20"),
    ("^$", r"spec\.internalTrafficPolicy$", "the field exists since 1.22"),
    ("^$", r"spec\.enableServiceLinks$", "the field exists since 1.13"),
    ("^$", r"spec\.preemptionPolicy$", "the field exists since 1.19"),
    ("^$", r"spec\.(completionMode|suspend|podReplacementPolicy)$", "a Job has the field in newer versions"),
    ("^$", r"(?:labels|matchLabels)\.batch\.kubernetes\.io/[\w-]+$", "a Job's labels have this prefix since 1.27"),
    ("^$", r"spec\.persistentVolumeClaimRetentionPolicy$", "the field exists since 1.27"),
    (
        "^$",
        r"containerStatuses\[\w+\]\.(resources|volumeMounts|allocatedResources|user|started)$",
        "newer versions report it for each container",
    ),
    (r"^ROLES of \S+: master$", "control-plane", "the role is called control-plane since 1.20"),
    (
        r"^STATUS of \S+: ContainerCannotRun$",
        "StartError|RunContainerError|CrashLoopBackOff",
        "containerd's word is StartError",
    ),
    (r"^TARGETS of \S+: (<unknown>|\d+%)/", r"^TARGETS: \w+: (<unknown>|\d+%)/", "kubectl names the metric since 1.30"),
];

/// What other programs print.
pub(super) const OTHERS: &[Change] = &[
    (
        r"^\s*apiVersion: (?<group>[\w.]+)/v\d+(?:alpha|beta)\d+$",
        r"^\s*apiVersion: (?<group>[\w.]+)/v\d+$",
        "the API has left its beta version",
    ),
    (
        r"^\s*apiVersion: extensions/v\d+beta\d+$",
        r"^\s*apiVersion: (?:apps|networking\.k8s\.io|policy)/v\d+$",
        "the API is in another group since 1.16",
    ),
    (
        r"^Address(?: 1)?:\s+[\d.]+(?: \S+)?$",
        r"^Address:\s+[\d.]+(?::53)?$",
        "newer versions of busybox print addresses in another form",
    ),
    (
        r"^> @ start |^> \S+@\S+ start /",
        r"^> ?\S*@?\S* ?start",
        "npm prints the package instead of its folder since version 7",
    ),
    (r#"^> node .*""#, r"^> node ", "npm does not quote arguments since version 7"),
    (
        r"^Sending build context|^Step \d+/\d+|^ ---> |^Removing intermediate|^Successfully (built|tagged)",
        r"^#\d+ ",
        "Docker builds with BuildKit since version 23",
    ),
];
