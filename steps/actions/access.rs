//! What a `ServiceAccount`, a user or a group may do, according to the API server.

mod bound;

use std::{
    fmt,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use k8s_openapi::{
    api::{
        authorization::v1::{
            ResourceAttributes, SubjectAccessReview, SubjectAccessReviewSpec, SubjectAccessReviewStatus,
        },
        core::v1::ServiceAccount,
        rbac::v1::{ClusterRoleBinding, PolicyRule, Role, RoleBinding, RoleRef, Subject},
    },
    apimachinery::pkg::apis::meta::v1::ObjectMeta,
};
use kube::{
    Api,
    api::{DeleteParams, ListParams, PostParams},
};

use super::repeated;
use crate::{
    cluster::{Cluster, ask},
    scene::Scene,
    verdict::{Fault, Outcome, Verdict},
};

/// The API's verbs for resources. For any other verb, the server would only answer that it is not allowed.
const VERBS: [&str; 13] = [
    "get",
    "list",
    "watch",
    "create",
    "update",
    "patch",
    "delete",
    "deletecollection",
    "bind",
    "escalate",
    "impersonate",
    "use",
    "approve",
];

/// Who may do something. Kubernetes has no objects for users and groups: only bindings name them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// The `ServiceAccount` with this name.
    ServiceAccount(String),
    /// The user with this name.
    User(String),
    /// Some user of this group.
    Group(String),
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ServiceAccount(name) => write!(f, "the ServiceAccount {name}"),
            Self::User(name) => write!(f, "the user {name}"),
            Self::Group(name) => write!(f, "a user of the group {name}"),
        }
    }
}

impl Holder {
    /// The user and the groups as which the API server knows it.
    fn identity(&self, namespace: &str) -> (String, Vec<String>) {
        let authenticated = "system:authenticated".to_owned();
        match self {
            Self::ServiceAccount(name) => {
                let all = "system:serviceaccounts";
                (
                    format!("system:serviceaccount:{namespace}:{name}"),
                    vec![all.to_owned(), format!("{all}:{namespace}"), authenticated],
                )
            }
            Self::User(name) => (name.clone(), vec![authenticated]),
            Self::Group(name) => ("labproof:user".to_owned(), vec![name.clone(), authenticated]),
        }
    }

    /// Fails if the holder does not exist, or if nothing shows that it does: a misspelt user has no rights either.
    async fn assert_exists(&self, cluster: &Cluster, namespace: &str, is_wanted: bool) -> Outcome {
        let (kind, name) = match self {
            Self::ServiceAccount(name) => {
                let accounts = cluster.api::<ServiceAccount>(namespace);
                let found = ask(&format!("read the ServiceAccount {name}"), accounts.get_opt(name)).await?;
                return found.map(|_| ()).ok_or_else(|| Fault::failed(format!("{self} does not exist")));
            }
            Self::User(name) => ("User", name),
            Self::Group(name) => ("Group", name),
        };
        let names_it = |subjects: Option<Vec<Subject>>| {
            subjects.into_iter().flatten().any(|subject| subject.kind == kind && subject.name == *name)
        };
        let (bindings, all) = (cluster.api::<RoleBinding>(namespace), Api::<ClusterRoleBinding>::all(cluster.client()));
        let everything = ListParams::default();
        let bindings = ask("list the RoleBindings", bindings.list(&everything)).await?;
        let all = ask("list the ClusterRoleBindings", all.list(&everything)).await?;
        let mut subjects = bindings.items.into_iter().map(|one| one.subjects);
        if is_wanted || subjects.any(names_it) || all.items.into_iter().any(|one| names_it(one.subjects)) {
            return Ok(());
        }
        let kind = kind.to_lowercase();
        Err(Fault::failed(format!(
            "no RoleBinding of this namespace and no ClusterRoleBinding names the {kind} {name}"
        ))
        .hint("a misspelt name has no rights either: bind a role to it first"))
    }
}

/// What somebody may do.
#[derive(Clone, Copy, Debug)]
pub struct Right<'a> {
    /// The verb.
    pub verb: &'a str,
    /// The resource in the plural, perhaps with a part and a group: `pods/log`, `deployments.apps`.
    pub resource: &'a str,
    /// The name of one object; [`None`] for all.
    pub name: Option<&'a str>,
}

impl fmt::Display for Right<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.verb, self.resource)?;
        self.name.map_or(Ok(()), |name| write!(f, " called {name}"))
    }
}

/// Asks whether somebody may do something in the scenario's namespace, and compares the answer with `is_wanted`.
///
/// # Errors
/// If the answer differs, or if the account, the verb or the resource does not exist.
pub async fn expect(scene: &Scene, holder: &Holder, right: &Right<'_>, is_wanted: bool) -> Outcome {
    let Right { verb, resource, name } = *right;
    let (cluster, namespace) = (scene.cluster.own()?, &scene.namespace);
    if !VERBS.contains(&verb) {
        return Err(
            Fault::failed(format!("the API has no verb {verb}")).hint(format!("use one of {}", VERBS.join(", ")))
        );
    }
    holder.assert_exists(cluster, namespace, is_wanted).await?;
    let (plural, subresource, group) = parts(resource);
    let Some(in_namespaces) = cluster.find_kind(|kinds| kinds.is_in_namespaces(group, plural)).await? else {
        return Err(Fault::failed(format!("the cluster has no resource {resource}"))
            .hint("write it in the plural, and with its group unless it is v1: pods, pods/log, deployments.apps"));
    };
    until_seen(scene, cluster).await?;
    let (user, groups) = holder.identity(namespace);
    let text = |text: &str| Some(text.to_owned());
    let attributes = ResourceAttributes {
        // A right in a namespace is none to what has no namespace. The server counts a namespace itself as in itself.
        namespace: if in_namespaces { text(namespace) } else { name.filter(|_| plural == "namespaces").and_then(text) },
        verb: text(verb),
        group: text(group),
        resource: text(plural),
        subresource: subresource.and_then(text),
        name: name.and_then(text),
        ..ResourceAttributes::default()
    };
    // The server learns of roles of the whole cluster apart from those of a namespace.
    let answer = repeated::until(if is_wanted { LIMIT } else { Duration::ZERO }, async |_| {
        let status = review(cluster, user.clone(), groups.clone(), attributes.clone()).await?;
        if status.allowed || !is_wanted { Ok(status) } else { Err(Fault::failed("it is not allowed")) }
    });
    let status = match answer.await {
        Err(fault) if fault.verdict == Verdict::Failed => SubjectAccessReviewStatus::default(),
        answer => answer?,
    };
    match (status.allowed, is_wanted) {
        (true, false) => Err(Fault::failed(format!("{holder} may {right}, but should not"))
            .seen("because", status.reason.unwrap_or_default())),
        (false, true) => {
            let fault = Fault::failed(format!("{holder} may not {right}"));
            // An error is ignored: this only explains.
            let bound = holder.bound(cluster, namespace).await.unwrap_or_default();
            Err(explained(fault, &bound))
        }
        _ => Ok(()),
    }
}

