//! Runs on a mocked API server, with a lab in a temporary folder, without an engine and without nodes.

use std::{fs, path::PathBuf, sync::Arc};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use super::{
    api::{Answer, MockApi},
    objects::{core_kinds, lease, named},
};
use crate::{
    cluster::{AnyCluster, Cluster, identity::Record, read_only::ReadOnlyCluster},
    images::catalogue::Catalogue,
    machine::{claim::Held, journal::Journal},
    progress::Progress,
    project::Project,
    run::{
        Options, Run,
        plan::{self, Plan, Selection},
        recorder::Recorder,
    },
    scene::{
        Scene,
        context::{Beginning, Limits, Provided, RunContext},
    },
    vocabulary::Step,
};

/// The name of each mocked run.
pub(crate) const RUN: &str = "abcdef";

/// The namespace of a mocked run's first scenario.
pub(crate) const NAMESPACE: &str = "lab-abcdef-1";

/// The recorded UID of the mocked cluster.
pub(crate) const UID: &str = "the uid of kube-system";

/// The path of the run's Lease.
pub(crate) const LEASE: &str = "/apis/coordination.k8s.io/v1/namespaces/labproof/leases/abcdef";

/// A run after its setup, on a mocked server.
pub(crate) struct Mocked {
    pub(crate) api: MockApi,
    pub(crate) context: Arc<RunContext>,
    pub(crate) run: Run,
    _folder: TempDir,
}

impl Mocked {
    /// A run of scenarios with these steps on a cluster that labproof made. Everything works unless the test says
    /// otherwise.
    pub(crate) fn new(scenarios: &[&str]) -> Self {
        Self::limited(scenarios, Limits::default())
    }

    /// Such a run with these time limits.
    pub(crate) fn limited(scenarios: &[&str], limits: Limits) -> Self {
        let api = MockApi::new();
        let own = cluster(&api);
        for number in 1..=scenarios.len() {
            namespace(&api, &format!("lab-{RUN}-{number}"));
        }
        Self::on(api, own.into(), scenarios, limits)
    }

    /// A run of scenarios with these steps on a read-only cluster.
    pub(crate) async fn read_only(scenarios: &[&str]) -> Self {
        let api = MockApi::new();
        version(&api);
        let cluster = ReadOnlyCluster::through(api.client(), "theirs").await.unwrap();
        Self::on(api, cluster.into(), scenarios, Limits::default())
    }

    fn on(api: MockApi, cluster: AnyCluster, scenarios: &[&str], limits: Limits) -> Self {
        let folder = TempDir::new().unwrap();
        let project = project(&folder, scenarios);
        let plan = Arc::new(Plan::select(&plan::load(&project, &[]).unwrap(), &Selection::default()).unwrap());
        let cancelled = CancellationToken::new();
        let beginning = Beginning {
            run: RUN.into(),
            catalogue: Catalogue::read(&project).unwrap(),
            project: project.clone(),
            cluster,
            journal: Journal::begin_in(folder.path(), RUN).unwrap(),
            folder: folder.path().join("run"),
            limits,
            cancelled: cancelled.child_token(),
        };
        let context = Arc::new(RunContext::new(beginning, Provided::default()));
        let progress = Progress::silent();
        let recorder = Arc::new(Recorder::begin(RUN.into(), &plan, Vec::new(), progress.clone()));
        let run = Run { project, plan, options: Options::default(), recorder, cancelled, progress };
        Self { api, context, run, _folder: folder }
    }

    /// The scene of the run's first scenario.
    pub(crate) fn scene(&self) -> Scene {
        let lab = self.run.plan.scenarios[0].lab.clone();
        Scene::set(self.context.clone(), lab, NAMESPACE, Held::default()).unwrap()
    }

    /// The first step of the first scenario.
    pub(crate) fn step(&self) -> Step {
        self.run.plan.scenarios[0].scenario.steps[0].clone()
    }
}

