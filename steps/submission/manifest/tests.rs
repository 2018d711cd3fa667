mod metadata;
mod pod;
mod reading;
mod right;
mod templates;

use super::*;

fn rules() -> Rules {
    let kinds = ["Pod", "Deployment", "StatefulSet", "Job", "CronJob", "Service", "Secret", "ConfigMap"];
    let more = ["PersistentVolumeClaim", "HorizontalPodAutoscaler", "PodTemplate", "DaemonSet", "PersistentVolume"];
    Rules {
        kinds: kinds.into_iter().chain(more).map(str::to_owned).collect(),
        images: ["busybox:latest", "nginx:1.7.9"].map(ImageName::from).into(),
    }
}

/// The rules that a text breaks, in the order of its lines.
fn broken(text: &str) -> Vec<String> {
    refusals(text).into_iter().map(|refusal| refusal.rule.to_string()).collect()
}

fn refusals(text: &str) -> Vec<Refusal> {
    judge("x.yaml", text, &rules()).refusals
}

/// The objects that the server would get.
fn objects(text: &str) -> Result<Vec<Value>, String> {
    let objects = judge("x.yaml", text, &rules()).objects?;
    Ok(objects.into_iter().map(|object| object.value).collect())
}

/// The rules that a Pod breaks with these additional fields in its specification and in its only container.
fn broken_pod(spec: &str, container: &str) -> Vec<String> {
    broken(&pod(spec, container))
}

fn pod(spec: &str, container: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: hello}}\nspec:\n  containers:\n  - {{name: c, image: busybox{container}}}\n{spec}"
    )
}
