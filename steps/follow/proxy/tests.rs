//! The proxy between a client and an engine that answers from a table.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use http::HeaderValue;
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UnixStream,
};

use super::*;

/// What the engine was asked: the method with the path, and the content.
type Asked = Arc<Mutex<Vec<(String, String)>>>;

/// A proxy before an engine with these objects, by path. Another path of a description does not exist.
struct Setting {
    folder: tempfile::TempDir,
    proxy: Proxy,
    asked: Asked,
}

impl Setting {
    async fn with(objects: &[(&str, Value)]) -> Self {
        // Every container may see `/tmp`.
        std::fs::create_dir_all("target").unwrap();
        let folder = tempfile::tempdir_in("target").unwrap();
        let folder_path = folder.path().canonicalize().unwrap();
        let engine = folder.path().join("real");
        let asked = Asked::default();
        let objects: HashMap<String, Value> =
            objects.iter().map(|(path, object)| ((*path).to_owned(), object.clone())).collect();
        let listener = UnixListener::bind(&engine).unwrap();
        tokio::spawn(serve_objects(listener, Arc::new(objects), asked.clone()));
        let shared = folder_path.join("home");
        std::fs::create_dir(&shared).unwrap();
        let nodes = BTreeSet::from(["demo-worker".to_owned()]);
        let proxy = Proxy::open(folder.path(), engine, "run-1", nodes, &[shared]).await.unwrap();
        asked.lock().unwrap().clear();
        Self { folder, proxy, asked }
    }

    /// The folder that containers may see.
    fn home(&self) -> std::path::PathBuf {
        self.folder.path().join("home").canonicalize().unwrap()
    }

    /// The status of the answer to a request, and what it says.
    async fn ask(&self, line: &str, content: &str) -> (u16, String) {
        let (method, path) = line.split_once(' ').unwrap();
        let engine = Engine::at(self.proxy.socket().to_owned());
        let body = Full::from(content.to_owned()).map_err(|never| match never {}).boxed();
        let request = Request::builder().method(method).uri(path).header("host", "docker").body(body).unwrap();
        let response = engine.pass(request).await.unwrap();
        let status = response.status().as_u16();
        (status, String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap())
    }

    /// What the engine was asked to change.
    fn changes(&self) -> Vec<(String, String)> {
        let asked = self.asked.lock().unwrap();
        asked.iter().filter(|(line, _)| !line.starts_with("GET ")).cloned().collect()
    }

    async fn refuses(&self, line: &str, content: &str, why: &str) {
        let (status, said) = self.ask(line, content).await;
        assert_eq!(status, 403, "{line} {content}: {said}");
        assert!(refusal(&said).is_some_and(|said| said.contains(why)), "{line} {content}: {said}");
        assert_eq!(self.changes(), [], "{line} {content}");
    }

    async fn passes(&self, line: &str, content: &str) {
        let (status, said) = self.ask(line, content).await;
        assert_eq!(status, 200, "{line} {content}: {said}");
    }
}

async fn serve_objects(listener: UnixListener, objects: Arc<HashMap<String, Value>>, asked: Asked) {
    while let Ok((stream, _)) = listener.accept().await {
        let (objects, asked) = (objects.clone(), asked.clone());
        let answer = service_fn(move |request| answer_from(request, objects.clone(), asked.clone()));
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), answer).with_upgrades());
    }
}

