//! Sends objects to the server, which rejects unknown fields, as with kubectl. Objects are sent as JSON. A lab's own
//! manifest is converted as kubectl converts it; of a learner's manifest, the judged objects are sent, which were read
//! in the same way.

mod words;

use std::time::Duration;

use http::Request;
use serde::Deserialize;
use serde_json::Value;
pub use words::{in_plain_words, says_uncounted};

use super::{Cluster, answer, cannot};
use crate::{
    image_name::ImageName,
    log::{self, About},
    verdict::{Fault, Outcome},
    yaml::{self, Bounds, Document, Unreadable},
};

/// An object for the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// Its kind, such as `Pod`.
    pub kind: String,
    /// Its API version, such as `v1`.
    pub api_version: String,
    /// Its name; empty if the server shall generate one.
    pub name: String,
    /// The namespace that the manifest asks for, if any.
    pub namespace: Option<String>,
    /// The complete object.
    pub value: Value,
}

impl Described {
    /// Reads the name, kind and namespace from an object.
    ///
    /// # Errors
    /// If the value is not an object with these fields; the text says what is wrong.
    pub fn from_value(value: &Value) -> Result<Self, String> {
        if !value.is_object() {
            return Err("this is not an object: it must begin with `apiVersion`, `kind` and `metadata`".into());
        }
        let head = Head::deserialize(value).map_err(|error| format!("this is not an object: {error}"))?;
        if head.metadata.name.is_empty() && head.metadata.generate_name.is_none() {
            let keys = value.pointer("/metadata").and_then(Value::as_object).into_iter().flat_map(|map| map.keys());
            let keys: Vec<&str> = keys.map(String::as_str).collect();
            let has = if keys.is_empty() { "nothing".into() } else { keys.join(", ") };
            return Err(format!("the {} has no name: `metadata` must have `name`, and it has {has}", head.kind));
        }
        Ok(head.described(value.clone()))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    api_version: String,
    kind: String,
    metadata: Metadata,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    #[serde(default)]
    name: String,
    generate_name: Option<String>,
    namespace: Option<String>,
}

impl Head {
    fn described(self, value: Value) -> Described {
        let Self { api_version, kind, metadata: Metadata { name, namespace, .. } } = self;
        Described { kind, api_version, name, namespace, value }
    }
}

/// The objects of a manifest in their order, as kubectl reads them. Skips empty documents.
///
/// # Errors
/// If the text is invalid; the message contains the line in the file.
pub fn read(text: &str) -> Result<Vec<Described>, String> {
    let objects = read_each(text);
    if objects.is_empty() { Err("it describes no object".into()) } else { objects.into_iter().collect() }
}

/// Each object of a manifest, or what is wrong with it, as [`read`] has them: an error does not hide what follows it.
#[must_use]
pub fn read_each(text: &str) -> Vec<Result<Described, String>> {
    yaml::read(text, &Bounds::trusted()).iter().flat_map(described).collect()
}

/// The objects of a document; a list has several.
fn described(document: &Document) -> Vec<Result<Described, String>> {
    let begins = || format!("line {}", 1 + document.lines_before);
    match &document.content {
        Ok(value) => {
            let objects = yaml::items(value).into_iter();
            objects.map(|value| Described::from_value(&value).map_err(|why| format!("{}: {why}", begins()))).collect()
        }
        Err(Unreadable::Unread { line, message }) => vec![Err(format!("line {line}: {message}"))],
        Err(Unreadable::Bomb) => vec![Err(format!("{}: it grows too large or too deep when it is read", begins()))],
    }
}

/// What is wrong with a manifest that makes these Pods, and not the one that a step waits for.
#[must_use]
pub fn makes_another(file: &str, pods: &[String], wanted: &str) -> String {
    let made = if pods.is_empty() { "no Pod at all".to_owned() } else { format!("the Pod {}", pods.join(" and ")) };
    format!("{file} makes {made}, but the step waits for the Pod {wanted}")
}

/// The images of an object's containers.
#[must_use]
pub fn images(object: &Described) -> Vec<ImageName> {
    let mut images = Vec::new();
    collect_images(&object.value, &mut images);
    images
}

/// Collects images from all levels: everything with a name and an image is a container.
fn collect_images(value: &Value, images: &mut Vec<ImageName>) {
    match value {
        Value::Object(fields) => {
            if let (Some(_), Some(image)) = (fields.get("name"), fields.get("image").and_then(Value::as_str)) {
                images.push(image.into());
            }
            fields.values().for_each(|field| collect_images(field, images));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_images(item, images)),
        _ => {}
    }
}

/// The reason of an answer that asks the client to try again: somebody else has just changed what the request changes as
/// well, such as the count of a quota. An object that exists already has another reason.
const CONFLICT: &str = "Conflict";

/// How often a request is repeated after such an answer.
const CONFLICTS: u32 = 10;

/// How long to wait before the first repetition; each further one waits longer by this.
const PAUSE: Duration = Duration::from_millis(50);

/// Why an object whose name the server would generate cannot be applied, as kubectl says it.
const NAMELESS: &str = "cannot use generateName with apply; give the object a metadata.name, or run `kubectl create`";

/// Creates an object in a namespace.
///
/// # Errors
/// If the server rejects it; the fault contains the server's message.
pub async fn create(cluster: &Cluster, namespace: &str, object: &Described) -> Outcome {
    if object.name.is_empty() {
        return Err(Fault::failed(format!("{}: {NAMELESS}", object.kind)));
    }
    let path = path(cluster, namespace, object).await?;
    log::note(About::Cluster, &format!("{} {} in {namespace}", object.kind, object.name), &[]);
    let what = format!("make {} {}", object.kind, object.name);
    let mut tries = 1..=CONFLICTS;
    let answer = loop {
        match answer(&what, send(cluster, &path, object)?).await? {
            Err(kube::Error::Api(status)) if status.reason == CONFLICT => match tries.next() {
                Some(attempt) => tokio::time::sleep(PAUSE * attempt).await,
                None => {
                    return Err(Fault::broken(format!("the server does not take {}: {}", object.name, status.message)));
                }
            },
            answer => break answer,
        }
    };
    match answer {
        Err(kube::Error::Api(status)) if (400..500).contains(&status.code) && status.code != 429 => {
            let said = words::plain(&status.message);
            let fault = Fault::failed(format!("the server refuses {} {}: {said}", object.kind, object.name));
            Err(if said == status.message || words::is_labproofs(&status.message) {
                fault
            } else {
                fault.seen("the server says", status.message)
            })
        }
        answer => answer.map(|_| ()).map_err(|error| cannot(&what, &error)),
    }
}

/// The request that creates an object, sent when it is awaited.
fn send<'a>(
    cluster: &'a Cluster,
    path: &str,
    object: &Described,
) -> Outcome<impl Future<Output = kube::Result<Value>> + use<'a>> {
    // An object that `kubectl get -o yaml` printed has the version that it had then; kubectl creates it without.
    let mut value = object.value.clone();
    if let Some(metadata) = value.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.remove("resourceVersion");
    }
    let request = Request::post(format!("{path}?fieldValidation=Strict"))
        .header("content-type", "application/json")
        .body(value.to_string().into_bytes())
        .map_err(|error| Fault::broken(format!("cannot ask for {} {}: {error}", object.kind, object.name)))?;
    let client = cluster.client();
    Ok(async move { client.request::<Value>(request).await })
}

