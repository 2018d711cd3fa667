//! Sentences about commands that the learner types, and about their output.

use std::time::Duration;

use super::{Sentence, argument::DocString, sentence};
use crate::{
    actions::commands::{self, Ending, Stream},
    scene::Scene,
    terminal::isolation::Isolation,
    verdict::{Fault, Outcome},
};

pub(super) const SENTENCES: &[Sentence] = &[
    sentence!(When "I run {command}" => run(command), Terminal [EndsWell],
        r#"I run "kubectl create -f pod.yaml""#,
        "Types the command in the scenario's terminal, a bash whose variables, folder and background jobs live as long as the scenario. The command must succeed. Nobody types its input: a command that waits for input fails after a few seconds."),
    sentence!(When "I run:" => run_text(text), Terminal [EndsWell],
        "I run:\n\"\"\"\nexport port=3001\nnpm start $port &\n\"\"\"",
        "The same for several lines: each must succeed; the report names the first one that fails."),
    sentence!(Given "I have run {command}" => run(command), Terminal [EndsWell],
        r#"I have run "export port=3001""#,
        "The same, to set the scene."),
    sentence!(Given "I have run:" => run_text(text), Terminal [EndsWell],
        "I have run:\n\"\"\"\nkubectl create deployment web --image=nginx\nkubectl expose deployment web --port=80\n\"\"\"",
        "The same for several lines."),
    sentence!(Given "the terminal sees its own processes only" => sees_its_own(), Terminal [],
        "the terminal sees its own processes only",
        "The scenario's commands find and kill only the scenario's own processes with `lsof`, `pgrep` or `ps`. If the machine does not let labproof isolate processes, the scenario is skipped."),
    sentence!(When "I try {command}" => attempt(command), Terminal [Attempts],
        r#"I try "kubectl delete pods $podlist""#,
        "Types a command that may fail; a Then step must check how it ends."),
    sentence!(When "I try:" => attempt_text(text), Terminal [Attempts],
        "I try:\n\"\"\"\nkubectl delete pods $podlist\n\"\"\"",
        "The same for several lines."),
    sentence!(Then "it prints {text}" => prints(text), Terminal [JudgesCommand, Keeps],
        r#"it prints "pod/hello created""#,
        "The last command succeeded, and a line of its standard output contains the text."),
    sentence!(Then "it prints:" => prints_all(text), Terminal [JudgesCommand, Keeps],
        "it prints:\n\"\"\"\nNAME    READY   STATUS    RESTARTS   AGE\nhello   1/1     Running   0          [AGE]\n\"\"\"",
        "The last command succeeded, and this is its whole standard output. A line of [...] stands for any lines; runs of blanks count as one."),
    sentence!(Then "it prints the file {expected}" => prints_file(file, text), Terminal [JudgesCommand, Keeps],
        r#"it prints the file "describe-pod-hello.txt""#,
        "The same as `it prints:`, for a long text: it is a file in the folder expected/ of the lab's folder."),
    sentence!(Then "it prints {text} on standard error" => prints_error(text), Terminal [JudgesCommand, Keeps],
        r#"it prints "writing to stdout" on standard error"#,
        "The same as `it prints`, for standard error."),
    sentence!(Then "it prints on standard error:" => prints_all_error(text), Terminal [JudgesCommand, Keeps],
        "it prints on standard error:\n\"\"\"\nNo resources found in [NAME] namespace.\n\"\"\"",
        "The same as `it prints:`, for standard error."),
    sentence!(Then "it prints nothing" => prints_nothing(), Terminal [JudgesCommand],
        "it prints nothing",
        "The last command ended well, and its standard output is empty: not even a line end is in it."),
    sentence!(Then "it prints nothing on standard error" => prints_no_error(), Terminal [JudgesCommand],
        "it prints nothing on standard error",
        "The same as `it prints nothing`, for standard error."),
    sentence!(Then "it does not print {text}" => does_not_print(text), Terminal [JudgesCommand],
        r#"it does not print "hellowold""#,
        "The last command printed something on one of its outputs, and the text is not in it."),
    sentence!(Then "it fails with {text}" => fails(text), Terminal [JudgesCommand, WantsFailure, Keeps],
        r#"it fails with "NotFound""#,
        "The last command failed, and the text is in one of its outputs."),
    sentence!(Then "it fails with:" => fails_all(text), Terminal [JudgesCommand, WantsFailure, Keeps],
        "it fails with:\n\"\"\"\nError from server (NotFound): pods \",\" not found\n\"\"\"",
        "The last command failed, and this is its whole standard error."),
    sentence!(Then "it fails and prints:" => fails_and_prints(text), Terminal [JudgesCommand, WantsFailure, Keeps],
        "it fails and prints:\n\"\"\"\nno\n\"\"\"",
        "The last command failed, and this is its whole standard output, as with `kubectl auth can-i`."),
    sentence!(Then "its exit status is {status}" => exit_status(status), Terminal [JudgesCommand],
        "its exit status is 1",
        "The last command exited with this status."),
    sentence!(Then "{command} prints {text}" => command_prints(command, text), Terminal [Runs, Keeps],
        r#""curl http://127.0.0.1:$port" prints "Hello World""#,
        "Types the command, which must succeed and print the text."),
    sentence!(Then "{command} prints:" => command_prints_all(command, text), Terminal [Runs, Keeps],
        "\"kubectl get pods\" prints:\n\"\"\"\nNAME    READY   STATUS    RESTARTS   AGE\nhello   1/1     Running   0          [AGE]\n\"\"\"",
        "Types the command, which must succeed; this is its whole standard output."),
    sentence!(Then "{command} prints nothing" => command_prints_nothing(command), Terminal [Runs],
        r#""kubectl get pods -o name" prints nothing"#,
        "Types the command, which must succeed and print nothing on its standard output."),
    sentence!(Then "{command} fails with {text}" => command_fails(command, text), Terminal [Runs, Keeps],
        r#""kubectl exec bb -- wget -O - http://$helloip:3000" fails with "Connection refused""#,
        "Types the command, which must fail and print the text."),
    sentence!(Then "within {duration} {command} succeeds" => soon_succeeds(limit, command), Terminal [Waits, Runs],
        r#"within 10 seconds "curl http://127.0.0.1:$port" succeeds"#,
        "Repeats the command until it succeeds; the next step checks its output at once."),
    sentence!(Then "within {duration} {command} prints {text}" => soon_prints(limit, command, text), Terminal [Waits, Runs, Keeps],
        r#"within 10 seconds "curl http://127.0.0.1:$port" prints "Hello World""#,
        "Repeats the command until it succeeds and prints the text. Use it only where no watch exists."),
    sentence!(Then "within {duration} {command} prints:" => soon_prints_all(limit, command, text), Terminal [Waits, Runs, Keeps],
        "within 10 seconds \"kubectl get endpointslices -o name\" prints:\n\"\"\"\nendpointslice.discovery.k8s.io/web-[...]\n\"\"\"",
        "Repeats the command until it succeeds and this is its whole standard output."),
    sentence!(Then "within {duration} {command} prints nothing" => soon_prints_nothing(limit, command), Terminal [Waits, Runs],
        r#"within 30 seconds "kubectl get endpointslices -o name" prints nothing"#,
        "Repeats the command until it succeeds and prints nothing on its standard output."),
    sentence!(Then "within {duration} {command} fails with {text}" => soon_fails(limit, command, text), Terminal [Waits, Runs, Keeps],
        r#"within 10 seconds "curl http://127.0.0.1:$port" fails with "Failed to connect""#,
        "Repeats the command until it fails and prints the text."),
];

