//! The words of kubectl and of manifests, and which of them a misspelt word stands for.

use std::sync::LazyLock;

use crate::{
    expression::ALIASES,
    kinds::{self, KINDS, Kind},
    sheet::spelling::distance,
};

/// The subcommands of kubectl.
const SUBCOMMANDS: &str = "create expose run set explain get edit delete rollout scale autoscale certificate \
    cluster-info top cordon uncordon drain taint describe logs attach exec port-forward proxy cp auth debug events \
    diff apply patch replace wait kustomize label annotate completion alpha api-resources api-versions config plugin \
    version options help";

/// The options of kubectl whose value may be a word of its own.
const WITH_VALUE: &str = "-n --namespace -l --selector -f --filename -k --kustomize -o --output -p --patch -c --container \
    --type --field-selector --context --kubeconfig --cluster --user --as --as-group --replicas --timeout --grace-period \
    --cascade --image -v --v -s --server --token --request-timeout --patch-file --field-manager --pod-selector \
    --overrides --retries --pod-running-timeout";

/// The kinds that documents name.
const TAUGHT: &str = "Pod Service Deployment ReplicaSet StatefulSet DaemonSet Job CronJob ConfigMap Secret Namespace Node \
    PersistentVolume PersistentVolumeClaim StorageClass ServiceAccount Role RoleBinding ClusterRole \
    ClusterRoleBinding Ingress NetworkPolicy HorizontalPodAutoscaler PodDisruptionBudget ResourceQuota \
    LimitRange Endpoints Event PriorityClass";

/// The plural and singular names of these kinds, as kubectl takes them.
static LONG: LazyLock<Vec<String>> = LazyLock::new(|| {
    let taught = TAUGHT.split_whitespace().filter_map(kinds::named);
    taught.flat_map(|kind| kind.words().take(2)).collect()
});

/// The fields of manifests that documents and courses use.
const FIELDS: &str = "apiVersion kind metadata spec name namespace labels annotations selector matchLabels \
    matchExpressions template containers initContainers image imagePullPolicy command args ports containerPort \
    hostPort protocol env envFrom value valueFrom configMapKeyRef secretKeyRef fieldRef fieldPath configMapRef \
    secretRef volumeMounts mountPath subPath readOnly volumes emptyDir hostPath configMap secret secretName items \
    key path persistentVolumeClaim claimName resources requests limits memory cpu storage livenessProbe \
    readinessProbe startupProbe httpGet tcpSocket exec initialDelaySeconds periodSeconds timeoutSeconds \
    failureThreshold successThreshold restartPolicy nodeSelector nodeName affinity tolerations securityContext \
    runAsUser runAsGroup fsGroup capabilities privileged serviceAccountName replicas strategy rollingUpdate maxSurge \
    maxUnavailable minReadySeconds revisionHistoryLimit targetPort nodePort port clusterIP externalName \
    loadBalancerIP type accessModes storageClassName volumeName volumeClaimTemplates serviceName backoffLimit \
    completions parallelism ttlSecondsAfterFinished activeDeadlineSeconds schedule jobTemplate concurrencyPolicy \
    suspend data stringData rules host http paths pathType backend service number ingressClassName tls podSelector \
    ingress egress from to policyTypes hostname subdomain dnsPolicy terminationGracePeriodSeconds lifecycle \
    postStart preStop shareProcessNamespace hostNetwork subjects roleRef apiGroup apiGroups verbs minReplicas \
    maxReplicas scaleTargetRef metrics hard allowPrivilegeEscalation allowVolumeExpansion \
    automountServiceAccountToken averageUtilization behavior capacity cidr completionMode defaultBackend defaultMode \
    downwardAPI effect endPort ephemeralContainers except externalTrafficPolicy failedJobsHistoryLimit finalizers \
    generateName grpc hostAliases hostIPC hostPID httpHeaders imagePullSecrets immutable ipBlock labelSelector local \
    maxSkew medium minAvailable mode mountPropagation namespaceSelector nfs nodeAffinity nodeSelectorTerms operator \
    optional parameters persistentVolumeReclaimPolicy podAffinity podAntiAffinity podManagementPolicy \
    preemptionPolicy priorityClassName progressDeadlineSeconds projected provisioner publishNotReadyAddresses \
    readOnlyRootFilesystem reclaimPolicy resourceFieldRef resourceNames runAsNonRoot schedulerName seccompProfile \
    seLinuxOptions sessionAffinity sizeLimit sources startingDeadlineSeconds stdin successfulJobsHistoryLimit \
    supplementalGroups sysctls target terminationMessagePath timeZone tolerationSeconds topologyKey \
    topologySpreadConstraints tty updateStrategy volumeBindingMode volumeMode whenUnsatisfiable workingDir";

