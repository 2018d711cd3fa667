//! Keeps a document's commands from changing what is not the document's: the API server refuses such requests, however a
//! command came to send them.
//!
//! The kubeconfig of a document acts as a user with extra attributes: the document's namespaces, when it began, and whether
//! it may change what belongs to no namespace. An admission policy reads them, and applies to no other request. It guards a
//! cluster against a document's mistakes; it is no sandbox, because the kubeconfig contains an administrator's certificate.
//! The server applies no policy to policies and webhooks; after the document, labproof removes what it made of these.

use std::{
    collections::BTreeMap,
    sync::LazyLock,
    time::{Duration, Instant},
};

use http::Request;
use k8s_openapi::api::core::v1::Namespace;
use kube::{Api, ResourceExt, config::Kubeconfig};
use regex::Regex;
use serde_json::{Value, json};

use super::{Cluster, admission, answer, ask, said};
use crate::{
    expression::regex,
    verdict::{Fault, Outcome},
};

/// The policy, its binding, and the rights of the user.
const POLICY: &str = include_str!("fence/policy.yaml");

/// The name of the policy, and of the object of a dry run that tries it.
const NAME: &str = "labproof-documents";

/// The user as whom a document's commands act: the one that the certificate of the kubeconfig names.
const USER: &str = "kubernetes-admin";

/// How long the policy may take to become active.
const PATIENCE: Duration = Duration::from_secs(30);

/// The pause before asking again; the API server's knowledge of policies cannot be watched.
const PAUSE: Duration = Duration::from_millis(50);

/// What the commands of one document may change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fence {
    /// The document's own namespaces.
    namespaces: Vec<String>,
    /// When the document began, on the cluster's clock.
    began: String,
    /// Whether the document may change what belongs to no namespace, because labproof restores it afterwards.
    reaches_cluster: bool,
}

impl Fence {
    /// The fence of a document that begins now, with this namespace, which was just made. The server obeys it already.
    ///
    /// # Errors
    /// If the server does not do so in time, or does not support such policies.
    pub async fn around(cluster: &Cluster, namespace: &str, reaches_cluster: bool) -> Outcome<Self> {
        admission::apply(cluster, POLICY, "documents need").await?;
        let all = Api::<Namespace>::all(cluster.client());
        let made = ask(&format!("read the namespace {namespace}"), all.get(namespace)).await?;
        let began = made.creation_timestamp().map(|time| time.0.to_string()).unwrap_or_default();
        let fence = Self { namespaces: vec![namespace.to_owned()], began, reaches_cluster };
        fence.until_obeyed(cluster).await?;
        Ok(fence)
    }

    /// Lets the document change everything in this namespace as well.
    pub fn include(&mut self, namespace: &str) {
        if !self.namespaces.iter().any(|own| own == namespace) {
            self.namespaces.push(namespace.to_owned());
        }
    }

    /// Makes all requests with this kubeconfig obey the fence.
    pub fn enclose(&self, kubeconfig: &mut Kubeconfig) {
        let extra: BTreeMap<&str, Vec<String>> = self.extra();
        for user in kubeconfig.auth_infos.iter_mut().filter_map(|user| user.auth_info.as_mut()) {
            user.impersonate = Some(USER.into());
            let extra = extra.iter().map(|(key, values)| ((*key).to_owned(), values.clone()));
            user.impersonate_user_extra = Some(extra.collect());
        }
    }

    /// What the policy reads.
    fn extra(&self) -> BTreeMap<&'static str, Vec<String>> {
        let mut extra = BTreeMap::from([
            ("labproof.dev/document", self.namespaces.clone()),
            ("labproof.dev/began", vec![self.began.clone()]),
        ]);
        if self.reaches_cluster {
            extra.insert("labproof.dev/reaches", vec!["cluster".into()]);
        }
        extra
    }

    /// Repeats dry runs until the server refuses an object in `kube-system` and admits one in the document's namespace.
    async fn until_obeyed(&self, cluster: &Cluster) -> Outcome {
        let own = self.namespaces.first().map_or("", String::as_str);
        let deadline = Instant::now() + PATIENCE;
        loop {
            let (foreign, own) = tokio::try_join!(self.tried(cluster, "kube-system"), self.tried(cluster, own))?;
            if foreign.as_ref().is_err_and(|why| refusal(why).is_some()) && own.is_ok() {
                return Ok(());
            }
            if Instant::now() >= deadline {
                let seconds = PATIENCE.as_secs();
                let why = format!("the policy for documents was not active after {seconds} seconds");
                let describe = |answer: Result<(), String>| answer.err().unwrap_or_else(|| "admitted".into());
                return Err(Fault::broken(why)
                    .seen("an object in kube-system, which must be denied", describe(foreign))
                    .seen("an object in the document's namespace, which must be admitted", describe(own)));
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Whether the server would admit an object of the document in this namespace, or why not.
    async fn tried(&self, cluster: &Cluster, namespace: &str) -> Outcome<Result<(), String>> {
        let object = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": NAME}});
        let mut request = Request::post(format!("/api/v1/namespaces/{namespace}/configmaps?dryRun=All"))
            .header("content-type", "application/json")
            .header("impersonate-user", USER);
        for (key, values) in self.extra() {
            let header = format!("impersonate-extra-{}", key.replace('/', "%2f"));
            request = values.into_iter().fold(request, |request, value| request.header(&header, value));
        }
        let request =
            request.body(object.to_string().into_bytes()).map_err(|error| Fault::broken(error.to_string()))?;
        let answered = answer("try the policy for documents", cluster.client().request::<Value>(request)).await?;
        Ok(answered.map(|_| ()).map_err(|error| said(&error)))
    }
}

/// What the policy says, if a command printed that the server has refused its request.
#[must_use]
pub fn refusal(printed: &str) -> Option<&str> {
    static DENIED: LazyLock<Regex> = LazyLock::new(|| {
        regex(r#"ValidatingAdmissionPolicy 'labproof-documents' with binding '[\w-]+' denied request: ([^\n"]+)"#)
    });
    DENIED.captures(printed)?.get(1).map(|said| said.as_str().trim_end())
}

/// What a command printed, as a reader's kubeconfig would make it: without the user as whom a document acts.
#[must_use]
pub fn as_for_reader(printed: &str) -> String {
    static IN_KUBECONFIG: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"(?m)^ +as: kubernetes-admin\n +as-user-extra:\n(?: +labproof\.dev/\w+:\n(?: +- .*\n)+)+")
    });
    static EXTRA: LazyLock<Regex> = LazyLock::new(|| regex(r"(?m)^Extra: labproof\.dev/.*\n?"));
    static GROUPS: LazyLock<Regex> =
        LazyLock::new(|| regex(r"(?m)^(Username +kubernetes-admin *\nGroups +\[)(system:authenticated\])"));
    if !printed.contains("labproof.dev/") {
        return printed.to_owned();
    }
    let printed = IN_KUBECONFIG.replace_all(printed, "");
    let printed = EXTRA.replace_all(&printed, "");
    GROUPS.replace_all(&printed, "${1}kubeadm:cluster-admins ${2}").into_owned()
}

#[cfg(test)]
mod tests;