async fn run(scene: &mut Scene, command: String) -> Outcome {
    commands::run(scene, &command).await
}

async fn run_text(scene: &mut Scene, DocString(text): DocString) -> Outcome {
    commands::run(scene, &text).await
}

async fn sees_its_own(_scene: &mut Scene) -> Outcome {
    Isolation::of_this_machine().await.require()
}

async fn attempt(scene: &mut Scene, command: String) -> Outcome {
    scene.run(&command).await.map(|_| ())
}

async fn attempt_text(scene: &mut Scene, DocString(text): DocString) -> Outcome {
    scene.run(&text).await.map(|_| ())
}

async fn prints(scene: &mut Scene, text: String) -> Outcome {
    commands::printed(scene, Stream::Output, &text)
}

async fn prints_all(scene: &mut Scene, DocString(text): DocString) -> Outcome {
    commands::printed_all(scene, Stream::Output, &text)
}

/// The text of the file is below the step, because reading the feature puts it there.
async fn prints_file(scene: &mut Scene, _file: String, DocString(text): DocString) -> Outcome {
    commands::printed_all(scene, Stream::Output, &text)
}

async fn prints_error(scene: &mut Scene, text: String) -> Outcome {
    commands::printed(scene, Stream::Error, &text)
}

async fn prints_all_error(scene: &mut Scene, DocString(text): DocString) -> Outcome {
    commands::printed_all(scene, Stream::Error, &text)
}

