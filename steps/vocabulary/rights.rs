//! Sentences about the rights of `ServiceAccounts`.

use super::{Sentence, sentence};
use crate::{
    actions::access::{self, Right},
    scene::Scene,
    verdict::Outcome,
};

pub(super) const SENTENCES: &[Sentence] = &[
    sentence!(Then "the ServiceAccount {name} may {verb} {resource}" => may(name, verb, resource), Cluster [],
        r#"the ServiceAccount "viewer" may get pods"#,
        "The API server would allow it in the scenario's namespace; for a resource that belongs to no namespace, such as nodes, in the cluster. The ServiceAccount must exist."),
    sentence!(Then "the ServiceAccount {name} may {verb} {resource} called {name}" => may_one(account, verb, resource, name), Cluster [],
        r#"the ServiceAccount "viewer" may get configmaps called "settings""#,
        "The same for one object, which need not exist."),
    sentence!(Then "the ServiceAccount {name} may not {verb} {resource}" => may_not(name, verb, resource), Cluster [],
        r#"the ServiceAccount "viewer" may not delete pods"#,
        "The API server would refuse it. The ServiceAccount must exist."),
    sentence!(Then "the ServiceAccount {name} may not {verb} {resource} called {name}" => may_not_one(account, verb, resource, name), Cluster [],
        r#"the ServiceAccount "viewer" may not get secrets called "db""#,
        "The same for one object, which need not exist."),
];

async fn may(scene: &mut Scene, account: String, verb: String, resource: String) -> Outcome {
    access::expect(scene, &account, &Right { verb: &verb, resource: &resource, name: None }, true).await
}

async fn may_not(scene: &mut Scene, account: String, verb: String, resource: String) -> Outcome {
    access::expect(scene, &account, &Right { verb: &verb, resource: &resource, name: None }, false).await
}

async fn may_one(scene: &mut Scene, account: String, verb: String, resource: String, name: String) -> Outcome {
    access::expect(scene, &account, &Right { verb: &verb, resource: &resource, name: Some(&name) }, true).await
}

async fn may_not_one(scene: &mut Scene, account: String, verb: String, resource: String, name: String) -> Outcome {
    access::expect(scene, &account, &Right { verb: &verb, resource: &resource, name: Some(&name) }, false).await
}
