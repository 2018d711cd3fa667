//! Sentences about the rights of `ServiceAccounts`, users and groups.

use super::{Sentence, sentence};
use crate::{
    actions::access::{self, Holder, Right},
    scene::Scene,
    verdict::Outcome,
};

pub(super) const SENTENCES: &[Sentence] = &[
    sentence!(Then "{who} may {verb} {resource}" => may(who, verb, resource), Cluster [],
        r#"the ServiceAccount "viewer" may get pods"#,
        "The API server would allow it in the scenario's namespace; for a resource that belongs to no namespace, such as nodes, in the cluster. The ServiceAccount must exist."),
    sentence!(Then "{who} may {verb} {resource} called {name}" => may_one(who, verb, resource, name), Cluster [],
        r#"the ServiceAccount "viewer" may get configmaps called "settings""#,
        "The same for one object, which need not exist."),
    sentence!(Then "{who} may not {verb} {resource}" => may_not(who, verb, resource), Cluster [],
        r#"a user of the group "developers" may not delete pods"#,
        "The API server would refuse it. The ServiceAccount must exist; a user or a group must have some right, by a RoleBinding of the scenario's namespace or by a ClusterRoleBinding."),
    sentence!(Then "{who} may not {verb} {resource} called {name}" => may_not_one(who, verb, resource, name), Cluster [],
        r#"the user "ana" may not get secrets called "db""#,
        "The same for one object, which need not exist."),
];

async fn may(scene: &mut Scene, who: Holder, verb: String, resource: String) -> Outcome {
    access::expect(scene, &who, &Right { verb: &verb, resource: &resource, name: None }, true).await
}

async fn may_not(scene: &mut Scene, who: Holder, verb: String, resource: String) -> Outcome {
    access::expect(scene, &who, &Right { verb: &verb, resource: &resource, name: None }, false).await
}

async fn may_one(scene: &mut Scene, who: Holder, verb: String, resource: String, name: String) -> Outcome {
    access::expect(scene, &who, &Right { verb: &verb, resource: &resource, name: Some(&name) }, true).await
}

async fn may_not_one(scene: &mut Scene, who: Holder, verb: String, resource: String, name: String) -> Outcome {
    access::expect(scene, &who, &Right { verb: &verb, resource: &resource, name: Some(&name) }, false).await
}