/// Programs in which a person edits a file: an expression.
pub const EDITORS: &str = "vi|n?vim|nano|pico|micro|emacs|code|gedit|kate|mcedit|notepad|subl";

/// Programs in which a person types further commands, if they are given none: an expression.
pub const CLIENTS: &str = "mysql|mariadb|psql|redis-cli|mongo|mongosh|sqlite3|cqlsh|python3?|node|irb|ipython";

/// Whether a word is kubectl, or what authors call it.
#[must_use]
pub fn is_kubectl(word: &str) -> bool {
    word == "kubectl" || ALIASES.contains(&word)
}

/// Whether a word is kubectl with a wrong letter or two.
#[must_use]
pub fn is_nearly_kubectl(word: &str) -> bool {
    word.len() > 4 && word != "kubectl" && distance(word, "kubectl") <= 2
}

/// Whether the next word is the value of this option of kubectl.
#[must_use]
pub fn takes_a_value(option: &str) -> bool {
    WITH_VALUE.split_whitespace().any(|known| known == option)
}

/// Whether kubectl takes this short option before any subcommand.
#[must_use]
pub fn is_general(option: &str) -> bool {
    ["-n", "-s", "-v", "-h"].contains(&option)
}

/// Whether kubectl has this subcommand.
#[must_use]
pub fn is_subcommand(word: &str) -> bool {
    SUBCOMMANDS.split_whitespace().any(|known| known == word)
}

/// Whether a command of kubectl has a misspelt subcommand.
#[must_use]
pub fn has_unknown_subcommand(command: &str) -> bool {
    let mut words = command.split_whitespace().skip_while(|word| !is_kubectl(word)).skip(1);
    let first = words.find(|word| !word.starts_with('-'));
    first.is_some_and(|word| !is_subcommand(word) && subcommand_like(word).is_some())
}

/// The subcommand that a misspelt word stands for: it begins with the same letter, and one letter is wrong, or two of a
/// long word.
#[must_use]
pub fn subcommand_like(word: &str) -> Option<&'static str> {
    let most = if word.len() < 5 { 1 } else { 2 };
    let alike = SUBCOMMANDS.split_whitespace().filter(|known| known.chars().next() == word.chars().next());
    let near = alike.map(|known| (distance(word, known), known)).min()?;
    (near.0 <= most).then_some(near.1)
}

/// The kind, as kubectl takes it, that a misspelt word stands for.
#[must_use]
pub fn kind_like(word: &str) -> Option<&'static str> {
    nearest(word, LONG.iter().map(String::as_str), 0.75)
}

/// The kind, as a manifest has it, that a misspelt word stands for.
#[must_use]
pub fn manifest_kind_like(word: &str) -> Option<&'static str> {
    nearest(word, TAUGHT.split_whitespace(), 0.75)
}

/// The fields of manifests that are known here.
pub fn fields() -> impl Iterator<Item = &'static str> {
    FIELDS.split_whitespace()
}

/// Whether kubectl knows this as the name of a kind: its plural, its singular or a short name.
#[must_use]
pub fn is_kind(word: &str) -> bool {
    of_word(word).is_some()
}

/// The kind that kubectl knows by this name.
fn of_word(word: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.words().any(|known| known.eq_ignore_ascii_case(word)))
}

