//! The pages of a grade: their content, what they must not show, and that they are complete documents.

use labproof::internal::{
    images::catalogue::{Source, Used},
    report::{Report, page},
    verdict::Evidence,
};
use regex::Regex;

use super::{
    super::{project::assert_golden, reporting},
    sample::{SECRET, broken, passed, refused, report},
};

/// A report of another submission, with an image built from it.
fn named(name: &str, mut report: Report) -> Report {
    report.submission.as_mut().unwrap().name = name.into();
    let image = |source, name: &str| Used { name: name.into(), source, id: format!("sha256:{name}"), note: None };
    report.images = vec![image(Source::Built, "hello:latest"), image(Source::Pulled, "busybox:latest")];
    report
}

/// A class with unsorted and malicious names.
fn class() -> Vec<Report> {
    vec![
        report(),
        named("zoë/../<i>\u{202e}", broken()),
        named("bob \"&\"", report()),
        named("anna", passed()),
        named("carl", refused()),
    ]
}

fn pages() -> Vec<String> {
    let learners = [report(), broken(), passed(), refused(), Report::default()].map(|report| page::learner(&report));
    learners.into_iter().chain([page::trainer(&class()), page::trainer(&[]), page::run(&reporting::report())]).collect()
}

/// The text between the tags.
fn words(page: &str) -> String {
    let (_, body) = page.split_once("<body>").unwrap();
    Regex::new("<[^>]*>").unwrap().replace_all(body, "").into_owned()
}

#[test]
fn the_pages_say_what_was_agreed() {
    assert_golden(page::learner(&named("=alice", report())), "steps/tests/golden/page.learner.html");
    assert_golden(page::learner(&broken()), "steps/tests/golden/page.broken.html");
    assert_golden(page::trainer(&class()), "steps/tests/golden/page.trainer.html");
    assert_golden(page::run(&reporting::report()), "steps/tests/golden/page.run.html");
}

#[test]
fn nothing_of_a_hidden_scenario_is_on_a_learners_page() {
    let mut hidden_only = report();
    hidden_only.scenarios.retain(|scenario| scenario.hidden);
    for report in [report(), broken(), passed(), hidden_only] {
        let page = page::learner(&report);
        assert!(!page.to_lowercase().contains(SECRET), "{page}");
        assert!(page.contains("hidden check 1"), "{page}");
    }
    let page = page::trainer(&class());
    for secret in ["The secret name", "the secret reason", "the secret text", "the secret cause", "the secret hint"] {
        assert!(page.contains(secret), "the trainer sees {secret}");
    }
}

#[test]
fn what_a_program_printed_or_a_learner_wrote_is_text() {
    for page in [page::learner(&report()), page::trainer(&class())] {
        assert!(
            page.contains("&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt; &quot;quoted&quot; \\u{1b}[31mred")
        );
        assert!(page.contains("The Pod answers, &quot;quoted&quot;"));
        assert!(!page.contains("<script") && !page.contains(['\u{1b}', '\u{202e}', '\0']));
    }
    let page = page::trainer(&class());
    assert!(page.contains("<bdi>zoë/../&lt;i&gt;\\u{202e}</bdi>") && page.contains("<bdi>bob &quot;&amp;&quot;</bdi>"));
    assert!(page.contains("href=\"learners/zo%C3%AB%2F..%2F%3Ci%3E%E2%80%AE.html\""));
    assert!(page.contains("href=\"learners/bob%20%22%26%22.html\""));
}

#[test]
fn every_tag_that_is_opened_is_closed() {
    let tag = Regex::new("<(/?)([a-z0-9]+)(?: [a-z-]+=\"[^\"<>]*\")*>").unwrap();
    for page in pages() {
        let page = page.strip_prefix("<!DOCTYPE html>\n").unwrap();
        let mut open = Vec::new();
        for found in tag.captures_iter(page) {
            let name = found[2].to_owned();
            match &found[1] {
                "" if ["meta", "br"].contains(&name.as_str()) => {}
                "" => open.push(name),
                _ => assert_eq!(open.pop(), Some(name)),
            }
        }
        assert!(open.is_empty(), "{open:?}");
        let (_, body) = page.split_once("<body>").unwrap();
        assert!(!tag.replace_all(body, "").contains(['<', '>']), "every angle bracket is one of a tag");
        assert!(page.ends_with("</html>\n"));
    }
}

