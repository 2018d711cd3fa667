//! Sentences about tasks whose solution is a command: they run the learner's script, or the lab's own.

use super::{Sentence, sentence};
use crate::{actions::tasks, scene::Scene, verdict::Outcome};

pub(super) const SENTENCES: &[Sentence] = &[sentence!(When "the task {task} is done" => is_done(task), Engine [],
        r#"the task "18" is done"#,
        "Runs `tasks/18.sh` of the submission, or of the lab if there is no submission, in its own container, which reaches only the API server and has rights only in the scenario's namespace. The script's exit status and output do not count: check its effect.")];

async fn is_done(scene: &mut Scene, task: String) -> Outcome {
    tasks::run(scene, &task).await
}