async fn prints_nothing(scene: &mut Scene) -> Outcome {
    commands::printed_nothing(scene, Stream::Output)
}

async fn prints_no_error(scene: &mut Scene) -> Outcome {
    commands::printed_nothing(scene, Stream::Error)
}

async fn does_not_print(scene: &mut Scene, text: String) -> Outcome {
    commands::did_not_print(scene, &text)
}

async fn fails(scene: &mut Scene, text: String) -> Outcome {
    commands::failed_with(scene, &text)
}

async fn fails_all(scene: &mut Scene, DocString(text): DocString) -> Outcome {
    commands::failed_with_all(scene, &text)
}

async fn fails_and_prints(scene: &mut Scene, DocString(text): DocString) -> Outcome {
    commands::failed_and_printed(scene, &text)
}

async fn exit_status(scene: &mut Scene, status: u8) -> Outcome {
    let output = scene.last()?;
    if output.status == i32::from(status) {
        return Ok(());
    }
    let reason = format!("`{}` exited with status {}, expected {status}", output.command, output.status);
    Err(commands::with_output(Fault::failed(reason), output))
}

async fn command_prints(scene: &mut Scene, command: String, text: String) -> Outcome {
    scene.run(&command).await?;
    commands::printed(scene, Stream::Output, &text)
}

async fn command_prints_all(scene: &mut Scene, command: String, DocString(text): DocString) -> Outcome {
    scene.run(&command).await?;
    commands::printed_all(scene, Stream::Output, &text)
}

async fn command_prints_nothing(scene: &mut Scene, command: String) -> Outcome {
    scene.run(&command).await?;
    commands::printed_nothing(scene, Stream::Output)
}

async fn command_fails(scene: &mut Scene, command: String, text: String) -> Outcome {
    let output = scene.run(&command).await?;
    commands::ended(&output, Ending::InFailure)?;
    commands::failed_with(scene, &text)
}

async fn soon_succeeds(scene: &mut Scene, limit: Duration, command: String) -> Outcome {
    commands::eventually(scene, limit, &command, |scene| commands::ended(scene.last()?, Ending::Well)).await
}

async fn soon_prints(scene: &mut Scene, limit: Duration, command: String, text: String) -> Outcome {
    commands::eventually(scene, limit, &command, |scene| commands::printed(scene, Stream::Output, &text)).await
}

async fn soon_prints_all(scene: &mut Scene, limit: Duration, command: String, DocString(text): DocString) -> Outcome {
    commands::eventually(scene, limit, &command, |scene| commands::printed_all(scene, Stream::Output, &text)).await
}

async fn soon_prints_nothing(scene: &mut Scene, limit: Duration, command: String) -> Outcome {
    commands::eventually(scene, limit, &command, |scene| commands::printed_nothing(scene, Stream::Output)).await
}

async fn soon_fails(scene: &mut Scene, limit: Duration, command: String, text: String) -> Outcome {
    commands::eventually(scene, limit, &command, |scene| commands::failed_with(scene, &text)).await
}