#[test]
fn every_address_within_a_page_is_there_once() {
    let (id, address) = (Regex::new(" id=\"([^\"]*)\"").unwrap(), Regex::new(" href=\"#([^\"]*)\"").unwrap());
    for page in pages() {
        let mut ids: Vec<String> = id.captures_iter(&page).map(|found| found[1].to_owned()).collect();
        for found in address.captures_iter(&page) {
            assert!(ids.contains(&found[1].to_owned()), "nothing is called {}", &found[1]);
        }
        let all = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), all);
    }
}

#[test]
fn headings_leave_out_no_level() {
    let heading = Regex::new("<h([1-6])").unwrap();
    for page in pages() {
        let levels: Vec<u32> = heading.captures_iter(&page).map(|found| found[1].parse().unwrap()).collect();
        assert!(levels[0] == 1 && levels.iter().filter(|level| **level == 1).count() == 1, "{levels:?}");
        assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
    }
}

#[test]
fn nothing_is_loaded_or_run() {
    let handler = Regex::new("<[^>]* on[a-z]+=").unwrap();
    let bar = Regex::new(" style=\"left:[0-9.]+%;width:[0-9.]+%\"").unwrap();
    for page in pages() {
        let page = bar.replace_all(&page, "");
        assert!(page.contains(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        ));
        assert_eq!(page.matches("<style>").count(), 1);
        for outside in [" src=", "<link", "<script", "url(", "@import", " style="] {
            assert!(!page.contains(outside), "{outside}");
        }
        assert!(!handler.is_match(&page));
    }
}

#[test]
fn where_a_check_is_broken_no_page_tells_points_that_were_earned() {
    let earned = Regex::new(r"\d+ of \d+( points?)?(<|$|\n)").unwrap();
    assert!(earned.is_match(&page::learner(&report())), "a score is found where there is one");
    let page = page::learner(&broken());
    assert!(!earned.is_match(&page), "{page}");
    let words = words(&page);
    assert!(words.contains("No score\n") && words.contains("This submission was not graded: 1 of 8 checks"), "{words}");
    assert!(words.contains("That is not its fault"), "{words}");
    let class = page::trainer(&[broken()]);
    let (_, results) = class.split_once("id=\"results\"").unwrap();
    let row = results.lines().find(|line| line.contains("=alice")).unwrap();
    assert!(row.contains("no score") && !Regex::new(r"\d</td>").unwrap().is_match(row), "{row}");
    assert!(!class.contains("Mean of"), "{class}");
}

#[test]
fn a_class_is_summed_up_and_sorted_by_name() {
    let words = words(&page::trainer(&class()));
    assert!(words.contains("Submissions5\n") && words.contains("Not judged1: zoë"), "{words}");
    assert!(words.contains("Mean of those judged2.3 of 9 points\n"), "{words}");
    assert!(words.contains("Median of those judged3.0 of 9 points\n"), "{words}");
    let (_, results) = words.split_once("Results").unwrap();
    let places: Vec<usize> =
        ["=alice", "anna", "bob", "carl", "zoë"].iter().map(|name| results.find(name).unwrap()).collect();
    assert!(places.is_sorted(), "{results}");
    let mut turned = class();
    turned.reverse();
    assert_eq!(page::trainer(&turned), page::trainer(&class()));
}

#[test]
fn what_most_missed_comes_first_with_its_most_frequent_reasons() {
    let page = page::trainer(&class());
    let (_, missed) = page.split_once("<h2>Most missed</h2>").unwrap();
    let first = missed.lines().find(|line| line.starts_with("<li>")).unwrap();
    let expected = "<li><strong><bdi>The Pod answers, &quot;quoted&quot;</bdi></strong>, <a \
                    href=\"#column2\">check 2</a>, missed by 3 of 3";
    assert_eq!(first, expected);
    assert!(missed.contains("<li>3 times: <bdi>=1+1 is what it printed, &quot;Hello World&quot;"));
    let hidden = "<strong><bdi>The secret name</bdi></strong> <em>hidden</em>, <a href=\"#column3\">";
    assert!(missed.contains(hidden), "{missed}");
}

#[test]
fn of_a_long_evidence_the_end_is_kept() {
    let mut report = report();
    for step in &mut report.scenarios[1].steps {
        step.evidence = (0..50).map(|_| Evidence::new("log", "<\n".repeat(8000))).collect();
    }
    for page in [page::learner(&report), page::trainer(&[report])] {
        assert!(page.contains("[...]") && page.len() < 80_000, "{}", page.len());
    }
}
