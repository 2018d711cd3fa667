//! A feature file: it is read, or each problem has a line of the file; each step is matched with the sentences.
#![no_main]

use labproof::internal::{sheet, vocabulary::Step};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| match sheet::read(text) {
    Ok(sheet) => {
        assert!(!sheet.scenarios.is_empty());
        for mut scenario in sheet.map_steps(Step::matched).scenarios {
            scenario.settle_kinds();
            _ = scenario.claims();
        }
    }
    Err(problems) => {
        let lines = text.lines().count().max(1);
        assert!(!problems.is_empty());
        assert!(problems.iter().all(|problem| (1..=lines).contains(&problem.line)), "{problems:?}");
    }
});
