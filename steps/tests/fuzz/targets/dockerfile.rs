//! A learner's Dockerfile: it is judged for each builder; if nothing is refused, the label does not change that.
#![no_main]

use std::collections::BTreeSet;

use labproof::internal::submission::dockerfile::{self, Builder};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let bases = BTreeSet::from(["node:lts-alpine".into(), "busybox".into()]);
    for builder in [Builder::Classic, Builder::BuildKit] {
        let refusals = dockerfile::judge("Dockerfile", text, &bases, builder);
        let lines = text.split('\n').count();
        assert!(refusals.iter().all(|refusal| refusal.line <= lines), "{refusals:?}");
        let labelled = dockerfile::labelled(text, builder, "lab=value");
        if refusals.is_empty() {
            let again = dockerfile::judge("Dockerfile", &labelled, &bases, builder);
            // The labels are instructions as well.
            assert!(again.iter().all(|refusal| refusal.rule.to_string() == "instruction-count"), "{again:?}");
        }
    }
});
