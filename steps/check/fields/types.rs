//! The types of fields, as `k8s-openapi` has them.

use k8s_openapi::{
    Resource,
    api::{apps, autoscaling, batch, core, networking, policy, rbac, scheduling, storage},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::path::Path;

/// Reads an object of a kind and writes it again, without the fields that the kind does not have.
pub(super) type Reader = fn(Value) -> Result<Value, String>;

fn read<T: DeserializeOwned + Serialize>(object: Value) -> Result<Value, String> {
    let typed: T = serde_json::from_value(object).map_err(|error| error.to_string())?;
    serde_json::to_value(typed).map_err(|error| error.to_string())
}

/// The reader of a kind, if it is a frequent one.
pub(super) fn reader(api_version: &str, kind: &str) -> Option<Reader> {
    macro_rules! readers {
        ($($kind:ty),* $(,)?) => {
            [$((<$kind as Resource>::API_VERSION, <$kind as Resource>::KIND, read::<$kind> as Reader)),*]
        };
    }
    let readers = readers![
        apps::v1::DaemonSet,
        apps::v1::Deployment,
        apps::v1::ReplicaSet,
        apps::v1::StatefulSet,
        autoscaling::v2::HorizontalPodAutoscaler,
        batch::v1::CronJob,
        batch::v1::Job,
        core::v1::ConfigMap,
        core::v1::LimitRange,
        core::v1::Namespace,
        core::v1::Node,
        core::v1::PersistentVolume,
        core::v1::PersistentVolumeClaim,
        core::v1::Pod,
        core::v1::ReplicationController,
        core::v1::ResourceQuota,
        core::v1::Secret,
        core::v1::Service,
        core::v1::ServiceAccount,
        networking::v1::Ingress,
        networking::v1::IngressClass,
        networking::v1::NetworkPolicy,
        policy::v1::PodDisruptionBudget,
        rbac::v1::ClusterRole,
        rbac::v1::ClusterRoleBinding,
        rbac::v1::Role,
        rbac::v1::RoleBinding,
        scheduling::v1::PriorityClass,
        storage::v1::StorageClass,
    ];
    readers.into_iter().find(|(version, known, _)| (*version, *known) == (api_version, kind)).map(|(_, _, read)| read)
}

/// What is wrong with the type of a value, and what to write, from the error that reading it gave.
pub(super) fn in_words(path: &Path, value: &Value, error: &str) -> (String, Option<String>) {
    let has = match value {
        Value::Null => "empty",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
    };
    let Some((_, expected)) = error.rsplit_once("expected ").filter(|_| error.starts_with("invalid type")) else {
        let hint = (path.keys().next() == Some("data")).then(|| "encode it with base64, or use stringData".to_owned());
        return (format!("{path} cannot be read: {error}"), hint);
    };
    let wants = match expected {
        "a string" | "a base64-encoded string" => "text",
        "a boolean" => "true or false",
        "i32" | "i64" => "a whole number",
        "f64" => "a number",
        "IntOrString" => "a number or text",
        "a sequence" => "a list",
        _ => "a mapping",
    };
    let hint = match (wants, value) {
        ("text", Value::Bool(_) | Value::Number(_)) => Some(format!("put it between quotes: \"{value}\"")),
        // A text without quotes may only look like a number: `8080x`.
        ("a whole number", Value::String(text)) if text.trim().parse::<i64>().is_err() => {
            Some("write digits only".to_owned())
        }
        ("a whole number" | "true or false", Value::String(_)) => Some("write it without quotes".to_owned()),
        ("a list", _) => Some("begin each item with a hyphen".to_owned()),
        _ => None,
    };
    (format!("{path} is {has}, and must be {wants}"), hint)
}
