//! Gives objects to the server, with every unknown field refused. A lab's own manifest is sent as it is written, byte for
//! byte; of a learner's the value that was judged is sent.

use http::Request;
use serde::Deserialize;
use serde_json::Value;

use super::{Cluster, ask};
use crate::{
    image_name::ImageName,
    verdict::{Fault, Outcome},
};

/// An object for the server: what it is called, and what is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// Its kind, such as `Pod`.
    pub kind: String,
    /// Its API version, such as `v1`.
    pub api_version: String,
    /// Its name.
    pub name: String,
    /// The namespace that the manifest asks for, if any.
    pub namespace: Option<String>,
    /// What is sent: the document's own text, or the value as JSON, which is YAML as well.
    pub text: String,
}

impl Described {
    /// The object that a value describes; the value is what is sent.
    ///
    /// # Errors
    /// What is wrong with the value.
    pub fn from_value(value: &Value) -> Result<Self, String> {
        let head = Head::deserialize(value).map_err(|error| format!("this is no object: {error}"))?;
        Ok(head.described(value.to_string()))
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
struct Metadata {
    name: String,
    namespace: Option<String>,
}

impl Head {
    fn described(self, text: String) -> Described {
        let Self { api_version, kind, metadata: Metadata { name, namespace } } = self;
        Described { kind, api_version, name, namespace, text }
    }
}

/// The objects that a manifest describes, in its order; empty documents are passed over.
///
/// # Errors
/// What is wrong with the text, with the line in its file.
pub fn read(text: &str) -> Result<Vec<Described>, String> {
    let mut objects = Vec::new();
    for (line, document) in documents(text) {
        let value: serde_yaml::Value = serde_yaml::from_str(&document).map_err(|error| at(line, &error))?;
        if value.is_null() {
            continue;
        }
        let head: Head =
            serde_yaml::from_value(value).map_err(|error| format!("line {}: this is no object: {error}", line + 1))?;
        objects.push(head.described(document));
    }
    if objects.is_empty() { Err("it describes no object".into()) } else { Ok(objects) }
}

/// The images that an object's containers name.
#[must_use]
pub fn images(object: &Described) -> Vec<ImageName> {
    let value: serde_yaml::Value = serde_yaml::from_str(&object.text).unwrap_or_default();
    let mut images = Vec::new();
    collect_images(&value, &mut images);
    images
}

/// A container is what has a name and an image, wherever it stands.
fn collect_images(value: &serde_yaml::Value, images: &mut Vec<ImageName>) {
    match value {
        serde_yaml::Value::Mapping(fields) => {
            if let (Some(_), Some(image)) = (fields.get("name"), fields.get("image").and_then(|image| image.as_str())) {
                images.push(image.into());
            }
            fields.values().for_each(|field| collect_images(field, images));
        }
        serde_yaml::Value::Sequence(items) => items.iter().for_each(|item| collect_images(item, images)),
        _ => {}
    }
}

/// Makes an object in a namespace.
///
/// # Errors
/// What the server says against it.
pub async fn create(cluster: &Cluster, namespace: &str, object: &Described) -> Outcome {
    let path = path(cluster, namespace, object).await?;
    let request = Request::post(format!("{path}?fieldValidation=Strict"))
        .header("content-type", "application/yaml")
        .body(object.text.clone().into_bytes())
        .map_err(|error| Fault::broken(format!("cannot ask for {} {}: {error}", object.kind, object.name)))?;
    match tokio::time::timeout(super::ANSWER, cluster.client().request::<Value>(request)).await {
        Ok(Err(kube::Error::Api(status))) if (400..500).contains(&status.code) && status.code != 429 => {
            Err(Fault::failed(format!("the server refuses {} {}: {}", object.kind, object.name, status.message)))
        }
        Ok(answer) => ask(&format!("make {} {}", object.kind, object.name), async { answer }).await.map(|_| ()),
        Err(_) => Err(Fault::broken("the API server did not answer")),
    }
}

/// Where objects of this kind are made, as the server itself tells it.
async fn path(cluster: &Cluster, namespace: &str, object: &Described) -> Outcome<String> {
    let kinds = cluster.kinds().await?;
    let (resource, in_namespaces) = kinds
        .find(&object.api_version, &object.kind)
        .ok_or_else(|| Fault::failed(format!("the server knows no kind {} in {}", object.kind, object.api_version)))?;
    let root = if resource.group.is_empty() { "/api" } else { "/apis" };
    if !in_namespaces {
        return Ok(format!("{root}/{}/{}", resource.api_version, resource.plural));
    }
    Ok(format!("{root}/{}/namespaces/{namespace}/{}", resource.api_version, resource.plural))
}

/// The documents of a YAML file, each with the number of lines before it.
fn documents(text: &str) -> Vec<(usize, String)> {
    let mut documents = vec![(0, String::new())];
    for (number, line) in text.lines().enumerate() {
        match documents.last_mut() {
            Some((_, document)) if !line.trim_end().eq("---") => *document += &format!("{line}\n"),
            _ => documents.push((number + 1, String::new())),
        }
    }
    documents
}

/// An error of a document, with the line in the whole file.
fn at(lines_before: usize, error: &serde_yaml::Error) -> String {
    match error.location() {
        Some(place) => {
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or_default();
            format!("line {}: {message}", lines_before + place.line())
        }
        None => error.to_string(),
    }
}

#[cfg(test)]
mod creating;

#[cfg(test)]
mod tests {
    use super::*;

    const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: hello\n";

    #[test]
    fn each_document_keeps_its_own_bytes() {
        let objects = read(&format!("{POD}---\n# nothing\n---\n{POD}")).unwrap();
        assert_eq!(objects.len(), 2);
        assert_eq!(objects[1].text, POD);
    }

    #[test]
    fn the_images_of_all_containers_are_found() {
        let containers = "spec: {initContainers: [{name: a, image: one}], containers: [{name: b, image: two}]}";
        let deployment =
            format!("apiVersion: v1\nkind: Deployment\nmetadata: {{name: d}}\nspec: {{template: {{{containers}}}}}\n");
        assert_eq!(images(&read(&deployment).unwrap()[0]), ["one", "two"].map(ImageName::from));
    }

    #[test]
    fn an_error_tells_the_line_in_the_file() {
        let error = read(&format!("{POD}---\nkind: Pod\n  name: wrong\n")).unwrap_err();
        assert!(error.starts_with("line 7:") || error.starts_with("line 6:"), "{error}");
    }

    #[test]
    fn a_manifest_without_a_name_is_no_object() {
        assert!(read("apiVersion: v1\nkind: Pod\nmetadata: {}\n").unwrap_err().contains("line 1: this is no object"));
    }

    #[test]
    fn what_is_sent_of_a_value_is_the_value() {
        let pod =
            serde_json::json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "hello"}, "spec": {"x": "no"}});
        let object = Described::from_value(&pod).unwrap();
        assert_eq!((object.kind.as_str(), object.name.as_str()), ("Pod", "hello"));
        assert_eq!(serde_json::from_str::<Value>(&object.text).unwrap(), pod);
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