async fn answer_from(
    mut request: Request<Incoming>,
    objects: Arc<HashMap<String, Value>>,
    asked: Asked,
) -> Result<Response<Body>, http::Error> {
    let line = format!("{} {}", request.method(), request.uri().path());
    let leaves = request.headers().contains_key("upgrade").then(|| hyper::upgrade::on(&mut request));
    let is_read = request.method() == "GET";
    let path = request.uri().path().to_owned();
    let content = request.into_body().collect().await.unwrap().to_bytes();
    asked.lock().unwrap().push((line, String::from_utf8(content.to_vec()).unwrap()));
    if let Some(leaves) = leaves {
        tokio::spawn(async move {
            let mut stream = TokioIo::new(leaves.await.unwrap());
            let mut text = String::new();
            stream.read_to_string(&mut text).await.unwrap();
            stream.write_all(text.to_uppercase().as_bytes()).await.unwrap();
            stream.shutdown().await.unwrap();
        });
        let mut response = said(StatusCode::SWITCHING_PROTOCOLS, "")?;
        *response.body_mut() = Full::default().map_err(|never| match never {}).boxed();
        response.headers_mut().clear();
        for (name, value) in [("connection", "Upgrade"), ("upgrade", "tcp")] {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        return Ok(response);
    }
    let text = match objects.get(&path) {
        Some(object) => object.to_string(),
        None if is_read && path != "/images/json" => return said(StatusCode::NOT_FOUND, "no such object"),
        None => "[]".to_owned(),
    };
    Response::builder().body(Full::from(text).map_err(|never| match never {}).boxed())
}

fn container(name: &str, run: &str) -> Value {
    json!({"Name": format!("/{name}"), "Config": {"Labels": {"dev.labproof.run": run}}})
}

#[tokio::test]
async fn a_document_changes_only_what_it_has_made() {
    let setting = Setting::with(&[
        ("/containers/mine/json", container("mine", "run-1")),
        ("/containers/other/json", container("other", "run-2")),
        ("/containers/demo-worker/json", container("demo-worker", "")),
        (
            "/containers/moved/json",
            json!({"Config": {"Labels": {"dev.labproof.run": "run-1"}}, "Mounts": [{"Type": "bind", "Source": "/etc", "RW": true}]}),
        ),
        ("/volumes/data", json!({"Labels": null})),
        ("/networks/kind", json!({"Labels": {}})),
    ])
    .await;
    for container in ["other", "demo-worker"] {
        setting.refuses(&format!("POST /v1.47/containers/{container}/stop"), "", "has not made").await;
        setting.refuses(&format!("DELETE /v1.47/containers/{container}"), "", "has not made").await;
        let connected = json!({"Container": container}).to_string();
        setting.refuses("POST /networks/kind/connect", &connected, "has not made").await;
        let joined = json!({"HostConfig": {"PidMode": format!("container:{container}")}}).to_string();
        setting.refuses("POST /containers/create", &joined, "has not made").await;
    }
    setting.refuses("POST /containers/moved/start", "", "it lets a container reach /etc").await;
    setting.refuses("POST /containers/create", r#"{"PidMode": "container:later"}"#, "has not made").await;
    setting.refuses("POST /containers/create", r#"{"PidMode": "container:mine/json?x"}"#, "characters").await;
    setting.refuses("POST /commit?container=demo-worker", "", "has not made").await;
    setting.refuses("POST /build?networkmode=container%3Ademo-worker", "", "beyond itself").await;
    setting.refuses("POST /networks/create", r#"{"Name": "kind"}"#, "already a network of this name").await;
    setting.refuses("POST /networks/create", r#"{"Name": "n", "Driver": "macvlan"}"#, "only bridge networks").await;
    setting.refuses("DELETE /volumes/data", "", "has not made").await;
    setting.refuses("POST /volumes/create", r#"{"Name": "data"}"#, "has not made").await;
    setting.refuses("POST /containers/create", r#"{"HostConfig": {"Binds": ["data:/x"]}}"#, "has not made").await;
    setting.refuses("DELETE /networks/kind", "", "has not made").await;
    setting.refuses("POST /containers/prune", "", "others use").await;
    setting.passes("POST /v1.47/containers/mine/stop", "").await;
    setting.passes("DELETE /v1.47/containers/mine", "").await;
    setting.passes("POST /networks/kind/connect", r#"{"Container": "mine"}"#).await;
}

#[tokio::test]
async fn what_a_document_makes_has_the_label_of_the_run() {
    let setting = Setting::with(&[]).await;
    let own = setting.home().join("x").display().to_string();
    let content =
        json!({"Image": "busybox", "Labels": {"a": "b"}, "HostConfig": {"Binds": [format!("{own}:/x"), "data:/y"]}});
    setting.passes("POST /v1.47/containers/create", &content.to_string()).await;
    setting.passes("POST /v1.47/networks/create", r#"{"Name": "net"}"#).await;
    let changes = setting.changes();
    let lines: Vec<&str> = changes.iter().map(|(line, _)| line.as_str()).collect();
    assert_eq!(lines, ["POST /volumes/create", "POST /v1.47/containers/create", "POST /v1.47/networks/create"]);
    for (line, content) in &changes {
        let content: Value = serde_json::from_str(content).unwrap();
        assert_eq!(content["Labels"]["dev.labproof.run"], "run-1", "{line}: {content}");
    }
    assert!(changes[1].1.contains(r#""a":"b""#), "{}", changes[1].1);
}

#[tokio::test]
async fn a_container_sees_only_the_folder_of_the_document_wherever_links_lead() {
    let setting = Setting::with(&[]).await;
    let home = setting.home();
    std::os::unix::fs::symlink("/etc", home.join("link")).unwrap();
    std::os::unix::fs::symlink("/nowhere", home.join("dangling")).unwrap();
    let home = home.display();
    for source in [
        "/",
        "/etc",
        "/tmp",
        "/var/run/docker.sock",
        &format!("{home}/link/x"),
        &format!("{home}/../.."),
        &format!("{home}/dangling"),
        "/tmp/../etc",
    ] {
        let content = json!({"HostConfig": {"Binds": [format!("{source}:/x")]}}).to_string();
        setting.refuses("POST /containers/create", &content, "it lets a container reach").await;
        let content = json!({"hostconfig": {"mounts": [{"type": "bind", "SOURCE": source}]}}).to_string();
        setting.refuses("POST /containers/create", &content, "it lets a container reach").await;
    }
    setting.refuses("POST /containers/create", r#"{"HostConfig": {"Privileged": true}}"#, "beyond its container").await;
    setting.refuses("POST /containers/create", "privileged", "cannot read").await;
    let content = json!({"HostConfig": {"Binds": ["/etc/localtime:/x:ro", format!("{home}:/y")]}}).to_string();
    setting.passes("POST /containers/create", &content).await;
}

#[tokio::test]
async fn a_program_on_a_node_is_judged_as_a_command_is() {
    let setting = Setting::with(&[
        ("/containers/0123/json", container("demo-worker", "")),
        ("/containers/other/json", container("other", "run-2")),
        ("/containers/mine/json", container("mine", "run-1")),
    ])
    .await;
    let line = "POST /v1.47/containers/0123/exec";
    for words in [json!(["rm", "-rf", "/x"]), json!(["env", "sh"]), json!(["sh", "-c", "systemctl stop kubelet"])] {
        setting.refuses(line, &json!({"Cmd": words}).to_string(), "node").await;
    }
    setting.refuses(line, &json!({"AttachStdin": true, "Cmd": ["bash"]}).to_string(), "node").await;
    setting
        .refuses("POST /containers/mine/exec", r#"{"Cmd": ["ls"], "privileged": true}"#, "beyond its container")
        .await;
    setting.refuses("POST /containers/other/exec", r#"{"Cmd": ["ls"]}"#, "has not made").await;
    for words in [
        json!(["crictl", "images"]),
        json!(["ctr", "--namespace=k8s.io", "images", "import", "--all-platforms", "--digests", "-"]),
    ] {
        setting.passes(line, &json!({"Cmd": words, "AttachStdin": true}).to_string()).await;
    }
    setting.passes("POST /containers/mine/exec", r#"{"Cmd": ["rm", "x"]}"#).await;
}

#[tokio::test]
async fn files_are_copied_from_the_documents_containers_and_from_nodes_without_credentials() {
    let setting = Setting::with(&[
        ("/containers/demo-worker/json", container("demo-worker", "")),
        ("/containers/other/json", container("other", "run-2")),
        ("/containers/mine/json", container("mine", "run-1")),
    ])
    .await;
    let archive = |container: &str, path: &str| format!("GET /v1.47/containers/{container}/archive?path={path}");
    setting.refuses(&archive("demo-worker", "%2Fetc%2Fkubernetes%2Fadmin.conf"), "", "own credentials").await;
    setting.refuses(&archive("demo-worker", "%2Fetc"), "", "own credentials").await;
    setting.refuses("GET /v1.47/containers/demo-worker/export", "", "own credentials").await;
    setting.refuses(&archive("other", "%2Fx"), "", "has not made").await;
    setting.asked.lock().unwrap().clear();
    for (container, path) in [("demo-worker", "%2Fvar%2Flog%2Fpods"), ("mine", "%2F")] {
        // The engine of this test has no files.
        assert_eq!(setting.ask(&archive(container, path), "").await.0, 404);
        let last = setting.asked.lock().unwrap().last().cloned().unwrap();
        assert_eq!(last.0, format!("GET /v1.47/containers/{container}/archive"));
    }
}

#[tokio::test]
async fn an_image_that_was_there_before_stays() {
    let listed = json!([{"Id": "a", "RepoTags": ["busybox:latest", "old:1"]}, {"Id": "b", "RepoTags": null}]);
    let setting = Setting::with(&[
        ("/images/json", listed),
        ("/images/busybox/json", json!({"RepoTags": ["busybox:latest", "old:1", "new:1"]})),
        ("/images/new:1/json", json!({"RepoTags": ["busybox:latest", "old:1", "new:1"]})),
        ("/images/0123/json", json!({"RepoTags": ["old:1"]})),
        ("/images/4567/json", json!({"Id": "c", "RepoTags": ["built:1"]})),
        ("/images/89ab/json", json!({"Id": "b", "RepoTags": []})),
    ])
    .await;
    for line in ["POST /images/built:1/tag?repo=busybox", "POST /images/built:1/tag?repo=old&tag=1"] {
        setting.refuses(line, "", "takes the name").await;
    }
    setting.passes("POST /images/built:1/tag?repo=built&tag=2", "").await;
    setting.asked.lock().unwrap().clear();
    for name in ["busybox", "0123", "89ab"] {
        setting.refuses(&format!("DELETE /v1.47/images/{name}"), "", "before the document").await;
    }
    for name in ["new:1", "4567", "unknown"] {
        setting.passes(&format!("DELETE /v1.47/images/{name}"), "").await;
    }
}

#[tokio::test]
async fn a_terminal_is_passed_on_until_both_sides_end() {
    let setting = Setting::with(&[]).await;
    let mut stream = UnixStream::connect(setting.proxy.socket()).await.unwrap();
    let head = "POST /v1.47/exec/0123/start HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 2\r\n\r\n{}";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut begin = vec![0; 12];
    stream.read_exact(&mut begin).await.unwrap();
    assert_eq!(begin, b"HTTP/1.1 101");
    stream.write_all(b"hello").await.unwrap();
    stream.shutdown().await.unwrap();
    let mut rest = String::new();
    stream.read_to_string(&mut rest).await.unwrap();
    assert!(rest.ends_with("\r\n\r\nHELLO"), "{rest}");
}

#[tokio::test]
async fn an_engine_that_is_away_is_reported_in_dockers_words() {
    let setting = Setting::with(&[]).await;
    std::fs::remove_file(setting.folder.path().join("real")).unwrap();
    for line in ["GET /_ping", "DELETE /containers/mine", "DELETE /images/mine"] {
        let (status, said) = setting.ask(line, "").await;
        assert_eq!(status, 502, "{line}: {said}");
        assert!(said.contains("Cannot connect to the Docker daemon"), "{line}: {said}");
    }
}