/// The API path for objects of this kind, from the server's discovery.
async fn path(cluster: &Cluster, namespace: &str, object: &Described) -> Outcome<String> {
    let found = cluster.find_kind(|kinds| kinds.find(&object.api_version, &object.kind)).await?;
    let (resource, in_namespaces) = found.ok_or_else(|| {
        Fault::failed(format!("the server does not know the kind {} in {}", object.kind, object.api_version))
    })?;
    let root = if resource.group.is_empty() { "/api" } else { "/apis" };
    if !in_namespaces {
        return Ok(format!("{root}/{}/{}", resource.api_version, resource.plural));
    }
    Ok(format!("{root}/{}/namespaces/{namespace}/{}", resource.api_version, resource.plural))
}

#[cfg(test)]
mod creating;

#[cfg(test)]
mod tests {
    use super::*;

    const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: hello\n";

    #[test]
    fn empty_documents_are_passed_over() {
        let objects = read(&format!("{POD}---\n# nothing\n---\n{POD}")).unwrap();
        assert_eq!(objects.len(), 2);
        assert_eq!(objects[1].value["metadata"]["name"], "hello");
    }

    #[test]
    fn the_images_of_all_containers_are_found() {
        let containers = "spec: {initContainers: [{name: a, image: one}], containers: [{name: b, image: two}]}";
        let deployment =
            format!("apiVersion: v1\nkind: Deployment\nmetadata: {{name: d}}\nspec: {{template: {{{containers}}}}}\n");
        let mut images = images(&read(&deployment).unwrap()[0]);
        images.sort();
        assert_eq!(images, ["one", "two"].map(ImageName::from));
    }

