//! Follows a course document on the cluster, as its reader would: its commands in order, in one terminal and one
//! namespace, and says of each whether it still holds. `document` reads and judges; this module acts and reports.

mod act_verdict;
mod beside;
mod cause;
mod claims;
mod failure;
mod files;
mod filling;
mod inside;
mod lacking;
mod mending;
mod offer;
mod page;
mod pending;
mod place;
mod probes;
mod proxy;
mod repair;
mod result;
mod said;
mod session;
mod success;
mod typing;
mod walk;

use std::{collections::BTreeMap, sync::Arc};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{
    cluster::{fence::Fence, namespace},
    document::story::{images, images_built},
    machine::{
        claim::{Claim, Held},
        content::Name,
        journal::Entry,
    },
    progress::Progress,
    project::Project,
    report::{Report, format::Sink},
    run::{
        self, Options, Run,
        plan::Plan,
        recorder::Recorder,
        setup,
        teardown::{self, Janitor},
        wide,
    },
    scene::{Scene, context::RunContext},
    tool::Tool,
    verdict::Outcome,
};
pub use page::{Page, is_document};
use walk::Walk;

/// Begins the report of a run of these documents.
#[must_use]
pub fn begin(pages: &[Page], sinks: Vec<Sink>, progress: &Progress) -> Recorder {
    let entries = pages.iter().flat_map(|page| page.story.acts.iter().map(|act| result::not_reached(page, act)));
    Recorder::begin_with(setup::run_name(), None, entries.collect(), sinks, progress.clone())
}

/// Runs these documents, one after the other, and returns the report that [`begin`] began.
///
/// # Errors
/// If the setup fails: there is no engine, no cluster that labproof made, or an image cannot be provided.
pub async fn verify(
    project: Project,
    pages: &[Page],
    mut options: Options,
    recorder: Arc<Recorder>,
    (cancelled, progress): (CancellationToken, &Progress),
) -> Outcome<Report> {
    // A document is one long scenario.
    options.limits.scenario = options.limits.scenario.max(options.limits.run);
    let mut plan = Plan::default();
    for page in pages {
        for (name, is_pulled) in images(&page.story, &page.files()) {
            *plan.more_images.entry(name).or_default() |= is_pulled;
        }
    }
    announce(pages, &plan.more_images, progress);
    let plan = Arc::new(plan);
    let run =
        Run { project, plan: plan.clone(), options, recorder: recorder.clone(), cancelled, progress: progress.clone() };
    run::carry_out(&run, async |context| Box::pin(follow_all(&context, pages, &run)).await).await
}

/// Says what the documents need before anything slow begins.
fn announce(pages: &[Page], images: &BTreeMap<crate::image_name::ImageName, bool>, progress: &Progress) {
    for page in pages {
        progress.line(&format!("{}: {}", page.shown, page.summary()));
    }
    if !images.is_empty() {
        let names: Vec<&str> = images.keys().map(crate::image_name::ImageName::short).collect();
        progress.line(&format!("images that it needs: {}", names.join(", ")));
    }
}

async fn follow_all(context: &Arc<RunContext>, pages: &[Page], run: &Run) -> Arc<Janitor> {
    let janitor = Arc::new(Janitor::default());
    let until = Instant::now() + run.options.limits.run;
    let mut first = 0;
    for page in pages {
        if let Err(fault) = Box::pin(follow(context, page, (first, until), run, &janitor)).await {
            result::obstruct(&run.recorder, page, first, &fault);
        }
        first += page.story.acts.len();
    }
    janitor
}

/// Does something until the run is interrupted or its time is over.
async fn in_time<T>(context: &RunContext, until: Instant, work: impl Future<Output = Outcome<T>>) -> Outcome<T> {
    tokio::select! {
        biased;
        () = context.cancelled.cancelled() => Err(context.cut_short()),
        () = tokio::time::sleep_until(until) => Err(context.run_out_of_time()),
        done = work => done,
    }
}

/// What a document needs for itself: its claims, and the names of the images that it builds.
async fn take(context: &RunContext, page: &Page, run: &Run) -> Outcome<(Held, Vec<Name>)> {
    let held = run::claims::take(claims::of(page, context.cluster.own()?.name()), &page.shown, &run.progress).await?;
    let mut names = Vec::new();
    for image in images_built(&page.story) {
        let waiting =
            || run.progress.line(&format!("waiting for a run with a different image of this name: {}", image.full()));
        names.push(Name::keep(&image.full(), &format!("{}-{}", page.shown, context.run), waiting).await?);
    }
    Ok((held, names))
}

/// Follows one document until the run's time is over; its first act has this index in the report.
async fn follow(
    context: &Arc<RunContext>,
    page: &Page,
    (first, until): (usize, Instant),
    run: &Run,
    janitor: &Janitor,
) -> Outcome {
    let cluster = context.cluster.own()?;
    let (held, names) = in_time(context, until, take(context, page, run)).await?;
    let name = format!("{}-{}-{}", page.name, context.run, first + 1);
    context.journal.note(Entry::Namespace { cluster: cluster.name().into(), name: name.clone() })?;
    janitor.expect(&name);
    namespace::create(cluster, &name, &context.run, &[]).await?;
    let reaches_cluster = held.has(&Claim::ClusterObjects(cluster.name().into()));
    if reaches_cluster {
        wide::record(cluster, &context.journal, &name).await?;
    }
    let fence = Fence::around(cluster, &name, reaches_cluster).await?;
    let mut scene = Scene::set(context.clone(), page.lab(), &name, held)?;
    scene.enclose(fence);
    let built = new_images(page).await;
    let entered = claims::enter(&mut scene, page).await;
    if let Err(fault) = entered {
        janitor.tear_down(scene, false);
        return Err(fault);
    }
    let mut walk = Walk::begin(scene, page, run);
    let all = async {
        walk.all(first).await;
        Ok(())
    };
    let walked = in_time(context, until, all).await;
    let keep = run.options.keep_failed && walk.is_bad();
    if !keep && context.engine.is_some() {
        // The next document may use the same names. What cannot be removed now is tried again at the end of the run.
        _ = teardown::objects_of(&context.run).await;
    }
    janitor.tear_down(walk.done(), keep);
    forget(&built).await;
    drop(names);
    walked
}

/// The images that the document builds and that the engine does not have yet.
async fn new_images(page: &Page) -> Vec<String> {
    let mut new = Vec::new();
    for image in images_built(&page.story) {
        if matches!(crate::images::engine::image(&image.full()).await, Ok(None)) {
            new.push(image.full());
        }
    }
    new
}

/// Removes the names of images that the document has built.
async fn forget(images: &[String]) {
    for image in images {
        // An error is ignored: the build may have failed, and a container may still use the image.
        _ = Tool::new("docker").args(["image", "rm", image]).output().await;
    }
}