/// The fault of a missing right, with what the `RoleBindings` of the namespace give.
fn explained(fault: Fault, bound: &[String]) -> Fault {
    if bound.is_empty() {
        let hint = "a RoleBinding in this namespace, or a ClusterRoleBinding, must give it a role that allows this";
        return fault.hint(hint);
    }
    fault
        .seen("what RoleBindings of this namespace give it", bound.join("\n"))
        .hint("one of these roles must allow it; a role names resources in the plural, such as pods")
}

/// Asks the API server whether a user may do something.
async fn review(
    cluster: &Cluster,
    user: String,
    groups: Vec<String>,
    attributes: ResourceAttributes,
) -> Outcome<SubjectAccessReviewStatus> {
    let spec = SubjectAccessReviewSpec {
        user: Some(user),
        groups: Some(groups),
        resource_attributes: Some(attributes),
        ..SubjectAccessReviewSpec::default()
    };
    let review = SubjectAccessReview { spec, ..SubjectAccessReview::default() };
    let reviews: Api<SubjectAccessReview> = Api::all(cluster.client());
    Ok(ask("find out what somebody may do", reviews.create(&PostParams::default(), &review))
        .await?
        .status
        .unwrap_or_default())
}

/// How long the API server may take to learn of a role or a binding.
const LIMIT: Duration = Duration::from_secs(10);

/// Waits until the API server's authorizer knows all Roles and `RoleBindings` that the namespace has now. It learns of them a
/// moment after they are created, in the order of their creation: so a right that labproof gives at last is the last one that
/// it learns.
async fn until_seen(scene: &Scene, cluster: &Cluster) -> Outcome {
    /// A name that was used before might still be known.
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let namespace = &scene.namespace;
    let name = format!("labproof-asks-{}-{}", scene.context.run, COUNT.fetch_add(1, Ordering::Relaxed));
    let (us, user) = (PostParams::default(), format!("labproof:{name}"));
    let meta = || ObjectMeta { name: Some(name.clone()), ..ObjectMeta::default() };
    let reads = PolicyRule {
        api_groups: Some(vec![String::new()]),
        resources: Some(vec!["pods".into()]),
        resource_names: Some(vec![name.clone()]),
        verbs: vec!["get".into()],
        ..PolicyRule::default()
    };
    let role = Role { metadata: meta(), rules: Some(vec![reads]) };
    let role_ref = RoleRef { api_group: RBAC.into(), kind: "Role".into(), name: name.clone() };
    let subject = Subject { kind: "User".into(), name: user.clone(), ..Subject::default() };
    let binding = RoleBinding { metadata: meta(), role_ref, subjects: Some(vec![subject]) };
    let (roles, bindings) = (cluster.api::<Role>(namespace), cluster.api::<RoleBinding>(namespace));
    let made = async {
        ask("create a Role", roles.create(&us, &role)).await?;
        ask("create a RoleBinding", bindings.create(&us, &binding)).await
    };
    let made = made.await;
    let attributes = ResourceAttributes {
        namespace: Some(namespace.into()),
        verb: Some("get".into()),
        resource: Some("pods".into()),
        name: Some(name.clone()),
        ..ResourceAttributes::default()
    };
    let seen = repeated::until(LIMIT, async |_| {
        let status = review(cluster, user.clone(), Vec::new(), attributes.clone()).await?;
        if status.allowed { Ok(()) } else { Err(Fault::failed("the API server does not know a new RoleBinding")) }
    });
    let seen = match made {
        Ok(_) => seen.await.map_err(|fault| Fault { verdict: Verdict::Broken, ..fault }),
        Err(fault) => Err(fault),
    };
    let gone = DeleteParams::default();
    let unbound = ask("delete a RoleBinding", bindings.delete(&name, &gone)).await;
    let unmade = ask("delete a Role", roles.delete(&name, &gone)).await;
    seen.and(unbound.map(|_| ())).and(unmade.map(|_| ()))
}

/// The API group of Roles.
const RBAC: &str = "rbac.authorization.k8s.io";

/// The plural, the subresource and the group of a written resource: `pods/log`, `deployments.apps`.
fn parts(resource: &str) -> (&str, Option<&str>, &str) {
    let (name, group) = resource.split_once('.').unwrap_or((resource, ""));
    let (plural, subresource) = name.split_once('/').map_or((name, None), |(plural, sub)| (plural, Some(sub)));
    (plural, subresource, group)
}

#[cfg(test)]
mod tests;