    #[test]
    fn a_list_is_what_it_lists() {
        let text = "apiVersion: v1\nkind: PodList\nitems:\n- metadata: {name: one}\n- {apiVersion: v1, kind: Service, \
                    metadata: {name: two}, spec: {name: x, image: z}}\n";
        let objects = read(text).unwrap();
        let named: Vec<_> = objects.iter().map(|object| (object.kind.as_str(), object.name.as_str())).collect();
        assert_eq!(named, [("Pod", "one"), ("Service", "two")]);
        assert_eq!((objects[0].api_version.as_str(), images(&objects[1])), ("v1", vec!["z".into()]));
        assert!(read("apiVersion: v1\nkind: List\nitems: []\n").unwrap_err().contains("no object"));
    }

    #[test]
    fn an_unreadable_document_does_not_hide_the_others() {
        let each = read_each(&format!("a: b: c\n---\n{POD}---\nkind: Pod\n"));
        assert!(each[0].is_err() && each[1].is_ok() && each[2].is_err() && each.len() == 3, "{each:?}");
    }

    #[test]
    fn an_error_tells_the_line_in_the_file() {
        let error = read(&format!("{POD}---\nkind: Pod\n  name: wrong\n")).unwrap_err();
        assert!(error.starts_with("line 7:"), "{error}");
    }

    #[test]
    fn a_manifest_without_a_name_is_no_object() {
        assert_eq!(read("apiVersion: v1\nkind: Pod\nmetadata: {generateName: a-}\n").unwrap()[0].name, "");
        let of = |metadata: &str| read(&format!("apiVersion: v1\nkind: Pod\nmetadata: {metadata}\n")).unwrap_err();
        assert_eq!(of("{}"), "line 1: the Pod has no name: `metadata` must have `name`, and it has nothing");
        assert_eq!(of("{nmae: a}"), "line 1: the Pod has no name: `metadata` must have `name`, and it has nmae");
    }

    #[test]
    fn what_is_sent_of_a_value_is_the_value() {
        let pod =
            serde_json::json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "hello"}, "spec": {"x": "no"}});
        let object = Described::from_value(&pod).unwrap();
        assert_eq!((object.kind.as_str(), object.name.as_str()), ("Pod", "hello"));
        assert_eq!(object.value, pod);
    }

    #[test]
    fn a_value_and_a_text_are_wrong_for_the_same_reasons() {
        for text in
            ["kind: Pod\n", "{apiVersion: v1, kind: Pod, metadata: x}", "{apiVersion: 1, kind: Pod, metadata: {}}"]
        {
            let value: Value = serde_yaml::from_str(text).unwrap();
            let of_value = Described::from_value(&value).unwrap_err();
            assert_eq!(format!("line 1: {of_value}"), read(text).unwrap_err());
        }
    }

    #[test]
    fn an_empty_manifest_is_an_error() {
        assert_eq!(read("# nothing\n").unwrap_err(), "it describes no object");
    }
}