/// A cluster that labproof made, on a mocked server that has its recorded identity.
pub(crate) fn cluster(api: &MockApi) -> Cluster {
    cluster_called(api, "mocked")
}

/// Such a cluster with a name of its own, so that a test can claim it.
pub(crate) fn cluster_called(api: &MockApi, name: &str) -> Cluster {
    version(api);
    is_identified_by(api, UID);
    api.on("GET /apis", [Answer::Object(json!({"metadata": {}, "items": []}))]);
    api.on("GET /api", [Answer::Object(core_kinds())]);
    api.on("POST /api/v1/namespaces", [Answer::Echo]);
    api.on(&format!("GET {LEASE}"), [Answer::Object(lease(RUN, RUN, jiff::Timestamp::now()))]);
    api.on(&format!("PATCH {LEASE}"), [Answer::Echo]);
    api.on(&format!("DELETE {LEASE}"), [done()]);
    let record = Record {
        name: name.into(),
        uid: UID.into(),
        kubernetes: "v1.34.0".into(),
        node_image: String::new(),
        made: String::new(),
        notes: Vec::new(),
        folder: PathBuf::new(),
    };
    Cluster::through(api.client(), record, Vec::new(), PathBuf::new())
}

/// Sets the UID of `kube-system` on the server.
pub(crate) fn is_identified_by(api: &MockApi, uid: &str) {
    let system = json!({"metadata": {"name": "kube-system", "uid": uid}});
    api.on("GET /api/v1/namespaces/kube-system", [Answer::Object(system)]);
}

/// Adds a usable namespace without objects to the server, which disappears when it is deleted.
pub(crate) fn namespace(api: &MockApi, name: &str) {
    let path = format!("/api/v1/namespaces/{name}");
    api.on(&format!("GET {path}/serviceaccounts"), [Answer::list([named("default")])]);
    api.on(&format!("GET {path}/configmaps"), [Answer::list([named("kube-root-ca.crt")])]);
    api.on(&format!("GET {path}/pods"), [Answer::list([])]);
    api.on(&format!("GET {path}/events"), [Answer::list([])]);
    api.on(&format!("DELETE {path}"), [Answer::Object(named(name))]);
    api.on(&format!("DELETE {path}/pods"), [Answer::list([])]);
    api.on(&format!("PUT {path}/finalize"), [Answer::Echo]);
    api.on(&format!("GET /api/v1/namespaces?metadata.name={name}"), [Answer::list([])]);
}

/// The server's answer to a completed deletion.
pub(crate) fn done() -> Answer {
    Answer::Object(json!({"kind": "Status", "apiVersion": "v1", "status": "Success"}))
}

fn version(api: &MockApi) {
    let version: Value = json!({
        "major": "1", "minor": "34", "gitVersion": "v1.34.0", "gitCommit": "", "gitTreeState": "", "buildDate": "",
        "goVersion": "", "compiler": "", "platform": "",
    });
    api.on("GET /version", [Answer::Object(version)]);
}

fn project(folder: &TempDir, scenarios: &[&str]) -> Project {
    for part in ["features", "scenarios/lab"] {
        fs::create_dir_all(folder.path().join(part)).unwrap();
    }
    let scenarios = scenarios.iter().enumerate();
    let scenarios: String =
        scenarios.map(|(number, steps)| format!("  Scenario: Number {}\n    {steps}\n", number + 1)).collect();
    fs::write(folder.path().join("features/lab.feature"), format!("Feature: A lab\n{scenarios}")).unwrap();
    fs::create_dir_all(folder.path().join("kind-config")).unwrap();
    fs::write(folder.path().join("kind-config/images.yaml"), "[]").unwrap();
    fs::write(folder.path().join("scenarios/lab/lab.yaml"), "title: A lab\nsource: a test\n").unwrap();
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: hello}\nspec: {containers: [{name: main, image: nobody/nothing}]}\n";
    fs::write(folder.path().join("scenarios/lab/pod.yaml"), pod).unwrap();
    Project::at(folder.path())
}