/// The plural or singular name of a kind, as kubectl takes it, in which one letter is wrong.
#[must_use]
pub fn kind_misspelt(word: &str) -> Option<&'static str> {
    let known = LONG.iter().map(String::as_str);
    known.filter(|_| word.len() > 3 && !is_kind(word)).find(|known| distance(word, known) == 1)
}

/// The field that a misspelt word stands for.
#[must_use]
pub fn field_like(word: &str) -> Option<&'static str> {
    if fields().any(|field| field == word) {
        return None;
    }
    nearest(word, fields(), 0.75)
}

/// The file that a misspelt name stands for: one that is called nearly so. Names that differ in a number are two names.
#[must_use]
pub fn file_like<'a>(name: &str, files: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let stem = stem(name)?;
    let alike = |file: &&'a str| {
        let other = self::stem(file).unwrap_or_default();
        *file != name && (stem == other || !differ_in_a_number(stem, other)) && likeness(stem, other) > 0.65
    };
    files.filter(alike).max_by(|one, other| likeness(name, one).total_cmp(&likeness(name, other)))
}

/// The name of a file without its folder and its extension; [`None`] if it has no extension.
fn stem(name: &str) -> Option<&str> {
    name.rsplit('/').next()?.rsplit_once('.').map(|(stem, _)| stem)
}

/// Whether two names are equal but for their digits.
#[must_use]
pub fn differ_in_a_number(one: &str, other: &str) -> bool {
    let bare = |name: &str| name.chars().filter(|letter| !letter.is_ascii_digit()).collect::<String>();
    one != other && bare(one) == bare(other)
}

/// A kind as one word for all its spellings: `pod` for `po`, `pods` and `Pod`.
#[must_use]
pub fn singular(kind: &str) -> String {
    of_word(kind).map_or(kind, |known| known.name).to_lowercase()
}

/// The one of these names that is most like a name, if it is at least so much alike, from 0 to 1.
#[must_use]
pub fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>, least: f32) -> Option<&'a str> {
    let best = names.map(|other| (likeness(name, other), other)).max_by(|one, other| one.0.total_cmp(&other.0))?;
    (best.0 >= least).then_some(best.1)
}

/// How alike two words are, from 0 to 1; capitals do not count.
#[must_use]
pub fn likeness(one: &str, other: &str) -> f32 {
    similar::TextDiff::from_chars(one.to_lowercase(), other.to_lowercase()).ratio()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_word_stands_for_the_one_that_is_most_like_it() {
        assert_eq!(subcommand_like("log"), Some("logs"));
        assert_eq!(subcommand_like("aply"), Some("apply"));
        assert_eq!(subcommand_like("crete"), Some("create"));
        assert_eq!(subcommand_like("neat"), None);
        assert_eq!(subcommand_like("port-foward"), Some("port-forward"));
        assert_eq!(subcommand_like("decsribe"), Some("describe"));
        // kubectl had these once, or a plugin has them.
        for other in ["rolling-update", "stop", "resize", "convert", "prune", "myplugin", "namespace"] {
            assert_eq!(subcommand_like(other), None, "{other}");
        }
        assert_eq!(kind_like("deploymnets"), Some("deployments"));
        assert_eq!(kind_like("psp"), None);
        assert_eq!(manifest_kind_like("Deploymnt"), Some("Deployment"));
        assert_eq!(field_like("conatiners"), Some("containers"));
        assert_eq!(field_like("limits"), None);
        assert_eq!(file_like("wbe.yaml", ["web.yaml", "db.yaml"].into_iter()), Some("web.yaml"));
        assert_eq!(file_like("web.yml", ["web.yaml"].into_iter()), Some("web.yaml"));
        assert_eq!(file_like("other.yaml", ["web.yaml"].into_iter()), None);
    }

    #[test]
    fn all_spellings_of_a_kind_are_one() {
        for (kind, one) in [("po", "pod"), ("pods", "pod"), ("Deployment", "deployment"), ("svc", "service")] {
            assert_eq!(singular(kind), one);
        }
        assert_eq!(singular("ingresses"), "ingress");
        assert_eq!(singular("widget"), "widget");
    }
}
