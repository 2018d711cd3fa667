//! Tasks of a lab where what is typed is the task: the learner's script, or the lab's own.

use super::{Sentence, sentence};
use crate::{actions::tasks, scene::Scene, verdict::Outcome};

pub(super) const SENTENCES: &[Sentence] = &[sentence!(When "the task {task} is done" => is_done(task), Engine [],
        r#"the task "18" is done"#,
        "Runs `tasks/18.sh` of the submission, or of the lab where nothing was handed in, in a container of its own that reaches nothing but the API server, with rights in the scenario's namespace only. How the script ends and what it prints decides nothing: judge what it did.")];

async fn is_done(scene: &mut Scene, task: String) -> Outcome {
    tasks::run(scene, &task).await
}
