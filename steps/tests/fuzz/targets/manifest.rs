//! A manifest: as the lab's own, and as a learner's.
#![no_main]

use std::collections::{BTreeMap, BTreeSet};

use labproof::internal::{
    cluster,
    submission::{Rules, Submission, manifest},
};
use libfuzzer_sys::fuzz_target;

const FILE: &str = "pod.yaml";

fuzz_target!(|text: &str| {
    if let Ok(objects) = cluster::manifest::read(text) {
        assert!(!objects.is_empty());
        for object in &objects {
            _ = cluster::manifest::images(object);
        }
    }
    let kinds = ["Pod", "Deployment", "Service"].map(str::to_owned).into();
    let rules = Rules {
        files: vec![FILE.into()],
        manifests: manifest::Rules { kinds, images: BTreeSet::from(["busybox".into()]) },
        ..Rules::default()
    };
    let files = BTreeMap::from([(FILE.to_owned(), text.as_bytes().to_vec())]);
    let submission = Submission::of("fuzz", files, &rules);
    assert!(submission.refusals.iter().all(|refusal| refusal.line <= text.lines().count().max(1)));
    _ = submission.objects(FILE);
});
